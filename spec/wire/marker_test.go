package wire_test

import (
	"errors"
	"strings"
	"testing"

	"github.com/putget-protocol/putget/spec/wire"
)

// marker stands in test input where the error has to point. It is no part of the input.
const marker = "¦"

// unmark takes the one marker out of text and returns where it stood.
func unmark(t *testing.T, text string) (plain string, offset int) {
	t.Helper()
	before, after, found := strings.Cut(text, marker)
	if !found || strings.Contains(after, marker) {
		t.Fatalf("%q needs exactly one %s", text, marker)
	}
	return before + after, len(before)
}

// checkSyntaxError checks all that a SyntaxError says.
func checkSyntaxError(t *testing.T, err error, offset int, rule wire.Rule, reason error) {
	t.Helper()
	syntax, ok := errors.AsType[*wire.SyntaxError](err)
	if !ok {
		t.Fatalf("got error %v (%T), want a *SyntaxError", err, err)
	}
	if syntax.Offset != offset || syntax.Rule != rule || syntax.Err != reason {
		t.Errorf("got offset %d, rule %q, reason %v; want %d, %q, %v",
			syntax.Offset, syntax.Rule, syntax.Err, offset, rule, reason)
	}
	if reason != nil && !errors.Is(err, reason) {
		t.Errorf("errors.Is(%v, %v) = false", err, reason)
	}
	if syntax.Error() == "" {
		t.Error("the error has no text")
	}
}

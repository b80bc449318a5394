package conformance_test

import (
	"bytes"
	"slices"
	"testing"

	"github.com/putget-protocol/putget/conformance"
	"github.com/putget-protocol/putget/conformance/cases"
	"github.com/putget-protocol/putget/conformance/report"
	"github.com/putget-protocol/putget/spec"
)

// sends counts the requests of a case, as far as its steps were kept, that hold a text.
func sends(c report.Case, text string) int {
	n := 0
	for _, s := range c.Steps {
		if s.Kind == "sent" && bytes.Contains(s.Bytes, []byte(text)) {
			n++
		}
	}
	return n
}

// A target that dies a while after it has answered a wrong request is alive when the
// case with that request ends. Whatever runs when it is dead is innocent.
func TestTargetThatDiesLater(t *testing.T) {
	t.Parallel()
	rep := run(t, conformance.Config{Exec: targetCommand(t, "dies-later"), Level: spec.Core})
	ids := crashed(rep)
	if len(ids) == 0 || !blamed(rep)[cases.AfterWrong] || len(rep.Findings) != 1 {
		t.Errorf("crashed %v; want a finding of %s alone:\n%s", ids, cases.AfterWrong, describe(rep))
	}
	for _, c := range rep.Cases {
		if slices.Contains(ids, c.ID) && sends(c, laterWord) == 0 {
			t.Errorf("%s is said to have killed the target, and has not sent %q", c.ID, laterWord)
		}
	}
}

// A target that dies of so many requests, whatever they are, dies in cases that send as
// many. For its deaths in the others no case is blamed, but the last one says so.
func TestTargetThatDiesOfMany(t *testing.T) {
	t.Parallel()
	rep := run(t, conformance.Config{Exec: targetCommand(t, "dies-of-many"), Level: spec.Core, Skip: []string{"generated", "sessions"}})
	ids := crashed(rep)
	if !slices.Contains(ids, cases.SanityLast) || !blamed(rep)["SES-001"] {
		t.Errorf("crashed %v; want %s among them, for SES-001:\n%s", ids, cases.SanityLast, describe(rep))
	}
	for _, c := range rep.Cases {
		if c.ID != cases.SanityLast && slices.Contains(ids, c.ID) && sends(c, "") < manyReplies/2 {
			t.Errorf("%s is said to have killed the target with %d requests; it dies of %d", c.ID, sends(c, ""), manyReplies)
		}
	}
}

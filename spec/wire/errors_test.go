package wire_test

import (
	"strconv"
	"strings"
	"testing"

	"github.com/putget-protocol/putget/spec/wire"
)

// The text of an error is for people, and lines come from strangers: whatever they
// hold, the text stays printable and says where and which rule.
func TestErrorTextIsPrintable(t *testing.T) {
	var req wire.Request
	for _, tt := range refusedRequests {
		line, offset := unmark(t, tt.line)
		got := wire.ParseRequest([]byte(line), &req).Error()
		for _, part := range []string{strconv.Itoa(offset), string(tt.rule)} {
			if !strings.Contains(got, part) {
				t.Errorf("%s: %q does not say %q", tt.name, got, part)
			}
		}
		if i := strings.IndexFunc(got, func(r rune) bool { return !strconv.IsPrint(r) }); i >= 0 {
			t.Errorf("%s: %q is not printable at byte %d", tt.name, got, i)
		}
	}
}

// The line of an error is soon overwritten by the next one.
func TestErrorOutlivesItsLine(t *testing.T) {
	line := []byte("get a\xffb")
	var req wire.Request
	err := wire.ParseRequest(line, &req)
	before := err.Error()
	copy(line, "xxxxxxxxx")
	if after := err.Error(); after != before {
		t.Errorf("the text changed from %q to %q", before, after)
	}
}

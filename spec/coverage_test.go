package spec_test

import (
	"testing"

	"github.com/putget-protocol/putget/spec"
)

// shownElsewhere says of each requirement without vector why bytes do not show it.
var shownElsewhere = map[string]string{
	"REP-014": "a failure of the server's own",
	"REP-015": "what is permitted of a put whose outcome is not known",
	"CON-004": "requests that overlap",
	"CON-005": "requests that overlap",
	"SES-002": "more connections than a transcript can name",
	"SES-003": "more connections than a transcript can name",
	"SES-006": "more connections than a transcript can name",
	"SES-008": "a minute of silence",
	"LIM-007": "the way in which a connection ends",
	"LIM-008": "the way in which a connection ends",
	"CLI-001": "a constructor",
	"CLI-002": "the moment at which a connection is opened",
	"CLI-004": "a connection that is refused",
	"CLI-009": "the present time",
	"CLI-029": "either of two things is right",
	"CLI-030": "the connection that a call uses",
	"CLI-031": "either of two things is right",
}

// What bytes can show is shown.
func TestCoverage(t *testing.T) {
	shown := map[string]bool{}
	for _, v := range vectors(t) {
		for _, id := range v.Requirements {
			shown[id] = true
		}
	}
	for _, r := range spec.Requirements() {
		if why, elsewhere := shownElsewhere[r.ID]; shown[r.ID] == elsewhere {
			t.Errorf("%s: a vector shows it: %t; why none can: %q", r.ID, shown[r.ID], why)
		}
	}
}

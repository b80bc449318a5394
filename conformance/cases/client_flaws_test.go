package cases_test

import (
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/putget-protocol/putget/conformance/cases"
	"github.com/putget-protocol/putget/spec"
)

// A flawed client is one of which a case must say something.
type flawed struct {
	flaw        string
	caseID      string
	requirement string
	symptom     cases.Symptom
}

func flawedClients() []flawed {
	return []flawed{
		{"timeout needed", "client-open", "CLI-001", cases.BareError},
		{"no timeout", "client-open-timeout", "CLI-001", cases.BareError},
		{"lazy", "client-connects", "CLI-002", cases.NotConnected},
		{"reconnects", "client-one-connection", "CLI-003", cases.NewConnection},
		{"refused bare", "client-refused", "CLI-004", cases.BareError},
		{"upper case", "client-put-bytes", "CLI-005", cases.WrongLine},
		{"crlf", "client-put-bytes", "CLI-005", cases.WrongLine},
		{"crlf", "client-get-bytes", "CLI-006", cases.WrongLine},
		{"%f", "client-value-small", "CLI-007", cases.WrongValue},
		{"%g", "client-value-exact", "CLI-007", cases.WrongValue},
		{"zero is now", "client-time-zero", "CLI-008", cases.WrongTimestamp},
		{"no default", "client-time-now", "CLI-009", cases.BareError},
		{"milliseconds", "client-time-now", "CLI-009", cases.WrongTimestamp},
		{"loaded time", "client-time-now-later", "CLI-009", cases.WrongTimestamp},
		{"no negative", "client-time-negative", "CLI-010", cases.ErrorRaised},
		{"unchecked", "client-key-space", "CLI-011", cases.SentAnyway},
		{"unchecked", "client-key-newline", "CLI-011", cases.SentAnyway},
		{"unchecked", "client-value-infinite", "CLI-012", cases.SentAnyway},
		{"unchecked", "client-time-range", "CLI-013", cases.SentAnyway},
		{"put answers", "client-put-returns", "CLI-014", cases.ResultForm},
		{"put unread", "client-put-returns", "CLI-014", cases.EarlyAnswer},
		{"swapped", "client-get-one", "CLI-015", cases.ResultForm},
		{"text", "client-get-one", "CLI-015", cases.ResultForm},
		{"last only", "client-get-several", "CLI-015", cases.ResultSamples},
		{"single", "client-get-values", "CLI-015", cases.ResultValue},
		{"unsorted", "client-get-sorted", "CLI-016", cases.ResultOrder},
		{"sorted as text", "client-get-sorted-numbers", "CLI-016", cases.ResultOrder},
		{"empty is nothing", "client-get-empty", "CLI-017", cases.ResultForm},
		{"strips", "client-get-key-ok", "CLI-019", cases.ResultKeys},
		{"error is ok", "client-error-put", "CLI-020", cases.ValueReturned},
		{"error is ok when it says so", "client-error-ok", "CLI-020", cases.ValueReturned},
		{"error bare", "client-error-get", "CLI-020", cases.BareError},
		{"error ends", "client-after-error-get", "CLI-021", cases.ErrorRaised},
		{"form bare", "client-get-fields-few", "CLI-022", cases.BareError},
		{"bad lines dropped", "client-get-value-letters", "CLI-022", cases.ValueReturned},
		{"cut is whole", "client-lost-lines", "CLI-023", cases.ValueReturned},
		{"lost bare", "client-lost-before", "CLI-023", cases.BareError},
		{"spins at the end", "client-lost-sample", "CLI-023", cases.Spins},
		{"hangs at the end", "client-lost-before-put", "CLI-023", cases.Hangs},
		{"timeout bare", "client-silent-get", "CLI-024", cases.BareError},
		{"timeout ignored", "client-silent-sample", "CLI-024", cases.Hangs},
		{"one read", "client-pieces-newlines", "CLI-025", cases.Pieces},
		{"one read", "client-pieces-each", "CLI-025", cases.Pieces},
		{"one read", "client-large-records", "CLI-026", cases.Pieces},
		{"crlf read", "client-put-crlf", "CLI-027", cases.ValueReturned},
		{"drains", "client-unasked-joined", "CLI-029", cases.Dropped},
		{"drains", "client-unasked-apart", "CLI-029", cases.Dropped},
		{"used again", "client-after-status", "CLI-030", cases.UsedAgain},
		{"used again", "client-after-timeout", "CLI-030", cases.UsedAgain},
		{"lost bare later", "client-after-close", "CLI-031", cases.BareError},
		{"bad lines dropped", "client-read-signs", "", ""},
		{"timeout needed", "client-get-one", "", ""},
		{"no timeout", "client-get-one", "", ""},
		{"no default", "client-put-bytes", "", ""},
		{"reconnects", "client-get-several", "", ""},
		{"lazy", "client-refused", "", ""},
	}
}

// Each group of cases finds the flaws that it is there for, names the sentence and the
// symptom, and nothing else.
func TestClientCasesFindFlaws(t *testing.T) {
	byID := make(map[string]cases.Case)
	for _, c := range allClient(t) {
		byID[c.ID] = c
	}
	var running sync.WaitGroup
	for _, one := range flawedClients() {
		running.Go(func() {
			c, ok := byID[one.caseID]
			if !ok {
				t.Errorf("there is no case %s", one.caseID)
				return
			}
			patience := plenty
			if one.symptom == cases.NotConnected || one.symptom == cases.Hangs || one.symptom == cases.Spins {
				patience = 200 * time.Millisecond // what never comes is waited for in vain
			}
			out := c.Look(t.Context(), driven(spec.Full, patience, one.flaw))
			if out.Err != nil || out.NotRun != "" {
				t.Errorf("case %s on %q: %v %s", c.ID, one.flaw, out.Err, out.NotRun)
			}
			if one.requirement == "" {
				if len(out.Failures) > 0 {
					t.Errorf("case %s on %q: %s; want no failure", c.ID, one.flaw, told(out.Failures))
				}
				return
			}
			for _, f := range out.Failures {
				if f.Requirement != one.requirement || f.Symptom != one.symptom || f.Want == "" || f.Detail == "" || f.Call == "" {
					t.Errorf("case %s on %q: %s %s: want %s; %s, in %s", c.ID, one.flaw, f.Requirement, f.Symptom, f.Want, f.Detail, f.Call)
				}
			}
			if len(out.Failures) == 0 {
				t.Errorf("case %s on %q: no failure; want %s %s", c.ID, one.flaw, one.requirement, one.symptom)
			}
			if waits := slices.Contains([]cases.Symptom{cases.NotConnected, cases.Hangs, cases.Spins}, one.symptom); waits != out.Timing {
				t.Errorf("case %s on %q: Timing = %v", c.ID, one.flaw, out.Timing)
			}
		})
	}
	running.Wait()
}

// What a client has no timeout for is blocked by the case that finds that out.
func TestCasesThatWaitNeedATimeout(t *testing.T) {
	for _, c := range allClient(t) {
		silent := strings.HasPrefix(c.ID, "client-silent") || c.ID == "client-timeout-holds" || c.ID == "client-after-timeout"
		if silent && !slices.Contains(c.Needs, "client-open-timeout") {
			t.Errorf("case %s does not need the case on timeouts", c.ID)
		}
	}
}

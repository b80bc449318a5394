package conformance

import (
	"strings"
	"testing"

	"github.com/putget-protocol/putget/conformance/report"
)

// Test judges a target inside go test: each requirement that binds the judged side is a subtest,
// which fails when the requirement is broken, and shows then what a run of the program
// would print. A requirement about which the run says nothing is skipped. What is known
// to fail by the Config does not fail the test, and what passes against it does.
//
// Test returns the report, nil when there is none. It touches no state of the test
// process, but for the flags of package rapid, which it sets for a moment and restores.
func Test(t *testing.T, cfg Config) *report.Report {
	t.Helper()
	rep, err := Run(t.Context(), cfg)
	if err != nil {
		t.Error(err)
	}
	if rep == nil {
		return nil
	}
	known := make(map[string]report.Known)
	for _, k := range rep.Known {
		known[k.ID] = k
		if k.Verdict == report.Pass {
			t.Errorf("%s passed, and was known to fail (%s): take it off the list", k.ID, k.Reason)
		}
	}
	found := make(map[string]report.Finding)
	for _, f := range rep.Findings {
		found[f.Requirement] = f
	}
	for _, q := range rep.Requirements {
		t.Run(q.ID, func(t *testing.T) { showRequirement(t, q, found[q.ID], rep, known) })
	}
	for _, c := range rep.Cases {
		if c.Verdict == report.Error {
			t.Errorf("%s: trouble of the judge's own: %s", c.ID, c.Reason)
		}
	}
	if !rep.Accepted && err == nil && !t.Failed() {
		t.Errorf("the target does not conform: %s", strings.Join(rep.Notes, "; "))
	}
	return rep
}

// showRequirement is one subtest.
func showRequirement(t *testing.T, q report.Requirement, f report.Finding, rep *report.Report, known map[string]report.Known) {
	t.Helper()
	switch q.Verdict {
	case report.Pass:
	case report.Fail, report.Crashed, report.Warn:
		text := "\n" + report.Block(f)
		k, isKnown := known[q.ID]
		switch {
		case isKnown:
			t.Logf("known to fail: %s\n%s", k.Reason, text)
		case q.Verdict == report.Warn || rep.Accepted:
			t.Log(text)
		default:
			t.Error(text)
		}
	case report.Error:
		t.Error("the judge had trouble of its own, so that nothing is known")
	default:
		t.Skipf("%s: %s", q.Verdict, q.Text)
	}
}

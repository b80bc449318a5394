package matrix

import (
	"cmp"
	"strings"

	"github.com/putget-protocol/putget/conformance/report"
	"github.com/putget-protocol/putget/spec"
)

// A Column is one target and the sum of what its run says.
type Column struct {
	Name   string
	Report *report.Report
	// Outcome is the word for the run, see [report.Report.Outcome].
	Outcome report.Outcome
	Reason  string // why the run is not whole, or ""
	Passed  int    // sentences that passed
	Broken  int    // that fail or crashed
	Warned  int
	Total   int // sentences of the level that cases can be about
}

func newColumn(e Entry) Column {
	c := Column{Name: e.Name, Report: e.Report, Outcome: e.Report.Outcome(), Reason: e.Reason}
	for _, q := range e.Report.Requirements {
		if q.Reason != "" {
			continue
		}
		c.Total++
		switch q.Verdict {
		case report.Pass, report.Unsupported:
			c.Passed++
		case report.Fail, report.Crashed:
			c.Broken++
		case report.Warn:
			c.Warned++
		}
	}
	return c
}

// Share returns which share of the sentences passed, between 0 and 1; a warning counts as
// passed, since it breaks nothing.
func (c Column) Share() float64 {
	if c.Total == 0 {
		return 0
	}
	return float64(c.Passed+c.Warned) / float64(c.Total)
}

// BrokenIDs returns the sentences that are broken, in the order of the text.
func (c Column) BrokenIDs() []string {
	var ids []string
	for _, q := range c.Report.Requirements {
		if q.Verdict == report.Fail || q.Verdict == report.Crashed {
			ids = append(ids, q.ID)
		}
	}
	return ids
}

// better orders columns: conformant ones first, of these level full before core; then the
// larger share; then by name.
func better(a, b Column) int {
	return cmp.Or(
		cmp.Compare(grade(a), grade(b)),
		cmp.Compare(b.Share(), a.Share()),
		cmp.Compare(a.Broken, b.Broken),
		strings.Compare(a.Name, b.Name),
		strings.Compare(string(b.Report.Level), string(a.Report.Level)),
	)
}

func grade(c Column) int {
	switch {
	case c.Report.Conformant && c.Report.Level == spec.Full:
		return 0
	case c.Report.Conformant:
		return 1
	default:
		return 2
	}
}

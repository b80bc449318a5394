package matrix

import (
	"slices"
	"time"

	"github.com/putget-protocol/putget/conformance/report"
	"github.com/putget-protocol/putget/spec"
)

// A Change is what became different between two reports of one target.
type Change struct {
	Name          string
	Level         spec.Level
	Before, After time.Time // when the runs began
	// Outcomes are those of the runs.
	OutcomeBefore, OutcomeAfter report.Outcome
	Sentences                   []Shift // that got another verdict
	Cases                       []Shift // likewise
	Choices                     []Shift // facts that were observed otherwise
}

// A Shift is one thing that became different. What one of the reports does not have is "".
type Shift struct {
	ID, Title     string
	Before, After string
	// Better and Worse say which way a verdict went; neither is set where nobody can say.
	Better, Worse bool
}

// IsEmpty reports whether nothing became different.
func (c Change) IsEmpty() bool { return len(c.Sentences)+len(c.Cases)+len(c.Choices) == 0 }

func changeOf(before, after Entry) Change {
	a, b := before.Report, after.Report
	return Change{
		Name: after.Name, Level: b.Level, Before: a.Started, After: b.Started,
		OutcomeBefore: a.Outcome(), OutcomeAfter: b.Outcome(),
		Sentences: judge(shifts(sentenceFacts(a), sentenceFacts(b))),
		Cases:     judge(shifts(caseFacts(a), caseFacts(b))),
		Choices:   shifts(choiceFacts(a), choiceFacts(b)),
	}
}

// A fact is what a report says of one thing.
type fact struct{ id, title, says string }

func sentenceFacts(r *report.Report) (out []fact) {
	for _, q := range r.Requirements {
		out = append(out, fact{q.ID, q.Text, string(q.Verdict)})
	}
	return out
}

func caseFacts(r *report.Report) (out []fact) {
	for _, c := range r.Cases {
		out = append(out, fact{c.ID, c.Title, string(c.Verdict)})
	}
	return out
}

// choiceFacts leaves out what was measured: times and counts differ in every run.
func choiceFacts(r *report.Report) (out []fact) {
	for _, o := range r.Observations {
		title := o.Title
		if o.Name != "" {
			title += ": " + o.Name
		}
		i := slices.IndexFunc(out, func(f fact) bool { return f.id == o.Case && f.title == title })
		if i < 0 {
			out = append(out, fact{o.Case, title, o.Value})
			continue
		}
		out[i].says += "; " + o.Value
	}
	return out
}

// shifts returns what two lists of facts say differently, in the order of the second.
func shifts(before, after []fact) []Shift {
	find := func(all []fact, f fact) (string, bool) {
		i := slices.IndexFunc(all, func(g fact) bool { return g.id == f.id && (g.title == f.title || isOnly(all, g.id)) })
		if i < 0 {
			return "", false
		}
		return all[i].says, true
	}
	var out []Shift
	for _, f := range after {
		if was, _ := find(before, f); was != f.says {
			out = append(out, Shift{ID: f.id, Title: f.title, Before: was, After: f.says})
		}
	}
	for _, f := range before {
		if _, still := find(after, f); !still {
			out = append(out, Shift{ID: f.id, Title: f.title, Before: f.says})
		}
	}
	return out
}

// isOnly reports whether an id is there once: then it names the thing, whatever its title.
func isOnly(all []fact, id string) bool {
	n := 0
	for _, f := range all {
		if f.id == id {
			n++
		}
	}
	return n == 1
}

// judge says which way verdicts went.
func judge(all []Shift) []Shift {
	for i, s := range all {
		before, after := harm(report.Verdict(s.Before)), harm(report.Verdict(s.After))
		if before >= 0 && after >= 0 {
			all[i].Better, all[i].Worse = after < before, after > before
		}
	}
	return all
}

// harm orders the verdicts that say something of the target; -1 for the others.
func harm(v report.Verdict) int {
	switch v {
	case report.Pass, report.Unsupported:
		return 0
	case report.Warn:
		return 1
	case report.Blocked:
		return 2
	case report.Fail:
		return 3
	case report.Crashed:
		return 4
	default:
		return -1
	}
}

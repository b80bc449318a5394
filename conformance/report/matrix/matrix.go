package matrix

import (
	"cmp"
	"slices"

	"github.com/putget-protocol/putget/conformance/report"
	"github.com/putget-protocol/putget/spec"
)

// An Entry is one target and what is known of it.
type Entry struct {
	// Name is the name of the column. Entries of the same name, side and level are about
	// one target: the latest is its column, and the ones before say what changed.
	Name string
	// Report is nil when the target was not judged.
	Report *report.Report
	// Reason says why there is no report, or why it is not whole.
	Reason string
}

// A Matrix is made of entries by [New]. Its zero value is empty. It is not changed once it
// is made, and shares the reports with the entries.
type Matrix struct {
	Tables    []Table // one for servers and one for clients, where there are any
	NotJudged []Entry // those without a report, by name
	// Notes are remarks on the reports as a whole, such as that they are of different texts.
	Notes []string
}

// A Table is about the targets of one side.
type Table struct {
	Side     spec.Side
	Columns  []Column // sorted by conformance, the best first
	Sections []Section
	Choices  []Choice
	Changes  []Change // of the targets that have several reports, in the order of the columns
}

// A Section is the rows of a section of the specification.
type Section struct {
	Title string
	Rows  []Row
}

// A Row is one sentence, in the order of the text.
type Row struct {
	ID      string
	Keyword spec.Keyword
	Level   spec.Level
	Text    string
	Cells   []Cell // one for each column
	Broken  int    // how many of them fail or crashed
}

// A Cell is what a run says of one sentence. Its zero value: the run does not judge it.
type Cell struct {
	Verdict report.Verdict
	Why     string // of a finding: what is wrong
}

// New returns the matrix of entries, in whatever order they come.
func New(entries []Entry) *Matrix {
	m := &Matrix{}
	texts := make(map[string]bool)
	for _, side := range []spec.Side{spec.Server, spec.Client} {
		var of []Entry
		for _, e := range entries {
			if e.Report != nil && e.Report.Side == side {
				of = append(of, e)
				texts[e.Report.Spec.SHA256] = true
			}
		}
		if len(of) > 0 {
			m.Tables = append(m.Tables, newTable(side, of))
		}
	}
	for _, e := range entries {
		if e.Report == nil {
			m.NotJudged = append(m.NotJudged, e)
		}
	}
	slices.SortStableFunc(m.NotJudged, func(a, b Entry) int { return cmp.Compare(a.Name, b.Name) })
	if len(texts) > 1 {
		m.Notes = append(m.Notes, "the reports were made by different texts of the specification: the sentences shown are those of the latest report that has them")
	}
	return m
}

func newTable(side spec.Side, entries []Entry) Table {
	t := Table{Side: side}
	var changes []Change
	for _, runs := range byTarget(entries) {
		latest := runs[len(runs)-1]
		t.Columns = append(t.Columns, newColumn(latest))
		for i := range runs[1:] {
			changes = append(changes, changeOf(runs[i], runs[i+1]))
		}
	}
	slices.SortStableFunc(t.Columns, better)
	for _, c := range t.Columns {
		for _, change := range changes {
			if change.Name == c.Name && change.Level == c.Report.Level {
				t.Changes = append(t.Changes, change)
			}
		}
	}
	t.Sections = sectionsOf(t.Columns)
	t.Choices = choicesOf(t.Columns)
	return t
}

// byTarget returns the entries of each target, the oldest report first.
func byTarget(entries []Entry) [][]Entry {
	type key struct {
		name  string
		level spec.Level
	}
	var order []key
	runs := make(map[key][]Entry)
	for _, e := range entries {
		k := key{e.Name, e.Report.Level}
		if runs[k] == nil {
			order = append(order, k)
		}
		runs[k] = append(runs[k], e)
	}
	out := make([][]Entry, 0, len(order))
	for _, k := range order {
		slices.SortStableFunc(runs[k], func(a, b Entry) int { return a.Report.Started.Compare(b.Report.Started) })
		out = append(out, runs[k])
	}
	return out
}

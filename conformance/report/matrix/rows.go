package matrix

import (
	"slices"

	"github.com/putget-protocol/putget/conformance/report"
)

// sectionsOf returns a row for each sentence that any of the reports has.
func sectionsOf(columns []Column) []Section {
	var out []Section
	for _, q := range sentences(columns) {
		row := Row{ID: q.ID, Keyword: q.Keyword, Level: q.Level, Text: q.Text}
		for _, c := range columns {
			cell := cellOf(c.Report, q.ID)
			if cell.Verdict == report.Fail || cell.Verdict == report.Crashed {
				row.Broken++
			}
			row.Cells = append(row.Cells, cell)
		}
		if len(out) == 0 || out[len(out)-1].Title != q.Section {
			out = append(out, Section{Title: q.Section})
		}
		last := &out[len(out)-1]
		last.Rows = append(last.Rows, row)
	}
	return out
}

// sentences merges the sentences of all reports in the order of the text: what only some
// have goes behind the sentence that it follows there. The latest report that has a
// sentence words it.
func sentences(columns []Column) []report.Requirement {
	var all []report.Requirement
	for _, c := range slices.SortedStableFunc(slices.Values(columns), func(a, b Column) int {
		return b.Report.Started.Compare(a.Report.Started)
	}) {
		at := 0
		for _, q := range c.Report.Requirements {
			i := slices.IndexFunc(all, func(known report.Requirement) bool { return known.ID == q.ID })
			if i < 0 {
				i = at
				all = slices.Insert(all, i, q)
			}
			at = i + 1
		}
	}
	return all
}

func cellOf(r *report.Report, id string) Cell {
	i := slices.IndexFunc(r.Requirements, func(q report.Requirement) bool { return q.ID == id })
	if i < 0 {
		return Cell{}
	}
	cell := Cell{Verdict: r.Requirements[i].Verdict, Why: r.Requirements[i].Reason}
	for _, f := range r.Findings {
		if f.Requirement == id {
			cell.Why = f.Case + ": want " + f.Failure.Want
		}
	}
	return cell
}

// A Choice is a point on which targets differ and are free to.
type Choice struct {
	Case  string
	Title string   // of the case
	Name  string   // of the fact; may be empty
	Cells []string // what each column does, "" where it was not observed
}

// choicesOf returns a row for each fact that any of the reports observed.
func choicesOf(columns []Column) []Choice {
	var out []Choice
	for i, c := range columns {
		for _, o := range c.Report.Observations {
			at := slices.IndexFunc(out, func(known Choice) bool { return known.Case == o.Case && known.Name == o.Name })
			if at < 0 {
				at = behind(out, o.Case)
				out = slices.Insert(out, at, Choice{Case: o.Case, Title: o.Title, Name: o.Name, Cells: make([]string, len(columns))})
			}
			cell := &out[at].Cells[i]
			if *cell != "" {
				*cell += "; "
			}
			*cell += o.Value
		}
	}
	return out
}

// behind returns where a further fact of a case goes.
func behind(all []Choice, caseID string) int {
	for i := len(all) - 1; i >= 0; i-- {
		if all[i].Case == caseID {
			return i + 1
		}
	}
	return len(all)
}

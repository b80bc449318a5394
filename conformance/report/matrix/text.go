package matrix

import (
	"bytes"
	"fmt"
	"io"
	"strings"
	"text/tabwriter"
)

// WriteText writes the short form for a terminal: a line for each target, what it breaks,
// and how many things changed. The error is that of w.
func (m *Matrix) WriteText(w io.Writer) error {
	var out bytes.Buffer
	for _, t := range m.Tables {
		fmt.Fprintf(&out, "%s\n", heading(t.Side))
		tw := tabwriter.NewWriter(&out, 0, 0, 2, ' ', 0)
		for _, c := range t.Columns {
			fmt.Fprintf(tw, "  %s\t%s\t%s\t%s\t%s\n", oneLine(c.Name), c.verdict(), c.Report.Level, c.score(), short(c.BrokenIDs()))
		}
		tw.Flush() // a buffer takes everything
		for _, c := range t.Changes {
			fmt.Fprintf(&out, "  %s changed between %s and %s: %s\n", oneLine(c.Name), when(c.Before), when(c.After), c.sum())
		}
	}
	for _, e := range m.NotJudged {
		fmt.Fprintf(&out, "not judged: %s: %s\n", oneLine(e.Name), oneLine(e.Reason))
	}
	for _, note := range m.Notes {
		fmt.Fprintf(&out, "note: %s\n", note)
	}
	_, err := w.Write(out.Bytes())
	return err
}

// short joins the first few ids and counts the rest.
func short(ids []string) string {
	const most = 6
	if len(ids) <= most {
		return strings.Join(ids, " ")
	}
	return fmt.Sprintf("%s and %d more", strings.Join(ids[:most], " "), len(ids)-most)
}

// sum says how many sentences went which way.
func (c Change) sum() string {
	if c.IsEmpty() {
		return "nothing"
	}
	better, worse := 0, 0
	for _, s := range c.Sentences {
		if s.Better {
			better++
		}
		if s.Worse {
			worse++
		}
	}
	return fmt.Sprintf("%d requirements better, %d worse, %d otherwise; %d cases, %d choices",
		better, worse, len(c.Sentences)-better-worse, len(c.Cases), len(c.Choices))
}

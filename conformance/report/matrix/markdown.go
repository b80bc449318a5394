package matrix

import (
	"bytes"
	"fmt"
	"strings"
)

// Markdown returns the matrix in GitHub's Markdown. Nothing that a target or a file
// supplied is read as markup.
func (m *Matrix) Markdown() []byte {
	var out bytes.Buffer
	out.WriteString("# PutGet conformance\n")
	for _, t := range m.Tables {
		fmt.Fprintf(&out, "\n## %s\n\n", heading(t.Side))
		markdownTargets(&out, t)
		fmt.Fprintf(&out, "\n### Requirements\n\n%s.\n", legend())
		for _, s := range t.Sections {
			markdownSection(&out, t, s)
		}
		markdownChoices(&out, t)
		for _, c := range t.Changes {
			markdownChange(&out, c)
		}
	}
	if len(m.NotJudged) > 0 {
		out.WriteString("\n## Not judged\n\n")
		for _, e := range m.NotJudged {
			fmt.Fprintf(&out, "- **%s**: %s\n", escape(e.Name), escape(e.Reason))
		}
	}
	for _, note := range m.Notes {
		fmt.Fprintf(&out, "\nNote: %s.\n", note)
	}
	return out.Bytes()
}

func markdownTargets(out *bytes.Buffer, t Table) {
	row(out, "Implementation", "Verdict", "Level", "Requirements", "Broken", "Warnings")
	rule(out, 6)
	for _, c := range t.Columns {
		row(out, escape(c.Name), escape(c.verdict()), string(c.Report.Level), c.score(), fmt.Sprint(c.Broken), fmt.Sprint(c.Warned))
	}
}

func markdownSection(out *bytes.Buffer, t Table, s Section) {
	fmt.Fprintf(out, "\n#### %s\n\n", escape(s.Title))
	row(out, names(t, "Requirement")...)
	rule(out, len(t.Columns)+1)
	for _, r := range s.Rows {
		cells := []string{r.ID}
		for _, c := range r.Cells {
			cells = append(cells, sign(c.Verdict))
		}
		row(out, cells...)
	}
}

func markdownChoices(out *bytes.Buffer, t Table) {
	if len(t.Choices) == 0 {
		return
	}
	out.WriteString("\n### Observed choices\n\nPoints on which implementations are free to differ.\n\n")
	row(out, names(t, "Choice")...)
	rule(out, len(t.Columns)+1)
	for _, c := range t.Choices {
		cells := []string{escape(c.label())}
		for _, value := range c.Cells {
			cells = append(cells, escape(value))
		}
		row(out, cells...)
	}
}

func markdownChange(out *bytes.Buffer, c Change) {
	fmt.Fprintf(out, "\n### What changed: %s\n\nFrom %s (%s) to %s (%s), level %s: %s.\n",
		escape(c.Name), when(c.Before), c.OutcomeBefore, when(c.After), c.OutcomeAfter, c.Level, c.sum())
	for _, group := range []struct {
		title string
		all   []Shift
	}{{"Requirement", c.Sentences}, {"Case", c.Cases}, {"Choice", c.Choices}} {
		if len(group.all) == 0 {
			continue
		}
		out.WriteString("\n")
		row(out, group.title, "Before", "After", "")
		rule(out, 4)
		for _, s := range group.all {
			row(out, escape(s.ID)+" "+escape(s.Title), escape(s.Before), escape(s.After), s.direction())
		}
	}
}

// direction says which way a verdict went.
func (s Shift) direction() string {
	switch {
	case s.Better:
		return "better"
	case s.Worse:
		return "worse"
	default:
		return ""
	}
}

func names(t Table, first string) []string {
	all := []string{first}
	for _, c := range t.Columns {
		all = append(all, escape(c.Name))
	}
	return all
}

func row(out *bytes.Buffer, cells ...string) {
	fmt.Fprintf(out, "| %s |\n", strings.Join(cells, " | "))
}

func rule(out *bytes.Buffer, n int) {
	out.WriteString("|" + strings.Repeat(" --- |", n) + "\n")
}

// escape makes a text plain: each character that Markdown could take for markup gets a
// backslash, and line ends become spaces.
func escape(text string) string {
	var b strings.Builder
	for _, r := range oneLine(text) {
		if strings.ContainsRune("\\`*_{}[]<>()#+!|~&@:", r) {
			b.WriteByte('\\')
		}
		b.WriteRune(r)
	}
	return b.String()
}

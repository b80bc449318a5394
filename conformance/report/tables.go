package report

import (
	"fmt"
	"io"
	"strconv"
)

// requirements writes the verdict on every sentence.
func (p *Printer) requirements(w io.Writer, all []Requirement) {
	fmt.Fprint(w, "\nRequirements:\n")
	for _, q := range all {
		cases := fmt.Sprintf("%d cases", len(q.Cases))
		switch {
		case q.Reason != "":
			cases = "untestable"
		case len(q.Cases) == 1:
			cases = "1 case"
		}
		const before = 2 + 8 + 11 + 12 + 11
		fmt.Fprintf(w, "  %-8s%-11s%s %-11s%s\n", q.ID, q.Keyword, p.padded(q.Verdict, 11), cases, shorten(q.Text, columns-before))
	}
}

// warnings writes a few lines for each sentence with SHOULD that was not kept.
func (p *Printer) warnings(w io.Writer, findings []Finding) {
	for _, f := range findings {
		if f.Verdict != Warn {
			continue
		}
		fmt.Fprintf(w, "\n%s %s  %s\n", p.verdict(Warn), p.paint(bold, f.Requirement), f.Section)
		writeWrapped(w, "  ", f.Text)
		text := fmt.Sprintf("%s: %s, want %s", f.Case, symptomWords(f.Failure.Symptom), f.Failure.Want)
		if f.Failure.Detail != "" {
			text += "; " + f.Failure.Detail
		}
		if n := len(f.Also); n > 0 {
			text += fmt.Sprintf("; and %d more", n)
		}
		writeField(w, "case", text)
	}
}

// observations writes the facts as a table of what was asked and what came.
func (p *Printer) observations(w io.Writer, all []Observation) {
	if len(all) == 0 {
		return
	}
	fmt.Fprint(w, "\nObserved, and not judged:\n")
	last := ""
	for _, o := range all {
		if o.Title != last {
			fmt.Fprintf(w, "  %s\n", shorten(o.Title, columns-2))
			last = o.Title
		}
		name := o.Name
		if name == "" {
			name = "seen"
		}
		fmt.Fprintf(w, "    %-34s %s\n", name, shorten(firstLine(o.Value), columns-39))
	}
}

// measured writes what judged cases say of their own size, such as how many samples or
// splits they tried. Numbers of one name are added up over the cases.
func (p *Printer) measured(w io.Writer, r *Report) {
	observed := make(map[string]bool)
	for _, o := range r.Observations {
		observed[o.Case] = true
	}
	var names []string
	found := make(map[string]*measure)
	for _, c := range r.Cases {
		if observed[c.ID] {
			continue
		}
		for _, f := range c.Facts {
			m := found[f.Name]
			if m == nil {
				m = &measure{}
				found[f.Name] = m
				names = append(names, f.Name)
			}
			m.add(c.ID, f.Value)
		}
	}
	if len(names) > 0 {
		fmt.Fprint(w, "\nTried:\n")
	}
	for _, name := range names {
		for _, text := range found[name].lines() {
			lines := wrap(text, columns-39)
			fmt.Fprintf(w, "  %-36s %s\n", name, lines[0])
			for _, line := range lines[1:] {
				fmt.Fprintf(w, "  %-36s %s\n", "", line)
			}
		}
	}
}

// A measure collects the facts of one name.
type measure struct {
	values []string            // each once
	cases  map[string][]string // by value
	sum    int
	count  int
	words  bool // a value is no count
}

func (m *measure) add(id, value string) {
	n, err := strconv.ParseInt(value, 10, 32) // a longer number counts nothing: it is a seed
	m.sum += int(n)
	m.count++
	m.words = m.words || err != nil
	if m.cases == nil {
		m.cases = make(map[string][]string)
	}
	if m.cases[value] == nil {
		m.values = append(m.values, value)
	}
	m.cases[value] = append(m.cases[value], id)
}

// lines returns the sum of numbers, or each value with the first case that noted it.
func (m *measure) lines() []string {
	if !m.words && m.count > 1 {
		return []string{fmt.Sprintf("%d, in %d cases", m.sum, m.count)}
	}
	var lines []string
	for _, value := range m.values {
		ids := m.cases[value]
		who := ids[0]
		if more := len(ids) - 1; more > 0 {
			who += fmt.Sprintf(" and %d more", more)
		}
		lines = append(lines, fmt.Sprintf("%s (%s)", value, who))
	}
	return lines
}

// untestable names the sentences that no case can look at, with the reasons.
func (p *Printer) untestable(w io.Writer, all []Requirement) {
	first := true
	for _, q := range all {
		if q.Reason == "" {
			continue
		}
		if first {
			fmt.Fprint(w, "\nNot tested, as it cannot be from outside:\n")
			first = false
		}
		writeField(w, q.ID, q.Reason)
	}
}

package report

import (
	"bufio"
	"fmt"
	"io"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/putget-protocol/putget/spec"
)

// A Printer writes a run for a reader. Its zero value is not ready: W must be set.
// It is not safe for concurrent use.
type Printer struct {
	W       io.Writer
	Colors  bool // escape sequences of a terminal
	Verbose bool // every step of every case, every requirement, and blocked cases one by one
}

// Case writes the line of a case that has got its verdict.
func (p *Printer) Case(c Case) error {
	if c.Verdict == Blocked && !p.Verbose {
		return nil // the summary counts them
	}
	w := bufio.NewWriter(p.W)
	text := fmt.Sprintf("%-26s %s", c.ID, c.Title)
	if c.Reason != "" {
		text += ": " + headline(c.Reason)
	}
	if !p.Verbose {
		text = shorten(text, columns-len("observed  "))
	}
	fmt.Fprintf(w, "%s %s\n", p.verdict(c.Verdict), text)
	if p.Verbose {
		p.steps(w, c.Steps)
	}
	return w.Flush()
}

// Summary writes what follows the lines of the cases: a block for each finding, the
// warnings, what was observed and measured, the notes, and the last lines with the
// verdict of the run.
func (p *Printer) Summary(r *Report) error {
	w := bufio.NewWriter(p.W)
	for _, f := range r.Findings {
		if f.Verdict != Warn || p.Verbose {
			p.finding(w, f)
		}
	}
	for _, c := range r.Cases {
		if c.Verdict == Error {
			fmt.Fprintf(w, "\n%s %s\n", p.verdict(Error), c.ID)
			writeLines(w, "  ", c.Reason)
		}
	}
	if p.Verbose {
		p.requirements(w, r.Requirements)
	} else {
		p.warnings(w, r.Findings)
	}
	p.observations(w, r.Observations)
	p.measured(w, r)
	p.untestable(w, r.Requirements)
	p.notes(w, r)
	p.totals(w, r)
	p.known(w, r)
	return w.Flush()
}

func (p *Printer) notes(w io.Writer, r *Report) {
	notes := r.Notes
	if r.Interrupted {
		notes = append([]string{"the run was interrupted: this is what it saw until then"}, notes...)
	}
	usesNC := slices.ContainsFunc(r.Findings, func(f Finding) bool { return strings.Contains(f.Again, "| nc ") })
	if usesNC && r.Target.Command != "" {
		notes = append(notes[:len(notes):len(notes)], "the target has ended with the run: before a line with nc is run again, the target must be started at "+r.Target.Addr)
	}
	for _, note := range notes {
		first, rest, _ := strings.Cut(note, "\n")
		fmt.Fprintln(w)
		writeField(w, "note", first)
		for line := range strings.Lines(rest) { // the output of a target
			fmt.Fprintf(w, "%s%s\n", fieldIndent, shorten(visible(line), columns-len(fieldIndent)))
		}
	}
}

func (p *Printer) totals(w io.Writer, r *Report) {
	var counts []string
	for _, v := range Verdicts() {
		if n := r.Counts.Of(v); n > 0 {
			counts = append(counts, fmt.Sprintf("%d %s", n, v))
		}
	}
	color, word := red, "NOT CONFORMANT"
	switch {
	case r.Conformant:
		color, word = green, "CONFORMANT"
	case !r.Broken():
		color, word = yellow, "NO VERDICT"
	}
	lines := wrap(fmt.Sprintf("%s at level %s of PutGet %s: %s", word, r.Level, r.Spec.Version, strings.Join(counts, ", ")), columns)
	lines[0] = p.paint(color, word) + strings.TrimPrefix(lines[0], word)
	fmt.Fprintf(w, "\n%s\n", strings.Join(lines, "\n"))
	if broken := r.brokenIDs(); len(broken) > 0 {
		writeWrapped(w, "", fmt.Sprintf("%d of %d requirements broken: %s", len(broken), len(r.Requirements), strings.Join(broken, " ")))
	}
	name := r.Target.Addr
	if r.Side == spec.Client {
		name = shorten(r.Target.Command, columns/2)
	}
	fmt.Fprintf(w, "%s in %s, longest answer of the sanity case %s, seed %s\n",
		name, r.Duration.Duration().Round(1e6), r.Target.Latency.Duration().Round(1e3), r.Seed)
}

// brokenIDs returns the requirements that findings other than warnings are about.
func (r *Report) brokenIDs() []string {
	var ids []string
	for _, f := range r.Findings {
		if f.Verdict != Warn {
			ids = append(ids, f.Requirement)
		}
	}
	return ids
}

// Colours of a terminal, as the numbers of its escape sequences.
const (
	red    = "31"
	green  = "32"
	yellow = "33"
	blue   = "36"
	bold   = "1"
)

func (p *Printer) paint(color, text string) string {
	if !p.Colors {
		return text
	}
	return "\x1b[" + color + "m" + text + "\x1b[0m"
}

// verdict returns a verdict as a word of the width of most verdicts.
func (p *Printer) verdict(v Verdict) string { return p.padded(v, len(Observed)+1) }

// padded returns a verdict as a word of at least that width.
func (p *Printer) padded(v Verdict, width int) string {
	word := fmt.Sprintf("%-*s", width, v)
	switch v {
	case Pass:
		return p.paint(green, word)
	case Fail, Crashed:
		return p.paint(red, strings.ToUpper(word))
	case Warn, Error, Blocked:
		return p.paint(yellow, strings.ToUpper(word))
	default:
		return p.paint(blue, word)
	}
}

// headline returns the first line of a text, without the part that announces more.
func headline(text string) string {
	line, _, more := strings.Cut(text, "\n")
	if i := strings.LastIndex(line, ";"); more && i >= 0 && strings.HasSuffix(line, ":") {
		return line[:i]
	}
	return line
}

func firstLine(text string) string {
	line, _, _ := strings.Cut(text, "\n")
	return line
}

// shorten cuts text to a width in characters; dots stand for the rest.
func shorten(text string, width int) string {
	if utf8.RuneCountInString(text) <= width {
		return text
	}
	return string([]rune(text)[:width-len("...")]) + "..."
}

// Level returns the mark that a sentence of that level bears in the text, with a
// space before it, or "".
func Level(l spec.Level) string {
	if l == spec.Core {
		return " (core)"
	}
	return ""
}

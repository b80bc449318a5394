package report

import (
	"cmp"
	"fmt"
	"io"
	"slices"
	"strings"
)

// How much of a failure the text shows. The JSON holds more.
const (
	mostSteps   = 12 // of a case, up to the one at fault
	mostLines   = 6  // of a reply, around the byte at fault
	mostAllowed = 5  // lines of an allowed reply
	mostNames   = 2  // lines of names of cases
)

// finding writes one block: the sentence, what happened, what would have been
// right, and how to see it again.
func (p *Printer) finding(w io.Writer, f Finding) {
	fmt.Fprintf(w, "\n%s %s  %s\n", p.verdict(f.Verdict), p.paint(bold, f.Requirement), f.Section)
	writeWrapped(w, "  ", f.Text)
	fmt.Fprintln(w)
	writeField(w, "case", f.Case+": "+f.Title)
	p.session(w, f)
	p.difference(w, f.Failure)
	p.allowed(w, f.Failure)
	p.company(w, f)
	if f.Help != "" || f.Again != "" {
		fmt.Fprintln(w)
	}
	writeField(w, "usually", f.Help)
	if f.Again != "" {
		fmt.Fprintf(w, "  %-9s %s\n", "again", f.Again) // one line, to be copied
	}
	p.byHand(w, f.ByHand)
}

// session writes the steps that led to the failure.
func (p *Printer) session(w io.Writer, f Finding) {
	all := f.Steps
	switch {
	case p.Verbose:
	case isAboutClient(all):
		all = untilAnswer(f)
	default:
		all = worthShowing(all[:faultyStep(f)+1])
	}
	most := mostSteps
	if p.Verbose {
		most = len(all)
	}
	if skipped := len(all) - most; skipped > 0 {
		fmt.Fprintf(w, "%s... %d steps before\n", fieldIndent, skipped)
		all = all[skipped:]
	}
	p.steps(w, all)
}

// faultyStep returns the index of the step that brought the reply of the failure, or
// the lack of one; the last index when there is no such step.
func faultyStep(f Finding) int {
	last := len(f.Steps) - 1
	fail := f.Failure
	for i, s := range f.Steps {
		if s.Kind != "sent" || s.Connection != fail.Connection || len(fail.Request) > 0 && !strings.Contains(string(s.Bytes), string(fail.Request)) {
			continue
		}
		for j := i + 1; j <= last; j++ {
			next := f.Steps[j]
			if next.Connection != fail.Connection || next.Kind == "sent" {
				continue
			}
			brings := len(fail.Reply) > 0 && next.Kind == "received" && strings.Contains(string(next.Bytes), string(fail.Reply))
			if brings || len(fail.Reply) == 0 && next.Kind != "received" {
				return j
			}
			break
		}
	}
	return last
}

// worthShowing leaves out what says nothing: how we opened and closed the only
// connection, and our own closing.
func worthShowing(steps []Step) []Step {
	only := !slices.ContainsFunc(steps, func(s Step) bool { return s.Connection != steps[0].Connection })
	return slices.DeleteFunc(slices.Clone(steps), func(s Step) bool {
		return s.Kind == "left" || only && s.Kind == "dialed"
	})
}

// steps writes what happened, a line each: the time, the connection, and what went to the
// server (>) or came from it (<), whoever of the two is judged.
func (p *Printer) steps(w io.Writer, steps []Step) {
	ofClient := isAboutClient(steps)
	for _, s := range steps {
		if text, ok := adapterStep(s); ok {
			fmt.Fprintln(w, shorten(fmt.Sprintf("%9.1f ms %s", float64(s.At.Duration().Microseconds())/1000, text), columns))
			continue
		}
		mark := s.Kind
		switch {
		case ofClient:
			mark = cmp.Or(wireMarks()[s.Kind], s.Kind)
		case s.Kind == "sent":
			mark = ">"
		case s.Kind == "received":
			mark = "<"
		}
		head := fmt.Sprintf("%9.1f ms %s %s", float64(s.At.Duration().Microseconds())/1000, s.Connection, mark)
		note := ""
		if s.Note != "" && (p.Verbose || s.Kind != "dialed") {
			note = " (" + s.Note + ")"
		}
		if s.Bytes != nil {
			head += " " + quoteFit(s.Bytes, s.Size, columns-len(head)-1-len(note))
		}
		fmt.Fprintln(w, head+note)
	}
}

// difference writes the reply line by line, with a mark under the first byte that
// is not allowed.
func (p *Printer) difference(w io.Writer, f Failure) {
	if bindsClients(f.Requirement) {
		p.ofClient(w, f)
		return
	}
	want := "want " + f.Want
	if f.Detail != "" {
		want += "; " + f.Detail
	}
	fmt.Fprintf(w, "  %s %s\n", p.paint(red, fmt.Sprintf("%-9s", "wrong")), whatIsWrong(f))
	at := f.Offset - f.ReplyFrom
	if len(f.Reply) == 0 || at < 0 || at > len(f.Reply) {
		writeLines(w, fieldIndent, want)
		return
	}
	lines := around(f.Reply, at)
	for _, l := range lines {
		fmt.Fprintf(w, "%s%s\n", fieldIndent, l.text)
		if l.mark < 0 {
			continue
		}
		mark := fmt.Sprintf("%s%s%s", fieldIndent, strings.Repeat(" ", l.mark), p.paint(red, "^"))
		fmt.Fprintf(w, "%s byte %d\n", mark, f.Offset)
	}
	writeLines(w, fieldIndent, want)
}

// allowed writes the replies that would have been right: on one line where that is
// long enough, else the lines from where the reply left them.
func (p *Printer) allowed(w io.Writer, f Failure) {
	for i, text := range f.Allowed {
		word := "allowed"
		if i > 0 {
			word = "or"
		}
		room := columns - len(fieldIndent)
		if whole := Quote([]byte(text)); len(whole) <= room {
			fmt.Fprintf(w, "  %-9s %s\n", word, whole)
			continue
		}
		lines := strings.SplitAfter(strings.TrimSuffix(text, "\n"), "\n")
		from := max(0, min(sameLines(lines, string(f.Reply))-1, len(lines)-mostAllowed))
		to := min(len(lines), from+mostAllowed)
		if from > 0 {
			fmt.Fprintf(w, "  %-9s ... %d lines, and then\n", word, from)
			word = ""
		}
		for _, line := range lines[from:to] {
			fmt.Fprintf(w, "  %-9s %s\n", word, quoteFit([]byte(line), 0, room))
			word = ""
		}
		if rest := len(lines) - to; rest > 0 {
			fmt.Fprintf(w, "%s... and %d lines more\n", fieldIndent, rest)
		}
	}
}

// sameLines counts the lines at the beginning that a reply has too.
func sameLines(lines []string, reply string) int {
	for i, line := range lines {
		rest, same := strings.CutPrefix(reply, line)
		if !same {
			return i
		}
		reply = rest
	}
	return len(lines)
}

// company writes what else a finding accounts for. Verbose text says of each what was
// seen, other text only names them.
func (p *Printer) company(w io.Writer, f Finding) {
	if p.Verbose {
		for _, t := range f.Also {
			writeField(w, "also", t.Case+": "+traceText(t))
		}
		for _, t := range f.Follows {
			writeField(w, "follows", t.Requirement+" in "+t.Case+": "+traceText(t))
		}
		return
	}
	if names := grouped(f.Also, func(t Trace) string { return symptomWords(t.Symptom) }); len(names) > 0 {
		writeField(w, "also", strings.Join(names, "; "))
	}
	if names := grouped(f.Follows, func(t Trace) string { return t.Requirement }); len(names) > 0 {
		writeField(w, "follows", strings.Join(names, "; "))
	}
}

func traceText(t Trace) string {
	if t.Detail == "" {
		return symptomWords(t.Symptom)
	}
	return symptomWords(t.Symptom) + ": " + t.Detail
}

// grouped names the cases of traces by what they have in common.
func grouped(traces []Trace, common func(Trace) string) []string {
	var heads []string
	names := make(map[string][]string)
	for _, t := range traces {
		head := common(t)
		if names[head] == nil {
			heads = append(heads, head)
		}
		if !slices.Contains(names[head], t.Case) {
			names[head] = append(names[head], t.Case)
		}
	}
	for i, head := range heads {
		heads[i] = head + " in " + list(names[head], mostNames)
	}
	return heads
}

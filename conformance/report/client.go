package report

import (
	"encoding/json"
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/putget-protocol/putget/spec"
)

// The kinds of steps of the lane of a client's adapter. Their notes are the lines of the
// adapter contract, without LF.
const (
	called   = "called"
	answered = "answered"
)

// bindsClients reports whether a requirement is one on clients.
func bindsClients(requirement string) bool {
	q, ok := spec.Find(requirement)
	return ok && q.Side == spec.Client
}

// callText shows a call to an adapter as a call of the client's method. What is no call
// it shows as it is.
func callText(line string) string {
	var call struct {
		Op   string            `json:"op"`
		Args []json.RawMessage `json:"args"`
	}
	if err := json.Unmarshal([]byte(line), &call); err != nil {
		return visible(line)
	}
	args := make([]string, len(call.Args))
	for i, a := range call.Args {
		args[i] = string(a)
	}
	return visible(call.Op + "(" + strings.Join(args, ", ") + ")")
}

// answerText says what a call came to.
func answerText(line string) string {
	var answer struct {
		OK    json.RawMessage `json:"ok"`
		Error *string         `json:"error"`
		Crash *string         `json:"crash"`
	}
	err := json.Unmarshal([]byte(line), &answer)
	switch {
	case err == nil && answer.Error != nil:
		return "its own error: " + visible(*answer.Error)
	case err == nil && answer.Crash != nil:
		return "a bare error: " + visible(*answer.Crash)
	case err == nil && string(answer.OK) == "null", line == `{"ok":null}`:
		return "returned nothing"
	case err == nil && answer.OK != nil:
		return "returned " + visible(string(answer.OK))
	default:
		return visible(strings.TrimPrefix(line, `{"ok":`))
	}
}

// adapterStep shows a call or an answer; ok is false for any other step.
func adapterStep(s Step) (text string, ok bool) {
	switch s.Kind {
	case called:
		return "calls " + callText(s.Note), true
	case answered:
		return "      " + answerText(s.Note), true
	default:
		return "", false
	}
}

// wireMarks says what happened on a connection of a client as the examples of the
// specification do: what the client did stands behind >, what the judge did, which is the
// server here, behind <.
func wireMarks() map[string]string {
	return map[string]string{
		"received": ">", "closed": "> closed", "reset": "> reset",
		"sent": "<", "left": "< closed", "cut": "< reset", "half-closed": "< half-closed",
	}
}

// untilAnswer returns the steps of a finding up to the answer of the call that failed,
// or up to what the client did last when it had none.
func untilAnswer(f Finding) []Step {
	steps := f.Steps[:faultyAnswer(f)+1]
	for f.Failure.Answer == "" && len(steps) > 0 && steps[len(steps)-1].Kind == "left" {
		steps = steps[:len(steps)-1] // the judge has given up
	}
	return steps
}

// isAboutClient reports whether steps are those of a case on clients.
func isAboutClient(steps []Step) bool {
	return slices.ContainsFunc(steps, func(s Step) bool { return s.Kind == called })
}

// faultyAnswer returns the index of the step that answered the call of the failure, or of
// the last step before the next call when nothing did.
func faultyAnswer(f Finding) int {
	last := len(f.Steps) - 1
	at := slices.IndexFunc(f.Steps, func(s Step) bool { return s.Kind == called && s.Note == f.Failure.Call })
	if f.Failure.Call == "" || at < 0 {
		return last
	}
	for i, s := range f.Steps[at+1:] {
		switch s.Kind {
		case answered:
			return at + 1 + i
		case called:
			return at + i
		}
	}
	return last
}

// ofClient writes what is wrong with a client: what it did, and what was due.
func (p *Printer) ofClient(w io.Writer, f Failure) {
	what := symptomWords(f.Symptom)
	if f.Call != "" {
		what += ", in " + callText(f.Call)
	}
	fmt.Fprintf(w, "  %s %s\n", p.paint(red, fmt.Sprintf("%-9s", "wrong")), shorten(what, columns-len(fieldIndent)))
	if len(f.Request) > 0 {
		writeShown(w, "sent", quoteFit(f.Request, f.RequestSize, columns-len(fieldIndent)))
	}
	if len(f.Reply) > 0 {
		p.replied(w, f)
	}
	if f.Answer != "" {
		writeShown(w, "came to", answerText(f.Answer))
	}
	want := f.Want
	if f.Detail != "" {
		want += "; " + f.Detail
	}
	first, rest, _ := strings.Cut(want, "\n")
	word := "want"
	for _, line := range wrap(first, columns-len(fieldIndent)) {
		writeShown(w, word, line) // results have long words
		word = ""
	}
	writeRest(w, rest)
}

// replied writes what the scripted server sent, its last lines where they are many.
func (p *Printer) replied(w io.Writer, f Failure) {
	room := columns - len(fieldIndent)
	if f.ReplySize == 0 {
		if whole := Quote(f.Reply); len(whole) <= room {
			writeShown(w, "was told", whole)
			return
		}
	}
	word := "was told"
	for _, l := range around(f.Reply, min(max(0, f.Offset-f.ReplyFrom), len(f.Reply))) {
		writeShown(w, word, l.text)
		word = ""
	}
}

// writeShown writes a word and a text that is not wrapped.
func writeShown(w io.Writer, word, text string) {
	fmt.Fprintf(w, "  %-9s %s\n", word, shorten(text, columns-len(fieldIndent)))
}

// writeRest writes the further lines of a text, such as the output of a target.
func writeRest(w io.Writer, rest string) {
	for line := range strings.Lines(rest) {
		fmt.Fprintf(w, "%s%s\n", fieldIndent, shorten(visible(line), columns-len(fieldIndent)))
	}
}

// byHand writes how to see a failure of a client without the judge.
func (p *Printer) byHand(w io.Writer, lines []string) {
	word := "by hand"
	for _, line := range lines {
		fmt.Fprintf(w, "  %-9s %s\n", word, line) // to be copied
		word = ""
	}
}

package oracle

import (
	"fmt"
	"maps"
	"slices"
	"strings"
)

// okEmpty is the reply that carries nothing but its status.
type okEmpty struct{}

func (okEmpty) check(f form) *Mismatch {
	if m := statusDue(f, statusOK); m != nil {
		return m
	}
	if len(f.lines) == 0 {
		return f.endFault()
	}
	first := f.lines[0]
	m := &Mismatch{Offset: first.at, Want: wantEmptyLine, Aspect: AspectExtraSample, Detail: "there is a line: " + quote(first.text)}
	if first.text == "\r" {
		m.Aspect, m.Detail = AspectLineEnd, "there is a CR"
	}
	return m
}

func (okEmpty) describe() string { return "ok\n\n" }

// errorText is an error reply with one given line of text.
type errorText struct{ text string }

func (e errorText) check(f form) *Mismatch {
	if m := statusDue(f, statusError); m != nil {
		return m
	}
	return textDue(f, e.text)
}

func (e errorText) describe() string { return "error\n" + e.text + "\n\n" }

// textDue judges the lines of an error reply that should be one given line.
func textDue(f form, text string) *Mismatch {
	want := fmt.Sprintf("the text line %q", text+"\n")
	if len(f.lines) == 0 && f.end >= 0 {
		return &Mismatch{Offset: f.end, Want: want, Aspect: AspectErrorText, Detail: "the error has no text"}
	}
	if len(f.lines) == 0 {
		return &Mismatch{Offset: f.size, Want: want, Aspect: AspectTruncated, Detail: "the reply stops behind its status"}
	}
	first := f.lines[0]
	if first.open && strings.HasPrefix(text, first.text) {
		return &Mismatch{Offset: f.size, Want: want, Aspect: AspectTruncated, Detail: "the reply stops in its text"}
	}
	if first.text == text+"\r" {
		return &Mismatch{Offset: first.end - 1, Want: "LF behind the text", Aspect: AspectLineEnd, Detail: "there is a CR"}
	}
	if first.text != text {
		return &Mismatch{
			Offset: first.at + commonPrefix(first.text, text), Want: want,
			Aspect: AspectErrorText, Detail: "the text is " + quote(first.text),
		}
	}
	if len(f.lines) > 1 {
		second := f.lines[1]
		return &Mismatch{Offset: second.at, Want: wantEmptyLine, Aspect: AspectErrorText, Detail: "a second line of text stands there: " + quote(second.text)}
	}
	return f.endFault()
}

// unknownOutcome is the error of a server that cannot know. Any other error is
// a refusal: what went wrong then is not the wording.
type unknownOutcome struct{}

const unknownText = "unknown outcome"

func (unknownOutcome) check(f form) *Mismatch {
	if m := statusDue(f, statusError); m != nil {
		return m
	}
	m := textDue(f, unknownText)
	if m != nil && m.Aspect == AspectErrorText {
		m.Aspect = AspectRefused
		m.Want = fmt.Sprintf("%q, the one error that is allowed here", unknownText)
	}
	return m
}

func (unknownOutcome) describe() string { return "error\n" + unknownText + "\n\n" }

// refusal is the error of a server that did not carry out a right request.
type refusal struct{}

func (refusal) check(f form) *Mismatch {
	if m := statusDue(f, statusError); m != nil {
		return m
	}
	if m := f.endFault(); m != nil {
		return m
	}
	const want = `one line of text other than "wrong command"`
	switch {
	case len(f.lines) == 0:
		return &Mismatch{Offset: f.end, Want: want, Aspect: AspectErrorText, Detail: "the error has no text"}
	case len(f.lines) > 1:
		return &Mismatch{Offset: f.lines[1].at, Want: want, Aspect: AspectErrorText, Detail: "there is a second line"}
	case f.lines[0].text == "wrong command":
		return &Mismatch{Offset: f.lines[0].at, Want: want, Aspect: AspectErrorText, Detail: "the request was right"}
	default:
		return nil
	}
}

func (refusal) describe() string { return "error\n<one line of text>\n\n" }

// anyError is every error reply.
type anyError struct{}

func (anyError) check(f form) *Mismatch {
	if m := statusDue(f, statusError); m != nil {
		return m
	}
	return f.endFault()
}

func (anyError) describe() string { return "error\n<any text>\n\n" }

// anyReply is everything of the form of a reply.
type anyReply struct{}

func (anyReply) check(f form) *Mismatch { return f.fault(everyLine) }

func (anyReply) describe() string { return "<any reply>\n\n" }

// closed is no reply: the end of the connection.
type closed struct{}

func (closed) check(f form) *Mismatch {
	// At offset 0: a reply that came is measured by the other alternatives.
	return unasked(f, "the end of the connection")
}

func (closed) describe() string { return "<connection closed>" }

// statusDue judges the status line alone.
func statusDue(f form, due string) *Mismatch {
	// A status that was cut short says enough when it can only become the other.
	cut := f.statusFault != nil && f.statusFault.Aspect == AspectTruncated && !strings.HasPrefix(due, f.first)
	switch {
	case f.statusFault != nil && !cut:
		m := *f.statusFault
		m.Want = fmt.Sprintf("the status line %q", due+"\n")
		return &m
	case f.status == due:
		return nil
	case due == statusOK:
		return &Mismatch{Offset: 0, Want: `"ok\n"`, Aspect: AspectRefused, Detail: "the reply is an error" + firstText(f)}
	default:
		return &Mismatch{Offset: 0, Want: `"error\n"`, Aspect: AspectAccepted, Detail: "the reply is ok, as if the request had been right"}
	}
}

func firstText(f form) string {
	if len(f.lines) == 0 {
		return " without text"
	}
	return ": " + quote(f.lines[0].text)
}

// unasked says that bytes came where none were due.
func unasked(f form, want string) *Mismatch {
	if f.size == 0 {
		return &Mismatch{Offset: 0, Want: want, Aspect: AspectNoReply}
	}
	return &Mismatch{Offset: 0, Want: want, Aspect: AspectTrailing, Detail: fmt.Sprintf("%d bytes came", f.size)}
}

// series is the reply to a get of one key.
type series struct {
	key   string
	cells []Cell
}

func (s series) check(f form) *Mismatch {
	if m := statusDue(f, statusOK); m != nil {
		return m
	}
	w := newWalk(s.key, s.cells, f.lines)
	for _, l := range f.lines {
		if m := s.keyDue(l); m != nil {
			return m
		}
		if m := w.step(l); m != nil {
			return m
		}
	}
	return endDue(f, w.missing(f))
}

// keyDue judges the form of a line, and whether its key is the one that was asked
// for, whichever fails first. A line that was cut short says enough when it can
// only become another.
func (s series) keyDue(l line) *Mismatch {
	same := commonPrefix(l.text, s.key+" ")
	other := l.sample.Key != s.key
	if l.open {
		other = same < min(len(l.text), len(s.key)+1)
	}
	if !other || l.fault != nil && l.fault.Offset <= l.at+same {
		return l.fault
	}
	return &Mismatch{
		Offset: l.at + same, Want: fmt.Sprintf("a sample of the key %s", quote(s.key)),
		Aspect: AspectForeignKey, Detail: "the line is " + quote(l.text),
	}
}

func (s series) describe() string { return "ok\n" + describeCells(s.key, s.cells) + "\n" }

// all is the reply to a get of every key.
type all struct {
	own   func(key string) bool
	cells map[string][]Cell
	loose bool
}

func (a all) isOwn(key string) bool {
	if _, ok := a.cells[key]; ok {
		return true
	}
	return a.own != nil && a.own(key)
}

func (a all) check(f form) *Mismatch {
	if m := statusDue(f, statusOK); m != nil {
		return m
	}
	walks := a.walks(f)
	for _, l := range f.lines {
		key := firstToken(l.text)
		own := a.isOwn(key)
		if l.fault != nil && (own || !a.loose) {
			return l.fault
		}
		if !own {
			continue
		}
		if m := walks[key].step(l); m != nil {
			return m
		}
	}
	var due *Mismatch
	for _, key := range slices.Sorted(maps.Keys(a.cells)) {
		if due = walks[key].missing(f); due != nil {
			break
		}
	}
	return endDue(f, due)
}

// walks prepares a walk for each own key of the map and of the reply.
func (a all) walks(f form) map[string]*walk {
	linesOf := make(map[string][]line)
	for _, l := range f.lines {
		if key := firstToken(l.text); a.isOwn(key) {
			linesOf[key] = append(linesOf[key], l)
		}
	}
	walks := make(map[string]*walk, len(a.cells))
	for key, lines := range linesOf {
		walks[key] = newWalk(key, a.cells[key], lines)
	}
	for key := range a.cells {
		if walks[key] == nil {
			walks[key] = newWalk(key, a.cells[key], nil)
		}
	}
	return walks
}

// firstToken returns what stands before the first blank, as the key of a line that
// may be malformed.
func firstToken(text string) string {
	text = strings.TrimLeft(text, " \t")
	if i := strings.IndexAny(text, " \t"); i >= 0 {
		return text[:i]
	}
	return text
}

func (a all) describe() string {
	var text strings.Builder
	text.WriteString("ok\n")
	for _, key := range slices.Sorted(maps.Keys(a.cells)) {
		text.WriteString(describeCells(key, a.cells[key]))
	}
	text.WriteString("<samples of other keys>\n\n")
	return text.String()
}

// endDue joins what the content lacks at the end of a reply with how it ends. A
// reply that stops before its end is truncated, one that ends in order lacks a sample.
func endDue(f form, due *Mismatch) *Mismatch {
	if due == nil {
		return f.endFault()
	}
	if f.end < 0 {
		due.Aspect = AspectTruncated
	}
	return due
}

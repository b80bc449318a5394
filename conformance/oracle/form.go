package oracle

import (
	"fmt"
	"strings"
	"unicode/utf8"
)

// The two status words.
const (
	statusOK    = "ok"
	statusError = "error"
)

// A form is a reply taken apart into lines, with all that its lines violate of
// the grammar. What the lines should say is left to the alternatives.
type form struct {
	size        int       // of the reply, in bytes
	first       string    // the first line, without LF
	status      string    // "ok", "error", or "" when statusFault is set
	statusFault *Mismatch // what is wrong with the first line
	lines       []line    // between the status and the empty line
	end         int       // index of the LF that is the empty line; -1 when none came
}

// A line is one line between the status and the empty line of a reply.
type line struct {
	text    string
	at, end int       // indexes of its first byte and of its LF, or of the end of the reply
	open    bool      // its LF did not come
	fault   *Mismatch // of an ok reply: what makes it no sample line
	sample  Sample    // the fields below are set when fault is nil
	valueAt int       // index of the value
	timeAt  int       // index of the timestamp
}

// scan takes a reply apart. It never fails: what it cannot read becomes a fault.
func scan(reply []byte) form {
	text := string(reply)
	f := form{size: len(text), end: -1}
	first, _, ended := strings.Cut(text, "\n")
	f.first = first
	f.status, f.statusFault = parseStatus(first, ended)
	if f.statusFault != nil {
		return f
	}
	for at := len(first) + 1; at < len(text); {
		body, _, ended := strings.Cut(text[at:], "\n")
		if body == "" {
			f.end = at
			break
		}
		f.lines = append(f.lines, parseLine(f.status, body, at, !ended))
		at += len(body) + 1
	}
	return f
}

// parseStatus judges the first line of a reply; ended says that its LF came.
func parseStatus(first string, ended bool) (string, *Mismatch) {
	if ended && (first == statusOK || first == statusError) {
		return first, nil
	}
	if !ended && (strings.HasPrefix(statusOK, first) || strings.HasPrefix(statusError, first)) {
		m := &Mismatch{Offset: len(first), Want: wantStatus, Aspect: AspectTruncated, Detail: "the reply stops in its status line"}
		if first == "" {
			m.Aspect, m.Detail = AspectNoReply, "nothing came"
		}
		return "", m
	}
	m := &Mismatch{
		Offset: max(commonPrefix(first, statusOK), commonPrefix(first, statusError)),
		Want:   wantStatus,
		Aspect: AspectNotAReply,
		Detail: fmt.Sprintf("the first line is %s", quote(first)),
	}
	word := strings.ToLower(strings.TrimSpace(first))
	switch {
	case first == statusOK+"\r" || first == statusError+"\r":
		m.Aspect = AspectLineEnd
	case first == "":
		m.Aspect, m.Detail = AspectStatus, "an empty line stands there: the reply before may have ended in one too many"
	case strings.HasPrefix(word, statusOK) || strings.HasPrefix(word, statusError):
		m.Aspect = AspectStatus
	}
	return "", m
}

const wantStatus = `a status line, "ok\n" or "error\n"`

// parseLine reads one line that begins at index at of its reply.
func parseLine(status, body string, at int, open bool) line {
	l := line{text: body, at: at, end: at + len(body), open: open}
	if status != statusOK {
		return l
	}
	if open {
		l.fault = &Mismatch{Offset: l.end, Want: "the rest of the sample line", Aspect: AspectTruncated, Detail: "the reply stops in the middle of " + quote(body)}
		return l
	}
	record := strings.TrimSuffix(body, "\r")
	if record != "" {
		l.parseSample(record)
	}
	if l.fault == nil && record != body {
		l.fault = &Mismatch{Offset: l.end - 1, Want: "LF", Aspect: AspectLineEnd, Detail: "there is a CR in " + quote(body)}
	}
	return l
}

// parseSample reads key SP value SP timestamp, field by field from the left, and
// stops at the first fault.
func (l *line) parseSample(record string) {
	fields := strings.Split(record, " ")
	at := l.at
	for i, field := range fields {
		if l.fault = l.checkPlace(fields, i, at); l.fault != nil {
			return
		}
		switch i {
		case 0:
			l.parseKey(field, at)
		case 1:
			l.parseValue(field, at)
		case 2:
			l.parseTimestamp(field, at)
		}
		if l.fault != nil {
			return
		}
		at += len(field) + 1
	}
	if len(fields) < 3 {
		l.fault = l.wrong(l.at+len(record), AspectFieldCount, "one SP and another field: a sample line is key, value, timestamp")
	}
}

// checkPlace judges the i-th field by where it stands: too many fields, or none
// between two SP.
func (l *line) checkPlace(fields []string, i, at int) *Mismatch {
	last := i == len(fields)-1
	switch {
	case i == 3 && fields[i] == "" && last:
		return l.wrong(at-1, AspectFieldSeparator, "LF behind the timestamp")
	case i == 3:
		return l.wrong(at-1, AspectFieldCount, "LF behind the timestamp: a sample line is key, value, timestamp")
	case fields[i] == "" && last:
		return l.wrong(at, AspectFieldCount, "another field: a sample line is key, value, timestamp")
	case fields[i] == "" && i == 0:
		return l.wrong(at, AspectFieldSeparator, "a key, with nothing before it")
	case fields[i] == "":
		return l.wrong(at, AspectFieldSeparator, "a field: one SP separates two of them")
	default:
		return nil
	}
}

func (l *line) parseKey(field string, at int) {
	i := firstNoKeyChar(field)
	switch {
	case i >= 0 && field[i] == '\t':
		l.fault = l.wrong(at+i, AspectFieldSeparator, "one SP between two fields")
	case i >= 0:
		l.fault = l.wrong(at+i, AspectKeySyntax, "a character of a key")
	case !isKey(field):
		l.fault = l.wrong(at, AspectKeySyntax, "a key")
	}
	l.sample.Key = field
}

func (l *line) parseValue(field string, at int) {
	l.valueAt = at
	v, ok := parseValue(field)
	if !ok {
		l.fault = l.wrongNumber(field, at, AspectValueSyntax, "a value: a decimal number that is a finite double")
	}
	l.sample.Value = v
}

func (l *line) parseTimestamp(field string, at int) {
	l.timeAt = at
	t, ok := parseTimestamp(field)
	if !ok {
		l.fault = l.wrongNumber(field, at, AspectTimestampSyntax, "a timestamp: a signed 64-bit integer in decimal")
	}
	l.sample.Timestamp = t
}

// wrongNumber blames a tab, if there is one, rather than the number around it.
func (l *line) wrongNumber(field string, at int, aspect Aspect, want string) *Mismatch {
	if i := strings.IndexByte(field, '\t'); i >= 0 {
		return l.wrong(at+i, AspectFieldSeparator, "one SP between two fields")
	}
	return l.wrong(at, aspect, want)
}

func (l *line) wrong(offset int, aspect Aspect, want string) *Mismatch {
	return &Mismatch{Offset: offset, Want: want, Aspect: aspect, Detail: "the line is " + quote(l.text)}
}

// fault returns the first violation of the grammar in the reply, looking only at
// the lines that judged accepts.
func (f form) fault(judged func(line) bool) *Mismatch {
	if f.statusFault != nil {
		return f.statusFault
	}
	for _, l := range f.lines {
		if l.fault != nil && judged(l) {
			return l.fault
		}
	}
	return f.endFault()
}

// endFault judges the end of the reply: the empty line, and nothing behind it.
func (f form) endFault() *Mismatch {
	switch {
	case f.statusFault != nil:
		return f.statusFault
	case f.end < 0 && len(f.lines) > 0 && f.lines[len(f.lines)-1].open:
		return &Mismatch{Offset: f.size, Want: "the rest of the line", Aspect: AspectTruncated, Detail: "the reply stops in the middle of a line"}
	case f.end < 0:
		return &Mismatch{Offset: f.size, Want: wantEmptyLine, Aspect: AspectTerminator, Detail: "the reply stops without it"}
	case f.end+1 < f.size:
		return &Mismatch{Offset: f.end + 1, Want: "nothing behind the empty line", Aspect: AspectTrailing, Detail: fmt.Sprintf("%d bytes follow", f.size-f.end-1)}
	default:
		return nil
	}
}

const wantEmptyLine = "the empty line that ends a reply"

func everyLine(line) bool { return true }

// firstNoKeyChar returns the index of the first byte that belongs to no
// key-char, or -1.
func firstNoKeyChar(text string) int {
	for i := 0; i < len(text); {
		r, n := utf8.DecodeRuneInString(text[i:])
		if r == utf8.RuneError && n == 1 || isNoKeyChar(r) {
			return i
		}
		i += n
	}
	return -1
}

// commonPrefix returns the number of leading bytes that a and b share.
func commonPrefix(a, b string) int {
	n := 0
	for n < len(a) && n < len(b) && a[n] == b[n] {
		n++
	}
	return n
}

// quote returns text in quotes, shortened to what a reader takes in.
func quote(text string) string {
	const limit = 120
	if len(text) <= limit {
		return fmt.Sprintf("%q", text)
	}
	return fmt.Sprintf("%q... (%d bytes)", text[:limit], len(text))
}

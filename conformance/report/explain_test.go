package report_test

import (
	"bytes"
	"fmt"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"github.com/putget-protocol/putget/conformance/oracle"
	"github.com/putget-protocol/putget/conformance/report"
	"github.com/putget-protocol/putget/spec"
)

func TestEveryServerRequirementIsExplained(t *testing.T) {
	seen := 0
	for _, r := range spec.Requirements() {
		if r.Side != spec.Server {
			continue
		}
		seen++
		if report.Help(r.ID) == "" {
			t.Errorf("%s: no help", r.ID)
		}
		e, err := report.Explain(r.ID)
		if err != nil {
			t.Fatal(err)
		}
		if e.Why == "" || len(e.Right) == 0 || len(e.Wrong) == 0 {
			t.Errorf("%s: why %q, %d right and %d wrong examples; want some of each", r.ID, e.Why, len(e.Right), len(e.Wrong))
		}
	}
	if seen == 0 {
		t.Fatal("the specification has no requirement on servers")
	}
}

func TestExamplesAreWhatTheyAreCalled(t *testing.T) {
	for _, r := range spec.Requirements() {
		if r.Side != spec.Server {
			continue
		}
		e, err := report.Explain(r.ID)
		if err != nil {
			t.Fatal(err)
		}
		for _, ex := range e.Right {
			if fault := faultOf(ex, r); fault != "" {
				t.Errorf("%s: the right example is not allowed: %s\n%s", r.ID, fault, strings.Join(ex.Lines, "\n"))
			}
		}
		for _, ex := range e.Wrong {
			if faultOf(ex, r) == "" {
				t.Errorf("%s: the wrong example is allowed:\n%s", r.ID, strings.Join(ex.Lines, "\n"))
			}
		}
	}
}

// A lane is one connection of an example.
type lane struct {
	unsent     []byte // of a line without LF
	due        []due
	got        []byte // of a reply that is not whole
	halfClosed bool
	long       bool // a line above the limits was sent
	ended      bool
}

// A due is a request without a reply, and the stores that a get may show.
type due struct {
	line   []byte
	stores []*oracle.Model
}

// A scene plays an example against the oracle.
type scene struct {
	lanes  map[string]*lane
	store  *oracle.Model
	should bool // judge by what a server should do, too
	failed bool // the storage fails
	idle   bool // a minute has passed
}

var (
	exampleRE = regexp.MustCompile(`^(\w*)([<>]) (?:\(pad ([0-9]+)\) )?(.*)$`)
	longKeyRE = regexp.MustCompile(`\$\{\w+:([0-9]+)\}`)
)

// faultOf returns what is wrong in an example, or "".
func faultOf(ex report.Example, r spec.Requirement) string {
	s := scene{lanes: make(map[string]*lane), should: r.Keyword == spec.Should}
	s.store = &oracle.Model{Own: func(string) bool { return true }}
	if !strings.Contains(strings.Join(ex.Lines, "\n"), "> ") && strings.HasPrefix(ex.Lines[0], `< "`) {
		return mismatch(oracle.AnyReply().Check(unquote(ex.Lines[0][2:]))) // a reply by itself
	}
	for _, line := range ex.Lines {
		if strings.HasPrefix(line, "(") {
			s.failed = s.failed || line == "(the storage fails)"
			s.idle = s.idle || line == "(60 seconds pass)"
			continue
		}
		m := exampleRE.FindStringSubmatch(line)
		if m == nil {
			return "no line of an example: " + line
		}
		if fault := s.play(m[1], m[2], m[3], m[4]); fault != "" {
			return line + ": " + fault
		}
	}
	for name, l := range s.lanes {
		if len(l.due) > 0 || len(l.got) > 0 || l.halfClosed && !l.ended {
			return "the example ends before connection " + name + " is served"
		}
	}
	return ""
}

func (s *scene) play(name, mark, pad, what string) string {
	l := s.lanes[name]
	if l == nil {
		l = &lane{}
		s.lanes[name] = l
	}
	switch {
	case mark == ">" && what == "half-close":
		l.halfClosed = true
	case mark == ">" && what == "close":
		l.ended = true
	case mark == ">":
		s.send(l, padded(unquote(what), pad))
	case what == "silence":
		if len(l.due) > 0 || len(l.got) > 0 || l.halfClosed {
			return "silence"
		}
	case what == "reset":
		return "a reset"
	case what == "closed":
		l.ended = true
		return s.closed(l)
	default:
		return s.receive(l, unquote(what))
	}
	return ""
}

func unquote(text string) []byte {
	plain, err := strconv.Unquote(text)
	if err != nil {
		panic(fmt.Sprintf("example: %s: %v", text, err))
	}
	return longKeyRE.ReplaceAllFunc([]byte(plain), func(key []byte) []byte {
		n, _ := strconv.Atoi(string(longKeyRE.FindSubmatch(key)[1]))
		return bytes.Repeat([]byte("k"), n)
	})
}

func padded(text []byte, pad string) []byte {
	n, _ := strconv.Atoi(pad) // no padding is 0
	line, rest, _ := bytes.Cut(text, []byte("\n"))
	spaces := bytes.Repeat([]byte(" "), max(0, n-len(line)))
	if n == 0 {
		return text
	}
	return bytes.Join([][]byte{line, spaces, []byte("\n"), rest}, nil)
}

func (s *scene) send(l *lane, text []byte) {
	l.unsent = append(l.unsent, text...)
	for {
		line, rest, ended := bytes.Cut(l.unsent, []byte("\n"))
		if !ended {
			return
		}
		l.unsent = rest
		l.long = l.long || len(line) > oracle.MaxLine
		l.due = append(l.due, due{line, nil})
		s.snapshot()
	}
}

// snapshot shows the present store, with all that may still happen to it, to every get
// that waits.
func (s *scene) snapshot() {
	now := s.store.Clone()
	for _, l := range s.lanes {
		for _, d := range l.due {
			if req, ok := oracle.ParseRequest(d.line); ok && req.Verb == oracle.Put {
				now.Apply(req, nil)
			}
		}
	}
	for _, l := range s.lanes {
		for i := range l.due {
			l.due[i].stores = append(l.due[i].stores, now)
		}
	}
}

func (s *scene) receive(l *lane, text []byte) string {
	l.got = append(l.got, text...)
	for len(l.got) > 0 {
		n := oracle.ReplyEnd(l.got)
		if n < 0 {
			return "" // what follows tells
		}
		if len(l.due) == 0 {
			return "nobody asked for this"
		}
		if fault := s.reply(l, l.got[:n]); fault != "" {
			return fault
		}
		l.got = l.got[n:]
	}
	return ""
}

func (s *scene) reply(l *lane, reply []byte) string {
	d := l.due[0]
	if m := s.allowed(d).Check(reply); m != nil {
		return mismatch(m)
	}
	if s.should {
		if m := oracle.CheckGrouping(reply, nil); m != nil {
			return mismatch(m)
		}
		if m := oracle.CheckWording(reply, nil); m != nil {
			return mismatch(m)
		}
	}
	l.due = l.due[1:]
	s.store.ApplyLine(d.line, reply)
	s.snapshot()
	return ""
}

func (s *scene) allowed(d due) oracle.Allowed {
	if s.failed && bytes.HasPrefix(d.line, []byte("put")) {
		return oracle.Union(oracle.Refusal(), oracle.UnknownOutcome(), oracle.Closed())
	}
	var all []oracle.Allowed
	for _, store := range d.stores {
		all = append(all, store.AllowedLine(d.line))
	}
	if s.failed {
		all = append(all, oracle.Refusal(), oracle.Closed())
	}
	return oracle.Union(all...)
}

func (s *scene) closed(l *lane) string {
	if len(l.due) == 0 {
		if l.halfClosed || l.long || s.idle || l.unsent == nil { // nil: nothing was ever sent
			return ""
		}
		return "closed without reason"
	}
	if l.long && l.due[0].stores != nil && len(l.got) == 0 && len(l.due[0].line) <= oracle.MaxLine {
		l.due = nil
		return "" // LIM-008
	}
	d := l.due[0]
	if m := s.allowed(d).CheckEnd(l.got); m != nil {
		return mismatch(m)
	}
	s.store.ApplyLine(d.line, l.got)
	l.due, l.got = nil, nil
	return ""
}

func mismatch(m *oracle.Mismatch) string {
	if m == nil {
		return ""
	}
	return m.String()
}

package report_test

import (
	"cmp"
	"fmt"
	"math"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/putget-protocol/putget/conformance/oracle"
	"github.com/putget-protocol/putget/conformance/report"
	"github.com/putget-protocol/putget/spec"
)

func TestEveryClientRequirementIsExplained(t *testing.T) {
	seen := 0
	for _, r := range spec.Requirements() {
		if r.Side != spec.Client {
			continue
		}
		seen++
		e, err := report.Explain(r.ID)
		if err != nil {
			t.Fatal(err)
		}
		if e.Why == "" || len(e.Right) == 0 || len(e.Wrong) == 0 {
			t.Errorf("%s: why %q, %d right and %d wrong examples; want some of each", r.ID, e.Why, len(e.Right), len(e.Wrong))
		}
		for _, ex := range e.Right {
			if fault := clientFaultOf(ex); fault != "" {
				t.Errorf("%s: the right example is not allowed: %s\n%s", r.ID, fault, strings.Join(ex.Lines, "\n"))
			}
		}
		for _, ex := range e.Wrong {
			if clientFaultOf(ex) == "" {
				t.Errorf("%s: the wrong example is allowed:\n%s", r.ID, strings.Join(ex.Lines, "\n"))
			}
		}
	}
	if seen == 0 {
		t.Fatal("the specification has no requirement on clients")
	}
}

// A clientScene plays an example on a client.
type clientScene struct {
	calls     []clientCall // without outcome yet
	lane      string       // in use, once one is
	used      bool
	outOfStep bool
	connected bool
	refused   bool
	over      bool // the stream has ended, or nothing comes any more
	large     bool
	got       []byte
	unasked   bool
	now       string
}

type clientCall struct {
	op   string
	line string // that is to be sent; "" for none
	sent bool
}

var (
	laneRE  = regexp.MustCompile(`^(\w*)([<>]) (.*)$`)
	callRE  = regexp.MustCompile(`^call (\w+)\((.*)\)$`)
	argsRE  = regexp.MustCompile(`^("(?:[^"\\]|\\.)*")(?:, ([^,]+))?(?:, (.+))?$`)
	clockRE = regexp.MustCompile(`^\(the time is ([0-9]+)\)$`)
)

// clientFaultOf returns what is wrong in an example, or "".
func clientFaultOf(ex report.Example) string {
	s := &clientScene{}
	for _, line := range ex.Lines {
		if fault := s.play(line); fault != "" {
			return line + ": " + fault
		}
	}
	if len(s.calls) > 0 {
		return "a call has no outcome"
	}
	return ""
}

func (s *clientScene) play(line string) string {
	if m := clockRE.FindStringSubmatch(line); m != nil {
		s.now = m[1]
	}
	if m := callRE.FindStringSubmatch(line); m != nil {
		s.calls = append(s.calls, s.call(m[1], m[2]))
		return ""
	}
	if result, ok := strings.CutPrefix(line, "-> "); ok {
		return s.outcome(result)
	}
	m := laneRE.FindStringSubmatch(line)
	switch {
	case strings.HasPrefix(line, "("):
		s.large = s.large || strings.HasPrefix(line, "(a reply with 10,000 samples")
	case m == nil:
		return "no line of an example"
	case m[3] == "connect":
		return s.connect(m[1])
	case m[2] == ">":
		return s.send(m[1], string(unquote(m[3])))
	case m[3] == "refused":
		s.refused = true
	case m[3] == "closed", m[3] == "silence":
		s.over = true
	default:
		s.unasked = s.unasked || len(s.calls) == 0 && !s.used
		s.got = append(s.got, unquote(m[3])...)
	}
	return ""
}

// call reads a call and says what it is to send.
func (s *clientScene) call(op, text string) clientCall {
	c := clientCall{op: op}
	m := argsRE.FindStringSubmatch(text)
	if m == nil || op == "Client" {
		return c
	}
	key, err := strconv.Unquote(m[1])
	if err != nil {
		panic(err)
	}
	line := "get " + key
	if op == "put" {
		at := cmp.Or(m[3], s.now)
		value, err := strconv.ParseFloat(m[2], 64)
		if err != nil || math.IsInf(value, 0) || math.IsNaN(value) {
			return c
		}
		line = "put " + key + " " + m[2] + " " + at
	}
	if req, ok := oracle.ParseRequest([]byte(line)); ok && (req.Key == key || req.All) {
		c.line = line + "\n"
	}
	return c
}

func (s *clientScene) connect(lane string) string {
	s.connected = true
	if len(s.calls) > 0 && s.calls[0].op != "Client" && !s.outOfStep {
		return "a connection that is not due"
	}
	if s.outOfStep {
		s.lane, s.outOfStep, s.over = lane, false, false
	}
	return ""
}

func (s *clientScene) send(lane, text string) string {
	switch {
	case s.used && lane != s.lane:
		return "another connection"
	case s.outOfStep:
		return "the connection is out of step"
	}
	s.lane, s.used = lane, true
	var due strings.Builder
	for i := range s.calls {
		due.WriteString(s.calls[i].line)
		s.calls[i].sent = true
	}
	if len(s.calls) > 0 && text != due.String() {
		return fmt.Sprintf("due is %q", due.String())
	}
	if len(s.calls) == 0 {
		s.got = nil // an example that shows only connections
	}
	return ""
}

// outcome checks what the first call has come to.
func (s *clientScene) outcome(result string) string {
	c := s.calls[0]
	s.calls = s.calls[1:]
	want := s.due(c)
	if result != want {
		return "due is " + want
	}
	return ""
}

func (s *clientScene) due(c clientCall) string {
	const failing = "own error"
	switch {
	case c.op == "Client" && s.refused:
		return failing
	case c.op == "Client" && s.connected:
		return "a client"
	case c.op == "Client":
		return "a connection"
	case c.line == "", s.unasked && !c.sent, s.outOfStep && !c.sent:
		return failing
	case s.large:
		return "a mapping with 10,000 samples"
	}
	n := oracle.ReplyEnd(s.got)
	whole := s.got[:max(0, n)]
	if n < 0 {
		whole = s.got
	}
	reply, wrong := oracle.ParseReply(whole)
	switch {
	case n < 0 && !s.over && wrong.Incomplete():
		return "more of the reply"
	case wrong != nil:
		s.outOfStep, s.got = true, nil
		return failing
	}
	s.got = s.got[n:]
	switch {
	case !reply.OK:
		return failing
	case c.op == "put":
		return "nothing"
	default:
		return mappingOf(reply.Samples)
	}
}

// mappingOf writes samples as examples do.
func mappingOf(samples []oracle.Sample) string {
	var parts, keys []string
	for _, s := range samples {
		if !slices.Contains(keys, s.Key) {
			keys = append(keys, s.Key)
		}
	}
	slices.SortStableFunc(samples, func(a, b oracle.Sample) int { return cmp.Compare(a.Timestamp, b.Timestamp) })
	for _, key := range keys {
		var pairs []string
		for _, other := range samples {
			if other.Key == key {
				pairs = append(pairs, fmt.Sprintf("(%d, %s)", other.Timestamp, oracle.FormatValue(other.Value)))
			}
		}
		parts = append(parts, strconv.Quote(key)+": ["+strings.Join(pairs, ", ")+"]")
	}
	return "{" + strings.Join(parts, ", ") + "}"
}

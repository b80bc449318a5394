package cases_test

import (
	"bytes"
	"context"
	"net"
	"regexp"
	"strconv"
	"testing"
	"time"

	"github.com/putget-protocol/putget/conformance/cases"
	"github.com/putget-protocol/putget/conformance/mutant"
	"github.com/putget-protocol/putget/conformance/oracle"
	"github.com/putget-protocol/putget/conformance/peer"
	"github.com/putget-protocol/putget/spec"
)

// serve starts a server with some faults and returns its address.
func serve(t *testing.T, faults ...mutant.Fault) string {
	t.Helper()
	ln, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	srv := mutant.New(faults...)
	done := make(chan struct{})
	go func() {
		defer close(done)
		srv.Serve(ln) // returns when the test closes the server
	}()
	t.Cleanup(func() {
		srv.Close()
		<-done
	})
	return ln.Addr().String()
}

func look(addr, prefix string) cases.Look {
	return cases.Look{
		Addr: addr, KeyPrefix: prefix, Level: spec.Core, Patience: 20 * time.Second,
		Quiet: 10 * time.Millisecond, Longest: time.Minute,
	}
}

// At core a target is judged by nothing that lies beyond the bounds of section 2.2:
// one whole request in each write, the next after the reply, plain tokens.
func TestCoreCasesStayWithinTheBounds(t *testing.T) {
	addr := serve(t)
	judged := 0
	for i, c := range all(t) {
		if c.Level != spec.Core || c.Observes {
			continue
		}
		out := c.Look(t.Context(), look(addr, "pgbounds."+strconv.Itoa(i)))
		if len(out.Failures) > 0 || out.Err != nil {
			t.Errorf("case %s fails on the right server: %+v, %v", c.ID, out.Failures, out.Err)
		}
		checkBounds(t, c.ID, out.Events)
		judged++
	}
	if judged < 60 {
		t.Errorf("%d cases of level core were looked at, want more than 60", judged)
	}
}

func checkBounds(t *testing.T, id string, events []peer.Event) {
	t.Helper()
	waiting := make(map[string]bool)
	for _, e := range events {
		switch e.Kind {
		case peer.Received:
			if bytes.HasSuffix(e.Data, []byte("\n\n")) {
				waiting[e.Conn] = false
			}
		case peer.HalfClosed:
			t.Errorf("case %s makes a half-close", id)
		case peer.Sent:
			if waiting[e.Conn] {
				t.Errorf("case %s sends %q before the reply to the request before", id, e.Data)
			}
			waiting[e.Conn] = true
			if !isCoreWrite(e.Data) {
				t.Errorf("case %s sends %q, which is beyond core", id, e.Data)
			}
		}
	}
}

var (
	coreRequest = regexp.MustCompile(`^(?:get [A-Za-z0-9._-]{1,100}|get \*|put [A-Za-z0-9._-]{1,100} -?[0-9]+(?:\.[0-9]+)?(?:[eE][+-]?[0-9]+)? (0|[1-9][0-9]*))\n$`)
	otherWord   = regexp.MustCompile(`^[a-z][a-z0-9._-]*(?: [^ ]+)*\n$`)
	coreWrong   = regexp.MustCompile(`^(?:get|put(?: [^ ]+){0,2}|put(?: [^ ]+){4}|put [^ ]+ [A-Za-z]+ [^ ]+|put [^ ]+ [^ ]+ (?:[A-Za-z]+|[0-9]+\.[0-9]+))\n$`)
	nanOrInf    = regexp.MustCompile(`(?i) (nan|inf|infinity)[ \n]`)
)

// isCoreWrite reports whether a write is one request by which core judges.
func isCoreWrite(data []byte) bool {
	line := bytes.TrimSuffix(data, []byte("\n"))
	if _, right := oracle.ParseRequest(line); !right {
		word, _, _ := bytes.Cut(line, []byte(" "))
		if string(word) != oracle.Get && string(word) != oracle.Put {
			return otherWord.Match(data)
		}
		return coreWrong.Match(data) && !nanOrInf.Match(data)
	}
	m := coreRequest.FindSubmatch(data)
	if m == nil {
		return false
	}
	if len(m[1]) == 0 {
		return true
	}
	timestamp, err := strconv.ParseInt(string(m[1]), 10, 64)
	return err == nil && timestamp <= 4102444800
}

// An interrupted look proves nothing, and ends soon.
func TestInterruptedLookIsNoFailure(t *testing.T) {
	ln, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer ln.Close() // its backlog takes the connection, and nobody answers
	ctx, cancel := context.WithCancel(t.Context())
	time.AfterFunc(20*time.Millisecond, cancel)
	out := all(t)[0].Look(ctx, look(ln.Addr().String(), "pginterrupt"))
	if !out.Interrupted || len(out.Failures) > 0 {
		t.Errorf("Interrupted = %v, failures %v", out.Interrupted, out.Failures)
	}
}

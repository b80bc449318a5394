package conformance_test

import (
	"fmt"
	"net"
	"os"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/putget-protocol/putget/conformance"
	"github.com/putget-protocol/putget/conformance/cases"
	"github.com/putget-protocol/putget/conformance/mutant"
	"github.com/putget-protocol/putget/conformance/report"
	"github.com/putget-protocol/putget/spec"
)

// targetVariable makes the test binary a target; its first argument is then the address.
const targetVariable = "CONFORMANCE_TEST_TARGET"

// targetCommand returns the command that starts a target of a kind.
func targetCommand(t *testing.T, kind string) string {
	t.Helper()
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	return fmt.Sprintf("%s=%s exec '%s' {addr}", targetVariable, kind, self)
}

// beTarget serves rightly, but for its kind.
func beTarget(kind, addr string) {
	if kind == "late" {
		time.Sleep(2 * time.Second)
	}
	ln, err := net.Listen("tcp", addr)
	if err != nil {
		fmt.Println(err)
		os.Exit(1)
	}
	mutant.New().Serve(oddly(kind, ln, func() { os.Exit(7) }))
	select {}
}

// oddly returns a listener that makes a server odd in one way. With die the kinds that
// need a process of their own end it.
func oddly(kind string, ln net.Listener, die func()) net.Listener {
	return &oddListener{Listener: ln, kind: kind, die: die}
}

type oddListener struct {
	net.Listener
	kind    string
	die     func()
	count   atomic.Int64
	written atomic.Int64
	kept    []net.Conn
}

// oddAfter is how many connections are served rightly, the probe at the start and the
// sanity cases among them.
const oddAfter = 20

// silentAfter is how many connections are served by one that falls silent later.
const silentAfter = 100

func (l *oddListener) Accept() (net.Conn, error) {
	conn, err := l.Listener.Accept()
	if err != nil {
		return nil, err
	}
	late := l.count.Add(1) > oddAfter
	switch {
	case l.kind == "dies" && late:
		l.die()
	case l.kind == "refuses" && late:
		l.Listener.Close()
		conn.Close()
		return nil, net.ErrClosed
	case l.kind == "falls-silent" && l.count.Load() > silentAfter:
		l.kept = append(l.kept, conn) // open, as long as nobody collects it
		return l.Accept()
	case l.kind == "hangs-up" && late:
		conn.Close()
		return l.Accept()
	case l.kind == "never-closes":
		return &oddConn{Conn: conn, kind: l.kind}, nil
	case l.kind == "dies-of-error", l.kind == "dies-later", l.kind == "dies-of-many":
		return &oddConn{Conn: conn, kind: l.kind, die: l.die, written: &l.written}, nil
	}
	return conn, nil
}

type oddConn struct {
	net.Conn
	kind    string
	die     func()
	written *atomic.Int64 // replies, by all connections
}

// Close keeps a connection open that is to be closed, but for a minute.
func (c *oddConn) Close() error {
	if c.kind != "never-closes" {
		return c.Conn.Close()
	}
	time.AfterFunc(time.Minute, func() { c.Conn.Close() })
	return nil
}

// laterWord is the word of which a target dies that does so a while later.
const laterWord = "gets"

// Read dies of a word, when everything was answered long ago.
func (c *oddConn) Read(b []byte) (int, error) {
	n, err := c.Conn.Read(b)
	if c.kind == "dies-later" && strings.Contains(string(b[:n]), laterWord) {
		time.AfterFunc(400*time.Millisecond, c.die)
	}
	return n, err
}

// manyReplies is how many a target sends that dies of their number.
const manyReplies = 60

// Write dies a moment after the error for a put of letters, or of many replies.
func (c *oddConn) Write(b []byte) (int, error) {
	if c.kind == "dies-of-many" && c.written.Add(1) > manyReplies {
		c.die()
	}
	n, err := c.Conn.Write(b)
	if c.kind == "dies-of-error" && strings.HasPrefix(string(b), "error\n") {
		time.AfterFunc(time.Millisecond, c.die)
	}
	return n, err
}

func crashed(rep *report.Report) []string {
	var ids []string
	for _, c := range rep.Cases {
		if c.Verdict == report.Crashed {
			ids = append(ids, c.ID)
		}
	}
	return ids
}

// blamed returns the requirements of the findings.
func blamed(rep *report.Report) map[string]bool {
	ids := make(map[string]bool)
	for _, f := range rep.Findings {
		ids[f.Requirement] = true
	}
	return ids
}

func TestTargetThatListensLate(t *testing.T) {
	t.Parallel()
	rep := run(t, conformance.Config{Exec: targetCommand(t, "late"), Level: spec.Core})
	if !rep.Conformant {
		t.Errorf("findings:\n%s", describe(rep))
	}
}

// One that dies by itself, whatever it is asked, is no better than one that is killed.
// It is started again until that has cost too much, and the run ends.
func TestTargetThatDiesByItself(t *testing.T) {
	t.Parallel()
	rep := run(t, conformance.Config{Exec: targetCommand(t, "dies"), Level: spec.Core})
	if rep.Conformant || len(crashed(rep)) == 0 || rep.Target.Restarts == 0 {
		t.Errorf("conformant %v, crashed %v, %d restarts", rep.Conformant, crashed(rep), rep.Target.Restarts)
	}
	for id := range blamed(rep) {
		if id != "SES-001" && id != "SES-002" && id != cases.AfterWrong {
			t.Errorf("%s is blamed:\n%s", id, describe(rep))
		}
	}
	found := false
	for _, f := range rep.Findings {
		found = found || strings.Contains(f.Failure.Detail, "exit status 7")
	}
	if !found {
		t.Errorf("nothing says how it died:\n%s", describe(rep))
	}
}

// Whoever serves a few connections and then no more is broken, and the run ends.
func TestTargetsThatServeNoMore(t *testing.T) {
	for _, kind := range []string{"refuses", "hangs-up"} {
		t.Run(kind, func(t *testing.T) {
			t.Parallel()
			srv := mutant.New()
			addr := listen(t, func(ln net.Listener) { srv.Serve(oddly(kind, ln, nil)) }, srv.Close)
			rep := run(t, conformance.Config{Addr: addr, Level: spec.Core, Timeout: time.Second})
			if rep.Conformant || !rep.Broken() || len(rep.Findings) == 0 {
				t.Errorf("conformant %v, findings:\n%s", rep.Conformant, describe(rep))
			}
		})
	}
}

func TestTargetThatNeverCloses(t *testing.T) {
	t.Parallel()
	srv := mutant.New()
	addr := listen(t, func(ln net.Listener) { srv.Serve(oddly("never-closes", ln, nil)) }, srv.Close)
	rep := run(t, conformance.Config{Addr: addr, Timeout: time.Second})
	if rep.Conformant || !blamed(rep)["FRM-008"] {
		t.Errorf("conformant %v, findings:\n%s", rep.Conformant, describe(rep))
	}
	for _, f := range rep.Findings {
		if f.Requirement != "FRM-008" && f.Verdict != report.Warn {
			t.Errorf("%s is blamed as well:\n%s", f.Requirement, describe(rep))
		}
	}
}

// One that accepts connections and answers nothing any more is asked again by one case,
// not by all.
func TestTargetThatFallsSilent(t *testing.T) {
	t.Parallel()
	srv := mutant.New()
	addr := listen(t, func(ln net.Listener) { srv.Serve(oddly("falls-silent", ln, nil)) }, srv.Close)
	began := time.Now()
	rep := run(t, conformance.Config{Addr: addr, Level: spec.Core, Timeout: 2 * time.Second})
	if rep.Conformant || len(rep.Findings) == 0 || rep.Counts.Fail > 5 || rep.Counts.Blocked < 20 {
		t.Errorf("conformant %v, counts %+v, findings:\n%s", rep.Conformant, rep.Counts, describe(rep))
	}
	if took := time.Since(began); took > time.Minute {
		t.Errorf("the run took %s", took)
	}
}

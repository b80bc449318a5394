package target_test

import (
	"context"
	"errors"
	"net"
	"os"
	"slices"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/putget-protocol/putget/conformance/target"
)

// patience is long enough for any machine, and never waited out by a test that
// passes.
const patience = time.Minute

func newProcess(t *testing.T, cfg target.ExecConfig, command string) *target.Process {
	t.Helper()
	p, err := target.Exec(command, cfg)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(p.Close)
	return p
}

func started(t *testing.T, cfg target.ExecConfig, command string) *target.Process {
	t.Helper()
	p := newProcess(t, cfg, command)
	if err := p.Start(t.Context()); err != nil {
		t.Fatal(err)
	}
	return p
}

func eventually(t *testing.T, what string, done func() bool) {
	t.Helper()
	for end := time.Now().Add(patience); !done(); time.Sleep(time.Millisecond) {
		if time.Now().After(end) {
			t.Fatalf("%s did not happen", what)
		}
	}
}

func TestStartAndClose(t *testing.T) {
	p := newProcess(t, target.ExecConfig{}, command("serve", "{addr}"))
	if p.Alive() || p.Died() != nil || p.Output() != nil || p.Addr() != "" {
		t.Error("a target that was not started shows signs of life")
	}
	if err := p.Start(t.Context()); err != nil {
		t.Fatal(err)
	}
	if !p.Alive() {
		t.Error("Alive = false after Start")
	}
	if err := p.Probe(t.Context()); err != nil {
		t.Errorf("Probe: %v", err)
	}
	if _, ended := p.Exit(); ended {
		t.Error("Exit tells of an end")
	}
	eventually(t, "the printing of a line", func() bool { return slices.Equal(p.Output(), []string{"listening"}) })
	if err := p.Start(t.Context()); err == nil {
		t.Error("a second Start succeeded")
	}
	p.Close()
	if p.Alive() {
		t.Error("Alive = true after Close")
	}
	exit, ended := p.Exit()
	if !ended || !exit.ByUs {
		t.Errorf("Exit = %+v, %v; want an end by the judge", exit, ended)
	}
	if _, ok := errors.AsType[*target.UnreachableError](p.Probe(t.Context())); !ok {
		t.Error("a closed target is reachable")
	}
	p.Close()
	if err := p.Start(t.Context()); err != nil {
		t.Errorf("Start after Close: %v", err)
	}
}

func TestPlaceholders(t *testing.T) {
	p := started(t, target.ExecConfig{}, command("serve", "{host}:{port}")+" {addr} # {addr}")
	host, port, err := net.SplitHostPort(p.Addr())
	if err != nil || host != target.DefaultHost || port == "0" {
		t.Errorf("Addr = %q, %v", p.Addr(), err)
	}
	for _, bad := range []string{"", "  ", "./server", "./server {host}"} {
		if _, err := target.Exec(bad, target.ExecConfig{}); err == nil {
			t.Errorf("Exec(%q) succeeded, although the command cannot be told its port", bad)
		}
	}
}

func TestFixedAddr(t *testing.T) {
	first := started(t, target.ExecConfig{}, command("serve", "{addr}"))
	cfg := target.ExecConfig{Addr: first.Addr()}
	second := newProcess(t, cfg, command("serve", first.Addr()))
	err := second.Start(t.Context())
	if e, ok := errors.AsType[*target.StartError](err); !ok || e.Exit != nil || e.Addr != first.Addr() {
		t.Errorf("Start where another server listens: %v; want a StartError without an exit", err)
	}
	first.Close()
	if err := second.Start(t.Context()); err != nil {
		t.Errorf("Start at the free address: %v", err)
	}
	if err := second.Restart(t.Context()); err != nil || second.Addr() != first.Addr() {
		t.Errorf("Restart: %v at %s; want the fixed address %s", err, second.Addr(), first.Addr())
	}
}

// Between the moment when a port is found free and the one when the command listens
// there, somebody else may take it.
func TestStartTriesAnotherPort(t *testing.T) {
	dir := t.TempDir()
	p := newProcess(t, target.ExecConfig{}, command("robbed", "{addr}", dir))
	err := p.Start(t.Context())
	name, failed := os.ReadFile(dir + "/stranger")
	if failed != nil {
		t.Fatalf("no stranger took the port: %v; Start = %v", failed, err)
	}
	if pid, failed := strconv.Atoi(string(name)); failed == nil {
		syscall.Kill(pid, syscall.SIGKILL)
	}
	if err != nil || !p.Alive() {
		t.Errorf("Start = %v; want it to go on with another port", err)
	}
}

func TestStartWaits(t *testing.T) {
	started(t, target.ExecConfig{}, command("late", "{addr}"))
}

func TestStartOfOneThatDies(t *testing.T) {
	p := newProcess(t, target.ExecConfig{}, command("die", "{addr}"))
	err := p.Start(t.Context())
	e, ok := errors.AsType[*target.StartError](err)
	if !ok || e.Exit == nil || e.Exit.Code != 3 || e.Exit.ByUs {
		t.Fatalf("Start = %#v; want a StartError with exit status 3", err)
	}
	if want := []string{"to standard output", "no such option"}; !slices.Equal(e.Output, want) {
		t.Errorf("Output = %q; want %q", e.Output, want)
	}
	if !strings.Contains(err.Error(), "no such option") || !strings.Contains(err.Error(), "exit status 3") {
		t.Errorf("the message %q says neither what it printed nor how it ended", err)
	}
	if p.Alive() {
		t.Error("Alive = true")
	}
}

func TestStartOfOneThatIsNoCommand(t *testing.T) {
	p := newProcess(t, target.ExecConfig{}, "/no/such/program {addr}")
	err := p.Start(t.Context())
	if e, ok := errors.AsType[*target.StartError](err); !ok || e.Exit == nil || e.Exit.Code != 127 || len(e.Output) == 0 {
		t.Errorf("Start = %v; want a StartError with the shell's exit status 127 and message", err)
	}
	p = newProcess(t, target.ExecConfig{Dir: "/no/such/folder"}, "true {addr}")
	if _, ok := errors.AsType[*target.StartError](p.Start(t.Context())); !ok {
		t.Error("Start in a folder that is not there did not give a StartError")
	}
}

func TestStartOfOneThatNeverListens(t *testing.T) {
	p := newProcess(t, target.ExecConfig{StartTimeout: 300 * time.Millisecond}, command("never", "{addr}"))
	err := p.Start(t.Context())
	e, ok := errors.AsType[*target.StartError](err)
	if !ok || e.Exit != nil || !strings.Contains(err.Error(), "300ms") {
		t.Fatalf("Start = %v; want a StartError that names the time and no exit", err)
	}
	if p.Alive() {
		t.Error("it still runs")
	}
}

func TestStartCanceled(t *testing.T) {
	cause := errors.New("interrupted")
	ctx, cancel := context.WithCancelCause(t.Context())
	p := newProcess(t, target.ExecConfig{StartTimeout: -1}, command("never", "{addr}"))
	time.AfterFunc(50*time.Millisecond, func() { cancel(cause) })
	if err := p.Start(ctx); !errors.Is(err, cause) {
		t.Errorf("Start = %v; want the cause", err)
	}
	if p.Alive() {
		t.Error("it still runs")
	}
}

func TestDeathIsNoticed(t *testing.T) {
	p := started(t, target.ExecConfig{}, command("mortal", "{addr}"))
	died := p.Died()
	conn, err := net.Dial("tcp", p.Addr())
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	if _, err := conn.Write([]byte("x")); err != nil {
		t.Fatal(err)
	}
	select {
	case <-died:
	case <-time.After(patience):
		t.Fatal("the death was not noticed")
	}
	exit, ended := p.Exit()
	if p.Alive() || !ended || exit.Code != 5 || exit.ByUs {
		t.Errorf("Alive = %v, Exit = %+v, %v; want exit status 5", p.Alive(), exit, ended)
	}
	if got := p.Output(); len(got) == 0 || got[len(got)-1] != "cannot take it" {
		t.Errorf("Output = %q; want the last words", got)
	}

	before := p.Addr()
	if err := p.Restart(t.Context()); err != nil || !p.Alive() {
		t.Fatalf("Restart: %v", err)
	}
	if p.Addr() == before {
		t.Errorf("after Restart the address is still %s", before)
	}
	if _, ended := p.Exit(); ended {
		t.Error("after Restart Exit tells of the old end")
	}
}

func TestExitBySignal(t *testing.T) {
	// The shell runs one command and so may become it, or else reports its signal.
	for _, text := range []string{command("crash", "{addr}"), "exec env " + command("crash", "{addr}"), command("crash", "{addr}") + "; exit $?"} {
		p := newProcess(t, target.ExecConfig{}, text)
		e, ok := errors.AsType[*target.StartError](p.Start(t.Context()))
		if !ok || e.Exit == nil || !strings.Contains(e.Exit.String(), "signal 9 (killed)") {
			t.Errorf("Start of one that kills itself: %v; want its signal", e)
		}
	}
}

func TestOutputIsBounded(t *testing.T) {
	p := newProcess(t, target.ExecConfig{}, command("chatty", "{addr}"))
	if err := p.Start(t.Context()); err == nil {
		t.Fatal("it started")
	}
	lines := p.Output()
	size := 0
	for _, line := range lines {
		size += len(line) + 1
		if !strings.HasPrefix(line, "line ") && line != "last words" {
			t.Fatalf("a line was cut: %q", line)
		}
	}
	if size > 64<<10 || size < 32<<10 || lines[len(lines)-1] != "last words" {
		t.Errorf("%d lines with %d bytes are kept, the last is %q", len(lines), size, lines[len(lines)-1])
	}
}

func TestCloseIsGraceful(t *testing.T) {
	for _, text := range []string{command("graceful", "{addr}"), "true; " + command("graceful", "{addr}") + "; true"} {
		p := started(t, target.ExecConfig{Grace: patience}, text)
		p.Close()
		if got := p.Output(); len(got) == 0 || got[len(got)-1] != "bye" {
			t.Errorf("%s: Output = %q; want a good bye", text, got)
		}
	}
}

func TestCloseOfOneThatIgnoresSIGTERM(t *testing.T) {
	for _, grace := range []time.Duration{50 * time.Millisecond, -1} {
		p := started(t, target.ExecConfig{Grace: grace}, command("stubborn", "{addr}"))
		p.Close()
		if exit, ended := p.Exit(); !ended || !exit.ByUs {
			t.Errorf("Exit = %+v, %v", exit, ended)
		}
	}
}

func TestEnvAndDir(t *testing.T) {
	dir := t.TempDir()
	p := newProcess(t, target.ExecConfig{Env: []string{"GREETING=hello there"}, Dir: dir}, `echo "$GREETING"; pwd; : {addr}`)
	if err := p.Start(t.Context()); err == nil {
		t.Fatal("it started")
	}
	if got := p.Output(); len(got) != 2 || got[0] != "hello there" || !strings.HasSuffix(got[1], dir) {
		t.Errorf("Output = %q", got)
	}
}

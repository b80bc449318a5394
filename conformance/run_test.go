package conformance_test

import (
	"context"
	"errors"
	"fmt"
	"net"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/putget-protocol/putget/conformance"
	"github.com/putget-protocol/putget/conformance/cases"
	"github.com/putget-protocol/putget/conformance/mutant"
	"github.com/putget-protocol/putget/conformance/report"
	"github.com/putget-protocol/putget/conformance/target"
	"github.com/putget-protocol/putget/spec"
)

// serve starts a mutant with some faults, none for the right server, and returns its
// address.
func serve(t *testing.T, faults ...string) string {
	t.Helper()
	var found []mutant.Fault
	for _, id := range faults {
		f, ok := mutant.Find(id)
		if !ok {
			t.Fatalf("there is no fault %q", id)
		}
		found = append(found, f)
	}
	return serveServer(t, mutant.New(found...))
}

func serveServer(t *testing.T, srv *mutant.Server) string {
	t.Helper()
	return listen(t, func(ln net.Listener) { srv.Serve(ln) }, srv.Close)
}

// listen runs a server until the end of the test and returns its address.
func listen(t *testing.T, run func(net.Listener), end func()) string {
	t.Helper()
	ln, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	var wg sync.WaitGroup
	wg.Go(func() { run(ln) })
	t.Cleanup(func() {
		ln.Close()
		end()
		wg.Wait()
	})
	return ln.Addr().String()
}

func run(t *testing.T, cfg conformance.Config) *report.Report {
	t.Helper()
	rep, err := conformance.Run(t.Context(), cfg)
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range rep.Findings {
		if q, ok := spec.Find(f.Requirement); !ok || q.Level != spec.Core && rep.Level == spec.Core {
			t.Errorf("%s is blamed at %s, and binds at full only or does not exist:\n%s", f.Requirement, rep.Level, describe(rep))
		}
	}
	return rep
}

// describe returns the findings of a report, a line each.
func describe(rep *report.Report) string {
	var lines []string
	for _, f := range rep.Findings {
		lines = append(lines, fmt.Sprintf("%s %s (%s, %s): got %q, want %s", f.Verdict, f.Requirement, f.Case, f.Failure.Symptom, f.Failure.Reply, f.Failure.Want))
	}
	for _, c := range rep.Cases {
		if c.Verdict == report.Error {
			lines = append(lines, "error "+c.ID+": "+c.Reason)
		}
	}
	return strings.Join(lines, "\n")
}

func TestRightServerConforms(t *testing.T) {
	for _, level := range []spec.Level{spec.Core, spec.Full} {
		t.Run(string(level), func(t *testing.T) {
			rep := run(t, conformance.Config{Addr: serve(t), Level: level})
			if !rep.Conformant || len(rep.Findings) > 0 {
				t.Errorf("conformant: %v, notes %q, findings:\n%s", rep.Conformant, rep.Notes, describe(rep))
			}
			for _, r := range rep.Requirements {
				_, untestable := cases.Untestable()[r.ID]
				if bound := r.Keyword != spec.May && !untestable; bound && r.Verdict != report.Pass {
					t.Errorf("%s is %s", r.ID, r.Verdict)
				}
			}
			if observed := len(rep.Observations) > 20; observed != (level == spec.Core) {
				t.Errorf("%d observations at %s", len(rep.Observations), level)
			}
		})
	}
}

// A fault of each kind is found, and blamed on the sentence that it breaks.
func TestFaultsAreBlamedExactly(t *testing.T) {
	for _, id := range []string{"arrival-order", "keeps-both", "first-letters", "prefix-keys", "own-store", "first-of-segment", "wrong-closes", "whole-without-point"} {
		t.Run(id, func(t *testing.T) {
			t.Parallel()
			fault, _ := mutant.Find(id)
			rep := run(t, conformance.Config{Addr: serve(t, id)})
			var blamed []string
			for _, f := range rep.Findings {
				blamed = append(blamed, f.Requirement)
				if f.Requirement != fault.Breaks && !slices.Contains(fault.Causes, f.Requirement) {
					t.Errorf("%s is blamed, which it neither breaks nor causes:\n%s", f.Requirement, describe(rep))
				}
			}
			if !slices.Contains(blamed, fault.Breaks) {
				t.Errorf("%s breaks %s; blamed is %v", id, fault.Breaks, blamed)
			}
			broken, _ := spec.Find(fault.Breaks)
			if rep.Conformant != (report.OfKeyword(broken.Keyword) == report.Warn) {
				t.Errorf("conformant: %v, though %s is %s", rep.Conformant, fault.Breaks, broken.Keyword)
			}
		})
	}
}

func TestNothingListens(t *testing.T) {
	ln, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	ln.Close() // its port is free now
	rep, err := conformance.Run(t.Context(), conformance.Config{Addr: ln.Addr().String()})
	if _, ok := errors.AsType[*target.UnreachableError](err); !ok || rep != nil {
		t.Errorf("got %v, %v, want an UnreachableError", rep, err)
	}
}

// answering accepts connections and gives each to a function of its own.
func answering(t *testing.T, answer func(net.Conn)) string {
	t.Helper()
	var mu sync.Mutex
	var conns []net.Conn
	return listen(t, func(ln net.Listener) {
		var wg sync.WaitGroup
		defer wg.Wait()
		for {
			conn, err := ln.Accept()
			if err != nil {
				return
			}
			mu.Lock()
			conns = append(conns, conn)
			mu.Unlock()
			wg.Go(func() { answer(conn) })
		}
	}, func() {
		mu.Lock()
		defer mu.Unlock()
		for _, conn := range conns {
			conn.Close()
		}
	})
}

// Whoever speaks something else, or nothing, fails the sanity case, which blocks
// all the others: one finding, and no long wait.
func TestStrangersFailSanityAndNothingElse(t *testing.T) {
	const http = "HTTP/1.1 400 Bad Request\r\nConnection: close\r\n\r\n"
	tests := []struct {
		name   string
		answer func(net.Conn)
	}{
		{"Silent", func(conn net.Conn) { drain(conn) }},
		{"HTTP", func(conn net.Conn) {
			conn.Read(make([]byte, 100))
			conn.Write([]byte(http))
			conn.Close()
		}},
		{"Banner", func(conn net.Conn) {
			conn.Write([]byte("220 mail.example ESMTP\r\n"))
			drain(conn)
		}},
		{"Closes", func(conn net.Conn) { conn.Close() }},
		{"Endless", func(conn net.Conn) {
			for {
				if _, err := conn.Write([]byte(strings.Repeat("x", 4096))); err != nil {
					return
				}
			}
		}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			rep := run(t, conformance.Config{Addr: answering(t, tt.answer), Timeout: 500 * time.Millisecond})
			if rep.Conformant || !rep.Broken() || len(rep.Findings) != 1 {
				t.Errorf("conformant: %v, findings:\n%s", rep.Conformant, describe(rep))
			}
			for _, c := range rep.Cases {
				if c.ID != cases.SanityFirst && c.Verdict != report.Blocked {
					t.Errorf("%s is %s, not blocked", c.ID, c.Verdict)
				}
			}
		})
	}
}

func drain(conn net.Conn) {
	buf := make([]byte, 4096)
	for {
		if _, err := conn.Read(buf); err != nil {
			return
		}
	}
}

func TestConfigErrors(t *testing.T) {
	tests := []struct {
		name string
		cfg  conformance.Config
	}{
		{"NoTarget", conformance.Config{}},
		{"TwoTargets", conformance.Config{Addr: "127.0.0.1:1", Exec: "x {addr}"}},
		{"NoPort", conformance.Config{Addr: "localhost"}},
		{"NoPlaceholder", conformance.Config{Exec: "server"}},
		{"Level", conformance.Config{Addr: "127.0.0.1:1", Level: "most"}},
		{"Pattern", conformance.Config{Addr: "127.0.0.1:1", Run: []string{"["}}},
		{"Timeout", conformance.Config{Addr: "127.0.0.1:1", Timeout: -1}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			_, err := conformance.Run(t.Context(), tt.cfg)
			if _, ok := errors.AsType[*conformance.ConfigError](err); !ok {
				t.Errorf("got %v, want a ConfigError", err)
			}
		})
	}
}

func TestNothingSelectedIsNoSuccess(t *testing.T) {
	for _, cfg := range []conformance.Config{{Run: []string{"no-such-case"}}, {Skip: []string{"*"}}, {Level: spec.Core, Run: []string{"FRM-004"}, Skip: []string{"observed"}}} {
		cfg.Addr = "127.0.0.1:1" // nothing is sent there
		if _, err := conformance.Run(t.Context(), cfg); !errors.Is(err, conformance.ErrNothingRan) {
			t.Errorf("Run %q, Skip %q: got %v, want ErrNothingRan", cfg.Run, cfg.Skip, err)
		}
	}
}

func TestRunAndSkipSelect(t *testing.T) {
	rep := run(t, conformance.Config{Addr: serve(t), Run: []string{"GET-00[1-4]"}, Skip: []string{"example-*", "get-only"}})
	var got []string
	for _, c := range rep.Cases {
		got = append(got, c.ID)
	}
	for _, id := range []string{cases.SanityFirst, "get-known", "get-unknown", cases.SanityLast} {
		if !slices.Contains(got, id) {
			t.Errorf("%s did not run; %v did", id, got)
		}
	}
	for _, id := range []string{"get-only", "put-twice", "example-get-ascending"} {
		if slices.Contains(got, id) {
			t.Errorf("%s ran", id)
		}
	}
}

// An interrupted run reports what was seen and blames nobody for the rest.
func TestInterruptedRun(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	seen := 0
	rep, err := conformance.Run(ctx, conformance.Config{Addr: serve(t), Progress: func(report.Case) {
		if seen++; seen == 5 {
			cancel()
		}
	}})
	if !errors.Is(err, context.Canceled) || rep == nil {
		t.Fatalf("got %v, %v", rep, err)
	}
	if !rep.Interrupted || rep.Conformant || rep.Broken() || len(rep.Cases) != seen {
		t.Errorf("interrupted %v, conformant %v, %d cases of %d seen, findings:\n%s", rep.Interrupted, rep.Conformant, len(rep.Cases), seen, describe(rep))
	}
}

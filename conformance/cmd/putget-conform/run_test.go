package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/putget-protocol/putget/conformance/mutant"
	"github.com/putget-protocol/putget/conformance/report"
)

// TestMain lets this binary be the server that --exec starts: with an address in the
// environment it serves there, with the fault or as the variant that is named; and the
// program, as a process.
func TestMain(m *testing.M) {
	if addr := os.Getenv("PUTGET_TEST_SERVE"); addr != "" {
		if err := serveHere(addr, os.Getenv("PUTGET_TEST_FAULT")); err != nil {
			fmt.Fprintln(os.Stderr, "the server of the test:", err)
			os.Exit(1)
		}
		os.Exit(0)
	}
	if kind := os.Getenv(clientVariable); kind != "" {
		beClient(kind)
	}
	if slices.Contains(os.Environ(), asProgram) {
		main()
	}
	if os.Getenv(programVariable) != "" {
		beProgram() // does not return
	}
	os.Exit(m.Run())
}

func serveHere(addr, fault string) error {
	ln, err := net.Listen("tcp", addr)
	if err != nil {
		return err
	}
	fmt.Println("serving at", ln.Addr())
	return mutantOf(fault).Serve(ln)
}

// mutantOf returns the right server for an empty id.
func mutantOf(id string) *mutant.Server {
	if v, ok := mutant.FindVariant(id); ok {
		return mutant.NewVariant(v)
	}
	if f, ok := mutant.Find(id); ok {
		return mutant.New(f)
	}
	if id != "" {
		panic("there is neither a fault nor a variant " + id)
	}
	return mutant.New()
}

// targetCommand is the command by which --exec starts this binary as a server.
func targetCommand(t *testing.T, fault string) string {
	t.Helper()
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	return fmt.Sprintf("PUTGET_TEST_SERVE={addr} PUTGET_TEST_FAULT=%s exec '%s'", fault, self)
}

// listen runs a server until the end of the test and returns its address.
func listen(t *testing.T, serve func(net.Listener), end func()) string {
	t.Helper()
	ln, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	var wg sync.WaitGroup
	wg.Go(func() { serve(ln) })
	t.Cleanup(func() {
		ln.Close()
		end()
		wg.Wait()
	})
	return ln.Addr().String()
}

// server runs a right server, or one with the fault or as the variant that is named.
func server(t *testing.T, fault string) string {
	t.Helper()
	srv := mutantOf(fault)
	return listen(t, func(ln net.Listener) { srv.Serve(ln) }, srv.Close)
}

// stranger answers every connection with a text of its own, or with silence.
func stranger(t *testing.T, text string) string {
	var mu sync.Mutex
	var conns []net.Conn
	return listen(t, func(ln net.Listener) {
		for {
			conn, err := ln.Accept()
			if err != nil {
				return
			}
			mu.Lock()
			conns = append(conns, conn)
			mu.Unlock()
			conn.Write([]byte(text)) // what becomes of it is for the judge to see
		}
	}, func() {
		mu.Lock()
		defer mu.Unlock()
		for _, conn := range conns {
			conn.Close()
		}
	})
}

func free(t *testing.T) string {
	ln, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer ln.Close()
	return ln.Addr().String()
}

// call runs the program and returns what it printed and its exit code.
func call(ctx context.Context, args ...string) (string, int) {
	var out bytes.Buffer
	err := run(ctx, args, strings.NewReader(""), &out, &out)
	if err != nil {
		fmt.Fprintln(&out, err)
	}
	return out.String(), exitCode(err)
}

func TestExitCodes(t *testing.T) {
	tests := []struct {
		name string
		args func(t *testing.T) []string
		want int
		text string // that is printed
	}{
		{"Conformant", func(t *testing.T) []string { return []string{"--addr", server(t, "")} }, 0, "CONFORMANT at level core"},
		{"Started", func(t *testing.T) []string { return []string{"--exec", targetCommand(t, "")} }, 0, "CONFORMANT at level core"},
		{"WarningsOnly", func(t *testing.T) []string {
			return []string{"--level", "full", "--run", "REP-008", "--addr", server(t, "whole-without-point")}
		}, 0, "WARN"},
		{"NotConformant", func(t *testing.T) []string { return []string{"--addr", server(t, "arrival-order")} }, 1, "GET-004"},
		{"Killed", func(t *testing.T) []string {
			return []string{"--run", "ERR-*", "--exec", targetCommand(t, "wrong-kills")}
		}, 1, "CRASHED"},
		{"SomethingElse", func(t *testing.T) []string {
			return []string{"--timeout", "500ms", "--addr", stranger(t, "HTTP/1.1 400 Bad Request\r\n\r\n")}
		}, 1, "blocked"},
		{"NeverAnswers", func(t *testing.T) []string { return []string{"--timeout", "500ms", "--addr", stranger(t, "")} }, 1, "blocked"},
		{"NoTarget", func(*testing.T) []string { return nil }, 2, "Addr"},
		{"UnknownFlag", func(*testing.T) []string { return []string{"--adr", "x"} }, 2, "--help"},
		{"UnknownLevel", func(*testing.T) []string { return []string{"--addr", "127.0.0.1:1", "--level", "most"} }, 2, "core or full"},
		{"Argument", func(*testing.T) []string { return []string{"127.0.0.1:1"} }, 2, "--help"},
		{"NothingListens", func(t *testing.T) []string { return []string{"--addr", free(t)} }, 3, "is the server running"},
		{"CannotStart", func(*testing.T) []string { return []string{"--exec", "echo no such thing {addr}; exit 7"} }, 3, "no such thing"},
		{"NothingRan", func(*testing.T) []string { return []string{"--addr", "127.0.0.1:1", "--run", "XYZ-*"} }, 4, "no case"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			args := append([]string{"server", "--level", "core"}, tt.args(t)...)
			out, got := call(t.Context(), args...)
			if got != tt.want || !strings.Contains(out, tt.text) {
				t.Errorf("exit code %d, want %d; printed, want %q in it:\n%s", got, tt.want, tt.text, out)
			}
		})
	}
}

func TestUsageOfTheProgram(t *testing.T) {
	tests := []struct {
		args string
		want int
		text string
	}{
		{"", 2, "server, client, adapter"},
		{"judge", 2, "judge"},
		{"--help", 0, "Exit codes"},
		{"server --help", 0, "--exec CMD"},
		{"--version", 0, "PutGet 1.0"},
		{"completion bash", 0, "putget-conform"},
		{"list", 0, "put-replace"},
		{"list cases --level core", 0, "observed"},
		{"list requirements", 0, "CLI-001"},
		{"list everything", 2, "everything"},
		{"explain FRM-004", 0, "in the order of the requests"},
		{"explain put-twice", 0, "PUT-003"},
		{"explain XYZ-001", 2, "neither a requirement"},
	}
	for _, tt := range tests {
		t.Run(tt.args, func(t *testing.T) {
			out, got := call(t.Context(), strings.Fields(tt.args)...)
			if got != tt.want || !strings.Contains(out, tt.text) {
				t.Errorf("exit code %d, want %d; printed, want %q in it:\n%s", got, tt.want, tt.text, out)
			}
		})
	}
}

// What was seen is reported also when the run is interrupted, and the file is whole.
func TestInterruptedRunWritesItsReport(t *testing.T) {
	file := filepath.Join(t.TempDir(), "report.json")
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	var out bytes.Buffer
	stop := writerFunc(func(p []byte) (int, error) {
		if bytes.Contains(p, []byte("put-reply")) {
			cancel()
		}
		return out.Write(p)
	})
	err := run(ctx, []string{"server", "--exec", targetCommand(t, ""), "--json", file}, strings.NewReader(""), stop, stop)
	if !errors.Is(err, context.Canceled) || exitCode(err) != exitTrouble {
		t.Errorf("got %v", err)
	}
	data, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	var rep report.Report
	if err := json.Unmarshal(data, &rep); err != nil || !rep.Interrupted || len(rep.Cases) == 0 || rep.Conformant {
		t.Errorf("%v, interrupted %v, %d cases, conformant %v", err, rep.Interrupted, len(rep.Cases), rep.Conformant)
	}
	if conn, err := net.Dial("tcp", rep.Target.Addr); err == nil {
		conn.Close()
		t.Errorf("the target still listens at %s", rep.Target.Addr)
	}
}

type writerFunc func([]byte) (int, error)

func (f writerFunc) Write(p []byte) (int, error) { return f(p) }

package main_test

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"io"
	"net"
	"os"
	"os/exec"
	"strings"
	"sync"
	"testing"
	"time"

	main "github.com/putget-protocol/putget/client/cmd/putget"
)

// asProgram makes the test binary the program.
const asProgram = "PUTGET_TEST_AS_PROGRAM"

func TestMain(m *testing.M) {
	if os.Getenv(asProgram) != "" {
		main.Main()
		return
	}
	os.Exit(m.Run())
}

// command returns the program with args, as a process that talks to addr if that is
// not empty. It is killed if the test takes far too long.
func command(t *testing.T, addr string, args ...string) *exec.Cmd {
	t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
	t.Cleanup(cancel)
	cmd := exec.CommandContext(ctx, os.Args[0], args...)
	cmd.Env = append(os.Environ(), asProgram+"=1", "PUTGET_ADDR="+addr,
		"GORACE=atexit_sleep_ms=0") // a second for each process otherwise
	return cmd
}

// A result is what a process left.
type result struct {
	stdout, stderr string
	code           int
}

// putget runs the program to its end.
func putget(t *testing.T, addr, stdin string, args ...string) result {
	t.Helper()
	cmd := command(t, addr, args...)
	cmd.Stdin = strings.NewReader(stdin)
	var stdout, stderr bytes.Buffer
	cmd.Stdout, cmd.Stderr = &stdout, &stderr
	err := cmd.Run()
	if _, exited := errors.AsType[*exec.ExitError](err); err != nil && !exited {
		t.Fatal(err)
	}
	return result{stdout: stdout.String(), stderr: stderr.String(), code: cmd.ProcessState.ExitCode()}
}

// A peer is the server's end of one connection.
type peer struct {
	*bufio.Reader
	net.Conn
}

func (p peer) Read(b []byte) (int, error) { return p.Reader.Read(b) }

// line returns the next request without its end, or "" at the end.
func (p peer) line() string {
	text, err := p.ReadString('\n')
	if err != nil {
		return ""
	}
	return strings.TrimSuffix(text, "\n")
}

func (p peer) send(t *testing.T, text string) {
	t.Helper()
	if _, err := io.WriteString(p.Conn, text); err != nil {
		t.Errorf("server sends %q: %v", text, err)
	}
}

// listen serves script to every connection until the test ends.
func listen(t *testing.T, script func(peer)) (addr string) {
	t.Helper()
	ln, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	var scripts sync.WaitGroup
	scripts.Go(func() {
		for {
			conn, err := ln.Accept()
			if err != nil {
				return // closed below
			}
			scripts.Go(func() {
				defer conn.Close()
				script(peer{bufio.NewReader(conn), conn})
			})
		}
	})
	t.Cleanup(func() { ln.Close(); scripts.Wait() })
	return ln.Addr().String()
}

// answer serves replies by request. A request without one fails the test.
func answer(t *testing.T, replies map[string]string) (addr string) {
	t.Helper()
	return listen(t, func(p peer) {
		for line := p.line(); line != ""; line = p.line() {
			reply, known := replies[line]
			if !known {
				t.Errorf("server received %q", line)
				return
			}
			p.send(t, reply)
		}
	})
}

// acknowledge serves ok to every request, and keeps the requests.
func acknowledge(t *testing.T) (addr string, requests func() []string) {
	t.Helper()
	var mu sync.Mutex
	var all []string
	addr = listen(t, func(p peer) {
		for line := p.line(); line != ""; line = p.line() {
			mu.Lock()
			all = append(all, line)
			mu.Unlock()
			if _, err := io.WriteString(p.Conn, "ok\n\n"); err != nil {
				return
			}
		}
	})
	return addr, func() []string {
		mu.Lock()
		defer mu.Unlock()
		return all
	}
}

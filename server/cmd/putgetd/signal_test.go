package main_test

import (
	"bufio"
	"encoding/json"
	"fmt"
	"io"
	"net"
	"os"
	"strings"
	"syscall"
	"testing"
)

// askForTooMuch connects a peer that asks for far more than the kernel holds and
// reads nothing. It returns when the program has begun to answer.
func askForTooMuch(t *testing.T, d *daemon) net.Conn {
	t.Helper()
	const n = 10_000
	var puts strings.Builder
	for i := range n {
		fmt.Fprintf(&puts, "put long 0.5 %d\n", 1_500_000_000+i)
	}
	nc := d.dial()
	go io.WriteString(nc, puts.String()) // read meanwhile, or both sides block
	exchange(t, nc, "", strings.Repeat("ok\n\n", n))
	exchange(t, nc, strings.Repeat("get long\n", repliesAsked), "ok\nlong ")
	return nc
}

// repliesAsked is how many replies, of 200 KB each, askForTooMuch asks for.
const repliesAsked = 200

// TestSignalsEndInOrder: a session with an unfinished line and one that is idle
// see the end of the stream, and the code is 0.
func TestSignalsEndInOrder(t *testing.T) {
	for _, sig := range []syscall.Signal{syscall.SIGINT, syscall.SIGTERM} {
		t.Run(sig.String(), func(t *testing.T) {
			d := start(t)
			idle, half := d.dial(), d.dial()
			exchange(t, idle, "put a 1 2\nget a\n", "ok\n\nok\na 1.0 2\n\n")
			exchange(t, half, "get b\nput a 1", "ok\n\n")
			d.signal(sig)
			for _, nc := range []net.Conn{idle, half} {
				if got, err := io.ReadAll(nc); len(got) > 0 || err != nil {
					t.Errorf("read %q, %v, want the end of the stream", got, err)
				}
				nc.Close()
			}
			if code := d.wait(); code != 0 {
				t.Errorf("code %d, want 0; log:\n%s", code, d.logged())
			}
			if log := d.logged(); !strings.Contains(log, "draining") || !strings.Contains(log, "stopped") {
				t.Errorf("log says nothing of it:\n%s", log)
			}
		})
	}
}

// TestDrainSendsRepliesWhole: a signal in the middle of long replies costs none
// of them.
func TestDrainSendsRepliesWhole(t *testing.T) {
	d := start(t, "--drain-timeout", "0")
	nc := askForTooMuch(t, d)
	d.signal(syscall.SIGTERM)
	d.waitLogged("draining")
	lines, replies := bufio.NewScanner(nc), 0
	for lines.Scan() {
		if lines.Text() == "" {
			replies++
		}
	}
	if replies != repliesAsked || lines.Err() != nil {
		t.Errorf("%d replies, %v, want %d", replies, lines.Err(), repliesAsked)
	}
	nc.Close()
	if code := d.wait(); code != 0 {
		t.Errorf("code %d, want 0; log:\n%s", code, d.logged())
	}
}

// TestDrainTimesOut: a peer that does not read does not keep the program.
func TestDrainTimesOut(t *testing.T) {
	d := start(t, "--drain-timeout", "50ms")
	askForTooMuch(t, d)
	d.signal(syscall.SIGTERM)
	if code := d.wait(); code != 1 {
		t.Errorf("code %d, want 1", code)
	}
	if !strings.Contains(d.logged(), "putgetd: connections were cut before they were answered: --drain-timeout has passed\n") {
		t.Errorf("last words are missing:\n%s", d.logged())
	}
}

// TestSecondSignalCuts: nor does it keep one who is in a hurry.
func TestSecondSignalCuts(t *testing.T) {
	d := start(t, "--drain-timeout", "0")
	nc := askForTooMuch(t, d)
	d.signal(syscall.SIGINT)
	d.waitLogged("draining")
	d.signal(syscall.SIGINT)
	if code := d.wait(); code != 1 {
		t.Errorf("code %d, want 1", code)
	}
	if !strings.Contains(d.logged(), "a second signal came") {
		t.Errorf("last words are missing:\n%s", d.logged())
	}
	lines, replies := bufio.NewScanner(nc), 0
	for lines.Scan() {
		if lines.Text() == "" {
			replies++
		}
	}
	if replies == repliesAsked {
		t.Error("all replies came: nothing was cut")
	}
}

// TestKill: after a kill -9 the same address can be bound at once, and the
// samples are gone, as the help says.
func TestKill(t *testing.T) {
	d := start(t)
	nc := d.dial()
	exchange(t, nc, "put a 1 2\nget *\n", "ok\n\nok\na 1.0 2\n\n")
	if err := d.cmd.Process.Kill(); err != nil {
		t.Fatal(err)
	}
	if code := d.wait(); code != -1 {
		t.Errorf("code %d, want none", code)
	}
	if _, err := io.ReadAll(nc); err != nil && !strings.Contains(err.Error(), "reset") {
		t.Errorf("read: %v", err)
	}
	again := start(t, "--addr", d.addr)
	if again.addr != d.addr {
		t.Errorf("bound to %s, want %s", again.addr, d.addr)
	}
	exchange(t, again.dial(), "get *\n", "ok\n\n")
}

// TestJSONLog: every line of the log is an object.
func TestJSONLog(t *testing.T) {
	d := start(t, "--log-format", "json", "--log-level", "debug")
	exchange(t, d.dial(), "get a\n", "ok\n\n")
	d.signal(syscall.SIGTERM)
	if code := d.wait(); code != 0 {
		t.Errorf("code %d, want 0", code)
	}
	messages := make(map[string]bool)
	for line := range strings.Lines(d.logged()) {
		var entry struct{ Time, Level, Msg, Addr string }
		if err := json.Unmarshal([]byte(line), &entry); err != nil || entry.Time == "" || entry.Level == "" {
			t.Errorf("no entry: %q (%v)", line, err)
		}
		if entry.Msg == "listening" && entry.Addr != d.addr {
			t.Errorf("addr is %q, want %q", entry.Addr, d.addr)
		}
		messages[entry.Msg] = true
	}
	for _, want := range []string{"listening", "connection accepted", "draining", "stopped"} {
		if !messages[want] {
			t.Errorf("nothing was logged with the message %q:\n%s", want, d.logged())
		}
	}
}

// TestQuietLog: at level warn, a run without trouble logs nothing.
func TestQuietLog(t *testing.T) {
	d := start(t, "--log-level", "warn")
	exchange(t, d.dial(), "wrong\n", "error\nwrong command\n\n")
	d.signal(syscall.SIGTERM)
	if code := d.wait(); code != 0 || d.logged() != "" {
		t.Errorf("code %d, log %q, want 0 and nothing", code, d.logged())
	}
}

// TestLogReaderIsGone: the program outlives whoever reads its log.
func TestLogReaderIsGone(t *testing.T) {
	cmd := command(t, "--addr", "127.0.0.1:0", "--log-level", "debug")
	stdout, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	r, w, err := os.Pipe()
	if err != nil {
		t.Fatal(err)
	}
	cmd.Stderr = w
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	w.Close()
	r.Close()
	line, err := bufio.NewReader(stdout).ReadString('\n')
	if err != nil {
		t.Fatal(err)
	}
	d := &daemon{t: t, cmd: cmd, addr: strings.TrimSpace(strings.TrimPrefix(line, "listening on ")), out: strings.NewReader("")}
	for range 3 {
		exchange(t, d.dial(), "get a\n", "ok\n\n")
	}
	d.signal(syscall.SIGTERM)
	if code := d.wait(); code != 0 {
		t.Errorf("code %d, want 0", code)
	}
}

// TestAddressReaderIsGone: without a reader for the address nobody knows where
// the program listens, and it says so.
func TestAddressReaderIsGone(t *testing.T) {
	cmd := command(t, "--addr", "127.0.0.1:0")
	r, w, err := os.Pipe()
	if err != nil {
		t.Fatal(err)
	}
	r.Close()
	var stderr strings.Builder
	cmd.Stdout, cmd.Stderr = w, &stderr
	if err := cmd.Run(); err == nil {
		t.Error("code 0")
	}
	w.Close()
	if code := cmd.ProcessState.ExitCode(); code != 1 || !strings.Contains(stderr.String(), "cannot print the address") {
		t.Errorf("code %d, stderr %q, want 1 and the reason", code, stderr.String())
	}
}

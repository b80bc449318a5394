package main_test

import (
	"bufio"
	"bytes"
	"context"
	"io"
	"net"
	"os"
	"os/exec"
	"regexp"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	main "github.com/putget-protocol/putget/server/cmd/putgetd"
)

// asProgram makes the test binary the program.
const asProgram = "PUTGETD_TEST_AS_PROGRAM"

// patience bounds waits that a sound program ends much sooner.
const patience = 30 * time.Second

func TestMain(m *testing.M) {
	if os.Getenv(asProgram) != "" {
		main.Main()
		return
	}
	os.Exit(m.Run())
}

// command returns the program with args. It is killed if the test takes far too
// long.
func command(t *testing.T, args ...string) *exec.Cmd {
	t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), 2*patience)
	t.Cleanup(cancel)
	cmd := exec.CommandContext(ctx, os.Args[0], args...)
	cmd.Env = append(os.Environ(), asProgram+"=1", "GORACE=atexit_sleep_ms=0")
	return cmd
}

// A result is what a process left.
type result struct {
	stdout, stderr string
	code           int
}

// run runs the program to its end.
func run(t *testing.T, args ...string) result {
	t.Helper()
	cmd := command(t, args...)
	var stdout, stderr bytes.Buffer
	cmd.Stdout, cmd.Stderr = &stdout, &stderr
	if err := cmd.Run(); cmd.ProcessState == nil {
		t.Fatal(err)
	}
	return result{stdout.String(), stderr.String(), cmd.ProcessState.ExitCode()}
}

// A daemon is a running program.
type daemon struct {
	t    *testing.T
	cmd  *exec.Cmd
	addr string
	out  io.Reader // what it prints after its address

	mu  sync.Mutex
	log bytes.Buffer
}

// Write takes the log.
func (d *daemon) Write(p []byte) (int, error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	return d.log.Write(p)
}

func (d *daemon) logged() string {
	d.mu.Lock()
	defer d.mu.Unlock()
	return d.log.String()
}

// waitLogged waits until the log holds s.
func (d *daemon) waitLogged(s string) {
	d.t.Helper()
	for end := time.Now().Add(patience); !strings.Contains(d.logged(), s); time.Sleep(time.Millisecond) {
		if time.Now().After(end) {
			d.t.Fatalf("log has no %q:\n%s", s, d.logged())
		}
	}
}

// start runs the program on a free port, unless args say another, and waits for
// its address. It is killed when the test ends.
func start(t *testing.T, args ...string) *daemon {
	t.Helper()
	d := &daemon{t: t, cmd: command(t, append([]string{"--addr", "127.0.0.1:0"}, args...)...)}
	d.cmd.Stderr = d
	stdout, err := d.cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := d.cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if d.cmd.ProcessState == nil {
			_ = d.cmd.Process.Kill()
			_ = d.cmd.Wait()
		}
	})
	br := bufio.NewReader(stdout)
	line, err := br.ReadString('\n')
	m := regexp.MustCompile(`^listening on (127\.0\.0\.1:[1-9][0-9]*)\n$`).FindStringSubmatch(line)
	if m == nil {
		t.Fatalf("first line is %q, %v, want the address; log:\n%s", line, err, d.logged())
	}
	d.addr, d.out = m[1], br
	return d
}

// signal sends sig to the process.
func (d *daemon) signal(sig syscall.Signal) {
	d.t.Helper()
	if err := d.cmd.Process.Signal(sig); err != nil {
		d.t.Fatal(err)
	}
}

// wait returns the exit code, having made sure that nothing more was printed.
func (d *daemon) wait() int {
	d.t.Helper()
	more, err := io.ReadAll(d.out)
	if len(more) > 0 || err != nil {
		d.t.Errorf("printed %q to standard output after the address (%v)", more, err)
	}
	_ = d.cmd.Wait() // the code says the same
	return d.cmd.ProcessState.ExitCode()
}

// dial connects to the program.
func (d *daemon) dial() net.Conn {
	d.t.Helper()
	nc, err := net.Dial("tcp", d.addr)
	if err != nil {
		d.t.Fatal(err)
	}
	d.t.Cleanup(func() { nc.Close() })
	if err := nc.SetDeadline(time.Now().Add(patience)); err != nil {
		d.t.Fatal(err)
	}
	return nc
}

// exchange sends s and reads exactly the bytes of want.
func exchange(t *testing.T, nc net.Conn, s, want string) {
	t.Helper()
	if _, err := io.WriteString(nc, s); err != nil {
		t.Fatal(err)
	}
	got := make([]byte, len(want))
	if n, err := io.ReadFull(nc, got); err != nil || string(got) != want {
		t.Fatalf("%.60q: got %.200q, %v, want %.200q", s, got[:n], err, want)
	}
}

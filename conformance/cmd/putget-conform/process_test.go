package main

import (
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"
)

// asProgram in the environment makes this binary the program itself.
const asProgram = "PUTGET_TEST_PROGRAM=1"

// A process is the program as a shell runs it.
type process struct {
	cmd    *exec.Cmd
	stdout io.Closer
	lines  *bufio.Scanner // of its standard output
	stderr bytes.Buffer
}

// start starts the program in a folder.
func start(t *testing.T, dir string, args ...string) *process {
	t.Helper()
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	p := &process{cmd: exec.CommandContext(t.Context(), self, args...)}
	p.cmd.Dir, p.cmd.Stderr = dir, &p.stderr
	p.cmd.Env = append(os.Environ(), asProgram)
	out, err := p.cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	p.stdout, p.lines = out, bufio.NewScanner(out)
	if err := p.cmd.Start(); err != nil {
		t.Fatal(err)
	}
	return p
}

// until reads lines up to one that holds text.
func (p *process) until(t *testing.T, text string) {
	t.Helper()
	for p.lines.Scan() {
		if strings.Contains(p.lines.Text(), text) {
			return
		}
	}
	t.Fatalf("the program ended without a line with %q; standard error: %s", text, p.stderr.String())
}

// end reads what is left of the output and returns it with the exit code, -1 for that
// of a signal.
func (p *process) end(t *testing.T) (stdout, stderr string, code int) {
	t.Helper()
	var out strings.Builder
	for p.lines.Scan() {
		out.WriteString(p.lines.Text() + "\n")
	}
	if err := p.cmd.Wait(); err != nil {
		if _, ended := errors.AsType[*exec.ExitError](err); !ended {
			t.Fatal(err)
		}
	}
	return out.String(), p.stderr.String(), p.cmd.ProcessState.ExitCode()
}

// program runs the program to its end in an empty folder.
func program(t *testing.T, args ...string) (stdout, stderr string, code int) {
	t.Helper()
	return start(t, t.TempDir(), args...).end(t)
}

// named returns a command that writes its process id into a file and goes on as the
// command of a target does.
func named(t *testing.T, fault string) (command, file string) {
	t.Helper()
	file = filepath.Join(t.TempDir(), "pid")
	return fmt.Sprintf("echo $$ >'%s'; export %s", file, strings.Replace(targetCommand(t, fault), " exec ", "; exec ", 1)), file
}

// wantGone waits for the end of the process whose id is in a file.
func wantGone(t *testing.T, file string) {
	t.Helper()
	text, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	pid, err := strconv.Atoi(strings.TrimSpace(string(text)))
	if err != nil {
		t.Fatal(err)
	}
	for range 1000 { // the bound of a test that fails
		if isGone(pid) {
			return
		}
		time.Sleep(10 * time.Millisecond)
	}
	t.Errorf("the target is still there, as process %d", pid)
}

// isGone reports whether a process has ended, be it reaped or not.
func isGone(pid int) bool {
	if errors.Is(syscall.Kill(pid, 0), syscall.ESRCH) {
		return true
	}
	stat, err := os.ReadFile(fmt.Sprintf("/proc/%d/stat", pid))
	if err != nil {
		return false // where there is no /proc, init reaps
	}
	_, after, _ := strings.Cut(string(stat), ") ")
	return strings.HasPrefix(after, "Z")
}

// The exit codes of the program itself, and where it says what.
func TestProcessEndsWithTheExitCode(t *testing.T) {
	tests := []struct {
		name           string
		args           func(t *testing.T) []string
		want           int
		stdout, stderr string // that are in there
	}{
		{"Conformant", func(t *testing.T) []string { return []string{"--exec", targetCommand(t, "")} }, 0, "CONFORMANT at level core", ""},
		{"NotConformant", func(t *testing.T) []string { return []string{"--exec", targetCommand(t, "arrival-order")} }, 1, "GET-004", ""},
		{"Usage", func(*testing.T) []string { return nil }, 2, "", "want exactly one of the three"},
		{"Unreachable", func(t *testing.T) []string { return []string{"--addr", free(t)} }, 3, "", "is the server running"},
		{"CannotStart", func(*testing.T) []string { return []string{"--exec", "echo no such thing {addr}; exit 7"} }, 3, "", "no such thing"},
		{"NothingRan", func(*testing.T) []string { return []string{"--addr", "127.0.0.1:1", "--run", "XYZ-*"} }, 4, "", `"XYZ-*" of Run matches no case`},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			stdout, stderr, got := program(t, append([]string{"server", "--level", "core", "--budget", "200ms"}, tt.args(t)...)...)
			if got != tt.want || !strings.Contains(stdout, tt.stdout) || !strings.Contains(stderr, tt.stderr) {
				t.Errorf("exit code %d, want %d; printed, want %q:\n%s\nand want %q:\n%s", got, tt.want, tt.stdout, stdout, tt.stderr, stderr)
			}
			if said := stderr != ""; said != (tt.stderr != "") {
				t.Errorf("standard error: %q", stderr)
			}
		})
	}
}

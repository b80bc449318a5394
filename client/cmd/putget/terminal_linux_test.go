package main_test

import (
	"bytes"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"golang.org/x/sys/unix"
)

// openTerminal returns both ends of a new pseudo-terminal.
func openTerminal(t *testing.T) (screen, tty *os.File) {
	t.Helper()
	screen, err := os.OpenFile("/dev/ptmx", os.O_RDWR|unix.O_NOCTTY, 0)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { screen.Close() })
	fd := int(screen.Fd())
	if err := unix.IoctlSetPointerInt(fd, unix.TIOCSPTLCK, 0); err != nil {
		t.Fatal(err)
	}
	number, err := unix.IoctlGetInt(fd, unix.TIOCGPTN)
	if err != nil {
		t.Fatal(err)
	}
	tty, err = os.OpenFile(fmt.Sprintf("/dev/pts/%d", number), os.O_RDWR|unix.O_NOCTTY, 0)
	if err != nil {
		t.Fatal(err)
	}
	return screen, tty
}

// shown returns what a terminal has shown once its last user has gone.
func shown(screen *os.File) string {
	text, _ := io.ReadAll(screen) // ends with EIO
	return strings.ReplaceAll(string(text), "\r\n", "\n")
}

func TestTableOnTerminal(t *testing.T) {
	addr := answer(t, map[string]string{"get k": "ok\nk 1 0\n\n"})
	screen, tty := openTerminal(t)
	cmd := command(t, addr, "get", "k")
	cmd.Stdout = tty
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	tty.Close()
	got := shown(screen)
	if err := cmd.Wait(); err != nil {
		t.Error(err)
	}
	want := "KEY  VALUE  TIMESTAMP  TIME (UTC)\nk    1.0    0          1970-01-01 00:00:00\n"
	if got != want {
		t.Errorf("got %q, want %q", got, want)
	}
}

func TestProgressOnTerminal(t *testing.T) {
	lines := strings.Repeat("k 1 2\n", 5000) + "wrong\n"
	file := filepath.Join(t.TempDir(), "samples.txt")
	if err := os.WriteFile(file, []byte(lines), 0o600); err != nil {
		t.Fatal(err)
	}
	tests := []struct {
		name  string
		stdin func() io.Reader
		bar   string // a part of it
	}{
		{"File", func() io.Reader {
			f, err := os.Open(file)
			if err != nil {
				t.Fatal(err)
			}
			t.Cleanup(func() { f.Close() })
			return f
		}, "%"},
		{"Pipe", func() io.Reader { return strings.NewReader(lines) }, "puts/s"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			addr, _ := acknowledge(t)
			screen, tty := openTerminal(t)
			cmd := command(t, addr, "put", "-")
			var stdout bytes.Buffer
			cmd.Stdin, cmd.Stdout, cmd.Stderr = tt.stdin(), &stdout, tty
			if err := cmd.Start(); err != nil {
				t.Fatal(err)
			}
			tty.Close()
			got := shown(screen)
			_ = cmd.Wait() // the code tells
			if code := cmd.ProcessState.ExitCode(); code != 1 || stdout.Len() > 0 {
				t.Errorf("got code %d and %q, want 1 and nothing", code, stdout.String())
			}
			for _, want := range []string{"putting", tt.bar, "\x1b[2K\rputget: line 5001: ", "5000 acknowledged"} {
				if !strings.Contains(got, want) {
					t.Errorf("the terminal shows %q, want %q in it", got, want)
				}
			}
		})
	}
}

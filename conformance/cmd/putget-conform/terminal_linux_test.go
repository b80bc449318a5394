package main

import (
	"bytes"
	"fmt"
	"io"
	"os"
	"regexp"
	"strings"
	"testing"

	"golang.org/x/sys/unix"
)

// terminal returns the end of a pseudo terminal that a program writes to, and a function
// that closes it and returns what was written.
func terminal(t *testing.T) (*os.File, func() string) {
	t.Helper()
	master, err := os.OpenFile("/dev/ptmx", os.O_RDWR, 0)
	if err != nil {
		t.Fatal(err)
	}
	if err := unix.IoctlSetPointerInt(int(master.Fd()), unix.TIOCSPTLCK, 0); err != nil {
		t.Fatal(err)
	}
	n, err := unix.IoctlGetInt(int(master.Fd()), unix.TIOCGPTN)
	if err != nil {
		t.Fatal(err)
	}
	slave, err := os.OpenFile(fmt.Sprintf("/dev/pts/%d", n), os.O_RDWR|unix.O_NOCTTY, 0)
	if err != nil {
		t.Fatal(err)
	}
	var out bytes.Buffer
	done := make(chan struct{})
	go func() {
		defer close(done)
		io.Copy(&out, master) // ends with an error when the other end is closed
	}()
	t.Setenv("TERM", "xterm")
	return slave, func() string {
		slave.Close()
		<-done
		master.Close()
		return out.String()
	}
}

// A terminal shows how far the run is, and keeps only the text.
func TestRunShowsProgressInATerminal(t *testing.T) {
	screen, shown := terminal(t)
	err := run(t.Context(), []string{"server", "--level", "core", "--run", "GET-00*", "--addr", server(t, "arrival-order")}, strings.NewReader(""), screen, screen)
	text := shown()
	if exitCode(err) != exitNotConformant {
		t.Errorf("exit code %d:\n%s", exitCode(err), text)
	}
	for _, want := range []string{` left, 0 broken, `, ` left, [1-9] broken, [a-z-]+`, `\([1-9][0-9]*/[0-9]+\)`} {
		if !regexp.MustCompile(want).MatchString(text) {
			t.Errorf("no %q was shown:\n%q", want, text)
		}
	}
	kept := kept(text)
	if strings.Contains(kept, " left, ") || !strings.Contains(kept, "NOT CONFORMANT") || !strings.Contains(kept, "get-order") {
		t.Errorf("the terminal keeps:\n%s", kept)
	}
}

// Standard error may be a terminal where standard output is a file: then that gets the
// text, and nothing else.
func TestProgressStaysOutOfTheText(t *testing.T) {
	screen, shown := terminal(t)
	var out bytes.Buffer
	if err := run(t.Context(), []string{"server", "--level", "core", "--run", "GET-004", "--addr", server(t, "")}, strings.NewReader(""), &out, screen); err != nil {
		t.Error(err)
	}
	if text := shown(); !strings.Contains(text, " left, ") || strings.Contains(out.String(), "\x1b") || strings.Contains(out.String(), " left, ") {
		t.Errorf("the terminal shows %q, the file holds:\n%s", text, out.String())
	}
}

func TestMatrixRunShowsProgressInATerminal(t *testing.T) {
	list := listTargets(t, "GET-004", map[string]string{"name": "it", "level": "core", "addr": server(t, "")})
	screen, shown := terminal(t)
	if err := run(t.Context(), []string{"matrix", "--run", list}, strings.NewReader(""), screen, screen); err != nil {
		t.Error(err)
	}
	text := shown()
	if !regexp.MustCompile(`\(1/1\)|1 conformant, it`).MatchString(text) || strings.Contains(kept(text), "0 conformant, ") {
		t.Errorf("the terminal shows %q and keeps:\n%s", text, kept(text))
	}
}

// kept is what is left on a terminal: each line without what was erased or overwritten.
func kept(text string) string {
	var lines []string
	for line := range strings.Lines(text) {
		if _, after, erased := cutLast(line, "\x1b[2K\r"); erased {
			line = after
		}
		lines = append(lines, strings.TrimSuffix(line, "\r\n"))
	}
	return strings.Join(lines, "\n")
}

func cutLast(text, sep string) (before, after string, found bool) {
	if i := strings.LastIndex(text, sep); i >= 0 {
		return text[:i], text[i+len(sep):], true
	}
	return text, "", false
}

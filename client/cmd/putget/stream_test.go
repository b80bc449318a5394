package main_test

import (
	"bytes"
	"fmt"
	"io"
	"os"
	"slices"
	"strings"
	"syscall"
	"testing"
	"time"
)

func TestPutStream(t *testing.T) {
	long := strings.Repeat("k", 100_000)
	tests := []struct {
		name, stdin string
		want        []string
	}{
		{"Nothing", "", nil},
		{"Lines", "a 1 2\nb -1.5 -5\n", []string{"put a 1.0 2", "put b -1.5 -5"}},
		{"NoEndOfLastLine", "a 1 2\nb 3 4", []string{"put a 1.0 2", "put b 3.0 4"}},
		{"CRLF", "a 1 2\r\nb 3 4\r\n", []string{"put a 1.0 2", "put b 3.0 4"}},
		{"EmptyLines", "\na 1 2\n\n  \n\r\nb 3 4\n\n", []string{"put a 1.0 2", "put b 3.0 4"}},
		{"Spaces", "  a   1  2  \n", []string{"put a 1.0 2"}},
		{"LongKey", long + " 1 2\na 1 2\n", []string{"put " + long + " 1.0 2", "put a 1.0 2"}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			addr, requests := acknowledge(t)
			got := putget(t, addr, tt.stdin, "put", "-")
			if sent := requests(); got != (result{}) || !slices.Equal(sent, tt.want) {
				t.Errorf("got %+v, server received %.200q, want %.200q", got, sent, tt.want)
			}
		})
	}
}

func TestPutStreamGivesThePresentSecond(t *testing.T) {
	addr, requests := acknowledge(t)
	before := time.Now().Unix()
	got := putget(t, addr, "a 1.5\n", "put", "-")
	var sent int64
	if _, err := fmt.Sscanf(strings.Join(requests(), ";"), "put a 1.5 %d", &sent); err != nil || got != (result{}) || sent < before || sent > time.Now().Unix() {
		t.Errorf("got %+v, server received %q", got, requests())
	}
}

func TestPutStreamManyLines(t *testing.T) {
	const n = 30_000
	addr, requests := acknowledge(t)
	var stdin strings.Builder
	for i := range n {
		fmt.Fprintf(&stdin, "palm.cpu 1.5 %d\n", i)
	}
	if got := putget(t, addr, stdin.String(), "put", "-"); got != (result{}) {
		t.Errorf("got %+v", got)
	}
	sent := requests()
	if len(sent) != n || sent[n-1] != fmt.Sprintf("put palm.cpu 1.5 %d", n-1) {
		t.Errorf("server received %d requests, want %d", len(sent), n)
	}
}

func TestPutStreamReportsLines(t *testing.T) {
	stdin := strings.Join([]string{
		"a 1 1",
		"garbage",
		"",
		"a one 1",
		"refused 1 1",
		"a 1 1.5",
		"a 1 1 1",
		"* 1 1",
		"a\t1 1 1",
		"a\xff 1 1",
		"a 1e999 1",
		strings.Repeat("k", 1<<20) + " 1 1",
		"b 2 2",
	}, "\n")
	addr := answer(t, map[string]string{
		"put a 1.0 1":       "ok\n\n",
		"put refused 1.0 1": "error\nstorage failed\n\n",
		"put b 2.0 2":       "ok\n\n",
	})
	got := putget(t, addr, stdin, "put", "-")
	if got.code != 1 || got.stdout != "" {
		t.Errorf("got %+v, want code 1", got)
	}
	wrong := map[int]string{
		2: "1 field", 4: `"one"`, 5: "storage failed", 6: `"1.5"`, 7: "4 fields", 8: `"*"`,
		9: `"a\t1"`, 10: `"a\xff"`, 11: `"1e999"`, 12: fmt.Sprint(1<<20 + 5),
	}
	for number, quote := range wrong {
		prefix := fmt.Sprintf("putget: line %d: ", number)
		found := slices.ContainsFunc(strings.Split(got.stderr, "\n"), func(message string) bool {
			return strings.HasPrefix(message, prefix) && strings.Contains(message, quote)
		})
		if !found {
			t.Errorf("no message about line %d that holds %q", number, quote)
		}
	}
	if n := strings.Count(got.stderr, "\n"); n != len(wrong)+1 || !strings.Contains(got.stderr, "9 wrong, 1 refused by the server, 2 acknowledged") {
		t.Errorf("got %d messages:\n%s", n, got.stderr)
	}
}

// A process with an open standard input.
type running struct {
	t      *testing.T
	stdin  io.WriteCloser
	signal func(os.Signal) error
	end    func() result
}

// begin starts the program.
func begin(t *testing.T, addr string, args ...string) running {
	t.Helper()
	cmd := command(t, addr, args...)
	var stdout, stderr bytes.Buffer
	cmd.Stdout, cmd.Stderr = &stdout, &stderr
	stdin, err := cmd.StdinPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	return running{t: t, stdin: stdin, signal: cmd.Process.Signal, end: func() result {
		_ = cmd.Wait() // the code tells
		return result{stdout: stdout.String(), stderr: stderr.String(), code: cmd.ProcessState.ExitCode()}
	}}
}

func (r running) write(text string) {
	r.t.Helper()
	if _, err := io.WriteString(r.stdin, text); err != nil {
		r.t.Error(err)
	}
}

// Lines leave one by one, as they come: tail -f can feed the program.
func TestPutStreamDoesNotHoldBack(t *testing.T) {
	received := make(chan string)
	addr := listen(t, func(p peer) {
		for line := p.line(); line != ""; line = p.line() {
			p.send(t, "ok\n\n")
			received <- line
		}
	})
	r := begin(t, addr, "put", "-")
	for i := range 3 {
		r.write(fmt.Sprintf("a 1 %d\n", i))
		if got, want := <-received, fmt.Sprintf("put a 1.0 %d", i); got != want {
			t.Errorf("server received %q, want %q", got, want)
		}
	}
	r.stdin.Close()
	if got := r.end(); got != (result{}) {
		t.Errorf("got %+v", got)
	}
}

func TestPutStreamInterruptedWhileReplyIsDue(t *testing.T) {
	third := make(chan struct{})
	addr := listen(t, func(p peer) {
		p.line()
		p.line()
		p.send(t, "ok\n\nok\n\n")
		p.line()
		close(third)
		io.Copy(io.Discard, p)
	})
	r := begin(t, addr, "put", "-")
	r.write("a 1 1\na 1 2\nwrong\na 1 3\n")
	<-third
	if err := r.signal(os.Interrupt); err != nil {
		t.Fatal(err)
	}
	got := r.end()
	for _, want := range []string{"putget: interrupted: 2 puts acknowledged", "1 wrong", "1 sent that may be stored", "line 4"} {
		if got.code != 130 || !strings.Contains(got.stderr, want) {
			t.Errorf("got %+v, want code 130 and a message that holds %q", got, want)
		}
	}
}

// A line that waits for room when the signal comes was not sent.
func TestPutStreamInterruptedWhileTooManyRepliesAreDue(t *testing.T) {
	const bound = 4096 // of a batch
	full := make(chan struct{})
	addr := listen(t, func(p peer) {
		for range bound {
			p.line()
		}
		close(full)
		io.Copy(io.Discard, p)
	})
	r := begin(t, addr, "put", "-")
	r.write(strings.Repeat("a 1 1\n", bound+10))
	<-full
	if err := r.signal(os.Interrupt); err != nil {
		t.Fatal(err)
	}
	got := r.end()
	want := "putget: interrupted: 0 puts acknowledged, 4096 sent that may be stored or not; go on from line 1\n"
	if got.code != 130 || got.stderr != want {
		t.Errorf("got %+v, want code 130 and %q", got, want)
	}
}

func TestPutStreamInterruptedWhileIdle(t *testing.T) {
	for _, sig := range []os.Signal{os.Interrupt, syscall.SIGTERM} {
		answered := make(chan struct{})
		addr := listen(t, func(p peer) {
			p.line()
			p.send(t, "ok\n\n")
			close(answered)
			io.Copy(io.Discard, p)
		})
		r := begin(t, addr, "put", "-")
		r.write("a 1 1\n")
		<-answered
		if err := r.signal(sig); err != nil {
			t.Fatal(err)
		}
		got := r.end()
		if got.code != 130 || !isOneMessage(got.stderr) || !strings.Contains(got.stderr, "putget: interrupted: 1 put acknowledged") || !strings.Contains(got.stderr, "line 2") {
			t.Errorf("%v: got %+v, want code 130 and one message", sig, got)
		}
	}
}

func TestCallsInterrupted(t *testing.T) {
	for _, args := range [][]string{{"get", "k"}, {"put", "k", "1", "2"}} {
		asked := make(chan struct{})
		addr := listen(t, func(p peer) {
			p.line()
			close(asked)
			io.Copy(io.Discard, p)
		})
		r := begin(t, addr, args...)
		<-asked
		if err := r.signal(os.Interrupt); err != nil {
			t.Fatal(err)
		}
		if got := r.end(); got.code != 130 || got.stdout != "" || !isOneMessage(got.stderr) {
			t.Errorf("%q: got %+v, want code 130 and one message", args, got)
		}
	}
}

// The end of the connection is noticed although no line comes that would need it.
func TestPutStreamLosesTheConnection(t *testing.T) {
	tests := []struct {
		name, replies string
		want          []string
	}{
		{"WhileIdle", "ok\n\nok\n\n", []string{"closed the connection", "2 puts acknowledged", "go on from line 3"}},
		{"WithReplyDue", "ok\n\n", []string{"closed the connection", "1 put acknowledged", "1 sent that may be stored", "go on from line 2"}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			addr := listen(t, func(p peer) {
				p.line()
				p.line()
				p.send(t, tt.replies)
			})
			r := begin(t, addr, "put", "-")
			r.write("a 1 1\na 1 2\n")
			got := r.end()
			if strings.Contains(got.stderr, "nothing was sent") {
				t.Errorf("got %q, which is true of no stream", got.stderr)
			}
			for _, want := range append(tt.want, addr) {
				if got.code != 3 || !isOneMessage(got.stderr) || !strings.Contains(got.stderr, want) {
					t.Errorf("got %+v, want code 3 and one message that holds %q", got, want)
				}
			}
		})
	}
}

func TestPutStreamInputFails(t *testing.T) {
	directory, err := os.Open(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	defer directory.Close()
	addr, _ := acknowledge(t)
	cmd := command(t, addr, "put", "-")
	var stderr strings.Builder
	cmd.Stdin, cmd.Stderr = directory, &stderr
	if err := cmd.Run(); cmd.ProcessState.ExitCode() != 3 || !isOneMessage(stderr.String()) {
		t.Errorf("got %v, %q, want code 3 and one message", err, stderr.String())
	}
}

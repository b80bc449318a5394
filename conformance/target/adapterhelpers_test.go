package target_test

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/signal"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/putget-protocol/putget/conformance/adapter"
	"github.com/putget-protocol/putget/conformance/target"
)

// adapterHelpers are adapters, right and wrong ones.
func adapterHelpers() map[string]func(args []string) {
	return map[string]func(args []string){
		"client":       func([]string) { adapter.Main(dialBig); fmt.Fprintln(os.Stderr, "bye") },
		"greets":       func([]string) { fmt.Println("connecting..."); adapter.Main(dialBig) },
		"answerstwice": func([]string) { answering(func() { fmt.Print("{\"ok\":null}\n{\"ok\":null}\n") }) },
		"diesonsecond": diesOnSecond,
		"killed":       func([]string) { calls(1); syscall.Kill(os.Getpid(), syscall.SIGKILL); select {} },
		"halfline":     func([]string) { answerOnce(); calls(1); fmt.Print(`{"ok":nu`) },
		"closesoutput": func([]string) { answerOnce(); calls(1); os.Stdout.Close(); forever() },
		"hangs":        func([]string) { answerOnce(); calls(1); forever() },
		"spins":        func([]string) { answerOnce(); calls(1); spin() },
		"waits":        waits,
		"deaf":         func([]string) { forever() },
		"staying":      staying,
	}
}

// calls reads n calls.
func calls(n int) {
	buf := make([]byte, 1)
	for n > 0 {
		if _, err := os.Stdin.Read(buf); err != nil {
			os.Exit(0)
		}
		if buf[0] == '\n' {
			n--
		}
	}
}

// answering runs answer for each call.
func answering(answer func()) {
	for {
		calls(1)
		answer()
	}
}

func answerOnce() { calls(1); fmt.Println(`{"ok":null}`) }

func diesOnSecond([]string) {
	answerOnce()
	calls(1)
	fmt.Fprintln(os.Stderr, "cannot take it")
	os.Exit(5)
}

func spin() {
	for n := 0; ; n++ {
		if n < 0 {
			n = 0
		}
	}
}

// waits answers its second call when there is a file of the name that is its argument.
func waits(args []string) {
	answerOnce()
	calls(1)
	for {
		if _, err := os.Stat(args[0]); err == nil {
			fmt.Println(`{"ok":{}}`)
			calls(1)
			return
		}
		time.Sleep(time.Millisecond)
	}
}

// staying does not end with its input, nor when it is asked to, and has a child.
func staying([]string) {
	signal.Ignore(syscall.SIGTERM)
	os.Stdout = os.Stderr // the child holds both
	child(inGroup, os.Environ())
	os.Stdout = os.NewFile(1, "stdout")
	answerOnce()
	io.Copy(io.Discard, os.Stdin)
	forever()
}

// adapterJudge starts an adapter that stays, and waits to be killed itself.
func adapterJudge() {
	a, err := target.AdapterExec(command("staying"), target.AdapterConfig{})
	if err != nil {
		os.Exit(1)
	}
	c, err := a.Start(context.Background())
	if err != nil {
		os.Exit(1)
	}
	if _, err := c.Call(context.Background(), "open"); err != nil {
		os.Exit(1)
	}
	for len(c.Output()) == 0 {
		time.Sleep(time.Millisecond)
	}
	fmt.Println(c.Output()[0])
	fmt.Println("address none")
	forever()
}

// A big client has results of any size: get("5000000") returns an answer of more bytes.
type big struct{}

var errBig = errors.New("no number")

func dialBig(string, int, time.Duration) (big, error) { return big{}, nil }

func (big) Put(key string, _ float64, _ ...int64) error {
	if len(key) > 1000 {
		return nil
	}
	return errBig
}

func (big) Get(key string) (map[string][]adapter.Sample, error) {
	var size int
	if _, err := fmt.Sscan(key, &size); err != nil {
		return nil, err
	}
	fmt.Println("a print of the client")
	return map[string][]adapter.Sample{"a": make([]adapter.Sample, size/len("[0,0.0],")+1)}, nil
}

// newAdapter returns the adapter that a helper is.
func newAdapter(t *testing.T, cfg target.AdapterConfig, helper string, args ...string) *target.Adapter {
	t.Helper()
	a, err := target.AdapterExec("exec env "+command(helper, args...), cfg)
	if err != nil {
		t.Fatal(err)
	}
	return a
}

// startAdapter starts a helper that is closed at the end of the test.
func startAdapter(t *testing.T, helper string, args ...string) *target.Caller {
	t.Helper()
	return start(t, newAdapter(t, target.AdapterConfig{}, helper, args...))
}

func start(t *testing.T, a *target.Adapter) *target.Caller {
	t.Helper()
	c, err := a.Start(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(c.Close)
	return c
}

// call makes a call that must be answered.
func call(t *testing.T, c *target.Caller, op string, args ...any) adapter.Answer {
	t.Helper()
	a, err := c.Call(t.Context(), op, args...)
	if err != nil {
		t.Fatalf("%s%q: %v; it printed %q", op, args, err, c.Output())
	}
	return a
}

// wantAnswers makes the calls of lines "call -> answer", both JSON.
func wantAnswers(t *testing.T, a *target.Adapter, lines string) {
	t.Helper()
	var calls, want, got strings.Builder
	for line := range strings.Lines(lines) {
		call, answer, ok := strings.Cut(strings.TrimSpace(line), " -> ")
		if ok {
			fmt.Fprintln(&calls, call)
			fmt.Fprintln(&want, answer)
		}
	}
	var stderr strings.Builder
	if err := a.Run(t.Context(), strings.NewReader(calls.String()), &got, &stderr); err != nil {
		t.Errorf("it ended with %v", err)
	}
	wants, gots := bufio.NewScanner(strings.NewReader(want.String())), bufio.NewScanner(strings.NewReader(got.String()))
	for wants.Scan() {
		gots.Scan()
		if gots.Text() != wants.Text() {
			t.Errorf("got  %s\nwant %s", gots.Text(), wants.Text())
		}
	}
	if t.Failed() {
		t.Logf("it printed\n%s", stderr.String())
	}
}

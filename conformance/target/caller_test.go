package target_test

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/putget-protocol/putget/conformance/adapter"
	"github.com/putget-protocol/putget/conformance/target"
)

func TestCall(t *testing.T) {
	c := startAdapter(t, "client")
	if got := call(t, c, "open", "h", 1, time.Second); !got.Returned() || got.Took <= 0 || got.Took > c.Age() {
		t.Errorf("open is answered with %v after %v, at the age of %v", got, got.Took, c.Age())
	}
	if got := call(t, c, "put", "a", 1.5); got.Kind != adapter.Crash || got.Message != "*errors.errorString: no number" {
		t.Errorf("put is answered with %v", got)
	}
	// An argument that no call can have spoils nothing.
	if _, err := c.Call(t.Context(), "put", "a\xff"); err == nil {
		t.Error("a call with a key that is no text succeeded")
	}
	if got := call(t, c, "put", strings.Repeat("é", 1<<17), 1.5); !got.Returned() {
		t.Errorf("a put of a long key is answered with %.80v", got)
	}
	const size = 5_000_000
	got := call(t, c, "get", fmt.Sprint(size))
	if all, err := got.Series(); err != nil || len(all["a"]) != size/8+1 || len(got.Value) < size {
		t.Errorf("get is answered with %d bytes, %d pairs, %v", len(got.Value), len(all["a"]), err)
	}
	eventually(t, "the print of the client", func() bool { return slices.Contains(c.Output(), "a print of the client") })
	c.Close()
	if !slices.Contains(c.Output(), "bye") {
		t.Errorf("it printed %q; want its last words at the end of its input", c.Output())
	}
	c.Close()
}

func TestNotRun(t *testing.T) {
	tests := []struct {
		name, command string
		code          int
		want          string
	}{
		{"Dies", "echo no such option >&2; exit 3", 3, "ended before its first answer: exit status 3; the last that it printed:\n  no such option"},
		{"IsNotThere", "/no/such/adapter", 127, "/no/such/adapter"},
		{"EndsInOrder", "true", 0, "exit status 0; it printed nothing on standard error"},
		{"IsKilled", "exec env " + command("killed"), -1, "killed by signal 9"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			a, err := target.AdapterExec(tt.command, target.AdapterConfig{})
			if err != nil {
				t.Fatal(err)
			}
			c := start(t, a)
			for range 2 { // the second call says the same
				_, err = c.Call(t.Context(), "open", "h", 1)
				e, ok := errors.AsType[*target.NotRunError](err)
				if !ok || e.Exit == nil || e.Exit.Code != tt.code || !strings.Contains(err.Error(), tt.want) {
					t.Fatalf("Call = %v; want a NotRunError with exit status %d and %q", err, tt.code, tt.want)
				}
			}
			if _, ok := c.CPU(); ok {
				t.Error("CPU is ok of a process that has ended")
			}
		})
	}
}

// A process that ends after an answer was run: that is an answer too.
func TestEnded(t *testing.T) {
	tests := []struct{ helper, want string }{
		{"diesonsecond", "the adapter ended: exit status 5"},
		{"closesoutput", "the adapter closed its standard output and went on"},
	}
	for _, tt := range tests {
		t.Run(tt.helper, func(t *testing.T) {
			t.Parallel()
			c := startAdapter(t, tt.helper)
			call(t, c, "open")
			for range 2 {
				if got := call(t, c, "get", "a"); got.Kind != adapter.Ended || got.Message != tt.want {
					t.Errorf("get is answered with %s %q; want %q", got.Kind, got.Message, tt.want)
				}
			}
		})
	}
	t.Run("Close", func(t *testing.T) {
		c := startAdapter(t, "hangs")
		call(t, c, "open")
		done := make(chan adapter.Answer)
		go func() {
			got, _ := c.Call(context.Background(), "get", "a") // its error is an answer of no kind
			done <- got
		}()
		eventually(t, "the call", func() bool { return dueOf(t, c) })
		c.Close()
		if got := <-done; got.Kind != adapter.Ended || !strings.HasSuffix(got.Message, "ended by the judge") {
			t.Errorf("the call that waited got %s %q", got.Kind, got.Message)
		}
	})
}

// dueOf reports whether a call of c waits, by the time that a call takes which cannot
// be made.
func dueOf(t *testing.T, c *target.Caller) bool {
	t.Helper()
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	made := make(chan error, 1)
	go func() {
		_, err := c.Await(ctx)
		made <- err
	}()
	select {
	case err := <-made:
		if !errors.Is(err, target.ErrNotDue) {
			t.Fatalf("Await = %v; want %v", err, target.ErrNotDue)
		}
		return false
	case <-time.After(20 * time.Millisecond):
		return true // it waits behind the call
	}
}

func TestBadAnswers(t *testing.T) {
	tests := []struct{ helper, want string }{
		{"greets", `no answer to open: "connecting...": want a JSON object`},
		{"halfline", `no answer to get: "{\"ok\":nu": the output ended in the middle of the line`},
	}
	for _, tt := range tests {
		t.Run(tt.helper, func(t *testing.T) {
			c := startAdapter(t, tt.helper)
			var err error
			for _, op := range []string{"open", "get", "get"} {
				if _, err = c.Call(t.Context(), op); err != nil {
					break
				}
			}
			if _, ok := errors.AsType[*target.BadAnswerError](err); !ok || !strings.Contains(err.Error(), tt.want) {
				t.Errorf("Call = %v; want a BadAnswerError with %q", err, tt.want)
			}
			if _, again := c.Call(t.Context(), "get"); again != err {
				t.Errorf("the next Call = %v; want the same", again)
			}
		})
	}
	t.Run("Unasked", func(t *testing.T) {
		c := startAdapter(t, "answerstwice")
		call(t, c, "open")
		eventually(t, "the second answer", func() bool {
			_, err := c.Call(t.Context(), "get", "a")
			e, ok := errors.AsType[*target.BadAnswerError](err)
			return ok && strings.Contains(e.Error(), `"{\"ok\":null}": nothing was asked`)
		})
	})
}

// giveUp makes a call that gets no answer, and returns its error. On a busy machine the
// time may be over before the call is made.
func giveUp(t *testing.T, c *target.Caller, op string, args ...any) error {
	t.Helper()
	for {
		soon, cancel := context.WithTimeout(t.Context(), 10*time.Millisecond)
		_, err := c.Call(soon, op, args...)
		cancel()
		switch {
		case errors.Is(err, target.ErrNotMade):
		case errors.Is(err, context.DeadlineExceeded):
			return err
		default:
			t.Fatalf("Call = %v; want %v", err, context.DeadlineExceeded)
		}
	}
}

// A call that was given up can be waited for again.
func TestAwait(t *testing.T) {
	file := filepath.Join(t.TempDir(), "answer")
	c := startAdapter(t, "waits", file)
	call(t, c, "open")
	if _, err := c.Await(t.Context()); !errors.Is(err, target.ErrNotDue) {
		t.Errorf("Await without a call = %v; want %v", err, target.ErrNotDue)
	}
	giveUp(t, c, "get", "a")
	if _, err := c.Call(t.Context(), "get", "a"); !errors.Is(err, target.ErrDue) {
		t.Errorf("Call = %v; want %v", err, target.ErrDue)
	}
	canceled, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := c.Await(canceled); !errors.Is(err, context.Canceled) {
		t.Errorf("Await = %v; want %v", err, context.Canceled)
	}
	if err := os.WriteFile(file, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	if got, err := c.Await(t.Context()); err != nil || got.String() != `{"ok":{}}` || got.Took <= 0 {
		t.Errorf("Await = %v, %v; it took %v", got, err, got.Took)
	}
}

// A call that is not read leaves the caller of no use, and nobody waiting.
func TestCallIsNotRead(t *testing.T) {
	c := startAdapter(t, "deaf")
	err := giveUp(t, c, "get", strings.Repeat("a", 1<<18))
	if _, again := c.Call(t.Context(), "get", "a"); again != err {
		t.Errorf("the next Call = %v; want the same", again)
	}
	ended, cancel := context.WithCancel(t.Context())
	cancel()
	c = startAdapter(t, "client")
	if _, err := c.Call(ended, "open", "h", 1); !errors.Is(err, context.Canceled) || !errors.Is(err, target.ErrNotMade) {
		t.Errorf("Call = %v; want %v that wraps %v", err, target.ErrNotMade, context.Canceled)
	}
	call(t, c, "open", "h", 1) // nothing came of the one before
}

// While the one has used much CPU time, the other has used next to none.
func TestCPUTellsASpinFromAHang(t *testing.T) {
	callers := map[string]*target.Caller{}
	before := map[string]time.Duration{}
	for _, helper := range []string{"hangs", "spins"} {
		c := startAdapter(t, helper)
		call(t, c, "open")
		giveUp(t, c, "get", "a")
		callers[helper] = c
		before[helper] = cpuOf(t, c)
	}
	const much = 300 * time.Millisecond
	eventually(t, "the use of CPU time by a spin", func() bool { return cpuOf(t, callers["spins"])-before["spins"] > much })
	if used := cpuOf(t, callers["hangs"]) - before["hangs"]; used > much/4 {
		t.Errorf("the one that hangs used %v of CPU time while the one that spins used %v", used, much)
	}
}

func cpuOf(t *testing.T, c *target.Caller) time.Duration {
	t.Helper()
	used, ok := c.CPU()
	if !ok {
		t.Fatal("CPU is not ok")
	}
	return used
}

// CPU time of a child counts, also when the child has ended.
func TestCPUOfChildren(t *testing.T) {
	a, err := target.AdapterExec(`read -r call; sh -c 'i=0; while [ $i -lt 200000 ]; do i=$((i+1)); done'; echo '{"ok":null}'; read -r call`, target.AdapterConfig{})
	if err != nil {
		t.Fatal(err)
	}
	c := start(t, a)
	before := cpuOf(t, c)
	call(t, c, "open")
	if used := cpuOf(t, c) - before; used < 20*time.Millisecond {
		t.Errorf("after a long loop in a child, %v of CPU time were used", used)
	}
}

func TestAdapterIsGone(t *testing.T) {
	t.Run("Close", func(t *testing.T) {
		c := start(t, newAdapter(t, target.AdapterConfig{Grace: 20 * time.Millisecond}, "staying"))
		call(t, c, "open")
		eventually(t, "the naming of the child", func() bool { return len(c.Output()) > 0 })
		pid := childOf(t, c.Output())
		c.Close()
		eventually(t, "the end of the child", func() bool { return isGone(pid) })
		if got := call(t, c, "get", "a"); got.Kind != adapter.Ended {
			t.Errorf("a call after Close is answered with %v", got)
		}
	})
	t.Run("KilledJudge", func(t *testing.T) {
		lines, _ := killedJudge(t, "staying")
		pid := childOf(t, lines)
		eventually(t, "the end of the adapter's child", func() bool { return isGone(pid) })
	})
}

// Many processes of one adapter are independent of each other.
func TestCallersSideBySide(t *testing.T) {
	a := newAdapter(t, target.AdapterConfig{}, "client")
	errs := make(chan error)
	const many = 10
	for range many {
		go func() {
			c, err := a.Start(t.Context())
			if err == nil {
				defer c.Close()
				_, err = c.Call(t.Context(), "open", "h", 1)
			}
			errs <- err
		}()
	}
	for range many {
		if err := <-errs; err != nil {
			t.Error(err)
		}
	}
}

func TestStartOfAnAdapter(t *testing.T) {
	if _, err := target.AdapterExec(" ", target.AdapterConfig{}); err == nil {
		t.Error("an empty command is accepted")
	}
	ended, cancel := context.WithCancel(t.Context())
	cancel()
	_, err := newAdapter(t, target.AdapterConfig{}, "client").Start(ended)
	if _, ok := errors.AsType[*target.StartError](err); !ok || !errors.Is(err, context.Canceled) {
		t.Errorf("Start = %v; want a StartError that wraps %v", err, context.Canceled)
	}
	a, err := target.AdapterExec(`pwd >&2; echo "$WORD" >&2; read -r call; echo '{"ok":null}'`, target.AdapterConfig{Dir: "/", Env: []string{"WORD=said"}})
	if err != nil {
		t.Fatal(err)
	}
	c := start(t, a)
	call(t, c, "open")
	c.Close() // all output is there then
	if got := c.Output(); !slices.Equal(got, []string{"/", "said"}) {
		t.Errorf("it printed %q; want its folder and its variable", got)
	}
}

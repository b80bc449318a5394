package adapter_test

import (
	"errors"
	"fmt"
	"io"
	"log"
	"math"
	"net"
	"os"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/putget-protocol/putget/conformance/adapter"
)

// A fake client tells what it was called with, as the error or the key of its answer.
type fake struct{ opened string }

// A protest is the own error of a fake.
type protest struct{ text string }

func (p *protest) Error() string { return p.text }

var errSentinel = errors.New("a value of errors.New")

// errorsByKey are what Get returns.
var errorsByKey = map[string]error{
	"own":       &protest{"no"},
	"wrapped":   fmt.Errorf("get: %w", &protest{"no"}),
	"joined":    errors.Join(io.EOF, &protest{"no"}),
	"socket":    &net.OpError{Op: "read", Net: "tcp", Err: syscall.ECONNRESET},
	"wrapsEOF":  fmt.Errorf("reading: %w", io.EOF),
	"errno":     syscall.ECONNREFUSED,
	"number":    &strconv.NumError{Func: "ParseFloat", Num: "x", Err: strconv.ErrSyntax},
	"sentinel":  errSentinel,
	"longlines": &protest{"a\nb"},
}

func dial(host string, port int, timeout time.Duration) (*fake, error) {
	if host == "refused" {
		return nil, &net.OpError{Op: "dial", Net: "tcp", Err: syscall.ECONNREFUSED}
	}
	return &fake{fmt.Sprint(host, port, timeout)}, nil
}

func (f *fake) Put(key string, value float64, timestamp ...int64) error {
	return &protest{fmt.Sprintf("%q %v %v", key, value, timestamp)}
}

func (f *fake) Get(key string) (map[string][]adapter.Sample, error) {
	switch key {
	case "nil":
		return nil, nil
	case "opened":
		return map[string][]adapter.Sample{f.opened: nil}, nil
	case "panic":
		panic("at the disco")
	case "numbers":
		return map[string][]adapter.Sample{"a\n": {{-1, 5}, {math.MaxInt64, 0.1}, {0, math.Inf(-1)}, {0, math.NaN()}, {0, 1e300}}}, nil
	}
	return nil, errorsByKey[key]
}

// conversation returns the answers to calls.
func conversation(t *testing.T, calls string, own ...func(error) bool) []string {
	t.Helper()
	var out strings.Builder
	if err := adapter.Serve(strings.NewReader(calls), &out, dial, own...); err != nil {
		t.Fatal(err)
	}
	return strings.SplitAfter(out.String(), "\n")
}

const open = `{"op":"open","args":["h",1]}` + "\n"

func TestServe(t *testing.T) {
	quiet(t)
	tests := []struct{ name, call, want string }{
		{"Open", `{"op":"open","args":["h",1,2.5]}`, `{"ok":null}`},
		{"OpenNull", `{"op":"open","args":["h",1,null]}`, `{"ok":null}`},
		{"Refused", `{"op":"open","args":["refused",1]}`, `{"crash":"*net.OpError: dial tcp: connection refused"}`},
		{"Put", `{"op":"put","args":["a b",0.5,-9223372036854775808]}`, `{"error":"\"a b\" 0.5 [-9223372036854775808]"}`},
		{"PutNow", `{"op":"put","args":["a",5]}`, `{"error":"\"a\" 5 []"}`},
		{"PutNull", `{"op":"put","args":["a",5,null]}`, `{"error":"\"a\" 5 []"}`},
		{"PutZero", `{"op":"put","args":["\u00e9",5,0]}`, `{"error":"\"\u00e9\" 5 [0]"}`},
		{"Infinite", `{"op":"put","args":["a",-1e999,1]}`, `{"error":"\"a\" -Inf [1]"}`},
		{"NoInt64", `{"op":"put","args":["a",1,9223372036854775808]}`, `{"error":"the timestamp 9223372036854775808 is no int64, and the client takes no other"}`},
		{"NoInteger", `{"op":"put","args":["a",1,1.5]}`, `{"error":"the timestamp 1.5 is no int64, and the client takes no other"}`},
		{"GetNil", `{"op":"get","args":["nil"]}`, `{"ok":{}}`},
		{"Opened", `{"op":"get","args":["opened"]}`, `{"ok":{"h1 0s":[]}}`},
		{"Numbers", `{"op":"get","args":["numbers"]}`, `{"ok":{"a\n":[[-1,5.0],[9223372036854775807,0.1],[0,-1e999],[0,"NaN"],[0,1e+300]]}}`},
		{"Panic", `{"op":"get","args":["panic"]}`, `{"crash":"panic: at the disco"}`},
		{"Unknown", `{"op":"drop","args":[]}`, `{"crash":"adapter: no operation \"drop\"; there are open, put and get"}`},
		{"TooFew", `{"op":"put","args":["a"]}`, `{"crash":"adapter: put lacks its argument value"}`},
		{"TooMany", `{"op":"get","args":["a","b"]}`, `{"crash":"adapter: get has 1 arguments too many"}`},
		{"NoText", `{"op":"get","args":[5]}`, `{"crash":"adapter: the key of get is 5; want a string"}`},
		{"NoNumber", `{"op":"put","args":["a","5"]}`, `{"crash":"adapter: the value of put is \"5\"; want a number"}`},
		{"NoPort", `{"op":"open","args":["h","1"]}`, `{"crash":"adapter: the port of open is \"1\"; want an integer"}`},
		{"NoJSON", `hello`, `{"crash":"adapter: want a call such as {\"op\":\"get\",\"args\":[\"cpu\"]}: invalid character 'h' looking for beginning of value"}`},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if got := conversation(t, open+tt.call+"\n")[1]; got != tt.want+"\n" {
				t.Errorf("%s is answered with\n%swant\n%s", tt.call, got, tt.want)
			}
		})
	}
}

// quiet keeps the traces of panics out of the output of the tests.
func quiet(t *testing.T) {
	t.Helper()
	log.SetOutput(io.Discard)
	t.Cleanup(func() { log.SetOutput(os.Stderr) })
}

func TestServeTellsOwnErrors(t *testing.T) {
	byType := []string{"own", "wrapped", "joined", "longlines"}
	isSentinel := func(err error) bool { return errors.Is(err, errSentinel) }
	for key := range errorsByKey {
		call := open + `{"op":"get","args":["` + key + `"]}`
		want := adapter.Crash
		for _, own := range byType {
			if own == key {
				want = adapter.Error
			}
		}
		if got := kindOf(t, conversation(t, call)[1]); got != want {
			t.Errorf("%s by its type: %s, want %s", key, got, want)
		}
		want = adapter.Crash
		if key == "sentinel" {
			want = adapter.Error
		}
		if got := kindOf(t, conversation(t, call, isSentinel)[1]); got != want {
			t.Errorf("%s by a function: %s, want %s", key, got, want)
		}
	}
}

func kindOf(t *testing.T, line string) adapter.Kind {
	t.Helper()
	a, err := adapter.ParseAnswer([]byte(line))
	if err != nil {
		t.Fatalf("%q: %v", line, err)
	}
	return a.Kind
}

// Calls before the first open, and after one that failed, have no client. Empty lines,
// as people type them, are no calls, and the last line needs no end.
func TestServeWithoutClient(t *testing.T) {
	got := conversation(t, "\n"+`{"op":"get","args":["nil"]}`+"\n\r\n"+open+`{"op":"open","args":["refused",1]}`+"\n"+`{"op":"put","args":["a",1]}`)
	for i, want := range []string{"adapter: no client is open", "", "*net.OpError: ", "adapter: no client is open"} {
		if !strings.Contains(got[i], want) {
			t.Errorf("answer %d is %q; want %q", i, got[i], want)
		}
	}
	if len(got) != 5 {
		t.Errorf("got %d answers: %q; want 4", len(got)-1, got)
	}
}

func TestServeReportsAClosedOutput(t *testing.T) {
	r, w := io.Pipe()
	r.Close()
	if err := adapter.Serve(strings.NewReader(open), w, dial); !errors.Is(err, io.ErrClosedPipe) {
		t.Errorf("Serve = %v; want %v", err, io.ErrClosedPipe)
	}
}

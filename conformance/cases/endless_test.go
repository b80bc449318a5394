package cases_test

import (
	"bufio"
	"fmt"
	"io"
	"net"
	"runtime"
	"strings"
	"testing"
	"time"

	"github.com/putget-protocol/putget/conformance/cases"
	"github.com/putget-protocol/putget/spec"
)

// A scripted server answers each line of a connection, given without its LF, with
// what answer writes, as long as that returns no error.
func scripted(t *testing.T, greet, answer func(w io.Writer, line string) error) string {
	t.Helper()
	ln, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { ln.Close() })
	handle := func(conn net.Conn) {
		defer conn.Close()
		if greet != nil && greet(conn, "") != nil {
			return
		}
		for lines := bufio.NewScanner(conn); lines.Scan(); {
			if answer(conn, lines.Text()) != nil {
				return
			}
		}
	}
	go func() {
		for {
			conn, err := ln.Accept()
			if err != nil {
				return
			}
			t.Cleanup(func() { conn.Close() })
			go handle(conn)
		}
	}()
	return ln.Addr().String()
}

// remembers answers as the sanity case asks: one sample, put and got.
func remembers(change func(line, reply string) string) func(w io.Writer, line string) error {
	return func(w io.Writer, line string) error {
		reply := "ok\n\n"
		if key, ok := strings.CutPrefix(line, "get "); ok && strings.HasSuffix(key, ".cpu") {
			reply = "ok\n" + key + " 1.5 1503319740\n\n"
		}
		_, err := io.WriteString(w, change(line, reply))
		return err
	}
}

// endlessly writes text again and again, pausing each time, but no more than a
// gigabyte.
func endlessly(text string, pause time.Duration) func(w io.Writer, line string) error {
	return func(w io.Writer, _ string) error {
		const most = 1 << 30
		block := text
		if pause == 0 {
			block = strings.Repeat(text, 64<<10/len(text))
		}
		for n := 0; n < most; n += len(block) {
			if _, err := io.WriteString(w, block); err != nil {
				return err
			}
			time.Sleep(pause)
		}
		return io.EOF
	}
}

func caseOf(t *testing.T, id string) cases.Case {
	t.Helper()
	for _, c := range all(t) {
		if c.ID == id {
			return c
		}
	}
	t.Fatalf("there is no case %s", id)
	return cases.Case{}
}

func hasty(addr, prefix string) cases.Look {
	l := look(addr, prefix)
	l.Level, l.Patience = spec.Full, 300*time.Millisecond
	return l
}

// A target that sends without end is judged soon, in bounded memory.
func TestEndlessTargets(t *testing.T) {
	ok := remembers(func(_, reply string) string { return reply })
	tests := []struct {
		name          string
		greet, answer func(w io.Writer, line string) error
		symptom       cases.Symptom
	}{
		{"GarbageOnConnect", endlessly("garbage! ", 0), ok, cases.Unasked},
		{"RepliesOnConnect", endlessly("ok\n\n", 0), ok, ""},
		{"EmptyLinesOnConnect", endlessly("\n", 0), ok, cases.Unasked},
		{"Reply", nil, endlessly("ok\nk 1.5 7\n", 0), "terminator"},
		{"DribbledReply", nil, endlessly("o", 20*time.Millisecond), "not-a-reply"},
	}
	for i, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			addr := scripted(t, tt.greet, tt.answer)
			began := time.Now()
			out := caseOf(t, cases.SanityFirst).Look(t.Context(), hasty(addr, fmt.Sprintf("pgendless.%d", i)))
			if took := time.Since(began); took > 40*time.Second {
				t.Errorf("the look took %s", took)
			}
			if len(out.Failures) == 0 || tt.symptom != "" && out.Failures[0].Symptom != tt.symptom {
				t.Errorf("failures %+v; want %q", out.Failures, tt.symptom)
			}
			runtime.GC()
			var m runtime.MemStats
			runtime.ReadMemStats(&m)
			if most := uint64(64 << 20); m.HeapAlloc > most {
				t.Errorf("%d bytes are in use behind the look; want at most %d", m.HeapAlloc, most)
			}
			runtime.KeepAlive(out)
		})
	}
}

// A target whose right replies take longer than the patience, byte by byte, is right.
func TestSlowlyDribbledRepliesAreRight(t *testing.T) {
	dribble := func(w io.Writer, line string) error {
		return remembers(func(_, reply string) string { return reply })(dribbler{w}, line)
	}
	out := caseOf(t, cases.SanityFirst).Look(t.Context(), hasty(scripted(t, nil, dribble), "pgdribbles"))
	if len(out.Failures) > 0 || out.Err != nil {
		t.Errorf("failures %+v, %v", out.Failures, out.Err)
	}
	if out.Duration < time.Second {
		t.Errorf("the look took %s; want it to take longer than the patience", out.Duration)
	}
}

type dribbler struct{ w io.Writer }

func (d dribbler) Write(b []byte) (int, error) {
	for i := range b {
		time.Sleep(20 * time.Millisecond)
		if _, err := d.w.Write(b[i : i+1]); err != nil {
			return i, err
		}
	}
	return len(b), nil
}

// Others may have put more than is looked at: then nothing is proved.
func TestStoreThatIsTooLarge(t *testing.T) {
	line := "foreign.cpu 1.5 7\n"
	answer := func(w io.Writer, request string) error {
		if request != "get *" {
			_, err := io.WriteString(w, "ok\n\n")
			return err
		}
		_, err := io.WriteString(w, "ok\n"+strings.Repeat(line, 20<<20/len(line))+"\n")
		return err
	}
	l := hasty(scripted(t, nil, answer), "pglarge")
	l.Patience = time.Minute // the text takes its time on a busy machine, and nothing here waits in vain
	out := caseOf(t, "get-all").Look(t.Context(), l)
	if len(out.Failures) > 0 || !strings.Contains(out.Unsettled, "get * has 20") {
		t.Errorf("failures %+v, unsettled %q; want none and a word on the size", out.Failures, out.Unsettled)
	}
}

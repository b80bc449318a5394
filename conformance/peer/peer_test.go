package peer_test

import (
	"bytes"
	"context"
	"io"
	"net"
	"slices"
	"testing"
	"time"

	"github.com/putget-protocol/putget/conformance/peer"
)

// Long enough for any machine, and never waited out by a test that passes.
const forever = time.Minute

// serve listens and hands each connection to handle in a goroutine of its own. It
// returns the address; all ends with the test.
func serve(t *testing.T, handle func(net.Conn)) string {
	t.Helper()
	ln, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { ln.Close() })
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

// pair returns a Conn and the other end of it.
func pair(t *testing.T, d peer.Dialer) (*peer.Conn, *net.TCPConn, *peer.Recorder) {
	t.Helper()
	accepted := make(chan net.Conn, 1)
	addr := serve(t, func(c net.Conn) { accepted <- c })
	rec := peer.NewRecorder()
	conn, err := d.Dial(t.Context(), rec, "A", addr)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(conn.Close)
	return conn, (<-accepted).(*net.TCPConn), rec
}

// within returns a context for what must happen.
func within(t *testing.T, d time.Duration) context.Context {
	ctx, cancel := context.WithTimeout(t.Context(), d)
	t.Cleanup(cancel)
	return ctx
}

// eventually asks until done says so.
func eventually(t *testing.T, what string, done func() bool) {
	t.Helper()
	for end := time.Now().Add(forever); !done(); time.Sleep(time.Millisecond) {
		if time.Now().After(end) {
			t.Fatalf("%s did not happen", what)
		}
	}
}

// unread waits until n bytes lie unread at conn.
func unread(t *testing.T, conn *peer.Conn, n int) {
	t.Helper()
	eventually(t, "the arrival of bytes", func() bool {
		got, err := conn.Unread()
		if err != nil {
			t.Fatal(err)
		}
		return got >= n
	})
}

func write(t *testing.T, w io.Writer, text string) {
	t.Helper()
	if _, err := io.WriteString(w, text); err != nil {
		t.Fatal(err)
	}
}

// wantReply may be called by any goroutine.
func wantReply(t *testing.T, conn *peer.Conn, want string) {
	t.Helper()
	got, err := conn.ReadReply(within(t, forever))
	if err != nil || string(got) != want {
		t.Errorf("ReadReply = %.80q (%d bytes), %v; want %.80q (%d bytes)", got, len(got), err, want, len(want))
	}
}

// wantError checks the reason of an error and the bytes that it holds.
func wantError(t *testing.T, err error, reason peer.Reason, partial string) {
	t.Helper()
	if got := peer.ReasonOf(err); got != reason {
		t.Fatalf("error %v has the reason %q; want %q", err, got, reason)
	}
	if got := partialOf(err); got != partial {
		t.Fatalf("error %v holds %q; want %q", err, got, partial)
	}
}

// kinds returns the kinds of the events of a lane, pieces joined.
func kinds(rec *peer.Recorder) []peer.Kind {
	var out []peer.Kind
	for _, e := range peer.Join(rec.Events()) {
		out = append(out, e.Kind)
	}
	return out
}

func wantKinds(t *testing.T, rec *peer.Recorder, want ...peer.Kind) {
	t.Helper()
	if got := kinds(rec); !slices.Equal(got, want) {
		t.Errorf("recorded %v; want %v: %v", got, want, rec.Events())
	}
}

// received returns all bytes that were recorded as received.
func received(rec *peer.Recorder) []byte {
	var all bytes.Buffer
	for _, e := range rec.Events() {
		if e.Kind == peer.Received {
			all.Write(e.Data)
		}
	}
	return all.Bytes()
}

package peer_test

import (
	"bytes"
	"io"
	"net"
	"runtime"
	"strings"
	"testing"
	"time"

	"github.com/putget-protocol/putget/conformance/peer"
)

// pour writes text again and again, as long as somebody takes it, and no more than a
// gigabyte, so that a reader without bounds fails its test and not the machine.
func pour(w io.Writer, text string) {
	const most = 1 << 30
	block := strings.Repeat(text, 64<<10/len(text))
	for n := 0; n < most; n += len(block) {
		if _, err := io.WriteString(w, block); err != nil {
			return
		}
	}
}

// heap returns how many bytes are in use, after a collection.
func heap() uint64 {
	runtime.GC()
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return m.HeapAlloc
}

// A read ends with its context also when there is always something to read, and what
// is kept of endless bytes is bounded.
func TestEndlessBytes(t *testing.T) {
	const room, kept = 8 << 20, 16 << 20
	tests := []struct {
		name string
		text string
		read func(t *testing.T, conn *peer.Conn) error
		want []peer.Reason
	}{
		{"Reply", "ok", func(t *testing.T, conn *peer.Conn) error {
			_, err := conn.ReadReply(within(t, time.Second))
			return err
		}, []peer.Reason{peer.ReasonTooLong, peer.ReasonTimeout}},
		{"Closed", "ok\n\n", func(t *testing.T, conn *peer.Conn) error {
			_, _, err := conn.ReadClosed(within(t, time.Second))
			return err
		}, []peer.Reason{peer.ReasonTooLong, peer.ReasonTimeout}},
		{"Skip", "ok", func(t *testing.T, conn *peer.Conn) error {
			_, err := conn.SkipReply(within(t, time.Second))
			return err
		}, []peer.Reason{peer.ReasonTimeout}},
		{"Slowly", "ok", func(t *testing.T, conn *peer.Conn) error {
			conn.SetReadPace(3, time.Microsecond)
			_, err := conn.ReadReply(within(t, 100*time.Millisecond))
			return err
		}, []peer.Reason{peer.ReasonTimeout}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			addr := serve(t, func(c net.Conn) { pour(c, tt.text) })
			rec := peer.NewRecorder()
			conn, err := peer.Dialer{MaxReply: room}.Dial(t.Context(), rec, "A", addr)
			if err != nil {
				t.Fatal(err)
			}
			defer conn.Close()
			before, began := heap(), time.Now()
			err = tt.read(t, conn)
			if took := time.Since(began); took > forever/2 {
				t.Errorf("the read took %s; want it to end with its context", took)
			}
			if got := peer.ReasonOf(err); got != tt.want[0] && got != tt.want[len(tt.want)-1] {
				t.Errorf("the read ended with %v; want one of %s", err, tt.want)
			}
			if grown := int64(heap()) - int64(before); grown > room+kept {
				t.Errorf("%d bytes are kept of endless bytes; want at most %d", grown, room+kept)
			}
			runtime.KeepAlive(rec)
		})
	}
}

// The sizes of what came are recorded where its bytes are not.
func TestRecorderIsBounded(t *testing.T) {
	long := "ok\n" + strings.Repeat("palm.cpu 1.5 1503319740\n", 400000) + "\n"
	addr := serve(t, func(c net.Conn) { io.WriteString(c, long) })
	rec := peer.NewRecorder()
	conn, err := peer.Dial(t.Context(), rec, "A", addr)
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	wantReply(t, conn, long)
	var size, kept int
	for _, e := range rec.Events() {
		size += e.Len()
		kept += len(e.Data)
	}
	if size != len(long) || kept >= len(long)/2 {
		t.Errorf("%d bytes are recorded and %d kept; want all %d recorded and less than half of them kept", size, kept, len(long))
	}
	joined := peer.Join(rec.Events())
	last := joined[len(joined)-1]
	if last.Len() != len(long) || !bytes.HasPrefix([]byte(long), last.Data) {
		t.Errorf("joined, the event has %d bytes, of which it keeps %d; want all, and the first", last.Len(), len(last.Data))
	}
	if text := last.String(); !strings.HasSuffix(text, "... (9600004 bytes)") {
		t.Errorf("the event ends in %q; want its size", text[len(text)-40:])
	}
}

func TestSkipReply(t *testing.T) {
	const reply = "ok\nk 1.5 7\n\n"
	for n := 1; n < len(reply); n++ {
		conn, other, _ := pair(t, peer.Dialer{})
		write(t, other, reply[:n])
		unread(t, conn, n)
		if skipped, err := conn.SkipReply(within(t, time.Millisecond)); skipped != n || peer.ReasonOf(err) != peer.ReasonTimeout {
			t.Fatalf("SkipReply of %q = %d, %v; want %d and a timeout", reply[:n], skipped, err, n)
		}
		write(t, other, reply[n:]+"ok\n\n")
		unread(t, conn, len(reply)-n+4)
		if n == len(reply)-1 {
			continue // the rest alone is no longer the end of a reply
		}
		if skipped, err := conn.SkipReply(within(t, forever)); skipped != len(reply)-n || err != nil {
			t.Errorf("SkipReply of %q = %d, %v; want %d", reply[n:], skipped, err, len(reply)-n)
		}
		wantReply(t, conn, "ok\n\n")
	}
}

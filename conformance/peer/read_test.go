package peer_test

import (
	"context"
	"errors"
	"io"
	"net"
	"strings"
	"testing"
	"time"

	"github.com/putget-protocol/putget/conformance/peer"
)

func partialOf(err error) string {
	if e, ok := errors.AsType[*peer.Error](err); ok {
		return string(e.Partial)
	}
	return ""
}

func TestReadReplyInTwoPieces(t *testing.T) {
	const reply = "ok\nk 1.5 7\n\n"
	conn, other, rec := pair(t, peer.Dialer{})
	for n := 1; n < len(reply); n++ {
		write(t, other, reply[:n])
		unread(t, conn, n)
		_, err := conn.ReadReply(within(t, time.Millisecond))
		wantError(t, err, peer.ReasonTimeout, reply[:n])
		write(t, other, reply[n:])
		wantReply(t, conn, reply)
	}
	if got, want := string(received(rec)), strings.Repeat(reply, len(reply)-1); got != want {
		t.Errorf("recorded %q; want %q", got, want)
	}
}

func TestReadReplyKeepsWhatFollows(t *testing.T) {
	conn, other, _ := pair(t, peer.Dialer{})
	write(t, other, "ok\n\nerror\nwrong command\n\nok\nk")
	reply, err := conn.ReadReply(t.Context())
	if err != nil || string(reply) != "ok\n\n" {
		t.Fatalf("ReadReply = %q, %v", reply, err)
	}
	_ = append(reply, "over what follows"...) // the reply is the caller's
	unread(t, conn, len("error\nwrong command\n\nok\nk"))
	wantReply(t, conn, "error\nwrong command\n\n")
	write(t, other, " 1 7\n\n")
	wantReply(t, conn, "ok\nk 1 7\n\n")
}

func TestReadReplyLong(t *testing.T) {
	long := "ok\n" + strings.Repeat("palm.cpu 1.5 1503319740\n", 200000) + "\n"
	conn, other, rec := pair(t, peer.Dialer{})
	go io.WriteString(other, long)
	wantReply(t, conn, long)
	if joined := peer.Join(rec.Events()); joined[len(joined)-1].Len() != len(long) {
		t.Errorf("recorded %d bytes; want the %d sent", joined[len(joined)-1].Len(), len(long))
	}
}

func TestReadReplyTimeout(t *testing.T) {
	conn, other, rec := pair(t, peer.Dialer{})
	_, err := conn.ReadReply(within(t, 5*time.Millisecond))
	wantError(t, err, peer.ReasonTimeout, "")
	if !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("error %v is not the context's", err)
	}
	write(t, other, "ok\n\n")
	wantReply(t, conn, "ok\n\n")
	wantKinds(t, rec, peer.Dialed, peer.TimedOut, peer.Received)
}

// A judge that was not run for a while must not accuse a target of its own delay.
func TestReadReplyLooksOnceMore(t *testing.T) {
	conn, other, rec := pair(t, peer.Dialer{})
	write(t, other, "ok\n\n")
	unread(t, conn, 4)
	over, cancel := context.WithDeadline(t.Context(), time.Now().Add(-time.Second))
	defer cancel()
	if got, err := conn.ReadReply(over); err != nil || string(got) != "ok\n\n" {
		t.Errorf("ReadReply after the deadline = %q, %v; want what had come before", got, err)
	}
	other.Close()
	eventually(t, "the end of the connection", func() bool {
		_, err := conn.ReadReply(over)
		return peer.ReasonOf(err) == peer.ReasonClosed
	})
	wantLast(t, rec, peer.Closed)
}

func wantLast(t *testing.T, rec *peer.Recorder, want peer.Kind) {
	t.Helper()
	got := kinds(rec)
	if got[len(got)-1] != want {
		t.Errorf("the last event is %s; want %s", got[len(got)-1], want)
	}
}

func TestReadReplyCanceled(t *testing.T) {
	conn, _, _ := pair(t, peer.Dialer{})
	cause := errors.New("interrupted")
	ctx, cancel := context.WithCancelCause(t.Context())
	time.AfterFunc(5*time.Millisecond, func() { cancel(cause) })
	_, err := conn.ReadReply(ctx)
	wantError(t, err, peer.ReasonCanceled, "")
	if !errors.Is(err, cause) {
		t.Errorf("error %v does not hold the cause", err)
	}
}

func TestReadReplyClosed(t *testing.T) {
	for _, partial := range []string{"", "ok\n", "error\nwrong"} {
		conn, other, rec := pair(t, peer.Dialer{})
		write(t, other, "ok\n\n"+partial)
		other.Close()
		wantReply(t, conn, "ok\n\n")
		for range 2 { // it stays so
			_, err := conn.ReadReply(within(t, forever))
			wantError(t, err, peer.ReasonClosed, partial)
		}
		wantKinds(t, rec, peer.Dialed, peer.Received, peer.Closed)
	}
}

func TestReadReplyReset(t *testing.T) {
	conn, other, rec := pair(t, peer.Dialer{})
	write(t, other, "ok\n")
	unread(t, conn, 3)
	_, err := conn.ReadReply(within(t, time.Millisecond)) // takes the bytes, so that the reset cannot
	wantError(t, err, peer.ReasonTimeout, "ok\n")
	other.SetLinger(0)
	other.Close()
	_, err = conn.ReadReply(within(t, forever))
	wantError(t, err, peer.ReasonReset, "ok\n")
	wantKinds(t, rec, peer.Dialed, peer.Received, peer.TimedOut, peer.Reset)
}

func TestReadReplyTooLong(t *testing.T) {
	conn, other, _ := pair(t, peer.Dialer{MaxReply: 100000})
	go func() {
		for {
			if _, err := io.WriteString(other, strings.Repeat("x", 1000)); err != nil {
				return
			}
		}
	}()
	_, err := conn.ReadReply(within(t, forever))
	if peer.ReasonOf(err) != peer.ReasonTooLong {
		t.Fatalf("endless garbage gives %v; want %s", err, peer.ReasonTooLong)
	}
	if n := len(partialOf(err)); n <= 100000 || n > 100000+64<<10 {
		t.Errorf("the error holds %d bytes; want the limit and at most one read", n)
	}
	if text := err.Error(); len(text) > 300 {
		t.Errorf("the message has %d bytes", len(text))
	}
}

func TestReadQuiet(t *testing.T) {
	conn, other, rec := pair(t, peer.Dialer{})
	if extra, err := conn.ReadQuiet(t.Context(), 5*time.Millisecond); extra != nil || err != nil {
		t.Fatalf("ReadQuiet in silence = %q, %v", extra, err)
	}
	wantKinds(t, rec, peer.Dialed, peer.Noted)

	write(t, other, "hello")
	if extra, err := conn.ReadQuiet(t.Context(), forever); string(extra) != "hello" || err != nil {
		t.Fatalf("ReadQuiet of bytes that come = %q, %v", extra, err)
	}
	write(t, other, "ok\n\nunasked")
	wantReply(t, conn, "ok\n\n")
	start := time.Now()
	if extra, err := conn.ReadQuiet(t.Context(), forever); string(extra) != "unasked" || err != nil {
		t.Fatalf("ReadQuiet of bytes behind a reply = %q, %v", extra, err)
	}
	if took := time.Since(start); took > forever/2 {
		t.Errorf("ReadQuiet waited %s although the bytes were there", took)
	}
	_, err := conn.ReadQuiet(within(t, time.Millisecond), forever)
	wantError(t, err, peer.ReasonTimeout, "")

	other.Close()
	_, err = conn.ReadQuiet(t.Context(), forever)
	wantError(t, err, peer.ReasonClosed, "")
}

func TestReadClosed(t *testing.T) {
	t.Run("FIN", func(t *testing.T) {
		conn, other, rec := pair(t, peer.Dialer{})
		write(t, other, "ok\n\nbye")
		other.CloseWrite()
		wantReply(t, conn, "ok\n\n")
		end, extra, err := conn.ReadClosed(within(t, forever))
		if end != peer.FIN || string(extra) != "bye" || err != nil {
			t.Errorf("ReadClosed = %s, %q, %v; want %s", end, extra, err, peer.FIN)
		}
		wantLast(t, rec, peer.Closed)
	})
	t.Run("RST", func(t *testing.T) {
		conn, other, rec := pair(t, peer.Dialer{})
		other.SetLinger(0)
		other.Close()
		end, extra, err := conn.ReadClosed(within(t, forever))
		if end != peer.RST || extra != nil || err != nil {
			t.Errorf("ReadClosed = %s, %q, %v; want %s", end, extra, err, peer.RST)
		}
		wantLast(t, rec, peer.Reset)
	})
	t.Run("Open", func(t *testing.T) {
		conn, other, _ := pair(t, peer.Dialer{})
		write(t, other, "bye")
		unread(t, conn, 3)
		end, extra, err := conn.ReadClosed(within(t, time.Millisecond))
		wantError(t, err, peer.ReasonTimeout, "bye")
		if end != "" || extra != nil {
			t.Errorf("ReadClosed = %s, %q beside an error", end, extra)
		}
	})
	t.Run("Endless", func(t *testing.T) {
		conn, other, _ := pair(t, peer.Dialer{MaxReply: 1000})
		go func() {
			for {
				if _, err := io.WriteString(other, "ok\n\n"); err != nil {
					return
				}
			}
		}()
		_, _, err := conn.ReadClosed(within(t, forever))
		if peer.ReasonOf(err) != peer.ReasonTooLong {
			t.Errorf("ReadClosed of endless bytes: %v; want %s", err, peer.ReasonTooLong)
		}
	})
}

func TestReadSlowly(t *testing.T) {
	reply := "ok\n" + strings.Repeat("palm.cpu 1.5 7\n", 20) + "\n"
	conn, other, rec := pair(t, peer.Dialer{ReceiveBuffer: 1})
	conn.SetReadPace(1, 10*time.Microsecond)
	write(t, other, reply)
	wantReply(t, conn, reply)
	var events int
	for _, e := range rec.Events() {
		if e.Kind == peer.Received {
			events++
		}
	}
	if events != 1 {
		t.Errorf("a slow reader recorded %d events; want one, since the pieces are its own", events)
	}

	write(t, other, "ok\n\nrest")
	unread(t, conn, 8)
	wantReply(t, conn, "ok\n\n")
	if got, want := string(received(rec)), reply+"ok\n\n"; got != want {
		t.Errorf("a byte-by-byte reader has read %q; want %q and no more", got, want)
	}
	if n, err := conn.Unread(); n != 4 || err != nil {
		t.Errorf("Unread = %d, %v; want the 4 bytes behind the reply", n, err)
	}

	write(t, other, "\n\n")
	unread(t, conn, 6)
	const pause = 5 * time.Millisecond
	conn.SetReadPace(1, pause)
	start := time.Now()
	wantReply(t, conn, "rest\n\n")
	if took := time.Since(start); took < 6*pause {
		t.Errorf("6 bytes took %s with a pause of %s before each", took, pause)
	}

	write(t, other, "more")
	unread(t, conn, 4)
	conn.SetReadPace(0, forever)
	_, err := conn.ReadReply(within(t, time.Millisecond))
	wantError(t, err, peer.ReasonTimeout, "more")
}

func TestRefused(t *testing.T) {
	ln, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	ln.Close()
	rec := peer.NewRecorder()
	_, err = peer.Dial(t.Context(), rec, "A", ln.Addr().String())
	wantError(t, err, peer.ReasonRefused, "")
	wantKinds(t, rec, peer.Refused)

	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	_, err = peer.Dial(ctx, rec, "A", ln.Addr().String())
	wantError(t, err, peer.ReasonCanceled, "")

	_, err = peer.Dial(within(t, 0), rec, "A", ln.Addr().String())
	wantError(t, err, peer.ReasonTimeout, "")

	_, err = peer.Dial(t.Context(), rec, "A", "127.0.0.1:none")
	wantError(t, err, peer.ReasonBroken, "")
	wantKinds(t, rec, peer.Refused, peer.TimedOut, peer.TimedOut, peer.Refused)
}

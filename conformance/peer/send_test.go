package peer_test

import (
	"bytes"
	"errors"
	"io"
	"net"
	"runtime"
	"slices"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/putget-protocol/putget/conformance/peer"
)

func chunks(texts ...string) [][]byte {
	out := make([][]byte, len(texts))
	for i, text := range texts {
		out[i] = []byte(text)
	}
	return out
}

func TestSendRecordsEachChunk(t *testing.T) {
	conn, other, rec := pair(t, peer.Dialer{})
	if err := conn.Send(t.Context(), chunks("put k", "", " 1.5 7\n")...); err != nil {
		t.Fatal(err)
	}
	got := make([]byte, 12)
	if _, err := io.ReadFull(other, got); err != nil || string(got) != "put k 1.5 7\n" {
		t.Fatalf("the other end read %q, %v", got, err)
	}
	var sent []string
	for _, e := range rec.Events() {
		if e.Kind == peer.Sent {
			sent = append(sent, string(e.Data))
		}
	}
	if want := []string{"put k", " 1.5 7\n"}; !slices.Equal(sent, want) {
		t.Errorf("recorded %q; want %q", sent, want)
	}
	wantKinds(t, rec, peer.Dialed, peer.Sent)
}

func TestSendRecordsACopy(t *testing.T) {
	conn, _, rec := pair(t, peer.Dialer{})
	chunk := []byte("get k\n")
	if err := conn.Send(t.Context(), chunk); err != nil {
		t.Fatal(err)
	}
	clear(chunk)
	if got := string(rec.Events()[1].Data); got != "get k\n" {
		t.Errorf("recorded %q after the caller changed its bytes", got)
	}
}

// A request is recorded before its reply, however fast that comes.
func TestSentStandsBeforeReceived(t *testing.T) {
	conn, other, rec := pair(t, peer.Dialer{})
	go io.Copy(other, other)
	var wg sync.WaitGroup
	const rounds = 200
	wg.Go(func() {
		for range rounds {
			wantReply(t, conn, "ok\n\n")
		}
	})
	for range rounds {
		if err := conn.Send(t.Context(), []byte("ok\n\n")); err != nil {
			t.Fatal(err)
		}
	}
	wg.Wait()
	sent, got := 0, 0
	for _, e := range rec.Events() {
		switch e.Kind {
		case peer.Sent:
			sent += len(e.Data)
		case peer.Received:
			got += len(e.Data)
		}
		if got > sent {
			t.Fatalf("%d bytes stand as received when %d stand as sent", got, sent)
		}
	}
}

// Where the other end can be seen, paced chunks are never joined, also by a program
// that is slow to read.
func TestSendPaced(t *testing.T) {
	if runtime.GOOS != "linux" {
		t.Log("here the kernel does not tell what the other program has read; chunks may be joined")
	}
	for _, delay := range []time.Duration{0, 20 * time.Millisecond} {
		conn, other, _ := pair(t, peer.Dialer{})
		want := chunks("pu", "t ", "k", " 1.5 ", "7", "\n")
		reads := make(chan string, 100)
		go func() {
			defer close(reads)
			buf := make([]byte, 1000)
			for {
				time.Sleep(delay)
				n, err := other.Read(buf)
				if err != nil {
					return
				}
				reads <- string(buf[:n])
			}
		}()
		if err := conn.SendPaced(within(t, forever), want...); err != nil {
			t.Fatal(err)
		}
		conn.Close()
		var got []string
		for text := range reads {
			got = append(got, text)
		}
		if sep := "|"; runtime.GOOS == "linux" && strings.Join(got, sep) != string(bytes.Join(want, []byte(sep))) {
			t.Errorf("with a delay of %s the other end read %q; want %q", delay, got, want)
		}
		if strings.Join(got, "") != string(bytes.Join(want, nil)) {
			t.Errorf("the other end read %q; want the bytes of %q", got, want)
		}
	}
}

// A program that does not read is not waited for, and one that is gone neither.
func TestSendPacedGoesOn(t *testing.T) {
	conn, _, _ := pair(t, peer.Dialer{})
	start := time.Now()
	if err := conn.SendPaced(within(t, forever), chunks(strings.Split(strings.Repeat("a", 1000), "")...)...); err != nil {
		t.Errorf("SendPaced to one that does not read: %v", err)
	}
	if took := time.Since(start); took > forever/2 {
		t.Errorf("SendPaced waited %s for one that does not read", took)
	}
	taken, err := conn.Taken()
	if runtime.GOOS == "linux" && (taken || err != nil) {
		t.Errorf("Taken = %v, %v; want false: nothing was read", taken, err)
	}

	conn, other, _ := pair(t, peer.Dialer{})
	other.SetLinger(0)
	other.Close()
	err = conn.SendPaced(within(t, forever), chunks("b", "c", "d")...)
	if reason := peer.ReasonOf(err); err != nil && reason != peer.ReasonReset {
		t.Errorf("SendPaced to one that is gone: %v", err)
	}
}

func TestTaken(t *testing.T) {
	conn, other, _ := pair(t, peer.Dialer{})
	taken := func() bool {
		got, err := conn.Taken()
		if runtime.GOOS != "linux" {
			if !errors.Is(err, errors.ErrUnsupported) {
				t.Fatalf("Taken = %v, %v; want it unsupported", got, err)
			}
			return true
		}
		if err != nil {
			t.Fatal(err)
		}
		return got
	}
	if err := conn.Send(t.Context(), []byte("get k\n")); err != nil {
		t.Fatal(err)
	}
	if runtime.GOOS == "linux" && taken() {
		t.Error("Taken = true when nothing was read")
	}
	if _, err := io.ReadFull(other, make([]byte, 6)); err != nil {
		t.Fatal(err)
	}
	if !taken() {
		t.Error("Taken = false when all was read")
	}
	if err := conn.Send(t.Context(), []byte("get k\n")); err != nil {
		t.Fatal(err)
	}
	other.SetLinger(0)
	other.Close()
	eventually(t, "the end of the other socket", taken)

	stranger, other, _ := pair(t, peer.Dialer{})
	other.SetLinger(0)
	other.Close()
	eventually(t, "the end of the other socket", func() bool {
		_, err := stranger.Taken()
		return errors.Is(err, errors.ErrUnsupported) // it was never seen
	})
}

// The same when nothing at all is left at the other address, not even a listener.
func TestTakenByNobody(t *testing.T) {
	ln, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer ln.Close()
	conn, err := peer.Dial(t.Context(), peer.NewRecorder(), "A", ln.Addr().String())
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	if _, err := conn.Taken(); err != nil && runtime.GOOS == "linux" {
		t.Fatal(err)
	}
	ln.Close() // and with it, by RST, the connection that nobody accepted
	eventually(t, "the end of the other socket", func() bool {
		taken, err := conn.Taken()
		return taken && err == nil || runtime.GOOS != "linux"
	})
}

func TestSendBlocked(t *testing.T) {
	conn, _, rec := pair(t, peer.Dialer{})
	huge := make([]byte, 32<<20)
	err := conn.Send(within(t, 100*time.Millisecond), huge)
	wantError(t, err, peer.ReasonTimeout, "")
	e, _ := errors.AsType[*peer.Error](err)
	if e.Written == 0 || e.Written == len(huge) {
		t.Errorf("Written = %d of %d", e.Written, len(huge))
	}
	if got := len(rec.Events()[1].Data); got != e.Written {
		t.Errorf("recorded %d bytes as sent; want the %d written", got, e.Written)
	}
	wantKinds(t, rec, peer.Dialed, peer.Sent, peer.TimedOut)
}

// A reply may lie there when a write notices the reset: it is still read, and the
// end is RST although the kernel has told it already.
func TestSendNoticesReset(t *testing.T) {
	const wrong = "error\nwrong command\n\n"
	conn, other, rec := pair(t, peer.Dialer{})
	if err := conn.Send(t.Context(), []byte("a long line that nobody reads")); err != nil {
		t.Fatal(err)
	}
	eventually(t, "the arrival of the line", func() bool {
		n, err := conn.Unacknowledged()
		return err == nil && n == 0
	})
	write(t, other, wrong)
	unread(t, conn, len(wrong))
	other.Close() // with unread input, so by RST
	eventually(t, "a failing write", func() bool {
		err := conn.Send(t.Context(), []byte("x"))
		if err != nil && peer.ReasonOf(err) != peer.ReasonReset {
			t.Fatalf("Send after the reset: %v", err)
		}
		return err != nil
	})
	wantError(t, conn.Send(t.Context(), []byte("x")), peer.ReasonReset, "")
	wantReply(t, conn, wrong)
	end, _, err := conn.ReadClosed(within(t, forever))
	if end != peer.RST || err != nil {
		t.Errorf("ReadClosed = %s, %v; want %s", end, err, peer.RST)
	}
	resets := 0
	for _, e := range rec.Events() {
		if e.Kind == peer.Reset {
			resets++
		}
	}
	if resets != 1 {
		t.Errorf("the reset is recorded %d times", resets)
	}
}

func TestHalfClose(t *testing.T) {
	conn, other, rec := pair(t, peer.Dialer{})
	if err := conn.Send(t.Context(), []byte("get k\n")); err != nil {
		t.Fatal(err)
	}
	if err := conn.HalfClose(); err != nil {
		t.Fatal(err)
	}
	got, err := io.ReadAll(other)
	if string(got) != "get k\n" || err != nil {
		t.Errorf("the other end read %q, %v; want the request and the end", got, err)
	}
	write(t, other, "ok\n\n")
	wantReply(t, conn, "ok\n\n")
	wantKinds(t, rec, peer.Dialed, peer.Sent, peer.HalfClosed, peer.Received)
}

func TestClose(t *testing.T) {
	conn, other, rec := pair(t, peer.Dialer{})
	conn.Close()
	if _, err := other.Read(make([]byte, 1)); !errors.Is(err, io.EOF) {
		t.Errorf("the other end saw %v after Close; want the end", err)
	}
	conn.Close()
	conn.Reset()
	wantKinds(t, rec, peer.Dialed, peer.Left)
	_, err := conn.ReadReply(t.Context())
	wantError(t, err, peer.ReasonBroken, "")
	wantError(t, conn.Send(t.Context(), []byte("x")), peer.ReasonBroken, "")
}

func TestReset(t *testing.T) {
	conn, other, rec := pair(t, peer.Dialer{})
	conn.Reset()
	if _, err := other.Read(make([]byte, 1)); !errors.Is(err, syscall.ECONNRESET) {
		t.Errorf("the other end saw %v after Reset; want a reset", err)
	}
	wantKinds(t, rec, peer.Dialed, peer.Cut)
}

func TestCloseWakesAReader(t *testing.T) {
	conn, _, _ := pair(t, peer.Dialer{})
	time.AfterFunc(5*time.Millisecond, conn.Close)
	_, err := conn.ReadReply(t.Context())
	wantError(t, err, peer.ReasonBroken, "")
}

// A peer that does not read: what comes lies there, up to what the windows hold.
func TestUnread(t *testing.T) {
	conn, other, _ := pair(t, peer.Dialer{ReceiveBuffer: 4096})
	other.SetWriteBuffer(4096)
	other.SetWriteDeadline(time.Now().Add(100 * time.Millisecond))
	n, err := other.Write(make([]byte, 8<<20))
	if err == nil {
		t.Fatal("8 MiB went to a peer that does not read")
	}
	got, err := conn.Unread()
	if got == 0 || got > n || got > 64<<10 || err != nil {
		t.Errorf("Unread = %d, %v of %d that went out; want little, by the small receive buffer", got, err, n)
	}
}

func TestBothWaysAtOnce(t *testing.T) {
	conn, other, rec := pair(t, peer.Dialer{})
	go io.Copy(other, other)
	reply := append(bytes.Repeat([]byte("x"), 1<<20), "\n\n"...)
	var wg sync.WaitGroup
	wg.Go(func() {
		if err := conn.Send(within(t, forever), reply); err != nil {
			t.Error(err)
		}
	})
	wantReply(t, conn, string(reply))
	wg.Wait()
	if !bytes.Equal(received(rec), reply) {
		t.Error("what is recorded differs from what came")
	}
}

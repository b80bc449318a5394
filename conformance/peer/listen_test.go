package peer_test

import (
	"context"
	"errors"
	"io"
	"net"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/putget-protocol/putget/conformance/peer"
)

func newListener(t *testing.T) (*peer.Listener, *peer.Recorder) {
	t.Helper()
	rec := peer.NewRecorder()
	l, err := peer.Listen(rec)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(l.Close)
	return l, rec
}

// dialTo connects to a listener as a client does.
func dialTo(t *testing.T, addr string) *net.TCPConn {
	t.Helper()
	conn, err := net.Dial("tcp", addr)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { conn.Close() })
	return conn.(*net.TCPConn)
}

// accepted returns both ends of a connection.
func accepted(t *testing.T) (*peer.Conn, *net.TCPConn, *peer.Recorder) {
	t.Helper()
	l, rec := newListener(t)
	client := dialTo(t, l.Addr())
	conn, err := l.Accept(within(t, forever), "A")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(conn.Close)
	return conn, client, rec
}

func TestAccept(t *testing.T) {
	l, rec := newListener(t)
	first, second := dialTo(t, l.Addr()), dialTo(t, l.Addr())
	for _, name := range []string{"A", "B"} {
		conn, err := l.Accept(within(t, forever), name)
		if err != nil {
			t.Fatal(err)
		}
		defer conn.Close()
		if conn.Name() != name || conn.LocalAddr() != l.Addr() {
			t.Errorf("accepted %s at %s; want %s at %s", conn.Name(), conn.LocalAddr(), name, l.Addr())
		}
		if err := conn.Send(within(t, forever), []byte("ok\n\n")); err != nil {
			t.Fatal(err)
		}
	}
	for _, client := range []*net.TCPConn{first, second} {
		if _, err := io.ReadFull(client, make([]byte, 4)); err != nil {
			t.Error(err)
		}
	}
	wantKinds(t, rec, peer.Accepted, peer.Sent, peer.Accepted, peer.Sent)
}

// Nobody came; the listener stays usable, and who came in the last moment is seen.
func TestAcceptEndsWithItsContext(t *testing.T) {
	l, rec := newListener(t)
	_, err := l.Accept(within(t, time.Millisecond), "A")
	wantError(t, err, peer.ReasonTimeout, "")
	canceled, cancel := context.WithCancel(t.Context())
	cancel()
	_, err = l.Accept(canceled, "A")
	wantError(t, err, peer.ReasonCanceled, "")
	wantKinds(t, rec, peer.TimedOut, peer.TimedOut)

	dialTo(t, l.Addr())
	past, cancel := context.WithDeadline(t.Context(), time.Unix(1, 0))
	defer cancel()
	conn, err := l.Accept(past, "A")
	if err != nil {
		t.Fatalf("a client stood in the queue, and Accept = %v", err)
	}
	conn.Close()
	dialTo(t, l.Addr())
	if conn, err = l.Accept(within(t, forever), "B"); err != nil {
		t.Fatal(err)
	}
	conn.Close()
}

func TestCloseEndsAccept(t *testing.T) {
	l, rec := newListener(t)
	dialTo(t, l.Addr())
	ended := make(chan error)
	go func() {
		_, err := l.Accept(context.Background(), "A")
		if err == nil {
			_, err = l.Accept(context.Background(), "B")
		}
		ended <- err
	}()
	eventually(t, "the first Accept", func() bool { return len(rec.Events()) > 0 })
	l.Close()
	if err := <-ended; peer.ReasonOf(err) != peer.ReasonBroken || !errors.Is(err, net.ErrClosed) {
		t.Errorf("Accept = %v; want %v", err, net.ErrClosed)
	}
	if _, err := net.Dial("tcp", l.Addr()); !errors.Is(err, syscall.ECONNREFUSED) {
		t.Errorf("Dial = %v after Close; want %v", err, syscall.ECONNREFUSED)
	}
}

func TestReadLine(t *testing.T) {
	conn, client, rec := accepted(t)
	write(t, client, "put a 1 2\nget a\r\n\nge")
	for _, want := range []string{"put a 1 2\n", "get a\r\n", "\n"} {
		got, err := conn.ReadLine(within(t, forever))
		if err != nil || string(got) != want {
			t.Fatalf("ReadLine = %q, %v; want %q", got, err, want)
		}
	}
	_, err := conn.ReadLine(within(t, time.Millisecond))
	wantError(t, err, peer.ReasonTimeout, "ge")
	write(t, client, "t *\nget")
	if got, err := conn.ReadLine(within(t, forever)); err != nil || string(got) != "get *\n" {
		t.Errorf("ReadLine = %q, %v; want the whole line", got, err)
	}
	client.CloseWrite()
	_, err = conn.ReadLine(within(t, forever))
	wantError(t, err, peer.ReasonClosed, "get")
	wantKinds(t, rec, peer.Accepted, peer.Received, peer.TimedOut, peer.Received, peer.Closed)
}

func TestReadLineReset(t *testing.T) {
	conn, client, _ := accepted(t)
	client.SetLinger(0)
	client.Close()
	_, err := conn.ReadLine(within(t, forever))
	wantError(t, err, peer.ReasonReset, "")
}

// A line that comes byte by byte, and one larger than a read.
func TestReadLineInPieces(t *testing.T) {
	conn, client, _ := accepted(t)
	long := "get " + strings.Repeat("a", 300_000) + "\n"
	go func() {
		for _, b := range []byte("get a\n") {
			client.Write([]byte{b})
		}
		io.WriteString(client, long)
	}()
	for _, want := range []string{"get a\n", long} {
		if got, err := conn.ReadLine(within(t, forever)); err != nil || string(got) != want {
			t.Fatalf("ReadLine = %.20q (%d bytes), %v; want %.20q (%d bytes)", got, len(got), err, want, len(want))
		}
	}
}

// Lines and replies may be read in turn: what one left is there for the other.
func TestReadLineThenReply(t *testing.T) {
	conn, client, _ := accepted(t)
	write(t, client, "ok\na 1 2\n")
	_, err := conn.ReadReply(within(t, 20*time.Millisecond))
	if peer.ReasonOf(err) != peer.ReasonTimeout {
		t.Fatal(err)
	}
	if got, err := conn.ReadLine(within(t, forever)); err != nil || string(got) != "ok\n" {
		t.Fatalf("ReadLine = %q, %v", got, err)
	}
	write(t, client, "\n")
	wantReply(t, conn, "a 1 2\n\n")
}

// An accepted connection tells whether the client has read what was sent to it.
func TestAcceptedTaken(t *testing.T) {
	conn, client, _ := accepted(t)
	if err := conn.Send(within(t, forever), []byte("ok\n")); err != nil {
		t.Fatal(err)
	}
	if taken, err := conn.Taken(); err != nil && !errors.Is(err, errors.ErrUnsupported) || taken {
		t.Fatalf("Taken = %v, %v before the client has read", taken, err)
	} else if err != nil {
		return // not to be seen on this system
	}
	if _, err := io.ReadFull(client, make([]byte, 3)); err != nil {
		t.Fatal(err)
	}
	eventually(t, "the taking of the bytes", func() bool {
		taken, err := conn.Taken()
		if err != nil {
			t.Fatal(err)
		}
		return taken
	})
}

func TestRefuse(t *testing.T) {
	port, release, err := peer.Refuse()
	if err != nil {
		t.Fatal(err)
	}
	addr := net.TCPAddr{IP: net.IPv4(127, 0, 0, 1), Port: port}
	for range 3 {
		if _, err := net.Dial("tcp", addr.String()); !errors.Is(err, syscall.ECONNREFUSED) {
			t.Errorf("Dial = %v; want %v", err, syscall.ECONNREFUSED)
		}
	}
	if _, err := net.ListenTCP("tcp4", &addr); !errors.Is(err, syscall.EADDRINUSE) {
		t.Errorf("Listen = %v; want %v", err, syscall.EADDRINUSE)
	}
	release()
	ln, err := net.ListenTCP("tcp4", &addr)
	if err != nil {
		t.Fatalf("Listen = %v after its release", err)
	}
	ln.Close()
}

package peer_test

import (
	"context"
	"fmt"
	"io"
	"net"
	"os"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"golang.org/x/sys/unix"

	"github.com/putget-protocol/putget/conformance/peer"
)

// narrow returns a listener with a queue as short as there is.
func narrow(t *testing.T) net.Listener {
	t.Helper()
	fd, err := unix.Socket(unix.AF_INET, unix.SOCK_STREAM, 0)
	if err != nil {
		t.Fatal(err)
	}
	f := os.NewFile(uintptr(fd), "listener")
	defer f.Close()
	if err := unix.Bind(fd, &unix.SockaddrInet4{Addr: [4]byte{127, 0, 0, 1}}); err != nil {
		t.Fatal(err)
	}
	if err := unix.Listen(fd, 1); err != nil {
		t.Fatal(err)
	}
	ln, err := net.FileListener(f)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { ln.Close() })
	return ln
}

// Many connections through a gate find a queue of one long enough, however slowly the
// target accepts: no byte of a request is lost.
func TestGateFitsANarrowQueue(t *testing.T) {
	const many = 24
	ln := narrow(t)
	go func() {
		for {
			conn, err := ln.Accept()
			if err != nil {
				return
			}
			go func() {
				defer conn.Close()
				io.Copy(conn, conn) // until the other end closes
			}()
			time.Sleep(2 * time.Millisecond) // a slow loop, by which no verdict hangs
		}
	}()
	d := peer.Dialer{Gate: new(peer.Gate)}
	var again atomic.Int32 // connections for which the kernel had to try again
	var wg sync.WaitGroup
	for i := range many {
		wg.Go(func() {
			began := time.Now()
			conn, err := d.Dial(t.Context(), peer.NewRecorder(), fmt.Sprint(i), ln.Addr().String())
			if err != nil {
				t.Error(err)
				return
			}
			defer conn.Close()
			if time.Since(began) > 900*time.Millisecond {
				again.Add(1)
			}
			if err := conn.Send(t.Context(), []byte("pu"), []byte("t\n\n")); err != nil {
				t.Error(err)
			}
			if reply, err := conn.ReadReply(within(t, forever)); err != nil || string(reply) != "put\n\n" {
				t.Errorf("%q came back, want %q: %v", reply, "put\n\n", err)
			}
		})
	}
	wg.Wait()
	if n := again.Load(); n > 0 {
		t.Logf("%d connections took the kernel's second try; the machine is busy", n)
	}
}

// A target that accepts nothing holds nobody up for long, after the first time.
func TestGateDoesNotWaitForever(t *testing.T) {
	ln := narrow(t)
	d := peer.Dialer{Gate: new(peer.Gate)}
	for i := range 2 { // as many as the queue takes
		conn, err := d.Dial(t.Context(), peer.NewRecorder(), fmt.Sprint(i), ln.Addr().String())
		if err != nil {
			t.Fatal(err)
		}
		defer conn.Close()
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if conn, err := d.Dial(ctx, peer.NewRecorder(), "late", ln.Addr().String()); err == nil {
		conn.Close()
		t.Error("a dial with a context that is done made a connection")
	}
}

// Who departs waits until the other end has closed too, and records no more than that it
// has left.
func TestDepartWaitsForTheOtherEnd(t *testing.T) {
	ln, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer ln.Close()
	var ended atomic.Bool
	go func() {
		conn, err := ln.Accept()
		if err != nil {
			return
		}
		defer conn.Close()
		io.Copy(io.Discard, conn)
		time.Sleep(30 * time.Millisecond) // it needs a while to see that
		conn.Write([]byte("bye\n"))
		ended.Store(true)
	}()
	rec := peer.NewRecorder()
	conn, err := peer.Dial(t.Context(), rec, "A", ln.Addr().String())
	if err != nil {
		t.Fatal(err)
	}
	conn.Depart(t.Context())
	if !ended.Load() {
		t.Error("it did not wait for the other end")
	}
	events := rec.Events()
	if last := events[len(events)-1]; len(events) != 2 || last.Kind != peer.Left {
		t.Errorf("events %v, want dialed and left", events)
	}
}

// A context bounds the wait for an end that does not come.
func TestDepartIsBounded(t *testing.T) {
	ln := narrow(t)
	conn, err := peer.Dial(t.Context(), peer.NewRecorder(), "A", ln.Addr().String())
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithTimeout(t.Context(), 20*time.Millisecond)
	defer cancel()
	conn.Depart(ctx) // nobody accepts, and nobody closes
}

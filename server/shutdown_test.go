package server_test

import (
	"context"
	"errors"
	"io"
	"net"
	"testing"
	"testing/synctest"
	"time"

	"github.com/putget-protocol/putget/server"
	"github.com/putget-protocol/putget/server/memory"
)

// A gate holds up the puts of the key "slow" until open is closed.
type gate struct{ entered, open chan struct{} }

func newGate() gate { return gate{make(chan struct{}, 10), make(chan struct{})} }

// newGated returns a store behind a gate, which has to be made in the bubble in
// which it is used.
func newGated(g *gate) server.Store {
	store := &faultyStore{Store: memory.New()}
	store.put = func(ctx context.Context, puts []server.Put) error {
		if string(puts[0].Key) == "slow" {
			g.entered <- struct{}{}
			<-g.open
		}
		return store.Store.Put(ctx, puts)
	}
	return store
}

// shutdown calls Shutdown on a goroutine of its own.
func (b *bubble) shutdown(ctx context.Context) <-chan error {
	done := make(chan error, 1)
	go func() { done <- b.srv.Shutdown(ctx) }()
	synctest.Wait()
	return done
}

// TestShutdownWakesIdle: sessions that wait for a request end at once, in the
// middle of a line, too, and nothing is sent.
func TestShutdownWakesIdle(t *testing.T) {
	inBubble(t, server.Config{IdleTimeout: -1}, func(b *bubble) {
		idle, half, used := b.connect(), b.connect(), b.connect()
		half.send("put a 1")
		used.send("get a\n")
		used.want(ok)
		start := time.Now()
		if err := b.srv.Shutdown(b.t.Context()); err != nil {
			t.Errorf("Shutdown() = %v", err)
		}
		if wait := time.Since(start); wait != 0 {
			t.Errorf("Shutdown took %v", wait)
		}
		for _, p := range []*peer{idle, half, used} {
			if !p.isOver() {
				t.Error("session goes on")
			}
			p.want("")
		}
	})
}

// TestShutdownAnswersReceived: a session in the middle of its requests answers
// all that it has, and then ends.
func TestShutdownAnswersReceived(t *testing.T) {
	var g gate
	inBubble(t, server.Config{Store: newGated(&g)}, func(b *bubble) {
		g = newGate()
		p := b.connect()
		p.send("put slow 1 2\nget slow\nput a 1 2\nget a")
		done := b.shutdown(b.t.Context())
		if p.isOver() {
			t.Fatal("session ended before its requests were answered")
		}
		close(g.open)
		start := time.Now()
		if err := <-done; err != nil {
			t.Errorf("Shutdown() = %v", err)
		}
		if wait := time.Since(start); wait != 0 {
			t.Errorf("Shutdown took another %v", wait)
		}
		p.want(ok + "ok\nslow 1.0 2\n\n" + ok)
		if !p.isOver() {
			t.Error("session goes on")
		}
	})
}

// TestShutdownWaitsForReader: a reply that a peer is taking is sent to its end.
func TestShutdownWaitsForReader(t *testing.T) {
	inBubble(t, server.Config{}, func(b *bubble) {
		p := b.connectMute()
		p.send("get a\n")
		done := b.shutdown(b.t.Context())
		time.Sleep(30 * time.Second)
		p.listen()
		if err := <-done; err != nil {
			t.Errorf("Shutdown() = %v", err)
		}
		p.want(ok)
	})
}

func TestShutdownTimesOut(t *testing.T) {
	var g gate
	reason := errors.New("enough")
	inBubble(t, server.Config{Store: newGated(&g)}, func(b *bubble) {
		g = newGate()
		p := b.connect()
		p.send("put slow 1 2\n")
		ctx, cancel := context.WithTimeoutCause(b.t.Context(), time.Minute, reason)
		defer cancel()
		if err := b.srv.Shutdown(ctx); !errors.Is(err, reason) {
			t.Errorf("Shutdown() = %v, want the cause of the context's end", err)
		}
		if p.isOver() {
			t.Error("session was cut by Shutdown")
		}
		if err := b.srv.Close(); err != nil {
			t.Errorf("Close() = %v", err)
		}
		if !p.isOver() {
			t.Error("session was not cut by Close")
		}
		p.want("")
		if err := b.srv.Shutdown(cancelled()); err == nil {
			t.Error("Shutdown() = nil with a call under way in the store")
		}
		close(g.open)
		if err := b.srv.Shutdown(b.t.Context()); err != nil {
			t.Errorf("Shutdown() = %v in the end", err)
		}
	})
}

// TestCloseCutsReply: Close does not wait for a peer that does not read.
func TestCloseCutsReply(t *testing.T) {
	inBubble(t, server.Config{WriteTimeout: -1}, func(b *bubble) {
		p := b.connectMute()
		p.send("get a\n")
		if err := b.srv.Close(); err != nil {
			t.Errorf("Close() = %v", err)
		}
		<-p.server.closed
		if err := b.srv.Shutdown(b.t.Context()); err != nil {
			t.Errorf("Shutdown() = %v", err)
		}
	})
}

func TestServeAfterClosing(t *testing.T) {
	for name, end := range map[string]func(*server.Server) error{
		"Shutdown": func(srv *server.Server) error { return srv.Shutdown(context.Background()) },
		"Close":    (*server.Server).Close,
	} {
		t.Run(name, func(t *testing.T) {
			srv, err := server.New(server.Config{Store: memory.New()})
			if err != nil {
				t.Fatal(err)
			}
			for range 2 { // the second one changes nothing
				if err := end(srv); err != nil {
					t.Fatalf("%s() = %v", name, err)
				}
			}
			ln := newFakeListener()
			if err := srv.Serve(ln); !errors.Is(err, server.ErrServerClosed) {
				t.Errorf("Serve() = %v, want ErrServerClosed", err)
			}
			select {
			case <-ln.closed:
			default:
				t.Error("Serve left the listener open")
			}
		})
	}
}

// TestSeveralListeners serves two, of which the end of the server closes both.
func TestSeveralListeners(t *testing.T) {
	inBubble(t, server.Config{MaxConns: 2}, func(b *bubble) {
		other := &bubble{t, newFakeListener(), b.srv, make(chan error, 1)}
		go func() { other.err <- b.srv.Serve(other.ln) }()
		first, second := b.connect(), other.connect()
		first.send("put a 1 2\n")
		first.want(ok)
		second.send("get a\n")
		second.want("ok\na 1.0 2\n\n")
		if err := b.srv.Shutdown(b.t.Context()); err != nil {
			t.Errorf("Shutdown() = %v", err)
		}
		if err := <-other.err; !errors.Is(err, server.ErrServerClosed) {
			t.Errorf("Serve() = %v, want ErrServerClosed", err)
		}
	})
}

// A lateListener brings a connection when asked to, closed or not, as one does
// that had accepted it a moment before.
type lateListener struct {
	*fakeListener
	late chan net.Conn
}

func (l *lateListener) Accept() (net.Conn, error) { return <-l.late, nil }

// TestLateConnectionIsRefused: a connection that comes while the server is closing
// is closed without a byte.
func TestLateConnectionIsRefused(t *testing.T) {
	inBubble(t, server.Config{}, func(b *bubble) {
		late := &bubble{t, newFakeListener(), b.srv, make(chan error, 1)}
		ln := &lateListener{late.ln, make(chan net.Conn)}
		go func() { late.err <- b.srv.Serve(ln) }()
		synctest.Wait() // it accepts
		if err := b.srv.Shutdown(b.t.Context()); err != nil {
			t.Errorf("Shutdown() = %v", err)
		}
		ours, theirs := net.Pipe()
		ln.late <- theirs
		if err := <-late.err; !errors.Is(err, server.ErrServerClosed) {
			t.Errorf("Serve() = %v, want ErrServerClosed", err)
		}
		if n, err := ours.Read(make([]byte, 1)); n != 0 || !errors.Is(err, io.EOF) {
			t.Errorf("read %d bytes, %v, want the end of the stream", n, err)
		}
	})
}

// TestServeReturnsAtOnce: Serve does not wait for the sessions, not even when it
// is waiting for room.
func TestServeReturnsAtOnce(t *testing.T) {
	for _, maxConns := range []int{1, 2} {
		var g gate
		inBubble(t, server.Config{Store: newGated(&g), MaxConns: maxConns}, func(b *bubble) {
			g = newGate()
			b.connect().send("put slow 1 2\n")
			done := b.shutdown(b.t.Context())
			select {
			case err := <-b.err:
				b.err <- err
			default:
				t.Errorf("MaxConns %d: Serve waits", maxConns)
			}
			close(g.open)
			if err := <-done; err != nil {
				t.Errorf("Shutdown() = %v", err)
			}
		})
	}
}

package server_test

import (
	"errors"
	"log/slog"
	"net"
	"os"
	"syscall"
	"testing"
	"testing/synctest"
	"time"

	"github.com/putget-protocol/putget/server"
	"github.com/putget-protocol/putget/server/memory"
)

// TestAcceptBacksOff: errors that may pass are tried again after growing waits,
// and a success makes the wait short again.
func TestAcceptBacksOff(t *testing.T) {
	passing := []error{
		syscall.EMFILE, syscall.ENFILE, syscall.ECONNABORTED, syscall.ENOBUFS, syscall.ENOMEM,
		&net.OpError{Op: "accept", Err: os.NewSyscallError("accept4", syscall.EMFILE)},
	}
	var log logBuffer
	inBubble(t, server.Config{Logger: log.logger(slog.LevelInfo)}, func(b *bubble) {
		start := time.Now()
		for _, err := range passing {
			b.ln.accepts <- accept{err: err}
		}
		p := b.connect()
		// 5, 10, 20, 40, 80 and 160 ms.
		if got, want := time.Since(start), 315*time.Millisecond; got != want {
			t.Errorf("%d errors took %v, want %v", len(passing), got, want)
		}
		p.send("get a\n")
		p.want(ok)
		if n := log.count("cannot accept"); n != len(passing) {
			t.Errorf("%d errors were logged, want %d", n, len(passing))
		}
		start = time.Now()
		b.ln.accepts <- accept{err: syscall.EMFILE}
		b.connect()
		if got, want := time.Since(start), 5*time.Millisecond; got != want {
			t.Errorf("one error after a success took %v, want %v", got, want)
		}
	})
}

// TestAcceptBackoffIsBounded: however often it fails, no wait is over a second.
func TestAcceptBackoffIsBounded(t *testing.T) {
	inBubble(t, server.Config{}, func(b *bubble) {
		last := time.Now()
		for range 20 {
			b.ln.accepts <- accept{err: syscall.ENFILE}
			if wait := time.Since(last); wait > time.Second {
				t.Fatalf("waited for %v", wait)
			}
			last = time.Now()
		}
		// Closing does not wait for the end of the pause.
		synctest.Wait()
		if err := b.srv.Shutdown(b.t.Context()); err != nil {
			t.Errorf("Shutdown() = %v", err)
		}
		err := <-b.err
		b.err <- err
		if wait := time.Since(last); wait != 0 {
			t.Errorf("Serve returned %v after Shutdown", wait)
		}
	})
}

// TestAcceptFails: any other error ends Serve, and no session.
func TestAcceptFails(t *testing.T) {
	broken := errors.New("listener is broken")
	synctest.Test(t, func(t *testing.T) {
		srv, err := server.New(server.Config{Store: memory.New()})
		if err != nil {
			t.Fatal(err)
		}
		b := &bubble{t, newFakeListener(), srv, make(chan error, 1)}
		go func() { b.err <- srv.Serve(b.ln) }()
		p := b.connect()
		b.ln.accepts <- accept{err: broken}
		if err := <-b.err; !errors.Is(err, broken) {
			t.Errorf("Serve() = %v, want the listener's error", err)
		}
		select {
		case <-b.ln.closed:
		default:
			t.Error("Serve left the listener open")
		}
		p.send("get a\n")
		p.want(ok)
		if err := srv.Shutdown(t.Context()); err != nil {
			t.Errorf("Shutdown() = %v", err)
		}
	})
}

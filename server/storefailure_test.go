package server_test

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"strings"
	"testing"
	"testing/synctest"

	"github.com/putget-protocol/putget/server"
	"github.com/putget-protocol/putget/server/memory"
)

const (
	failed  = "error\nstorage failed\n\n"
	unknown = "error\nunknown outcome\n\n"
)

// A faultyStore is a memory store that fails, or does worse, where a test sets a
// function.
type faultyStore struct {
	*memory.Store
	put func(ctx context.Context, puts []server.Put) error
	get func(ctx context.Context, key []byte, visit func(key []byte, run []server.Sample) error) error
}

func (s *faultyStore) Put(ctx context.Context, puts []server.Put) error {
	if s.put != nil {
		return s.put(ctx, puts)
	}
	return s.Store.Put(ctx, puts)
}

func (s *faultyStore) Get(ctx context.Context, key []byte, visit func(key []byte, run []server.Sample) error) error {
	if s.get != nil {
		return s.get(ctx, key, visit)
	}
	return s.Store.Get(ctx, key, visit)
}

func (s *faultyStore) All(ctx context.Context, visit func(key []byte, run []server.Sample) error) error {
	if s.get != nil {
		return s.get(ctx, []byte("all"), visit)
	}
	return s.Store.All(ctx, visit)
}

var errDisk = errors.New("disk\n\nok\n\nis gone")

func TestStoreFailsInPut(t *testing.T) {
	tests := []struct {
		name string
		err  error
		want string
	}{
		{"Definite", errDisk, failed},
		{"Unknown", server.ErrUnknownOutcome, unknown},
		{"UnknownWrapped", fmt.Errorf("commit: %w: %w", server.ErrUnknownOutcome, errDisk), unknown},
		{"Context", context.DeadlineExceeded, failed},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			var log logBuffer
			store := &faultyStore{Store: memory.New()}
			store.put = func(_ context.Context, puts []server.Put) error {
				if string(puts[0].Key) == "bad" {
					return tt.err
				}
				return store.Store.Put(context.Background(), puts)
			}
			inBubble(t, server.Config{Store: store, Logger: log.logger(slog.LevelInfo)}, func(b *bubble) {
				p := b.connect()
				p.send("put a 1 2\nget a\nput bad 1 2\nput a 2 2\nwrong\nput a 3 3\n")
				p.want(ok + "ok\na 1.0 2\n\n" + tt.want + tt.want + wrong + ok)
				if n := log.count("level=ERROR"); n != 1 {
					t.Errorf("%d errors were logged for one batch, want 1", n)
				}
			})
		})
	}
}

// failsAfter makes a get that shows n samples in short runs and then fails.
func failsAfter(n int, end func() error) func(context.Context, []byte, func([]byte, []server.Sample) error) error {
	return func(_ context.Context, key []byte, visit func([]byte, []server.Sample) error) error {
		for i := range n {
			if err := visit(key, []server.Sample{{Timestamp: int64(i), Value: 0.5}}); err != nil {
				return err
			}
		}
		return end()
	}
}

func TestStoreFailsInGet(t *testing.T) {
	for _, n := range []int{0, 1, 1000} {
		t.Run(fmt.Sprintf("After%dSamples", n), func(t *testing.T) {
			store := &faultyStore{Store: memory.New(), get: failsAfter(n, func() error { return errDisk })}
			inBubble(t, server.Config{Store: store}, func(b *bubble) {
				p := b.connect()
				p.send("put a 1 2\nget a\nget *\nwrong\n")
				p.want(ok + failed + failed + wrong)
				p.send("get a\n")
				p.want(failed)
			})
		})
	}
}

// TestStoreFailsInLongReply: part of the reply is gone, so the session is cut and
// what arrived is no whole reply.
func TestStoreFailsInLongReply(t *testing.T) {
	for _, request := range []string{"get a\n", "get *\n"} {
		var log logBuffer
		store := &faultyStore{Store: memory.New(), get: failsAfter(100_000, func() error { return errDisk })}
		inBubble(t, server.Config{Store: store, Logger: log.logger(slog.LevelInfo)}, func(b *bubble) {
			p := b.connect()
			p.send("put a 1 2\n" + request + "put b 1 2\n")
			if !p.isOver() {
				t.Fatal("session goes on")
			}
			got := p.got.String()
			if !strings.HasPrefix(got, ok+"ok\n") || strings.Contains(got[len(ok):], "\n\n") || strings.Contains(got, "error") {
				t.Errorf("%q: reply of %d bytes is not simply cut off: ends in %q", request, len(got), got[max(0, len(got)-100):])
			}
			if n := log.count("level=ERROR"); n != 1 {
				t.Errorf("%d errors were logged, want 1", n)
			}
		})
	}
}

// TestStorePanics: the process lives, other sessions live, replies that are due
// are sent, and the session ends without a reply to what panicked.
func TestStorePanics(t *testing.T) {
	die := func() error { panic("bug in the store") }
	tests := []struct {
		name string
		put  func(context.Context, []server.Put) error
		get  func(context.Context, []byte, func([]byte, []server.Sample) error) error
		send string
		want string
	}{
		{"Put", func(context.Context, []server.Put) error { return die() }, nil, "get a\nwrong\nput a 1 2\nget a\n", ok + wrong},
		{"Get", nil, failsAfter(0, die), "put a 1 2\nget a\nput a 1 3\n", ok},
		{"AfterSomeSamples", nil, failsAfter(9, die), "put a 1 2\nget *\nput a 1 3\n", ok},
		{"AtOnce", nil, failsAfter(0, die), "get a\n", ""},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			var log logBuffer
			store := &faultyStore{Store: memory.New(), put: tt.put, get: tt.get}
			inBubble(t, server.Config{Store: store, Logger: log.logger(slog.LevelInfo)}, func(b *bubble) {
				other := b.connect()
				p := b.connect()
				p.send(tt.send)
				if !p.isOver() {
					t.Error("session goes on")
				}
				p.want(tt.want)
				if log.count("bug in the store") == 0 || log.count("storefailure_test.go") == 0 {
					t.Error("the panic and its place were not logged")
				}
				other.send("wrong\n")
				other.want(wrong)
			})
		})
	}
}

func TestStorePanicsInLongReply(t *testing.T) {
	store := &faultyStore{Store: memory.New(), get: failsAfter(100_000, func() error { panic("bug") })}
	inBubble(t, server.Config{Store: store}, func(b *bubble) {
		p := b.connect()
		p.send("get a\n")
		if !p.isOver() {
			t.Error("session goes on")
		}
		if got := p.got.String(); len(got) == 0 || strings.HasSuffix(got, "\n\n") {
			t.Errorf("reply of %d bytes looks whole", len(got))
		}
	})
}

// TestSlowStoreDelaysNobody has one session in a put that does not return.
func TestSlowStoreDelaysNobody(t *testing.T) {
	stuck := make(chan error, 1)
	store := &faultyStore{Store: memory.New()}
	store.put = func(ctx context.Context, puts []server.Put) error {
		if string(puts[0].Key) != "slow" {
			return store.Store.Put(ctx, puts)
		}
		<-ctx.Done()
		stuck <- context.Cause(ctx)
		return context.Cause(ctx)
	}
	inBubble(t, server.Config{Store: store}, func(b *bubble) {
		b.connect().send("put slow 1 2\n")
		p := b.connect()
		p.send("put a 1 2\nget a\n")
		p.want(ok + "ok\na 1.0 2\n\n")
		synctest.Wait()
		if err := b.srv.Close(); err != nil {
			t.Errorf("Close() = %v", err)
		}
		if err := <-stuck; !errors.Is(err, server.ErrServerClosed) {
			t.Errorf("cause of the context's end is %v, want ErrServerClosed", err)
		}
	})
}

package server_test

import (
	"context"
	"fmt"
	"strings"
	"sync"
	"testing"
	"testing/synctest"

	"github.com/putget-protocol/putget/server"
	"github.com/putget-protocol/putget/server/memory"
)

// TestTranscript is the session of section 1.
func TestTranscript(t *testing.T) {
	inBubble(t, server.Config{}, func(b *bubble) {
		p := b.connect()
		for _, s := range []step{
			{"get test_key\r\n", "ok\n\n"},
			{"got test_key\r\n", "error\nwrong command\n\n"},
			{"put test_key 12.0 1503319740\r\n", "ok\n\n"},
			{"put test_key 13.0 1503319739\r\n", "ok\n\n"},
			{"get test_key \r\n", "ok\ntest_key 13.0 1503319739\ntest_key 12.0 1503319740\n\n"},
			{"put another_key 10 1503319739\r\n", "ok\n\n"},
			{"get *\r\n", "ok\ntest_key 13.0 1503319739\ntest_key 12.0 1503319740\nanother_key 10.0 1503319739\n\n"},
		} {
			p.send(s.send)
			p.want(s.want)
		}
	})
}

func TestSessionsShareTheStore(t *testing.T) {
	inBubble(t, server.Config{}, func(b *bubble) {
		first, second := b.connect(), b.connect()
		first.send("put a 1 2\n")
		first.want(ok)
		second.send("get a\n")
		second.want("ok\na 1.0 2\n\n")
	})
}

// TestStuckPeersDelayNobody has a peer that sends nothing, one in the middle of
// a line, and one that does not read [SES-005].
func TestStuckPeersDelayNobody(t *testing.T) {
	inBubble(t, server.Config{}, func(b *bubble) {
		b.connect()
		b.connect().send("put a 1")
		b.connectMute().send("get a\n")
		p := b.connect()
		p.send("put a 1 2\nget a\n")
		p.want(ok + "ok\na 1.0 2\n\n")
	})
}

// TestOneWriteForOneRead holds the server to one write for all the replies of a
// read, and to one for each MaxPending bytes of long ones.
func TestOneWriteForOneRead(t *testing.T) {
	inBubble(t, server.Config{}, func(b *bubble) {
		p := b.connect()
		p.send(strings.Repeat("put a 1 2\nget b\nwrong\n", 100))
		p.want(strings.Repeat(ok+ok+wrong, 100))
		if n := p.server.takeWrites(); n != 1 {
			t.Errorf("%d writes for the replies to 300 requests, want 1", n)
		}
		var puts, samples strings.Builder
		for i := range 20_000 {
			fmt.Fprintf(&puts, "put long 0.5 %d\n", i)
			fmt.Fprintf(&samples, "long 0.5 %d\n", i)
		}
		p.send(puts.String())
		p.want(strings.Repeat(ok, 20_000))
		p.server.takeWrites()
		p.send("get long\n")
		p.want("ok\n" + samples.String() + "\n")
		want := samples.Len()/server.DefaultMaxPending + 1
		if n := p.server.takeWrites(); n != want {
			t.Errorf("%d writes for a reply of %d bytes, want %d", n, samples.Len(), want)
		}
	})
}

// TestMaxPending counts the writes for one read with other limits.
func TestMaxPending(t *testing.T) {
	tests := []struct {
		name       string
		maxPending int
		writes     int
	}{
		{"EachReply", 1, 1000},
		{"SomeReplies", 40, 100},
		{"NoLimit", -1, 1},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			inBubble(t, server.Config{MaxPending: tt.maxPending}, func(b *bubble) {
				p := b.connect()
				p.send(strings.Repeat("get a\n", 1000))
				p.want(strings.Repeat(ok, 1000))
				if n := p.server.takeWrites(); n != tt.writes {
					t.Errorf("%d writes, want %d", n, tt.writes)
				}
			})
		})
	}
}

// A batchStore records the sizes of the batches it gets, and what came between.
type batchStore struct {
	server.Store
	mu    sync.Mutex
	calls []string
}

func (s *batchStore) note(format string, args ...any) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.calls = append(s.calls, fmt.Sprintf(format, args...))
}

func (s *batchStore) Put(ctx context.Context, puts []server.Put) error {
	s.note("put %d", len(puts))
	return s.Store.Put(ctx, puts)
}

func (s *batchStore) Get(ctx context.Context, key []byte, visit func(key []byte, run []server.Sample) error) error {
	s.note("get %s", key)
	return s.Store.Get(ctx, key, visit)
}

func (s *batchStore) All(ctx context.Context, visit func(key []byte, run []server.Sample) error) error {
	s.note("all")
	return s.Store.All(ctx, visit)
}

// TestPutsTravelInBatches: puts that follow one another in a read are one batch,
// and whatever follows them waits for it.
func TestPutsTravelInBatches(t *testing.T) {
	tests := []struct{ name, send, want string }{
		{"One", "put a 1 2\n", "put 1"},
		{"Three", "put a 1 2\nput b 1 2\nput a 1 3\n", "put 3"},
		{"BeforeGet", "put a 1 2\nput a 1 3\nget a\nput a 1 4\n", "put 2, get a, put 1"},
		{"BeforeAll", "put a 1 2\nget *\nput a 1 4\n", "put 1, all, put 1"},
		{"AroundWrong", "put a 1 2\nput a\nput a 1 4\n", "put 1, put 1"},
		{"AroundLong", "put a 1 2\n" + strings.Repeat("x", 5000) + "\nput a 1 4\n", "put 1, put 1"},
		{"HalfLineWaits", "put a 1 2\nput a 1 3\nput a 1", "put 2"},
		{"NoPuts", "get a\nwrong\n", "get a"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			store := &batchStore{Store: memory.New()}
			inBubble(t, server.Config{Store: store}, func(b *bubble) {
				p := b.connect()
				p.send(tt.send)
				synctest.Wait()
				if got := strings.Join(store.calls, ", "); got != tt.want {
					t.Errorf("store was called with %s, want %s", got, tt.want)
				}
			})
		})
	}
}

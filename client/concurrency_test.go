package client_test

import (
	"context"
	"fmt"
	"net"
	"slices"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/putget-protocol/putget/client"
)

func TestConcurrentCalls(t *testing.T) {
	const callers, rounds = 100, 50
	s := new(store)
	c := dial(t, client.Config{}, s.serve)
	var all sync.WaitGroup
	for i := range callers {
		all.Go(func() {
			key := fmt.Sprintf("host%d.cpu", i)
			var want []client.Sample
			for round := range rounds {
				last := sample(int64(round), float64(i)+0.5)
				want = append(want, last)
				if err := c.Put(t.Context(), key, last.Value, last.Timestamp); err != nil {
					t.Errorf("%s: %v", key, err)
					return
				}
				if round%10 != 9 {
					continue
				}
				if got, err := c.Get(t.Context(), key); err != nil || !slices.Equal(got, want) {
					t.Errorf("%s: got %v, %v, want %v", key, got, err, want)
					return
				}
			}
		})
	}
	all.Go(func() {
		for range rounds {
			if _, err := c.GetAll(t.Context()); err != nil {
				t.Error(err)
			}
		}
	})
	all.Wait()
	got, err := c.GetAll(t.Context())
	if err != nil || len(got) != callers || len(got["host7.cpu"]) != rounds {
		t.Errorf("got %d keys, %v, want %d", len(got), err, callers)
	}
}

// Calls that end early and calls that do not get only their own replies, or an
// error.
func TestConcurrentCallsThatAreGivenUp(t *testing.T) {
	for range 20 {
		c := dial(t, client.Config{}, new(store).serve)
		ctx, cancel := context.WithCancel(t.Context())
		var all sync.WaitGroup
		var rounds atomic.Int64
		for i := range 16 {
			all.Go(func() {
				key := fmt.Sprintf("host%d.cpu", i)
				for timestamp := int64(0); ; timestamp++ {
					err := c.Put(ctx, key, 1, timestamp)
					var got []client.Sample
					if err == nil {
						got, err = c.Get(ctx, key)
					}
					if err != nil {
						return
					}
					if int64(len(got)) != timestamp+1 {
						t.Errorf("%s: got %d samples, want %d", key, len(got), timestamp+1)
					}
					if rounds.Add(1) == 50 {
						cancel()
					}
				}
			})
		}
		all.Wait()
		cancel()
	}
}

// A counting connection counts writes.
type counting struct {
	net.Conn
	writes *atomic.Int64
}

func (c counting) Write(b []byte) (int, error) {
	c.writes.Add(1)
	return c.Conn.Write(b)
}

func TestConcurrentCallsShareWrites(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		near, far := net.Pipe()
		var writes atomic.Int64
		c := client.New(counting{near, &writes}, client.Config{})
		var all sync.WaitGroup
		put := func() {
			if err := c.Put(t.Context(), "palm.cpu", 1.5, 7); err != nil {
				t.Error(err)
			}
		}
		all.Go(put)
		synctest.Wait() // in a write that nobody reads yet
		for range 99 {
			all.Go(put)
		}
		synctest.Wait()
		go acknowledge(newPeer(t, far))
		all.Wait()
		if got := writes.Load(); got != 2 {
			t.Errorf("100 puts took %d writes, want 2: the first, and the rest", got)
		}
		c.Close()
	})
}

// Over a real socket nothing is certain about writes, but far fewer than one for
// each put are expected.
func TestConcurrentCallsShareWritesOverSocket(t *testing.T) {
	const callers, rounds = 100, 100
	conn, err := net.Dial("tcp", listen(t, acknowledge))
	if err != nil {
		t.Fatal(err)
	}
	var writes atomic.Int64
	c := client.New(counting{conn, &writes}, client.Config{})
	defer c.Close()
	var all sync.WaitGroup
	for range callers {
		all.Go(func() {
			for range rounds {
				if err := c.Put(t.Context(), "palm.cpu", 1.5, 7); err != nil {
					t.Error(err)
				}
			}
		})
	}
	all.Wait()
	t.Logf("%d puts of %d goroutines took %d writes", callers*rounds, callers, writes.Load())
	if got := writes.Load(); got > callers*rounds/2 {
		t.Errorf("%d puts took %d writes", callers*rounds, got)
	}
}

// A dead client frees everybody at once, however many wait, and wherever.
func TestManyCallsOnADyingConnection(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c, p := pipe(t, client.Config{Timeout: 5 * time.Second})
		var all sync.WaitGroup
		for range 100 {
			all.Go(func() {
				if err := c.Put(t.Context(), "palm.cpu", 1.5, 7); err == nil {
					t.Error("a put succeeded without a reply")
				}
			})
		}
		synctest.Wait()
		p.expect("put palm.cpu 1.5 7\n")
		began := time.Now()
		all.Wait()
		if took := time.Since(began); took != 5*time.Second {
			t.Errorf("freed after %v, want 5s", took)
		}
	})
}

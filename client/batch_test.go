package client_test

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"reflect"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/putget-protocol/putget/client"
)

// points returns n points of one key with the timestamps from 0 on.
func points(n int) []client.Point {
	all := make([]client.Point, n)
	for i := range all {
		all[i] = point("palm.cpu", 1.5, int64(i))
	}
	return all
}

func TestPutAll(t *testing.T) {
	s := new(store)
	c := dial(t, client.Config{}, s.serve)
	const n = 20_000
	if err := c.PutAll(t.Context(), points(n)); err != nil {
		t.Fatal(err)
	}
	got, err := c.Get(t.Context(), "palm.cpu")
	if err != nil || len(got) != n {
		t.Errorf("got %d samples, %v, want %d", len(got), err, n)
	}
	if err := c.PutAll(t.Context(), nil); err != nil {
		t.Errorf("no points: %v", err)
	}
}

func TestPutAllTellsRefusals(t *testing.T) {
	c := dial(t, client.Config{}, func(p *peer) {
		p.expect("put a 1.0 1\n", "put b 2.0 2\n", "put c 3.0 3\n", "put d 4.0 4\n")
		p.send("ok\n\nerror\nstorage ", "failed\n\nok\n\nerror\n\n")
		p.expect("get a\n")
		p.send("ok\n\n")
	})
	err := c.PutAll(t.Context(), []client.Point{point("a", 1, 1), point("b", 2, 2), point("c", 3, 3), point("d", 4, 4)})
	got, ok := errors.AsType[*client.BatchError](err)
	want := &client.BatchError{Points: 4, Answered: 4, Refused: []client.Refusal{
		{Index: 1, Err: &client.ServerError{Text: []string{"storage failed"}}},
		{Index: 3, Err: &client.ServerError{}},
	}}
	if !ok || !reflect.DeepEqual(got, want) {
		t.Errorf("got %v, want %v", err, want)
	}
	if _, ok := errors.AsType[*client.ServerError](err); !ok {
		t.Error("the refusals are not found in the error")
	}
	if _, err := c.Get(t.Context(), "a"); err != nil {
		t.Errorf("the client is not in order: %v", err)
	}
}

func TestPutAllWhenTheStreamEnds(t *testing.T) {
	c := dial(t, client.Config{}, func(p *peer) {
		p.expect("put palm.cpu 1.5 0\n", "put palm.cpu 1.5 1\n", "put palm.cpu 1.5 2\n")
		p.send("ok\n\nerror\nno\n\nok\n")
	})
	err := c.PutAll(t.Context(), points(10))
	got, ok := errors.AsType[*client.BatchError](err)
	if !ok || got.Points != 10 || got.Answered != 2 || len(got.Refused) != 1 || !errors.Is(err, io.ErrUnexpectedEOF) {
		t.Fatalf("got %v, want 2 of 10 answered", err)
	}
	wantDead(t, c, got.Err)
}

func TestPutAllOnADeadClient(t *testing.T) {
	c := dial(t, client.Config{}, func(*peer) {})
	<-c.Done()
	err := c.PutAll(t.Context(), points(10))
	got, ok := errors.AsType[*client.BatchError](err)
	dead, deadOK := errors.AsType[*client.ProtocolError](err)
	if !ok || got.Answered != 0 || !deadOK || dead.Sent {
		t.Errorf("got %v, want that nothing was sent", err)
	}
}

func TestPutAllGivenUp(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c, p := pipe(t, client.Config{})
		ctx, cancel := context.WithTimeout(t.Context(), 5*time.Second)
		defer cancel()
		put := start(func() error { return c.PutAll(ctx, points(10_000)) })
		p.expect("put palm.cpu 1.5 0\n")
		go io.Copy(io.Discard, p.br)
		p.send("ok\n\n")
		began := time.Now()
		err := <-put
		got, ok := errors.AsType[*client.BatchError](err)
		if !ok || got.Answered != 1 || !errors.Is(err, context.DeadlineExceeded) || time.Since(began) != 5*time.Second {
			t.Fatalf("got %v after %v", err, time.Since(began))
		}
		wantDead(t, c, got.Err)
	})
}

// A batch behind a write that lasts has sent nothing: to give it up costs nothing.
func TestBatchGivenUpBeforeTheWrite(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c, p := pipe(t, client.Config{})
		first := start(func() error { return c.Put(t.Context(), "first", 1, 2) })
		synctest.Wait()
		ctx, cancel := context.WithCancel(t.Context())
		put := start(func() error { return c.PutAll(ctx, points(10)) })
		synctest.Wait()
		last := start(func() error { return c.Put(t.Context(), "last", 1, 2) })
		synctest.Wait()
		cancel()
		err := <-put
		if _, dead := errors.AsType[*client.ProtocolError](err); dead || !errors.Is(err, context.Canceled) {
			t.Errorf("got %v, want a living client", err)
		}
		p.expect("put first 1.0 2\n", "put last 1.0 2\n")
		p.send("ok\n\nok\n\n")
		if err := errors.Join(<-first, <-last); err != nil {
			t.Error(err)
		}
	})
}

func TestBatchIsAnsweredInOrder(t *testing.T) {
	c := dial(t, client.Config{}, func(p *peer) {
		for i := range 3 {
			p.expect(fmt.Sprintf("put palm.cpu 1.5 %d\n", i))
		}
		p.send("ok\n\nerror\nno\n\nok\n\n")
		p.expect("put palm.cpu 1.5 3\n")
		p.send("ok\n\n")
	})
	var answers []string
	b := c.NewBatch(func(index int, err error) { answers = append(answers, fmt.Sprint(index, err == nil)) })
	all := points(4)
	for _, p := range all[:3] {
		if err := b.Put(t.Context(), p); err != nil {
			t.Fatal(err)
		}
	}
	if err := b.Wait(t.Context()); err != nil {
		t.Fatal(err)
	}
	if err := b.Put(t.Context(), all[3]); err != nil { // a batch goes on after Wait
		t.Fatal(err)
	}
	if err := b.Wait(t.Context()); err != nil {
		t.Fatal(err)
	}
	if want := []string{"0 true", "1 false", "2 true", "3 true"}; !slices.Equal(answers, want) {
		t.Errorf("got %q, want %q", answers, want)
	}
}

func TestBatchOfBrokenReplies(t *testing.T) {
	tests := []struct {
		name, reply string
		want        error
	}{
		{"SampleAfterOK", "ok\npalm.cpu 1.5 0\n\n", client.ErrUnaskedSample},
		{"EndsEarly", "ok\n", io.ErrUnexpectedEOF},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			c := dial(t, client.Config{}, func(p *peer) {
				p.expect("put palm.cpu 1.5 0\n")
				p.send(tt.reply)
			})
			b := c.NewBatch(func(index int, err error) { t.Errorf("put %d was answered: %v", index, err) })
			if err := b.Put(t.Context(), points(1)[0]); err != nil {
				t.Fatal(err)
			}
			err := b.Wait(t.Context())
			if !errors.Is(err, tt.want) {
				t.Errorf("got %v, want %v", err, tt.want)
			}
			wantDead(t, c, err)
			if err := b.Wait(t.Context()); err != nil { // nothing is outstanding any more
				t.Errorf("second Wait: %v", err)
			}
		})
	}
}

// A put leaves although no other follows, and before anybody waits for it.
func TestBatchDoesNotHoldBack(t *testing.T) {
	c := dial(t, client.Config{}, acknowledge)
	answered := make(chan int)
	b := c.NewBatch(func(index int, _ error) { answered <- index })
	for i, p := range points(3) {
		if err := b.Put(t.Context(), p); err != nil {
			t.Fatal(err)
		}
		if got := <-answered; got != i {
			t.Errorf("got the answer to %d, want %d", got, i)
		}
	}
}

func TestBatchIsBounded(t *testing.T) {
	long := strings.Repeat("k", 1000)
	tests := []struct {
		name string
		key  string
		want int // puts that go before one waits
	}{
		{"Puts", "k", 4096},
		{"Bytes", long, (256<<10 + 1009) / 1010}, // a request has 1,010 bytes
		{"OneAboveAllBytes", strings.Repeat("k", 1<<20), 1},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				c, p := pipe(t, client.Config{})
				b := c.NewBatch(nil)
				ctx, cancel := context.WithTimeout(t.Context(), time.Second)
				defer cancel()
				sent := 0
				var err error
				for err == nil {
					if err = b.Put(ctx, point(tt.key, 1, 7)); err == nil {
						sent++
					}
				}
				if sent != tt.want || !errors.Is(err, context.DeadlineExceeded) {
					t.Errorf("%d puts are outstanding, %v, want %d", sent, err, tt.want)
				}
				go acknowledge(p)
				if err := b.Wait(t.Context()); err != nil { // the context of one Put harms no other
					t.Error(err)
				}
			})
		})
	}
}

// The server reads nothing more until its long replies are read, and has small
// buffers.
func TestBatchDoesNotDeadlockOnFullBuffers(t *testing.T) {
	const n = 6_000
	refusal := "error\n" + strings.Repeat("no ", 300) + "\n\n"
	c := dial(t, client.Config{}, func(p *peer) {
		tcp := p.conn.(*net.TCPConn)
		if err := errors.Join(tcp.SetReadBuffer(16<<10), tcp.SetWriteBuffer(16<<10)); err != nil {
			t.Error(err)
		}
		for range n {
			p.expect("put palm.cpu 1.5 7\n")
			p.send(refusal)
		}
	})
	refused := 0
	b := c.NewBatch(func(_ int, err error) {
		if err != nil {
			refused++
		}
	})
	for range n {
		if err := b.Put(t.Context(), point("palm.cpu", 1.5, 7)); err != nil {
			t.Fatal(err)
		}
	}
	if err := b.Wait(t.Context()); err != nil || refused != n {
		t.Errorf("got %d refusals, %v, want %d", refused, err, n)
	}
}

func TestBatchBesideCalls(t *testing.T) {
	c := dial(t, client.Config{}, new(store).serve)
	batch := start(func() error { return c.PutAll(t.Context(), points(20_000)) })
	for i := range 200 {
		if err := c.Put(t.Context(), "other", 1, int64(i)); err != nil {
			t.Fatal(err)
		}
		if got, err := c.Get(t.Context(), "other"); err != nil || len(got) != i+1 {
			t.Fatalf("got %d samples, %v, want %d", len(got), err, i+1)
		}
	}
	if err := <-batch; err != nil {
		t.Error(err)
	}
}

package client_test

import (
	"context"
	"errors"
	"testing"
	"testing/synctest"
	"time"

	"github.com/putget-protocol/putget/client"
)

func TestContextEnded(t *testing.T) {
	c := dial(t, client.Config{}, func(p *peer) {
		p.expect("get after\n")
		p.send("ok\n\n")
		p.expectEnd()
	})
	why := errors.New("changed my mind")
	ctx, cancel := context.WithCancelCause(t.Context())
	cancel(why)
	calls := map[string]func() error{
		"Put":    func() error { return c.Put(ctx, "k", 1, 2) },
		"PutNow": func() error { return c.PutNow(ctx, "k", 1) },
		"Get":    func() error { _, err := c.Get(ctx, "k"); return err },
		"GetAll": func() error { _, err := c.GetAll(ctx); return err },
		"PutAll": func() error { return c.PutAll(ctx, []client.Point{point("k", 1, 2)}) },
		"Batch":  func() error { return c.NewBatch(nil).Put(ctx, point("k", 1, 2)) },
	}
	for name, call := range calls {
		for range 100 { // a request that is only taken back would get out now and then
			err := call()
			if _, dead := errors.AsType[*client.ProtocolError](err); dead || !errors.Is(err, why) {
				t.Fatalf("%s: got %v, want %v", name, err, why)
			}
		}
	}
	if _, err := c.Get(t.Context(), "after"); err != nil {
		t.Errorf("the client is not in order: %v", err)
	}
}

func TestContextEndsBeforeTheWrite(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c, p := pipe(t, client.Config{})
		first := start(func() error { return c.Put(t.Context(), "first", 1, 2) })
		synctest.Wait() // in a write that nobody reads yet
		ctx, cancel := context.WithTimeout(t.Context(), 5*time.Second)
		defer cancel()
		second := start(func() error { return c.Put(t.Context(), "second", 1, 2) })
		synctest.Wait()
		given := start(func() error { return c.Put(ctx, "given.up", 1, 2) })
		synctest.Wait()
		last := start(func() error { return c.Put(t.Context(), "last", 1, 2) })
		err := <-given
		if _, dead := errors.AsType[*client.ProtocolError](err); dead || !errors.Is(err, context.DeadlineExceeded) {
			t.Errorf("got %v, want an expired context and a living client", err)
		}
		p.expect("put first 1.0 2\n", "put second 1.0 2\n", "put last 1.0 2\n")
		p.send("ok\n\nok\n\nok\n\n")
		for _, other := range []<-chan error{first, second, last} {
			if err := <-other; err != nil {
				t.Error(err)
			}
		}
	})
}

func TestContextEndsWhileTheReplyIsDue(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c, p := pipe(t, client.Config{})
		why := errors.New("changed my mind")
		ctx, cancel := context.WithTimeoutCause(t.Context(), 5*time.Second, why)
		defer cancel()
		other := start(func() error { return c.Put(t.Context(), "other", 1, 2) })
		p.expect("put other 1.0 2\n")
		given := start(func() error { return c.Put(ctx, "given.up", 1, 2) })
		p.expect("put given.up 1.0 2\n")
		began := time.Now()
		err := <-given
		if took := time.Since(began); took != 5*time.Second || !errors.Is(err, why) {
			t.Errorf("got %v after %v", err, took)
		}
		wantDead(t, c, err)
		wantDead(t, c, <-other)
		p.expectEnd()
	})
}

func TestClose(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c, p := pipe(t, client.Config{})
		sent := start(func() error { return c.Put(t.Context(), "sent", 1, 2) })
		p.expect("put sent 1.0 2\n")
		half := start(func() error { return c.Put(t.Context(), "half", 1, 2) })
		synctest.Wait()
		waiting := start(func() error { return c.Put(t.Context(), "waiting", 1, 2) })
		synctest.Wait()
		for range 2 {
			if err := c.Close(); err != nil {
				t.Error(err)
			}
		}
		later := start(func() error { return c.Put(t.Context(), "later", 1, 2) })
		for _, call := range []<-chan error{sent, half, waiting, later} {
			err := <-call
			if _, dead := errors.AsType[*client.ProtocolError](err); dead || !errors.Is(err, client.ErrClosed) {
				t.Errorf("got %v, want ErrClosed, which is no fault of the protocol", err)
			}
		}
		if !errors.Is(c.Err(), client.ErrClosed) {
			t.Errorf("Err: got %v", c.Err())
		}
	})
}

func TestCloseKeepsTheFirstReason(t *testing.T) {
	c := dial(t, client.Config{}, func(p *peer) {
		p.expect("get k\n")
		p.send("what?\n")
		p.expectEnd()
	})
	_, err := c.Get(t.Context(), "k")
	wantDead(t, c, err)
	if err := c.Close(); err != nil {
		t.Error(err)
	}
	wantDead(t, c, err)
}

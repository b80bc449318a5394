package client_test

import (
	"context"
	"errors"
	"io"
	"net"
	"os"
	"testing"
	"testing/synctest"
	"time"

	"github.com/putget-protocol/putget/client"
)

func TestStreamEndsEarly(t *testing.T) {
	const reply = "ok\nk 1.5 7\n\n"
	for cut := range len(reply) {
		c := dial(t, client.Config{}, func(p *peer) {
			p.expect("get k\n")
			p.send(reply[:cut])
		})
		got, err := c.Get(t.Context(), "k")
		if got != nil || !errors.Is(err, io.ErrUnexpectedEOF) {
			t.Errorf("cut at %d: got %v, %v, want an unexpected EOF", cut, got, err)
		}
		wantDead(t, c, err)
	}
}

func TestReset(t *testing.T) {
	for _, before := range []string{"", "ok\nk 1"} {
		c := dial(t, client.Config{}, func(p *peer) {
			p.expect("get k\n")
			p.send(before)
			p.reset()
		})
		_, err := c.Get(t.Context(), "k")
		if !errors.Is(err, io.ErrUnexpectedEOF) {
			t.Errorf("got %v, want an unexpected EOF", err)
		}
		wantDead(t, c, err)
	}
}

func TestServerClosesIdleConnection(t *testing.T) {
	c := dial(t, client.Config{}, func(p *peer) {
		p.expect("put k 1.0 2\n")
		p.send("ok\n\n")
	})
	if err := c.Put(t.Context(), "k", 1, 2); err != nil {
		t.Fatal(err)
	}
	<-c.Done()
	err := c.Put(t.Context(), "k", 1, 3)
	got, ok := errors.AsType[*client.ProtocolError](err)
	if !ok || got.Sent || !errors.Is(err, io.ErrUnexpectedEOF) {
		t.Errorf("got %v, want that nothing was sent", err)
	}
}

func TestUnaskedBytes(t *testing.T) {
	tests := []struct{ name, unasked string }{
		{"Greeting", "220 ready\r\n"},
		{"OneByte", "o"},
		{"AReply", "ok\n\n"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			c := dial(t, client.Config{}, func(p *peer) {
				p.expect("put k 1.0 2\n")
				p.send("ok\n\n")
				p.send(tt.unasked) // alone, or with the reply in one segment
				p.expectEnd()
			})
			if err := c.Put(t.Context(), "k", 1, 2); err != nil {
				t.Fatal(err)
			}
			<-c.Done()
			_, err := c.Get(t.Context(), "k")
			got, ok := errors.AsType[*client.ProtocolError](err)
			if !ok || got.Sent || !errors.Is(err, client.ErrUnasked) {
				t.Errorf("got %v, want ErrUnasked", err)
			}
		})
	}
}

// A request that no write has been given cannot be what early bytes answer.
func TestBytesBeforeTheRequestIsWritten(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c, p := pipe(t, client.Config{})
		first := start(func() error { return c.Put(t.Context(), "k", 1, 2) })
		synctest.Wait() // blocked in its write
		second := start(func() error { return c.Put(t.Context(), "k", 1, 3) })
		synctest.Wait()  // waits for the write
		p.send("ok\n\n") // to the first, half written
		p.send("ok\n\n") // to none
		if err := <-first; err != nil {
			t.Errorf("first: %v", err)
		}
		err := <-second
		if got, ok := errors.AsType[*client.ProtocolError](err); !ok || got.Sent || !errors.Is(err, client.ErrUnasked) {
			t.Errorf("second: got %v, want ErrUnasked and nothing sent", err)
		}
	})
}

func TestSilenceExpires(t *testing.T) {
	tests := []struct {
		name   string
		cfg    client.Config
		before string // the reply, as far as it comes at once
		want   time.Duration
	}{
		{"Default", client.Config{}, "", client.DefaultTimeout},
		{"Set", client.Config{Timeout: 5 * time.Second}, "", 5 * time.Second},
		{"InTheMiddleOfAReply", client.Config{Timeout: 5 * time.Second}, "ok\nk 1", 5 * time.Second},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				c, p := pipe(t, tt.cfg)
				time.Sleep(time.Hour) // silence while nothing is outstanding is none
				began := time.Now()
				get := start(func() error { _, err := c.Get(t.Context(), "k"); return err })
				p.expect("get k\n")
				p.send(tt.before)
				err := <-get
				if got := time.Since(began); got != tt.want || !errors.Is(err, os.ErrDeadlineExceeded) {
					t.Errorf("got %v after %v, want an expired deadline after %v", err, got, tt.want)
				}
				wantDead(t, c, err)
			})
		})
	}
}

// The timeout also frees a write that nobody reads.
func TestServerDoesNotRead(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c, _ := pipe(t, client.Config{Timeout: 5 * time.Second})
		began := time.Now()
		err := c.Put(t.Context(), "k", 1, 2)
		if took := time.Since(began); took != 5*time.Second || !errors.Is(err, os.ErrDeadlineExceeded) {
			t.Errorf("got %v after %v, want an expired deadline after 5s", err, took)
		}
		wantDead(t, c, err)
	})
}

func TestSilenceWithoutBound(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c, p := pipe(t, client.Config{Timeout: -1})
		get := start(func() error { _, err := c.Get(t.Context(), "k"); return err })
		p.expect("get k\n")
		time.Sleep(1000 * time.Hour)
		p.send("ok\n\n")
		if err := <-get; err != nil {
			t.Error(err)
		}
	})
}

func TestSlowReplyDoesNotExpire(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c, p := pipe(t, client.Config{Timeout: 5 * time.Second})
		for range 3 {
			get := start(func() error { _, err := c.Get(t.Context(), "k"); return err })
			p.expect("get k\n")
			for piece := range pieces("ok\nk 1.5 7\n\n", 1) {
				time.Sleep(4 * time.Second)
				p.send(piece)
			}
			if err := <-get; err != nil {
				t.Error(err)
			}
			time.Sleep(time.Minute)
		}
	})
}

// start makes a call in a goroutine of its own.
func start(call func() error) <-chan error {
	done := make(chan error, 1)
	go func() { done <- call() }()
	return done
}

func TestDial(t *testing.T) {
	ln, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	refused := ln.Addr().String()
	ln.Close()
	why := errors.New("changed my mind")
	ended, cancel := context.WithCancelCause(t.Context())
	cancel(why)
	tests := []struct {
		name string
		ctx  context.Context
		addr string
		want error // nil for any
	}{
		{"Refused", t.Context(), refused, nil},
		{"NoPort", t.Context(), "127.0.0.1", nil},
		{"ContextEnded", ended, refused, why},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			c, err := client.Dial(tt.ctx, tt.addr, client.Config{})
			got, ok := errors.AsType[*client.DialError](err)
			if c != nil || !ok || got.Addr != tt.addr || tt.want != nil && !errors.Is(err, tt.want) {
				t.Errorf("got %v, %v", c, err)
			}
		})
	}
}

// A faulty connection reads and writes as it is told to.
type faulty struct {
	net.Conn
	read  func([]byte) (int, error)
	write func([]byte) (int, error)
}

func (f faulty) Read(b []byte) (int, error)  { return f.read(b) }
func (f faulty) Write(b []byte) (int, error) { return f.write(b) }

func TestReadsOfNothingEnd(t *testing.T) {
	near, far := net.Pipe()
	defer far.Close()
	c := client.New(faulty{near, func([]byte) (int, error) { return 0, nil }, near.Write}, client.Config{})
	defer c.Close()
	<-c.Done()
	if !errors.Is(c.Err(), io.ErrNoProgress) {
		t.Errorf("got %v, want no progress", c.Err())
	}
}

// A server may refuse one request, close, and so let the write of the next fail:
// the refusal still counts.
func TestReplyAfterAFailedWrite(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		near, far := net.Pipe()
		broken := errors.New("broken pipe")
		writes := 0
		c := client.New(faulty{near, near.Read, func(b []byte) (int, error) {
			if writes++; writes > 1 {
				return 0, broken
			}
			return near.Write(b)
		}}, client.Config{})
		p := newPeer(t, far)
		first := start(func() error { return c.Put(t.Context(), "first", 1, 2) })
		p.expect("put first 1.0 2\n")
		second := start(func() error { return c.Put(t.Context(), "second", 1, 2) })
		synctest.Wait()
		if err := c.Put(t.Context(), "third", 1, 2); !errors.Is(err, broken) {
			t.Errorf("third: got %v", err)
		}
		p.send("error\ntoo long\n\n")
		if _, ok := errors.AsType[*client.ServerError](<-first); !ok {
			t.Error("first: want the server's refusal")
		}
		began := time.Now()
		err := <-second // the server stays silent, and open
		if !errors.Is(err, broken) || !errors.Is(err, io.ErrUnexpectedEOF) || time.Since(began) > time.Second {
			t.Errorf("second: got %v after %v", err, time.Since(began))
		}
		wantDead(t, c, err)
		p.expectEnd()
	})
}

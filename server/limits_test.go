package server_test

import (
	"io"
	"log/slog"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/putget-protocol/putget/server"
)

func TestNewNeedsAStore(t *testing.T) {
	if srv, err := server.New(server.Config{}); err == nil {
		t.Errorf("New() without a store = %v, nil", srv)
	}
}

// TestIdleTimeout measures, on the clock of the bubble, how long a session lives.
func TestIdleTimeout(t *testing.T) {
	pause := func(p *peer) { time.Sleep(50 * time.Second) }
	send := func(s string) func(*peer) { return func(p *peer) { p.send(s) } }
	tests := []struct {
		name    string
		timeout time.Duration
		acts    []func(p *peer)
		want    time.Duration
		replies string
	}{
		{"Silent", time.Minute, nil, time.Minute, ""},
		{"Default", 0, nil, 5 * time.Minute, ""},
		{"AfterRequest", time.Minute, []func(*peer){pause, send("get a\n")}, 110 * time.Second, ok},
		{"HalfLine", time.Minute, []func(*peer){send("put a 1")}, time.Minute, ""},
		{
			"EachByteCounts", time.Minute,
			[]func(*peer){pause, send("g"), pause, send("e"), pause, send("t a\n")},
			210 * time.Second, ok,
		},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			inBubble(t, server.Config{IdleTimeout: tt.timeout}, func(b *bubble) {
				p := b.connect()
				start := time.Now()
				for _, act := range tt.acts {
					act(p)
				}
				<-p.ended
				if got := time.Since(start); got != tt.want {
					t.Errorf("session ended after %v, want %v", got, tt.want)
				}
				p.want(tt.replies)
			})
		})
	}
}

// TestIdleCountsReplies: a byte of a reply that the peer takes is a byte, too.
func TestIdleCountsReplies(t *testing.T) {
	inBubble(t, server.Config{IdleTimeout: time.Minute}, func(b *bubble) {
		p := b.connectMute()
		start := time.Now()
		p.send("get a\n")
		time.Sleep(50 * time.Second)
		p.listen()
		<-p.ended
		if got, want := time.Since(start), 110*time.Second; got != want {
			t.Errorf("session ended after %v, want %v", got, want)
		}
		p.want(ok)
	})
}

func TestNoIdleTimeout(t *testing.T) {
	inBubble(t, server.Config{IdleTimeout: -1}, func(b *bubble) {
		p := b.connect()
		time.Sleep(1000 * time.Hour)
		p.send("get a\n")
		p.want(ok)
	})
}

// TestWriteTimeout has a peer that takes one byte of its replies every so often.
func TestWriteTimeout(t *testing.T) {
	tests := []struct {
		name     string
		timeout  time.Duration
		every    time.Duration // 0: never
		min, max time.Duration // of the session's life; 0: it lives
	}{
		{"NeverReads", 0, 0, 60 * time.Second, 75 * time.Second},
		{"OtherLimit", 8 * time.Second, 0, 8 * time.Second, 10 * time.Second},
		{"ReadsSlowly", 0, 55 * time.Second, 0, 0},
		{"ReadsTooSlowly", 0, 80 * time.Second, 60 * time.Second, 75 * time.Second},
		{"NoLimit", -1, 1000 * time.Second, 0, 0},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			inBubble(t, server.Config{WriteTimeout: tt.timeout}, func(b *bubble) {
				p := b.connectMute()
				start := time.Now()
				p.send("get a\nput a 1 2\nget a\n")
				replies := ok + ok + "ok\na 1.0 2\n\n"
				taken := 0
				for taken < len(replies) && tt.every > 0 {
					time.Sleep(tt.every)
					n, err := p.nc.Read(make([]byte, 1))
					if err != nil {
						break
					}
					taken += n
				}
				if tt.max == 0 {
					p.listen()
					p.send("get b\n") // it still lives
					p.want(ok)
					return
				}
				<-p.server.closed
				if tt.every > 0 {
					if taken > 0 {
						t.Errorf("took %d bytes before the cut, want 0", taken)
					}
					return
				}
				if got := time.Since(start); got < tt.min || got > tt.max {
					t.Errorf("session was cut after %v, want %v to %v", got, tt.min, tt.max)
				}
			})
		})
	}
}

// TestStopsReading: while a peer leaves its replies where they are, the server
// takes no more requests from it than one read brings.
func TestStopsReading(t *testing.T) {
	inBubble(t, server.Config{WriteTimeout: -1}, func(b *bubble) {
		p := b.connectMute()
		sent := 0
		go func() {
			for {
				n, err := io.WriteString(p.nc, strings.Repeat("get a\n", 1000))
				sent += n
				if err != nil {
					return
				}
			}
		}()
		synctest.Wait()
		time.Sleep(time.Hour)
		if sent > 64<<10 {
			t.Errorf("server took %d bytes of requests from a peer that does not read", sent)
		}
	})
}

func TestMaxConns(t *testing.T) {
	var log logBuffer
	inBubble(t, server.Config{MaxConns: 2, Logger: log.logger(slog.LevelWarn)}, func(b *bubble) {
		first, second := b.connect(), b.connect()
		third := make(chan *peer)
		go func() { third <- b.connect() }()
		second.send("get a\n")
		second.want(ok)
		synctest.Wait()
		select {
		case <-third:
			t.Fatal("a third connection was accepted")
		default:
		}
		if err := first.nc.Close(); err != nil {
			t.Fatal(err)
		}
		p := <-third
		p.send("get a\n")
		p.want(ok)
		if n := log.count("connection limit reached"); n != 1 {
			t.Errorf("logged %d times in a minute that the limit is reached, want 1", n)
		}
	})
}

func TestMaxConnsShutdown(t *testing.T) {
	inBubble(t, server.Config{MaxConns: 1}, func(b *bubble) {
		p := b.connect()
		if err := b.srv.Shutdown(b.t.Context()); err != nil {
			t.Errorf("Shutdown() = %v", err)
		}
		if !p.isOver() {
			t.Error("session goes on")
		}
	})
}

func TestNoMaxConns(t *testing.T) {
	inBubble(t, server.Config{MaxConns: -1}, func(b *bubble) {
		for range server.DefaultMaxConns + 1 {
			p := b.connect()
			p.send("get a\n")
			p.want(ok)
		}
	})
}

package server_test

import (
	"bytes"
	"context"
	"errors"
	"io"
	"log/slog"
	"net"
	"sync"
	"testing"
	"testing/synctest"

	"github.com/putget-protocol/putget/server"
	"github.com/putget-protocol/putget/server/memory"
)

// A fakeListener hands out what a test gives it: connections and errors. It
// belongs to the bubble in which it is made.
type fakeListener struct {
	accepts chan accept
	once    sync.Once
	closed  chan struct{}
}

type accept struct {
	nc  net.Conn
	err error
}

func newFakeListener() *fakeListener {
	return &fakeListener{accepts: make(chan accept), closed: make(chan struct{})}
}

func (l *fakeListener) Accept() (net.Conn, error) {
	select {
	case <-l.closed:
		return nil, net.ErrClosed
	default:
	}
	select {
	case a := <-l.accepts:
		return a.nc, a.err
	case <-l.closed:
		return nil, net.ErrClosed
	}
}

func (l *fakeListener) Close() error {
	l.once.Do(func() { close(l.closed) })
	return nil
}

func (l *fakeListener) Addr() net.Addr { return &net.TCPAddr{IP: net.IPv4(127, 0, 0, 1), Port: 8888} }

// A bubble is a server in a synctest bubble: pipes for connections, and a clock
// of its own.
type bubble struct {
	t   *testing.T
	ln  *fakeListener
	srv *server.Server
	err chan error // what Serve returned
}

// inBubble runs f with a server for cfg, with a memory store if cfg has none, in
// a synctest bubble.
func inBubble(t *testing.T, cfg server.Config, f func(b *bubble)) {
	t.Helper()
	synctest.Test(t, func(t *testing.T) {
		if cfg.Store == nil {
			cfg.Store = memory.New()
		}
		srv, err := server.New(cfg)
		if err != nil {
			t.Fatal(err)
		}
		b := &bubble{t, newFakeListener(), srv, make(chan error, 1)}
		go func() { b.err <- srv.Serve(b.ln) }()
		f(b)
		if err := srv.Close(); err != nil {
			t.Errorf("Close() = %v", err)
		}
		if err := srv.Shutdown(t.Context()); err != nil {
			t.Errorf("Shutdown() = %v", err)
		}
		if err := <-b.err; !errors.Is(err, server.ErrServerClosed) {
			t.Errorf("Serve() = %v, want ErrServerClosed", err)
		}
	})
}

// connect gives the server a connection and returns the other end of it, of
// which a goroutine reads everything.
func (b *bubble) connect() *peer {
	b.t.Helper()
	p := b.connectMute()
	p.listen()
	return p
}

// connectMute is connect for a peer that does not read.
func (b *bubble) connectMute() *peer {
	b.t.Helper()
	ours, theirs := net.Pipe()
	server := newWatchedConn(theirs)
	b.ln.accepts <- accept{nc: server}
	return &peer{t: b.t, nc: ours, server: server, ended: make(chan struct{})}
}

// A watchedConn is the server's end of a connection, and tells what the server
// does with it.
type watchedConn struct {
	net.Conn
	mu     sync.Mutex
	writes int
	once   sync.Once
	closed chan struct{} // closed when the server closes the connection
}

func newWatchedConn(nc net.Conn) *watchedConn {
	return &watchedConn{Conn: nc, closed: make(chan struct{})}
}

func (c *watchedConn) Write(p []byte) (int, error) {
	c.mu.Lock()
	c.writes++
	c.mu.Unlock()
	return c.Conn.Write(p)
}

func (c *watchedConn) Close() error {
	c.once.Do(func() { close(c.closed) })
	return c.Conn.Close()
}

// takeWrites returns how many writes there were since the last call.
func (c *watchedConn) takeWrites() int {
	c.mu.Lock()
	defer c.mu.Unlock()
	n := c.writes
	c.writes = 0
	return n
}

// A peer is the client's end of a pipe to the server.
type peer struct {
	t      *testing.T
	nc     net.Conn
	server *watchedConn
	ended  chan struct{} // closed when the server has ended the session

	mu  sync.Mutex
	got bytes.Buffer
}

// listen starts to read.
func (p *peer) listen() {
	go func() {
		defer close(p.ended)
		buf := make([]byte, 64<<10)
		for {
			n, err := p.nc.Read(buf)
			p.mu.Lock()
			p.got.Write(buf[:n])
			p.mu.Unlock()
			if err != nil {
				return
			}
		}
	}()
}

// send writes s to the server in one piece.
func (p *peer) send(s string) {
	p.t.Helper()
	if _, err := io.WriteString(p.nc, s); err != nil {
		p.t.Fatalf("cannot send %.60q: %v", s, err)
	}
}

// want fails the test unless the server, now that it has nothing left to do, has
// sent exactly s since the last call.
func (p *peer) want(s string) {
	p.t.Helper()
	synctest.Wait()
	p.mu.Lock()
	defer p.mu.Unlock()
	if got := p.got.String(); got != s {
		p.t.Fatalf("got  %.300q (%d bytes)\nwant %.300q (%d bytes)", got, len(got), s, len(s))
	}
	p.got.Reset()
}

// isOver reports whether the server has ended the session.
func (p *peer) isOver() bool {
	synctest.Wait()
	select {
	case <-p.ended:
		return true
	default:
		return false
	}
}

// cancelled is a context that has ended.
func cancelled() context.Context {
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	return ctx
}

// A logBuffer keeps what a server logs.
type logBuffer struct {
	mu  sync.Mutex
	buf bytes.Buffer
}

func (l *logBuffer) Write(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.buf.Write(p)
}

// logger returns a logger of everything at level or above.
func (l *logBuffer) logger(level slog.Level) *slog.Logger {
	return slog.New(slog.NewTextHandler(l, &slog.HandlerOptions{Level: level}))
}

// count returns how often s was logged.
func (l *logBuffer) count(s string) int {
	l.mu.Lock()
	defer l.mu.Unlock()
	return bytes.Count(l.buf.Bytes(), []byte(s))
}

package server

import (
	"context"
	"errors"
	"net"
	"sync"
	"time"
)

// ErrServerClosed is returned by [Server.Serve] after [Server.Shutdown] or
// [Server.Close]. It is also the cause of the end of a context that Close cuts
// short under the store.
var ErrServerClosed = errors.New("server: closed")

// A Server serves one store on any number of listeners. Make one with [New].
// All methods may be called at the same time.
//
// Its life has one direction: once Shutdown or Close was called it serves
// nothing more.
type Server struct {
	cfg  Config
	quit chan struct{} // closed when the server begins to close
	gone chan struct{} // closed when, after that, no connection is left

	mu        sync.Mutex // guards what follows
	room      sync.Cond  // signalled when a connection ends or the server closes
	closing   bool
	listeners map[*net.Listener]struct{}
	conns     map[*conn]struct{}
	warned    time.Time // when the last warning about MaxConns was logged
}

// New returns a server for cfg, of which it keeps a copy. The only error is a
// Config without a store.
func New(cfg Config) (*Server, error) {
	cfg, err := cfg.withDefaults()
	if err != nil {
		return nil, err
	}
	s := &Server{
		cfg:       cfg,
		quit:      make(chan struct{}),
		gone:      make(chan struct{}),
		listeners: make(map[*net.Listener]struct{}),
		conns:     make(map[*conn]struct{}),
	}
	s.room.L = &s.mu
	return s, nil
}

// Shutdown ends the server in order: it stops accepting, answers the requests
// that were received completely, ends each session, and returns when all are
// over. Connections that wait in the backlog are reset by the kernel.
//
// When ctx ends first, Shutdown returns its cause. The sessions that are left
// then go on ending; call Close to cut them, or Shutdown again to wait on.
func (s *Server) Shutdown(ctx context.Context) error {
	s.beginClosing((*conn).wake)
	select {
	case <-s.gone:
		return nil
	case <-ctx.Done():
		return context.Cause(ctx)
	}
}

// Close ends the server at once: it stops accepting, ends the contexts of the
// store's running calls and closes every connection, in the middle of a reply
// if need be. It does not wait for calls that the store has not left yet;
// Shutdown, called after it, does. The error is always nil.
func (s *Server) Close() error {
	s.beginClosing((*conn).cut)
	return nil
}

// beginClosing lets nothing new begin and tells every connection to end.
func (s *Server) beginClosing(end func(*conn)) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if !s.closing {
		s.closing = true
		close(s.quit)
		s.room.Broadcast()
		for ln := range s.listeners {
			_ = (*ln).Close() // its Serve returns ErrServerClosed all the same
		}
		if len(s.conns) == 0 {
			close(s.gone)
		}
	}
	for c := range s.conns {
		end(c)
	}
}

// start serves nc on a goroutine that ends when the session does. It refuses
// when the server is closing, under the same lock under which closing begins, so
// that no connection is overlooked.
func (s *Server) start(nc net.Conn) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.closing {
		_ = nc.Close() // nothing was read or written
		return
	}
	ctx, stop := context.WithCancelCause(context.Background())
	c := newConn(nc, s.cfg, stop)
	s.conns[c] = struct{}{}
	go func() {
		defer s.forget(c)
		c.serve(ctx)
	}()
}

// forget is the end of a connection.
func (s *Server) forget(c *conn) {
	c.stop(nil)
	s.mu.Lock()
	defer s.mu.Unlock()
	delete(s.conns, c)
	s.room.Broadcast()
	if s.closing && len(s.conns) == 0 {
		close(s.gone)
	}
}

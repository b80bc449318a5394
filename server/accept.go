package server

import (
	"errors"
	"fmt"
	"net"
	"syscall"
	"time"
)

// Bounds on the wait after an accept that failed.
const (
	minBackoff = 5 * time.Millisecond
	maxBackoff = time.Second
)

// warnEvery is how often, at most, the log says that MaxConns is reached.
const warnEvery = time.Minute

// Serve accepts connections from ln and serves each on a goroutine of its own,
// until the server is closed; then it returns [ErrServerClosed]. It owns ln and
// closes it in any case.
//
// An error of ln that may pass, such as a lack of file descriptors, is logged
// and tried again after a wait. Any other one is returned, wrapped; the sessions
// that ln brought go on, and so do other listeners.
func (s *Server) Serve(ln net.Listener) error {
	defer ln.Close()
	s.track(&ln)
	defer s.untrack(&ln)
	backoff := minBackoff
	for s.waitForRoom() {
		nc, err := ln.Accept()
		if err == nil {
			backoff = minBackoff
			s.start(nc)
			continue
		}
		if s.isClosing() {
			break
		}
		if !mayPass(err) {
			return fmt.Errorf("server: cannot accept on %s: %w", ln.Addr(), err)
		}
		s.cfg.Logger.Warn("cannot accept, trying again", "error", err, "wait", backoff.String())
		if !s.pause(backoff) {
			break
		}
		backoff = min(2*backoff, maxBackoff)
	}
	return ErrServerClosed
}

// track adds ln to the listeners that closing closes. When that has been already,
// waitForRoom lets nobody in.
func (s *Server) track(ln *net.Listener) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.listeners[ln] = struct{}{}
}

func (s *Server) untrack(ln *net.Listener) {
	s.mu.Lock()
	defer s.mu.Unlock()
	delete(s.listeners, ln)
}

func (s *Server) isClosing() bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.closing
}

// waitForRoom waits until there are fewer connections than MaxConns, so that
// those above it stay in the backlog. It reports false when the server closes.
//
// It reserves nothing: with several listeners, each may bring one connection at
// the same time, and the limit can be passed by their number less one. A
// listener that held a place while nobody comes would starve the others.
func (s *Server) waitForRoom() bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	for !s.closing && s.cfg.MaxConns > 0 && len(s.conns) >= s.cfg.MaxConns {
		if now := time.Now(); now.Sub(s.warned) >= warnEvery {
			s.warned = now
			s.cfg.Logger.Warn("connection limit reached, new ones wait", "max_conns", s.cfg.MaxConns)
		}
		s.room.Wait()
	}
	return !s.closing
}

// pause waits for d. It reports false when the server closes meanwhile.
func (s *Server) pause(d time.Duration) bool {
	select {
	case <-time.After(d):
		return true
	case <-s.quit:
		return false
	}
}

// mayPass reports whether an error of Accept says something about this moment
// or about one connection, rather than about the listener.
func mayPass(err error) bool {
	for _, passing := range []syscall.Errno{
		syscall.EMFILE, syscall.ENFILE, syscall.ENOBUFS, syscall.ENOMEM,
		syscall.ECONNABORTED, syscall.ECONNRESET, syscall.EPROTO, syscall.EINTR,
		syscall.ENETDOWN, syscall.ENETUNREACH, syscall.EHOSTDOWN, syscall.EHOSTUNREACH,
	} {
		if errors.Is(err, passing) {
			return true
		}
	}
	return false
}

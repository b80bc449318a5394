package server

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net"
	"os"
	"runtime/debug"
	"sync"
	"time"
)

// A conn is the connection handler of one session. It moves bytes: it reads,
// finds the lines, lets the executor answer them, and writes the replies.
type conn struct {
	nc    net.Conn
	idle  time.Duration // negative: no limit
	log   *slog.Logger
	lines lineBuffer
	out   replies
	exec  *executor
	stop  context.CancelCauseFunc // ends the calls to the store

	// mu makes sure that the deadline by which wake ends a read is never undone
	// by arming the idle clock after it.
	mu      sync.Mutex
	closing bool
}

// errIdle ends a session on which nothing moved for too long.
var errIdle = errors.New("server: connection was idle")

func newConn(nc net.Conn, cfg Config, stop context.CancelCauseFunc) *conn {
	c := &conn{
		nc:    nc,
		idle:  cfg.IdleTimeout,
		log:   cfg.Logger.With("peer", nc.RemoteAddr().String()),
		lines: lineBuffer{max: cfg.MaxLine},
		out:   replies{w: patientWriter{nc, cfg.WriteTimeout}, limit: cfg.MaxPending},
		stop:  stop,
	}
	c.exec = newExecutor(cfg.Store, c.log, &c.out)
	return c
}

// serve holds the session and closes the connection. A panic in the store or
// anywhere else ends this session and no other.
func (c *conn) serve(ctx context.Context) {
	defer c.nc.Close()
	defer c.contain()
	c.log.Debug("connection accepted")
	err := c.converse(ctx)
	if errors.Is(err, ErrServerClosed) {
		err = errors.Join(err, c.answerReceived(ctx))
	}
	c.logEnd(err)
	if errors.Is(err, ErrServerClosed) || errors.Is(err, errIdle) {
		c.hangUp()
	}
}

// converse answers requests until the session is over, and says why it is. The
// error is never nil.
func (c *conn) converse(ctx context.Context) error {
	for {
		n, readErr := c.read()
		if err := c.answer(ctx, n); err != nil {
			return err
		}
		if readErr != nil {
			return readErr
		}
	}
}

// read waits for bytes, and for no longer than the session may be idle.
func (c *conn) read() (int, error) {
	if err := c.armIdle(); err != nil {
		return 0, err
	}
	n, err := c.nc.Read(c.lines.space())
	if !errors.Is(err, os.ErrDeadlineExceeded) {
		return n, err
	}
	if c.isClosing() {
		return n, ErrServerClosed
	}
	return n, errIdle
}

// answer carries out all complete lines, now that n bytes have come, and writes
// the replies. It waits for no further byte: the peer may be waiting for the
// replies with half a line sent.
func (c *conn) answer(ctx context.Context, n int) error {
	c.lines.added(n)
	for {
		line, state := c.lines.next()
		var err error
		switch state {
		case noLine:
			if err := c.exec.putBatch(ctx); err != nil {
				return err
			}
			return c.out.flush()
		case wholeLine:
			err = c.exec.execute(ctx, line)
		case longLine:
			err = c.exec.refuse(ctx)
		}
		if err != nil {
			return err
		}
	}
}

// armIdle starts the idle clock. It does so under the lock that wake takes.
func (c *conn) armIdle() error {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.closing {
		return ErrServerClosed
	}
	if c.idle < 0 {
		return nil
	}
	return c.nc.SetReadDeadline(time.Now().Add(c.idle))
}

// wake makes the session end when the requests received so far are answered. A
// read that waits returns at once.
func (c *conn) wake() {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.closing = true
	// An error means that the connection is closed: nobody waits there.
	_ = c.nc.SetReadDeadline(time.Unix(1, 0))
}

func (c *conn) isClosing() bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.closing
}

// cut ends the session wherever it is.
func (c *conn) cut() {
	c.stop(ErrServerClosed)
	_ = c.nc.Close() // it is gone either way
}

// contain ends the session, and nothing else, when something in it panicked.
// Replies that are whole are still sent: their requests were carried out.
func (c *conn) contain() {
	v := recover()
	if v == nil {
		return
	}
	c.log.Error("panic in a session", "panic", fmt.Sprint(v), "stack", string(debug.Stack()))
	if c.out.takeBack() && c.out.flush() == nil {
		c.hangUp()
	}
}

// logEnd says why the session ended, louder the more an operator can do.
func (c *conn) logEnd(err error) {
	switch {
	case errors.Is(err, io.EOF):
		c.log.Debug("connection closed by peer")
	case errors.Is(err, errTornReply):
		c.log.Error("connection cut", "error", err)
	case errors.Is(err, os.ErrDeadlineExceeded):
		c.log.Warn("connection cut: the peer does not read its replies")
	default:
		c.log.Debug("connection ended", "reason", err)
	}
}

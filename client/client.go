package client

import (
	"context"
	"net"
	"sync"
	"time"
)

// A Client is one session with a server. Make it with [Dial] or [New], and close it
// after use. It is safe for concurrent use. Its two goroutines end when it is
// closed or dead.
type Client struct {
	conn      net.Conn
	closeConn func() error // closes conn, once
	cfg       Config       // with its defaults filled in

	wake  chan struct{} // holds one token when out may be waiting for the writer
	dead  chan struct{} // closed when err is set
	loops sync.WaitGroup
	spare sync.Pool // of *call; not shared by clients, as a channel is of one synctest bubble

	// mu guards the fields below. A request is in waiting, then in sent, then gone.
	mu       sync.Mutex
	err      error     // why the client is dead; nil while it lives
	out      []byte    // encoded requests that no write has been given yet
	waiting  queue     // those requests
	sent     queue     // requests given to a write, the reply still due
	deadline time.Time // the reader's, if requests are sent and Config.Timeout is a bound
}

// Dial connects to the TCP address addr, which is host:port, and returns a client
// for the connection (CLI-001, CLI-002). The context bounds the making of the
// connection only. An error is a [*DialError].
func Dial(ctx context.Context, addr string, cfg Config) (*Client, error) {
	dialer := net.Dialer{Timeout: cfg.withDefaults().DialTimeout}
	conn, err := dialer.DialContext(ctx, "tcp", addr)
	if err != nil {
		if ctx.Err() != nil {
			err = context.Cause(ctx)
		}
		return nil, &DialError{Addr: addr, Err: err}
	}
	return New(conn, cfg), nil
}

// New returns a client that speaks over conn, on which nothing was sent or received
// yet, and owns it from now on.
func New(conn net.Conn, cfg Config) *Client {
	c := &Client{
		conn:      conn,
		closeConn: sync.OnceValue(conn.Close),
		cfg:       cfg.withDefaults(),
		wake:      make(chan struct{}, 1),
		dead:      make(chan struct{}),
	}
	c.loops.Go(c.writeLoop) // ends when the client is dead
	c.loops.Go(c.readLoop)  // ends when the connection does
	return c
}

// Close closes the connection at once and waits until the client's goroutines have
// ended. It does not wait for replies: outstanding calls, and all later ones,
// return [ErrClosed]. A client that was dead before stays dead for its old reason.
// To close it again does nothing.
func (c *Client) Close() error {
	c.fail(ErrClosed)
	c.loops.Wait()
	return c.closeConn() // what it returned the first time
}

// Done returns a channel that is closed when the client is dead or closed, be it
// between two calls: then [Client.Err] tells why, and no further call will succeed.
func (c *Client) Done() <-chan struct{} { return c.dead }

// Err returns nil while the client is in order. Afterwards it returns what every
// call returns from then on: a [*ProtocolError], or [ErrClosed].
func (c *Client) Err() error {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.err == nil {
		return nil
	}
	return c.reason(false)
}

// fail ends the client because of err, unless it has ended before, and cuts the
// connection. Requests that no write has been given are released here, the others
// by the reader.
func (c *Client) fail(err error) {
	c.mu.Lock()
	c.die(err)
	c.mu.Unlock()
	_ = c.closeConn() // the reason is err, whatever comes of this
}

// die sets why the client is dead and reports whether it was not dead before. c.mu
// is held.
func (c *Client) die(err error) bool {
	if c.err != nil {
		return false
	}
	c.err = err
	close(c.dead)
	c.out = nil
	reason := c.reason(false)
	for _, p := range c.waiting.takeAll() {
		p.released(p.size, reason)
	}
	return true
}

// reason returns what a call is told that the client is dead for. c.mu is held and
// c.err is set.
func (c *Client) reason(sent bool) error {
	if c.err == ErrClosed { // set as it is, by Close alone
		return ErrClosed
	}
	return &ProtocolError{Sent: sent, Err: c.err}
}

// enqueue hands a request to the writer. The client lives and c.mu is held.
func (c *Client) enqueue(r request, w waiter) {
	before := len(c.out)
	c.out = r.appendTo(c.out)
	c.waiting.push(pending{waiter: w, size: len(c.out) - before})
	select {
	case c.wake <- struct{}{}:
	default: // the writer has been told already
	}
}

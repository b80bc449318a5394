package mutant

import (
	"context"
	"errors"
	"io"
	"net"
	"os"
	"slices"
	"strings"
	"time"

	"github.com/putget-protocol/putget/conformance/oracle"
)

// ownTimeout is the timeout of a client that was given none.
const ownTimeout = 30 * time.Second

// A Client is a client of the protocol with some faults, or none. Its calls are made
// one after the other.
type Client struct {
	b       *ClientBehaviour
	ctx     context.Context // ends the waits of faults that never end
	addr    string
	timeout time.Duration // 0 for none
	conn    net.Conn      // nil when there is none, or none any more
	others  []net.Conn    // for faults that have several
	pending []byte        // what came and was not used yet
	looked  int           // how much of pending holds no end of a reply
	opened  time.Time     // when the client was made
	calls   int           // for faults that count
	verb    string        // that of the present call
	key     string        // that of the present call
}

// A Stage is where a call fails.
type Stage string

// The stages.
const (
	Refused  Stage = "refused"   // no connection could be made
	BadKey   Stage = "bad key"   // an argument is not allowed
	BadValue Stage = "bad value" // the same
	BadTime  Stage = "bad time"  // the same
	Lost     Stage = "lost"      // the connection ended before the reply did
	TimedOut Stage = "timed out" // nothing came for too long
	Broken   Stage = "broken"    // the reply is not of the form
	Told     Stage = "told"      // the reply is an error
	Unusable Stage = "unusable"  // there is no connection any more
)

// A failure is why a call failed.
type failure struct {
	stage Stage
	err   error
}

// An OwnError is the client's own error.
type OwnError struct {
	Stage Stage
	Err   error
}

func (e *OwnError) Error() string { return string(e.Stage) + ": " + e.Err.Error() }

// Unwrap returns the error beneath.
func (e *OwnError) Unwrap() error { return e.Err }

// errNoConnection is that of the calls after the end of a connection.
var errNoConnection = errors.New("the connection has come to its end")

// dial makes the connection.
func (c *Client) dial() *failure {
	d := net.Dialer{Timeout: c.timeout}
	conn, err := d.DialContext(c.ctx, "tcp", c.addr)
	if err != nil {
		return &failure{Refused, err}
	}
	c.conn, c.pending, c.looked = conn, nil, 0
	return nil
}

// leave gives the connection up.
func (c *Client) leave() {
	if c.conn != nil {
		c.conn.Close()
	}
	c.conn, c.pending, c.looked = nil, nil, 0
}

// close gives everything up.
func (c *Client) close() {
	c.leave()
	for _, other := range c.others {
		other.Close()
	}
}

// fail ends a call.
func (c *Client) fail(f *failure) error {
	c.b.After(c, f.stage)
	return c.b.Fail(c, f.stage, f.err)
}

// put is the call of that name. The time is "" where none was given.
func (c *Client) put(key string, value float64, timestamp string) (any, error) {
	c.verb, c.key = oracle.Put, key
	key, err := c.b.Key(c, key)
	if err != nil {
		return nil, c.fail(&failure{BadKey, err})
	}
	value, err = c.b.CheckValue(value)
	if err != nil {
		return nil, c.fail(&failure{BadValue, err})
	}
	if timestamp, err = c.time(timestamp); err != nil {
		return nil, c.fail(&failure{BadTime, err})
	}
	reply, f := c.exchange(c.b.PutLine(key, c.b.Value(value), timestamp))
	switch {
	case f != nil:
		return nil, c.fail(f)
	case !reply.OK:
		return c.told(reply)
	default:
		return c.b.Put(c, reply)
	}
}

func (c *Client) time(timestamp string) (string, error) {
	if timestamp == "" {
		return c.b.Now(c)
	}
	return c.b.Time(c, timestamp)
}

// get is the call of that name.
func (c *Client) get(key string) (any, error) {
	c.verb, c.key = oracle.Get, key
	key, err := c.b.Key(c, key)
	if err != nil {
		return nil, c.fail(&failure{BadKey, err})
	}
	reply, f := c.exchange(c.b.GetLine(key))
	switch {
	case f != nil:
		return nil, c.fail(f)
	case !reply.OK:
		return c.told(reply)
	default:
		return c.b.Get(c, reply.Samples)
	}
}

func (c *Client) told(reply oracle.Reply) (any, error) {
	if text := strings.Join(reply.Text, "; "); c.b.Told(c, reply.Text) {
		return nil, c.fail(&failure{Told, errors.New("the server answered error: " + text)})
	}
	if c.verb == oracle.Get {
		return c.b.Get(c, nil)
	}
	return c.b.Put(c, reply)
}

// exchange sends a request and reads its reply.
func (c *Client) exchange(line string) (oracle.Reply, *failure) {
	c.calls++
	if f := c.b.Ready(c); f != nil {
		return oracle.Reply{}, f
	}
	if err := c.b.Send(c, line); err != nil {
		return oracle.Reply{}, ofConn(err)
	}
	data, f := c.b.Receive(c)
	if f != nil {
		return oracle.Reply{}, f
	}
	reply, err := c.b.Decode(c, data)
	if err != nil {
		return oracle.Reply{}, &failure{Broken, err}
	}
	return reply, nil
}

// ofConn finds the stage of an error of a connection.
func ofConn(err error) *failure {
	if errors.Is(err, os.ErrDeadlineExceeded) {
		return &failure{TimedOut, err}
	}
	return &failure{Lost, err}
}

// read waits once for bytes, for the time of the timeout.
func (c *Client) read(size int) *failure {
	var deadline time.Time
	if c.timeout > 0 {
		deadline = time.Now().Add(c.timeout)
	}
	c.conn.SetReadDeadline(deadline)
	return c.readNow(size)
}

// readNow waits once for bytes under the deadline there is.
func (c *Client) readNow(size int) *failure {
	c.pending = slices.Grow(c.pending, size)
	n, err := c.conn.Read(c.pending[len(c.pending) : len(c.pending)+size])
	c.pending = c.pending[:len(c.pending)+n]
	switch {
	case n > 0:
		return nil
	case err == nil:
		return &failure{Lost, io.ErrNoProgress}
	default:
		return ofConn(err)
	}
}

// whole takes the first whole reply out of what came.
func (c *Client) whole() ([]byte, bool) {
	from := max(0, c.looked-1)
	end := oracle.ReplyEnd(c.pending[from:])
	if end < 0 {
		c.looked = len(c.pending)
		return nil, false
	}
	return c.take(from + end), true
}

// take takes so many bytes of what came.
func (c *Client) take(n int) []byte {
	data := slices.Clone(c.pending[:n])
	c.pending, c.looked = slices.Clone(c.pending[n:]), 0
	return data
}

// hang waits for ever, spin does so and keeps the processor busy.
func (c *Client) hang() { <-c.ctx.Done() }

func (c *Client) spin() {
	for c.ctx.Err() == nil {
	}
}

package peer

import (
	"cmp"
	"context"
	"errors"
	"net"
	"sync"
	"sync/atomic"
	"time"

	"github.com/putget-protocol/putget/conformance/oracle"
)

// A Conn is one connection to a target. One goroutine may send while another
// reads; two that do the same wait for each other.
type Conn struct {
	name string
	rec  *Recorder
	tcp  *net.TCPConn

	writeMu sync.Mutex    // held while sending
	sent    atomic.Uint64 // bytes that went to the kernel
	seen    atomic.Bool   // the socket at the other end was found on this machine

	readMu  sync.Mutex // held while reading; guards the fields below
	pending []byte     // received and not yet handed out
	scanned int        // the first bytes of pending that hold no end of a reply
	limit   int        // of pending, in bytes
	buf     []byte     // where reads go
	chunk   int        // bytes of one read; 0: as many as come
	pause   time.Duration

	endMu sync.Mutex // guards the fields below
	ended Reason     // ReasonClosed or ReasonReset once that was seen, by a read or a send
	left  bool       // we closed the connection
}

// Name returns the name of the lane.
func (c *Conn) Name() string { return c.name }

// LocalAddr returns our address, "host:port", by which a target's log can be read.
func (c *Conn) LocalAddr() string { return c.tcp.LocalAddr().String() }

// SetReadPace makes the following reads slow: at most chunk bytes at a time, and a
// pause before each. Zero bytes means as many as come. With a small
// Dialer.ReceiveBuffer the target notices soon.
func (c *Conn) SetReadPace(chunk int, pause time.Duration) {
	c.readMu.Lock()
	defer c.readMu.Unlock()
	c.chunk, c.pause = chunk, pause
}

// SetMaxReply bounds the bytes that may wait for the end of a reply from now on, as
// Dialer.MaxReply does. Zero means DefaultMaxReply.
func (c *Conn) SetMaxReply(n int) {
	c.readMu.Lock()
	defer c.readMu.Unlock()
	c.limit = cmp.Or(n, DefaultMaxReply)
}

// ReadReply returns exactly one reply: the bytes up to and including the next
// empty line, right or wrong. What comes behind it stays buffered for the next
// read. The error is an [Error] that holds the part that came: ReasonTimeout,
// ReasonClosed, ReasonReset, ReasonTooLong, ReasonCanceled or ReasonBroken.
func (c *Conn) ReadReply(ctx context.Context) ([]byte, error) {
	c.readMu.Lock()
	defer c.readMu.Unlock()
	for read := c.reader(ctx); ; {
		if reply := c.takeReply(); reply != nil {
			return reply, nil
		}
		if err := read(); err != nil {
			return nil, c.readError(ctx, "read reply", err)
		}
	}
}

// ReadQuiet sees to it that nothing comes for the time d. It returns nil, nil when
// nothing did. Bytes that came, now or since the last reply, are handed out as
// soon as they are there. The error is an [Error]: ReasonClosed and ReasonReset
// when the connection ended, which is silent too, and ReasonTimeout when ctx
// ended before d did, so that nothing is proved.
func (c *Conn) ReadQuiet(ctx context.Context, d time.Duration) ([]byte, error) {
	c.readMu.Lock()
	defer c.readMu.Unlock()
	if len(c.pending) > 0 {
		return c.takeAll(), nil
	}
	quiet, cancel := context.WithTimeout(ctx, d)
	defer cancel()
	err := c.reader(quiet)()
	switch {
	case len(c.pending) > 0:
		return c.takeAll(), nil
	case errors.Is(err, errWaited) && ctx.Err() == nil:
		c.rec.Remark(c.name, "nothing came for "+d.String())
		return nil, nil
	default:
		return nil, c.readError(ctx, "read quiet", err)
	}
}

// An End is how the other end of a connection ended it.
type End string

// The two ends.
const (
	FIN End = "FIN" // it closed its sending side in order
	RST End = "RST" // it reset the connection
)

// ReadClosed waits for the other end to end the connection. It returns how, and
// the bytes that came before, which are handed out. The error is an [Error], with
// the bytes in Partial: ReasonTimeout when the connection was still open,
// ReasonTooLong when the bytes do not stop, ReasonCanceled or ReasonBroken.
func (c *Conn) ReadClosed(ctx context.Context) (End, []byte, error) {
	c.readMu.Lock()
	defer c.readMu.Unlock()
	for read := c.reader(ctx); ; {
		err := read()
		if err == nil {
			continue
		}
		switch {
		case !errors.Is(err, errEnded):
			return "", nil, c.readError(ctx, "read closed", err)
		case c.end() == ReasonReset:
			return RST, c.takeAll(), nil
		default:
			return FIN, c.takeAll(), nil
		}
	}
}

// HalfClose ends our sending side: the other end sees FIN, and can still send.
func (c *Conn) HalfClose() error {
	c.writeMu.Lock()
	defer c.writeMu.Unlock()
	if err := c.tcp.CloseWrite(); err != nil {
		reason, cause := classify(context.Background(), err)
		return &Error{Conn: c.name, Op: "half-close", Reason: reason, Err: cause}
	}
	c.rec.add(Event{Conn: c.name, Kind: HalfClosed})
	return nil
}

// Close closes the connection and ends a read or send that waits on it. The kernel
// sends FIN, or RST when bytes lie there that were not read: who wants a FIN for
// certain reads first. Only the first Close or Reset counts.
func (c *Conn) Close() { c.leave(Left, "") }

// Reset ends the connection with RST, and drops what was not sent yet.
func (c *Conn) Reset() {
	note := ""
	if err := c.tcp.SetLinger(0); err != nil {
		note = err.Error()
	}
	c.leave(Cut, note)
}

func (c *Conn) leave(kind Kind, note string) {
	c.endMu.Lock()
	again := c.left
	c.left = true
	c.endMu.Unlock()
	if again {
		return
	}
	// Recorded first: what the other end does in answer comes later.
	c.rec.add(Event{Conn: c.name, Kind: kind, Note: note})
	c.tcp.Close()
}

// takeReply hands out the first reply in pending, or nil. It remembers how far it
// has looked, so that a long reply in many pieces is not searched again and again.
func (c *Conn) takeReply() []byte {
	from := max(0, c.scanned-1) // one LF may already be there
	n := oracle.ReplyEnd(c.pending[from:])
	if n < 0 {
		c.scanned = len(c.pending)
		return nil
	}
	reply := append([]byte(nil), c.pending[:from+n]...)
	c.pending = c.pending[from+n:]
	c.scanned = 0
	return reply
}

func (c *Conn) takeAll() []byte {
	taken := c.pending
	c.pending, c.scanned = nil, 0
	return taken
}

// end returns ReasonClosed or ReasonReset once the other end is known to have
// ended the connection, and "" before.
func (c *Conn) end() Reason {
	c.endMu.Lock()
	defer c.endMu.Unlock()
	return c.ended
}

// setEnd records how the other end ended the connection, the first time.
func (c *Conn) setEnd(reason Reason) {
	c.endMu.Lock()
	defer c.endMu.Unlock()
	if c.ended != "" {
		return
	}
	c.ended = reason
	kind := Closed
	if reason == ReasonReset {
		kind = Reset
	}
	c.rec.add(Event{Conn: c.name, Kind: kind})
}

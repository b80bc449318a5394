package peer

import (
	"bytes"
	"context"
	"fmt"
	"time"
)

// Send writes each chunk with a write of its own, in order, until all went to the
// kernel or ctx ended. With TCP_NODELAY each leaves as a segment as long as the
// window and the segment size allow. It cannot make the other end see them apart:
// a program that reads late finds several chunks joined, and one larger than a
// segment in pieces. Whoever must keep chunks apart waits for an answer between
// them, or takes [Conn.SendPaced]. Empty chunks are skipped. The error is an
// [Error] whose Written says how far it came.
func (c *Conn) Send(ctx context.Context, chunks ...[]byte) error {
	return c.send(ctx, chunks, false)
}

// SendPaced is Send with a wait after each chunk but the last: until the other
// program has read it, where that can be seen (see [Conn.Taken]), and elsewhere
// until it has left our send queue, because the kernel of the other end has
// acknowledged it. In the first case no chunk is ever joined with the next; in the
// second a program that is slow to read may still find them joined, and a kernel
// that holds its acknowledgements back makes each wait up to 40 ms. A program that
// leaves a chunk unread for a quarter of a second does not read at all for now: the
// rest is sent to it without waiting.
func (c *Conn) SendPaced(ctx context.Context, chunks ...[]byte) error {
	return c.send(ctx, chunks, true)
}

func (c *Conn) send(ctx context.Context, chunks [][]byte, paced bool) error {
	c.writeMu.Lock()
	defer c.writeMu.Unlock()
	written := 0
	for _, chunk := range chunks {
		if len(chunk) == 0 {
			continue
		}
		if paced && written > 0 {
			var err error
			if paced, err = c.waitTaken(ctx); err != nil {
				return c.sendError(ctx, written, err)
			}
		}
		n, err := c.write(ctx, chunk)
		written += n
		if err != nil {
			return c.sendError(ctx, written, err)
		}
	}
	return nil
}

// write writes one chunk and records it: before the write, so that a reply is
// never recorded ahead of its request.
func (c *Conn) write(ctx context.Context, chunk []byte) (int, error) {
	if ctx.Err() != nil {
		return 0, context.Cause(ctx)
	}
	event := c.rec.add(Event{Conn: c.name, Kind: Sent, Data: bytes.Clone(chunk)})
	woken := make(chan struct{})
	stop := context.AfterFunc(ctx, func() {
		c.tcp.SetWriteDeadline(aLongTimeAgo) // fails only on a closed connection, which wakes the write as well
		close(woken)
	})
	n, err := c.tcp.Write(chunk)
	c.sent.Add(uint64(n))
	if !stop() {
		<-woken
		c.tcp.SetWriteDeadline(time.Time{}) // the same
	}
	if n < len(chunk) {
		c.rec.shorten(event, n, fmt.Sprintf("%d of %d bytes", n, len(chunk)))
	}
	return n, err
}

// sendError makes the Error of a send that failed. A reset that a write notices is
// remembered, because the kernel tells it only once: to a read that follows, the
// same end looks like FIN.
func (c *Conn) sendError(ctx context.Context, written int, err error) error {
	reason, cause := classify(ctx, err)
	switch reason {
	case ReasonReset:
		c.setEnd(ReasonReset)
	case ReasonTimeout, ReasonCanceled:
		c.rec.add(Event{Conn: c.name, Kind: TimedOut, Note: "send: " + string(reason)})
	}
	return &Error{Conn: c.name, Op: "send", Reason: reason, Written: written, Err: cause}
}

// patience is how long SendPaced waits for a program to read what has arrived.
const patience = 250 * time.Millisecond

// waitTaken waits until what was sent is out of the way of what comes next, and
// reports whether it is. There is no event to wait for, so it asks again and again,
// at growing distances.
func (c *Conn) waitTaken(ctx context.Context) (bool, error) {
	const longest = time.Millisecond
	start := time.Now()
	for pause := 20 * time.Microsecond; ; pause = min(2*pause, longest) {
		taken, err := c.Taken()
		if err != nil {
			var n int
			n, err = c.Unacknowledged()
			taken = n == 0
		}
		if err != nil || taken || time.Since(start) > patience {
			return taken, err
		}
		timer := time.NewTimer(pause)
		select {
		case <-timer.C:
		case <-ctx.Done():
			timer.Stop()
			return false, context.Cause(ctx)
		}
	}
}

// SentBytes returns how many bytes the kernel has taken to be sent.
func (c *Conn) SentBytes() uint64 { return c.sent.Load() }

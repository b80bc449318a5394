package client

import (
	"runtime"
	"time"
)

// lingerTime bounds how long the reader goes on after a failed write. A server may
// refuse a line and close: its reply may be there although later writes fail
// (LIM-006).
const lingerTime = time.Second

// keepOut is the largest buffer of requests that is kept for the next ones.
const keepOut = 256 << 10

// writeLoop writes what enqueue has gathered, until the client is dead.
func (c *Client) writeLoop() {
	var buf []byte // enqueue fills another one meanwhile
	for {
		select {
		case <-c.wake:
		case <-c.dead:
			return
		}
		// Callers that are about to ask get the chance to, so that their requests
		// leave in this write.
		runtime.Gosched()
		if buf = c.takeOut(buf); len(buf) == 0 {
			continue // taken back, or taken by the last write
		}
		if _, err := c.conn.Write(buf); err != nil {
			c.writeFailed(err)
			return
		}
	}
}

// takeOut returns the gathered requests, which count as sent from now on, and
// leaves the buffer of the last ones to enqueue.
func (c *Client) takeOut(last []byte) []byte {
	if cap(last) > keepOut {
		last = nil
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.waiting.len() > 0 && c.sent.len() == 0 {
		c.armTimeout()
	}
	buf := c.out
	c.out = last[:0]
	moved := c.waiting.takeAll()
	c.sent.push(moved...)
	clear(moved)
	return buf
}

// armTimeout starts Config.Timeout anew. c.mu is held, so that it can undo neither
// a newer deadline nor that of writeFailed.
func (c *Client) armTimeout() {
	if c.cfg.Timeout == 0 || c.err != nil {
		return
	}
	c.deadline = time.Now().Add(c.cfg.Timeout)
	_ = c.conn.SetReadDeadline(c.deadline) // fails only on a closed connection, which the reader sees
}

// writeFailed ends the client, but leaves the connection to the reader for a while:
// replies that came before the failure still reach their calls.
func (c *Client) writeFailed(err error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.die(lost(err)) {
		_ = c.conn.SetReadDeadline(time.Now().Add(lingerTime))
	}
}

// takeBack releases, with reason, the requests of w that no write has been given.
// c.mu is held.
func (c *Client) takeBack(w waiter, reason error) {
	all := c.waiting.takeAll()
	kept := all[:0]
	from, to := 0, 0 // in out: where a request is, and where it goes
	for _, p := range all {
		if p.waiter == w {
			p.released(p.size, reason)
		} else {
			to += copy(c.out[to:], c.out[from:from+p.size])
			kept = append(kept, p)
		}
		from += p.size
	}
	c.out = c.out[:to]
	c.waiting.push(kept...)
}

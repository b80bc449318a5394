package mutant

import (
	"bytes"
	"time"

	"github.com/putget-protocol/putget/conformance/oracle"
)

// receives returns a fault in what becomes of a reply that did not come whole.
func receives(change func(c *Client, f *failure) ([]byte, *failure)) func(*ClientBehaviour) {
	return func(b *ClientBehaviour) {
		next := b.Receive
		b.Receive = func(c *Client) ([]byte, *failure) {
			reply, f := next(c)
			if f != nil {
				return change(c, f)
			}
			return reply, nil
		}
	}
}

// soFar takes the lines that came for a whole reply.
func soFar(c *Client) []byte {
	lines := c.take(bytes.LastIndexByte(c.pending, '\n') + 1)
	return append(lines, '\n')
}

// lostFaults break CLI-023.
func lostFaults() []ClientFault {
	atEnd := func(when func(c *Client) bool, change func(c *Client, f *failure) ([]byte, *failure)) func(*ClientBehaviour) {
		return receives(func(c *Client, f *failure) ([]byte, *failure) {
			if f.stage == Lost && when(c) {
				return change(c, f)
			}
			return nil, f
		})
	}
	some := func(c *Client) bool { return bytes.Contains(c.pending, []byte("\n")) }
	none := func(c *Client) bool { return len(c.pending) == 0 }
	always := func(*Client) bool { return true }
	return []ClientFault{
		{ID: "cut-is-whole", Title: "a reply that the end of the stream cut off is taken for whole", Breaks: "CLI-023", Core: true, Apply: atEnd(some, func(c *Client, _ *failure) ([]byte, *failure) { return soFar(c), nil })},
		{
			ID: "cut-line-is-whole", Title: "a line that the end of the stream cut off is taken for whole, when it has three fields", Breaks: "CLI-023", Core: true,
			Apply: atEnd(func(c *Client) bool {
				last := c.pending[bytes.LastIndexByte(c.pending, '\n')+1:]
				return bytes.HasPrefix(c.pending, []byte("ok\n")) && len(bytes.Fields(last)) == 3
			}, func(c *Client, _ *failure) ([]byte, *failure) {
				return append(c.take(len(c.pending)), "\n\n"...), nil
			}),
		},
		{ID: "close-is-empty", Title: "a connection that is closed before a reply is taken for an empty reply", Breaks: "CLI-023", Core: true, Apply: atEnd(none, func(*Client, *failure) ([]byte, *failure) { return []byte(ok(nil)), nil })},
		{
			ID: "put-close-returns", Title: "put returns when the connection is closed before its reply", Breaks: "CLI-023", Core: true,
			Apply: atEnd(func(c *Client) bool { return none(c) && c.verb == oracle.Put }, func(*Client, *failure) ([]byte, *failure) { return []byte(ok(nil)), nil }),
		},
		{ID: "lost-bare", Title: "a lost connection raises a bare error", Breaks: "CLI-023", Causes: []string{"CLI-031"}, Core: true, Apply: bare(Lost)},
		{ID: "lost-spins", Title: "the end of the stream is read again and again, without a pause", Breaks: "CLI-023", Core: true, Apply: atEnd(always, func(c *Client, f *failure) ([]byte, *failure) { c.spin(); return nil, f })},
		{ID: "lost-hangs", Title: "the end of the stream goes unseen, and the call waits for ever", Breaks: "CLI-023", Core: true, Apply: atEnd(always, func(c *Client, f *failure) ([]byte, *failure) { c.hang(); return nil, f })},
		{
			ID: "cut-spins", Title: "the end of the stream in the middle of a reply is read again and again, without a pause", Breaks: "CLI-023", Core: true,
			Apply: atEnd(some, func(c *Client, f *failure) ([]byte, *failure) { c.spin(); return nil, f }),
		},
	}
}

// silenceFaults break CLI-024.
func silenceFaults() []ClientFault {
	inSilence := func(change func(c *Client, f *failure) ([]byte, *failure)) func(*ClientBehaviour) {
		return receives(func(c *Client, f *failure) ([]byte, *failure) {
			if f.stage == TimedOut {
				return change(c, f)
			}
			return nil, f
		})
	}
	return []ClientFault{
		{ID: "silence-bare", Title: "an expired timeout raises a bare error", Breaks: "CLI-024", Core: true, Apply: bare(TimedOut)},
		{ID: "silence-hangs", Title: "the timeout is not used, and the call waits for ever", Breaks: "CLI-024", Core: true, Apply: inSilence(func(c *Client, f *failure) ([]byte, *failure) { c.hang(); return nil, f })},
		{ID: "silence-spins", Title: "an expired timeout is tried again for ever, without a pause", Breaks: "CLI-024", Core: true, Apply: inSilence(func(c *Client, f *failure) ([]byte, *failure) { c.spin(); return nil, f })},
		{ID: "silence-is-empty", Title: "an expired timeout is taken for an empty reply", Breaks: "CLI-024", Causes: []string{"CLI-030"}, Core: true, Apply: inSilence(func(*Client, *failure) ([]byte, *failure) { return []byte(ok(nil)), nil })},
		{
			ID: "silence-is-end", Title: "an expired timeout is taken for the end of a reply that has begun", Breaks: "CLI-024", Core: true,
			Apply: inSilence(func(c *Client, f *failure) ([]byte, *failure) {
				if len(c.pending) == 0 {
					return nil, f
				}
				return soFar(c), nil
			}),
		},
		{
			ID: "silence-in-reply-hangs", Title: "the timeout is for the first byte only: silence in the middle of a reply hangs", Breaks: "CLI-024", Core: true,
			Apply: inSilence(func(c *Client, f *failure) ([]byte, *failure) {
				if len(c.pending) > 0 {
					c.hang()
				}
				return nil, f
			}),
		},
		{
			ID: "silence-fails-after-minutes", Title: "the timeout is read as minutes", Breaks: "CLI-024", Core: true,
			Apply: func(b *ClientBehaviour) {
				timeout := b.Timeout
				b.Timeout = func(text string) (time.Duration, error) {
					d, err := timeout(text)
					return d * 60, err
				}
			},
		},
	}
}

// outOfStepFaults break CLI-030.
func outOfStepFaults() []ClientFault {
	keepsAfter := func(kept Stage) func(*ClientBehaviour) {
		return func(b *ClientBehaviour) {
			after := b.After
			b.After = func(c *Client, at Stage) {
				if at != kept {
					after(c, at)
				}
			}
		}
	}
	return []ClientFault{
		{ID: "broken-goes-on", Title: "the connection is used again after a reply that broke the form", Breaks: "CLI-030", Apply: keepsAfter(Broken)},
		{ID: "silence-goes-on", Title: "the connection is used again after an expired timeout", Breaks: "CLI-030", Apply: keepsAfter(TimedOut)},
		{
			ID: "silence-drained", Title: "after an expired timeout what came since is dropped, and the connection is used again", Breaks: "CLI-030", Causes: []string{"CLI-029"},
			Apply: func(b *ClientBehaviour) {
				keepsAfter(TimedOut)(b)
				late := make(map[*Client]bool)
				after, ready := b.After, b.Ready
				b.After = func(c *Client, at Stage) { late[c] = at == TimedOut; after(c, at) }
				b.Ready = func(c *Client) *failure {
					if late[c] && c.conn != nil {
						drain(c)
					}
					late[c] = false
					return ready(c)
				}
			},
		},
	}
}

// drain drops what has come.
func drain(c *Client) {
	for {
		c.pending, c.looked = nil, 0
		c.conn.SetReadDeadline(time.Now().Add(20 * time.Millisecond))
		if c.readNow(readSize) != nil {
			c.pending, c.looked = nil, 0
			return
		}
	}
}

// laterFaults break CLI-031.
func laterFaults() []ClientFault {
	return []ClientFault{
		{ID: "later-bare", Title: "the calls after the end of a connection raise bare errors", Breaks: "CLI-031", Apply: bare(Unusable)},
		{ID: "later-returns", Title: "the calls after the end of a connection return as if there was nothing", Breaks: "CLI-031", Apply: func(b *ClientBehaviour) {
			ready, send, receive, gone := b.Ready, b.Send, b.Receive, false
			b.Ready = func(c *Client) *failure {
				if gone = c.conn == nil; gone {
					return nil
				}
				return ready(c)
			}
			b.Send = func(c *Client, line string) error {
				if gone {
					return nil
				}
				return send(c, line)
			}
			b.Receive = func(c *Client) ([]byte, *failure) {
				if gone {
					return []byte(ok(nil)), nil
				}
				return receive(c)
			}
		}},
		{ID: "later-hangs", Title: "the calls after the end of a connection wait for ever", Breaks: "CLI-031", Apply: func(b *ClientBehaviour) {
			ready := b.Ready
			b.Ready = func(c *Client) *failure {
				if c.conn == nil {
					c.hang()
				}
				return ready(c)
			}
		}},
		{ID: "later-ends-program", Title: "the call after the end of a connection panics", Breaks: "CLI-031", Apply: func(b *ClientBehaviour) {
			b.Ready = func(c *Client) *failure {
				if c.conn == nil {
					panic("nil pointer dereference")
				}
				return nil
			}
		}},
	}
}

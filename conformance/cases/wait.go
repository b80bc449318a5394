package cases

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/putget-protocol/putget/conformance/oracle"
	"github.com/putget-protocol/putget/conformance/peer"
)

// What is taken in of a reply that does not end.
const (
	// leastRoom is how many bytes any reply may have, whatever is due.
	leastRoom = 1 << 20
	// beyondTime is how long bytes may keep coming, or as long as the patience when that
	// is more, that are more than was due, or other ones.
	beyondTime = 3 * time.Second
	// skipTime is how long the end of a large reply is looked for, behind what is kept.
	skipTime = 3 * time.Second
)

// stillComing is the reason why a reply is not waited for any more though bytes keep
// coming.
const stillComing peer.Reason = "still coming"

// read reads one reply, of which allowed are the right ones. It is patient as long as
// bytes come that are the beginning of one of them: only silence counts then. Bytes
// that are more than was due, or other ones, have their time.
func (c *Conn) read(ctx context.Context, a asked, allowed oracle.Allowed) ([]byte, error) {
	switch {
	case errors.Is(ctx.Err(), context.Canceled):
		// What has come already would still be handed out, without end perhaps.
		return nil, &peer.Error{Conn: c.name, Op: "read reply", Reason: peer.ReasonCanceled, Err: context.Cause(ctx)}
	case len(c.ahead) > 0:
		return c.readAhead(ctx)
	}
	c.peer.SetMaxReply(leastRoom)
	c.setPace()
	// The patience is spent in slices, each of which is given back when bytes came in it.
	const slices = 4
	seen, roomy := 0, false
	var beyond time.Time // when what came ceased to be the beginning of what was due
	for left := slices; ; left-- {
		wait, cancel := context.WithTimeout(ctx, c.s.look.Patience/slices)
		reply, err := c.peer.ReadReply(wait)
		cancel()
		e, failed := errors.AsType[*peer.Error](err)
		switch {
		case !failed:
			return reply, err
		case e.Reason == peer.ReasonTooLong && !roomy:
			c.peer.SetMaxReply(c.s.room(a.kind, allowed))
			roomy, left = true, left+1
		case e.Reason != peer.ReasonTimeout || ctx.Err() != nil:
			return nil, err
		case len(e.Partial) > seen:
			seen, left = len(e.Partial), slices+1
			c.hurry()
			if beyond.IsZero() && isBeyond(e.Partial, allowed) {
				beyond = time.Now()
			}
			if !beyond.IsZero() && time.Since(beyond) > c.s.beyond() {
				e.Reason = stillComing
				return nil, e
			}
		case left == 1:
			return nil, err
		}
	}
}

// setPace makes a session whose mode that is read slowly.
func (c *Conn) setPace() {
	if c.s.mode == readSlowly {
		c.peer.SetReadPace(slowChunk, slowPause)
	}
}

// hurry ends that for the reply of which a part has come: it must not be our doing that
// the bytes of a long one do not stop.
func (c *Conn) hurry() {
	if c.s.mode == readSlowly {
		c.peer.SetReadPace(0, 0)
	}
}

// room returns how many bytes are kept of a reply: of everything there is a lot, as
// others may have put much, of the rest as much as any wording of what is due may need.
func (s *Session) room(k kind, allowed oracle.Allowed) int {
	if k == getAll && !s.look.Endless {
		return peer.DefaultMaxReply
	}
	const wordy = 4
	return leastRoom + wordy*longest(allowed)
}

// beyond returns how long bytes may keep coming that were not due.
func (s *Session) beyond() time.Duration {
	if s.look.Endless {
		return s.look.Patience
	}
	return max(s.look.Patience, beyondTime)
}

// isBeyond reports whether what came of a reply is not the beginning of a right one,
// or longer than those usually are.
func isBeyond(partial []byte, allowed oracle.Allowed) bool {
	if len(partial) > longest(allowed) {
		return true // without a look at what may be megabytes
	}
	m := allowed.Check(partial)
	return m != nil && !m.Incomplete()
}

// longest returns how many bytes the longest of some replies usually has.
func longest(allowed oracle.Allowed) int {
	most := 0
	for _, text := range allowed.Describe() {
		most = max(most, len(text))
	}
	return most
}

// readAhead is read where the beginning of the reply was read before.
func (c *Conn) readAhead(ctx context.Context) ([]byte, error) {
	began := time.Now()
	for {
		if n := oracle.ReplyEnd(c.ahead); n > 0 {
			reply := c.ahead[:n]
			c.ahead = c.ahead[n:]
			return reply, nil
		}
		reason := peer.ReasonTimeout
		switch {
		case len(c.ahead) > leastRoom:
			reason = peer.ReasonTooLong
		case time.Since(began) > c.s.beyond():
			reason = stillComing
		default:
			more, err := c.peer.ReadQuiet(ctx, c.s.look.Patience)
			if len(more) > 0 {
				c.ahead = append(c.ahead, more...)
				continue
			}
			if e, ok := errors.AsType[*peer.Error](err); ok {
				e.Partial, c.ahead = c.ahead, nil
				return nil, e
			}
		}
		partial := c.ahead
		c.ahead = nil
		return nil, &peer.Error{Conn: c.name, Op: "read reply", Reason: reason, Partial: partial}
	}
}

// unending records that more bytes came than any reply may have. The reply to a get of
// everything is looked through to its end, should it have one: others may have put
// more than is kept here, and then nothing is proved.
func (c *Conn) unending(ctx context.Context, e *peer.Error, a asked, allowed oracle.Allowed) {
	size := len(e.Partial)
	if a.kind == getAll && !c.s.look.Endless {
		wait, cancel := context.WithTimeout(ctx, skipTime)
		defer cancel()
		n, err := c.peer.SkipReply(wait)
		size = max(size, n)
		if err == nil {
			c.s.unsettled(fmt.Sprintf("the reply to get * has %d bytes, most of them put by others: that is more than is looked at", size))
			c.s.finish()
			return
		}
		if peer.ReasonOf(err) == peer.ReasonCanceled {
			c.s.interrupt()
			return
		}
	}
	c.s.endless()
	m := &oracle.Mismatch{
		Offset: len(e.Partial), Want: "the empty line that ends a reply",
		Detail: fmt.Sprintf("the bytes do not stop: %d came without an empty line", size),
	}
	c.report(a, oracle.AspectTerminator, e.Partial, m, allowed.Describe(), true)
}

// dribbled records that bytes kept coming for too long. They may still be the beginning
// of a right reply, of a target that is very slow.
func (c *Conn) dribbled(e *peer.Error, a asked, allowed oracle.Allowed) {
	c.s.endless()
	came := fmt.Sprintf("the bytes do not stop: %d came, the last of them just now, without an empty line", len(e.Partial))
	m := c.checkPart(e.Partial, allowed)
	if m == nil || m.Incomplete() {
		c.s.slow()
		m = &oracle.Mismatch{Offset: len(e.Partial), Want: "the empty line that ends a reply", Aspect: oracle.AspectTerminator}
	}
	ofEnd := *m
	ofEnd.Detail = join(m.Detail, came)
	c.report(a, m.Aspect, e.Partial, &ofEnd, allowed.Describe(), true)
}

// checkPart judges what came of a reply. Megabytes are not looked through for what is
// wrong in them besides having no end: that takes longer than it is worth.
func (c *Conn) checkPart(partial []byte, allowed oracle.Allowed) *oracle.Mismatch {
	if len(partial) <= leastRoom {
		return allowed.Check(partial)
	}
	return &oracle.Mismatch{Offset: len(partial), Want: "the rest of the reply", Aspect: oracle.AspectTruncated, Detail: "the reply stops"}
}

// endless notes that a reply did not end.
func (s *Session) endless() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.out.Endless = true
}

package cases

import (
	"bytes"
	"context"
	"errors"
	"slices"
	"strings"

	"github.com/putget-protocol/putget/conformance/oracle"
	"github.com/putget-protocol/putget/conformance/peer"
)

// reply reads one reply and judges it. It returns what came, whole and in step with
// the request, else nil.
func (c *Conn) reply(ctx context.Context, a asked, allowed oracle.Allowed) []byte {
	for range mostEmpty {
		reply, err := c.read(ctx, a, allowed)
		if err != nil {
			c.trouble(ctx, err, a, allowed)
			return nil
		}
		m := allowed.Check(reply)
		if m == nil {
			c.answered(a, reply)
			return reply
		}
		extra, rest := split(reply, allowed)
		switch {
		case len(extra) == 0:
			return c.notAllowed(ctx, a, allowed, reply, m)
		case len(rest) == 0:
			// Empty lines alone: the reply is still to come.
			c.unasked(c.last, extra)
		default:
			c.unasked(c.last, extra)
			c.answered(a, rest)
			return rest
		}
		if c.idle() {
			return nil
		}
	}
	c.s.endless()
	c.s.finish()
	return nil
}

// mostEmpty is how often empty lines are taken for what stands before a reply.
const mostEmpty = 100

// split separates bytes that nobody asked for from an allowed reply behind them.
// It returns no extra bytes when there is no such reply.
func split(reply []byte, allowed oracle.Allowed) (extra, rest []byte) {
	if len(bytes.Trim(reply, "\n")) == 0 {
		return reply, nil
	}
	for _, status := range []string{"ok\n", "error\n"} {
		i := bytes.Index(reply, []byte(status))
		if i > 0 && allowed.Check(reply[i:]) == nil {
			return reply[:i], reply[i:]
		}
	}
	return nil, nil
}

// notAllowed records a whole reply that is not allowed. When it repeats the reply
// before, and the allowed one comes behind it, it was one too many.
func (c *Conn) notAllowed(ctx context.Context, a asked, allowed oracle.Allowed, reply []byte, m *oracle.Mismatch) []byte {
	if c.last.kind != 0 && !a.together && bytes.Equal(reply, c.last.reply) && m.Aspect != oracle.AspectErrorText {
		c.ahead, _ = c.quiet(ctx, c.s.look.Quiet) // an end of the connection shows again at the next read
		if next := c.behind(reply); allowed.Check(next) == nil {
			c.unasked(c.last, reply)
			c.ahead = c.ahead[bytes.Index(c.ahead, next)+len(next):]
			c.answered(a, next)
			return next
		}
	}
	c.report(a, c.lost(a, reply, m.Aspect), reply, m, allowed.Describe(), false)
	c.answered(a, reply)
	return reply
}

// behind returns the first reply in what was read ahead that is another one than
// reply, nil when there is none.
func (c *Conn) behind(reply []byte) []byte {
	for rest := c.ahead; ; rest = rest[len(reply):] {
		n := oracle.ReplyEnd(rest)
		switch {
		case n < 0:
			return nil
		case !bytes.Equal(rest[:n], reply):
			return rest[:n]
		}
	}
}

// answered keeps what was answered last.
func (c *Conn) answered(a asked, reply []byte) {
	a.reply = reply
	c.last = a
}

// lost refines what is missing: it is another matter when a sample that was there
// is gone than when the one that was put last never came.
func (c *Conn) lost(a asked, reply []byte, symptom Symptom) Symptom {
	req, _ := oracle.ParseRequest(bytes.TrimSuffix(a.line, []byte("\n")))
	if symptom != oracle.AspectMissingSample || a.kind != getKnown {
		return symptom
	}
	latest := c.s.latest(req.Key)
	r, _ := oracle.ParseReply(reply)
	if c.s.isCutShort(a.line, r.Samples) {
		return oracle.AspectTruncated
	}
	for _, s := range r.Samples {
		if s.Timestamp == latest {
			return Lost
		}
	}
	return symptom
}

// manySamples is from how many samples on a reply that shows only the first of them is
// taken to be cut short, not to have lost the others.
const manySamples = 50

// isCutShort reports whether shown are the first of the many samples that are due to a
// line.
func (s *Session) isCutShort(line []byte, shown []oracle.Sample) bool {
	texts := s.allowed(bytes.TrimSuffix(line, []byte("\n"))).Describe()
	due, m := oracle.ParseReply([]byte(texts[0]))
	return m == nil && len(due.Samples) >= manySamples && len(shown) > 0 && len(shown) < len(due.Samples) &&
		slices.Equal(shown, due.Samples[:len(shown)])
}

// trouble records why something did not come to its end: a failure of the target,
// an interruption, or trouble of our own.
func (c *Conn) trouble(ctx context.Context, err error, a asked, allowed oracle.Allowed) {
	e, ok := errors.AsType[*peer.Error](err)
	if !ok || e.Reason == peer.ReasonBroken {
		if !c.s.isReleased() {
			c.s.stop(err)
		}
		return
	}
	switch e.Reason {
	case peer.ReasonCanceled:
		c.s.interrupt()
	case peer.ReasonRefused:
		c.report(a, NotServed, nil, &oracle.Mismatch{Want: "a connection", Detail: "it was refused"}, nil, true)
	case peer.ReasonClosed, peer.ReasonReset:
		c.ended(ctx, e, a, allowed)
	case peer.ReasonTooLong:
		c.unending(ctx, e, a, allowed)
	case stillComing:
		c.dribbled(e, a, allowed)
	default:
		c.timedOut(e, a, allowed)
	}
}

// ended records that the target ended the connection where it should not have.
func (c *Conn) ended(ctx context.Context, e *peer.Error, a asked, allowed oracle.Allowed) {
	m := allowed.CheckEnd(e.Partial)
	how := "the target closed the connection"
	if e.Reason == peer.ReasonReset {
		how = "the target reset the connection"
	}
	switch {
	case m == nil && len(allowed.Describe()) > 0:
		c.s.finish()
	case len(e.Partial) == 0 && c.last.kind == 0 && !blamesEnd(a.blames) && c.s.servesNobody(ctx):
		a.blames = []Blame{anything("SES-002")}
		m := &oracle.Mismatch{Want: "a reply", Detail: join(how, "and does so with every new connection, though no other one of this case is open")}
		c.report(a, NotServed, nil, m, allowed.Describe(), true)
	case len(e.Partial) == 0:
		c.report(a, Closed, nil, &oracle.Mismatch{Want: "a reply on an open connection", Detail: how}, allowed.Describe(), true)
	default:
		ofEnd := *m
		ofEnd.Detail = join(m.Detail, how)
		c.report(a, m.Aspect, e.Partial, &ofEnd, allowed.Describe(), true)
	}
}

// timedOut records that nothing more came.
func (c *Conn) timedOut(e *peer.Error, a asked, allowed oracle.Allowed) {
	waited := "nothing more came within " + c.s.look.Patience.String()
	m := c.checkPart(e.Partial, allowed)
	if m == nil || m.Incomplete() {
		c.s.slow()
	}
	switch {
	case e.Op == "dial":
		c.report(a, NotServed, nil, &oracle.Mismatch{Want: "a connection", Detail: "none was made within " + c.s.look.Patience.String()}, nil, true)
	case e.Op == "send":
		c.report(a, oracle.AspectNoReply, nil, &oracle.Mismatch{Want: "the target to read what is sent", Detail: waited}, nil, true)
	case m == nil:
		c.report(a, oracle.AspectNoReply, e.Partial, &oracle.Mismatch{Want: "a reply", Detail: waited}, allowed.Describe(), true)
	default:
		ofEnd := *m
		ofEnd.Detail = join(m.Detail, waited)
		c.report(a, m.Aspect, e.Partial, &ofEnd, allowed.Describe(), true)
	}
}

func join(parts ...string) string {
	return strings.Join(slices.DeleteFunc(parts, func(p string) bool { return p == "" }), "; ")
}

// slow notes that what follows may come from too short a wait.
func (s *Session) slow() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.out.Timing = true
}

func (s *Session) interrupt() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.out.Interrupted, s.over = true, true
}

func (s *Session) isReleased() bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.released
}

// finish ends the session in order.
func (s *Session) finish() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.over = true
}

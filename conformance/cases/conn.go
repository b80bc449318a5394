package cases

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/putget-protocol/putget/conformance/oracle"
	"github.com/putget-protocol/putget/conformance/peer"
)

// A Conn is a connection of a [Session]. Its methods do nothing once the session
// is over.
type Conn struct {
	s    *Session
	name string
	peer *peer.Conn // nil when it could not be made
	late bool       // it took so long to make that it may be none yet for the target
	last asked      // the request that was answered last; its kind is 0 before the first
	// ahead holds bytes that were read while looking behind a reply.
	ahead []byte
	// sent is how the last request was delivered, and what came with it.
	sent delivery
}

// An asked is a request that a reply is due to.
type asked struct {
	line   []byte // with its LF
	kind   kind
	blames []Blame
	reply  []byte // what came to it
	// together says that later requests were sent before it was answered, so that a
	// reply too many cannot be told from one that belongs to another request.
	together bool
}

// Put puts a sample and expects ok. The numbers are sent as they are spelled.
func (c *Conn) Put(ctx context.Context, key, value, timestamp string, blames ...Blame) {
	c.Ask(ctx, "put "+key+" "+value+" "+timestamp, blames...)
}

// Get gets a series and expects what was put.
func (c *Conn) Get(ctx context.Context, key string, blames ...Blame) {
	c.Ask(ctx, "get "+key, blames...)
}

// GetAll gets everything and expects what was put, among what others have put.
func (c *Conn) GetAll(ctx context.Context, blames ...Blame) { c.Ask(ctx, "get *", blames...) }

// Ask sends a line, given without its LF, in one write and expects the reply that
// what was put so far allows. It returns the reply, nil when none came.
func (c *Conn) Ask(ctx context.Context, line string, blames ...Blame) []byte {
	c.Send(ctx, line+"\n")
	return c.Answer(ctx, line, blames...)
}

// Refused sends a wrong request, expects its error, and then sees to it that the
// session is still open and in order.
func (c *Conn) Refused(ctx context.Context, line string, blames ...Blame) {
	c.Ask(ctx, line, blames...)
	c.InOrder(ctx, content(goesOnBy(formOf([]byte(line)))))
}

// InOrder puts a sample that nobody asks for.
func (c *Conn) InOrder(ctx context.Context, blames ...Blame) {
	c.Put(ctx, c.s.Key("in.order"), "1.5", "7", blames...)
}

// takingTime is a little more than peer waits for a part to be taken before it gives
// up and sends the next one all the same.
const takingTime = 300 * time.Millisecond

// Send writes each part in a write of its own; where several follow one another,
// each waits until the target has taken the one before.
func (c *Conn) Send(ctx context.Context, parts ...string) {
	if until := c.s.until; !until.IsZero() && time.Now().After(until) {
		c.s.finish()
	}
	if c.idle() {
		return
	}
	c.leftovers(ctx)
	c.sent = delivery{}
	if len(parts) == 1 && strings.HasSuffix(parts[0], "\n") {
		c.sent = c.s.deliver(parts[0])
		parts = c.sent.parts
	}
	chunks := make([][]byte, len(parts))
	for i, part := range parts {
		chunks[i] = []byte(part)
	}
	// Each part may have to wait for the one before to be taken, on a busy machine all.
	wait, cancel := context.WithTimeout(ctx, c.s.look.Patience+time.Duration(len(chunks))*takingTime)
	defer cancel()
	err := c.peer.SendPaced(wait, chunks...)
	switch peer.ReasonOf(err) {
	case "":
	case peer.ReasonClosed, peer.ReasonReset:
		// What the target says to that is seen where its reply is read.
	default:
		c.trouble(ctx, err, c.last, oracle.Allowed{})
	}
}

// Answer reads one reply and judges it as the reply to line, which was sent before
// and is given without its LF. It returns the reply, nil when none came.
func (c *Conn) Answer(ctx context.Context, line string, blames ...Blame) []byte {
	c.neighbour(ctx, c.sent.before)
	if c.idle() {
		return nil
	}
	a := c.asked(line, blames)
	a.together = c.sent.behind != ""
	allowed := c.s.allowed([]byte(line))
	reply := c.reply(ctx, a, allowed)
	if reply != nil {
		c.s.learn([]byte(line), reply)
	}
	c.neighbour(ctx, c.sent.behind)
	return reply
}

// neighbour reads the reply to a request that was sent in one write with another, if
// there was one.
func (c *Conn) neighbour(ctx context.Context, line string) {
	if line == "" || c.idle() {
		return
	}
	a := c.asked(line, nil)
	a.together = true
	if reply := c.reply(ctx, a, c.s.allowed([]byte(line))); reply != nil {
		c.s.learn([]byte(line), reply)
	}
}

// answers reads the replies to lines that were sent together. A first one that is
// not allowed ends the session: it may have shifted all the others.
func (c *Conn) answers(ctx context.Context, lines ...string) {
	for i, line := range lines {
		c.answer(ctx, line, i < len(lines)-1)
	}
}

// answer is Answer, and ends the session when the reply is not allowed. Together says
// that more lines were sent with this one.
func (c *Conn) answer(ctx context.Context, line string, together bool) []byte {
	c.neighbour(ctx, c.sent.before)
	if c.idle() {
		return nil
	}
	a := c.asked(line, nil)
	a.together = together || c.sent.behind != ""
	reply := c.reply(ctx, a, c.s.allowed([]byte(line)))
	if reply != nil {
		c.s.learn([]byte(line), reply)
	}
	c.neighbour(ctx, c.sent.behind)
	if c.s.failed() {
		c.s.finish()
	}
	return reply
}

// AnswerOf is Answer with a set of replies of one's own. The store is not taken to
// have changed.
func (c *Conn) AnswerOf(ctx context.Context, line string, allowed oracle.Allowed, blames ...Blame) []byte {
	c.neighbour(ctx, c.sent.before)
	if c.idle() {
		return nil
	}
	a := c.asked(line, blames)
	a.together = c.sent.behind != ""
	reply := c.reply(ctx, a, allowed)
	c.neighbour(ctx, c.sent.behind)
	return reply
}

func (c *Conn) asked(line string, blames []Blame) asked {
	return asked{line: []byte(line + "\n"), kind: c.s.kindOf([]byte(line)), blames: blames}
}

// Silence expects that nothing comes for a while.
func (c *Conn) Silence(ctx context.Context, blames ...Blame) {
	c.SilenceOf(ctx, c.s.look.Quiet, blames...)
}

// SilenceOf is Silence for a time of one's own. In other modes than whole it does not
// wait: bytes that came unasked show before the next request.
func (c *Conn) SilenceOf(ctx context.Context, d time.Duration, blames ...Blame) {
	if c.idle() || c.s.mode != sentWhole {
		return
	}
	extra, err := c.quiet(ctx, d)
	a := asked{line: c.last.line, kind: c.last.kind, blames: blames}
	switch {
	case len(extra) > 0:
		c.unasked(a, extra)
	case err != nil:
		c.trouble(ctx, err, a, oracle.Allowed{})
	}
}

// End expects the target to end the connection without another byte. FIN and RST
// are taken alike.
func (c *Conn) End(ctx context.Context, blames ...Blame) {
	if c.idle() {
		return
	}
	wait, cancel := context.WithTimeout(ctx, c.s.look.Patience)
	defer cancel()
	a := asked{line: c.last.line, kind: c.last.kind, blames: blames}
	_, extra, err := c.peer.ReadClosed(wait)
	if e, ok := errors.AsType[*peer.Error](err); ok {
		extra = e.Partial
	}
	switch {
	case len(extra) > 0:
		c.unasked(a, extra)
	case peer.ReasonOf(err) == peer.ReasonTimeout && ctx.Err() == nil:
		c.s.slow()
		c.report(a, StillOpen, nil, &oracle.Mismatch{Want: "the end of the connection", Detail: "it is still open after " + c.s.look.Patience.String()}, nil, true)
	case err != nil:
		c.trouble(ctx, err, a, oracle.Allowed{})
	}
}

// HalfClose ends our sending side.
func (c *Conn) HalfClose(ctx context.Context) {
	if c.idle() {
		return
	}
	err := c.peer.HalfClose()
	if reason := peer.ReasonOf(err); reason != "" && reason != peer.ReasonClosed && reason != peer.ReasonReset {
		c.trouble(ctx, err, c.last, oracle.Allowed{})
	}
}

// Close closes the connection.
func (c *Conn) Close() {
	if c.peer != nil {
		c.peer.Close()
	}
}

// Reset ends the connection with RST.
func (c *Conn) Reset() {
	if c.peer != nil {
		c.peer.Reset()
	}
}

// idle reports whether there is nothing to do any more.
func (c *Conn) idle() bool { return c.peer == nil || c.s.Over() }

// leftovers takes the bytes that came since the last reply, which nobody asked for.
func (c *Conn) leftovers(ctx context.Context) {
	if n, err := c.peer.Unread(); err != nil || n+len(c.ahead) == 0 {
		return // an error shows again where it matters
	}
	extra, err := c.quiet(ctx, c.s.look.Quiet)
	if err == nil && len(extra) > 0 {
		c.unasked(c.last, extra)
	}
}

// quiet returns what comes within a time, or has come before.
func (c *Conn) quiet(ctx context.Context, d time.Duration) ([]byte, error) {
	if len(c.ahead) > 0 {
		extra := c.ahead
		c.ahead = nil
		return extra, nil
	}
	return c.peer.ReadQuiet(ctx, d)
}

// unasked records bytes that no request asked for.
func (c *Conn) unasked(a asked, extra []byte) {
	symptom := Unasked
	switch {
	case a.kind != 0 && len(bytes.Trim(extra, "\n")) == 0:
		symptom = oracle.AspectTrailing
	case oracle.ReplyEnd(extra) > 0 && (bytes.HasPrefix(extra, []byte("ok\n")) || bytes.HasPrefix(extra, []byte("error\n"))):
		symptom = Twice
	}
	m := &oracle.Mismatch{Want: "nothing: no reply is due", Detail: fmt.Sprintf("%d bytes came that nothing asked for", len(extra))}
	c.report(a, symptom, extra, m, nil, false)
}

// report records a failure. It ends the session when end says so, or when the store
// cannot be what it should be after it.
func (c *Conn) report(a asked, symptom Symptom, reply []byte, m *oracle.Mismatch, allowed []string, end bool) {
	if c.late && c.last.kind == 0 {
		c.s.crowded()
	}
	blames := slices.Clone(a.blames)
	if symptom == Closed && c.last.kind == wrong {
		// Whatever the request was for: it came to nothing because of the one before.
		blames = append(blames, on(goesOnBy(formOf(bytes.TrimSuffix(c.last.line, []byte("\n")))), Closed))
	}
	blames = append(blames, c.s.c.Blames...)
	part, from, size := around(reply, m.Offset)
	c.s.fail(Failure{
		Requirement: c.s.blame(a.kind, a.line, symptom, blames...),
		Symptom:     symptom,
		Conn:        c.name,
		Request:     a.line,
		Reply:       part,
		ReplyFrom:   from,
		ReplySize:   size,
		Offset:      m.Offset,
		Want:        m.Want,
		Detail:      m.Detail,
		Allowed:     allowed,
		Mode:        c.s.lastHow(),
		spoilt:      c.sent.behind != "" && isWrong(bytes.TrimSuffix([]byte(c.sent.middle()), []byte("\n"))),
	}, end || diverges(symptom))
}

// mostOfReply is how much a failure keeps of a reply.
const mostOfReply = 64 << 10

// around returns a reply, or of a long one a copy of the part around an offset, where
// that begins, and the size of the whole when it is a part.
func around(reply []byte, offset int) (part []byte, from, size int) {
	if len(reply) <= mostOfReply {
		return reply, 0, 0
	}
	from = max(0, min(offset-mostOfReply/2, len(reply)-mostOfReply))
	return bytes.Clone(reply[from : from+mostOfReply]), from, len(reply)
}

package property

import (
	"bytes"
	"context"
	"errors"
	"strconv"
	"strings"
	"time"

	"github.com/putget-protocol/putget/conformance/oracle"
	"github.com/putget-protocol/putget/conformance/peer"
)

// maxShown is how much is kept of a reply that does not end, in bytes.
const maxShown = 4096

// A player plays sequences against a target, each with fresh keys and fresh
// connections. It is used by one goroutine.
type player struct {
	target   Target
	prefix   string        // of all keys; nobody else has it
	played   int           // sequences begun
	requests int           // requests sent
	patience time.Duration // of the plays
	slowest  time.Duration // that a whole reply has taken
	getAll   time.Duration // spent on requests for everything
}

// hurry lessens the patience while many sequences are tried that may get no reply. It
// leaves a multiple of what replies have taken so far.
func (p *player) hurry() {
	const factor, least = 20, 100 * time.Millisecond
	p.patience = min(p.target.Patience, max(factor*p.slowest, least))
}

// A play is what became of a sequence: what was done of it up to the first failure.
type play struct {
	unique   string // what stood for the word unique
	done     []played
	mismatch *oracle.Mismatch // what was wrong with the last reply; nil: nothing
	reason   peer.Reason      // why it did not come as a whole; "" when it did
	events   []peer.Event
	took     time.Duration
	cut      bool  // the time was over before the end, so that nothing is proved
	err      error // trouble of our own, or the context's: nothing is proved
}

// A played is a step that was played.
type played struct {
	step
	reply   []byte
	allowed oracle.Allowed
}

func (p *play) failed() bool { return p.mismatch != nil }

// steps returns what was played.
func (p *play) steps() []step {
	steps := make([]step, len(p.done))
	for i, d := range p.done {
		steps[i] = d.step
	}
	return steps
}

// symptom says what is wrong, the same each time for one fault. A connection that
// ends is one symptom, whether by FIN or by RST.
func (p *play) symptom() string {
	reason := p.reason
	if reason == peer.ReasonReset {
		reason = peer.ReasonClosed
	}
	return strings.TrimSpace(string(p.mismatch.Aspect) + " " + string(reason))
}

// text says for rapid what failed. It follows from what was drawn and from what the
// target does with it, and from nothing that differs from play to play.
func (p *play) text() string {
	last := p.done[len(p.done)-1]
	return "step " + strconv.Itoa(len(p.done)) + ", " + laneName(last.lane) + ", " + strconv.Quote(last.line) + ": " + p.symptom()
}

// laneName returns the name of a connection: A, B and so on.
func laneName(lane int) string { return string(rune('A' + lane)) }

// play plays steps until one fails or the deadline has passed, when no new step is
// begun; a reply that is on its way then is waited for, but not for ever.
func (p *player) play(ctx context.Context, steps []step, deadline time.Time) *play {
	ctx, cancel := context.WithDeadline(ctx, deadline.Add(p.patience))
	defer cancel()
	p.played++
	out := &play{unique: p.prefix + "." + strconv.FormatInt(int64(p.played), 36)}
	g := &game{
		player: p,
		out:    out,
		own:    out.unique + ".",
		rec:    peer.NewRecorder(),
		conns:  make(map[int]*peer.Conn),
	}
	g.model.Own = func(key string) bool { return strings.HasPrefix(key, g.own) }
	began := time.Now()
	for _, s := range steps {
		if time.Now().After(deadline) {
			out.cut = true
			break
		}
		if !g.take(ctx, s) {
			break
		}
	}
	leave(ctx, g.conns)
	out.took = time.Since(began)
	if out.failed() {
		out.events = bounded(g.rec.Events())
	}
	return out
}

// A game is one running play.
type game struct {
	*player
	out   *play
	own   string // begins the keys of this play
	model oracle.Model
	rec   *peer.Recorder
	conns map[int]*peer.Conn
}

// take plays one step and reports whether the next may follow.
func (g *game) take(ctx context.Context, s step) bool {
	line := []byte(strings.ReplaceAll(s.line, unique, g.out.unique))
	allowed := g.model.AllowedLine(line)
	began := time.Now()
	reply, err := g.ask(ctx, s.lane, line)
	if isGetAll(s.line) {
		g.getAll += time.Since(began)
		reply = ownLines(reply, g.own)
	}
	if peer.ReasonOf(err) == peer.ReasonTooLong {
		reply = bytes.Clone(reply[:min(len(reply), maxShown)])
	}
	if err != nil {
		g.stopped(ctx, err, isGetAll(s.line), allowed, reply)
	} else {
		g.out.mismatch = allowed.Check(reply)
	}
	g.out.done = append(g.out.done, played{step: s, reply: reply, allowed: allowed})
	if err != nil || g.out.failed() {
		return false
	}
	g.model.ApplyLine(line, reply)
	return true
}

// ask sends a line and reads one reply. With an error, the reply is what came of it.
func (g *game) ask(ctx context.Context, lane int, line []byte) ([]byte, error) {
	conn := g.conns[lane]
	if conn == nil {
		var err error
		if conn, err = dial(ctx, g.rec, laneName(lane), g.target); err != nil {
			return nil, err
		}
		g.conns[lane] = conn
	}
	g.requests++
	began := time.Now()
	reply, err := ask(ctx, conn, line, g.patience)
	if err == nil {
		g.slowest = max(g.slowest, time.Since(began))
	}
	return reply, err
}

// stopped says what it means that no whole reply came; all says to a get of everything.
func (g *game) stopped(ctx context.Context, err error, all bool, allowed oracle.Allowed, partial []byte) {
	reason := peer.ReasonOf(err)
	switch {
	case errors.Is(ctx.Err(), context.Canceled), reason == peer.ReasonCanceled:
		g.out.err = context.Cause(ctx)
		return
	case reason == "", reason == peer.ReasonBroken:
		g.out.err = err
		return
	}
	m := allowed.Check(partial)
	if e, ok := errors.AsType[*peer.Error](err); ok && e.Op == "dial" {
		m = &oracle.Mismatch{Want: "a connection", Aspect: oracle.AspectNoReply, Detail: "none was made"}
	}
	if m == nil || reason == peer.ReasonTooLong && m.Incomplete() {
		m = &oracle.Mismatch{Offset: len(partial), Want: "the empty line that ends a reply", Aspect: oracle.AspectTerminator, Detail: "the bytes do not stop"}
	}
	if ctx.Err() != nil && m.Incomplete() || reason == peer.ReasonTooLong && all {
		// More might have come, and others may have put any number of samples.
		g.out.cut = true
		return
	}
	g.out.mismatch, g.out.reason = m, reason
}

// leaveTime is how long a target has to see that a connection has ended, before the
// next one is made: some count those that have.
const leaveTime = 20 * time.Millisecond

// leave closes connections.
func leave(ctx context.Context, conns map[int]*peer.Conn) {
	ctx, cancel := context.WithTimeout(ctx, leaveTime)
	defer cancel()
	for _, conn := range conns {
		conn.Depart(ctx)
	}
}

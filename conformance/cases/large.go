package cases

import (
	"bytes"
	"context"
	"fmt"
	"strings"
	"time"

	"github.com/putget-protocol/putget/conformance/oracle"
	"github.com/putget-protocol/putget/conformance/peer"
)

// How many samples a large reply has: the most where the target is quick enough, and
// the least in any case.
const (
	leastSamples = 300
	mostSamples  = 10_000
	fillTime     = time.Second
)

// wholeReply blames the sentence on large replies where one is cut, or comes in pieces
// that do not fit.
func wholeReply() Blame {
	return on("REP-010", oracle.AspectTruncated, oracle.AspectTerminator, oracle.AspectNoReply, Closed, oracle.AspectTrailing, oracle.AspectFieldCount,
		oracle.AspectKeySyntax, oracle.AspectValueSyntax, oracle.AspectTimestampSyntax, Unasked, Twice)
}

// replyLarge makes a series that no single read of a usual size holds.
func replyLarge(ctx context.Context, s *Session) { s.large(ctx, leastSamples, leastSamples) }

// largest is the name of the case of the largest reply. It makes every later reply to
// get * large too, and so stands at the end.
const largest = "reply-thousands"

func largestCase() Case {
	return Case{
		ID: largest, Title: "A reply of thousands of samples comes whole",
		Requirements: ids("REP-010"), DependsOn: ids("reply-large", putTogether, "consistency-store", putStored, "put-others", getOrder, "get-all-order"),
		Alone: true,
		Run:   func(ctx context.Context, s *Session) { s.large(ctx, leastSamples, mostSamples) },
	}
}

// large puts so many samples to a key, at least, and more until their number or the
// time is enough, and then gets them all.
func (s *Session) large(ctx context.Context, least, most int) {
	key := s.Key("cpu")
	began, n := time.Now(), 0
	var a *Conn
	for n < least || n < most && time.Since(began) < fillTime {
		var puts []string
		for range leastSamples / 3 {
			puts = append(puts, fmt.Sprintf("put %s %d.5 %d", key, n, 1503319740-n))
			n++
		}
		if a = s.Fill(ctx, puts); s.Over() {
			return
		}
	}
	s.Observe("samples in one reply", fmt.Sprint(n))
	a.Get(ctx, key, wholeReply())
	// Lines of others may be anything, and are judged elsewhere.
	a.GetAll(ctx, on("REP-010", oracle.AspectMissingSample, oracle.AspectTruncated, oracle.AspectTerminator, oracle.AspectNoReply, Closed, oracle.AspectTrailing, Unasked, Twice))
}

// fillers is how many connections share many puts between them.
const fillers = 10

// Fill sends requests over several connections, one at a time on each, so that many
// take few round trips, and returns one of the connections. In which order those of one
// round arrive is left to chance; timestamps that descend from round to round are never
// in order by luck.
func (s *Session) Fill(ctx context.Context, lines []string) *Conn {
	var lanes []*Conn
	for i := range min(fillers, len(lines), s.look.sessions()) {
		lanes = append(lanes, s.Conn(ctx, fmt.Sprintf("F%d", i)))
	}
	for len(lines) > 0 && !s.Over() {
		round := lines[:min(len(lanes), len(lines))]
		lines = lines[len(round):]
		for i, line := range round {
			lanes[i].Send(ctx, line+"\n")
		}
		for i, line := range round {
			lanes[i].Answer(ctx, line)
		}
	}
	return lanes[0]
}

// What frame-half-close-large asks for: samples with a long key, so that few of them
// make a large reply, and so many replies.
const (
	longKey    = 1000
	longCount  = 40
	largeCount = 24
)

// frameHalfCloseLarge asks once, and when that request was read for many more, with a
// half-close right behind them: the target is busy with the first reply when it learns
// of the end. A small window keeps it so.
func frameHalfCloseLarge(ctx context.Context, s *Session) {
	key := s.LongKey("cpu", longKey)
	var puts []string
	for i := range longCount {
		puts = append(puts, fmt.Sprintf("put %s %d.5 %d", key, i, 1503319740-i))
	}
	due := s.Fill(ctx, puts).Ask(ctx, "get "+key)
	if s.Over() || due == nil {
		return
	}
	a := s.Dial(ctx, "A", peer.Dialer{ReceiveBuffer: slowWindow})
	get := "get " + key
	a.Send(ctx, get+"\n", strings.Repeat(get+"\n", largeCount-1))
	a.HalfClose(ctx)
	for i := range largeCount {
		a.answerLike(ctx, get, due, i < largeCount-1)
	}
	a.End(ctx)
	s.Observe("bytes of replies behind a half-close", fmt.Sprint(largeCount*len(due)))
}

// answerLike is answer where the reply is the same as one that was judged before, most
// likely to the byte: then there is nothing to judge.
func (c *Conn) answerLike(ctx context.Context, line string, due []byte, together bool) {
	if c.idle() {
		return
	}
	a := c.asked(line, nil)
	a.together = together
	allowed := c.s.allowed([]byte(line))
	reply, err := c.read(ctx, a, allowed)
	switch {
	case err != nil:
		c.trouble(ctx, err, a, allowed)
	case bytes.Equal(reply, due):
		c.answered(a, reply)
	default:
		if m := allowed.Check(reply); m != nil {
			c.report(a, c.lost(a, reply, m.Aspect), reply, m, allowed.Describe(), true)
		}
		c.answered(a, reply)
	}
}

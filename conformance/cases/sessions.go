package cases

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/putget-protocol/putget/conformance/oracle"
	"github.com/putget-protocol/putget/conformance/peer"
)

// sessionHalfSent is the name of the case of a session that stops within a line. It
// plays a vector.
const sessionHalfSent = "example-session-half-sent"

// ManySessions is the name of the case that shows that 50 sessions are served at once.
const ManySessions = "session-50"

// HundredsOfSessions is the name of the case that shows that 200 sessions are served at
// once.
const HundredsOfSessions = "session-200"

func sessionCases() []Case {
	return slices.Concat(sessionManyCases(), sessionRudeCases())
}

// sessionManyCases are about many requests, and many sessions.
func sessionManyCases() []Case {
	return []Case{
		{
			ID: "session-many-requests", Title: "A connection stays open over many requests",
			Requirements: ids("SES-001"),
			Blames:       []Blame{on("SES-001", Closed, oracle.AspectNoReply)},
			Run: func(ctx context.Context, s *Session) {
				cpu, a := s.Key("cpu"), s.Conn(ctx, "A")
				for i := range 25 {
					a.Put(ctx, cpu, fmt.Sprintf("%d.5", i), fmt.Sprint(10+i))
					a.Get(ctx, cpu)
				}
			},
		},
		{
			ID: ManySessions, Title: "50 sessions at once",
			Requirements: ids("SES-002"), Needs: ids(TwoSessions),
			Alone: true, Blames: []Blame{service("SES-002")},
			Run: func(ctx context.Context, s *Session) { manySessions(ctx, s, 50) },
		},
		{
			ID: HundredsOfSessions, Title: "200 sessions at once",
			Requirements: ids("SES-003"), Needs: ids(TwoSessions), DependsOn: ids(ManySessions),
			Alone: true, Blames: []Blame{service("SES-003")},
			Run: func(ctx context.Context, s *Session) { manySessions(ctx, s, 200) },
		},
		{
			ID: "session-silent-many", Title: "Ten silent sessions delay nobody",
			Requirements: ids("SES-004"), Needs: ids(TwoSessions),
			Blames: []Blame{service("SES-004")},
			Run: func(ctx context.Context, s *Session) {
				for i := range 10 {
					s.Conn(ctx, fmt.Sprintf("S%d", i))
				}
				a := s.Conn(ctx, "A")
				a.Put(ctx, s.Key("cpu"), "1.5", "7")
				a.Get(ctx, s.Key("cpu"))
			},
		},
	}
}

// sessionRudeCases are about sessions that do not behave, and those beyond the limits.
func sessionRudeCases() []Case {
	return []Case{
		{
			ID: "session-reset", Title: "A session that is reset disturbs nobody",
			Requirements: ids("SES-005"), Needs: ids(TwoSessions), DependsOn: ids(sessionHalfSent),
			Blames: []Blame{content("SES-005")},
			Run:    sessionReset,
		},
		{
			ID: "session-unread", Title: "A session that does not read megabytes of replies delays nobody",
			Requirements: ids("SES-005"), Needs: ids(TwoSessions), DependsOn: ids(framePipeline, "reply-large", sessionHalfSent),
			Alone: true, Blames: []Blame{content("SES-005")},
			Run: sessionUnread,
		},
		{
			ID: "session-surplus", Title: "Of many connections each is served, waits, or is closed without a byte",
			Requirements: ids("SES-006"), Needs: ids(HundredsOfSessions),
			Alone: true, Blames: []Blame{on("SES-006", Unasked, Twice)},
			Run: sessionSurplus,
		},
		{
			ID: "session-pause", Title: "A pause between two requests, and within one, does not end the session",
			Requirements: ids("SES-007", "SES-008"), Waits: true, Needs: ids(TwoSessions), DependsOn: ids(frameSplit, sessionHalfSent, "example-session-idle"),
			Blames: []Blame{content("SES-007")},
			Run:    sessionPause,
		},
	}
}

// manySessions opens so many connections and has each answered while all are open.
func manySessions(ctx context.Context, s *Session, n int) {
	lanes := make([]*Conn, n)
	for i := range lanes {
		lanes[i] = s.Conn(ctx, fmt.Sprintf("S%d", i))
	}
	line := func(i int) string { return fmt.Sprintf("put %s %d.5 7", s.Key(fmt.Sprintf("cpu%03d", i)), i) }
	for i, lane := range lanes {
		lane.Send(ctx, line(i)+"\n")
	}
	for i, lane := range lanes {
		lane.Answer(ctx, line(i))
	}
	for i, lane := range lanes {
		lane.Send(ctx, "get "+s.Key(fmt.Sprintf("cpu%03d", i))+"\n")
	}
	for i, lane := range lanes {
		lane.Answer(ctx, "get "+s.Key(fmt.Sprintf("cpu%03d", i)))
	}
}

func sessionReset(ctx context.Context, s *Session) {
	cpu, b := s.Key("cpu"), s.Conn(ctx, "B")
	b.Put(ctx, cpu, "1.5", "7")
	for i, part := range []string{"", "put " + cpu + " 1.5", "get " + cpu + "\n"} {
		a := s.Conn(ctx, fmt.Sprintf("A%d", i))
		a.Send(ctx, part)
		a.Reset()
		b.Get(ctx, cpu)
	}
	s.Conn(ctx, "C").InOrder(ctx)
}

// unread is how many bytes of replies the peer that does not read asks for.
const unread = 12 << 20

func sessionUnread(ctx context.Context, s *Session) {
	key := s.Key("cpu")
	var puts []string
	for i := range 100 {
		puts = append(puts, fmt.Sprintf("put %s 1.5 %d", key, 1503319740-i))
	}
	b := s.Fill(ctx, puts)
	began := time.Now()
	reply := b.Ask(ctx, "get "+key)
	if len(reply) == 0 {
		return
	}
	many := unread/len(reply) + 1
	// As long as it takes to make all these replies, nothing may be wrong yet.
	busy := min(time.Duration(many)*time.Since(began), mostBusy)
	a := s.Dial(ctx, "A", peer.Dialer{ReceiveBuffer: 4096})
	a.flood(ctx, strings.Repeat("get "+key+"\n", many))
	for began = time.Now(); ; {
		b.Get(ctx, key)
		b.Put(ctx, s.Key("rain"), "1.5", "7")
		if s.Over() || time.Since(began) > busy {
			break
		}
	}
	s.Conn(ctx, "C").InOrder(ctx)
	if a.peer != nil {
		a.readUnread(ctx, "get "+key, reply, int(a.peer.SentBytes())/len("get "+key+"\n"))
	}
}

// mostBusy is how long others are served, at most, beside one that does not read.
const mostBusy = 250 * time.Millisecond

// flood sends what the target does not read, or reads and cannot answer, as long as
// it takes it in. It is no fault when it stops to do so.
func (c *Conn) flood(ctx context.Context, text string) {
	if c.idle() {
		return
	}
	for len(text) > 0 {
		part := text[:min(len(text), 64<<10)]
		text = text[len(part):]
		wait, cancel := context.WithTimeout(ctx, c.s.look.Quiet)
		err := c.peer.Send(wait, []byte(part))
		cancel()
		switch reason := peer.ReasonOf(err); reason {
		case "":
		case peer.ReasonTimeout, peer.ReasonClosed, peer.ReasonReset:
			return
		default:
			c.trouble(ctx, err, c.last, oracle.Allowed{})
			return
		}
	}
}

// surplus is how many connections are opened where 200 are served.
const surplus = 260

func sessionSurplus(ctx context.Context, s *Session) {
	var lanes []*Conn
	for i := range surplus {
		lane := s.tryConn(ctx, fmt.Sprintf("S%d", i))
		if lane == nil {
			break // it waits, or was refused: both are silent
		}
		lanes = append(lanes, lane)
	}
	if len(lanes) == 0 {
		return
	}
	// One wait is enough for all: what comes unasked lies there then.
	extra, err := lanes[0].peer.ReadQuiet(ctx, s.look.Quiet)
	switch {
	case peer.ReasonOf(err) == peer.ReasonCanceled:
		s.interrupt()
		return
	case len(extra) > 0:
		lanes[0].unasked(asked{}, extra)
	}
	for _, lane := range lanes {
		lane.came(ctx)
	}
}

// tryConn makes a connection, or returns nil when the target does not take it.
func (s *Session) tryConn(ctx context.Context, name string) *Conn {
	wait, cancel := context.WithTimeout(ctx, s.look.Quiet)
	defer cancel()
	p, err := peer.Dial(wait, s.rec, name, s.look.Addr)
	if err != nil {
		return nil
	}
	lane := &Conn{s: s, name: name, peer: p}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.lanes[name] = lane
	s.opened = append(s.opened, lane)
	return lane
}

// came takes what has come by now, which must be nothing. The end of the connection
// is silent too.
func (c *Conn) came(ctx context.Context) {
	if n, err := c.peer.Unread(); err != nil || n == 0 {
		return
	}
	if extra, _ := c.peer.ReadQuiet(ctx, c.s.look.Quiet); len(extra) > 0 {
		c.unasked(asked{}, extra)
	}
}

// pause is far below every documented idle time that anybody would choose on
// purpose, and above a timeout that was set for a single read.
const pause = 1200 * time.Millisecond

func sessionPause(ctx context.Context, s *Session) {
	cpu, rain, a, b := s.Key("cpu"), s.Key("rain"), s.Conn(ctx, "A"), s.Conn(ctx, "B")
	a.Put(ctx, cpu, "1.5", "7")
	b.Send(ctx, "put "+rain+" 2.5")
	a.SilenceOf(ctx, pause)
	b.SilenceOf(ctx, s.look.Quiet)
	a.Get(ctx, cpu)
	b.Send(ctx, " 8\n")
	b.Answer(ctx, "put "+rain+" 2.5 8")
	b.Get(ctx, rain)
}

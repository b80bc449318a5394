package cases

import (
	"context"
	"fmt"
	"strings"
	"sync"
	"time"

	"github.com/putget-protocol/putget/conformance/oracle"
	"github.com/putget-protocol/putget/conformance/peer"
)

// putTogether is the name of the case of puts that several sessions send at once.
const putTogether = "put-together"

// besideCases are about sessions that go on side by side.
func besideCases() []Case {
	return []Case{
		{
			ID: putTogether, Title: "Puts that several sessions send at the same time are all stored",
			Requirements: ids("CON-001", "PUT-002"), Needs: ids(TwoSessions), DependsOn: ids(putStored, "put-others", getOrder, "consistency-store"),
			Alone: true, Blames: []Blame{samples("CON-001")},
			Run: putsTogether,
		},
		{
			ID: "session-together", Title: "Twenty sessions at the same time, each with a series of its own",
			Requirements: ids("SES-002", "CON-002"), Needs: ids(ManySessions), DependsOn: ids(putStored, "put-others", "get-known", putTogether),
			Alone: true, Blames: []Blame{service("SES-002")},
			Run: sessionsTogether,
		},
		{
			ID: "session-reopened", Title: "200 connections opened and closed, one after the other, fewer where the target is slow",
			Requirements: ids("SES-002"), DependsOn: ids(putStored, "put-others", "consistency-store", ManySessions),
			Alone: true, Blames: []Blame{service("SES-002")},
			Run: sessionReopened,
		},
		{
			ID: "session-half-sent-many", Title: "Ten sessions that have sent a part of a request, and ten that were reset, delay nobody",
			Requirements: ids("SES-005"), Needs: ids(ManySessions), DependsOn: ids(sessionHalfSent, "session-reset", "example-frame-unfinished"),
			BuildsOn: ids("consistency-fresh"),
			Blames:   []Blame{on("FRM-006", oracle.AspectExtraSample), content("SES-005")},
			Run:      sessionHalfSentMany,
		},
		{
			ID: "session-slow-reader", Title: "A session that reads slowly gets its large replies whole, and delays nobody",
			Requirements: ids("SES-005", "REP-010"), Needs: ids(TwoSessions), DependsOn: ids(framePipeline, "reply-large", sessionHalfSent, "session-unread"),
			BuildsOn: ids(framePipeline), Alone: true, Blames: []Blame{content("SES-005")},
			Run: sessionSlowReader,
		},
	}
}

// putsTogether puts to one key, each session at timestamps of its own, in rounds in
// which all requests are out before any reply is read.
func putsTogether(ctx context.Context, s *Session) {
	const lanes, rounds = 8, 6
	cpu := s.Key("cpu")
	line := func(lane, round int) string { return fmt.Sprintf("put %s %d.5 %d", cpu, lane, 1000-100*round+lane) }
	conns := make([]*Conn, lanes)
	for i := range conns {
		conns[i] = s.Conn(ctx, fmt.Sprintf("A%d", i))
	}
	for round := range rounds {
		for i, c := range conns {
			c.Send(ctx, line(i, round)+"\n")
		}
		for i, c := range conns {
			c.Answer(ctx, line(i, round))
		}
		conns[round%lanes].Get(ctx, cpu)
	}
}

func sessionsTogether(ctx context.Context, s *Session) {
	const lanes, rounds = 20, 8
	var wg sync.WaitGroup
	for i := range lanes {
		c, key := s.Conn(ctx, fmt.Sprintf("S%d", i)), s.Key(fmt.Sprintf("cpu%d", i))
		wg.Go(func() {
			for round := range rounds {
				c.Put(ctx, key, fmt.Sprintf("%d.5", i), fmt.Sprint(10+round))
				c.Get(ctx, key)
			}
		})
	}
	wg.Wait()
}

// sessionReopened makes each connection put a sample before it is closed, and reads
// some of them.
func sessionReopened(ctx context.Context, s *Session) {
	const times, least = 200, 60
	began, n := time.Now(), 0
	cpu := ""
	for ; n < times && !s.Over() && (n < least || time.Since(began) < reopenTime); n++ {
		const group = 20 // to one key
		cpu = s.Key(fmt.Sprintf("cpu%d", n/group))
		c := s.Conn(ctx, fmt.Sprintf("S%d", n))
		c.Put(ctx, cpu, fmt.Sprintf("%d.5", n), fmt.Sprint(n))
		if n%group == group-1 {
			c.Get(ctx, cpu)
		}
		c.depart(ctx)
	}
	s.Observe("connections one after the other", fmt.Sprint(n))
	s.Conn(ctx, "A").Get(ctx, cpu)
}

// depart closes a connection and gives the target a moment to see that: some are slow
// to do so, and may count those that have ended.
func (c *Conn) depart(ctx context.Context) {
	if c.idle() {
		return
	}
	wait, cancel := context.WithTimeout(ctx, departTime)
	defer cancel()
	c.peer.Depart(wait)
}

// departTime is short, as a target that sees ends late has it for each connection.
const departTime = 20 * time.Millisecond

// reopenTime is how long a target is asked beyond the least number of connections.
const reopenTime = 2 * time.Second

func sessionHalfSentMany(ctx context.Context, s *Session) {
	const many = 10
	cpu, b := s.Key("cpu"), s.Conn(ctx, "B")
	b.Put(ctx, cpu, "1.5", "7")
	parts := []string{"p", "put", "put ", "put " + cpu, "put " + cpu + " 1", "put " + cpu + " 1.5 8", "get", "get " + cpu, "x", "put " + cpu + " 1.5 8\r"}
	for i := range many {
		s.Conn(ctx, fmt.Sprintf("H%d", i)).Send(ctx, parts[i])
		r := s.Conn(ctx, fmt.Sprintf("R%d", i))
		r.Send(ctx, parts[many-1-i])
		r.Reset()
		b.Get(ctx, cpu)
	}
	s.Conn(ctx, "C").InOrder(ctx)
	h := s.Conn(ctx, "H1")
	h.Send(ctx, " "+cpu+" 2.5 9\n")
	h.Answer(ctx, "put "+cpu+" 2.5 9")
	b.Get(ctx, cpu)
}

// What the slow reader asks for, and how it reads.
const (
	slowReplies   = 40
	slowReadChunk = 4096
	slowReadPause = 500 * time.Microsecond
)

func sessionSlowReader(ctx context.Context, s *Session) {
	key := s.Key("cpu")
	var puts []string
	for i := range 100 {
		puts = append(puts, fmt.Sprintf("put %s 1.5 %d", key, 1503319740-i))
	}
	b := s.Fill(ctx, puts)
	due := b.Ask(ctx, "get "+key)
	if len(due) == 0 {
		return
	}
	a := s.Dial(ctx, "A", peer.Dialer{ReceiveBuffer: slowReadChunk})
	if a.idle() {
		return
	}
	a.peer.SetReadPace(slowReadChunk, slowReadPause)
	a.Send(ctx, strings.Repeat("get "+key+"\n", slowReplies))
	var wg sync.WaitGroup
	wg.Go(func() {
		for i := range slowReplies {
			a.answerLike(ctx, "get "+key, due, i < slowReplies-1)
		}
	})
	for range 10 {
		b.Get(ctx, key)
		b.Put(ctx, s.Key("rain"), "1.5", "7")
	}
	s.Conn(ctx, "C").InOrder(ctx)
	wg.Wait()
	a.Ask(ctx, "got "+key, on("ERR-001", oracle.AspectErrorText))
}

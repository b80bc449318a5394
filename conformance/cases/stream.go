package cases

import (
	"context"
	"fmt"
	"strings"
	"time"

	"github.com/putget-protocol/putget/conformance/oracle"
	"github.com/putget-protocol/putget/conformance/peer"
)

// streamCases are about long streams of requests, beyond the buffers of any size that
// servers choose, and about how a stream ends.
func streamCases() []Case {
	return []Case{
		{
			ID: "frame-stream", Title: "Thousands of requests of every length in one stream, across every boundary of a buffer",
			Requirements: ids("FRM-003", "FRM-004"), DependsOn: ids(framePipeline, "frame-pipeline-many", "lex-spaces-between", "limit-line-put", "put-last-wins"),
			BuildsOn: ids(framePipeline), Alone: true,
			Blames: []Blame{on("FRM-003", oracle.AspectRefused, oracle.AspectTruncated), content("FRM-004")},
			Run:    frameStream,
		},
		{
			ID: "frame-unended", Title: "A line that was not ended is not carried out, whatever it ends in",
			Requirements: ids("FRM-006"), Needs: ids(TwoSessions), DependsOn: ids("example-frame-unfinished", "frame-close-idle"),
			Blames: []Blame{samples("FRM-006"), on("FRM-006", Unasked, Twice)},
			Run:    frameUnended,
		},
	}
}

// How long the stream is, where the target is quick and where it is not.
const (
	streamLines  = 2500
	streamFew    = 150
	quickAnswer  = 2 * time.Millisecond
	longestInRun = 400 // bytes of a line
)

func frameStream(ctx context.Context, s *Session) {
	cpu, a := s.Key("cpu"), s.Conn(ctx, "A")
	began := time.Now()
	a.Put(ctx, cpu, "0.5", "1503319740")
	n := streamLines
	if time.Since(began) > quickAnswer {
		n = streamFew
	}
	const many = 1250 // sent before their replies are read, which are short
	for at := 0; at < n && !s.Over(); at += many {
		var lines []string
		for i := at; i < min(n, at+many); i++ {
			line := fmt.Sprintf("put %s %d.5 1503319740", cpu, i)
			if i%5 == 4 {
				line = "get " + cpu
			}
			lines = append(lines, pad(line, len(line)+i*17%longestInRun))
		}
		a.Send(ctx, strings.Join(lines, "\n")+"\n")
		a.answers(ctx, lines...)
	}
	s.Observe("requests in one stream", fmt.Sprint(n))
}

func frameUnended(ctx context.Context, s *Session) {
	cpu, b := s.Key("cpu"), s.Conn(ctx, "B")
	b.Put(ctx, cpu, "0.5", "6")
	for i, part := range []string{"put %s 1.5 7\r", "put %s 1.5 7", "put %s 1.5 7 ", "get %s\r", "x", "\r"} {
		if strings.Contains(part, "%s") {
			part = fmt.Sprintf(part, cpu)
		}
		a := s.Conn(ctx, fmt.Sprintf("A%d", i))
		a.Send(ctx, part)
		a.HalfClose(ctx)
		a.End(ctx)
		b.Get(ctx, cpu)
	}
}

// readUnread reads the replies that were not read while they were made, as long as the
// target has not ended the connection: what comes of them must be whole.
func (c *Conn) readUnread(ctx context.Context, line string, due []byte, n int) {
	for range n {
		if c.idle() {
			return
		}
		wait, cancel := context.WithTimeout(ctx, c.s.look.Patience)
		reply, err := c.peer.ReadReply(wait)
		cancel()
		if reason := peer.ReasonOf(err); reason == peer.ReasonClosed || reason == peer.ReasonReset {
			return
		}
		a := c.asked(line, []Blame{anything("REP-010")})
		allowed := c.s.allowed([]byte(line))
		if err != nil {
			c.trouble(ctx, err, a, allowed)
			return
		}
		if string(reply) != string(due) {
			if m := allowed.Check(reply); m != nil {
				c.report(a, m.Aspect, reply, m, allowed.Describe(), true)
				return
			}
		}
	}
}

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
	"github.com/putget-protocol/putget/spec"
)

// Lengths beyond the limits that a server must take (section 9): one that many
// servers take all the same, and one that few do.
const (
	overLong = 64 << 10
	farLong  = 1 << 20
)

// shownLine is how much of a long line a failure shows.
const shownLine = 80

// limitLine is the name of the case for the reply to a line that is too long.
const limitLine = "limit-line-reply"

func limitCases() []Case {
	return slices.Concat(limitLengthCases(), limitBeyondCases())
}

// limitLengthCases are about what must be taken.
func limitLengthCases() []Case {
	return []Case{
		{
			ID: "limit-key-put", Title: "Keys of 1,023 and 1,024 bytes that differ in the last one",
			Requirements: ids("LIM-001"), DependsOn: ids("lex-key-part", "lex-key-characters"),
			Blames: []Blame{content("LIM-001")},
			Run: func(ctx context.Context, s *Session) {
				a := s.Conn(ctx, "A")
				key := s.LongKey("cpu", oracle.MaxKey-1)
				a.Put(ctx, key, "1.5", "7")
				a.Put(ctx, key+"y", "2.5", "7")
				a.Put(ctx, key+"z", "3.5", "7")
				a.Get(ctx, key)
				a.Get(ctx, key+"y")
				a.Get(ctx, key+"z")
			},
		},
		{
			ID: "limit-key-lengths", Title: "Keys of many lengths up to 1,024 bytes, each a part of the next",
			Requirements: ids("LIM-001", "LEX-011"), DependsOn: ids("lex-key-part", "lex-key-characters", "lex-key-lengths", "limit-key-put"),
			Blames: []Blame{content("LIM-001")},
			Run:    keyLengths(100, 101, 127, 128, 129, 255, 256, 257, 511, 512, 513, 1000, 1023, 1024),
		},
		{
			ID: "limit-key-short", Title: "Keys of one byte and of one character",
			Requirements: ids("LEX-004", "LEX-005"), DependsOn: ids("get-unknown", "lex-key-unicode"), Level: spec.Full,
			Run: keyShort,
		},
		{
			ID: "limit-line-put", Title: "Lines of 4,096 bytes, with CR LF too",
			Requirements: ids("LIM-002"), DependsOn: ids("lex-spaces-between", "lex-spaces-ends", "example-request-crlf"),
			Blames: []Blame{content("LIM-002"), unasked("LIM-002")},
			Run: func(ctx context.Context, s *Session) {
				cpu, a := s.Key("cpu"), s.Conn(ctx, "A")
				a.Ask(ctx, pad("put "+cpu+" 1.5 7", oracle.MaxLine))
				a.Ask(ctx, pad("put "+cpu+" 2.5 8", oracle.MaxLine)+"\r")
				a.Ask(ctx, pad("put "+cpu, oracle.MaxLine-len(" 3.5 9"))+" 3.5 9")
				a.Get(ctx, cpu)
			},
		},
	}
}

// limitBeyondCases are about what may be refused, and how.
func limitBeyondCases() []Case {
	return []Case{
		{
			ID: limitLine, Title: "A line that is too long is carried out, refused with one error, or ends the connection",
			Requirements: ids("LIM-004", "LIM-003", "LIM-008"),
			Blames:       []Blame{anything("LIM-004")},
			Run: func(ctx context.Context, s *Session) {
				began := time.Now()
				for i, length := range []int{overLong, farLong} {
					if i > 0 && !s.reaches(time.Since(began)) {
						return
					}
					a := s.Conn(ctx, []string{"A", "B"}[i])
					cpu := s.Key([]string{"cpu", "rain"}[i])
					a.Put(ctx, cpu, "1.5", "7")
					if how := s.tooLong(ctx, pad("get "+cpu, length), a); how == longRefused {
						a.nextOrEnd(ctx, "get "+cpu, anything("LIM-006"))
					}
					a.Close()
				}
			},
		},
		{
			ID: "limit-key-reply", Title: "A key that is too long is taken, refused with one error, or ends the connection",
			Requirements: ids("LIM-004", "LIM-003", "LIM-008"),
			Blames:       []Blame{anything("LIM-004")},
			Run: func(ctx context.Context, s *Session) {
				s.tooLong(ctx, "put "+s.LongKey("cpu", oracle.MaxKey+1)+" 1.5 7", s.Conn(ctx, "A"))
				s.Conn(ctx, "A").Close()
				s.tooLong(ctx, "put "+s.LongKey("cpu", overLong)+" 1.5 7", s.Conn(ctx, "B"))
			},
		},
		{
			ID: "limit-nothing-stored", Title: "Nothing of a refused line or of a line with a refused key is stored",
			Requirements: ids("LIM-005"), Needs: ids(TwoSessions), DependsOn: ids(limitLine, "example-limit-key", "get-unknown", "consistency-store"),
			Run: limitNothingStored,
		},
		{
			ID: "limit-next-line", Title: "After a refused line the next one is answered, or the connection ends; the rest gets no reply",
			Requirements: ids("LIM-006"), DependsOn: ids(limitLine),
			Blames: []Blame{anything("LIM-006")},
			Run:    limitNextLine,
		},
		{
			ID: "limit-drain", Title: "A server that closes because of a long line lets its error be read",
			Requirements: ids("LIM-007"), DependsOn: ids(limitLine, errorSession),
			Run: limitDrain,
		},
	}
}

// keyShort asks for keys of one byte and of one character.
func keyShort(ctx context.Context, s *Session) {
	getAnyhow(ctx, s, "k", "K", "7", "-", ".", "_", "!", "~", "\u00e9", "\U0001F321")
}

// getAnyhow asks for keys that are too short to be used by nobody else: what is stored
// of them is not known, and nothing is put.
func getAnyhow(ctx context.Context, s *Session, keys ...string) {
	a := s.Conn(ctx, "A")
	for _, key := range keys {
		line := "get " + key
		a.Send(ctx, line+"\n")
		reply := a.AnswerOf(ctx, line, oracle.AnyReply())
		r, _ := oracle.ParseReply(reply)
		switch {
		case a.idle():
		case !r.OK:
			a.report(a.last, oracle.AspectRefused, reply, &oracle.Mismatch{Want: "ok: the request is right"}, oracle.OKEmpty().Describe(), false)
		case slices.ContainsFunc(r.Samples, func(sample oracle.Sample) bool { return sample.Key != key }):
			a.report(a.last, oracle.AspectForeignKey, reply, &oracle.Mismatch{Want: "samples of the key that was asked for"}, oracle.OKEmpty().Describe(), false)
		}
	}
}

// pad fills a line up with SP.
func pad(line string, length int) string { return line + strings.Repeat(" ", max(0, length-len(line))) }

// An afterLong says what a target did with a line that was too long.
type afterLong int

const (
	longBroken  afterLong = iota // something that is not allowed, and was recorded
	longCarried                  // it carried the request out
	longRefused                  // the error, and the connection is open as far as is known
	longEnded                    // the error, and then the end of the connection
	longCut                      // the connection was reset before the error was seen
)

// tooLong sends a line above the limits and reads what comes to it.
func (s *Session) tooLong(ctx context.Context, line string, c *Conn) afterLong {
	if c.idle() {
		return longBroken
	}
	a := c.asked(line, []Blame{anything("LIM-004")})
	a.line = []byte(line[:min(len(line), shownLine)])
	allowed := s.allowed([]byte(line))
	wait, cancel := context.WithTimeout(ctx, s.look.Patience)
	defer cancel()
	sent := c.peer.Send(wait, []byte(line+"\n"))
	if reason := peer.ReasonOf(sent); reason != "" && reason != peer.ReasonClosed && reason != peer.ReasonReset {
		c.trouble(ctx, sent, a, allowed)
		return longBroken
	}
	reply, err := c.read(ctx, a, allowed)
	if err != nil {
		return s.longEnd(ctx, c, a, err, sent, allowed)
	}
	if m := allowed.Check(reply); m != nil {
		c.report(a, m.Aspect, reply, m, allowed.Describe(), true)
		return longBroken
	}
	s.learn([]byte(line), reply)
	c.last = asked{line: a.line, kind: a.kind}
	switch {
	case oracle.WrongCommand().Check(reply) != nil:
		return longCarried
	case sent != nil:
		return longEnded
	default:
		return longRefused
	}
}

// reaches reports whether a target that took so long over a line of overLong has time
// for one of farLong, as some go through each byte of what they have at every read. It
// is told when it has not: what is not asked for is not judged.
func (s *Session) reaches(took time.Duration) bool {
	const margin = 4
	if took*farLong/overLong*margin < s.look.Patience || took < leastReach {
		return true
	}
	s.Observe("a line of 1 MiB", fmt.Sprintf("not tried, as one of 64 KiB took %s", took.Round(time.Millisecond)))
	return false
}

// leastReach is what a quick target takes on a busy machine, at most.
const leastReach = 100 * time.Millisecond

// longEnd judges a connection that ended instead of a reply to a line that was too
// long: a reset may have overtaken the error, an end in order has no excuse.
func (s *Session) longEnd(ctx context.Context, c *Conn, a asked, err, sent error, allowed oracle.Allowed) afterLong {
	e, ok := errors.AsType[*peer.Error](err)
	reset := ok && e.Reason == peer.ReasonReset || peer.ReasonOf(sent) == peer.ReasonReset
	switch {
	case ok && reset && len(e.Partial) == 0:
		return longCut
	case ok && e.Reason == peer.ReasonClosed && len(e.Partial) == 0:
		m := &oracle.Mismatch{Want: "the error before the end of the connection", Detail: "the target closed the connection in order, without a reply"}
		c.report(a, Closed, nil, m, allowed.Describe(), true)
	default:
		c.trouble(ctx, err, a, allowed)
	}
	return longBroken
}

func limitNothingStored(ctx context.Context, s *Session) {
	cpu, b := s.Key("cpu"), s.Conn(ctx, "B")
	b.Put(ctx, cpu, "1.5", "7")
	began := time.Now()
	for i, length := range []int{overLong, farLong} {
		if i > 0 && !s.reaches(time.Since(began)) {
			break
		}
		a := s.Conn(ctx, []string{"A", "A2"}[i])
		if how := s.tooLong(ctx, pad("put "+cpu+" 2.5 8", length), a); how != longCarried && how != longBroken {
			b.Get(ctx, cpu, samples("LIM-005"))
		}
	}
	long := s.LongKey("cpu", overLong)
	a := s.Conn(ctx, "A3")
	if how := s.tooLong(ctx, "put "+long+" 2.5 7", a); how == longCarried || how == longBroken {
		return
	}
	// The beginning of the key, as a target would keep it that cuts at its limit.
	b.Get(ctx, long[:oracle.MaxKey], content("LIM-005"))
}

func limitNextLine(ctx context.Context, s *Session) {
	cpu, a := s.Key("cpu"), s.Conn(ctx, "A")
	// Whoever takes the rest of a refused line for another request finds one here.
	line := pad("get "+cpu, overLong) + " x get " + cpu
	a.Put(ctx, cpu, "1.5", "7")
	how := s.tooLong(ctx, line, a)
	if how != longRefused {
		return
	}
	a.nextOrEnd(ctx, "get "+cpu)
	a.nextOrEnd(ctx, "get "+cpu)
}

// nextOrEnd sends a request, to which the end of the connection is as good as the
// reply.
func (c *Conn) nextOrEnd(ctx context.Context, line string, blames ...Blame) {
	c.Send(ctx, line+"\n")
	c.AnswerOf(ctx, line, oracle.Union(c.s.allowed([]byte(line)), oracle.Closed()), blames...)
}

// limitDrain judges only targets that end the connection because of a long line.
func limitDrain(ctx context.Context, s *Session) {
	began, first := time.Now(), s.Conn(ctx, "A")
	s.tooLong(ctx, pad("get "+s.Key("cpu"), overLong), first)
	if first.Close(); s.Over() || !s.reaches(time.Since(began)) {
		return
	}
	a := s.Conn(ctx, "B")
	if a.idle() {
		return
	}
	line := bytes.Repeat([]byte("x"), farLong)
	wait, cancel := context.WithTimeout(ctx, s.look.Patience)
	defer cancel()
	sent := a.peer.Send(wait, line, []byte("\n"))
	reply, err := a.read(ctx, asked{kind: wrong}, oracle.WrongCommand())
	if ctx.Err() != nil {
		s.interrupt()
		return
	}
	if err == nil {
		_, err = a.quiet(ctx, s.look.Quiet) // a reset may come right behind the error
	}
	cut := peer.ReasonOf(sent) == peer.ReasonReset || peer.ReasonOf(err) == peer.ReasonReset
	if cut {
		m := &oracle.Mismatch{Want: "the error, while the line was still being sent, and then the end of the connection", Detail: "the connection was reset"}
		a.report(asked{line: line[:shownLine], kind: wrong, blames: []Blame{anything("LIM-007")}}, Closed, reply, m, oracle.WrongCommand().Describe(), true)
	}
}

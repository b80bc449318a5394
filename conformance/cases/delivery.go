package cases

import (
	"context"
	"fmt"
	"slices"
	"strconv"
	"sync"
	"sync/atomic"
	"time"

	"github.com/putget-protocol/putget/spec"
)

// deliveryTime is how long a case of delivery may go on. A target that takes longer is
// asked for a part, which the facts of the case tell.
const deliveryTime = 2 * time.Second

// A way is a mode with what its cases are called.
type way struct {
	mode         mode
	name, title  string
	requirements []string
	needs        []string
	fact         string // what is counted
}

func ways() []way {
	return []way{
		{sentSplit, "split", "Requests about %s cut in two, at each token, at CR and LF, and within characters", ids("FRM-003"), ids(frameSplit), "splits"},
		{sentBytewise, "bytes", "Requests about %s byte by byte", ids("FRM-003"), ids(frameSplit, "frame-bytes"), "requests byte by byte"},
		{sentJoined, "joined", "Requests about %s in one segment with others", ids("FRM-004", "FRM-005"), ids(framePipeline), "requests with neighbours"},
		{readSlowly, "slowly", "Requests about %s whose replies are read slowly", ids("REP-010"), nil, "replies read slowly"},
	}
}

// A group is sections whose requests are delivered together. Its name stands in the ids
// of its cases.
type group struct {
	name, title string
	sections    []string
}

func groups() []group {
	return []group{
		{"lexis", "spaces, words and keys", ids("lexis")},
		{"numbers", "values and timestamps", ids("values", "timestamps")},
		{"requests", "everything else", ids("framing", "put", "get", "errors", "replies", "consistency", "sessions", "limits")},
	}
}

// handWritten lists the cases without vector whose requests may be delivered in any way.
func handWritten() []string {
	return append(coreWrong(),
		"lex-key-characters", "lex-key-part", "lex-command-case", "lex-key-unicode", "lex-control", "lex-white-space", "lex-not-utf8", "lex-session-order",
		"lex-bom", "lex-normal-forms", "lex-star-inside", "value-forms", "value-nearest", "value-sides", "value-zero", "value-infinite", "value-no-number",
		"time-range", "time-edges", "time-spellings", "time-out-of-range", "time-no-number", "put-reply", putStored, "put-twice", "put-last-wins",
		"put-replace-anywhere", "put-others", "put-other-keys", "get-known", "get-unknown", "get-only", getOrder, "get-order-numbers", errorReply,
		errorSession, errorStored, "error-get-spaces", "error-empty", "reply-numbers", replyExact)
}

// deliveryCases makes a case of each way and group: all requests of the group that
// can be delivered in any way.
func deliveryCases(sections []Section) []Case {
	plain := make(map[string][]Case)
	byHand := handWritten()
	for _, section := range sections {
		for _, c := range section.Cases {
			if c.plain || slices.Contains(byHand, c.ID) {
				plain[section.Name] = append(plain[section.Name], c)
			}
		}
	}
	var all []Case
	for _, w := range ways() {
		for _, g := range groups() {
			var chosen []Case
			for _, name := range g.sections {
				chosen = append(chosen, plain[name]...)
			}
			all = append(all, Case{
				ID: "delivery-" + w.name + "-" + g.name, Title: fmt.Sprintf(w.title, g.title),
				Requirements: w.requirements, Level: spec.Full, Needs: w.needs,
				Run: func(ctx context.Context, s *Session) { deliverAll(ctx, s, w, chosen) },
			})
		}
	}
	return all
}

// A parcel is the deliveries of a case of delivery.
type parcel struct {
	s       *Session
	until   time.Time
	way     way
	numbers atomic.Int64 // of the sessions so far, for their keys
	count   atomic.Int64 // of what was delivered
	played  atomic.Int64 // cases
}

// deliverAll plays cases in a way, as many side by side as may be.
func deliverAll(ctx context.Context, s *Session, w way, all []Case) {
	p := &parcel{s: s, way: w, until: time.Now().Add(deliveryTime)}
	work := make(chan Case)
	var wg sync.WaitGroup
	for range min(max(1, s.look.Width), s.look.sessions()) {
		wg.Go(func() {
			for c := range work {
				if p.goesOn(ctx) {
					p.play(ctx, c)
				}
			}
		})
	}
	for _, c := range all {
		work <- c
	}
	close(work)
	wg.Wait()
	s.Observe(w.fact, strconv.FormatInt(p.count.Load(), 10))
	if played := p.played.Load(); played < int64(len(all)) {
		if played == 0 && !s.failed() {
			s.unsettled("no request could be delivered that is answered as it should be when it comes whole")
		}
		s.Observe("cases", fmt.Sprintf("%d of %d: the others fail when their requests come whole, or the time was too short", played, len(all)))
	}
}

// goesOn reports whether there is anything left to do, and time for it.
func (p *parcel) goesOn(ctx context.Context) bool {
	return !p.s.Over() && ctx.Err() == nil && time.Now().Before(p.until)
}

// play plays one case in the way of the parcel, unless it is known to fail as it is.
func (p *parcel) play(ctx context.Context, c Case) {
	if p.s.look.Passed != nil && !p.s.look.Passed(c.ID) {
		return
	}
	for turn, turns := 0, 1; turn < turns; turn++ {
		if !p.goesOn(ctx) {
			return
		}
		inner := p.session(c, p.way.mode)
		inner.turn, inner.rotates = turn, c.Vector == ""
		inner.run(ctx)
		p.count.Add(int64(inner.delivered))
		if !p.judge(ctx, c, inner) || !p.goesOn(ctx) {
			return
		}
		if c.Vector != "" && !inner.single {
			turns = inner.places
		}
	}
	p.played.Add(1)
}

// session returns a session with keys of its own.
func (p *parcel) session(c Case, m mode) *Session {
	look := p.s.look
	look.KeyPrefix += "." + strconv.FormatInt(p.numbers.Add(1), 36)
	inner := newSession(look, c)
	inner.mode = m
	if m != sentWhole {
		inner.until = p.until
	}
	return inner
}

// judge reports whether what an inner session saw is right. When it is not, the same
// requests are sent whole, with fresh keys: what fails then as well is not the fault of
// the way, whether or not the case of the request was judged before. The verdict must not
// hang on the order of cases.
func (p *parcel) judge(ctx context.Context, c Case, inner *Session) bool {
	out := inner.out
	if len(out.Failures) == 0 {
		p.s.adopt(out, false)
		return out.Err == nil && !out.Interrupted
	}
	again := p.session(c, sentWhole)
	again.run(ctx)
	if len(again.out.Failures) > 0 {
		if again.out.Timing {
			p.s.slow() // look again: it may only be slow
		}
		return false // which the case of the request tells, before or after this one
	}
	if again.out.Err != nil || again.out.Interrupted {
		p.s.adopt(again.out, false)
		return false
	}
	for i := range out.Failures {
		f := &out.Failures[i]
		f.Requirement = p.way.mode.blame(*f)
		how := f.Mode
		if how == "" {
			how = "another way than whole: " + p.way.name
		}
		f.Detail = join(f.Detail, "the request of "+c.ID+" was sent "+how+"; sent whole, it is answered as it should be")
	}
	p.s.adopt(out, true)
	return false
}

// adopt takes in what an inner session saw. Its events stand for those of the whole
// session when it failed, and end ends that.
func (s *Session) adopt(out Outcome, end bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.out.Timing = s.out.Timing || out.Timing && len(out.Failures) > 0
	s.out.Interrupted = s.out.Interrupted || out.Interrupted
	if s.out.Err == nil {
		s.out.Err = out.Err
	}
	if len(out.Failures) > 0 && len(s.out.Failures) == 0 || s.out.Events == nil {
		s.out.Events, s.out.KeyPrefix = out.Events, out.KeyPrefix
	}
	for _, f := range out.Failures {
		if !s.knows(f) {
			s.out.Failures = append(s.out.Failures, f)
		}
	}
	s.over = s.over || end || out.Interrupted || out.Err != nil
}

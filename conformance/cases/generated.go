package cases

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"time"

	"github.com/putget-protocol/putget/conformance/oracle"
	"github.com/putget-protocol/putget/conformance/peer"
	"github.com/putget-protocol/putget/conformance/property"
	"github.com/putget-protocol/putget/spec"
)

// The default budget is enough for so many sequences and operations against a quick
// target; with a larger one there are more.
const (
	usualChecks     = 100
	usualOperations = 800
	mostOperations  = 4000
)

// historyCheck bounds the question whether a history is linearizable.
const historyCheck = 3 * time.Second

func generatedCases() []Case {
	plain := ids(putStored, "put-twice", "put-last-wins", "put-replace-anywhere", "put-others", "put-other-keys", "get-known", "get-unknown", "get-only",
		getOrder, "get-order-numbers", "get-all", "get-all-order", "lex-key-part", "lex-key-characters", replyExact, "reply-large", "value-forms", "value-nearest", "time-range",
		"consistency-store", "consistency-fresh")
	odd := append(slices.Clone(plain), append(coreWrong(), errorReply, errorSession, errorStored, "lex-spaces-between", "lex-spaces-ends", "lex-key-unicode",
		"lex-normal-forms", "lex-star-inside", "lex-session-order", "value-sides", "value-zero", "time-edges", "time-spellings", "generated-plain")...)
	// What one session alone is shown. Whoever errs there has no history to be judged.
	simple := ids("put-twice", "put-last-wins", "put-replace-anywhere", "put-others", "get-known", "get-only", "get-all", "reply-large")
	return []Case{
		{
			ID: "generated-plain", Title: "Generated sequences of plain puts and gets over several connections",
			Requirements: ids("PUT-002", "PUT-003", "PUT-004", "GET-001", "GET-004", "GET-005", "GET-006", "CON-001", "CON-002"), DependsOn: plain, Alone: true,
			Run: func(ctx context.Context, s *Session) { s.sequences(ctx, property.Core) },
		},
		{
			ID: "generated-odd", Title: "Generated sequences with every key, number and space, and with wrong requests",
			Requirements: ids("LEX-001", "LEX-002", "LEX-005", "LEX-009", "VAL-002", "TIM-002", "TIM-003"), DependsOn: odd, Alone: true, Level: spec.Full,
			Run: func(ctx context.Context, s *Session) { s.sequences(ctx, property.Full) },
		},
		{
			ID: historyFresh, Title: "Sessions that put and get the same keys at the same time see every put that was answered",
			Requirements: ids("CON-001", "CON-002"), Needs: ids(TwoSessions), DependsOn: append(slices.Clone(plain), putTogether), BuildsOn: simple, Alone: true,
			Run: func(ctx context.Context, s *Session) { s.history(ctx, false) },
		},
		{
			ID: "generated-histories", Title: "What overlapping puts and gets of several sessions show is linearizable",
			Requirements: ids("CON-003", "CON-004", "CON-005"), Needs: ids(TwoSessions), DependsOn: append(slices.Clone(plain), putTogether, historyFresh, "consistency-one-state", "consistency-overlap"),
			BuildsOn: simple, Alone: true, Level: spec.Full,
			Run: func(ctx context.Context, s *Session) { s.history(ctx, true) },
		},
	}
}

// historyFresh is the name of the case of histories that looks for stale replies alone.
const historyFresh = "generated-histories-fresh"

// budget returns the part of the budget that one of the generated cases has.
func (s *Session) budget() time.Duration {
	total := s.look.Budget
	if total <= 0 {
		total = DefaultBudget
	}
	if s.Level() == spec.Core {
		return total / 2 // it runs half of them
	}
	return total / 4
}

// isUsual reports whether the budget is that of a usual run.
func (s *Session) isUsual() bool { return s.look.Budget <= DefaultBudget }

func (s *Session) propertyTarget(level property.Level) property.Target {
	return property.Target{Addr: s.look.Addr, KeyPrefix: s.look.KeyPrefix, Level: level, Patience: s.look.Patience, Gate: s.look.Gate}
}

// sequences plays generated sequences of requests.
func (s *Session) sequences(ctx context.Context, level property.Level) {
	cfg := property.ModelConfig{Target: s.propertyTarget(level), Seed: s.look.Seed, Checks: -1, Budget: s.budget()}
	if s.isUsual() {
		cfg.Checks = usualChecks
	}
	if s.look.OneSession {
		cfg.Connections = 1
	}
	res, err := property.CheckModel(ctx, cfg)
	if s.broke(ctx, err) {
		return
	}
	s.Observe("seed", strconv.FormatUint(res.Seed, 10))
	s.Observe("sequences", strconv.Itoa(res.Executed))
	s.Observe("requests", strconv.Itoa(res.Requests))
	switch {
	case res.Failure != nil:
		s.counterexample(res)
	case res.Executed == 0:
		s.unsettled("no sequence came to its end within " + cfg.Budget.String())
	}
}

// broke records why a generated case came to no result, and reports whether it did so.
func (s *Session) broke(ctx context.Context, err error) bool {
	switch {
	case err == nil:
		return false
	case errors.Is(context.Cause(ctx), context.DeadlineExceeded):
		s.unsettled("the time was over")
	case ctx.Err() != nil:
		s.interrupt()
	default:
		s.stop(err)
	}
	return true
}

// unsettled says that the look shows nothing.
func (s *Session) unsettled(why string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.out.Unsettled = why
}

// counterexample makes the shortest failing sequence the failure of the case.
func (s *Session) counterexample(res property.Result) {
	c := res.Failure
	last := c.Steps[len(c.Steps)-1]
	f := Failure{
		Symptom: symptomOf(c), Conn: last.Conn, Request: []byte(last.Line + "\n"), Reply: []byte(last.Reply),
		Offset: c.Mismatch.Offset, Want: c.Mismatch.Want, Allowed: last.Allowed,
	}
	f.Requirement = s.blameSequence(c, &f)
	f.Detail = join(c.Mismatch.Detail, fmt.Sprintf("found in generated requests, the shortest of which are the %d shown (seed %d)", len(c.Steps), c.Seed))
	if !c.Confirmed {
		f.Detail = join(f.Detail, "not every play of them fails")
	}
	if c.Reason == peer.ReasonTimeout {
		s.slow()
	}
	s.show(c.Events, c.Unique)
	s.attach(vectorFile(s.c.ID, f.Requirement, c))
	s.fail(f, true)
}

// show makes events those of the look: they come from recorders of package property.
func (s *Session) show(events []peer.Event, prefix string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.out.Events, s.out.KeyPrefix = events, prefix
}

// attach keeps an artifact, unless it could not be made.
func (s *Session) attach(a Artifact, err error) {
	if err != nil {
		s.stop(err)
		return
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.out.Artifacts = append(s.out.Artifacts, a)
}

// symptomOf returns what is wrong with the last reply of a counterexample.
func symptomOf(c *property.Counterexample) Symptom {
	last := c.Steps[len(c.Steps)-1]
	switch {
	case c.Reason == peer.ReasonRefused:
		return NotServed
	case last.Reply == "" && (c.Reason == peer.ReasonClosed || c.Reason == peer.ReasonReset):
		return Closed
	default:
		return c.Mismatch.Aspect
	}
}

// blameSequence returns the requirement that the last reply of a counterexample breaks.
// Every step of the shortest one is needed for the failure, and that tells more than
// the reply alone.
func (s *Session) blameSequence(c *property.Counterexample, f *Failure) string {
	before, last := c.Steps[:len(c.Steps)-1], c.Steps[len(c.Steps)-1]
	line := []byte(last.Line)
	k := kindOfStep(last)
	var blames []Blame
	put, others := lastPut(before, line)
	wrongBefore := slices.ContainsFunc(before, func(step property.Step) bool { return isWrong([]byte(step.Line)) })
	switch {
	case k == getKnown || k == getUnknown || k == getAll:
		if f.Symptom == oracle.AspectMissingSample && put >= 0 && !showsPut(last.Reply, before[put].Line) {
			break // the last one is missing
		}
		if f.Symptom == oracle.AspectMissingSample && k != getAll {
			f.Symptom = Lost
		}
	case f.Symptom == Closed && len(before) > 0 && isWrong([]byte(before[len(before)-1].Line)):
		blames = append(blames, on(goesOnBy(formOf([]byte(before[len(before)-1].Line))), Closed))
	}
	if wrongBefore {
		blames = append(blames, samples("ERR-007"))
	}
	if put >= 0 && before[put].Conn != last.Conn {
		blames = append(blames, samples("CON-001"))
	}
	if others {
		blames = append(blames, on("PUT-003", oracle.AspectValue, oracle.AspectDuplicate))
	}
	return s.blame(k, append(bytes.Clone(line), '\n'), f.Symptom, blames...)
}

// kindOfStep says what the line of a step is.
func kindOfStep(step property.Step) kind {
	req, right := oracle.ParseRequest([]byte(step.Line))
	switch {
	case !right:
		return wrong
	case req.Verb == oracle.Put:
		return put
	case req.All:
		return getAll
	case slices.Equal(step.Allowed, []string{"ok\n\n"}):
		return getUnknown
	default:
		return getKnown
	}
}

// lastPut returns the index of the last put of the key that a line asks for, -1 when
// there is none, and whether one timestamp of the key was put more than once.
func lastPut(before []property.Step, line []byte) (at int, again bool) {
	asked, _ := oracle.ParseRequest(line)
	at = -1
	seen := make(map[string]bool)
	for i, step := range before {
		req, right := oracle.ParseRequest([]byte(step.Line))
		if !right || req.Verb != oracle.Put || !asked.All && req.Key != asked.Key {
			continue
		}
		at = i
		place := req.Key + " " + strconv.FormatInt(req.Timestamp, 10)
		again = again || seen[place]
		seen[place] = true
	}
	return at, again
}

// showsPut reports whether a reply shows the timestamp that a line puts.
func showsPut(reply, line string) bool {
	put, _ := oracle.ParseRequest([]byte(line))
	r, _ := oracle.ParseReply([]byte(reply))
	return slices.ContainsFunc(r.Samples, func(s oracle.Sample) bool { return s.Key == put.Key && s.Timestamp == put.Timestamp })
}

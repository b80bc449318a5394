package cases

import (
	"context"

	"github.com/putget-protocol/putget/conformance/oracle"
)

// sanityRounds is how often the sanity case asks, so that the target's latency is
// known from more than one round trip.
const sanityRounds = 5

func sanityCases() []Case {
	return []Case{
		{
			ID: SanityFirst, Title: "One put and one get",
			Requirements: ids("PUT-001", "PUT-002", "GET-001"),
			Run:          sanity,
		},
		{
			ID: TwoSessions, Title: "A second session is served while the first one is silent",
			Requirements: ids("SES-004"),
			Blames:       []Blame{service("SES-004")},
			Run: func(ctx context.Context, s *Session) {
				a, b := s.Conn(ctx, "A"), s.Conn(ctx, "B")
				a.InOrder(ctx)
				b.InOrder(ctx)
				a.InOrder(ctx)
			},
		},
		{
			ID: SanityLast, Title: "One put and one get at the end: the target has survived, and what was put first is there",
			Requirements: ids("PUT-001", "PUT-002", "GET-001", "PUT-004"), DependsOn: ids("consistency-store"),
			Run: sanityLast,
		},
	}
}

// sanity demands ok of the put: a server that never knows what became of a put is
// of no use. The first failure says enough.
func sanity(ctx context.Context, s *Session) {
	cpu, a := s.Key("cpu"), s.Conn(ctx, "A")
	a.Silence(ctx, on("REP-003", Unasked, Twice))
	line := "put " + cpu + " " + sanitySample
	for round := range sanityRounds {
		if s.failed() {
			s.finish()
		}
		if round == 0 {
			a.Send(ctx, line+"\n")
			s.learn([]byte(line), a.AnswerOf(ctx, line, oracle.OKEmpty()))
			continue
		}
		a.Get(ctx, cpu)
	}
}

// sanityLast is sanity, and looks for the first sample of the run.
func sanityLast(ctx context.Context, s *Session) {
	sanity(ctx, s)
	if s.look.Early == "" || s.failed() {
		return
	}
	key := s.look.Early + ".cpu"
	s.mu.Lock()
	s.model.Own = func(k string) bool { return k == key }
	s.mu.Unlock()
	s.learn([]byte("put "+key+" "+sanitySample), []byte("ok\n\n"))
	s.Conn(ctx, "A").Get(ctx, key, samples("PUT-004"))
}

// sanitySample is the value and the timestamp that sanity puts.
const sanitySample = "1.5 1503319740"

// ids returns its arguments as a slice.
func ids(ids ...string) []string { return ids }

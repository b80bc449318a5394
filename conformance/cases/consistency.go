package cases

import (
	"context"
	"fmt"

	"github.com/putget-protocol/putget/conformance/oracle"
)

func consistencyCases() []Case {
	return []Case{
		{
			ID: "consistency-store", Title: "What one session puts, all others get, also in get *",
			Requirements: ids("CON-002"), Needs: ids(TwoSessions), DependsOn: ids(putStored, "get-all"),
			Blames: []Blame{samples("CON-002")},
			Run:    consistencyStore,
		},
		{
			ID: "consistency-fresh", Title: "A put is seen by every get that is sent after its ok",
			Requirements: ids("CON-001"), Needs: ids(TwoSessions), DependsOn: ids("consistency-store", "put-last-wins", "put-replace-anywhere"),
			Blames: []Blame{samples("CON-001")},
			Run: func(ctx context.Context, s *Session) {
				cpu, a, b := s.Key("cpu"), s.Conn(ctx, "A"), s.Conn(ctx, "B")
				for i := range 20 {
					a.Put(ctx, cpu, fmt.Sprintf("%d.5", i), fmt.Sprint(7+i%3))
					b.Get(ctx, cpu)
				}
			},
		},
		{
			ID: "consistency-overlap", Title: "Gets that overlap puts show what a single store could have shown",
			Requirements: ids("CON-003", "CON-004"), Needs: ids(TwoSessions), DependsOn: ids("consistency-fresh"),
			Blames: []Blame{samples("CON-003")},
			Run:    consistencyOverlap,
		},
		{
			ID: "consistency-one-state", Title: "A get shows one state of a series: the later of two puts never without the earlier",
			Requirements: ids("CON-004"), Needs: ids(TwoSessions), DependsOn: ids("consistency-fresh"),
			Blames: []Blame{samples("CON-004")},
			Run: func(ctx context.Context, s *Session) {
				oneState(ctx, s, "CON-004", 30, func(key string) string { return "get " + key })
			},
		},
		{
			ID: "consistency-all", Title: "get * shows one state of each series",
			Requirements: ids("CON-005"), Needs: ids(TwoSessions), DependsOn: ids("consistency-one-state", "get-all"),
			Blames: []Blame{samples("CON-005")},
			Run: func(ctx context.Context, s *Session) {
				oneState(ctx, s, "CON-005", 10, func(string) string { return "get *" })
			},
		},
	}
}

func consistencyStore(ctx context.Context, s *Session) {
	cpu, rain, a, b := s.Key("cpu"), s.Key("rain"), s.Conn(ctx, "A"), s.Conn(ctx, "B")
	a.Put(ctx, cpu, "1.5", "7")
	b.Get(ctx, cpu)
	b.Put(ctx, rain, "2.5", "7")
	a.Get(ctx, rain)
	a.Put(ctx, cpu, "3.5", "8")
	b.GetAll(ctx)
	a.Close()
	s.Conn(ctx, "C").Get(ctx, cpu)
}

// consistencyOverlap sends a put and a get at once, each on a connection of its own.
// The get may show the state before or after; the next one must show the new.
func consistencyOverlap(ctx context.Context, s *Session) {
	cpu, a, b := s.Key("cpu"), s.Conn(ctx, "A"), s.Conn(ctx, "B")
	get := "get " + cpu
	for i := range 30 {
		line := fmt.Sprintf("put %s %d.5 7", cpu, i)
		before := s.allowed([]byte(get))
		after := oracle.Series(cpu, oracle.Sample{Key: cpu, Value: float64(i) + 0.5, Timestamp: 7})
		a.Send(ctx, line+"\n")
		b.Send(ctx, get+"\n")
		b.AnswerOf(ctx, get, oracle.Union(after, before))
		a.Answer(ctx, line)
		b.Get(ctx, cpu)
	}
}

// oneState makes a writer put the same value at two timestamps, one after the other,
// while a reader has asked: the first is never behind the second.
func oneState(ctx context.Context, s *Session, id string, rounds int, question func(key string) string) {
	cpu, w, r := s.Key("cpu"), s.Conn(ctx, "W"), s.Conn(ctx, "R")
	line := question(cpu)
	w.Put(ctx, cpu, "0", "7")
	w.Put(ctx, cpu, "0", "8")
	for i := 1; i <= rounds; i++ {
		r.Send(ctx, line+"\n")
		w.Put(ctx, cpu, fmt.Sprint(i), "7")
		w.Put(ctx, cpu, fmt.Sprint(i), "8")
		r.AnswerOf(ctx, line, states(s, line, cpu, float64(i)))
	}
	r.Ask(ctx, line, content(id))
}

// states are what a reader may see while the values at both timestamps go from v-1 to
// v, first the one at 7.
func states(s *Session, line, key string, v float64) oracle.Allowed {
	pair := func(first, second float64) oracle.Allowed {
		samples := []oracle.Sample{{Key: key, Value: first, Timestamp: 7}, {Key: key, Value: second, Timestamp: 8}}
		if line == "get *" {
			return oracle.All(s.own, map[string][]oracle.Sample{key: samples})
		}
		return oracle.Series(key, samples...)
	}
	return oracle.Union(pair(v, v), pair(v, v-1), pair(v-1, v-1))
}

package cases

import (
	"context"
	"slices"

	"github.com/putget-protocol/putget/conformance/oracle"
)

// putStored is the name of the case that shows that puts are stored at all.
const putStored = "put-stored"

func putCases() []Case {
	return slices.Concat(putOneCases(), putMoreCases())
}

// putOneCases are about puts of one timestamp.
func putOneCases() []Case {
	return []Case{
		{
			ID: "put-reply", Title: "The reply to a put is ok and an empty line, and nothing else",
			Requirements: ids("PUT-001"),
			Run: func(ctx context.Context, s *Session) {
				cpu, a := s.Key("cpu"), s.Conn(ctx, "A")
				for _, t := range []string{"7", "8", "9"} {
					line := "put " + cpu + " 1.5 " + t
					a.Send(ctx, line+"\n")
					a.AnswerOf(ctx, line, oracle.OKEmpty())
				}
				a.Silence(ctx)
			},
		},
		{
			ID: putStored, Title: "What was put is there, with its value, at its timestamp",
			Requirements: ids("PUT-002"),
			Run: func(ctx context.Context, s *Session) {
				cpu, a := s.Key("cpu"), s.Conn(ctx, "A")
				a.Put(ctx, cpu, "23.75", "1150864247")
				a.Get(ctx, cpu)
				a.Put(ctx, s.Key("memory"), "-0.5", "1150864248")
				a.Get(ctx, s.Key("memory"))
			},
		},
		{
			ID: "put-twice", Title: "The same put twice leaves one sample",
			Requirements: ids("PUT-003"),
			Blames:       []Blame{on("PUT-003", oracle.AspectDuplicate, oracle.AspectMissingSample, oracle.AspectValue)},
			Run: func(ctx context.Context, s *Session) {
				cpu, a := s.Key("cpu"), s.Conn(ctx, "A")
				a.Put(ctx, cpu, "1.5", "7")
				a.Put(ctx, cpu, "1.5", "7")
				a.Get(ctx, cpu)
			},
		},
	}
}

// putMoreCases are about what a put replaces and leaves alone.
func putMoreCases() []Case {
	return []Case{
		{
			ID: "put-last-wins", Title: "Of several puts for one timestamp the last one wins",
			Requirements: ids("PUT-003"), DependsOn: ids("put-twice"),
			Blames: []Blame{on("PUT-003", oracle.AspectDuplicate, oracle.AspectMissingSample, oracle.AspectValue)},
			Run: func(ctx context.Context, s *Session) {
				cpu, a := s.Key("cpu"), s.Conn(ctx, "A")
				for _, value := range []string{"2.5", "3.5", "1.5"} {
					a.Put(ctx, cpu, value, "7")
					a.Get(ctx, cpu)
				}
			},
		},
		{
			ID: "put-replace-anywhere", Title: "A sample is replaced at the beginning, in the middle and at the end of a series",
			Requirements: ids("PUT-003", "PUT-004"), DependsOn: ids("put-twice", "put-last-wins"),
			Blames: []Blame{on("PUT-003", oracle.AspectDuplicate, oracle.AspectValue)},
			Run:    putReplaceAnywhere,
		},
		{
			ID: "put-others", Title: "A put leaves the other samples of its key as they were",
			Requirements: ids("PUT-004"), DependsOn: ids(putStored),
			Run: func(ctx context.Context, s *Session) {
				cpu, a := s.Key("cpu"), s.Conn(ctx, "A")
				a.Put(ctx, cpu, "1.5", "7")
				a.Put(ctx, cpu, "2.5", "8")
				a.Get(ctx, cpu)
				a.Put(ctx, cpu, "3.5", "9")
				a.Get(ctx, cpu)
			},
		},
		{
			ID: "put-other-keys", Title: "A put leaves the samples of other keys as they were",
			Requirements: ids("PUT-004"), DependsOn: ids(putStored),
			Blames: []Blame{on("PUT-004", oracle.AspectMissingSample, oracle.AspectValue)},
			Run: func(ctx context.Context, s *Session) {
				cpu, memory, a := s.Key("cpu"), s.Key("memory"), s.Conn(ctx, "A")
				a.Put(ctx, cpu, "1.5", "7")
				a.Put(ctx, memory, "2.5", "7")
				a.Get(ctx, cpu)
				a.Put(ctx, memory, "3.5", "7")
				a.Get(ctx, cpu)
				a.Get(ctx, memory, on("PUT-003", oracle.AspectValue))
			},
		},
	}
}

func putReplaceAnywhere(ctx context.Context, s *Session) {
	cpu, a := s.Key("cpu"), s.Conn(ctx, "A")
	for _, t := range []string{"17", "18", "19", "20"} {
		a.Put(ctx, cpu, "1.5", t)
	}
	for i, t := range []string{"17", "20", "18", "19", "18"} {
		a.Put(ctx, cpu, []string{"2.5", "3.5", "4.5", "5.5", "6.5"}[i], t)
		a.Get(ctx, cpu)
	}
}

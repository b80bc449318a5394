package cases

import (
	"context"
	"fmt"
	"slices"

	"github.com/putget-protocol/putget/conformance/oracle"
)

// getOrder is the name of the case that shows the order of one key.
const getOrder = "get-descending"

func getCases() []Case {
	return slices.Concat(getKeyCases(), getOrderCases(), getAllCases())
}

// getKeyCases are about a get of one key.
func getKeyCases() []Case {
	return []Case{
		{
			ID: "get-known", Title: "A get shows every sample of its key, each on a line",
			Requirements: ids("GET-001"), DependsOn: ids(putStored, "put-others"),
			Blames: []Blame{samples("GET-001")},
			Run: func(ctx context.Context, s *Session) {
				cpu, a := s.Key("cpu"), s.Conn(ctx, "A")
				for i := range 12 {
					a.Put(ctx, cpu, fmt.Sprintf("%d.5", i), fmt.Sprint(1503319740+i))
				}
				a.Get(ctx, cpu)
				a.Get(ctx, cpu)
			},
		},
		{
			ID: "get-unknown", Title: "A get of an unknown key is answered with ok and no samples",
			Requirements: ids("GET-002"),
			Blames:       []Blame{samples("GET-002")},
			Run: func(ctx context.Context, s *Session) {
				a := s.Conn(ctx, "A")
				a.Get(ctx, s.Key("cpu"))
				a.Get(ctx, s.Key("memory"))
			},
		},
		{
			ID: "get-only", Title: "A get of one key shows no samples of another",
			Requirements: ids("GET-003"),
			Blames:       []Blame{on("GET-003", oracle.AspectExtraSample, oracle.AspectForeignKey)},
			Run: func(ctx context.Context, s *Session) {
				cpu, rain, a := s.Key("cpu"), s.Key("rain"), s.Conn(ctx, "A")
				a.Put(ctx, cpu, "1.5", "7")
				a.Put(ctx, rain, "2.5", "8")
				a.Get(ctx, cpu)
				a.Get(ctx, rain)
			},
		},
		{
			ID: getOrder, Title: "Samples that were put in descending order come back ascending",
			Requirements: ids("GET-004"),
			Run: func(ctx context.Context, s *Session) {
				cpu, a := s.Key("cpu"), s.Conn(ctx, "A")
				for i := range 10 {
					a.Put(ctx, cpu, fmt.Sprintf("%d.5", i), fmt.Sprint(1503319740-i))
				}
				a.Get(ctx, cpu)
			},
		},
	}
}

// getOrderCases are about the order of its samples.
func getOrderCases() []Case {
	return []Case{
		{
			ID: "get-order-numbers", Title: "Timestamps are ordered as numbers, whatever the number of their digits",
			Requirements: ids("GET-004"), DependsOn: ids(getOrder, "time-range"),
			Run: func(ctx context.Context, s *Session) {
				cpu, a := s.Key("cpu"), s.Conn(ctx, "A")
				for i, t := range []string{"20", "1503319740", "9", "4102444800", "0", "100", "999999999"} {
					a.Put(ctx, cpu, fmt.Sprintf("%d.5", i), t)
				}
				a.Get(ctx, cpu)
			},
		},
		{
			ID: "get-order-random", Title: "Samples that were put in no order at all come back ascending",
			Requirements: ids("GET-004"), DependsOn: ids(getOrder, "get-order-numbers"),
			Run: getOrderRandom,
		},
		{
			ID: "get-order-interleaved", Title: "Series that were put by turns, each in an order of its own, come back ascending",
			Requirements: ids("GET-004", "PUT-004"), DependsOn: ids(getOrder, "put-other-keys"),
			Run: getOrderInterleaved,
		},
	}
}

// getAllCases are about a get of everything.
func getAllCases() []Case {
	return []Case{
		{
			ID: "get-all", Title: "get * shows every sample of every key, the keys in any order",
			Requirements: ids("GET-005", "GET-008"),
			Blames:       []Blame{samples("GET-005")},
			Run: func(ctx context.Context, s *Session) {
				a := s.Conn(ctx, "A")
				for i, name := range []string{"rain", "cpu", "memory"} {
					a.Put(ctx, s.Key(name), fmt.Sprintf("%d.5", i), "7")
					a.Put(ctx, s.Key(name), fmt.Sprintf("%d.25", i), "8")
				}
				a.GetAll(ctx)
			},
		},
		{
			ID: EmptyStore, Title: "get * is a right request also when nothing is stored, as at the beginning of a run",
			Requirements: ids("GET-005"), DependsOn: ids("get-all"), Alone: true,
			Run: func(ctx context.Context, s *Session) { s.Conn(ctx, "A").GetAll(ctx) },
		},
		{
			ID: "get-all-order", Title: "get * shows the samples of each key in ascending order",
			Requirements: ids("GET-006"), DependsOn: ids("get-all"),
			Run: func(ctx context.Context, s *Session) {
				cpu, rain, a := s.Key("cpu"), s.Key("rain"), s.Conn(ctx, "A")
				for i, t := range []string{"19", "15", "17"} {
					a.Put(ctx, cpu, fmt.Sprintf("%d.5", i), t)
					a.Put(ctx, rain, fmt.Sprintf("%d.25", i), t)
				}
				a.GetAll(ctx)
			},
		},
		{
			ID: "get-all-together", Title: "get * keeps the samples of each key together",
			Requirements: ids("GET-007"), DependsOn: ids("get-all"),
			Run: getAllTogether,
		},
	}
}

func getAllTogether(ctx context.Context, s *Session) {
	cpu, rain, a := s.Key("cpu"), s.Key("rain"), s.Conn(ctx, "A")
	for _, t := range []string{"7", "8", "9"} {
		a.Put(ctx, cpu, "1.5", t)
		a.Put(ctx, rain, "2.5", t)
	}
	reply := a.Ask(ctx, "get *")
	if m := oracle.CheckGrouping(reply, s.own); m != nil && !a.idle() {
		a.report(a.last, m.Aspect, reply, m, nil, false)
	}
}

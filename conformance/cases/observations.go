package cases

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"sync"

	"github.com/putget-protocol/putget/conformance/oracle"
	"github.com/putget-protocol/putget/spec"
)

// observationCases note how a target behaves where servers differ. They judge
// nothing. Those of level core are about what the specification leaves free; those of
// level full are about what that level judges, and so run at level core only.
func observationCases() []Case {
	return []Case{
		observe("observe-whole-numbers", "how 10 comes back", spec.Core, ids("REP-007"), observeWording),
		observe("observe-key-order", "order of keys in get *", spec.Core, ids("GET-008"), observeKeyOrder),
		observe("observe-long-line", "a line that is too long", spec.Core, ids("LIM-003"), observeLongLine),
		observe("observe-crlf", "CR LF at the end of a line", spec.Full, ids("FRM-002"), asks("put ${cpu} 1.5 7\r\n", "get ${cpu}\r\n")),
		observe("observe-spaces", "spaces and tabs", spec.Full, ids("LEX-001", "LEX-002", "LEX-006"),
			asks("get ${cpu} \n", " get ${cpu}\n", "get  ${cpu}\n", "get\t${cpu}\n", "put  ${cpu}  1.5  7\n")),
		observe("observe-get-empty", "get with a space and no key", spec.Full, ids("ERR-005"), asks("get \n")),
		observe("observe-get-two", "get with two keys", spec.Full, ids("ERR-005"), asks("get ${cpu} ${rain}\n")),
		observe("observe-upper-case", "command words in upper case", spec.Full, ids("LEX-003"), asks("GET ${cpu}\n", "PUT ${cpu} 1.5 7\n")),
		observe("observe-empty-line", "an empty line", spec.Full, ids("ERR-006"), asks("\n")),
		observe("observe-control", "control characters", spec.Full, ids("LEX-006"), asks("get \x00\n", "put ${cpu}\x1b 1.5 7\n")),
		observe("observe-not-utf8", "bytes that are not UTF-8", spec.Full, ids("LEX-008", "LEX-009"), asks("get \xff\xfe\n")),
		observe("observe-pipelining", "several requests in one segment", spec.Full, ids("FRM-004"),
			asks("put ${cpu} 2.5 8\nget ${cpu}\ngot it\n")),
		observe("observe-split", "a request in two segments", spec.Full, ids("FRM-003"), observeSplit),
		observe("observe-no-newline", "a request without its newline", spec.Full, ids("FRM-001"), asks("get ${cpu}")),
		observe("observe-half-close", "a half-close behind a request", spec.Full, ids("FRM-007", "FRM-008"), observeHalfClose),
		observe("observe-values", "values beyond the grammar", spec.Full, ids("VAL-006", "VAL-007"),
			observePuts([]string{"nan", "inf", "1e999", "0x10", "1_000"}, func(odd string) string { return odd + " 7" })),
		observe("observe-timestamps", "timestamps beyond those of core", spec.Full, ids("TIM-002", "TIM-003", "TIM-005", "TIM-006"),
			observePuts([]string{"+7", "007", "-5", "1_000", "99999999999999999999"}, func(odd string) string { return "1.5 " + odd })),
		observe("observe-put-star", "put with * for a key", spec.Full, ids("LEX-013"), asks("put * 1.5 7\n")),
	}
}

func observe(id, title string, level spec.Level, requirements []string, run func(context.Context, *Session)) Case {
	return Case{ID: id, Title: title, Level: level, Requirements: requirements, Alone: true, Observes: true, Run: run}
}

// asks sends texts, each over a connection of its own, where one sample is stored,
// and notes what comes.
func asks(texts ...string) func(context.Context, *Session) {
	return func(ctx context.Context, s *Session) {
		cpu, rain := s.Key("cpu"), s.Key("rain")
		s.Conn(ctx, "P").Put(ctx, cpu, "1.5", "7")
		s.Conn(ctx, "P").Close()
		logical := strings.NewReplacer("${cpu}", "cpu", "${rain}", "rain")
		actual := strings.NewReplacer("${cpu}", cpu, "${rain}", rain)
		s.each(len(texts), func(i int) Fact {
			c := s.Conn(ctx, fmt.Sprintf("A%d", i))
			defer c.Close()
			c.Send(ctx, actual.Replace(texts[i]))
			return Fact{fmt.Sprintf("%q", logical.Replace(texts[i])), c.watch(ctx)}
		})
	}
}

// each notes so many facts, found side by side where the target serves several
// connections.
func (s *Session) each(n int, find func(i int) Fact) {
	facts := make([]Fact, n)
	var wg sync.WaitGroup
	for i := range facts {
		if s.look.OneSession {
			facts[i] = find(i)
			continue
		}
		wg.Go(func() { facts[i] = find(i) })
	}
	wg.Wait()
	for _, f := range facts {
		s.Observe(f.Name, f.Value)
	}
}

func observeSplit(ctx context.Context, s *Session) {
	a := s.Conn(ctx, "A")
	a.Send(ctx, "get ", s.Key("cpu")+"\n")
	s.Observe(`"get " and "cpu\n"`, a.watch(ctx))
}

func observeHalfClose(ctx context.Context, s *Session) {
	a := s.Conn(ctx, "A")
	a.Send(ctx, "get "+s.Key("cpu")+"\n")
	a.HalfClose(ctx)
	s.Observe("", a.watch(ctx))
}

// observePuts notes what a target answers to odd numbers and what it shows of them.
func observePuts(odd []string, arguments func(string) string) func(context.Context, *Session) {
	return func(ctx context.Context, s *Session) {
		s.each(len(odd), func(i int) Fact {
			key := s.Key(fmt.Sprintf("cpu%d", i))
			a := s.Conn(ctx, fmt.Sprintf("A%d", i))
			a.Send(ctx, "put "+key+" "+arguments(odd[i])+"\n")
			answer := a.watch(ctx)
			a.Close()
			b := s.Conn(ctx, fmt.Sprintf("B%d", i))
			defer b.Close()
			b.Send(ctx, "get "+key+"\n")
			return Fact{odd[i], answer + ", then " + strings.ReplaceAll(b.watch(ctx), key+" ", "")}
		})
	}
}

func observeWording(ctx context.Context, s *Session) {
	cpu, a := s.Key("cpu"), s.Conn(ctx, "A")
	for i, value := range []string{"10", "10.0", "1e1", "0.10"} {
		a.Ask(ctx, fmt.Sprintf("put %s%d %s 7", cpu, i, value))
		fields := strings.Fields(string(a.Ask(ctx, fmt.Sprintf("get %s%d", cpu, i))))
		if len(fields) < 4 {
			s.Observe(value, "no sample")
			continue
		}
		s.Observe(value, fields[2])
	}
}

func observeKeyOrder(ctx context.Context, s *Session) {
	a := s.Conn(ctx, "A")
	names := []string{"rain", "cpu", "wind", "memory"}
	var keys []string
	for _, t := range []string{"7", "8"} {
		for _, name := range names {
			a.Put(ctx, s.Key(name), "1.5", t)
		}
	}
	reply, _ := oracle.ParseReply(a.Ask(ctx, "get *"))
	for _, sample := range reply.Samples {
		if s.own(sample.Key) {
			keys = append(keys, strings.TrimPrefix(sample.Key, s.Key("")))
		}
	}
	grouped := slices.Compact(slices.Clone(keys))
	switch sorted := slices.Sorted(slices.Values(names)); {
	case len(keys) == 0:
		s.Observe("", "no keys")
	case len(grouped) != len(names):
		s.Observe("", "not grouped by key")
	case slices.Equal(grouped, names):
		s.Observe("", "in the order of the first put")
	case slices.Equal(grouped, sorted):
		s.Observe("", "sorted")
	default:
		s.Observe("", "another order: "+strings.Join(grouped, " "))
	}
}

func observeLongLine(ctx context.Context, s *Session) {
	a := s.Conn(ctx, "A")
	a.flood(ctx, pad("get "+s.Key("cpu"), overLong)+"\n")
	s.Observe(fmt.Sprintf("%d bytes", overLong), a.watch(ctx))
}

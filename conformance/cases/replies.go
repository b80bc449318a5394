package cases

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/putget-protocol/putget/conformance/oracle"
)

// replyExact is the name of the case that shows that values are not rounded.
const replyExact = "reply-exact"

func replyCases() []Case {
	return slices.Concat(replyFormCases(), replyNumberCases())
}

// replyFormCases are about the form of replies.
func replyFormCases() []Case {
	return []Case{
		{
			ID: "reply-one", Title: "Exactly one reply to each request",
			Requirements: ids("REP-001"), DependsOn: ids(errorReply, "get-unknown"),
			Run: func(ctx context.Context, s *Session) {
				cpu, a := s.Key("cpu"), s.Conn(ctx, "A")
				for _, line := range []string{"get " + cpu, "put " + cpu + " 1.5 7", "got " + cpu, "get " + cpu, "get *"} {
					a.Ask(ctx, line)
					a.InOrder(ctx)
				}
				a.Silence(ctx)
			},
		},
		{
			ID: "reply-form", Title: "Every reply is a status line, its lines, and an empty line",
			Requirements: ids("REP-002"), DependsOn: ids(errorReply),
			Run: func(ctx context.Context, s *Session) {
				cpu, a := s.Key("cpu"), s.Conn(ctx, "A")
				for i := range 3 {
					a.Put(ctx, cpu, "1.5", fmt.Sprint(i))
					a.Get(ctx, cpu)
				}
				a.Ask(ctx, "got "+cpu)
				a.GetAll(ctx)
			},
		},
		{
			ID: "reply-unasked", Title: "No greeting, no prompt: nothing comes unasked",
			Requirements: ids("REP-003"),
			Blames:       []Blame{on("REP-003", Unasked, Twice)},
			Run: func(ctx context.Context, s *Session) {
				a := s.Conn(ctx, "A")
				a.Silence(ctx)
				a.InOrder(ctx)
				a.Silence(ctx)
			},
		},
		{
			ID: "reply-fields", Title: "Fields are separated by one space, with nothing before and behind",
			Requirements: ids("REP-004"),
			Run: func(ctx context.Context, s *Session) {
				cpu, a := s.Key("cpu"), s.Conn(ctx, "A")
				a.Put(ctx, cpu, "1.5", "7")
				a.Put(ctx, cpu, "-2.5", "1503319740")
				a.Get(ctx, cpu)
				a.GetAll(ctx)
			},
		},
	}
}

// replyNumberCases are about numbers in replies, and about large ones.
func replyNumberCases() []Case {
	return []Case{
		{
			ID: "reply-numbers", Title: "Numbers in replies are of the grammar of requests, whatever their size",
			Requirements: ids("REP-005", "REP-007"), DependsOn: ids(replyExact, "value-forms"),
			Run: putValues("10", "1e3", "123456789012345680", "1e21", "1e-7", "-1e300", "0", "1e22", "0.000001"),
		},
		{
			ID: replyExact, Title: "A value reads back as exactly the stored double",
			Requirements: ids("REP-006", "REP-007"), DependsOn: ids("value-forms"),
			Blames: []Blame{on("REP-006", oracle.AspectValue)},
			Run: putValues("0.30000000000000004", "1234567.891", "3.141592653589793", "1503319740.123456", "16777217", "9007199254740991",
				"2.5e-10", "1.7976931348623157e308", "5e-324", "2.2250738585072014e-308", "-123456.7890123", "1e-5", "98.6"),
		},
		{
			ID: "reply-shortest", Title: "Values in their shortest form, with a point or an exponent",
			Requirements: ids("REP-008"), DependsOn: ids(replyExact, "value-forms"),
			Run: worded(oracle.AspectValueWording, "10 10", "1.50 11", "0.1 12", "1e3 13", "0.30000000000000004 14", "-0.25 15", "007.5 16"),
		},
		{
			ID: "reply-timestamp", Title: "Timestamps without plus sign and leading zeros",
			Requirements: ids("REP-009"), DependsOn: ids("time-edges", "time-spellings"),
			Run: worded(oracle.AspectTimestampWording, "1.5 7", "1.5 +8", "1.5 009", "1.5 -0", "1.5 -12"),
		},
		{
			ID: "reply-large", Title: "A reply of hundreds of samples comes whole",
			Requirements: ids("REP-010"), DependsOn: ids(putStored, "put-others", "get-known", getOrder, "get-all-order", "consistency-store", putTogether),
			Alone: true,
			Run:   replyLarge,
		},
		{
			ID: "reply-refused-never", Title: "A put that was answered with an error is never seen, now or later",
			Requirements: ids("REP-012"), DependsOn: append(coreWrong(), errorReply, errorSession, errorStored),
			Blames: []Blame{samples("REP-012")},
			Run:    refusedNever,
		},
	}
}

// worded returns a case that puts samples, each a value and a timestamp, and judges
// how they are written in the reply.
func worded(symptom Symptom, samples ...string) func(context.Context, *Session) {
	return func(ctx context.Context, s *Session) {
		cpu, a := s.Key("cpu"), s.Conn(ctx, "A")
		for _, sample := range samples {
			a.Ask(ctx, "put "+cpu+" "+sample)
		}
		a.worded(a.Ask(ctx, "get "+cpu), symptom)
	}
}

// worded judges how the numbers of a reply are written, by the given symptoms alone.
func (c *Conn) worded(reply []byte, symptoms ...Symptom) {
	if c.idle() {
		return
	}
	if m := oracle.CheckWording(reply, c.s.own); m != nil && slices.Contains(symptoms, m.Aspect) {
		c.report(asked{line: c.last.line, kind: c.last.kind}, m.Aspect, reply, m, nil, false)
	}
}

// refusedNever asks for refused puts after others were carried out, on the same
// connection and in get *.
func refusedNever(ctx context.Context, s *Session) {
	cpu, a := s.Key("cpu"), s.Conn(ctx, "A")
	for _, line := range wrongPuts() {
		a.Ask(ctx, fillKey(line, cpu))
	}
	a.Put(ctx, cpu, "1.5", "6")
	a.Put(ctx, cpu, "1.5", "9")
	a.Get(ctx, cpu)
	for _, line := range wrongPuts() {
		a.Ask(ctx, strings.ReplaceAll(fillKey(line, cpu), "2.5", "4.5"))
	}
	a.Put(ctx, s.Key("memory"), "1.5", "7")
	a.Get(ctx, cpu)
	a.GetAll(ctx)
}

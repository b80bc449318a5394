package cases

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/putget-protocol/putget/conformance/oracle"
	"github.com/putget-protocol/putget/spec"
)

// fillKey puts a key in place of ${cpu}.
func fillKey(line, key string) string { return strings.ReplaceAll(line, "${cpu}", key) }

func valueCases() []Case {
	return slices.Concat(valueRightCases(), valueEdgeCases())
}

// valueRightCases are about values that are right.
func valueRightCases() []Case {
	return []Case{
		{
			ID: "value-forms", Title: "Digits, a minus, a point, an exponent: every form of level core",
			Requirements: ids("VAL-001"),
			Blames:       []Blame{content("VAL-001")},
			Run: putValues("0", "7", "0.5", "-7", "-0.25", "123456", "00012", "0.0", "1e2", "1E2", "-1.5e+1", "25e-2", "1.0e0", "100.00",
				"25E-2", "1.5E+1", "1e-05", "1e+005", "1E0", "-0"),
		},
		{
			ID: "value-nearest", Title: "A value becomes the nearest double, ties to even",
			Requirements: ids("VAL-003"), DependsOn: ids(replyExact, "value-forms"),
			Blames: []Blame{on("VAL-001", oracle.AspectRefused), content("VAL-003")},
			Run: putValues("0.1", "9007199254740993", "9007199254740995", "1.7976931348623158e308", "2.2250738585072011e-308",
				"0.1000000000000000055511151231257827021181583404541015625", "4.35", "179769313486231570e291", "1e23", "8.5e-320", "9007199254740993.00000000000000000001",
				"9007199254740992.99999999999999999999", "9007199254740997", "0.500000000000000166533453693773481063544750213623046875",
				"1.00000000000000011102230246251565404236316680908203126", "9223372036854775808", "-100000000000000000000", "18446744073709551616", "123456789012345678901234567890"),
		},
		{
			ID: "value-doubles", Title: "Doubles of every size, in their shortest form and with 17 digits",
			Requirements: ids("VAL-003", "REP-006"), DependsOn: ids(replyExact, "value-forms", "value-nearest"),
			Blames: []Blame{on("VAL-001", oracle.AspectRefused), on("VAL-003", oracle.AspectValue)},
			Run:    valueDoubles,
		},
		{
			ID: "value-digits", Title: "Values of hundreds of digits, at and beside the middle between two doubles",
			Requirements: ids("VAL-003"), DependsOn: ids(replyExact, "value-forms", "value-nearest", "value-doubles", "limit-line-put", "example-limit-line"), Level: spec.Full,
			Blames: []Blame{on("VAL-001", oracle.AspectRefused), on("VAL-003", oracle.AspectValue)},
			Run:    valueDigits,
		},
	}
}

// valueEdgeCases are about the edges, and values that are wrong.
func valueEdgeCases() []Case {
	return []Case{
		{
			ID: "value-letters", Title: "A value of letters is wrong",
			Requirements: ids("VAL-005"), DependsOn: ids(errorReply, errorSession),
			Run: refuse("put ${cpu} abc 7", "put ${cpu} x 7", "put ${cpu} none 7", "put ${cpu} true 7", "put ${cpu} one 7", "put ${cpu} VALUE 7"),
		},
		{
			ID: "value-sides", Title: "A plus sign, and digits on one side of the point alone",
			Requirements: ids("VAL-002"), DependsOn: ids("value-forms"),
			Blames: []Blame{content("VAL-002")},
			Run:    putValues("+1.5", "+7", "5.", ".5", "-.5", "+.5e1", "5.e1", "-5."),
		},
		{
			ID: "value-zero", Title: "What is too small for a double is zero",
			Requirements: ids("VAL-004"), DependsOn: ids("value-forms"),
			Blames: []Blame{content("VAL-004")},
			Run:    putValues("1e-400", "-1e-400", "2e-324", "0e999999999", "1e-99999999999999999999", "1e-4294967297", "1e-18446744073709551617", "1e-65537", "0e4294967297", "0."+strings.Repeat("0", 400)+"1"),
		},
		{
			ID: "value-infinite", Title: "What is too large for a double is wrong",
			Requirements: ids("VAL-006"), DependsOn: ids(errorReply, errorSession),
			Run: refuse("put ${cpu} 1e309 7", "put ${cpu} -1e309 7", "put ${cpu} 1e99999999999999999999 7", "put ${cpu} 1e4294967297 7",
				"put ${cpu} 1e18446744073709551617 7", "put ${cpu} 1e2147483648 7", "put ${cpu} -1e65537 7", "put ${cpu} 1.797693134862315808e308 7",
				"put ${cpu} "+strings.Repeat("9", 400)+" 7"),
		},
		{
			ID: "value-no-number", Title: "What the parsers of programming languages accept beyond the grammar is wrong",
			Requirements: ids("VAL-007"), DependsOn: ids(errorReply, errorSession),
			Run: refuse("put ${cpu} NaN 7", "put ${cpu} -nan 7", "put ${cpu} Inf 7", "put ${cpu} +infinity 7", "put ${cpu} 0x1F 7", "put ${cpu} 0b1 7",
				"put ${cpu} 1_0 7", "put ${cpu} 1,000 7", "put ${cpu} 1.5f 7", "put ${cpu} 1d 7", "put ${cpu} 1L 7", "put ${cpu} +-1 7", "put ${cpu} 1e 7",
				"put ${cpu} 1e+ 7", "put ${cpu} .e1 7", "put ${cpu} 1.5.2 7", "put ${cpu} \u0661\u0662 7", "put ${cpu} \uff11 7", "put ${cpu} 1\u20445 7",
				"put ${cpu} -0x10 7", "put ${cpu} +0x1F 7", "put ${cpu} 0x1p4 7", "put ${cpu} 0o10 7", "put ${cpu} snan 7", "put ${cpu} nan(1) 7", "put ${cpu} infinityx 7",
				"put ${cpu} 1e5e5 7", "put ${cpu} 1e1.5 7", "put ${cpu} --1 7", "put ${cpu} ++1 7", "put ${cpu} 1/2 7", "put ${cpu} 15% 7"),
		},
	}
}

func timestampCases() []Case {
	return []Case{
		{
			ID: "time-range", Title: "Timestamps from 0 to 4102444800, far beyond 32 bits",
			Requirements: ids("TIM-001"),
			Blames:       []Blame{content("TIM-001")},
			Run:          putTimes(false, "0", "1", "999999999", "2147483647", "2147483648", "4102444800"),
		},
		{
			ID: "time-no-integer", Title: "A timestamp of letters, or with a fraction, is wrong",
			Requirements: ids("TIM-004"), DependsOn: ids(errorReply, errorSession),
			Run: refuse("put ${cpu} 1.5 abc", "put ${cpu} 1.5 now", "put ${cpu} 1.5 none", "put ${cpu} 1.5 1.5", "put ${cpu} 1.5 7.0", "put ${cpu} 1.5 0.25"),
		},
		{
			ID: "time-edges", Title: "Timestamps from one edge of 64 bits to the other, in order",
			Requirements: ids("TIM-002"), DependsOn: ids("time-range", getOrder),
			Blames: []Blame{content("TIM-002")},
			Run: putTimes(true, "9223372036854775807", "-1", "-9223372036854775808", "4102444801", "-1503319740", "9007199254740993",
				"9007199254740992", "9223372036854775806", "-9223372036854775807", "0"),
		},
		{
			ID: "time-signs", Title: "Timestamps on both sides of zero, whose order as text differs",
			Requirements: ids("TIM-002", "GET-004"), DependsOn: ids("time-edges", getOrder, "get-order-numbers"),
			Blames: []Blame{content("TIM-002")},
			Run:    putTimes(true, "-1", "-10", "-9", "-100", "0", "10", "9", "100", "-1503319740", "1503319740", "-99", "99"),
		},
		{
			ID: "time-spellings", Title: "Signs and leading zeros make no other timestamp",
			Requirements: ids("TIM-003"), DependsOn: ids("put-twice", "put-last-wins", "put-replace-anywhere", "time-edges", getOrder),
			Blames: []Blame{content("TIM-003")},
			Run:    timeSpellings,
		},
		{
			ID: "time-out-of-range", Title: "A timestamp beyond 64 bits is wrong",
			Requirements: ids("TIM-005"), DependsOn: ids(errorReply, errorSession),
			Run: refuse("put ${cpu} 1.5 9223372036854775808", "put ${cpu} 1.5 -9223372036854775809", "put ${cpu} 1.5 18446744073709551623",
				"put ${cpu} 1.5 "+strings.Repeat("9", 400)),
		},
		{
			ID: "time-no-number", Title: "What the parsers of programming languages accept beyond the grammar is wrong",
			Requirements: ids("TIM-006"), DependsOn: ids(errorReply, errorSession),
			Run: refuse("put ${cpu} 1.5 1e3", "put ${cpu} 1.5 7.", "put ${cpu} 1.5 0x7", "put ${cpu} 1.5 0b1", "put ${cpu} 1.5 0o7", "put ${cpu} 1.5 1_0",
				"put ${cpu} 1.5 7L", "put ${cpu} 1.5 -", "put ${cpu} 1.5 --7", "put ${cpu} 1.5 1,000", "put ${cpu} 1.5 \u0667"),
		},
	}
}

// mostPut is how many values putValues puts to one key.
const mostPut = 40

// putValues returns a case that puts values at timestamps of their own, and gets
// each of them back.
func putValues(values ...string) func(context.Context, *Session) {
	return func(ctx context.Context, s *Session) {
		cpu, a := s.Key("cpu"), s.Conn(ctx, "A")
		for i, value := range values {
			if i > 0 && i%mostPut == 0 {
				a.Get(ctx, cpu)
				cpu = s.Key(fmt.Sprintf("cpu%d", i))
			}
			a.Put(ctx, cpu, value, fmt.Sprint(10+i))
		}
		a.Get(ctx, cpu)
	}
}

// putTimes returns a case that puts a sample at each timestamp, and gets them back, with
// get * too when all says so.
func putTimes(all bool, times ...string) func(context.Context, *Session) {
	return func(ctx context.Context, s *Session) {
		cpu, a := s.Key("cpu"), s.Conn(ctx, "A")
		for i, t := range times {
			a.Put(ctx, cpu, fmt.Sprintf("%d.5", i), t)
		}
		a.Get(ctx, cpu)
		if all {
			a.GetAll(ctx)
		}
	}
}

// timeSpellings puts at a few timestamps in many spellings.
func timeSpellings(ctx context.Context, s *Session) {
	below, a := s.Key("below"), s.Conn(ctx, "A")
	a.Put(ctx, below, "0.5", "-7")
	a.Put(ctx, below, "1.5", "-7")
	a.Get(ctx, below, on("PUT-003", oracle.AspectValue, oracle.AspectDuplicate)) // in one spelling
	cpu, zeros := s.Key("cpu"), strings.Repeat("0", 300)
	for i, t := range []string{"7", "007", "+7", "+0007", "-0", "0", "+0", "00", "-007", "-7", zeros + "7", "+" + zeros + "7", "-" + zeros + "7", zeros} {
		a.Put(ctx, cpu, fmt.Sprintf("%d.5", i), t)
	}
	a.Get(ctx, cpu)
}

// refuse returns a case that sends wrong puts and sees to it that none is stored
// and that the session goes on.
func refuse(lines ...string) func(context.Context, *Session) {
	return func(ctx context.Context, s *Session) {
		cpu, a := s.Key("cpu"), s.Conn(ctx, "A")
		a.Put(ctx, cpu, "0.5", "6")
		for _, line := range lines {
			a.Refused(ctx, fillKey(line, cpu))
		}
		a.Get(ctx, cpu, samples("ERR-007"))
	}
}

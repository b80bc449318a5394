package cases

import (
	"context"
	"fmt"
	"hash/fnv"
	"strings"
	"time"

	"github.com/putget-protocol/putget/conformance/oracle"
	"github.com/putget-protocol/putget/spec"
)

// nearCases are about what is nearly the same, and about what comes after many others,
// by section.
func nearCases() map[string][]Case {
	return map[string][]Case{
		"lexis":    nearKeys(),
		"put":      {putEqual()},
		"errors":   manyErrors(),
		"sessions": {sessionThousand()},
	}
}

func nearKeys() []Case {
	return []Case{
		{
			ID: "lex-key-near", Title: "Keys that differ in one character, a repetition or the order of letters are different keys",
			Requirements: ids("LEX-011"), DependsOn: ids("lex-key-part", "lex-key-characters"),
			Blames: []Blame{samples("LEX-011")},
			Run: func(ctx context.Context, s *Session) {
				differentKeys(strings.Split("palmxcpu palm.cpu palm_cpu palm-cpu palm..cpu palm.cpu. palm lamp Kab Kba kab K0 K00 K1 K10 k0", " "))(ctx, s)
				a, rain := s.Conn(ctx, "A"), s.Key("rainxcpu")
				a.Put(ctx, rain, "1.5", "7")
				for _, other := range []string{s.Key("rain.cpu"), s.Key("rain_cpu"), s.Key("rain-cpu"), strings.ToUpper(rain[:1]) + rain[1:]} {
					a.Get(ctx, other) // which nobody has put
				}
			},
		},
		{
			ID: "lex-key-digits", Title: "Keys of digits are no numbers",
			Requirements: ids("LEX-011", "LEX-004"), DependsOn: ids("lex-key-part", "lex-key-beginnings"),
			Blames: []Blame{samples("LEX-011"), content("LEX-004")},
			Run:    keysOfDigits,
		},
		{
			ID: "lex-key-odd", Title: "Keys of one character, of command words and of words of programming languages",
			Requirements: ids("LEX-004", "LEX-011"), DependsOn: ids("get-unknown", "lex-key-characters", "lex-key-part"),
			Blames: []Blame{samples("LEX-011"), content("LEX-004")},
			Run: func(ctx context.Context, s *Session) {
				getAnyhow(ctx, s, strings.Split("k K 7 - . _ put get ok error 1.5 -1 1e5 __proto__ constructor toString hasOwnProperty null None nil true", " ")...)
			},
		},
		{
			ID: "lex-key-patterns", Title: "Characters that are a pattern elsewhere are none in a key",
			Requirements: ids("LEX-011"), DependsOn: ids("lex-key-near", "lex-key-unicode", "lex-star-inside"), Level: spec.Full,
			Blames: []Blame{samples("LEX-011")},
			Run:    differentKeys(strings.Split("palm?cpu palmxcpu palm.cpu palm%cpu palm[a-z]cpu palm{x,y}cpu palm+cpu palm|cpu palm$ palm/cpu palm\\cpu", " ")),
		},
	}
}

// keysOfDigits puts to numbers that are fresh in every run, in several wordings.
func keysOfDigits(ctx context.Context, s *Session) {
	h := fnv.New64a()
	h.Write([]byte(s.Key("digits")))
	n := fmt.Sprintf("%012d", 1+h.Sum64()%999_999_999_999)
	names := []string{"1" + n, "01" + n, "001" + n, "1" + n + ".0", "-1" + n, "1" + n + "e0"}
	a := s.Conn(ctx, "A")
	for i, name := range names {
		a.Put(ctx, name, fmt.Sprintf("%d.5", i), "7")
	}
	for _, name := range names {
		a.Get(ctx, name)
	}
}

func putEqual() Case {
	return Case{
		ID: "put-equal-values", Title: "The same value at several timestamps makes several samples",
		Requirements: ids("PUT-002"), DependsOn: ids(putStored, "put-others"),
		Blames: []Blame{on("PUT-002", oracle.AspectMissingSample, Lost)},
		Run: func(ctx context.Context, s *Session) {
			cpu, a := s.Key("cpu"), s.Conn(ctx, "A")
			for _, t := range []string{"1503319740", "1503319741", "1503319742", "1503319739"} {
				a.Put(ctx, cpu, "1.5", t)
			}
			a.Get(ctx, cpu)
		},
	}
}

// otherWords are what servers of other kinds understand.
const otherWords = "exit bye close stop end shutdown stats status info ping echo time version list keys ls del remove post add store query select all flush clear reset save auth hello test ok error"

func manyErrors() []Case {
	return []Case{
		{
			ID: "error-words", Title: "The words of other protocols are wrong",
			Requirements: ids("ERR-002"), DependsOn: ids(errorReply, errorSession, "error-word"), Alone: true,
			Blames: []Blame{on("ERR-002", oracle.AspectAccepted)},
			Run: func(ctx context.Context, s *Session) {
				var lines []string
				for word := range strings.FieldsSeq(otherWords) {
					lines = append(lines, word, word+" "+s.Key("cpu"))
				}
				s.refuseMany(ctx, lines)
			},
		},
		{
			ID: "error-many", Title: "A session goes on after many wrong requests in a row",
			Requirements: ids("ERR-008"), DependsOn: ids(errorReply, errorSession, "session-many-requests"),
			Blames: []Blame{on("ERR-008", Closed, oracle.AspectNoReply)},
			Run: func(ctx context.Context, s *Session) {
				cpu, a := s.Key("cpu"), s.Conn(ctx, "A")
				a.Put(ctx, cpu, "1.5", "7")
				s.often(ctx, leastOften, 120, func(int) { a.Refused(ctx, "got "+cpu) })
				a.Get(ctx, cpu)
			},
		},
	}
}

func sessionThousand() Case {
	return Case{
		ID: "session-thousand", Title: "A connection stays open over more than a thousand requests, where the target is quick enough",
		Requirements: ids("SES-001"), DependsOn: ids("session-many-requests", "put-last-wins"),
		Blames: []Blame{on("SES-001", Closed, oracle.AspectNoReply)},
		Run: func(ctx context.Context, s *Session) {
			cpu, a := s.Key("cpu"), s.Conn(ctx, "A")
			n := s.often(ctx, leastOften, 600, func(i int) {
				a.Put(ctx, cpu, fmt.Sprintf("%d.5", i), "7")
				a.Get(ctx, cpu)
			})
			s.Observe("requests in one session", fmt.Sprint(2*n))
		},
	}
}

// leastOften is how often something is done that shows the more the oftener it is.
const leastOften = 25

// often does something several times, so long as that takes no more than a second, and
// returns how often.
func (s *Session) often(ctx context.Context, least, most int, do func(i int)) int {
	began := time.Now()
	for i := range most {
		if s.Over() || ctx.Err() != nil || i >= least && time.Since(began) > fillTime {
			return i
		}
		do(i)
	}
	return most
}

// manyKeysCase makes every later reply to get * large, and so stands at the end.
func manyKeysCase() Case {
	return Case{
		ID: "get-all-thousand", Title: "get * shows more than a thousand keys",
		Requirements: ids("GET-005"), DependsOn: ids("get-all", "reply-large", largest, putTogether, "consistency-store", putStored),
		Alone: true, Blames: []Blame{samples("GET-005")},
		Run: func(ctx context.Context, s *Session) {
			const each = 100
			var a *Conn
			n := s.often(ctx, 3, 11, func(i int) {
				var puts []string
				for j := range each {
					puts = append(puts, fmt.Sprintf("put %s %d.5 1503319740", s.Key(fmt.Sprintf("k%d", i*each+j)), j))
				}
				a = s.Fill(ctx, puts)
			})
			if a == nil {
				return
			}
			s.Observe("keys in one reply", fmt.Sprint(n*each))
			a.GetAll(ctx)
		},
	}
}

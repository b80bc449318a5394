package cases

import (
	"context"
	"slices"

	"github.com/putget-protocol/putget/conformance/oracle"
)

// Names of cases of wrong requests that others lean on.
const (
	errorReply   = "error-reply"
	errorSession = "error-session"
	errorStored  = "error-changes-nothing"
)

func errorCases() []Case {
	return slices.Concat(answeredWrongCases(), afterWrongCases())
}

// answeredWrongCases are about the answer to wrong requests.
func answeredWrongCases() []Case {
	return []Case{
		{
			ID: errorReply, Title: "A wrong request is answered with error and wrong command, and nothing else",
			Requirements: ids("ERR-001"),
			Run: func(ctx context.Context, s *Session) {
				a := s.Conn(ctx, "A")
				a.Ask(ctx, "got "+s.Key("cpu"))
				a.Ask(ctx, "got "+s.Key("cpu"))
				a.Silence(ctx)
			},
		},
		{
			ID: errorSession, Title: "The session goes on after a wrong request",
			Requirements: ids("ERR-008"), DependsOn: ids(errorReply),
			Blames: []Blame{on("ERR-008", Closed)},
			Run:    errorSessionGoesOn,
		},
		{
			ID: "error-word", Title: "Other words than put and get are wrong, also those that begin like them",
			Requirements: ids("ERR-002"), DependsOn: ids(errorReply, errorSession),
			Run: func(ctx context.Context, s *Session) {
				cpu, a := s.Key("cpu"), s.Conn(ctx, "A")
				for _, line := range []string{
					"got " + cpu, "gets " + cpu, "ge " + cpu, "g " + cpu, "putt " + cpu + " 1.5 7", "puts " + cpu + " 1.5 7",
					"pu " + cpu + " 1.5 7", "p " + cpu + " 1.5 7", "set " + cpu + " 1.5 7", "delete " + cpu, "help", "quit",
				} {
					a.Refused(ctx, line)
				}
			},
		},
		{
			ID: "error-get-alone", Title: "get alone is wrong",
			Requirements: ids("ERR-003"), DependsOn: ids(errorReply, errorSession),
			Run: func(ctx context.Context, s *Session) {
				cpu, a := s.Key("cpu"), s.Conn(ctx, "A")
				a.Refused(ctx, "get")
				a.Put(ctx, cpu, "1.5", "7")
				a.Get(ctx, cpu)
				a.Refused(ctx, "get") // not the last one again
			},
		},
	}
}

// afterWrongCases are about what wrong requests leave behind, and about odd ones.
func afterWrongCases() []Case {
	return []Case{
		wrongArguments("none", "no argument", "put"),
		wrongArguments("one", "one argument", "put ${cpu}"),
		wrongArguments("two", "two arguments", "put ${cpu} 1.5"),
		wrongArguments("four", "four arguments", "put ${cpu} 1.5 7 8"),
		{
			ID: errorStored, Title: "Wrong puts change nothing that is stored",
			Requirements: ids("ERR-007"), DependsOn: append(coreWrong(), errorReply, errorSession),
			Blames: []Blame{samples("ERR-007")},
			Run:    errorChangesNothing,
		},
		{
			ID: "error-others", Title: "Other sessions are served after a wrong request, old ones and new ones",
			Requirements: ids("ERR-009"), Needs: ids(TwoSessions), DependsOn: ids(errorReply, errorSession),
			Run: errorOthers,
		},
		{
			ID: "error-get-spaces", Title: "get with nothing but spaces behind it, and with two arguments",
			Requirements: ids("ERR-005"), DependsOn: ids(errorReply, errorSession),
			Run: func(ctx context.Context, s *Session) {
				cpu, a := s.Key("cpu"), s.Conn(ctx, "A")
				a.Put(ctx, cpu, "1.5", "7")
				for _, line := range []string{"get ", "get   ", "get " + cpu + " " + cpu, "get " + cpu + " *", "get * *", "get " + cpu + " a b", "get " + cpu + " 1", "get " + cpu + " 0 100", "get * 1"} {
					a.Refused(ctx, line)
				}
			},
		},
		{
			ID: "error-empty", Title: "Empty lines and lines of spaces are wrong, one error for each",
			Requirements: ids("ERR-006"), DependsOn: ids(errorReply, errorSession),
			Run: func(ctx context.Context, s *Session) {
				a := s.Conn(ctx, "A")
				for _, line := range []string{"", " ", "    ", "\r", ""} {
					a.Refused(ctx, line, on("ERR-006", oracle.AspectNoReply, Closed))
				}
			},
		},
	}
}

// wrongArguments is the case of a put with a wrong number of arguments.
func wrongArguments(name, what, line string) Case {
	return Case{
		ID: "error-put-" + name, Title: "put with " + what + " is wrong",
		Requirements: ids("ERR-004"), DependsOn: ids(errorReply, errorSession),
		Run: func(ctx context.Context, s *Session) {
			cpu, a := s.Key("cpu"), s.Conn(ctx, "A")
			a.Put(ctx, cpu, "0.5", "6")
			a.Refused(ctx, fillKey(line, cpu))
			a.Get(ctx, cpu, samples("ERR-007"))
		},
	}
}

func errorSessionGoesOn(ctx context.Context, s *Session) {
	cpu, a := s.Key("cpu"), s.Conn(ctx, "A")
	a.Put(ctx, cpu, "1.5", "7")
	for range 3 {
		a.Ask(ctx, "got "+cpu)
		a.Get(ctx, cpu, content("ERR-008"))
	}
	a.Ask(ctx, "got "+cpu)
	a.Ask(ctx, "got "+cpu, on("ERR-008", oracle.AspectNoReply))
	a.Put(ctx, cpu, "2.5", "8", content("ERR-008"))
	a.Get(ctx, cpu, content("ERR-008"))
}

// wrongPuts are wrong requests of level core that look as if they put something at
// timestamps 7 and 8.
func wrongPuts() []string {
	return []string{
		"put ${cpu} high 7", "put ${cpu} 2.5 now", "put ${cpu} 2.5 8.5", "put ${cpu} 2.5 7 9",
		"put ${cpu} 2.5", "put ${cpu}", "putt ${cpu} 2.5 8", "puts ${cpu} 2.5 8",
	}
}

func errorChangesNothing(ctx context.Context, s *Session) {
	cpu, a := s.Key("cpu"), s.Conn(ctx, "A")
	a.Put(ctx, cpu, "1.5", "7")
	for _, line := range wrongPuts() {
		a.Ask(ctx, fillKey(line, cpu))
		a.Get(ctx, cpu, content("ERR-007"), on("ERR-007", oracle.AspectValueSyntax, oracle.AspectTimestampSyntax, oracle.AspectFieldCount))
	}
}

func errorOthers(ctx context.Context, s *Session) {
	cpu, a, b := s.Key("cpu"), s.Conn(ctx, "A"), s.Conn(ctx, "B")
	b.Put(ctx, cpu, "1.5", "7")
	a.InOrder(ctx)
	a.Ask(ctx, "got "+cpu)
	b.Get(ctx, cpu, content("ERR-009"))
	c := s.Conn(ctx, "C", content("ERR-009"))
	c.InOrder(ctx, content("ERR-009"))
}

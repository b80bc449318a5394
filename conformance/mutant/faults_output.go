package mutant

import (
	"bytes"
	"cmp"
	"slices"
	"strconv"
	"strings"

	"github.com/putget-protocol/putget/conformance/oracle"
)

// requestFaults break section 5.
func requestFaults() []Fault {
	return slices.Concat(replaceFaults(), seriesOrderFaults(), takenFaults(), emptyLineFaults())
}

// replaceFaults are about what a put leaves in the store, and how it is answered.
func replaceFaults() []Fault {
	return []Fault{
		{
			ID: "put-newline", Title: "an empty line too many behind the reply to put", Breaks: "PUT-001", Core: true,
			Apply: func(b *Behaviour) { b.Put = func() string { return "ok\n\n\n" } },
		},
		{
			ID: "keeps-both", Title: "two puts for one timestamp leave two samples", Breaks: "PUT-003", Causes: []string{"TIM-003"}, Core: true,
			Apply: func(b *Behaviour) { b.Insert = (*Store).add },
		},
		{
			ID: "first-wins", Title: "a second put for a timestamp is ignored", Breaks: "PUT-003", Causes: []string{"CON-001", "CON-003", "TIM-003"}, Core: true,
			Apply: func(b *Behaviour) {
				b.Insert = func(st *Store, key string, s oracle.Sample) {
					if st.index(key, s.Timestamp) < 0 {
						st.add(key, s)
					}
				}
			},
		},
		{
			ID: "replace-clears", Title: "replacing a sample removes the others of its key", Breaks: "PUT-004", Causes: []string{"CON-001", "CON-004", "CON-005"}, Core: true,
			Apply: func(b *Behaviour) {
				b.Insert = func(st *Store, key string, s oracle.Sample) {
					if st.index(key, s.Timestamp) >= 0 {
						delete(st.series, key)
						st.keys = slices.DeleteFunc(st.keys, func(k string) bool { return k == key })
					}
					st.add(key, s)
				}
			},
		},
		{
			ID: "unknown-is-error", Title: "a get of an unknown key is answered with an error", Breaks: "GET-002", Causes: []string{"ERR-008", "LEX-009"}, Core: true,
			Apply: func(b *Behaviour) {
				b.Get = func(lines []string) string {
					if len(lines) == 0 {
						return "error\nnot found\n\n"
					}
					return ok(lines)
				}
			},
		},
	}
}

// seriesOrderFaults are about the order of samples.
func seriesOrderFaults() []Fault {
	return []Fault{
		{
			ID: "arrival-order", Title: "samples come back in the order of their arrival", Breaks: "GET-004", Causes: []string{"GET-006", "TIM-003"}, Core: true,
			Apply: func(b *Behaviour) { b.Sort, b.SortAll = unsorted, unsorted },
		},
		{
			ID: "text-order", Title: "timestamps are sorted as text", Breaks: "GET-004", Causes: []string{"GET-006"}, Core: true,
			Apply: func(b *Behaviour) { b.Sort, b.SortAll = asText, asText },
		},
		{
			ID: "all-unsorted", Title: "samples are sorted in the reply to a get of one key alone", Breaks: "GET-006", Core: true,
			Apply: func(b *Behaviour) { b.SortAll = unsorted },
		},
		{
			ID: "all-mixed", Title: "the samples of the keys are mixed in the reply to get *", Breaks: "GET-007",
			Apply: func(b *Behaviour) {
				all := b.All
				b.All = func(st *Store) []oracle.Sample {
					mixed := all(st)
					slices.SortStableFunc(mixed, func(a, b oracle.Sample) int { return cmp.Compare(a.Timestamp, b.Timestamp) })
					return mixed
				}
			},
		},
	}
}

// takenFaults answer wrong requests as if they were right, or in other words.
func takenFaults() []Fault {
	return []Fault{
		{
			ID: "other-error", Title: "the error has another text", Breaks: "ERR-001", Core: true,
			Apply: wrongReply("error\nunknown command\n\n"),
		},
		{
			ID: "error-one-newline", Title: "the error ends without its empty line", Breaks: "ERR-001", Core: true,
			Apply: wrongReply("error\nwrong command\n"),
		},
		{
			ID: "first-letters", Title: "commands are recognised by their first three letters", Breaks: "ERR-002", Causes: []string{"LEX-003", "LEX-006"}, Core: true,
			Apply: parse(func(line string) string {
				word, rest, _ := strings.Cut(line, " ")
				if strings.HasPrefix(word, "get") || strings.HasPrefix(word, "put") {
					return word[:3] + " " + rest
				}
				return line
			}),
		},
		{
			ID: "four-arguments", Title: "a fourth argument of put is ignored", Breaks: "ERR-004", Causes: []string{"ERR-007"}, Core: true,
			Apply: parse(func(line string) string {
				if tokens := strings.Fields(line); len(tokens) == 5 && tokens[0] == "put" {
					return strings.Join(tokens[:4], " ")
				}
				return line
			}),
		},
		{
			ID: "get-nothing", Title: "get with a space and nothing else is looked up", Breaks: "ERR-005",
			Apply: parse(func(line string) string {
				if line == "get " {
					return "get nothing"
				}
				return line
			}),
		},
	}
}

// emptyLineFaults are about empty lines, and what wrong requests leave behind.
func emptyLineFaults() []Fault {
	return []Fault{
		{
			ID: "empty-line-ok", Title: "an empty line is answered with ok", Breaks: "ERR-006",
			Apply: parse(func(line string) string {
				if line == "" {
					return "get nothing"
				}
				return line
			}),
		},
		{
			ID: "stores-refused", Title: "a put with a fourth argument is refused, and stored", Breaks: "ERR-007", Causes: []string{"REP-012"}, Core: true,
			Apply: func(b *Behaviour) {
				b.Wrong = func(s *Session, line []byte) string {
					if tokens := bytes.Fields(line); len(tokens) == 5 && string(tokens[0]) == "put" {
						if req, right := oracle.ParseRequest(bytes.Join(tokens[:4], []byte(" "))); right {
							b.Insert(b.Store(s), req.Key, oracle.Sample{Value: req.Value, Timestamp: req.Timestamp})
						}
					}
					return wrongCommand
				}
			},
		},
		{
			ID: "wrong-closes", Title: "a wrong request ends the session, after the error", Breaks: "ERR-008", Causes: []string{"LEX-009", "FRM-005", "ERR-001"}, Core: true,
			Apply: afterWrong(Close),
		},
		{
			ID: "wrong-kills", Title: "a wrong request ends the server", Breaks: "ERR-009", Core: true,
			Apply: afterWrong(Die),
		},
	}
}

func unsorted([]oracle.Sample) {}

func asText(s []oracle.Sample) {
	slices.SortStableFunc(s, func(a, b oracle.Sample) int {
		return cmp.Compare(strconv.FormatInt(a.Timestamp, 10), strconv.FormatInt(b.Timestamp, 10))
	})
}

func wrongReply(text string) func(*Behaviour) {
	return func(b *Behaviour) { b.Wrong = func(*Session, []byte) string { return text } }
}

func afterWrong(then Then) func(*Behaviour) {
	return func(b *Behaviour) {
		b.After = func(_ []byte, right bool) Then {
			if right {
				return GoOn
			}
			return then
		}
	}
}

// replyFaults break section 6.
func replyFaults() []Fault {
	return slices.Concat(outlineFaults(), precisionFaults())
}

// outlineFaults are about where replies and their lines begin and end.
func outlineFaults() []Fault {
	return []Fault{
		{
			ID: "answers-twice", Title: "every wrong request is answered twice", Breaks: "REP-001", Causes: []string{"ERR-001", "FRM-005"}, Core: true,
			Apply: wrongReply(wrongCommand + wrongCommand),
		},
		{
			ID: "no-terminator", Title: "samples are not followed by an empty line", Breaks: "REP-002", Core: true,
			Apply: func(b *Behaviour) {
				b.Get = func(lines []string) string {
					if len(lines) > 0 {
						return "ok\n" + strings.Join(lines, "")
					}
					return ok(nil)
				}
			},
		},
		{
			ID: "greets", Title: "a greeting is sent", Breaks: "REP-003", Core: true,
			Apply: func(b *Behaviour) { b.Greet = func() string { return "welcome\n" } },
		},
		{
			ID: "space-at-end", Title: "a space at the end of each sample line of get *", Breaks: "REP-004", Core: true,
			Apply: func(b *Behaviour) {
				b.GetAll = func(lines []string) string {
					spaced := make([]string, len(lines))
					for i, line := range lines {
						spaced[i] = strings.TrimSuffix(line, "\n") + " \n"
					}
					return ok(spaced)
				}
			},
		},
	}
}

// precisionFaults are about the numbers in replies, and their size.
func precisionFaults() []Fault {
	return []Fault{
		{
			ID: "six-digits", Title: "values are printed with six digits", Breaks: "REP-006", Causes: []string{"VAL-003", "REP-010", "VAL-001"}, Core: true,
			Apply: func(b *Behaviour) {
				b.Value = func(v float64) string {
					rounded, _ := strconv.ParseFloat(strconv.FormatFloat(v, 'g', 6, 64), 64)
					return oracle.FormatValue(rounded)
				}
			},
		},
		{
			ID: "single-precision", Title: "values are kept in single precision", Breaks: "REP-006", Causes: []string{"VAL-003", "VAL-004", "REP-005"}, Core: true,
			Apply: func(b *Behaviour) {
				b.Value = func(v float64) string {
					return oracle.FormatValue(min(max(float64(float32(v)), -1e39), 1e39))
				}
			},
		},
		{
			ID: "whole-without-point", Title: "whole numbers are printed without a point", Breaks: "REP-008",
			Apply: func(b *Behaviour) {
				b.Value = func(v float64) string { return strings.TrimSuffix(oracle.FormatValue(v), ".0") }
			},
		},
		{
			ID: "plus-in-time", Title: "timestamps are printed with a plus sign", Breaks: "REP-009",
			Apply: func(b *Behaviour) {
				b.Time = func(t int64) string { return strings.Replace("+"+oracle.FormatTimestamp(t), "+-", "-", 1) }
			},
		},
		{
			ID: "cut-at-4096", Title: "replies are cut after 4,096 bytes", Breaks: "REP-010", Causes: []string{"SES-005", "GET-005", "FRM-004"}, Core: true,
			Apply: func(b *Behaviour) {
				b.Write = func(s *Session, replies []string) error {
					text := strings.Join(replies, "")
					if len(text) > 4096 {
						text = text[:4096]
					}
					return s.write(text)
				}
			},
		},
	}
}

// sessionFaults break sections 7 to 9.
func sessionFaults() []Fault {
	return []Fault{
		{
			ID: "own-store", Title: "each session has a store of its own", Breaks: "CON-002", Causes: []string{"CON-001", "SES-005"}, Core: true,
			Apply: func(b *Behaviour) {
				b.Store = func(s *Session) *Store {
					if s.own == nil {
						s.own = NewStore()
					}
					return s.own
				}
			},
		},
		{
			ID: "few-sessions", Title: "no more than 30 sessions are served at once", Breaks: "SES-002", Core: true,
			Apply: func(b *Behaviour) { b.Accept = atMost(30, Silence) },
		},
		{
			ID: "hundred-sessions", Title: "no more than 100 sessions are served at once", Breaks: "SES-003",
			Apply: func(b *Behaviour) { b.Accept = atMost(100, Close) },
		},
		{
			ID: "one-at-a-time", Title: "one session is served after the other", Breaks: "SES-004", Core: true,
			Apply: func(b *Behaviour) { b.AtOnce = 1 },
		},
		{
			ID: "long-line-pieces", Title: "each piece of a line that is too long is answered", Breaks: "LIM-004", Causes: []string{"LIM-006", "LIM-005"},
			Apply: func(b *Behaviour) {
				b.Take = func(s *Session, data []byte) []Event {
					events := takeLines(s, data)
					s.skipping = false
					return events
				}
			},
		},
		{
			ID: "short-lines", Title: "lines of more than 1,024 bytes are refused", Breaks: "LIM-002", Causes: []string{"LIM-001"},
			Apply: refuse(func(line string) bool { return len(line) > 1024+16 }),
		},
	}
}

// atMost returns what becomes of the connections above a number.
func atMost(n int, then Then) func(int) Then {
	return func(open int) Then {
		if open > n {
			return then
		}
		return GoOn
	}
}

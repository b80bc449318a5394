package mutant

import (
	"bytes"
	"math"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/putget-protocol/putget/conformance/oracle"
)

// framingFaults break section 3.
func framingFaults() []Fault {
	return slices.Concat(lineEndFaults(), pipelineFaults())
}

// lineEndFaults are about where a line ends.
func lineEndFaults() []Fault {
	return []Fault{
		{
			ID: "answers-before-lf", Title: "a get is answered before its LF has come, and again when it comes",
			Breaks: "FRM-001", Causes: []string{"FRM-003", "FRM-006"},
			Apply: func(b *Behaviour) {
				take := b.Take
				b.Take = func(s *Session, data []byte) []Event {
					events := take(s, data)
					if bytes.HasPrefix(s.pending, []byte("get ")) && len(s.pending) > len("get ") {
						events = append(events, Event{Line: slices.Clone(s.pending)})
					}
					return events
				}
			},
		},
		{
			ID: "keeps-cr", Title: "the CR before LF stays in the line", Breaks: "FRM-002",
			Apply: func(b *Behaviour) {
				b.Parse = func(line []byte) (oracle.Request, bool) {
					if bytes.HasSuffix(line, []byte("\r")) {
						return oracle.Request{}, false
					}
					return oracle.ParseRequest(line)
				}
			},
		},
		{
			ID: "end-of-read-ends-line", Title: "what one read holds behind its last LF is taken for a line",
			Breaks: "FRM-003", Causes: []string{"FRM-001", "FRM-006", "SES-005"},
			Apply: func(b *Behaviour) {
				b.Take = func(s *Session, data []byte) []Event {
					if !bytes.HasSuffix(data, []byte("\n")) && len(data) < 4096 {
						data = append(slices.Clone(data), '\n')
					}
					return takeLines(s, data)
				}
			},
		},
	}
}

// pipelineFaults are about several requests in one segment, and the end of the stream.
func pipelineFaults() []Fault {
	return []Fault{
		{
			ID: "first-of-segment", Title: "only the first request of a segment is answered", Breaks: "FRM-004", Causes: []string{"FRM-005"},
			Apply: func(b *Behaviour) {
				b.Take = func(s *Session, data []byte) []Event {
					events := takeLines(s, data)
					return events[:min(1, len(events))]
				}
			},
		},
		{
			ID: "merges-segment", Title: "the replies to a segment are merged into one", Breaks: "FRM-004", Causes: []string{"FRM-005"},
			Apply: func(b *Behaviour) {
				b.Write = func(s *Session, replies []string) error { return s.write(replies[len(replies)-1]) }
			},
		},
		{
			ID: "spoils-segment", Title: "one wrong request makes the later ones of its segment wrong", Breaks: "FRM-005",
			Apply: func(b *Behaviour) {
				b.Take = func(s *Session, data []byte) []Event {
					events := takeLines(s, data)
					spoilt := false
					for i := range events {
						_, right := oracle.ParseRequest(events[i].Line)
						if spoilt {
							events[i].Line = []byte("spoilt")
						}
						spoilt = spoilt || !right
					}
					return events
				}
			},
		},
		{
			ID: "answers-unfinished", Title: "a last line without LF is carried out", Breaks: "FRM-006",
			Apply: func(b *Behaviour) {
				b.Last = func(s *Session) []Event {
					if len(s.pending) == 0 {
						return nil
					}
					return []Event{{Line: s.pending}}
				}
			},
		},
		{
			ID: "never-closes", Title: "the connection stays open after the client's half-close", Breaks: "FRM-008", Causes: []string{"FRM-006"},
			Apply: func(b *Behaviour) { b.End = func() Then { return Silence } },
		},
	}
}

// parse returns a fault's parser: line is changed before the right parser sees it.
func parse(change func(string) string) func(*Behaviour) {
	return func(b *Behaviour) {
		next := b.Parse
		b.Parse = func(line []byte) (oracle.Request, bool) { return next([]byte(change(string(line)))) }
	}
}

// refuse returns a fault's parser that takes some right requests for wrong ones.
func refuse(wrong func(line string) bool) func(*Behaviour) {
	return func(b *Behaviour) {
		next := b.Parse
		b.Parse = func(line []byte) (oracle.Request, bool) {
			if wrong(string(line)) {
				return oracle.Request{}, false
			}
			return next(line)
		}
	}
}

// lexisFaults break sections 4.1 to 4.3.
func lexisFaults() []Fault {
	return slices.Concat(separatorFaults(), sameKeyFaults())
}

// separatorFaults are about spaces, command words and what a key may hold.
func separatorFaults() []Fault {
	return []Fault{
		{
			ID: "one-space-only", Title: "two spaces between tokens are wrong", Breaks: "LEX-001",
			Apply: refuse(func(line string) bool { return strings.Contains(strings.Trim(line, " "), "  ") }),
		},
		{
			ID: "no-space-at-end", Title: "a space at the end is wrong", Breaks: "LEX-002", Causes: []string{"LIM-002", "LIM-005"},
			Apply: refuse(func(line string) bool { return strings.HasSuffix(strings.TrimSuffix(line, "\r"), " ") && line != "" }),
		},
		{
			ID: "any-case", Title: "command words are taken in any case", Breaks: "LEX-003",
			Apply: parse(func(line string) string {
				for _, word := range []string{"put", "get"} {
					if len(line) > len(word) && strings.EqualFold(line[:len(word)], word) && line[:len(word)] != word {
						return word + line[len(word):]
					}
				}
				return line
			}),
		},
		{
			ID: "short-keys", Title: "keys of more than 64 bytes are wrong", Breaks: "LEX-004", Causes: []string{"LIM-001", "REP-010", "SES-005"}, Core: true,
			Apply: refuse(func(line string) bool {
				req, ok := oracle.ParseRequest([]byte(line))
				return ok && len(req.Key) > 64
			}),
		},
		{
			ID: "ascii-keys", Title: "keys with other characters than those of ASCII are wrong", Breaks: "LEX-005", Causes: []string{"LEX-012"},
			Apply: refuse(func(line string) bool { return strings.ContainsFunc(line, func(r rune) bool { return r > '~' }) }),
		},
		{
			ID: "tabs-separate", Title: "tabs separate tokens", Breaks: "LEX-006",
			Apply: parse(func(line string) string { return strings.ReplaceAll(line, "\t", " ") }),
		},
		{
			ID: "unicode-spaces", Title: "white space of Unicode separates tokens", Breaks: "LEX-007",
			Apply: parse(func(line string) string {
				return strings.NewReplacer("\u00a0", " ", "\u2003", " ", "\u3000", " ").Replace(line)
			}),
		},
	}
}

// sameKeyFaults are about bytes that are no text, and which keys are the same.
func sameKeyFaults() []Fault {
	return []Fault{
		{
			ID: "latin1-keys", Title: "bytes that are not UTF-8 are replaced", Breaks: "LEX-008",
			Apply: parse(func(line string) string { return strings.ToValidUTF8(line, "?") }),
		},
		{
			ID: "utf8-ends-session", Title: "bytes that are not UTF-8 end the session", Breaks: "LEX-009",
			Apply: func(b *Behaviour) {
				b.After = func(line []byte, _ bool) Then {
					if !utf8.Valid(line) {
						return Close
					}
					return GoOn
				}
			},
		},
		{
			ID: "drops-bom", Title: "a byte order mark at the beginning of a line is dropped", Breaks: "LEX-010",
			Apply: parse(func(line string) string { return strings.TrimPrefix(line, "\ufeff") }),
		},
		{
			ID: "folds-case", Title: "keys are compared without regard to case", Breaks: "LEX-011", Causes: []string{"LEX-004"}, Core: true,
			Apply: func(b *Behaviour) {
				b.Insert = func(st *Store, key string, s oracle.Sample) { st.replace(strings.ToLower(key), s) }
				b.Find = func(st *Store, key string) []oracle.Sample {
					found := st.of(strings.ToLower(key))
					for i := range found {
						found[i].Key = key
					}
					return found
				}
			},
		},
		{
			ID: "prefix-keys", Title: "a key answers for every key that it begins", Breaks: "LEX-011", Causes: []string{"GET-003", "LEX-014"}, Core: true,
			Apply: func(b *Behaviour) {
				b.Find = func(st *Store, key string) []oracle.Sample {
					var found []oracle.Sample
					for _, other := range st.keys {
						if strings.HasPrefix(other, key) {
							found = append(found, st.of(other)...)
						}
					}
					return found
				}
			},
		},
		{
			ID: "stores-star", Title: "put * is stored", Breaks: "LEX-013",
			Apply: parse(func(line string) string { return strings.Replace(line, "put * ", "put star* ", 1) }),
		},
	}
}

// numberFaults break sections 4.4 and 4.5.
func numberFaults() []Fault {
	return []Fault{
		{
			ID: "no-exponent", Title: "values with an exponent are wrong", Breaks: "VAL-001", Causes: []string{"VAL-003", "REP-005", "REP-006"}, Core: true,
			Apply: refuse(func(line string) bool { return value(line, strings.ContainsAny, "eE") }),
		},
		{
			ID: "no-plus", Title: "values with a plus sign are wrong", Breaks: "VAL-002",
			Apply: refuse(func(line string) bool { return value(line, strings.HasPrefix, "+") }),
		},
		{
			ID: "letters-are-zero", Title: "a value that is no number is taken for zero", Breaks: "VAL-005", Causes: []string{"VAL-007"}, Core: true,
			Apply: lenient(2, func(token string) string {
				if strings.ContainsFunc(token, func(r rune) bool { return r < 'A' || r > 'z' || r > 'Z' && r < 'a' }) {
					return token
				}
				return "0"
			}),
		},
		{
			ID: "infinity-is-largest", Title: "a value that is too large becomes the largest double", Breaks: "VAL-006",
			Apply: lenient(2, func(token string) string {
				if v, err := strconv.ParseFloat(token, 64); err != nil && math.IsInf(v, 0) && !strings.ContainsAny(token, "xX") {
					return "1.7976931348623157e308"
				}
				return token
			}),
		},
		{
			ID: "hexadecimal", Title: "hexadecimal values are taken", Breaks: "VAL-007",
			Apply: lenient(2, func(token string) string {
				if v, err := strconv.ParseInt(token, 0, 64); err == nil {
					return strconv.FormatInt(v, 10)
				}
				return token
			}),
		},
		{
			ID: "no-negative-time", Title: "negative timestamps are wrong", Breaks: "TIM-002", Causes: []string{"TIM-003", "REP-009"},
			Apply: refuse(func(line string) bool { return timestamp(line, strings.HasPrefix, "-") }),
		},
		{
			ID: "fraction-cut-off", Title: "the fraction of a timestamp is cut off", Breaks: "TIM-004", Causes: []string{"TIM-006"}, Core: true,
			Apply: lenient(3, func(token string) string { before, _, _ := strings.Cut(token, "."); return before }),
		},
		{
			ID: "time-clamped", Title: "a timestamp beyond 64 bits becomes the last one", Breaks: "TIM-005",
			Apply: lenient(3, func(token string) string {
				if t, err := strconv.ParseInt(token, 10, 64); err != nil && (t == math.MaxInt64 || t == math.MinInt64) {
					return strconv.FormatInt(t, 10)
				}
				return token
			}),
		},
	}
}

// value and timestamp test the token of a put.
func value(line string, test func(string, string) bool, arg string) bool {
	return token(line, 2, test, arg)
}

func timestamp(line string, test func(string, string) bool, arg string) bool {
	return token(line, 3, test, arg)
}

func token(line string, i int, test func(string, string) bool, arg string) bool {
	tokens := strings.Fields(line)
	return len(tokens) == 4 && tokens[0] == "put" && test(tokens[i], arg)
}

// lenient returns a fault that changes the i-th token of a put that would be wrong
// otherwise.
func lenient(i int, change func(token string) string) func(*Behaviour) {
	return parse(func(line string) string {
		tokens := strings.Split(line, " ")
		if _, right := oracle.ParseRequest([]byte(line)); right || len(tokens) != 4 || tokens[0] != "put" {
			return line
		}
		tokens[i] = change(tokens[i])
		return strings.Join(tokens, " ")
	})
}

package mutant

import (
	"bytes"
	"math"
	"slices"
	"strings"

	"github.com/putget-protocol/putget/conformance/oracle"
)

// formFaults break sections 5.3 and 6 too.
func formFaults() []Fault {
	return append(wrongFaults(), shapeFaults()...)
}

// words returns the tokens of a line that holds no other white space than spaces.
func words(line string) []string {
	tokens := strings.Fields(line)
	if strings.Join(tokens, "") != strings.ReplaceAll(line, " ", "") {
		return nil
	}
	return tokens
}

// takenFor returns a fault that takes some wrong lines for others.
func takenFor(lines map[string]string) func(*Behaviour) {
	return parse(func(line string) string {
		if other, found := lines[line]; found {
			return other
		}
		return line
	})
}

func wrongFaults() []Fault {
	return slices.Concat(wrongAnswerFaults(), argumentFaults(), wrongEffectFaults())
}

// wrongAnswerFaults answer wrong requests wrongly.
func wrongAnswerFaults() []Fault {
	return []Fault{
		{
			ID: "error-upper", Title: "the status of an error is in upper case", Breaks: "ERR-001", Causes: []string{"REP-002"}, Core: true,
			Apply: wrongReply("ERROR\nwrong command\n\n"),
		},
		{
			ID: "error-three-newlines", Title: "an empty line too many behind the error", Breaks: "ERR-001", Causes: []string{"REP-003"}, Core: true,
			Apply: wrongReply("error\nwrong command\n\n\n"),
		},
		{
			ID: "error-no-text", Title: "the error has no text", Breaks: "ERR-001", Core: true,
			Apply: wrongReply("error\n\n"),
		},
		{
			ID: "help-answers", Title: "the word help is a request", Breaks: "ERR-002", Core: true,
			Apply: takenFor(map[string]string{"help": "get help"}),
		},
		{
			ID: "quit-closes", Title: "the word quit ends the session", Breaks: "ERR-008", Causes: []string{"ERR-002", "ERR-001"}, Core: true,
			Apply: unanswered(func(line string) bool { return line == "quit" }, Close),
		},
		{
			ID: "get-alone-ok", Title: "get alone is answered with ok", Breaks: "ERR-003", Core: true,
			Apply: takenFor(map[string]string{"get": "get nothing"}),
		},
		{
			ID: "get-alone-all", Title: "get alone means get *", Breaks: "ERR-003", Core: true,
			Apply: takenFor(map[string]string{"get": "get *"}),
		},
	}
}

// argumentFaults take requests with too few or too many arguments.
func argumentFaults() []Fault {
	return []Fault{
		{
			ID: "short-put-ok", Title: "a put with too few arguments is answered with ok and not carried out", Breaks: "ERR-004", Core: true,
			Apply: parse(func(line string) string {
				if tokens := strings.Fields(line); len(tokens) > 0 && len(tokens) < 4 && tokens[0] == "put" {
					return "get nothing"
				}
				return line
			}),
		},
		{
			ID: "put-without-time", Title: "a put without a timestamp is carried out at 0", Breaks: "ERR-004", Causes: []string{"ERR-007"}, Core: true,
			Apply: parse(func(line string) string {
				if tokens := strings.Fields(line); len(tokens) == 3 && tokens[0] == "put" {
					return line + " 0"
				}
				return line
			}),
		},
		{
			ID: "get-first-of-two", Title: "get with two arguments is answered for the first", Breaks: "ERR-005",
			Apply: parse(func(line string) string {
				if tokens := words(line); len(tokens) > 2 && tokens[0] == "get" {
					return "get " + tokens[1]
				}
				return line
			}),
		},
		{
			ID: "get-two-ok", Title: "get with two arguments is answered with ok and nothing", Breaks: "ERR-005",
			Apply: parse(func(line string) string {
				if tokens := words(line); len(tokens) > 2 && tokens[0] == "get" {
					return "get nothing"
				}
				return line
			}),
		},
		{
			ID: "get-space-closes", Title: "get with a space and nothing else ends the session", Breaks: "ERR-008", Causes: []string{"ERR-005", "ERR-001"},
			Apply: unanswered(func(line string) bool {
				return strings.HasPrefix(line, "get ") && strings.Trim(line[len("get"):], " \r") == ""
			}, Close),
		},
	}
}

// wrongEffectFaults let a wrong request have an effect, or no answer.
func wrongEffectFaults() []Fault {
	return []Fault{
		{
			ID: "empty-line-skipped", Title: "empty lines are not answered", Breaks: "ERR-006",
			Apply: unanswered(func(line string) bool { return strings.Trim(line, "\r") == "" }, GoOn),
		},
		{
			ID: "wrong-closes-silently", Title: "a wrong request ends the session without an answer", Breaks: "ERR-008", Causes: []string{"ERR-001", "LEX-009", "FRM-005"}, Core: true,
			Apply: unanswered(func(line string) bool { return wrongLine([]byte(line)) }, Close),
		},
		{
			ID: "wrong-clears-key", Title: "a put with a wrong value removes the series of its key", Breaks: "ERR-007", Causes: []string{"FRM-005"}, Core: true,
			Apply: func(b *Behaviour) {
				b.Wrong = func(s *Session, line []byte) string {
					if tokens := strings.Fields(string(line)); badValue(string(line)) {
						delete(b.Store(s).series, tokens[1])
					}
					return wrongCommand
				}
			},
		},
		{
			ID: "refused-later", Title: "a put with a fourth argument is refused, and carried out with the next put of its key", Breaks: "REP-012", Causes: []string{"FRM-005", "ERR-007"}, Core: true,
			Apply: refusedLater,
		},
	}
}

func refusedLater(b *Behaviour) {
	insert := b.Insert
	late := make(map[string]oracle.Sample)
	b.Wrong = func(s *Session, line []byte) string {
		if tokens := bytes.Fields(line); len(tokens) == 5 && string(tokens[0]) == "put" {
			if req, right := oracle.ParseRequest(bytes.Join(tokens[:4], []byte(" "))); right {
				late[req.Key] = oracle.Sample{Value: req.Value, Timestamp: req.Timestamp}
			}
		}
		return wrongCommand
	}
	b.Insert = func(st *Store, key string, s oracle.Sample) {
		if before, found := late[key]; found {
			delete(late, key)
			insert(st, key, before)
		}
		insert(st, key, s)
	}
}

// lined returns a fault that changes the sample lines of longer replies to a get of
// one key, so that a single sample is shown as it should be.
func lined(change func(line string) string) func(*Behaviour) {
	return func(b *Behaviour) {
		get := b.Get
		b.Get = func(lines []string) string {
			if len(lines) < 2 {
				return get(lines)
			}
			changed := make([]string, len(lines))
			for i, line := range lines {
				changed[i] = change(line)
			}
			return get(changed)
		}
	}
}

func shapeFaults() []Fault {
	return slices.Concat(statusFaults(), fieldFaults(), digitFaults())
}

// statusFaults are in the status of a reply, and around it.
func statusFaults() []Fault {
	return []Fault{
		{
			ID: "put-answered-twice", Title: "a put that replaces is answered twice", Breaks: "REP-001", Causes: []string{"PUT-003"}, Core: true,
			Apply: func(b *Behaviour) {
				insert, again := b.Insert, false
				b.Insert = func(st *Store, key string, s oracle.Sample) {
					again = st.index(key, s.Timestamp) >= 0
					insert(st, key, s)
				}
				b.Put = func() string {
					if again {
						return ok(nil) + ok(nil)
					}
					return ok(nil)
				}
			},
		},
		{
			ID: "status-joined", Title: "the newline between status and first sample is missing", Breaks: "REP-002", Core: true,
			Apply: func(b *Behaviour) {
				b.Get = func(lines []string) string {
					if len(lines) == 0 {
						return ok(nil)
					}
					return "ok" + strings.Join(lines, "") + "\n"
				}
			},
		},
		{
			ID: "crlf", Title: "the lines of replies end in CR LF", Breaks: "REP-002", Causes: []string{"ERR-001", "PUT-001"}, Core: true,
			Apply: func(b *Behaviour) {
				write := b.Write
				b.Write = func(s *Session, replies []string) error {
					return write(s, []string{strings.ReplaceAll(strings.Join(replies, ""), "\n", "\r\n")})
				}
			},
		},
		{
			ID: "status-okay", Title: "the status is a word that begins with ok", Breaks: "REP-002", Causes: []string{"PUT-001"}, Core: true,
			Apply: func(b *Behaviour) {
				b.GetAll = func(lines []string) string { return strings.Replace(ok(lines), "ok", "okay", 1) }
			},
		},
		{
			ID: "prompts", Title: "a prompt is sent behind each reply", Breaks: "REP-003", Core: true,
			Apply: func(b *Behaviour) {
				b.Write = func(s *Session, replies []string) error { return s.write(strings.Join(replies, "> ") + "> ") }
			},
		},
	}
}

// fieldFaults are in the fields of sample lines.
func fieldFaults() []Fault {
	return []Fault{
		{
			ID: "tabs-in-lines", Title: "fields are separated by tabs where there are several samples", Breaks: "REP-004", Core: true,
			Apply: lined(func(line string) string { return strings.ReplaceAll(line, " ", "\t") }),
		},
		{
			ID: "indented", Title: "sample lines begin with a space where there are several", Breaks: "REP-004", Causes: []string{"REP-002"}, Core: true,
			Apply: lined(func(line string) string { return " " + line }),
		},
		{
			ID: "fourth-field", Title: "sample lines have a fourth field where there are several", Breaks: "REP-004", Causes: []string{"REP-002"}, Core: true,
			Apply: lined(func(line string) string { return strings.TrimSuffix(line, "\n") + " s\n" }),
		},
		{
			ID: "thousands", Title: "commas separate the thousands of large values", Breaks: "REP-005", Causes: []string{"REP-006", "VAL-001", "VAL-003"}, Core: true,
			Apply: func(b *Behaviour) {
				wording := b.Value
				b.Value = func(v float64) string {
					text := wording(v)
					if whole, rest, point := strings.Cut(text, "."); point && math.Abs(v) >= 1000 && !strings.ContainsAny(text, "eE") {
						return whole[:len(whole)-3] + "," + whole[len(whole)-3:] + "." + rest
					}
					return text
				}
			},
		},
		{
			ID: "time-with-point", Title: "timestamps below 1000 are printed with a point", Breaks: "REP-005", Causes: []string{"TIM-001"}, Core: true,
			Apply: func(b *Behaviour) {
				wording := b.Time
				b.Time = func(t int64) string {
					if t >= 0 && t < 1000 {
						return wording(t) + ".0"
					}
					return wording(t)
				}
			},
		},
	}
}

// digitFaults are in the digits of numbers, and how many samples there are.
func digitFaults() []Fault {
	return []Fault{
		{
			ID: "no-subnormals", Title: "subnormal values are printed as zero", Breaks: "REP-006", Causes: []string{"VAL-003"}, Core: true,
			Apply: func(b *Behaviour) {
				wording := b.Value
				b.Value = func(v float64) string {
					if math.Abs(v) < 0x1p-1022 {
						v = 0
					}
					return wording(v)
				}
			},
		},
		{
			ID: "fifteen-digits", Title: "values are printed with fifteen digits", Breaks: "REP-006", Causes: []string{"VAL-003", "REP-005"}, Core: true,
			Apply: digits(15),
		},
		{
			ID: "reply-keeps-200", Title: "a reply holds no more than 200 samples", Breaks: "REP-010", Causes: []string{"GET-005", "PUT-004"}, Core: true,
			Apply: func(b *Behaviour) {
				get := b.Get
				b.Get = func(lines []string) string { return get(lines[:min(len(lines), 200)]) }
			},
		},
		{
			ID: "seventeen-digits", Title: "values are printed with seventeen digits, always", Breaks: "REP-008",
			Apply: worded('e', 16),
		},
		{
			ID: "zeros-in-time", Title: "timestamps are printed with leading zeros", Breaks: "REP-009",
			Apply: func(b *Behaviour) {
				wording := b.Time
				b.Time = func(t int64) string {
					text, minus := strings.CutPrefix(wording(t), "-")
					text = strings.Repeat("0", max(0, 10-len(text))) + text
					if minus {
						return "-" + text
					}
					return text
				}
			},
		},
	}
}

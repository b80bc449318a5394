package mutant

import (
	"math"
	"math/big"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"github.com/putget-protocol/putget/conformance/oracle"
)

// wordingFaults break sections 4.4 and 4.5 too.
func wordingFaults() []Fault {
	return append(valueFaults(), timeFaults()...)
}

func valueFaults() []Fault {
	return slices.Concat(valueFormFaults(), valueLetterFaults(), valueWrongFaults())
}

// valueFormFaults read right values wrongly.
func valueFormFaults() []Fault {
	return []Fault{
		{
			ID: "no-minus", Title: "negative values are wrong", Breaks: "VAL-001", Core: true,
			Apply: refuse(func(line string) bool { return value(line, strings.HasPrefix, "-") }),
		},
		{
			ID: "one-sided-point", Title: "a point with digits on one side alone is wrong", Breaks: "VAL-002",
			Apply: refuse(func(line string) bool {
				return value(line, func(v, p string) bool { return regexp.MustCompile(p).MatchString(v) }, `^[+-]?(\.|[0-9]+\.([eE]|$))`)
			}),
		},
		{
			ID: "ties-away", Title: "a decimal between two doubles becomes the one that is farther from zero", Breaks: "VAL-003", Core: true,
			Apply: valuesBecome(func(token string) (float64, bool) {
				v, err := strconv.ParseFloat(token, 64)
				if err != nil || math.Abs(v) < 1e-300 || len(token) > 40 {
					return 0, false
				}
				exact, ok := new(big.Rat).SetString(token)
				if !ok {
					return 0, false
				}
				away := math.Nextafter(v, math.Copysign(math.Inf(1), v))
				if math.IsInf(away, 0) {
					return 0, false
				}
				middle := new(big.Rat).Add(new(big.Rat).SetFloat64(v), new(big.Rat).SetFloat64(away))
				return away, middle.Quo(middle, big.NewRat(2, 1)).Cmp(exact) == 0
			}),
		},
		{
			ID: "no-underflow", Title: "a value that rounds to zero is wrong", Breaks: "VAL-004", Causes: []string{"VAL-003"},
			Apply: refuse(func(line string) bool {
				return value(line, func(v, _ string) bool {
					f, err := strconv.ParseFloat(v, 64)
					digits, _, _ := strings.Cut(strings.ToLower(v), "e")
					return err == nil && f == 0 && strings.ContainsAny(digits, "123456789")
				}, "")
			}),
		},
	}
}

// valueLetterFaults take letters, and what is too large.
func valueLetterFaults() []Fault {
	return []Fault{
		{
			ID: "keeps-letters", Title: "a value of letters is stored and shown as it is", Breaks: "VAL-005", Causes: []string{"VAL-007", "REP-005"}, Core: true,
			Apply: func(b *Behaviour) {
				next, wording := b.Parse, b.Value
				letters := regexp.MustCompile(`\A[A-Za-z]+\z`)
				b.Parse = func(line []byte) (oracle.Request, bool) {
					tokens := strings.Fields(string(line))
					if len(tokens) != 4 || tokens[0] != "put" || !letters.MatchString(tokens[2]) {
						return next(line)
					}
					tokens[2] = "0"
					req, right := next([]byte(strings.Join(tokens, " ")))
					req.Value = math.NaN()
					return req, right
				}
				b.Value = func(v float64) string {
					if math.IsNaN(v) {
						return "abc"
					}
					return wording(v)
				}
			},
		},
		{
			ID: "overflow-is-zero", Title: "a value that is too large is taken for zero", Breaks: "VAL-006",
			Apply: lenient(2, func(token string) string {
				if v, err := strconv.ParseFloat(token, 64); err != nil && math.IsInf(v, 0) && !strings.ContainsAny(token, "xX_") {
					return "0"
				}
				return token
			}),
		},
	}
}

// valueWrongFaults take other wrong values, or answer them in a wrong way.
func valueWrongFaults() []Fault {
	return []Fault{
		{
			ID: "nan-is-zero", Title: "nan is taken", Breaks: "VAL-007",
			Apply: lenient(2, func(token string) string {
				if strings.EqualFold(strings.TrimLeft(token, "+-"), "nan") {
					return "0"
				}
				return token
			}),
		},
		{
			ID: "separators", Title: "underscores between the digits of a value are taken", Breaks: "VAL-007",
			Apply: lenient(2, func(token string) string { return strings.ReplaceAll(token, "_", "") }),
		},
		{
			ID: "number-before-rest", Title: "what follows the number in a value is dropped", Breaks: "VAL-007", Causes: []string{"VAL-006", "LEX-006", "LEX-008"},
			Apply: lenient(2, func(token string) string {
				if number := regexp.MustCompile(`\A[+-]?([0-9]+\.?[0-9]*|\.[0-9]+)`).FindString(token); number != "" {
					return number
				}
				return token
			}),
		},
		{
			ID: "bad-value-closes", Title: "a value of letters ends the session without an answer", Breaks: "ERR-008", Causes: []string{"ERR-001", "LEX-009"}, Core: true,
			Apply: unanswered(badValue, Close),
		},
		{
			ID: "bad-value-unanswered", Title: "a value of letters is not answered", Breaks: "ERR-001", Causes: []string{"VAL-005", "REP-001", "FRM-005"}, Core: true,
			Apply: unanswered(badValue, GoOn),
		},
	}
}

// badValue reports whether a line is a put with a value of letters.
func badValue(line string) bool {
	tokens := strings.Fields(line)
	return len(tokens) == 4 && tokens[0] == "put" && regexp.MustCompile(`\A[A-Za-z]+\z`).MatchString(tokens[2])
}

// unanswered returns a fault that does not answer some wrong lines.
func unanswered(is func(line string) bool, then Then) func(*Behaviour) {
	return func(b *Behaviour) {
		wrong, after := b.Wrong, b.After
		b.Wrong = func(s *Session, line []byte) string {
			if is(string(line)) {
				return ""
			}
			return wrong(s, line)
		}
		b.After = func(line []byte, right bool) Then {
			if !right && is(string(line)) {
				return then
			}
			return after(line, right)
		}
	}
}

// valuesBecome returns a fault that stores another value for some tokens.
func valuesBecome(change func(token string) (float64, bool)) func(*Behaviour) {
	return func(b *Behaviour) {
		next := b.Parse
		b.Parse = func(line []byte) (oracle.Request, bool) {
			req, right := next(line)
			if tokens := strings.Fields(string(line)); right && req.Verb == oracle.Put {
				if v, changed := change(tokens[2]); changed {
					req.Value = v
				}
			}
			return req, right
		}
	}
}

func timeFaults() []Fault {
	return slices.Concat(timeFormFaults(), timeWrongFaults())
}

// timeFormFaults read right timestamps wrongly.
func timeFormFaults() []Fault {
	return []Fault{
		{
			ID: "time-32-bits", Title: "timestamps above 2147483647 are wrong", Breaks: "TIM-001", Causes: []string{"TIM-002", "PUT-001"}, Core: true,
			Apply: refuse(func(line string) bool {
				req, _ := oracle.ParseRequest([]byte(line))
				return req.Timestamp > math.MaxInt32
			}),
		},
		{
			ID: "zero-time-lost", Title: "a put at timestamp 0 is answered with ok and not stored", Breaks: "TIM-001", Causes: []string{"PUT-002", "TIM-003"}, Core: true,
			Apply: func(b *Behaviour) {
				insert := b.Insert
				b.Insert = func(st *Store, key string, s oracle.Sample) {
					if s.Timestamp != 0 {
						insert(st, key, s)
					}
				}
			},
		},
		{
			ID: "time-is-double", Title: "timestamps are kept as doubles", Breaks: "TIM-002",
			Apply: func(b *Behaviour) {
				insert := b.Insert
				b.Insert = func(st *Store, key string, s oracle.Sample) {
					if t := float64(s.Timestamp); math.Abs(t) < 1<<62 {
						s.Timestamp = int64(t)
					}
					insert(st, key, s)
				}
			},
		},
		{
			ID: "no-time-sign", Title: "timestamps with a sign or leading zeros are wrong", Breaks: "TIM-003", Causes: []string{"TIM-002", "REP-009"},
			Apply: refuse(func(line string) bool {
				return timestamp(line, func(t, _ string) bool { return strings.HasPrefix(t, "+") || len(t) > 1 && strings.HasPrefix(t, "0") }, "")
			}),
		},
	}
}

// timeWrongFaults take timestamps as text, or wrong ones.
func timeWrongFaults() []Fault {
	return []Fault{
		{
			ID: "time-is-text", Title: "7 and 007 are two timestamps", Breaks: "TIM-003",
			Apply: func(b *Behaviour) {
				next, insert, odd := b.Parse, b.Insert, false
				b.Parse = func(line []byte) (oracle.Request, bool) {
					odd = timestamp(string(line), func(t, _ string) bool {
						return strings.HasPrefix(strings.TrimLeft(t, "+-"), "0") && len(t) > 1 || strings.HasPrefix(t, "+")
					}, "")
					return next(line)
				}
				b.Insert = func(st *Store, key string, s oracle.Sample) {
					if odd {
						st.add(key, s)
						return
					}
					insert(st, key, s)
				}
			},
		},
		{
			ID: "time-letters-are-zero", Title: "a timestamp of letters is taken for 0", Breaks: "TIM-004", Core: true,
			Apply: lenient(3, func(token string) string {
				if regexp.MustCompile(`\A[A-Za-z]+\z`).MatchString(token) {
					return "0"
				}
				return token
			}),
		},
		{
			ID: "time-wraps", Title: "a timestamp beyond 64 bits wraps around", Breaks: "TIM-005",
			Apply: lenient(3, func(token string) string {
				if n, ok := new(big.Int).SetString(token, 10); ok && !strings.Contains(token, "_") {
					return strconv.FormatInt(int64(new(big.Int).And(n, new(big.Int).SetUint64(math.MaxUint64)).Uint64()), 10)
				}
				return token
			}),
		},
		{
			ID: "time-exponent", Title: "timestamps with an exponent are taken", Breaks: "TIM-006",
			Apply: lenient(3, func(token string) string {
				if v, err := strconv.ParseFloat(token, 64); err == nil && strings.ContainsAny(token, "eE") && !strings.ContainsAny(token, "xX") && v == math.Trunc(v) && math.Abs(v) < 1e18 {
					return strconv.FormatInt(int64(v), 10)
				}
				return token
			}),
		},
		{
			ID: "time-separators", Title: "underscores between the digits of a timestamp are taken", Breaks: "TIM-006",
			Apply: lenient(3, func(token string) string { return strings.ReplaceAll(token, "_", "") }),
		},
	}
}

package mutant

import (
	"regexp"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/putget-protocol/putget/conformance/oracle"
)

// tokenFaults break sections 4.1 to 4.3 too.
func tokenFaults() []Fault {
	return slices.Concat(spaceFaults(), characterFaults(), keyFaults())
}

func spaceFaults() []Fault {
	return []Fault{
		{
			ID: "no-space-at-begin", Title: "a space before the first token is wrong", Breaks: "LEX-002",
			Apply: refuse(func(line string) bool { return strings.HasPrefix(line, " ") && strings.Trim(line, " \r") != "" }),
		},
		{
			ID: "space-begins-key", Title: "a get with a double space asks for a key that begins with one", Breaks: "LEX-001",
			Apply: lookUp(func(line string) (string, bool) {
				key, found := strings.CutPrefix(line, "get  ")
				return " " + strings.TrimLeft(key, " "), found && strings.Trim(key, " ") != "" && !strings.HasPrefix(strings.TrimLeft(key, " "), "*")
			}),
		},
		{
			ID: "space-ends-key", Title: "a get with a space at its end asks for a key that ends in one", Breaks: "LEX-002", Causes: []string{"LIM-002", "FRM-002"},
			Apply: lookUp(func(line string) (string, bool) {
				key, found := strings.CutPrefix(line, "get ")
				return key, found && len(key) > 1 && strings.HasSuffix(key, " ") && !strings.HasPrefix(key, "*") && strings.Trim(key, " ") != ""
			}),
		},
	}
}

func characterFaults() []Fault {
	return slices.Concat(controlFaults(), encodingFaults())
}

// controlFaults take control characters and white space for something else.
func controlFaults() []Fault {
	return []Fault{
		{
			ID: "nul-ends-line", Title: "what follows NUL in a line is dropped", Breaks: "LEX-006",
			Apply: parse(func(line string) string { before, _, _ := strings.Cut(line, "\x00"); return before }),
		},
		{
			ID: "controls-in-keys", Title: "DEL and the controls of C1 are taken as characters of keys", Breaks: "LEX-006",
			Apply: parse(func(line string) string {
				return strings.Map(func(r rune) rune {
					if r == 0x7F || r >= 0x80 && r < 0xA0 && r != 0x85 {
						return '?'
					}
					return r
				}, strings.ToValidUTF8(line, "\x00"))
			}),
		},
		{
			ID: "cr-anywhere", Title: "CR is dropped wherever it stands in a line", Breaks: "LEX-006",
			Apply: parse(func(line string) string { return strings.ReplaceAll(line, "\r", "") }),
		},
		{
			ID: "spaces-trimmed", Title: "white space of every kind is trimmed at the ends of a line", Breaks: "LEX-007", Causes: []string{"LEX-006"},
			Apply: parse(func(line string) string {
				return strings.TrimFunc(line, func(r rune) bool { return unicode.IsSpace(r) && r != '\r' })
			}),
		},
	}
}

// encodingFaults are about which characters there are, and about bytes that are none.
func encodingFaults() []Fault {
	return []Fault{
		{
			ID: "surrogates", Title: "surrogates are taken for characters", Breaks: "LEX-008",
			Apply: parse(func(line string) string {
				for i := 0; i+2 < len(line); i++ {
					if line[i] == 0xED && line[i+1] >= 0xA0 && line[i+1] < 0xC0 && line[i+2]>>6 == 2 {
						line = line[:i] + "?" + line[i+3:]
					}
				}
				return line
			}),
		},
		{
			ID: "zero-width-wrong", Title: "characters without width are taken for white space", Breaks: "LEX-005", Causes: []string{"LEX-010"},
			Apply: refuse(func(line string) bool { return strings.ContainsAny(line, "\u200b\u180e\ufeff") }),
		},
		{
			ID: "words-only", Title: "keys with punctuation other than point, underscore and dash are wrong", Breaks: "LEX-005", Causes: []string{"LEX-014"},
			Apply: refuse(func(line string) bool {
				return strings.ContainsFunc(key(line), func(r rune) bool { return unicode.IsPunct(r) && !strings.ContainsRune("._-", r) && r < utf8.RuneSelf })
			}),
		},
		{
			ID: "sixteen-bits", Title: "characters above U+FFFF are wrong", Breaks: "LEX-005",
			Apply: refuse(func(line string) bool { return strings.ContainsFunc(line, func(r rune) bool { return r > 0xFFFF }) }),
		},
		{
			ID: "utf8-silences", Title: "after bytes that are not UTF-8 the session is never answered again", Breaks: "LEX-009",
			Apply: func(b *Behaviour) {
				b.After = func(line []byte, _ bool) Then {
					if !utf8.Valid(line) {
						return Silence
					}
					return GoOn
				}
			},
		},
		{
			ID: "utf8-spoils", Title: "after bytes that are not UTF-8 every request of the session is wrong", Breaks: "LEX-009",
			Apply: taking(func(s *Session, events []Event) []Event {
				for i := range events {
					if s.spoilt {
						events[i].Line = []byte("spoilt")
					}
					s.spoilt = s.spoilt || !utf8.Valid(events[i].Line)
				}
				return events
			}),
		},
	}
}

func keyFaults() []Fault {
	return []Fault{
		{
			ID: "no-dash", Title: "keys with a dash are wrong", Breaks: "LEX-004", Core: true,
			Apply: refuse(func(line string) bool { return strings.Contains(key(line), "-") }),
		},
		{
			ID: "normalises", Title: "keys are normalised", Breaks: "LEX-012", Causes: []string{"LEX-005"},
			Apply: parse(func(line string) string {
				return strings.NewReplacer("e\u0301", "\u00e9", "s\u0323\u0307", "\u1e69", "\u0307s\u0323", "\u1e69").Replace(line)
			}),
		},
		{
			ID: "star-is-pattern", Title: "a star in the key of a get is a pattern", Breaks: "LEX-014", Causes: []string{"GET-003", "FRM-004"},
			Apply: func(b *Behaviour) {
				find := b.Find
				b.Find = func(st *Store, key string) []oracle.Sample {
					if !strings.Contains(key, "*") {
						return find(st, key)
					}
					pattern := regexp.MustCompile(`\A` + strings.ReplaceAll(regexp.QuoteMeta(key), `\*`, `.*`) + `\z`)
					return matching(st, pattern.MatchString)
				}
			},
		},
		{
			ID: "substring-keys", Title: "a key answers for every key of which it is a part", Breaks: "LEX-011", Causes: []string{"GET-003", "LEX-014"}, Core: true,
			Apply: func(b *Behaviour) {
				b.Find = func(st *Store, key string) []oracle.Sample {
					return matching(st, func(other string) bool { return strings.Contains(other, key) })
				}
			},
		},
		{
			ID: "host-answers", Title: "a get shows the series of every key of the same host", Breaks: "GET-003", Causes: []string{"LEX-011"}, Core: true,
			Apply: func(b *Behaviour) {
				b.Find = func(st *Store, key string) []oracle.Sample {
					host := func(key string) string { return key[:max(0, strings.LastIndex(key, "."))] }
					if len(st.series[key]) == 0 {
						return nil
					}
					return matching(st, func(other string) bool { return other == key || host(key) != "" && host(other) == host(key) })
				}
			},
		},
		{
			ID: "cut-keys", Title: "keys are cut at 255 bytes", Breaks: "LIM-001", Causes: []string{"LIM-005"},
			Apply: func(b *Behaviour) {
				parse := b.Parse
				b.Parse = func(line []byte) (oracle.Request, bool) {
					req, right := parse(line)
					req.Key = req.Key[:min(len(req.Key), 255)]
					return req, right
				}
			},
		},
	}
}

// matching returns the samples of all keys that match.
func matching(st *Store, match func(key string) bool) []oracle.Sample {
	var found []oracle.Sample
	for _, key := range st.keys {
		if match(key) {
			found = append(found, st.of(key)...)
		}
	}
	return found
}

// key returns the key of a right request, or "".
func key(line string) string {
	req, _ := oracle.ParseRequest([]byte(line))
	return req.Key
}

// lookUp returns a fault that takes some right requests for a get of a key of its own.
func lookUp(find func(line string) (key string, is bool)) func(*Behaviour) {
	return func(b *Behaviour) {
		next := b.Parse
		b.Parse = func(line []byte) (oracle.Request, bool) {
			req, right := next(line)
			if key, is := find(string(line)); is && right {
				return oracle.Request{Verb: oracle.Get, Key: key}, true
			}
			return req, right
		}
	}
}

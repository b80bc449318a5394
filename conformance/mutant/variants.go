package mutant

import (
	"errors"
	"fmt"
	"io"
	"math"
	"math/rand/v2"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/putget-protocol/putget/conformance/oracle"
)

// errEnough ends a session from within Write.
var errEnough = errors.New("enough")

// worded writes values as strconv does.
func worded(format byte, precision int) func(*Behaviour) {
	return func(b *Behaviour) {
		b.Value = func(v float64) string { return strconv.FormatFloat(v, format, precision, 64) }
	}
}

// digits returns a fault that rounds values to so many digits when they are shown.
func digits(n int) func(*Behaviour) {
	return func(b *Behaviour) {
		wording := b.Value
		b.Value = func(v float64) string {
			rounded, err := strconv.ParseFloat(strconv.FormatFloat(v, 'g', n, 64), 64)
			if err != nil {
				return wording(v)
			}
			return wording(rounded)
		}
	}
}

func wordingVariants() []Variant {
	return []Variant{
		{ID: "scientific", Title: "values are printed with an exponent, always", Warns: []string{"REP-008"}, Apply: worded('e', -1)},
		{ID: "no-exponent-printed", Title: "values are printed with all their digits and no exponent", Warns: []string{"REP-008"}, Apply: worded('f', -1)},
		{ID: "seventeen", Title: "values are printed with up to seventeen digits", Warns: []string{"REP-008"}, Apply: worded('g', 17)},
		{
			ID: "odd-numbers", Title: "values are printed with a plus sign, zeros and an exponent of zero", Warns: []string{"REP-008"},
			Apply: func(b *Behaviour) {
				b.Value = func(v float64) string {
					text := "00" + strconv.FormatFloat(math.Abs(v), 'f', -1, 64)
					if !strings.Contains(text, ".") {
						text += "."
					}
					return map[bool]string{true: "-", false: "+"}[math.Signbit(v)] + text + "E+000"
				}
			},
		},
		{
			ID: "odd-times", Title: "timestamps are printed with a sign and leading zeros", Warns: []string{"REP-009"},
			Apply: func(b *Behaviour) { b.Time = func(t int64) string { return fmt.Sprintf("%+03d", t) } },
		},
		{
			ID: "echoes-text", Title: "a value comes back as the text that was sent", Warns: []string{"REP-008"},
			Apply: func(b *Behaviour) {
				next, texts := b.Parse, make(map[float64]string)
				b.Parse = func(line []byte) (oracle.Request, bool) {
					req, right := next(line)
					if right && req.Verb == oracle.Put {
						texts[req.Value] = strings.Fields(string(line))[2]
					}
					return req, right
				}
				b.Value = func(v float64) string { return texts[v] }
			},
		},
	}
}

func deliveryVariants() []Variant {
	return []Variant{
		{
			ID: "dribbles", Title: "replies come in pieces of a few bytes",
			Apply: func(b *Behaviour) {
				b.Write = func(s *Session, replies []string) error {
					rest, size := strings.Join(replies, ""), 1
					for len(rest) > 0 {
						piece := rest[:min(len(rest), size)]
						if err := s.write(piece); err != nil {
							return err
						}
						rest, size = rest[len(piece):], size%7+1
						if len(rest) > 4096 {
							size = 1000 // or a large reply takes too long
						}
					}
					return nil
				}
			},
		},
		{
			ID: "slow", Title: "every reply takes 50 ms",
			Apply: func(b *Behaviour) {
				b.Write = func(s *Session, replies []string) error {
					for _, reply := range replies {
						time.Sleep(50 * time.Millisecond)
						if err := s.write(reply); err != nil {
							return err
						}
					}
					return nil
				}
			},
		},
		{
			ID: "uneven", Title: "replies take up to 20 ms, each another time",
			Apply: func(b *Behaviour) {
				write := b.Write
				b.Write = func(s *Session, replies []string) error {
					time.Sleep(time.Duration(rand.IntN(20)) * time.Millisecond)
					return write(s, replies)
				}
			},
		},
		{
			ID: "idle-close", Title: "a session is closed after 3 seconds without a byte, as its documentation says",
			Apply: func(b *Behaviour) { b.Idle = 3 * time.Second },
		},
		{ID: "surplus-waits", Title: "200 sessions are served, the others wait", Apply: func(b *Behaviour) { b.AtOnce = 200 }},
		{ID: "surplus-closed", Title: "200 sessions are served, the others are closed without a byte", Apply: func(b *Behaviour) { b.Accept = atMost(200, Close) }},
		{ID: "surplus-reset", Title: "200 sessions are served, the others are reset", Apply: func(b *Behaviour) { b.Accept = atMost(200, Reset) }},
	}
}

func limitVariants() []Variant {
	return []Variant{
		{ID: "long-lines", Title: "lines of every length are taken", Apply: func(b *Behaviour) { b.MaxLine = math.MaxInt - 1 }},
		{ID: "least-lines", Title: "lines of 4,096 bytes are the longest that are taken", Apply: func(b *Behaviour) { b.MaxLine = oracle.MaxLine }},
		{
			ID: "least-keys", Title: "keys of 1,024 bytes are the longest that are taken",
			Apply: refuse(func(line string) bool { return len(key(line)) > oracle.MaxKey }),
		},
		{
			ID: "late-error", Title: "the error for a line that is too long comes when its LF has come",
			Apply: func(b *Behaviour) {
				b.MaxLine = math.MaxInt - 1
				next := b.Parse
				b.Parse = func(line []byte) (oracle.Request, bool) {
					if len(line) > oracle.MaxLine+1 {
						return oracle.Request{}, false
					}
					return next(line)
				}
			},
		},
		{ID: "long-line-drains", Title: "after a line that is too long the sending side ends, and the rest is read", Apply: func(b *Behaviour) { b.AfterLong = func() Then { return Drain } }},
		{
			ID: "long-line-closed", Title: "after a line that is too long the connection is closed at once", Warns: []string{"LIM-007"},
			Apply: func(b *Behaviour) { b.AfterLong = func() Then { return Close } },
		},
		{
			ID: "long-line-reset", Title: "after a line that is too long the connection is reset at once", Warns: []string{"LIM-007"},
			Apply: func(b *Behaviour) { b.AfterLong = func() Then { return Reset } },
		},
	}
}

func storeVariants() []Variant {
	return []Variant{
		{
			ID: "random-keys", Title: "get * shows the keys in another order each time",
			Apply: func(b *Behaviour) {
				b.All = func(st *Store) []oracle.Sample {
					var all []oracle.Sample
					keys := slices.Clone(st.keys)
					rand.Shuffle(len(keys), func(i, j int) { keys[i], keys[j] = keys[j], keys[i] })
					for _, key := range keys {
						all = append(all, st.of(key)...)
					}
					return all
				}
			},
		},
		{
			ID: "ungrouped", Title: "get * shows everything by timestamp, whatever the key", Warns: []string{"GET-007"},
			Apply: func(b *Behaviour) {
				all := b.All
				b.All = func(st *Store) []oracle.Sample { mixed := all(st); ascending(mixed); return mixed }
			},
		},
		{
			ID: "full", Title: "the store holds 100,000 samples of others, odd ones among them",
			Apply: func(b *Behaviour) {
				b.Prepare = func(st *Store) {
					odd := []string{"**", "*.cpu", "ok", "error", "put", "get", "\ufeff", "\u200b", "7", "-0", "a\u00e9", "ae\u0301", strings.Repeat("k", 1024), "\U0010FFFF", "pg.cpu"}
					for i := range 100_000 {
						key := fmt.Sprintf("host%d.cpu", i/100)
						if i/100 < len(odd) {
							key = odd[i/100]
						}
						st.add(key, oracle.Sample{Value: float64(i) / 3, Timestamp: int64(i%100) - 50})
					}
					for i, v := range []float64{math.MaxFloat64, 5e-324, math.Copysign(0, -1)} {
						st.add("extreme", oracle.Sample{Value: v, Timestamp: []int64{math.MinInt64, 0, math.MaxInt64}[i]})
					}
				}
			},
		},
		{
			ID: "sorted-keys", Title: "get * shows the keys in descending order",
			Apply: func(b *Behaviour) {
				all := b.All
				b.All = func(st *Store) []oracle.Sample {
					sorted := all(st)
					slices.SortStableFunc(sorted, func(a, b oracle.Sample) int { return strings.Compare(b.Key, a.Key) })
					return sorted
				}
			},
		},
	}
}

// coreVariants are right as far as level core goes.
func coreVariants() []Variant {
	return slices.Concat(segmentVariants(), lexisVariants(), otherCoreVariants())
}

// segmentVariants do not see where a request ends in a segment.
func segmentVariants() []Variant {
	return []Variant{
		{
			ID: "merging", CoreOnly: true, Title: "the replies to one segment are merged into one, and an empty line is answered with ok",
			Apply: func(b *Behaviour) {
				takenFor(map[string]string{"": "get nothing"})(b)
				b.Write = func(s *Session, replies []string) error {
					var lines strings.Builder
					for _, reply := range replies {
						_, rest, _ := strings.Cut(reply, "\n")
						lines.WriteString(strings.TrimSuffix(rest, "\n"))
					}
					status, _, _ := strings.Cut(replies[len(replies)-1], "\n")
					return s.write(status + "\n" + lines.String() + "\n")
				}
			},
		},
		{
			ID: "segment-wise", CoreOnly: true, Title: "one segment is taken for one request, whatever is in it",
			Apply: func(b *Behaviour) {
				b.Take = func(_ *Session, data []byte) []Event {
					return []Event{{Line: slices.Clone([]byte(strings.TrimSpace(string(data))))}}
				}
				b.Parse = func(line []byte) (oracle.Request, bool) {
					if tokens := strings.Fields(string(line)); len(tokens) > 0 && strings.Contains(string(line), "\n") {
						return oracle.Request{}, false
					}
					return oracle.ParseRequest(line)
				}
			},
		},
	}
}

// lexisVariants take more than the grammar allows, or less.
func lexisVariants() []Variant {
	return []Variant{
		{
			ID: "lenient", CoreOnly: true, Title: "every white space separates, words are taken in any case, and numbers as programming languages read them",
			Apply: func(b *Behaviour) {
				next := b.Parse
				b.Parse = func(line []byte) (oracle.Request, bool) {
					tokens := strings.Fields(strings.ToValidUTF8(string(line), "?"))
					if len(tokens) == 0 {
						return oracle.Request{Verb: oracle.Get, Key: "nothing"}, true
					}
					if !slices.Contains([]string{"put", "get"}, tokens[0]) {
						tokens[0] = strings.Replace(strings.Replace(tokens[0], "PUT", "put", 1), "GET", "get", 1)
					}
					if len(tokens) == 4 && tokens[0] == "put" {
						if v, err := strconv.ParseFloat(tokens[2], 64); err == nil {
							tokens[2] = oracle.FormatValue(min(max(v, -math.MaxFloat64), math.MaxFloat64))
						}
						tokens[3] = strings.ReplaceAll(tokens[3], "_", "")
					}
					return next([]byte(strings.Join(tokens, " ")))
				}
			},
		},
		{
			ID: "strict", CoreOnly: true, Title: "whatever is beyond core ends the session",
			Apply: func(b *Behaviour) {
				b.After = func(line []byte, _ bool) Then {
					if text := string(line); strings.ContainsFunc(text, func(r rune) bool { return r < ' ' || r > '~' }) ||
						strings.Contains(text, "  ") || strings.Trim(text, " ") != text || text == "" {
						return Close
					}
					return GoOn
				}
			},
		},
	}
}

// otherCoreVariants hold what no reply should show, or end early.
func otherCoreVariants() []Variant {
	return []Variant{
		{
			ID: "nan-of-others", CoreOnly: true, Title: "the store holds samples of others that no reply should hold",
			Apply: func(b *Behaviour) {
				b.Prepare = func(st *Store) {
					for i, key := range []string{"*", "a", "", "\xff", "b c"} {
						st.add(key, oracle.Sample{Value: []float64{math.NaN(), math.Inf(1)}[i%2], Timestamp: 7})
						st.add(key, oracle.Sample{Value: 1.5, Timestamp: 7})
						st.add(key, oracle.Sample{Value: 2.5, Timestamp: 6})
					}
				}
				b.Sort, b.SortAll = ascendingOwn, ascendingOwn
				wording := b.Value
				b.Value = func(v float64) string {
					if math.IsNaN(v) || math.IsInf(v, 0) {
						return strings.ToLower(fmt.Sprint(v))
					}
					return wording(v)
				}
			},
		},
		{
			ID: "ends-at-half-close", CoreOnly: true, Title: "a half-close ends the session at once",
			Apply: func(b *Behaviour) {
				b.Write = func(s *Session, replies []string) error {
					if len(replies) > 1 {
						return io.EOF
					}
					return s.write(strings.Join(replies, ""))
				}
			},
		},
	}
}

// ascendingOwn leaves the series of keys of one letter, or none, as they are.
func ascendingOwn(s []oracle.Sample) {
	if len(s) > 0 && len(s[0].Key) > 3 {
		ascending(s)
	}
}

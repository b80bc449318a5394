package mutant

import (
	"errors"
	"fmt"
	"math"
	"strings"
	"unicode"

	"github.com/putget-protocol/putget/conformance/oracle"
)

// passes returns a fault that does not check the keys for which it holds.
func passes(pass func(c *Client, key string) bool) func(*ClientBehaviour) {
	return func(b *ClientBehaviour) {
		check := b.Key
		b.Key = func(c *Client, key string) (string, error) {
			if pass(c, key) {
				return key, nil
			}
			return check(c, key)
		}
	}
}

func holds(set string) func(c *Client, key string) bool {
	return func(_ *Client, key string) bool { return strings.ContainsAny(key, set) }
}

// sentKeyFaults break CLI-011.
func sentKeyFaults() []ClientFault {
	return []ClientFault{
		{ID: "keys-unchecked", Title: "keys are not checked", Breaks: "CLI-011", Causes: []string{"CLI-005", "CLI-006"}, Apply: passes(func(*Client, string) bool { return true })},
		{ID: "get-keys-unchecked", Title: "the keys of gets are not checked", Breaks: "CLI-011", Causes: []string{"CLI-006"}, Apply: passes(func(c *Client, _ string) bool { return c.verb == oracle.Get })},
		{ID: "put-keys-unchecked", Title: "the keys of puts are not checked", Breaks: "CLI-011", Causes: []string{"CLI-005"}, Apply: passes(func(c *Client, _ string) bool { return c.verb == oracle.Put })},
		{ID: "spaces-pass", Title: "keys with spaces are sent", Breaks: "CLI-011", Causes: []string{"CLI-005", "CLI-006"}, Apply: passes(holds(" "))},
		{ID: "newlines-pass", Title: "keys with a newline are sent", Breaks: "CLI-011", Causes: []string{"CLI-005", "CLI-006"}, Apply: passes(holds("\n"))},
		{ID: "tabs-pass", Title: "keys with a tab are sent", Breaks: "CLI-011", Causes: []string{"CLI-005", "CLI-006"}, Apply: passes(holds("\t"))},
		{
			ID: "controls-pass", Title: "keys with control characters that are no white space are sent", Breaks: "CLI-011", Causes: []string{"CLI-005", "CLI-006"},
			Apply: passes(func(_ *Client, key string) bool {
				return strings.ContainsFunc(key, func(r rune) bool { return unicode.IsControl(r) && !unicode.IsSpace(r) })
			}),
		},
		{
			ID: "wide-spaces-pass", Title: "keys with white space beyond ASCII are sent", Breaks: "CLI-011", Causes: []string{"CLI-005", "CLI-006"},
			Apply: passes(func(_ *Client, key string) bool {
				return strings.ContainsFunc(key, func(r rune) bool { return r > 0x9F && unicode.IsSpace(r) })
			}),
		},
		{ID: "empty-key-passes", Title: "the empty key is sent", Breaks: "CLI-011", Causes: []string{"CLI-005", "CLI-006"}, Apply: passes(func(_ *Client, key string) bool { return key == "" })},
		{ID: "star-is-put", Title: "a put of the key * is sent", Breaks: "CLI-011", Causes: []string{"CLI-005"}, Apply: passes(func(_ *Client, key string) bool { return key == "*" })},
		{
			ID: "keys-mended", Title: "white space in keys is replaced before they are sent", Breaks: "CLI-011", Causes: []string{"CLI-005", "CLI-006"},
			Apply: func(b *ClientBehaviour) {
				check := b.Key
				b.Key = func(c *Client, key string) (string, error) {
					return check(c, strings.Join(strings.FieldsFunc(key, unicode.IsSpace), "_"))
				}
			},
		},
		{ID: "bad-key-bare", Title: "a key that is none raises a bare error", Breaks: "CLI-011", Apply: bare(BadKey)},
		{
			ID: "bad-key-returns", Title: "a put of a key that is none returns as if it was done", Breaks: "CLI-011",
			Apply: returnsAt(BadKey),
		},
	}
}

// returnsAt returns a fault that swallows failures of a stage: the call returns.
func returnsAt(at Stage) func(*ClientBehaviour) {
	return func(b *ClientBehaviour) {
		fail := b.Fail
		b.Fail = func(c *Client, stage Stage, err error) error {
			if stage == at {
				return nil
			}
			return fail(c, stage, err)
		}
	}
}

// finiteFaults break CLI-012.
func finiteFaults() []ClientFault {
	value := func(check func(v float64) (float64, error)) func(*ClientBehaviour) {
		return func(b *ClientBehaviour) { b.CheckValue = check }
	}
	return []ClientFault{
		{ID: "infinity-sent", Title: "infinity is sent as inf", Breaks: "CLI-012", Causes: []string{"CLI-005", "CLI-007"}, Apply: func(b *ClientBehaviour) {
			value(func(v float64) (float64, error) { return v, nil })(b)
			b.Value = func(v float64) string {
				if math.IsInf(v, 0) {
					return strings.ToLower(fmt.Sprint(v))
				}
				return oracle.FormatValue(v)
			}
		}},
		{ID: "infinity-is-largest", Title: "infinity is sent as the largest double", Breaks: "CLI-012", Apply: value(func(v float64) (float64, error) {
			return min(math.MaxFloat64, max(-math.MaxFloat64, v)), nil
		})},
		{ID: "minus-infinity-sent", Title: "only +infinity is refused", Breaks: "CLI-012", Causes: []string{"CLI-005", "CLI-007"}, Apply: value(func(v float64) (float64, error) {
			if math.IsInf(v, 1) {
				return 0, errors.New("the value is infinite")
			}
			return v, nil
		})},
		{ID: "infinity-bare", Title: "infinity raises a bare error", Breaks: "CLI-012", Apply: bare(BadValue)},
		{ID: "infinity-returns", Title: "a put of infinity returns as if it was done", Breaks: "CLI-012", Apply: returnsAt(BadValue)},
	}
}

// timeRangeFaults break CLI-013.
func timeRangeFaults() []ClientFault {
	beyond := func(change func(text string) (string, bool)) func(*ClientBehaviour) {
		return func(b *ClientBehaviour) {
			check := b.Time
			b.Time = func(c *Client, text string) (string, error) {
				checked, err := check(c, text)
				if err == nil {
					return checked, nil
				}
				if other, sent := change(text); sent {
					return other, nil
				}
				return checked, err
			}
		}
	}
	digits := func(text string) bool { return strings.Trim(text, "-0123456789") == "" }
	return []ClientFault{
		{ID: "large-times-sent", Title: "timestamps beyond 64 bits are sent", Breaks: "CLI-013", Causes: []string{"CLI-005"}, Apply: beyond(func(text string) (string, bool) { return text, digits(text) })},
		{ID: "large-times-wrap", Title: "timestamps beyond 64 bits wrap", Breaks: "CLI-013", Apply: beyond(func(text string) (string, bool) {
			return oracle.FormatTimestamp(math.MinInt64), digits(text)
		})},
		{ID: "fractions-cut-off", Title: "the fraction of a timestamp is cut off", Breaks: "CLI-013", Apply: beyond(func(text string) (string, bool) {
			whole, _, found := strings.Cut(text, ".")
			return whole, found
		})},
		{ID: "bad-time-bare", Title: "a timestamp that is none raises a bare error", Breaks: "CLI-013", Apply: bare(BadTime)},
		{ID: "bad-time-returns", Title: "a put with a timestamp that is none returns as if it was done", Breaks: "CLI-013", Apply: returnsAt(BadTime)},
	}
}

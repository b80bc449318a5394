package mutant

import (
	"errors"
	"strings"
	"unicode"
)

// coreClients are right as far as level core goes.
func coreClients() []ClientVariant {
	return []ClientVariant{
		{ID: "checks-nothing", CoreOnly: true, Title: "arguments are sent as they are", Apply: func(b *ClientBehaviour) {
			passes(func(*Client, string) bool { return true })(b)
			b.CheckValue = func(v float64) (float64, error) { return v, nil }
			b.Time = func(_ *Client, text string) (string, error) { return text, nil }
		}},
		{ID: "ascii-only", CoreOnly: true, Title: "keys that are not ASCII and negative timestamps are refused", Apply: func(b *ClientBehaviour) {
			check, time := b.Key, b.Time
			b.Key = func(c *Client, key string) (string, error) {
				if strings.ContainsFunc(key, func(r rune) bool { return r > unicode.MaxASCII }) {
					return "", errors.New("the key is not ASCII")
				}
				return check(c, key)
			}
			b.Time = func(c *Client, text string) (string, error) {
				if strings.HasPrefix(text, "-") {
					return "", errors.New("the timestamp is negative")
				}
				return time(c, text)
			}
		}},
		{ID: "one-read", CoreOnly: true, Title: "a reply is what one read brings, and has to be whole", Apply: func(b *ClientBehaviour) {
			b.Receive = func(c *Client) ([]byte, *failure) {
				if f := c.read(readSize); f != nil {
					return nil, f
				}
				reply, found := c.whole()
				if !found {
					return nil, &failure{Broken, errors.New("the reply is not whole")}
				}
				c.pending, c.looked = nil, 0
				return reply, nil
			}
		}},
		{ID: "keeps-everything", CoreOnly: true, Title: "the connection is used again whatever happened to it", Apply: func(b *ClientBehaviour) {
			b.After = func(*Client, Stage) {}
		}},
		{ID: "reads-leniently", CoreOnly: true, Title: "CR LF, a status in upper case, any white space and odd numbers are read", Apply: func(b *ClientBehaviour) {
			for _, id := range []string{"crlf-read", "status-of-any-case", "two-spaces-read", "line-trimmed", "tabs-separate-fields", "nan-read", "infinity-read", "overflow-read", "hexadecimal-read", "underscores-read", "time-fraction-read", "large-time-read", "star-read-as-key", "bad-bytes-replaced", "odd-keys-read"} {
				f, _ := FindClientFault(id)
				f.Apply(b)
			}
		}},
		{ID: "bare-beyond-core", CoreOnly: true, Title: "arguments that are wrong, and calls after the end of a connection, raise bare errors", Apply: bare(BadKey, BadValue, BadTime, Unusable)},
		{ID: "reads-plain-numbers", CoreOnly: true, Title: "numbers with plus signs, leading zeros or one-sided points are not read", Apply: func(b *ClientBehaviour) {
			for _, id := range []string{"plus-value-unread", "plus-time-unread", "one-sided-unread", "zeros-unread"} {
				f, _ := FindClientFault(id)
				f.Apply(b)
			}
		}},
		{ID: "drops-unasked", CoreOnly: true, Title: "what has come before a request is dropped", Apply: func(b *ClientBehaviour) {
			f, _ := FindClientFault("unasked-dropped")
			f.Apply(b)
		}},
	}
}

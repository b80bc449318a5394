package mutant

import (
	"bytes"
	"errors"
	"math"
	"regexp"
	"strings"
	"unicode/utf8"

	"github.com/putget-protocol/putget/conformance/oracle"
)

// brokenFaults break CLI-022.
func brokenFaults() []ClientFault {
	status := func(change func(status string) string) func(*ClientBehaviour) {
		return rewritten(func(reply string) string {
			first, rest, _ := strings.Cut(reply, "\n")
			return change(first) + "\n" + rest
		})
	}
	return []ClientFault{
		{ID: "okay-is-ok", Title: "a status that begins with ok is ok", Breaks: "CLI-022", Causes: []string{"CLI-027"}, Core: true, Apply: status(func(s string) string {
			if strings.HasPrefix(s, "ok") {
				return "ok"
			}
			return s
		})},
		{ID: "any-status-is-ok", Title: "every status but error is ok", Breaks: "CLI-022", Causes: []string{"CLI-027", "CLI-030"}, Core: true, Apply: func(b *ClientBehaviour) {
			status(func(s string) string {
				if s != "error" {
					return "ok"
				}
				return s
			})(b)
			patient(b)
		}},
		{ID: "status-not-needed", Title: "a reply without a status is taken for ok", Breaks: "CLI-022", Core: true, Apply: func(b *ClientBehaviour) {
			rewritten(func(reply string) string {
				if first, _, _ := strings.Cut(reply, "\n"); len(strings.Fields(first)) == 3 {
					return "ok\n" + reply
				}
				return reply
			})(b)
			patient(b)
		}},
	}
}

// brokenLineFaults break CLI-022 in sample lines.
func brokenLineFaults() []ClientFault {
	numbers := regexp.MustCompile(`^[+-]?[0-9.]`)
	return []ClientFault{
		{ID: "fourth-field-ignored", Title: "a fourth field is ignored", Breaks: "CLI-022", Causes: []string{"CLI-027"}, Core: true, Apply: fielded(func(f []string) []string { return f[:3] })},
		{ID: "short-lines-dropped", Title: "sample lines with too few fields are dropped", Breaks: "CLI-022", Core: true, Apply: sampled(func(line string) string {
			if len(strings.Fields(line)) < 3 {
				return ""
			}
			return line
		})},
		{ID: "bad-lines-dropped", Title: "sample lines that cannot be read are dropped", Breaks: "CLI-022", Causes: []string{"CLI-027"}, Core: true, Apply: sampled(func(line string) string {
			if _, m := oracle.ParseReply([]byte("ok\n" + line + "\n\n")); m != nil {
				return ""
			}
			return line
		})},
		{ID: "letters-read-as-zero", Title: "a value that is no number is read as 0", Breaks: "CLI-022", Causes: []string{"CLI-027"}, Core: true, Apply: fielded(func(f []string) []string {
			if !numbers.MatchString(f[1]) && f[1] != "" {
				f[1] = "0"
			}
			return f
		})},
		{ID: "time-letters-read-as-zero", Title: "a timestamp that is no number is read as 0", Breaks: "CLI-022", Causes: []string{"CLI-027"}, Core: true, Apply: fielded(func(f []string) []string {
			if !numbers.MatchString(f[2]) && f[2] != "" {
				f[2] = "0"
			}
			return f
		})},
		{ID: "broken-bare", Title: "a reply that is not of the form raises a bare error", Breaks: "CLI-022", Causes: []string{"CLI-027"}, Core: true, Apply: bare(Broken)},
		{ID: "fields-bare", Title: "a sample line with another number of fields raises a bare error", Breaks: "CLI-022", Causes: []string{"CLI-027"}, Core: true, Apply: raises(`^\S+( \S+)?$|^\S+ \S+ \S+ `, true)},
		{ID: "letters-bare", Title: "a number of letters raises a bare error", Breaks: "CLI-022", Causes: []string{"CLI-027"}, Core: true, Apply: raises(`^\S+ ([^0-9.+-]\S* \S+|\S+ [^0-9+-]\S*)$`, true)},
	}
}

// patient makes a client wait for the end of whatever comes: nothing is hopeless.
func patient(b *ClientBehaviour) {
	b.Receive = func(c *Client) ([]byte, *failure) {
		for {
			if reply, found := c.whole(); found {
				return reply, nil
			}
			if f := c.read(readSize); f != nil {
				return nil, f
			}
		}
	}
}

// pieces returns a fault that looks at each piece that is read and says what goes
// wrong.
func pieces(look func(c *Client, nth int, piece []byte) *failure) func(*ClientBehaviour) {
	return func(b *ClientBehaviour) {
		b.Receive = func(c *Client) ([]byte, *failure) {
			for nth := 1; ; nth++ {
				if reply, found := c.whole(); found {
					return reply, nil
				}
				before := len(c.pending)
				if f := c.read(readSize); f != nil {
					return nil, f
				}
				if f := look(c, nth, c.pending[before:]); f != nil {
					return nil, f
				}
			}
		}
	}
}

// pieceFaults break CLI-025.
func pieceFaults() []ClientFault {
	short := &failure{Broken, errors.New("the reply is too short")}
	return []ClientFault{
		{ID: "one-read-fails", Title: "a reply that does not come in one piece is refused", Breaks: "CLI-025", Causes: []string{"CLI-026"}, Apply: pieces(func(c *Client, _ int, _ []byte) *failure {
			if oracle.ReplyEnd(c.pending) < 0 {
				return short
			}
			return nil
		})},
		{ID: "two-reads-fail", Title: "a reply that comes in more than two pieces is refused", Breaks: "CLI-025", Causes: []string{"CLI-026"}, Apply: pieces(func(c *Client, nth int, _ []byte) *failure {
			if nth >= 2 && oracle.ReplyEnd(c.pending) < 0 {
				return short
			}
			return nil
		})},
		{ID: "one-read-is-whole", Title: "what comes in one piece is taken for the whole reply", Breaks: "CLI-023", Causes: []string{"CLI-024", "CLI-025", "CLI-026"}, Core: true, Apply: func(b *ClientBehaviour) {
			b.Receive = func(c *Client) ([]byte, *failure) {
				if reply, found := c.whole(); found {
					return reply, nil
				}
				if f := c.read(4 << 10); f != nil {
					return nil, f
				}
				if reply, found := c.whole(); found {
					return reply, nil
				}
				return soFar(c), nil
			}
		}},
		{ID: "characters-of-pieces", Title: "each piece is decoded by itself, so that a character that is cut raises a bare error", Breaks: "CLI-025", Causes: []string{"CLI-020", "CLI-026", "CLI-027"}, Apply: func(b *ClientBehaviour) {
			pieces(func(_ *Client, _ int, piece []byte) *failure {
				if !utf8.Valid(piece) {
					panic("UnicodeDecodeError: 'utf-8' codec can't decode byte: unexpected end of data")
				}
				return nil
			})(b)
		}},
		{ID: "status-in-first-piece", Title: "the status is looked for in the first piece", Breaks: "CLI-025", Apply: pieces(func(_ *Client, nth int, piece []byte) *failure {
			if nth == 1 && !bytes.HasPrefix(piece, []byte("ok\n")) && !bytes.HasPrefix(piece, []byte("error\n")) {
				return &failure{Broken, errors.New("the status is another word")}
			}
			return nil
		})},
		{ID: "end-in-one-piece", Title: "the two newlines at the end are seen in one piece only", Breaks: "CLI-025", Apply: pieces(func(c *Client, _ int, piece []byte) *failure {
			if oracle.ReplyEnd(c.pending) >= 0 && oracle.ReplyEnd(piece) < 0 {
				c.hang()
			}
			return nil
		})},
		{ID: "pieces-trimmed", Title: "the white space around each piece is dropped", Breaks: "CLI-025", Causes: []string{"CLI-026", "CLI-027"}, Apply: piecesTrimmed},
	}
}

// piecesTrimmed joins pieces without the white space around them.
func piecesTrimmed(b *ClientBehaviour) {
	b.Receive = func(c *Client) ([]byte, *failure) {
		var joined []byte
		for {
			if f := c.read(readSize); f != nil {
				return nil, f
			}
			piece := c.take(len(c.pending))
			joined = append(joined, bytes.Trim(piece, " \n")...)
			if bytes.HasSuffix(piece, []byte("\n\n")) || bytes.Equal(piece, []byte("\n")) {
				return append(joined, "\n\n"...), nil
			}
		}
	}
}

// sizeFaults break CLI-026.
func sizeFaults() []ClientFault {
	upTo := func(limit int) func(*ClientBehaviour) {
		return func(b *ClientBehaviour) {
			next := b.Decode
			b.Decode = func(c *Client, reply []byte) (oracle.Reply, error) {
				if len(reply) > limit {
					return oracle.Reply{}, errors.New("the reply is too large")
				}
				return next(c, reply)
			}
		}
	}
	return []ClientFault{
		{ID: "refuses-64-kilobytes", Title: "a reply of more than 64 KiB is refused", Breaks: "CLI-026", Apply: upTo(64 << 10)},
		{ID: "refuses-512-kilobytes", Title: "a reply of more than 512 KiB is refused", Breaks: "CLI-026", Apply: upTo(512 << 10)},
		{ID: "five-thousand-samples", Title: "the samples of a reply behind the first 5,000 are dropped", Breaks: "CLI-026", Apply: results(func(_ *Client, samples []oracle.Sample) []oracle.Sample {
			return samples[:min(len(samples), 5000)]
		})},
		{ID: "large-cut", Title: "a reply is cut at the last line of its first 64 KiB", Breaks: "CLI-026", Apply: rewritten(func(reply string) string {
			if len(reply) <= 64<<10 {
				return reply
			}
			return reply[:strings.LastIndexByte(reply[:64<<10], '\n')+1] + "\n"
		})},
	}
}

// grammarFaults break CLI-027 in what separates.
func grammarFaults() []ClientFault {
	return []ClientFault{
		{ID: "crlf-read", Title: "a CR before LF is dropped", Breaks: "CLI-027", Apply: func(b *ClientBehaviour) {
			b.Receive = func(c *Client) ([]byte, *failure) {
				for {
					c.pending, c.looked = bytes.ReplaceAll(c.pending, []byte("\r\n"), []byte("\n")), 0
					if reply, found := c.whole(); found {
						return reply, nil
					}
					if f := c.read(readSize); f != nil {
						return nil, f
					}
				}
			}
		}},
		{ID: "status-of-any-case", Title: "the status is read in any case", Breaks: "CLI-027", Apply: func(b *ClientBehaviour) {
			patient(b)
			rewritten(func(reply string) string {
				first, rest, _ := strings.Cut(reply, "\n")
				if lower := strings.ToLower(first); lower == "ok" || lower == "error" {
					first = lower
				}
				return first + "\n" + rest
			})(b)
		}},
		{ID: "status-trimmed", Title: "spaces around the status are dropped", Breaks: "CLI-027", Apply: func(b *ClientBehaviour) {
			patient(b)
			rewritten(func(reply string) string {
				first, rest, _ := strings.Cut(reply, "\n")
				return strings.Trim(first, " ") + "\n" + rest
			})(b)
		}},
		{ID: "two-spaces-read", Title: "several spaces between fields are one", Breaks: "CLI-027", Apply: sampled(func(line string) string {
			before, text := "", strings.TrimLeft(line, " ")
			before = line[:len(line)-len(text)]
			after := text[len(strings.TrimRight(text, " ")):]
			return before + strings.Join(strings.FieldsFunc(text, func(r rune) bool { return r == ' ' }), " ") + after
		})},
		{ID: "line-trimmed", Title: "spaces around a sample line are dropped", Breaks: "CLI-027", Apply: sampled(func(line string) string { return strings.Trim(line, " ") })},
		{ID: "tabs-separate-fields", Title: "tabs separate fields too", Breaks: "CLI-027", Apply: sampled(func(line string) string { return strings.ReplaceAll(line, "\t", " ") })},
	}
}

// replyNumberFaults break CLI-027 in numbers.
func replyNumberFaults() []ClientFault {
	becomes := func(field int, pattern, other string) func(*ClientBehaviour) {
		matches := regexp.MustCompile(pattern)
		return fielded(func(f []string) []string {
			if matches.MatchString(f[field]) {
				f[field] = matches.ReplaceAllString(f[field], other)
			}
			return f
		})
	}
	return []ClientFault{
		{ID: "nan-read", Title: "nan is read as 0", Breaks: "CLI-027", Apply: becomes(1, `(?i)^[+-]?nan$`, "0")},
		{ID: "infinity-read", Title: "inf and infinity are read as the largest double", Breaks: "CLI-027", Apply: becomes(1, `(?i)^([+-]?)inf(inity)?$`, "${1}1.7976931348623157e308")},
		{ID: "overflow-read", Title: "a value beyond the largest double is read as that", Breaks: "CLI-027", Apply: becomes(1, `^([+-]?)[0-9.]+[eE]\+?([4-9][0-9][0-9]|[0-9]{4,})$`, "${1}1.7976931348623157e308")},
		{ID: "hexadecimal-read", Title: "hexadecimal values are read", Breaks: "CLI-027", Apply: becomes(1, `^([+-]?)0[xX][0-9a-fA-F.]+(p[+-]?[0-9]+)?$`, "${1}16")},
		{ID: "underscores-read", Title: "digits may be parted by underscores", Breaks: "CLI-027", Apply: func(b *ClientBehaviour) {
			becomes(1, `([0-9])_([0-9])`, "$1$2")(b)
			becomes(2, `([0-9])_([0-9])`, "$1$2")(b)
		}},
		{ID: "time-fraction-read", Title: "the fraction of a timestamp is dropped", Breaks: "CLI-027", Apply: becomes(2, `^([+-]?[0-9]+)\.[0-9]*$`, "$1")},
		{ID: "large-time-read", Title: "a timestamp beyond 64 bits is read as the last of these", Breaks: "CLI-027", Apply: becomes(2, `^\+?(9223372036854775808|[1-9][0-9]{19,})$`, oracle.FormatTimestamp(math.MaxInt64))},
		{ID: "number-bare", Title: "a number outside of the grammar that begins with a digit raises a bare error", Breaks: "CLI-027", Causes: []string{"CLI-022"}, Apply: raises(`^\S+ (0[xX]\S*|[0-9]+_\S*|[0-9][0-9.]*[eE]\+?[4-9][0-9][0-9]) |^\S+ \S+ ([0-9]+\.[0-9]*|9223372036854775808)$`, true)},
	}
}

// replyKeyFaults break CLI-027 in keys.
func replyKeyFaults() []ClientFault {
	keys := func(change func(key string) string) func(*ClientBehaviour) {
		return fielded(func(f []string) []string { f[0] = change(f[0]); return f })
	}
	return []ClientFault{
		{ID: "star-read-as-key", Title: "the key * is handed out", Breaks: "CLI-027", Apply: keys(func(key string) string {
			if key == "*" {
				return "(all)"
			}
			return key
		})},
		{ID: "bad-bytes-replaced", Title: "bytes of keys that are not UTF-8 are replaced", Breaks: "CLI-027", Apply: keys(func(key string) string { return strings.ToValidUTF8(key, "\uFFFD") })},
		{ID: "bad-bytes-bare", Title: "bytes of keys that are not UTF-8 raise a bare error", Breaks: "CLI-027", Causes: []string{"CLI-020"}, Apply: func(b *ClientBehaviour) {
			next := b.Decode
			b.Decode = func(c *Client, reply []byte) (oracle.Reply, error) {
				if !utf8.Valid(reply) {
					panic("UnicodeDecodeError: 'utf-8' codec can't decode byte: invalid start byte")
				}
				return next(c, reply)
			}
		}},
		{ID: "odd-keys-read", Title: "keys with control characters and white space are handed out", Breaks: "CLI-027", Apply: keys(func(key string) string {
			return strings.Map(func(r rune) rune {
				if _, right := oracle.ParseRequest([]byte("get k" + string(r))); !right && r != utf8.RuneError && r != '\r' && r != '\t' {
					return '?'
				}
				return r
			}, key)
		})},
	}
}

// unaskedFaults break CLI-029.
func unaskedFaults() []ClientFault {
	return []ClientFault{
		{ID: "rest-dropped", Title: "what follows a reply in the same piece is dropped", Breaks: "CLI-029", Causes: []string{"CLI-028"}, Apply: func(b *ClientBehaviour) {
			next := b.Receive
			b.Receive = func(c *Client) ([]byte, *failure) {
				reply, f := next(c)
				if f == nil {
					c.pending, c.looked = nil, 0
				}
				return reply, f
			}
		}},
		{ID: "unasked-dropped", Title: "what has come before a request is dropped", Breaks: "CLI-029", Causes: []string{"CLI-028"}, Apply: func(b *ClientBehaviour) {
			ready := b.Ready
			b.Ready = func(c *Client) *failure {
				if f := ready(c); f != nil {
					return f
				}
				drain(c)
				return nil
			}
		}},
	}
}

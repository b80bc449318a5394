package mutant

import (
	"errors"
	"fmt"
	"os"
	"regexp"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/putget-protocol/putget/conformance/oracle"
)

// rewritten returns a fault that reads a reply as if it was another one.
func rewritten(change func(reply string) string) func(*ClientBehaviour) {
	return func(b *ClientBehaviour) {
		next := b.Decode
		b.Decode = func(c *Client, reply []byte) (oracle.Reply, error) { return next(c, []byte(change(string(reply)))) }
	}
}

// sampled returns a fault that reads the sample lines of ok replies as if they were
// other ones; a line that becomes "" is dropped.
func sampled(change func(line string) string) func(*ClientBehaviour) {
	return rewritten(func(reply string) string {
		body, found := strings.CutPrefix(reply, "ok\n")
		body, ended := strings.CutSuffix(body, "\n")
		if !found || !ended {
			return reply
		}
		var text strings.Builder
		for line := range strings.Lines(body) {
			if line = change(strings.TrimSuffix(line, "\n")); line != "" {
				text.WriteString(line + "\n")
			}
		}
		return "ok\n" + text.String() + "\n"
	})
}

// fielded does the same for lines of three fields or more, field by field.
func fielded(change func(fields []string) []string) func(*ClientBehaviour) {
	return sampled(func(line string) string {
		fields := strings.Split(line, " ")
		if len(fields) < 3 {
			return line
		}
		return strings.Join(change(fields), " ")
	})
}

// raises returns a fault that fails where a sample line matches: with a bare error, or
// as over a reply that is not of the form.
func raises(pattern string, isBare bool) func(*ClientBehaviour) {
	matches := regexp.MustCompile(pattern)
	return func(b *ClientBehaviour) {
		decode, fail, crashed := b.Decode, b.Fail, false
		b.Decode = func(c *Client, reply []byte) (oracle.Reply, error) {
			lines, isOK := strings.CutPrefix(string(reply), "ok\n")
			for line := range strings.Lines(lines) {
				if line = strings.TrimSuffix(line, "\n"); isOK && line != "" && matches.MatchString(line) {
					crashed = isBare
					return oracle.Reply{}, fmt.Errorf("could not convert %q", line)
				}
			}
			return decode(c, reply)
		}
		b.Fail = func(c *Client, at Stage, err error) error {
			if crashed {
				crashed = false
				return err
			}
			return fail(c, at, err)
		}
	}
}

// readNumberFaults break CLI-018 and CLI-032.
func readNumberFaults() []ClientFault {
	wholes := regexp.MustCompile(`^-?[0-9]+$`)
	return []ClientFault{
		{ID: "point-needed", Title: "a value without point is not read", Breaks: "CLI-018", Causes: []string{"CLI-032"}, Core: true, Apply: raises(`^\S+ -?[0-9]+ `, false)},
		{ID: "point-needed-bare", Title: "a value without point raises a bare error", Breaks: "CLI-018", Causes: []string{"CLI-032"}, Core: true, Apply: raises(`^\S+ -?[0-9]+ `, true)},
		{ID: "whole-loses-zeros", Title: "zeros at the end of a value are dropped, also before the point", Breaks: "CLI-018", Core: true, Apply: fielded(func(f []string) []string {
			if wholes.MatchString(f[1]) && strings.Trim(f[1], "-0") != "" {
				f[1] = strings.TrimRight(f[1], "0")
			}
			return f
		})},
		{ID: "exponent-unread", Title: "a value with an exponent is not read", Breaks: "CLI-032", Apply: raises(`^\S+ \S+[eE]\S+ `, false)},
		{ID: "upper-exponent-bare", Title: "a value with E raises a bare error", Breaks: "CLI-032", Apply: raises(`^\S+ \S+E\S+ `, true)},
		{ID: "plus-value-unread", Title: "a value with a plus sign is not read", Breaks: "CLI-032", Apply: raises(`^\S+ \+`, false)},
		{ID: "plus-time-unread", Title: "a timestamp with a plus sign is not read", Breaks: "CLI-032", Apply: raises(` \+\S+$`, false)},
		{ID: "one-sided-unread", Title: "a value with digits on one side of the point is not read", Breaks: "CLI-032", Apply: raises(`^\S+ [+-]?(\.|[0-9]+\.([eE ]))`, false)},
		{ID: "zeros-are-octal", Title: "a timestamp with leading zeros is read as octal, or not", Breaks: "CLI-032", Apply: fielded(func(f []string) []string {
			if digits := strings.TrimLeft(f[2], "+-"); len(digits) > 1 && digits[0] == '0' {
				n, err := strconv.ParseInt(digits, 8, 64)
				if err != nil {
					f[2] = "octal"
				} else if f[2] = oracle.FormatTimestamp(n); strings.HasPrefix(f[2], "-") {
					f[2] = "-" + f[2]
				}
			}
			return f
		})},
		{ID: "zeros-unread", Title: "a timestamp with leading zeros is not read", Breaks: "CLI-032", Apply: raises(` [+-]?0[0-9]+$`, false)},
		{ID: "times-through-doubles", Title: "a timestamp is read through a double", Breaks: "CLI-032", Causes: []string{"CLI-015"}, Apply: fielded(func(f []string) []string {
			if n, err := strconv.ParseInt(f[2], 10, 64); err == nil && float64(n) < 1<<63 {
				f[2] = oracle.FormatTimestamp(int64(float64(n)))
			}
			return f
		})},
		{ID: "tiny-unread", Title: "a value that rounds to zero is not read", Breaks: "CLI-032", Apply: raises(`^\S+ [+-]?0*\.?[0-9]*[1-9][0-9]*\.?[0-9]*[eE]-[0-9]*[4-9][0-9][0-9] `, false)},
	}
}

// readKeyFaults break CLI-019.
func readKeyFaults() []ClientFault {
	keys := func(change func(key string) string) func(*ClientBehaviour) {
		return fielded(func(f []string) []string {
			if f[0] != "" && utf8.ValidString(f[0]) { // any other breaks the form, and still does
				f[0] = change(f[0])
			}
			return f
		})
	}
	return []ClientFault{
		{ID: "strips-ok", Title: "the letters of ok are stripped from the beginning of the reply", Breaks: "CLI-019", Core: true, Apply: func(b *ClientBehaviour) {
			next := b.Decode
			b.Decode = func(c *Client, reply []byte) (oracle.Reply, error) {
				text := string(reply)
				if body, found := strings.CutPrefix(text, "ok\n"); found && (strings.HasPrefix(body, "o") || strings.HasPrefix(body, "k")) {
					if body = strings.TrimLeft(body, "ok"); strings.HasPrefix(body, " ") {
						body = "?" + body
					}
					text = "ok\n" + body
				}
				return next(c, []byte(text))
			}
		}},
		{ID: "key-error-is-error", Title: "a reply that holds the word error anywhere is an error", Breaks: "CLI-019", Core: true, Apply: raises(`error`, false)},
		{ID: "key-error-bare", Title: "a key that contains the word error raises a bare error", Breaks: "CLI-019", Core: true, Apply: raises(`error`, true)},
		{ID: "keys-lowered", Title: "keys are handed out in lower case", Breaks: "CLI-019", Core: true, Apply: keys(strings.ToLower)},
		{ID: "keys-without-host", Title: "keys are handed out without what stands before the last point", Breaks: "CLI-019", Causes: []string{"CLI-015"}, Core: true, Apply: keys(func(key string) string {
			if i := strings.LastIndexByte(key, '.'); i >= 0 && i+1 < len(key) {
				return key[i+1:]
			}
			return key
		})},
		{ID: "status-in-key", Title: "the letters ok are taken out of every key", Breaks: "CLI-019", Core: true, Apply: keys(func(key string) string {
			if shorter := strings.ReplaceAll(key, "ok", ""); shorter != "" {
				return shorter
			}
			return "?"
		})},
		{ID: "keys-as-latin", Title: "keys are read as Latin-1", Breaks: "CLI-019", Causes: []string{"CLI-025", "CLI-027"}, Apply: keys(func(key string) string {
			var text strings.Builder
			for i := range len(key) {
				text.WriteRune(max(rune(key[i]), '!'))
			}
			return strings.Map(func(r rune) rune {
				if r >= 0x7F && r <= 0xA0 {
					return '?'
				}
				return r
			}, text.String())
		})},
		{ID: "keys-in-ascii", Title: "characters of keys that are not ASCII are handed out as ?", Breaks: "CLI-019", Causes: []string{"CLI-025"}, Apply: keys(func(key string) string {
			return strings.Map(func(r rune) rune {
				if r > '~' && r != '\uFFFD' && r >= 0xA1 && r != 0x3000 {
					return '?'
				}
				return r
			}, key)
		})},
	}
}

// swallows returns a fault that does not take some error replies for failures.
func swallows(when func(c *Client, text []string) bool) func(*ClientBehaviour) {
	return func(b *ClientBehaviour) {
		b.Told = func(c *Client, text []string) bool { return !when(c, text) }
	}
}

// toldFaults break CLI-020.
func toldFaults() []ClientFault {
	bareWhen := func(when func(text []string) bool) func(*ClientBehaviour) {
		return func(b *ClientBehaviour) {
			fail, last := b.Fail, []string(nil)
			b.Told = func(_ *Client, text []string) bool { last = text; return true }
			b.Fail = func(c *Client, at Stage, err error) error {
				if at == Told && when(last) {
					return errors.New("list index out of range")
				}
				return fail(c, at, err)
			}
		}
	}
	none := func(text []string) bool { return len(text) == 0 }
	several := func(text []string) bool { return len(text) > 1 }
	return []ClientFault{
		{ID: "error-with-ok-returns", Title: "an error whose text contains ok is taken for success", Breaks: "CLI-020", Core: true, Apply: swallows(func(_ *Client, text []string) bool {
			return strings.Contains(strings.Join(text, "\n"), "ok")
		})},
		{ID: "error-unknown-returns", Title: "an error with another text than wrong command is taken for success", Breaks: "CLI-020", Core: true, Apply: swallows(func(_ *Client, text []string) bool {
			return len(text) != 1 || text[0] != "wrong command"
		})},
		{ID: "error-no-text-returns", Title: "an error without text is taken for success", Breaks: "CLI-020", Core: true, Apply: swallows(func(_ *Client, text []string) bool { return none(text) })},
		{ID: "error-lines-return", Title: "an error of several lines is taken for success", Breaks: "CLI-020", Core: true, Apply: swallows(func(_ *Client, text []string) bool { return several(text) })},
		{ID: "put-error-returns", Title: "put returns when the reply is an error", Breaks: "CLI-020", Core: true, Apply: swallows(func(c *Client, _ []string) bool { return c.verb == oracle.Put })},
		{ID: "get-error-returns", Title: "get returns an empty mapping when the reply is an error", Breaks: "CLI-020", Core: true, Apply: swallows(func(c *Client, _ []string) bool { return c.verb == oracle.Get })},
		{ID: "error-bare", Title: "an error reply raises a bare error", Breaks: "CLI-020", Core: true, Apply: bare(Told)},
		{ID: "error-no-text-bare", Title: "an error without text raises a bare error", Breaks: "CLI-020", Core: true, Apply: bareWhen(none)},
		{ID: "error-lines-bare", Title: "an error of several lines raises a bare error", Breaks: "CLI-020", Core: true, Apply: bareWhen(several)},
		{ID: "error-ends-program", Title: "an error reply ends the whole program", Breaks: "CLI-020", Causes: []string{"CLI-021"}, Core: true, Apply: func(b *ClientBehaviour) {
			b.Told = func(*Client, []string) bool { os.Exit(1); return true }
		}},
	}
}

// toldEndFaults break CLI-021.
func toldEndFaults() []ClientFault {
	leaves := func(b *ClientBehaviour) {
		after := b.After
		b.After = func(c *Client, at Stage) {
			if at == Told {
				c.leave()
				return
			}
			after(c, at)
		}
	}
	return []ClientFault{
		{ID: "error-closes", Title: "an error reply ends the connection, and the next call fails", Breaks: "CLI-021", Causes: []string{"CLI-003"}, Core: true, Apply: leaves},
		{ID: "error-reconnects", Title: "an error reply ends the connection, and the next call makes another one", Breaks: "CLI-021", Causes: []string{"CLI-003"}, Core: true, Apply: func(b *ClientBehaviour) {
			told, after := make(map[*Client]bool), b.After
			b.After = func(c *Client, at Stage) { told[c] = at == Told; after(c, at) }
			connects(func(c *Client) bool { was := told[c]; told[c] = false; return was })(b)
		}},
		{ID: "error-lines-left", Title: "of an error only the first line of its text is read, the rest is taken for the next reply", Breaks: "CLI-021", Core: true, Apply: func(b *ClientBehaviour) {
			next := b.Receive
			b.Receive = func(c *Client) ([]byte, *failure) {
				reply, f := next(c)
				lines := strings.SplitAfter(string(reply), "\n")
				if f != nil || lines[0] != "error\n" || len(lines) < 5 {
					return reply, f
				}
				c.pending = append([]byte(strings.Join(lines[2:], "")), c.pending...)
				return []byte(lines[0] + lines[1] + "\n"), nil
			}
		}},
	}
}

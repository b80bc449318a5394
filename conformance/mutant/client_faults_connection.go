package mutant

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"
)

// constructorFaults break CLI-001.
func constructorFaults() []ClientFault {
	return []ClientFault{
		{
			ID: "timeout-needed", Title: "a client cannot be made without a timeout", Breaks: "CLI-001", Core: true,
			Apply: func(b *ClientBehaviour) {
				timeout := b.Timeout
				b.Timeout = func(text string) (time.Duration, error) {
					if text == "" {
						return 0, errors.New("missing 1 required positional argument: timeout")
					}
					return timeout(text)
				}
			},
		},
		{
			ID: "takes-no-timeout", Title: "a client cannot be made with a timeout", Breaks: "CLI-001", Causes: []string{"CLI-024"}, Core: true,
			Apply: func(b *ClientBehaviour) {
				timeout := b.Timeout
				b.Timeout = func(text string) (time.Duration, error) {
					if text != "" {
						return 0, errors.New("takes 3 positional arguments but 4 were given")
					}
					return timeout(text)
				}
			},
		},
	}
}

// connects returns a fault that makes sure of another connection before some requests.
func connects(when func(c *Client) bool) func(*ClientBehaviour) {
	return func(b *ClientBehaviour) {
		ready := b.Ready
		b.Ready = func(c *Client) *failure {
			if c.conn != nil && when(c) {
				c.leave()
				if f := c.dial(); f != nil {
					return f
				}
			}
			return ready(c)
		}
	}
}

// connectionFaults break CLI-002 and CLI-003.
func connectionFaults() []ClientFault {
	return []ClientFault{
		{
			ID: "connects-late", Title: "the connection is opened by the first call", Breaks: "CLI-002", Causes: []string{"CLI-004"}, Core: true,
			Apply: func(b *ClientBehaviour) {
				b.Open = func(*Client) *failure { return nil }
				ready, made := b.Ready, make(map[*Client]bool)
				b.Ready = func(c *Client) *failure {
					if !made[c] {
						made[c] = true
						return c.dial()
					}
					return ready(c)
				}
			},
		},
		{
			ID: "connection-per-call", Title: "each call has a connection of its own", Breaks: "CLI-003", Causes: []string{"CLI-021", "CLI-029"}, Core: true,
			Apply: connects(func(c *Client) bool { return c.calls > 1 }),
		},
		{
			ID: "connection-per-verb", Title: "puts and gets have a connection each", Breaks: "CLI-003", Causes: []string{"CLI-021"}, Core: true,
			Apply: func(b *ClientBehaviour) {
				ready, last := b.Ready, make(map[*Client]string)
				b.Ready = func(c *Client) *failure {
					was := last[c]
					last[c] = c.verb
					if was == "" || was == c.verb || c.conn == nil {
						return ready(c)
					}
					other := c.conn
					defer func() { c.others = append(c.others, other) }()
					if len(c.others) == 0 {
						return c.dial()
					}
					c.conn, c.others = c.others[0], nil
					return nil
				}
			},
		},
		{
			ID: "connection-of-three", Title: "a connection is left after three calls, and another one is made", Breaks: "CLI-003", Causes: []string{"CLI-021"}, Core: true,
			Apply: connects(func(c *Client) bool { return c.calls%3 == 1 && c.calls > 1 }),
		},
		{
			ID: "connects-twice", Title: "the constructor opens a connection to see whether it can, and each first call another", Breaks: "CLI-003", Causes: []string{"CLI-002"}, Core: true,
			Apply: connects(func(c *Client) bool { return c.calls == 1 }),
		},
	}
}

// bare returns a fault that raises something else than the client's own error.
func bare(stages ...Stage) func(*ClientBehaviour) {
	return func(b *ClientBehaviour) {
		fail := b.Fail
		b.Fail = func(c *Client, at Stage, err error) error {
			if slices.Contains(stages, at) {
				return err
			}
			return fail(c, at, err)
		}
	}
}

// refusalFaults break CLI-004.
func refusalFaults() []ClientFault {
	return []ClientFault{
		{ID: "refused-bare", Title: "a refused connection raises a bare error", Breaks: "CLI-004", Core: true, Apply: bare(Refused)},
		{
			ID: "refused-silently", Title: "a refused connection goes unsaid, and every call then returns as if there was nothing", Breaks: "CLI-004", Core: true,
			Apply: func(b *ClientBehaviour) {
				open, refused := b.Open, make(map[*Client]bool)
				b.Open = func(c *Client) *failure { refused[c] = open(c) != nil; return nil }
				ready, send, receive := b.Ready, b.Send, b.Receive
				b.Ready = func(c *Client) *failure {
					if refused[c] {
						return nil
					}
					return ready(c)
				}
				b.Send = func(c *Client, line string) error {
					if refused[c] {
						return nil
					}
					return send(c, line)
				}
				b.Receive = func(c *Client) ([]byte, *failure) {
					if refused[c] {
						return []byte(ok(nil)), nil
					}
					return receive(c)
				}
			},
		},
		{
			ID: "refused-retries", Title: "a refused connection is tried again for ever", Breaks: "CLI-004", Core: true,
			Apply: func(b *ClientBehaviour) {
				open := b.Open
				b.Open = func(c *Client) *failure {
					f := open(c)
					for f != nil && c.ctx.Err() == nil {
						time.Sleep(100 * time.Millisecond)
						f = open(c)
					}
					return f
				}
			},
		},
		{
			ID: "refused-spins", Title: "a refused connection is tried again for ever, without a pause", Breaks: "CLI-004", Core: true,
			Apply: func(b *ClientBehaviour) {
				open := b.Open
				b.Open = func(c *Client) *failure {
					f := open(c)
					if f != nil {
						c.spin()
					}
					return f
				}
			},
		},
	}
}

// putLine returns a fault in the writing of puts.
func putLine(write func(key, value, timestamp string) string) func(*ClientBehaviour) {
	return func(b *ClientBehaviour) { b.PutLine = write }
}

// getLine returns a fault in the writing of gets.
func getLine(write func(key string) string) func(*ClientBehaviour) {
	return func(b *ClientBehaviour) { b.GetLine = write }
}

// putLineFaults break CLI-005.
func putLineFaults() []ClientFault {
	form := func(format string) func(*ClientBehaviour) {
		return putLine(func(key, value, timestamp string) string { return fmt.Sprintf(format, key, value, timestamp) })
	}
	return []ClientFault{
		{ID: "put-crlf", Title: "a put ends in CR LF", Breaks: "CLI-005", Core: true, Apply: form("put %s %s %s\r\n")},
		{ID: "put-space-at-end", Title: "a space stands behind a put", Breaks: "CLI-005", Core: true, Apply: form("put %s %s %s \n")},
		{ID: "put-two-spaces", Title: "two spaces stand between key and value", Breaks: "CLI-005", Core: true, Apply: form("put %s  %s %s\n")},
		{ID: "put-upper", Title: "the word put is in upper case", Breaks: "CLI-005", Core: true, Apply: form("PUT %s %s %s\n")},
		{ID: "put-quotes-key", Title: "the key of a put is quoted", Breaks: "CLI-005", Core: true, Apply: form("put %q %s %s\n")},
		{ID: "put-two-newlines", Title: "an empty line is sent behind a put", Breaks: "CLI-005", Causes: []string{"CLI-006"}, Core: true, Apply: form("put %s %s %s\n\n")},
		{ID: "put-unended", Title: "no LF is sent behind a put", Breaks: "CLI-005", Causes: []string{"CLI-006"}, Core: true, Apply: form("put %s %s %s")},
		{
			ID: "put-time-first", Title: "the timestamp is sent before the value", Breaks: "CLI-005", Causes: []string{"CLI-007", "CLI-008", "CLI-009"}, Core: true,
			Apply: putLine(func(key, value, timestamp string) string { return "put " + key + " " + timestamp + " " + value + "\n" }),
		},
		{
			ID: "put-lower-key", Title: "the key of a put is sent in lower case", Breaks: "CLI-005", Core: true,
			Apply: putLine(func(key, value, timestamp string) string {
				return "put " + strings.ToLower(key) + " " + value + " " + timestamp + "\n"
			}),
		},
		{
			ID: "put-key-cut", Title: "the key of a put is cut after 64 bytes", Breaks: "CLI-005", Core: true,
			Apply: putLine(func(key, value, timestamp string) string {
				return "put " + key[:min(len(key), 64)] + " " + value + " " + timestamp + "\n"
			}),
		},
		{
			ID: "put-escapes-key", Title: "the key of a put is sent as ASCII, the other characters escaped", Breaks: "CLI-005",
			Apply: putLine(func(key, value, timestamp string) string {
				return "put " + strings.Trim(fmt.Sprintf("%+q", key), `"`) + " " + value + " " + timestamp + "\n"
			}),
		},
	}
}

// getLineFaults break CLI-006.
func getLineFaults() []ClientFault {
	form := func(format string) func(*ClientBehaviour) {
		return getLine(func(key string) string { return fmt.Sprintf(format, key) })
	}
	return []ClientFault{
		{ID: "get-crlf", Title: "a get ends in CR LF", Breaks: "CLI-006", Core: true, Apply: form("get %s\r\n")},
		{ID: "get-space-at-end", Title: "a space stands behind a get", Breaks: "CLI-006", Core: true, Apply: form("get %s \n")},
		{ID: "get-upper", Title: "the word get begins with a capital", Breaks: "CLI-006", Core: true, Apply: form("Get %s\n")},
		{ID: "get-two-newlines", Title: "an empty line is sent behind a get", Breaks: "CLI-006", Causes: []string{"CLI-005"}, Core: true, Apply: form("get %s\n\n")},
		{
			ID: "get-all-word", Title: "the star is sent as the word all", Breaks: "CLI-006", Core: true,
			Apply: getLine(func(key string) string {
				if key == "*" {
					key = "all"
				}
				return "get " + key + "\n"
			}),
		},
		{
			ID: "get-star-always", Title: "a get of one key asks for all, and takes the key out of the reply", Breaks: "CLI-006", Core: true,
			Apply: func(b *ClientBehaviour) {
				getLine(func(string) string { return "get *\n" })(b)
				keepsKeys(func(c *Client, key string) bool { return key == c.key || c.key == "*" })(b)
			},
		},
		{
			ID: "get-escapes-key", Title: "the key of a get is sent as ASCII, the other characters escaped", Breaks: "CLI-006",
			Apply: getLine(func(key string) string { return "get " + strings.Trim(fmt.Sprintf("%+q", key), `"`) + "\n" }),
		},
	}
}

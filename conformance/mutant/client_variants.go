package mutant

import (
	"errors"
	"fmt"
	"io"
	"math"
	"net"
	"os"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/putget-protocol/putget/conformance/oracle"
)

// A ClientVariant is a client that is right, and unusual. The judge must not accuse
// it.
type ClientVariant struct {
	ID    string // lower-case words joined by "-"
	Title string
	// CoreOnly says that it is right at level core, and wrong beyond.
	CoreOnly bool
	Apply    func(b *ClientBehaviour)
}

// ClientVariants returns every variant of clients.
func ClientVariants() []ClientVariant {
	return slices.Concat(wordingClients(), connectionClients(), movingClients(), readingClients(), waitingClients(), leftToClients(), coreClients())
}

// FindClientVariant returns the variant of that id, and whether there is one.
func FindClientVariant(id string) (ClientVariant, bool) {
	all := ClientVariants()
	if i := slices.IndexFunc(all, func(v ClientVariant) bool { return v.ID == id }); i >= 0 {
		return all[i], true
	}
	return ClientVariant{}, false
}

// wordsValues returns a variant that words values in its way, on the wire and in answers.
func wordsValues(word func(v float64) string) func(*ClientBehaviour) {
	return func(b *ClientBehaviour) { b.Value, b.JSON = word, word }
}

func wordingClients() []ClientVariant {
	formatted := func(format byte, precision int) func(*ClientBehaviour) {
		return wordsValues(func(v float64) string { return strconv.FormatFloat(v, format, precision, 64) })
	}
	return []ClientVariant{
		{ID: "sends-exponents", Title: "values have an exponent, always", Apply: formatted('e', -1)},
		{ID: "sends-seventeen", Title: "values have up to seventeen digits", Apply: formatted('g', 17)},
		{ID: "sends-no-point", Title: "whole values have no point", Apply: formatted('f', -1)},
		{
			ID: "sends-odd-numbers", Title: "numbers are sent with a plus sign, zeros and an exponent of zero",
			Apply: func(b *ClientBehaviour) {
				b.Value = func(v float64) string {
					text := "00" + strconv.FormatFloat(math.Abs(v), 'f', -1, 64)
					return map[bool]string{true: "-", false: "+"}[math.Signbit(v)] + text + "E+000"
				}
				given(func(n int64) string { return fmt.Sprintf("%+03d", n) })(b)
			},
		},
		{
			ID: "long-errors", Title: "the client's own errors have many lines, and all sorts of characters",
			Apply: func(b *ClientBehaviour) {
				fail := b.Fail
				b.Fail = func(c *Client, at Stage, err error) error {
					own := fail(c, at, err)
					return &OwnError{at, fmt.Errorf("%w\n%s\u2028\x1b[1m\x00\xff", own, strings.Repeat("ok\n{\"ok\":null}\n", 5000))}
				}
			},
		},
		{
			ID: "talks", Title: "much is written to standard error",
			Apply: func(b *ClientBehaviour) {
				ready := b.Ready
				b.Ready = func(c *Client) *failure {
					fmt.Fprint(os.Stderr, strings.Repeat("INFO a request is about to be sent\n", 3000))
					return ready(c)
				}
			},
		},
	}
}

func connectionClients() []ClientVariant {
	reconnects := func(c *Client) *failure {
		if c.conn == nil {
			return c.dial()
		}
		return nil
	}
	return []ClientVariant{
		{ID: "reconnects", Title: "a call after the end of a connection makes another one", Apply: func(b *ClientBehaviour) { b.Ready = reconnects }},
		{
			ID: "reconnects-at-once", Title: "a connection that came to its end is replaced at once",
			Apply: func(b *ClientBehaviour) {
				after := b.After
				b.After = func(c *Client, at Stage) {
					had := c.conn != nil
					if after(c, at); had && c.conn == nil {
						c.dial() // and if it fails, the next call says so
					}
				}
				b.Ready = reconnects
			},
		},
		{
			ID: "fails-on-unasked", Title: "bytes that nobody asked for end the connection",
			Apply: func(b *ClientBehaviour) {
				ready := b.Ready
				b.Ready = func(c *Client) *failure {
					if f := ready(c); f != nil {
						return f
					}
					if len(c.pending) == 0 {
						c.conn.SetReadDeadline(time.Now().Add(5 * time.Millisecond))
						if f := c.readNow(readSize); f != nil && f.stage == TimedOut {
							return nil
						}
					}
					return &failure{Broken, errors.New("the connection ended, or bytes came that nobody asked for")}
				}
			},
		},
	}
}

// movingClients open and close their connections, and send, in ways of their own.
func movingClients() []ClientVariant {
	return []ClientVariant{
		{ID: "connects-slowly", Title: "a connection takes 300 ms", Apply: func(b *ClientBehaviour) {
			open := b.Open
			b.Open = func(c *Client) *failure { time.Sleep(300 * time.Millisecond); return open(c) }
		}},
		{ID: "half-closes", Title: "at the end the sending side ends first", Apply: func(b *ClientBehaviour) {
			b.Close = func(c *Client) {
				if tcp, isTCP := c.conn.(*net.TCPConn); isTCP {
					tcp.CloseWrite()
					tcp.SetReadDeadline(time.Now().Add(time.Second))
					io.Copy(io.Discard, tcp)
				}
				c.leave()
			}
		}},
		{ID: "resets", Title: "connections are reset at their end", Apply: func(b *ClientBehaviour) {
			b.Open = func(c *Client) *failure {
				if f := c.dial(); f != nil {
					return f
				}
				c.conn.(*net.TCPConn).SetLinger(0)
				return nil
			}
		}},
		{ID: "writes-tokens", Title: "each token of a request is a write of its own", Apply: func(b *ClientBehaviour) {
			b.Send = func(c *Client, line string) error {
				for _, token := range strings.SplitAfter(line, " ") {
					if err := sendWhole(c, token); err != nil {
						return err
					}
					time.Sleep(time.Millisecond)
				}
				return nil
			}
		}},
	}
}

func readingClients() []ClientVariant {
	sized := func(size int) func(*ClientBehaviour) {
		return func(b *ClientBehaviour) {
			b.Receive = func(c *Client) ([]byte, *failure) {
				for {
					if reply, found := c.whole(); found {
						return reply, nil
					}
					if f := c.read(size); f != nil {
						return nil, f
					}
				}
			}
		}
	}
	return []ClientVariant{
		{ID: "reads-bytes", Title: "replies are read byte by byte", Apply: sized(1)},
		{ID: "reads-large", Title: "replies are read in pieces of up to 8 MiB", Apply: sized(8 << 20)},
		{ID: "looks-at-the-end", Title: "a reply is looked at when it is whole, so that one without end is waited for", Apply: patient},
	}
}

func waitingClients() []ClientVariant {
	return []ClientVariant{
		{ID: "slow-start", Title: "the program takes 1.5 s to start", Apply: func(b *ClientBehaviour) {
			b.Start = func() { time.Sleep(1500 * time.Millisecond) }
		}},
		{ID: "slow-answers", Title: "each call takes 100 ms longer", Apply: func(b *ClientBehaviour) {
			ready := b.Ready
			b.Ready = func(c *Client) *failure { time.Sleep(100 * time.Millisecond); return ready(c) }
		}},
		{ID: "bounds-the-call", Title: "the timeout bounds the whole call", Apply: func(b *ClientBehaviour) {
			b.Receive = func(c *Client) ([]byte, *failure) {
				c.conn.SetReadDeadline(time.Now().Add(c.timeout))
				for {
					if reply, found := c.whole(); found {
						return reply, nil
					}
					if f := c.readNow(readSize); f != nil {
						return nil, f
					}
				}
			}
		}},
		{ID: "waits-for-ever", Title: "a client without timeout waits as long as it takes", Apply: func(b *ClientBehaviour) {
			timeout := b.Timeout
			b.Timeout = func(text string) (time.Duration, error) {
				if text == "" {
					return 0, nil
				}
				return timeout(text)
			}
		}},
		{ID: "rounds-timeouts-up", Title: "a timeout is whole seconds, others are rounded up", Apply: func(b *ClientBehaviour) {
			timeout := b.Timeout
			b.Timeout = func(text string) (time.Duration, error) {
				d, err := timeout(text)
				return (d + time.Second - 1).Truncate(time.Second), err
			}
		}},
		{ID: "polls", Title: "the processor is kept busy while a reply is waited for", Apply: func(b *ClientBehaviour) {
			b.Receive = func(c *Client) ([]byte, *failure) {
				for end := time.Now().Add(c.timeout); ; {
					if reply, found := c.whole(); found {
						return reply, nil
					}
					c.conn.SetReadDeadline(time.Now().Add(10 * time.Microsecond))
					if f := c.readNow(readSize); f != nil && (f.stage != TimedOut || time.Now().After(end)) {
						return nil, f
					}
				}
			}
		}},
	}
}

// leftToClients do what the specification leaves to them.
func leftToClients() []ClientVariant {
	own := func(c *Client, s oracle.Sample) bool { return c.key == "*" || s.Key == c.key }
	return []ClientVariant{
		{ID: "foreign-keys-dropped", Title: "samples of a key that was not asked for are dropped", Apply: keepsKeys(func(c *Client, key string) bool {
			return own(c, oracle.Sample{Key: key})
		})},
		{ID: "foreign-keys-fail", Title: "samples of a key that was not asked for break the form", Apply: func(b *ClientBehaviour) {
			get := b.Get
			b.Get = func(c *Client, samples []oracle.Sample) (any, error) {
				for _, s := range samples {
					if !own(c, s) {
						return nil, c.fail(&failure{Broken, fmt.Errorf("nobody asked for %q", s.Key)})
					}
				}
				return get(c, samples)
			}
		}},
		{ID: "put-data-fails", Title: "samples behind the ok of a put break the form", Apply: func(b *ClientBehaviour) {
			b.Put = func(c *Client, reply oracle.Reply) (any, error) {
				if len(reply.Samples) > 0 {
					return nil, c.fail(&failure{Broken, errors.New("samples came for a put")})
				}
				return nil, nil
			}
		}},
		{ID: "equal-times-reversed", Title: "samples of one timestamp are returned last first", Apply: func(b *ClientBehaviour) {
			b.Sort = func(s []oracle.Sample) { slices.Reverse(s); ascending(s) }
		}},
	}
}

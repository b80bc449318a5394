package cases_test

import (
	"bufio"
	"bytes"
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"math"
	"math/big"
	"net"
	"os"
	"slices"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"github.com/putget-protocol/putget/conformance/adapter"
	"github.com/putget-protocol/putget/conformance/oracle"
)

// errOwn is the error type of the fake client.
type errOwn struct{ error }

func own(format string, args ...any) error { return errOwn{fmt.Errorf(format, args...)} }

// A fakeClient is a client in this process, right but for its flaws.
type fakeClient struct {
	flaws   map[string]bool
	addr    string
	timeout time.Duration
	conn    net.Conn
	in      *bufio.Reader
	lost    bool
	ready   chan struct{} // closed when the first connection is made, or has failed
	failed  error         // why it has
}

// A fakeCaller drives fake clients, as the process of an adapter does.
type fakeCaller struct {
	flaws   map[string]bool
	started time.Time
	// spinning is when a flaw began to burn CPU time, in nanoseconds since 1970; or 0.
	spinning atomic.Int64

	mu     sync.Mutex // guards clients
	client *fakeClient
	conns  []net.Conn
}

func (c *fakeCaller) Age() time.Duration { return time.Since(c.started) }
func (c *fakeCaller) Output() []string   { return nil }

func (c *fakeCaller) CPU() (time.Duration, bool) {
	if began := c.spinning.Load(); began != 0 {
		return time.Since(time.Unix(0, began)), true
	}
	return 0, true
}

func (c *fakeCaller) Close() {
	c.mu.Lock()
	defer c.mu.Unlock()
	for _, conn := range c.conns {
		conn.Close()
	}
}

func (c *fakeCaller) Call(ctx context.Context, op string, args ...any) (adapter.Answer, error) {
	answers := make(chan adapter.Answer, 1)
	stop := make(chan struct{})
	defer close(stop)
	go func() {
		value, err := c.do(stop, op, args)
		var text []byte
		switch {
		case errors.As(err, &errOwn{}):
			answers <- adapter.Answer{Kind: adapter.Error, Message: err.Error()}
		case err != nil:
			answers <- adapter.Answer{Kind: adapter.Crash, Message: err.Error()}
		default:
			if text, err = json.Marshal(value); err != nil {
				panic(err)
			}
			answers <- adapter.Answer{Kind: adapter.OK, Value: text}
		}
	}()
	select {
	case a := <-answers:
		return a, nil
	case <-ctx.Done():
		return adapter.Answer{}, ctx.Err()
	}
}

// do is what an adapter does with one call.
func (c *fakeCaller) do(stop <-chan struct{}, op string, args []any) (any, error) {
	if op == "open" {
		client := &fakeClient{flaws: c.flaws, ready: make(chan struct{}), addr: fmt.Sprintf("%v:%v", args[0], args[1])}
		switch {
		case len(args) > 2 && c.flaws["no timeout"]:
			return nil, errors.New("TypeError: too many arguments")
		case len(args) > 2:
			seconds, err := strconv.ParseFloat(fmt.Sprint(args[2]), 64)
			if err != nil {
				return nil, err
			}
			client.timeout = time.Duration(seconds * float64(time.Second))
		case c.flaws["timeout needed"]:
			return nil, errors.New("TypeError: an argument is missing")
		}
		c.mu.Lock()
		c.client = client
		c.mu.Unlock()
		switch {
		case c.flaws["lazy"]:
			return nil, nil
		case c.flaws["odd: connects late"]:
			go func() {
				defer close(client.ready)
				time.Sleep(20 * time.Millisecond)
				client.failed = c.connect(client)
			}()
			return nil, nil
		}
		close(client.ready)
		return nil, c.connect(client)
	}
	client := c.client
	if c.flaws["odd: connects late"] {
		if <-client.ready; client.failed != nil {
			return nil, client.failed
		}
	}
	if client.conn == nil || c.flaws["reconnects"] && op != "open" || client.lost && c.flaws["fresh"] {
		if err := c.connect(client); err != nil {
			return nil, err
		}
	}
	if op == "put" {
		value, err := client.put(stop, c, args)
		if c.flaws["put answers"] && err == nil {
			return true, nil
		}
		return value, err
	}
	return client.get(stop, c, args[0].(string))
}

func (c *fakeCaller) connect(f *fakeClient) error {
	conn, err := net.Dial("tcp", f.addr)
	if err != nil {
		return f.bare("refused bare", own("no connection: %w", err))
	}
	c.mu.Lock()
	c.conns = append(c.conns, conn)
	c.mu.Unlock()
	f.conn, f.in, f.lost = conn, bufio.NewReader(conn), false
	return nil
}

// bare takes the client's own type from an error where a flaw says so.
func (f *fakeClient) bare(flaw string, err error) error {
	if f.flaws[flaw] {
		return errors.New(err.Error())
	}
	return err
}

func (f *fakeClient) put(stop <-chan struct{}, c *fakeCaller, args []any) (any, error) {
	key, text := args[0].(string), string(args[1].(json.Number))
	value, err := strconv.ParseFloat(text, 64)
	if (err != nil || math.IsInf(value, 0)) && !f.flaws["unchecked"] {
		return nil, own("%s is not finite", text)
	}
	timestamp := strconv.FormatInt(time.Now().Unix(), 10)
	switch {
	case f.flaws["loaded time"]:
		timestamp = strconv.FormatInt(c.started.Unix(), 10)
	case f.flaws["milliseconds"]:
		timestamp = strconv.FormatInt(time.Now().UnixMilli(), 10)
	}
	if len(args) > 2 {
		given := string(args[2].(json.Number))
		n, ok := new(big.Int).SetString(given, 10)
		if (!ok || !n.IsInt64()) && !f.flaws["unchecked"] {
			return nil, own("%s is no timestamp", given)
		}
		if given != "0" || !f.flaws["zero is now"] {
			timestamp = given
		}
		if f.flaws["no negative"] && strings.HasPrefix(given, "-") {
			return nil, own("no negative timestamps")
		}
	} else if f.flaws["no default"] {
		return nil, errors.New("TypeError: an argument is missing")
	}
	worded := strconv.FormatFloat(value, 'g', -1, 64)
	switch {
	case f.flaws["%f"]:
		worded = strconv.FormatFloat(value, 'f', 6, 64)
	case f.flaws["odd: words"]:
		worded = strconv.FormatFloat(value, 'E', 20, 64)
	case f.flaws["%g"]:
		worded = fmt.Sprintf("%.6g", value)
	}
	if f.flaws["upper case"] {
		return nil, f.exchange(stop, c, "PUT "+key+" "+worded+" "+timestamp, key, nil)
	}
	return nil, f.exchange(stop, c, "put "+key+" "+worded+" "+timestamp, key, nil)
}

func (f *fakeClient) get(stop <-chan struct{}, c *fakeCaller, key string) (any, error) {
	var reply oracle.Reply
	checked := key
	if key == "*" {
		checked = "all"
	}
	if err := f.exchange(stop, c, "get "+key, checked, &reply); err != nil {
		return nil, err
	}
	result := make(map[string][][2]any)
	for _, s := range reply.Samples {
		name := s.Key
		if f.flaws["odd: refuses others"] && key != "*" && name != key {
			f.lost = true
			return nil, own("%q was not asked for", name)
		}
		if f.flaws["strips"] {
			name = strings.Trim(name, "ok")
		}
		pair := [2]any{s.Timestamp, s.Value}
		if f.flaws["swapped"] {
			pair = [2]any{s.Value, s.Timestamp}
		}
		if f.flaws["single"] {
			pair[1] = float64(float32(s.Value))
		}
		if f.flaws["text"] {
			pair[1] = fmt.Sprint(s.Value)
		}
		if f.flaws["last only"] {
			result[name] = nil
		}
		result[name] = append(result[name], pair)
	}
	if !f.flaws["unsorted"] && !f.flaws["swapped"] {
		for _, list := range result {
			slices.SortStableFunc(list, func(a, b [2]any) int {
				if f.flaws["sorted as text"] {
					return strings.Compare(fmt.Sprint(a[0]), fmt.Sprint(b[0]))
				}
				return cmp.Compare(a[0].(int64), b[0].(int64))
			})
		}
	}
	if f.flaws["empty is nothing"] && len(result) == 0 {
		return nil, nil
	}
	return result, nil
}

// exchange sends a line, given without its LF, and reads its reply. Nil for the reply
// is a put.
func (f *fakeClient) exchange(stop <-chan struct{}, c *fakeCaller, line, key string, into *oracle.Reply) error {
	if _, ok := oracle.ParseRequest([]byte("get " + key)); (!ok || key == "*" || strings.Trim(key, " ") != key || strings.HasSuffix(key, "\r")) && !f.flaws["unchecked"] {
		return own("%q is no key", key)
	}
	if f.lost && !f.flaws["used again"] {
		return f.bare("lost bare later", own("the connection is out of step"))
	}
	if f.flaws["drains"] {
		f.drain()
	}
	if f.flaws["crlf"] {
		line += "\r"
	}
	if f.flaws["odd: fails on unasked"] && f.in.Buffered() > 0 {
		f.lost = true
		return own("bytes came that nothing asked for")
	}
	if err := f.send(line + "\n"); err != nil {
		f.lost = true
		return f.bare("lost bare", own("%w", err))
	}
	if into == nil && f.flaws["put unread"] {
		return nil
	}
	raw, err := f.read(stop, c)
	if err != nil {
		f.lost = true
		return err
	}
	return f.understand(raw, into)
}

func (f *fakeClient) send(line string) error {
	if f.flaws["odd: several writes"] {
		for _, word := range strings.SplitAfter(line, " ") {
			if _, err := f.conn.Write([]byte(word)); err != nil {
				return err
			}
			time.Sleep(time.Millisecond)
		}
		return nil
	}
	_, err := f.conn.Write([]byte(line))
	return err
}

// drain throws away what came unasked.
func (f *fakeClient) drain() {
	f.conn.SetReadDeadline(time.Now().Add(time.Millisecond))
	for {
		if _, err := f.in.ReadByte(); err != nil {
			break
		}
	}
	f.conn.SetReadDeadline(time.Time{})
}

// understand is the end of an exchange: what the bytes of a reply mean.
func (f *fakeClient) understand(raw []byte, into *oracle.Reply) error {
	lenient := raw
	if f.flaws["crlf read"] {
		lenient = bytes.ReplaceAll(raw, []byte("\r\n"), []byte("\n"))
	}
	if f.flaws["bad lines dropped"] {
		lenient = withoutBadLines(lenient)
	}
	reply, wrong := oracle.ParseReply(lenient)
	switch {
	case wrong == nil && reply.OK:
	case wrong == nil && f.flaws["error is ok"]:
		reply = oracle.Reply{OK: true}
	case wrong == nil && f.flaws["error is ok when it says so"] && bytes.Contains(raw, []byte("ok")):
		reply = oracle.Reply{OK: true}
	case wrong == nil:
		if f.flaws["error ends"] {
			f.lost = true
		}
		return f.bare("error bare", own("the server says %q", reply.Text))
	case wrong.Incomplete() && f.flaws["cut is whole"]:
		reply, _ = oracle.ParseReply(append(bytes.TrimRight(lenient, "\n"), "\n\n"...))
	default:
		f.lost = true
		return f.bare("form bare", own("the reply breaks the form: %s", wrong))
	}
	if into != nil {
		*into = reply
	}
	return nil
}

func withoutBadLines(raw []byte) []byte {
	var out []byte
	for i, line := range bytes.SplitAfter(raw, []byte("\n")) {
		_, wrong := oracle.ParseReply(append(append([]byte("ok\n"), line...), '\n'))
		if i == 0 || len(line) < 2 || wrong == nil {
			out = append(out, line...)
		}
	}
	return out
}

// read reads one reply.
func (f *fakeClient) read(stop <-chan struct{}, c *fakeCaller) ([]byte, error) {
	if f.flaws["odd: small reads"] {
		f.in = bufio.NewReaderSize(&smallReads{f.conn}, 16)
	}
	if f.flaws["one read"] {
		buf := make([]byte, 4096)
		n, err := f.conn.Read(buf)
		if err != nil {
			return nil, own("%w", err)
		}
		return buf[:n], nil
	}
	var raw []byte
	for {
		if f.timeout > 0 && !f.flaws["timeout ignored"] {
			f.conn.SetReadDeadline(time.Now().Add(f.timeout))
		}
		line, err := f.in.ReadBytes('\n')
		raw = append(raw, line...)
		switch {
		case errors.Is(err, os.ErrDeadlineExceeded):
			return nil, f.bare("timeout bare", own("the timeout has passed: %w", err))
		case err != nil && f.flaws["spins at the end"]:
			c.spin(stop)
			return nil, err
		case err != nil && f.flaws["hangs at the end"]:
			<-stop
			return nil, err
		case err != nil && f.flaws["cut is whole"] && len(raw) > 0:
			return raw, nil
		case err != nil:
			return nil, f.bare("lost bare", own("the stream ends after %q: %w", raw, err))
		case len(line) == 1, f.flaws["crlf read"] && string(line) == "\r\n":
			return raw, nil
		}
	}
}

// spin says that it burns CPU time until the call is given up, and burns none, as the
// tests beside it need some.
func (c *fakeCaller) spin(stop <-chan struct{}) {
	c.spinning.Store(time.Now().UnixNano())
	<-stop
}

// smallReads reads a few bytes at a time.
type smallReads struct{ net.Conn }

func (r *smallReads) Read(p []byte) (int, error) {
	const few = 5
	return r.Conn.Read(p[:min(few, len(p))])
}

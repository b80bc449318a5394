package mutant

import (
	"encoding/json"
	"errors"
	"fmt"
	"math"
	"slices"
	"strconv"
	"time"

	"github.com/putget-protocol/putget/conformance/oracle"
)

// readSize is how much the right client takes in one read, in bytes.
const readSize = 64 << 10

// looksBrokenUpTo is how long what came may be for the right client to look whether it
// can still become a reply, in bytes.
const looksBrokenUpTo = 4 << 10

// A ClientBehaviour is every decision that a client takes, and its adapter.
type ClientBehaviour struct {
	// Start is called before the first call is read, Close at the end.
	Start func()
	Close func(c *Client)
	// Timeout reads the timeout, which is "" where none was given.
	Timeout func(text string) (time.Duration, error)
	// Open does what a new client does.
	Open func(c *Client) *failure
	// Key checks a key, CheckValue a value and Time a timestamp; each returns what is
	// to be sent of it. Now is the timestamp where none was given.
	Key        func(c *Client, key string) (string, error)
	CheckValue func(v float64) (float64, error)
	Time       func(c *Client, text string) (string, error)
	Now        func(c *Client) (string, error)
	// Value words a value, PutLine and GetLine write a request with its LF.
	Value   func(v float64) string
	PutLine func(key, value, timestamp string) string
	GetLine func(key string) string
	// Ready sees that there is a connection, before each request.
	Ready func(c *Client) *failure
	// Send sends a request, Receive reads one reply, Decode decodes it.
	Send    func(c *Client, line string) error
	Receive func(c *Client) ([]byte, *failure)
	Decode  func(c *Client, reply []byte) (oracle.Reply, error)
	// Told says whether an error reply of that text is a failure of the call.
	Told func(c *Client, text []string) bool
	// Put and Get make what the calls return of an ok reply.
	Put func(c *Client, reply oracle.Reply) (any, error)
	Get func(c *Client, samples []oracle.Sample) (any, error)
	// Sort orders the samples of one key, Pair makes one pair of the result.
	Sort func([]oracle.Sample)
	Pair func(s oracle.Sample) any
	// JSON words a value in the answer.
	JSON func(v float64) string
	// After says what becomes of the connection after a failed call, Fail what the call
	// raises: an OwnError, or else it is a bare one.
	After func(c *Client, at Stage)
	Fail  func(c *Client, at Stage, err error) error
}

// RightClient returns the behaviour of a client without fault.
func RightClient() *ClientBehaviour {
	b := &ClientBehaviour{
		Start:      func() {},
		Close:      (*Client).close,
		Timeout:    seconds,
		Open:       (*Client).dial,
		Key:        checkKey,
		CheckValue: checkFinite,
		Time:       checkTime,
		Now:        func(*Client) (string, error) { return oracle.FormatTimestamp(time.Now().Unix()), nil },
		Value:      oracle.FormatValue,
		PutLine:    func(key, value, timestamp string) string { return "put " + key + " " + value + " " + timestamp + "\n" },
		GetLine:    func(key string) string { return "get " + key + "\n" },
		Ready:      hasConnection,
		Send:       sendWhole,
		Receive:    receive,
		Decode:     decode,
		Told:       func(*Client, []string) bool { return true },
		Put:        func(*Client, oracle.Reply) (any, error) { return nil, nil },
		Sort:       ascending,
		JSON:       oracle.FormatValue,
		After:      leaveWhenOutOfStep,
		Fail:       func(_ *Client, at Stage, err error) error { return &OwnError{at, err} },
	}
	b.Pair = func(s oracle.Sample) any {
		return []any{s.Timestamp, json.RawMessage(b.JSON(s.Value))}
	}
	b.Get = series
	return b
}

func seconds(text string) (time.Duration, error) {
	if text == "" {
		return ownTimeout, nil
	}
	n, err := strconv.ParseFloat(text, 64)
	if err != nil || !(n > 0) {
		return 0, fmt.Errorf("the timeout %s is no number of seconds", text)
	}
	return time.Duration(n * float64(time.Second)), nil
}

func checkKey(c *Client, key string) (string, error) {
	req, right := oracle.ParseRequest([]byte("get " + key))
	switch {
	case right && req.All && c.verb == oracle.Get:
		return key, nil
	case !right || req.All || req.Key != key:
		return "", fmt.Errorf("%q is no key", key)
	default:
		return key, nil
	}
}

func checkFinite(v float64) (float64, error) {
	if math.IsInf(v, 0) || math.IsNaN(v) {
		return 0, errors.New("the value is not finite")
	}
	return v, nil
}

func checkTime(_ *Client, text string) (string, error) {
	n, err := strconv.ParseInt(text, 10, 64)
	if err != nil {
		return "", fmt.Errorf("%s is no signed 64-bit integer", text)
	}
	return oracle.FormatTimestamp(n), nil
}

func hasConnection(c *Client) *failure {
	if c.conn == nil {
		return &failure{Unusable, errNoConnection}
	}
	return nil
}

func sendWhole(c *Client, line string) error {
	if c.timeout > 0 {
		c.conn.SetWriteDeadline(time.Now().Add(c.timeout))
	}
	_, err := c.conn.Write([]byte(line))
	return err
}

// receive reads up to the end of a reply, and leaves what follows it for the next.
func receive(c *Client) ([]byte, *failure) {
	for {
		if reply, found := c.whole(); found {
			return reply, nil
		}
		if err := hopeless(c.pending); err != nil {
			return nil, &failure{Broken, err}
		}
		if f := c.read(readSize); f != nil {
			return nil, f
		}
	}
}

// hopeless says why what came cannot become a reply.
func hopeless(data []byte) error {
	if len(data) == 0 || len(data) > looksBrokenUpTo {
		return nil
	}
	if _, m := oracle.ParseReply(data); m != nil && !m.Incomplete() {
		return fmt.Errorf("the reply is not of the form: %q", data)
	}
	return nil
}

func decode(_ *Client, data []byte) (oracle.Reply, error) {
	reply, m := oracle.ParseReply(data)
	if m != nil {
		return oracle.Reply{}, fmt.Errorf("the reply is not of the form: %q", data[:min(len(data), 80)])
	}
	return reply, nil
}

// leaveWhenOutOfStep gives up a connection whose next bytes would be anybody's guess.
func leaveWhenOutOfStep(c *Client, at Stage) {
	if slices.Contains([]Stage{Lost, TimedOut, Broken}, at) {
		c.leave()
	}
}

// series makes the result of a get: key -> pairs of timestamp and value.
func series(c *Client, samples []oracle.Sample) (any, error) {
	byKey := make(map[string][]oracle.Sample)
	for _, s := range samples {
		byKey[s.Key] = append(byKey[s.Key], s)
	}
	result := make(map[string][]any, len(byKey))
	for key, own := range byKey {
		c.b.Sort(own)
		pairs := make([]any, len(own))
		for i, s := range own {
			pairs[i] = c.b.Pair(s)
		}
		result[key] = pairs
	}
	return result, nil
}

package adapter

import (
	"encoding/json"
	"errors"
	"fmt"
	"log"
	"runtime/debug"
	"strconv"
	"time"
)

// A session is the state between two calls.
type session struct {
	dial   func(host string, port int, timeout time.Duration) (Client, error)
	own    []func(error) bool
	client Client // nil before the first open and after one that failed
}

// answer makes the call of a line and returns the answer's line.
func (s *session) answer(line []byte) (answer []byte) {
	defer func() {
		if p := recover(); p != nil {
			log.Printf("panic: %v\n%s", p, debug.Stack())
			answer = appendMessage(Crash, fmt.Sprintf("panic: %v", p))
		}
	}()
	result, err := s.call(line)
	switch {
	case err == nil:
		return append(appendResult([]byte(`{"ok":`), result), "}\n"...)
	case isMistaken(err):
		return appendMessage(Crash, "adapter: "+err.Error())
	case isImpossible(err) || isOwn(err, s.own):
		return appendMessage(Error, err.Error())
	default:
		return appendMessage(Crash, fmt.Sprintf("%T: %v", err, err))
	}
}

func appendMessage(kind Kind, message string) []byte {
	return append(appendString([]byte(`{"`+string(kind)+`":`), message), "}\n"...)
}

// An impossible error says that the client cannot be given an argument: its type does
// not allow it, so that nothing is sent. To the judge it is as good as the client's own.
type impossible struct{ error }

// A mistaken error says that a call is none that an adapter knows, or comes out of turn.
type mistaken struct{ error }

func isImpossible(err error) bool {
	_, ok := errors.AsType[impossible](err)
	return ok
}

func isMistaken(err error) bool {
	_, ok := errors.AsType[mistaken](err)
	return ok
}

// call makes the call of a line. Its result is nil but for a get that returned.
func (s *session) call(line []byte) (map[string][]Sample, error) {
	var request struct {
		Op   string            `json:"op"`
		Args []json.RawMessage `json:"args"`
	}
	if err := json.Unmarshal(line, &request); err != nil {
		return nil, mistaken{fmt.Errorf(`want a call such as {"op":"get","args":["cpu"]}: %w`, err)}
	}
	args := arguments{op: request.Op, rest: request.Args}
	switch {
	case request.Op == "open":
		return nil, s.open(&args)
	case request.Op != "put" && request.Op != "get":
		return nil, mistaken{fmt.Errorf("no operation %q; there are open, put and get", request.Op)}
	case s.client == nil:
		return nil, mistaken{errors.New("no client is open")}
	case request.Op == "put":
		return nil, s.put(&args)
	default:
		return s.get(&args)
	}
}

func (s *session) open(args *arguments) error {
	host, port, timeout := args.text("host"), args.integer("port"), time.Duration(0)
	if args.more() {
		timeout = time.Duration(args.number("timeout") * float64(time.Second))
	}
	if err := args.end(); err != nil {
		return err
	}
	s.client = nil
	c, err := s.dial(host, int(port), timeout)
	if err == nil {
		s.client = c
	}
	return err
}

func (s *session) put(args *arguments) error {
	key, value := args.text("key"), args.number("value")
	var timestamp []int64
	if args.more() {
		timestamp = append(timestamp, args.integer("timestamp"))
	}
	if err := args.end(); err != nil {
		return err
	}
	return s.client.Put(key, value, timestamp...)
}

func (s *session) get(args *arguments) (map[string][]Sample, error) {
	key := args.text("key")
	if err := args.end(); err != nil {
		return nil, err
	}
	all, err := s.client.Get(key)
	if all == nil && err == nil {
		all = map[string][]Sample{} // nil is an empty mapping in Go
	}
	return all, err
}

// appendResult appends what a call returned. Every value has a point or an exponent.
func appendResult(dst []byte, all map[string][]Sample) []byte {
	if all == nil {
		return append(dst, "null"...)
	}
	dst = append(dst, '{')
	for key, samples := range all {
		if dst[len(dst)-1] != '{' {
			dst = append(dst, ',')
		}
		dst = append(appendString(dst, key), ':', '[')
		for i, s := range samples {
			if i > 0 {
				dst = append(dst, ',')
			}
			dst = append(strconv.AppendInt(append(dst, '['), s.Timestamp, 10), ',')
			dst = append(appendFloat(dst, s.Value), ']')
		}
		dst = append(dst, ']')
	}
	return append(dst, '}')
}

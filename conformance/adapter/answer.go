package adapter

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"time"
)

// A Kind says what became of a call.
type Kind string

// The kinds of answers. The first three are the members that an answer's line can have.
const (
	OK    Kind = "ok"    // it returned
	Error Kind = "error" // it failed with the client's own error type
	Crash Kind = "crash" // it failed in any other way
	Ended Kind = "ended" // the process ended instead of answering; said by the judge, never by an adapter
)

// An Answer is what became of one call.
type Answer struct {
	Kind    Kind
	Message string          // of Error, Crash and Ended, for a reader; may be empty
	Value   json.RawMessage // of OK: what the call returned, with its numbers as the adapter worded them; null for nothing
	Took    time.Duration   // from the call to its answer; zero in an Answer that was only parsed
}

// String returns the answer as the line that it was, without the LF, or says in
// parentheses how the process ended.
func (a Answer) String() string {
	switch a.Kind {
	case OK:
		return `{"ok":` + string(a.Value) + `}`
	case Ended:
		return "(" + a.Message + ")"
	}
	return string(append(appendString([]byte(`{"`+string(a.Kind)+`":`), a.Message), '}'))
}

// Returned reports whether the call returned without a value, as put and open do.
func (a Answer) Returned() bool { return a.Kind == OK && string(a.Value) == "null" }

// ParseAnswer reads an answer's line, with or without its LF. An answer is a JSON object
// with exactly one member: "ok" with any value, or "error" or "crash" with a string.
// The Answer shares no memory with line. An error says what is wrong with the line,
// and does not quote it.
func ParseAnswer(line []byte) (Answer, error) {
	var members map[string]json.RawMessage
	if err := json.Unmarshal(line, &members); err != nil {
		return Answer{}, notJSON(line, err)
	}
	if len(members) != 1 {
		return Answer{}, fmt.Errorf(`want an object with one member, "ok", "error" or "crash"; it has %d`, len(members))
	}
	for name, value := range members {
		switch kind := Kind(name); kind {
		case OK:
			return Answer{Kind: OK, Value: value}, nil
		case Error, Crash:
			a := Answer{Kind: kind}
			if err := json.Unmarshal(value, &a.Message); err != nil || value[0] != '"' {
				return Answer{}, fmt.Errorf("want a string as the member %q", name)
			}
			return a, nil
		}
		return Answer{}, fmt.Errorf(`want the member "ok", "error" or "crash"; it has %q`, name)
	}
	panic("unreachable: the object has a member")
}

// notJSON says why a line is no JSON object.
func notJSON(line []byte, err error) error {
	switch {
	case len(bytes.TrimSpace(line)) == 0:
		return errors.New("the line is empty")
	case bytes.Contains(line, []byte("NaN")), bytes.Contains(line, []byte("Infinity")):
		return fmt.Errorf("JSON has no NaN and no Infinity, an infinite value is worded 1e999: %w", err)
	}
	return fmt.Errorf("want a JSON object: %w", err)
}

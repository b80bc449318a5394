package adapter

import (
	"bytes"
	"encoding/json"
	"fmt"
	"maps"
	"slices"
)

// A Pair is one sample of a get, with its numbers as the adapter worded them: 5 and 5.0
// are told apart, and so are all the digits of a number that no double holds.
type Pair struct{ Timestamp, Value json.Number }

// A ShapeError says that what a get returned is no mapping from keys to lists of pairs.
type ShapeError struct {
	Where string // in words, such as `pair 2 of "cpu"`; "the result" for all of it
	Want  string // what is to stand there
	Got   string // the JSON text that does, shortened
}

// Error returns the message.
func (e *ShapeError) Error() string {
	return fmt.Sprintf("%s is %s; want %s", e.Where, e.Got, e.Want)
}

// Series returns the mapping from keys to pairs that a get returned, each list in the
// order of the answer, without loss. The map is empty, and not nil, when the mapping
// is. The error is a [ShapeError]; calls that returned nothing, or did not return at
// all, have no mapping either. What is returned belongs to the caller.
func (a Answer) Series() (map[string][]Pair, error) {
	if a.Kind != OK {
		return nil, &ShapeError{Where: "the result", Want: "a mapping", Got: "none: " + a.String()}
	}
	var lists map[string][][]json.RawMessage
	if json.Unmarshal(a.Value, &lists) != nil || lists == nil {
		return nil, misshapen(a.Value)
	}
	all := make(map[string][]Pair, len(lists))
	for key, list := range lists {
		pairs := make([]Pair, len(list))
		for i, pair := range list {
			if len(pair) != 2 || !isNumber(pair[0]) || !isNumber(pair[1]) {
				return nil, misshapen(a.Value)
			}
			pairs[i] = Pair{Timestamp: json.Number(pair[0]), Value: json.Number(pair[1])}
		}
		if list == nil {
			return nil, misshapen(a.Value)
		}
		all[key] = pairs
	}
	return all, nil
}

// misshapen finds what is wrong with the mapping that text is to be.
func misshapen(text json.RawMessage) *ShapeError {
	var lists map[string]json.RawMessage
	if err := json.Unmarshal(text, &lists); err != nil || lists == nil {
		return &ShapeError{Where: "the result", Want: "a mapping from keys to lists of pairs", Got: shorten(text)}
	}
	for _, key := range slices.Sorted(maps.Keys(lists)) {
		if err := misshapenList(key, lists[key]); err != nil {
			return err
		}
	}
	return &ShapeError{Where: "the result", Want: "a mapping from keys to lists of pairs", Got: shorten(text)}
}

// misshapenList finds what is wrong with the list of a key, if anything is.
func misshapenList(key string, text json.RawMessage) *ShapeError {
	var list []json.RawMessage
	if err := json.Unmarshal(text, &list); err != nil || list == nil {
		return &ShapeError{Where: fmt.Sprintf("what stands under the key %q", key), Want: "a list of pairs", Got: shorten(text)}
	}
	for i, text := range list {
		var pair []json.RawMessage
		if err := json.Unmarshal(text, &pair); err != nil || len(pair) != 2 {
			return &ShapeError{Where: fmt.Sprintf("entry %d under the key %q", i, key), Want: "a pair [timestamp, value]", Got: shorten(text)}
		}
		for j, name := range []string{"timestamp", "value"} {
			if !isNumber(pair[j]) {
				return &ShapeError{Where: fmt.Sprintf("the %s of pair %d under the key %q", name, i, key), Want: "a number", Got: shorten(pair[j])}
			}
		}
	}
	return nil
}

// isNumber tells a number from the other JSON values.
func isNumber(text json.RawMessage) bool {
	return len(text) > 0 && (text[0] == '-' || '0' <= text[0] && text[0] <= '9')
}

// shorten returns a text that fits into a message.
func shorten(text json.RawMessage) string {
	const enough = 80
	text = bytes.ToValidUTF8(text, nil)
	if len(text) <= enough {
		return string(text)
	}
	return fmt.Sprintf("%s... (%d bytes)", bytes.ToValidUTF8(text[:enough], nil), len(text))
}

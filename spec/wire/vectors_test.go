package wire_test

import (
	"bytes"
	"errors"
	"slices"
	"testing"

	"github.com/putget-protocol/putget/spec"
	"github.com/putget-protocol/putget/spec/wire"
)

// The vectors of the specification hold for the codec. What they mean is written by hand in
// SPEC.md, and no codec had a part in it.

// vectorsOf returns the vectors of a kind, at least fewest.
func vectorsOf(t *testing.T, kind spec.Kind, fewest int) []spec.Vector {
	t.Helper()
	all, err := spec.Vectors()
	if err != nil {
		t.Fatal(err)
	}
	some := slices.DeleteFunc(all, func(v spec.Vector) bool { return v.Kind != kind })
	if len(some) < fewest {
		t.Fatalf("got %d vectors of kind %s, want at least %d", len(some), kind, fewest)
	}
	return some
}

func TestRequestVectors(t *testing.T) {
	for _, v := range vectorsOf(t, spec.RequestKind, 200) {
		want, right := requestOf(*v.Request)
		var got wire.Request
		err := wire.ParseRequest(bytes.TrimSuffix(v.Bytes, []byte("\n")), &got)
		if (err == nil) != right || !sameMeaning(got, want) {
			t.Errorf("%s: %q decodes to %+v, %v, want %+v, right %t", v.ID, v.Bytes, got, err, want, right)
		}
	}
}

// What a client is called with is encoded so that it means just that, with one SP between the
// fields [CLI-005] [CLI-006].
func TestRequestVectorsEncoded(t *testing.T) {
	encoded := 0
	for _, v := range vectorsOf(t, spec.RequestKind, 200) {
		want, right := requestOf(*v.Request)
		if !right || v.Side != spec.Client {
			continue
		}
		encoded++
		var line []byte
		switch want.Verb {
		case wire.Put:
			line = wire.AppendPut(nil, want.Key, want.Value, want.Timestamp)
		case wire.Get:
			line = wire.AppendGet(nil, want.Key)
		default:
			line = wire.AppendGetAll(nil)
		}
		fields, shown := bytes.Split(line, []byte(" ")), bytes.Split(v.Bytes, []byte(" "))
		if len(fields) == 4 && len(shown) == 4 {
			fields[2], shown[2] = nil, nil // the wording of a value is free
		}
		var again wire.Request
		err := wire.ParseRequest(bytes.TrimSuffix(line, []byte("\n")), &again)
		if err != nil || !sameMeaning(again, want) || !slices.EqualFunc(fields, shown, bytes.Equal) {
			t.Errorf("%s: %+v is encoded as %q, which decodes to %+v, %v; the vector shows %q", v.ID, want, line, again, err, v.Bytes)
		}
	}
	if encoded < 10 {
		t.Errorf("%d vectors show what a client sends, want at least 10", encoded)
	}
}

func TestReplyVectors(t *testing.T) {
	for _, v := range vectorsOf(t, spec.ReplyKind, 80) {
		for _, pieces := range []string{"whole", "byte by byte"} {
			arrived := [][]byte{v.Bytes}
			if pieces != "whole" {
				arrived = slices.Collect(slices.Chunk([]byte(v.Bytes), 1))
			}
			events, rest, err := decodePieces(arrived)
			if form := formOf(events, rest, err); form != v.Reply.Form {
				t.Errorf("%s, %s: %q is %s, %v, want %s", v.ID, pieces, v.Bytes, form, err, v.Reply.Form)
				continue
			}
			if want := eventsOf(*v.Reply); want != nil && !slices.EqualFunc(events, want, equalEvents) {
				t.Errorf("%s, %s: %q decodes to %v, want %v", v.ID, pieces, v.Bytes, events, want)
			}
		}
	}
}

// decodePieces decodes one reply that arrives in pieces, and returns what is left behind it.
func decodePieces(arrived [][]byte) (events []wire.Event, rest []byte, err error) {
	var d wire.ReplyDecoder
	for _, piece := range arrived {
		rest = append(rest, piece...)
		for {
			ev, n, err := d.Next(rest)
			if errors.Is(err, wire.ErrIncomplete) {
				break
			}
			if err != nil {
				return events, rest, err
			}
			rest = bytes.Clone(rest[n:]) // events alias what stands before
			events = append(events, ev)
		}
	}
	return events, rest, nil
}

// formOf says what a vector would call these.
func formOf(events []wire.Event, rest []byte, err error) spec.ReplyForm {
	ends := 0
	for _, ev := range events {
		if ev.Kind == wire.EndOfReply {
			ends++
		}
	}
	switch {
	case err != nil, ends > 1, ends == 1 && len(rest) > 0:
		return spec.BrokenForm
	case ends == 0 || events[len(events)-1].Kind != wire.EndOfReply:
		return spec.IncompleteForm
	case events[0].Kind == wire.OKStatus:
		return spec.OKForm
	}
	return spec.ErrorForm
}

func requestOf(r spec.Request) (want wire.Request, right bool) {
	switch r.Form {
	case spec.PutForm:
		return wire.Request{Verb: wire.Put, Key: r.Key, Value: r.Value.Float64(), Timestamp: r.Timestamp.Int64()}, true
	case spec.GetForm:
		return wire.Request{Verb: wire.Get, Key: r.Key}, true
	case spec.GetAllForm:
		return wire.Request{Verb: wire.GetAll}, true
	}
	return wire.Request{}, false
}

// sameMeaning takes the two zeros for one (VAL-003).
func sameMeaning(a, b wire.Request) bool {
	return a.Verb == b.Verb && bytes.Equal(a.Key, b.Key) && a.Value == b.Value && a.Timestamp == b.Timestamp
}

// eventsOf returns what a decoder says of a reply; nil of one that is none.
func eventsOf(r spec.Reply) []wire.Event {
	var lines []wire.Event
	for _, s := range r.Samples {
		lines = append(lines, sample(string(s.Key), s.Value.Float64(), s.Timestamp.Int64()))
	}
	for _, line := range r.Lines {
		lines = append(lines, text(string(line)))
	}
	switch r.Form {
	case spec.OKForm:
		return slices.Concat([]wire.Event{okStatus}, lines, []wire.Event{endOfReply})
	case spec.ErrorForm:
		return slices.Concat([]wire.Event{errorStatus}, lines, []wire.Event{endOfReply})
	}
	return nil
}

func equalEvents(a, b wire.Event) bool {
	return a.Kind == b.Kind && bytes.Equal(a.Key, b.Key) && a.Value == b.Value && a.Timestamp == b.Timestamp && bytes.Equal(a.Text, b.Text)
}

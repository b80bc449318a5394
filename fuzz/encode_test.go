package fuzz_test

import (
	"math"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"github.com/putget-protocol/putget/conformance/oracle"
	"github.com/putget-protocol/putget/spec/wire"
)

func FuzzEncode(f *testing.F) {
	f.Fuzz(func(t *testing.T, key string, value float64, timestamp int64) {
		checkEncode(t, key, value, timestamp)
	})
}

func TestGeneratedEncode(t *testing.T) {
	anyValue := rapid.Map(rapid.Uint64(), math.Float64frombits)
	rapid.Check(t, func(t *rapid.T) {
		for range 20 {
			key := string(keyBytes().Draw(t, "key"))
			checkEncode(t, key, anyValue.Draw(t, "value"), rapid.Int64().Draw(t, "timestamp"))
		}
	})
}

// checkEncode: whatever CheckKey and CheckValue accept is encoded to what decodes
// to the same, bit for bit, and whatever they refuse is no key or value.
func checkEncode(t testingT, key string, value float64, timestamp int64) {
	t.Helper()
	checkKey(t, []byte(key))
	checkFinite(t, value)
	if wire.CheckKey(key) != nil || wire.CheckValue(value) != nil {
		return
	}
	requests := []wire.Request{
		{Verb: wire.Put, Key: []byte(key), Value: value, Timestamp: timestamp},
		{Verb: wire.Get, Key: []byte(key)},
		{Verb: wire.GetAll},
	}
	for _, req := range requests {
		checkReencoded(t, req)
		checkRequest(t, encode(req)[:len(encode(req))-1])
	}

	want := oracle.Reply{OK: true, Samples: []oracle.Sample{{Key: key, Value: value, Timestamp: timestamp}, {Key: key, Value: -value, Timestamp: timestamp}}}
	reply := wire.AppendOK(nil)
	for _, s := range want.Samples {
		reply = wire.AppendSample(reply, []byte(s.Key), s.Value, s.Timestamp)
	}
	reply = wire.AppendEnd(reply)
	checkEncodedReply(t, reply, want)
	if m := oracle.CheckWording(reply, nil); m != nil {
		t.Errorf("%q: %v", reply, m)
	}
}

// checkEncodedReply: reply decodes to want and nothing else, for codec and oracle.
func checkEncodedReply(t testingT, reply []byte, want oracle.Reply) {
	t.Helper()
	got := checkWhole(t, reply)
	if got.err != nil || got.open || len(got.replies) != 1 || !sameReply(got.replies[0], want) {
		t.Fatalf("%+v is encoded as %q, which decodes to %+v", want, reply, got)
	}
}

// checkFinite: CheckValue accepts what can be written, and nothing else.
func checkFinite(t testingT, value float64) {
	t.Helper()
	finite := wire.CheckValue(value) == nil
	if finite == (math.IsNaN(value) || math.IsInf(value, 0)) {
		t.Errorf("CheckValue(%v) = %v", value, wire.CheckValue(value))
	}
	text := wire.AppendValue(nil, value)
	got, err := wire.ParseValue(text)
	if finite && (err != nil || !sameBits(got, value)) {
		t.Errorf("%v is written as %q, which reads back as %v, %v", value, text, got, err)
	}
	if !finite && err == nil {
		t.Errorf("%v is written as %q, which reads back as %v", value, text, got)
	}
}

func FuzzErrorText(f *testing.F) {
	f.Fuzz(func(t *testing.T, text string) { checkErrorText(t, text) })
}

func TestGeneratedErrorTexts(t *testing.T) {
	line := rapid.OneOf(rapid.Just(""), rapid.String(), rapid.Just(wire.WrongCommand))
	rapid.Check(t, func(t *rapid.T) {
		checkErrorText(t, strings.Join(rapid.SliceOf(line).Draw(t, "lines"), "\n"))
	})
}

// checkErrorText: any text gives one reply that holds its lines, but for empty ones.
func checkErrorText(t testingT, text string) {
	t.Helper()
	lines := slices.DeleteFunc(strings.Split(text, "\n"), func(line string) bool { return line == "" })
	checkEncodedReply(t, wire.AppendError(nil, text), oracle.Reply{Text: lines})
}

func sameBits(a, b float64) bool { return math.Float64bits(a) == math.Float64bits(b) }

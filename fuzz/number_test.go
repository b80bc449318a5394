package fuzz_test

import (
	"testing"

	"pgregory.net/rapid"

	"github.com/putget-protocol/putget/conformance/oracle"
	"github.com/putget-protocol/putget/spec/wire"
)

func FuzzValue(f *testing.F) {
	seedFields(f, 2)
	f.Fuzz(func(t *testing.T, token []byte) { checkValue(t, token) })
}

func FuzzTimestamp(f *testing.F) {
	seedFields(f, 3)
	f.Fuzz(func(t *testing.T, token []byte) { checkTimestamp(t, token) })
}

func TestGeneratedNumbers(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		for range 50 {
			checkValue(t, edited(value()).Draw(t, "value"))
			checkTimestamp(t, edited(timestamp()).Draw(t, "timestamp"))
		}
	})
}

// checkValue: the same tokens are values alone, in a request and in a reply.
func checkValue(t testingT, token []byte) {
	t.Helper()
	checkInMessages(t, "k ", token, " 0")
	got, err := wire.ParseValue(token)
	want, right := oracle.ParseRequest(surround("put k ", oneToken(token), " 0"))
	if right != (err == nil) || right && !sameBits(got, want.Value) {
		t.Fatalf("%q: the oracle says %v %v, the codec %v %v", token, want.Value, right, got, err)
	}
	if err != nil {
		checkError(t, err, token)
		return
	}
	text := wire.AppendValue(nil, got)
	again, err := wire.ParseValue(text)
	if err != nil || !sameBits(again, got) {
		t.Errorf("%q is written as %q, which reads back as %v, %v", token, text, again, err)
	}
}

// checkTimestamp is to timestamps what checkValue is to values.
func checkTimestamp(t testingT, token []byte) {
	t.Helper()
	checkInMessages(t, "k 0 ", token, "")
	got, err := wire.ParseTimestamp(token)
	want, right := oracle.ParseRequest(surround("put k 0 ", oneToken(token), ""))
	if right != (err == nil) || right && got != want.Timestamp {
		t.Fatalf("%q: the oracle says %v %v, the codec %v %v", token, want.Timestamp, right, got, err)
	}
	if err != nil {
		checkError(t, err, token)
		return
	}
	text := wire.AppendTimestamp(nil, got)
	again, err := wire.ParseTimestamp(text)
	if err != nil || again != got {
		t.Errorf("%q is written as %q, which reads back as %v, %v", token, text, again, err)
	}
}

// checkInMessages puts token into the sample of a request and of a reply.
func checkInMessages(t testingT, before string, token []byte, after string) {
	t.Helper()
	checkRequest(t, surround("put "+before, token, after))
	checkWhole(t, surround("ok\n"+before, token, after+"\n\n"))
}

func surround(before string, token []byte, after string) []byte {
	return append(append([]byte(before), token...), after...)
}

// oneToken returns token with other bytes, which no number has either, in place of
// SP and CR, which a line would take for its own.
func oneToken(token []byte) []byte {
	other := make([]byte, len(token))
	for i, c := range token {
		if c == ' ' || c == '\r' {
			c = '_'
		}
		other[i] = c
	}
	return other
}

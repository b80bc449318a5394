package fuzz_test

import (
	"bytes"
	"testing"

	"github.com/putget-protocol/putget/conformance/oracle"
	"github.com/putget-protocol/putget/spec"
)

// The examples of the specification, whose decoded forms people wrote, hold
// for the codec and for the oracle.

func TestRequestVectors(t *testing.T) {
	for _, vector := range vectors(t, spec.RequestKind) {
		line := requestLineOf(t, vector)
		checkRequest(t, line)
		want, right := wantedRequest(*vector.Request)
		got, accepted := oracle.ParseRequest(line)
		if accepted != right || got != want {
			t.Errorf("%s: %q decodes to %+v, %v; want %+v, %v", vector.ID, line, got, accepted, want, right)
		}
	}
}

func TestReplyVectors(t *testing.T) {
	for _, vector := range vectors(t, spec.ReplyKind) {
		checkReplies(t, vector.Bytes)
		got := decodeInPieces(vector.Bytes, nil)
		ended := got.err == nil && !got.open && len(got.replies) == 1 && got.taken == len(vector.Bytes)
		switch form := vector.Reply.Form; form {
		case spec.BrokenForm:
			if got.err == nil {
				t.Errorf("%s: %q is broken and decodes to %+v", vector.ID, vector.Bytes, got)
			}
		case spec.IncompleteForm:
			if got.err != nil || ended {
				t.Errorf("%s: %q is incomplete and decodes to %+v", vector.ID, vector.Bytes, got)
			}
		default:
			if want := wantedReply(*vector.Reply); !ended || !sameReply(got.replies[0], want) {
				t.Errorf("%s: %q decodes to %+v, want %+v", vector.ID, vector.Bytes, got, want)
			}
		}
	}
}

// vectors returns the vectors of one kind.
func vectors(t testing.TB, kind spec.Kind) []spec.Vector {
	t.Helper()
	all, err := spec.Vectors()
	if err != nil {
		t.Fatal(err)
	}
	var some []spec.Vector
	for _, vector := range all {
		if vector.Kind == kind {
			some = append(some, vector)
		}
	}
	if len(some) == 0 {
		t.Fatalf("there are no vectors of kind %s", kind)
	}
	return some
}

// seedFields gives a fuzz target a field of each request vector that is a put of three
// arguments, right or wrong: 1 is the key, 2 the value, 3 the timestamp.
func seedFields(f *testing.F, field int) {
	f.Helper()
	for _, vector := range vectors(f, spec.RequestKind) {
		fields := bytes.Split(requestLineOf(f, vector), []byte(" "))
		if len(fields) == 4 && string(fields[0]) == "put" {
			f.Add(fields[field])
		}
	}
}

// requestLineOf returns the line of a request vector without its LF.
func requestLineOf(t testing.TB, vector spec.Vector) []byte {
	t.Helper()
	line, ended := bytes.CutSuffix(vector.Bytes, []byte("\n"))
	if !ended {
		t.Fatalf("%s: %q has no LF", vector.ID, vector.Bytes)
	}
	return line
}

func wantedRequest(r spec.Request) (want oracle.Request, right bool) {
	switch r.Form {
	case spec.PutForm:
		return oracle.Request{Verb: oracle.Put, Key: string(r.Key), Value: r.Value.Float64(), Timestamp: r.Timestamp.Int64()}, true
	case spec.GetForm:
		return oracle.Request{Verb: oracle.Get, Key: string(r.Key)}, true
	case spec.GetAllForm:
		return oracle.Request{Verb: oracle.Get, All: true}, true
	}
	return oracle.Request{}, false
}

func wantedReply(r spec.Reply) oracle.Reply {
	want := oracle.Reply{OK: r.Form == spec.OKForm}
	for _, s := range r.Samples {
		want.Samples = append(want.Samples, oracle.Sample{Key: string(s.Key), Value: s.Value.Float64(), Timestamp: s.Timestamp.Int64()})
	}
	for _, line := range r.Lines {
		want.Text = append(want.Text, string(line))
	}
	return want
}

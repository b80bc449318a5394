package fuzz_test

import (
	"bytes"
	"errors"
	"testing"

	"pgregory.net/rapid"

	"github.com/putget-protocol/putget/conformance/oracle"
	"github.com/putget-protocol/putget/spec"
	"github.com/putget-protocol/putget/spec/wire"
)

// testingT is what the properties need of *testing.T and of *rapid.T.
type testingT interface {
	Helper()
	Errorf(format string, args ...any)
	Fatalf(format string, args ...any)
}

func FuzzRequest(f *testing.F) {
	for _, vector := range vectors(f, spec.RequestKind) {
		f.Add(requestLineOf(f, vector))
	}
	f.Fuzz(func(t *testing.T, line []byte) { checkRequest(t, line) })
}

func TestGeneratedRequests(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		for range 100 {
			checkRequest(t, requestLine().Draw(t, "line"))
		}
	})
}

// checkRequest holds for every line, which is given without its LF.
func checkRequest(t testingT, line []byte) {
	t.Helper()
	before := bytes.Clone(line)
	got := wire.Request{Verb: wire.Put, Key: []byte("of the line before"), Value: 1, Timestamp: 2}
	err := wire.ParseRequest(line, &got)
	if !bytes.Equal(line, before) {
		t.Fatalf("decoding changed %q to %q", before, line)
	}
	want, right := oracle.ParseRequest(line)
	if right != (err == nil) {
		t.Fatalf("%q: the oracle says %v, the codec says error %v", line, right, err)
	}
	if err != nil {
		checkError(t, err, line)
		if got.Verb != 0 || got.Key != nil || got.Value != 0 || got.Timestamp != 0 {
			t.Errorf("%q was refused, and the request is %+v", line, got)
		}
		return
	}
	if model(got) != want {
		t.Errorf("%q: the codec decodes %+v, the oracle %+v", line, model(got), want)
	}
	checkReencoded(t, got)
}

// checkReencoded: what decodes encodes to a request that decodes to the same.
func checkReencoded(t testingT, req wire.Request) {
	t.Helper()
	encoded := encode(req)
	body, ended := bytes.CutSuffix(encoded, []byte("\n"))
	if !ended || bytes.ContainsRune(body, '\n') {
		t.Fatalf("%+v is encoded as %q, which is not one line", req, encoded)
	}
	var again wire.Request
	if err := wire.ParseRequest(body, &again); err != nil {
		t.Fatalf("%+v is encoded as %q, which is refused: %v", req, encoded, err)
	}
	if !sameRequest(again, req) {
		t.Errorf("%+v is encoded as %q, which decodes to %+v", req, encoded, again)
	}
}

// checkError holds for every error of the codec about b, or about a line in it.
func checkError(t testingT, err error, b []byte) {
	t.Helper()
	syntax, ok := errors.AsType[*wire.SyntaxError](err)
	switch {
	case !ok:
		t.Fatalf("%q: error %v is a %T, want a *SyntaxError", b, err, err)
	case syntax.Offset < 0 || syntax.Offset > len(b):
		t.Errorf("%q: the error is at byte %d of %d", b, syntax.Offset, len(b))
	case syntax.Rule == "" || syntax.Error() == "":
		t.Errorf("%q: the error names no rule or has no text: %#v", b, syntax)
	}
}

func encode(req wire.Request) []byte {
	switch req.Verb {
	case wire.Put:
		return wire.AppendPut(nil, req.Key, req.Value, req.Timestamp)
	case wire.Get:
		return wire.AppendGet(nil, req.Key)
	}
	return wire.AppendGetAll(nil)
}

// model returns req as the oracle would say it.
func model(req wire.Request) oracle.Request {
	verb := oracle.Get
	if req.Verb == wire.Put {
		verb = oracle.Put
	}
	return oracle.Request{
		Verb: verb, Key: string(req.Key), All: req.Verb == wire.GetAll,
		Value: req.Value, Timestamp: req.Timestamp,
	}
}

func sameRequest(a, b wire.Request) bool {
	return a.Verb == b.Verb && bytes.Equal(a.Key, b.Key) && sameBits(a.Value, b.Value) && a.Timestamp == b.Timestamp
}

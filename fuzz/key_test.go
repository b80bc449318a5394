package fuzz_test

import (
	"bytes"
	"testing"

	"pgregory.net/rapid"

	"github.com/putget-protocol/putget/conformance/oracle"
	"github.com/putget-protocol/putget/spec/wire"
)

func FuzzKey(f *testing.F) {
	seedFields(f, 1)
	f.Fuzz(func(t *testing.T, key []byte) { checkKey(t, key) })
}

func TestGeneratedKeys(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		for range 50 {
			checkKey(t, keyBytes().Draw(t, "key"))
		}
	})
}

// Every code point of the first plane, and the edges of the others. Those that
// are surrogates make bytes that are not UTF-8.
func TestEveryCodePointInKeys(t *testing.T) {
	for r := range rune(0x10000) {
		lead, middle, last := byte(0xe0|r>>12), byte(0x80|r>>6&0x3f), byte(0x80|r&0x3f)
		checkKey(t, []byte{lead, middle, last}) // overlong below U+0800
		if r < 0x800 {
			checkKey(t, []byte{0xc0 | byte(r>>6), last}) // overlong below U+0080
		}
		if r < 0x100 {
			checkKey(t, []byte{byte(r)})
		}
	}
	for lead := 0xf0; lead <= 0xff; lead++ {
		for middle := 0x80; middle <= 0xbf; middle++ {
			checkKey(t, []byte{byte(lead), byte(middle), 0x80, 0x80})
			checkKey(t, []byte{byte(lead), byte(middle), 0xbf, 0xbf})
		}
	}
}

// checkKey: a key is what comes back as the key of a get, of a put and of a sample line.
func checkKey(t testingT, key []byte) {
	t.Helper()
	err := wire.CheckKey(key)
	if ofString := wire.CheckKey(string(key)); (ofString == nil) != (err == nil) {
		t.Errorf("%q: CheckKey says %v of the bytes, %v of the string", key, err, ofString)
	}
	if err != nil {
		checkError(t, err, key)
	}

	get := bytes.Join([][]byte{[]byte("get "), key}, nil)
	put := bytes.Join([][]byte{[]byte("put "), key, []byte(" 1 2")}, nil)
	reply := bytes.Join([][]byte{[]byte("ok\n"), key, []byte(" 1 2\n\n")}, nil)
	for _, line := range [][]byte{get, put} {
		checkRequest(t, line)
		req, right := oracle.ParseRequest(line)
		if isKey := right && !req.All && req.Key == string(key); isKey != (err == nil) {
			t.Errorf("%q: CheckKey says %v, the oracle makes %+v of it", line, err, req)
		}
	}
	got := checkWhole(t, reply)
	isKey := got.err == nil && len(got.replies) == 1 && len(got.replies[0].Samples) == 1 && got.replies[0].Samples[0].Key == string(key)
	if isKey != (err == nil) {
		t.Errorf("%q: CheckKey says %v, the reply decodes to %+v", reply, err, got)
	}
}

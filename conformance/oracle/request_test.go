package oracle_test

import (
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/putget-protocol/putget/conformance/oracle"
)

func TestParseRequest(t *testing.T) {
	put := oracle.Request{Verb: "put", Key: "palm.cpu", Value: 1.5, Timestamp: 7}
	get := oracle.Request{Verb: "get", Key: "palm.cpu"}
	tests := []struct {
		name, line string
		want       oracle.Request
	}{
		{"Put", "put palm.cpu 1.5 7", put},
		{"PutCR", "put palm.cpu 1.5 7\r", put},
		{"PutSpaces", "   put   palm.cpu  1.5   7  ", put},
		{"PutSpaceCR", "put palm.cpu 1.5 7 \r", put},
		{"Get", "get palm.cpu", get},
		{"GetCR", "get palm.cpu\r", get},
		{"GetSpaces", " get  palm.cpu ", get},
		{"GetAll", "get *", oracle.Request{Verb: "get", All: true}},
		{"GetAllSpacesCR", " get  *  \r", oracle.Request{Verb: "get", All: true}},
		{"KeyIsVerb", "get get", oracle.Request{Verb: "get", Key: "get"}},
		{"StarInside", "get palm.*", oracle.Request{Verb: "get", Key: "palm.*"}},
		{"TwoStars", "put ** 1.5 7", oracle.Request{Verb: "put", Key: "**", Value: 1.5, Timestamp: 7}},
		{"BOMInKey", "get \ufeffcpu", oracle.Request{Verb: "get", Key: "\ufeffcpu"}},
		{"LongKey", "get " + strings.Repeat("k", 100000), oracle.Request{Verb: "get", Key: strings.Repeat("k", 100000)}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			got, ok := oracle.ParseRequest([]byte(tt.line))
			if !ok || got != tt.want {
				t.Errorf("ParseRequest(%.60q) = %+v, %v; want %+v", tt.line, got, ok, tt.want)
			}
		})
	}
}

func TestWrongRequest(t *testing.T) {
	lines := []string{
		"", "\r", " ", "   ", " \r", "got palm.cpu", "gets palm.cpu", "putt palm.cpu 1.5 7", "getpalm.cpu",
		"PUT palm.cpu 1.5 7", "Get palm.cpu", "get", "get ", "get a b", "get * palm.cpu", "get palm.cpu *",
		"put", "put palm.cpu", "put palm.cpu 1.5", "put palm.cpu 1.5 7 8", "put * 1.5 7", "put palm.cpu 7 1.5",
		"get\tpalm.cpu", "get palm.cpu\t", "\tget palm.cpu", "get palm.cpu\r\r", "\rget palm.cpu", "get palm\rcpu",
		"get \r", "get palm.cpu \r ", "\ufeffget palm.cpu", "get palm.cpu\n", "get a\nget b", "get\u00a0palm.cpu",
		"get \xe9t", "get \x80", "get \xe2\x82", "get \xc0\xaf", "get \xe0\x80\xaf", "get \xf0\x80\x80\xaf", "get \xed\xa0\x80",
		"get \xed\xbf\xbf", "get \xf4\x90\x80\x80", "get \xff", "get \xfe", "put k 1.5\x80 7", "get k\xc2",
	}
	for _, line := range lines {
		if got, ok := oracle.ParseRequest([]byte(line)); ok || got != (oracle.Request{}) {
			t.Errorf("ParseRequest(%q) = %+v, %v; want the zero Request, false", line, got, ok)
		}
	}
}

// isKeyChar is the rule key-char of the collected grammar, number for number.
func isKeyChar(r rune) bool {
	ranges := [][2]rune{
		{0x21, 0x7E},
		{0xA1, 0x167F},
		{0x1681, 0x1FFF},
		{0x200B, 0x2027},
		{0x202A, 0x202E},
		{0x2030, 0x205E},
		{0x2060, 0x2FFF},
		{0x3001, 0xD7FF},
		{0xE000, 0x10FFFF},
	}
	for _, in := range ranges {
		if in[0] <= r && r <= in[1] {
			return true
		}
	}
	return false
}

func TestEveryCharacterOfAKey(t *testing.T) {
	for r := rune(0); r <= utf8.MaxRune+1; r++ {
		raw := encode(r)
		want := isKeyChar(r) && utf8.ValidRune(r)
		// One before and one behind, so that SP and CR are no separators at an end.
		line := append(append([]byte("get a"), raw...), 'b')
		if r == ' ' {
			continue
		}
		got, ok := oracle.ParseRequest(line)
		if ok != want || ok && got.Key != string(line[4:]) {
			t.Fatalf("ParseRequest(%q) = %+v, %v; want %v for U+%04X", line, got, ok, want, r)
		}
	}
}

// encode writes r in the manner of UTF-8, surrogates and too large numbers as well.
func encode(r rune) []byte {
	if utf8.ValidRune(r) {
		return utf8.AppendRune(nil, r)
	}
	if r < 0x10000 {
		return []byte{0xE0 | byte(r>>12), 0x80 | byte(r>>6)&0x3F, 0x80 | byte(r)&0x3F}
	}
	return []byte{0xF0 | byte(r>>18), 0x80 | byte(r>>12)&0x3F, 0x80 | byte(r>>6)&0x3F, 0x80 | byte(r)&0x3F}
}

func TestRequestLine(t *testing.T) {
	for _, line := range []string{"put palm.cpu 1.5 -7\n", "put k -0.0 0\n", "get palm.cpu\n", "get *\n"} {
		r, ok := oracle.ParseRequest([]byte(strings.TrimSuffix(line, "\n")))
		if got := r.Line(); !ok || got != line {
			t.Errorf("Line() of %q is %q, %v", line, got, ok)
		}
	}
}

package wire_test

import (
	"testing"
	"unicode"
	"unicode/utf8"

	"github.com/putget-protocol/putget/spec/wire"
)

func TestCheckKeyRefuses(t *testing.T) {
	tests := []struct {
		name, key string
		reason    error
	}{
		{"Empty", "¦", nil},
		{"Space", "a¦ b", nil},
		{"LeadingSpace", "¦ a", nil},
		{"TrailingSpace", "a¦ ", nil},
		{"LF", "a¦\n", nil},
		{"Injection", "a¦ 1 2\nput b", nil},
		{"CR", "a¦\r", nil},
		{"Star", "¦*", wire.ErrStar},
		{"NoBreakSpace", "a¦\u00a0b", nil},
		{"Invalid", "abc¦\xff", wire.ErrEncoding},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			key, offset := unmark(t, tt.key)
			checkSyntaxError(t, wire.CheckKey(key), offset, wire.RuleKey, tt.reason)
			checkSyntaxError(t, wire.CheckKey([]byte(key)), offset, wire.RuleKey, tt.reason)
		})
	}
}

// Every code point there is, against Unicode's own properties.
func TestCheckKeyKnowsEveryCodePoint(t *testing.T) {
	for r := rune(0); r <= utf8.MaxRune; r++ {
		if !utf8.ValidRune(r) || r == '*' {
			continue
		}
		want := !unicode.IsControl(r) && !unicode.Is(unicode.White_Space, r)
		if got := wire.CheckKey(string(r)) == nil; got != want {
			t.Errorf("U+%04X is a key: got %v, want %v", r, got, want)
		}
		if got := wire.CheckKey("*"+string(r)+"*") == nil; got != want {
			t.Errorf("U+%04X is a key between stars: got %v, want %v", r, got, want)
		}
	}
}

// Every sequence of two bytes, and of three and four that begin like a longer
// character, against the decoder of the standard library.
func TestCheckKeyKnowsUTF8(t *testing.T) {
	check := func(b ...byte) {
		if got, want := wire.CheckKey(b) == nil, utf8.Valid(b); got != want {
			t.Errorf("% x is a key: got %v, want %v", b, got, want)
		}
	}
	for first := 0xc0; first <= 0xff; first++ {
		for second := 0x80; second <= 0xff; second++ {
			if first == 0xc2 && second <= 0xa0 {
				continue // C1 controls and U+00A0 are UTF-8 all the same
			}
			check(byte(first), byte(second))
			for _, third := range []byte{0x7e, 0xbf, 0xc0} { // none of these makes white space
				check(byte(first), byte(second), third)
				check(byte(first), byte(second), 0xbf, third)
			}
		}
	}
}

func TestCheckKeyAllocatesNothing(t *testing.T) {
	key := "palm.cpu.пальма.🌡"
	if n := testing.AllocsPerRun(100, func() { _ = wire.CheckKey(key) }); n != 0 {
		t.Errorf("got %v allocations, want 0", n)
	}
}

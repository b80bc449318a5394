package fuzz_test

import (
	"slices"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"

	"pgregory.net/rapid"
)

// The generators follow the grammar rule by rule and are named after it. They share
// nothing with either parser.

// keyChars is the rule key-char, as ranges.
var keyChars = &unicode.RangeTable{
	R16: []unicode.Range16{
		{0x21, 0x7e, 1},
		{0xa1, 0x167f, 1},
		{0x1681, 0x1fff, 1},
		{0x200b, 0x2027, 1},
		{0x202a, 0x202e, 1},
		{0x2030, 0x205e, 1},
		{0x2060, 0x2fff, 1},
		{0x3001, 0xd7ff, 1},
		{0xe000, 0xffff, 1},
	},
	R32:         []unicode.Range32{{0x10000, 0x10ffff, 1}},
	LatinOffset: 1,
}

// edgeChars are the first and the last character of each of these ranges.
func edgeChars() []rune {
	var edges []rune
	for _, r := range keyChars.R16 {
		edges = append(edges, rune(r.Lo), rune(r.Hi))
	}
	for _, r := range keyChars.R32 {
		edges = append(edges, rune(r.Lo), rune(r.Hi))
	}
	return edges
}

func key() *rapid.Generator[string] {
	char := rapid.OneOf(
		rapid.RuneFrom([]rune("abcXYZ019._-*+")),
		rapid.RuneFrom(edgeChars()),
		rapid.RuneFrom(nil, keyChars),
	)
	return rapid.StringOfN(char, 1, 12, -1).Filter(func(s string) bool { return s != "*" })
}

// keyBytes makes keys, keys with one edit, and raw bytes.
func keyBytes() *rapid.Generator[[]byte] {
	return rapid.OneOf(asBytes(key()), asBytes(key()), edited(key()), raw())
}

func digits(atLeast, atMost int) *rapid.Generator[string] {
	return rapid.StringOfN(rapid.RuneFrom([]rune("0123456789")), atLeast, atMost, -1)
}

func sign() *rapid.Generator[string] {
	return rapid.SampledFrom([]string{"", "", "+", "-"})
}

// value makes finite values and, where digits and exponent add up, a few that are not.
func value() *rapid.Generator[string] {
	return rapid.Custom(func(t *rapid.T) string {
		text := sign().Draw(t, "sign")
		if rapid.Bool().Draw(t, "whole") {
			text += digits(1, 25).Draw(t, "digits")
			if rapid.Bool().Draw(t, "point") {
				text += "." + digits(0, 25).Draw(t, "fraction")
			}
		} else {
			text += "." + digits(1, 25).Draw(t, "fraction")
		}
		if rapid.Bool().Draw(t, "has exponent") {
			power := rapid.OneOf(rapid.IntRange(-25, 25), rapid.IntRange(-350, 310)).Draw(t, "power")
			plus := ""
			if power >= 0 {
				plus = sign().Draw(t, "plus")
			}
			text += rapid.SampledFrom([]string{"e", "E"}).Draw(t, "letter") + plus + strconv.Itoa(power)
		}
		return text
	})
}

func timestamp() *rapid.Generator[string] {
	return rapid.Custom(func(t *rapid.T) string {
		text := strconv.FormatInt(rapid.Int64().Draw(t, "timestamp"), 10)
		digits, negative := strings.CutPrefix(text, "-")
		zeros := strings.Repeat("0", rapid.SampledFrom([]int{0, 0, 0, 1, 2, 30}).Draw(t, "zeros"))
		if negative {
			return "-" + zeros + digits
		}
		return rapid.SampledFrom([]string{"", "", "+"}).Draw(t, "sign") + zeros + digits
	})
}

func spaces(atLeast int) *rapid.Generator[string] {
	return rapid.Map(rapid.SampledFrom([]int{0, 0, 0, 1, 5}), func(n int) string {
		return strings.Repeat(" ", atLeast+n)
	})
}

// rightLine makes lines of the grammar, without LF, half of them with CR.
func rightLine() *rapid.Generator[string] {
	return rapid.Custom(func(t *rapid.T) string {
		line := spaces(0).Draw(t, "before")
		if rapid.Bool().Draw(t, "put") {
			line += "put" + spaces(1).Draw(t, "1") + key().Draw(t, "key") + spaces(1).Draw(t, "2") +
				value().Draw(t, "value") + spaces(1).Draw(t, "3") + timestamp().Draw(t, "timestamp")
		} else {
			line += "get" + spaces(1).Draw(t, "1") + rapid.OneOf(key(), rapid.Just("*")).Draw(t, "key")
		}
		return line + spaces(0).Draw(t, "after") + rapid.SampledFrom([]string{"", "\r"}).Draw(t, "CR")
	})
}

// requestLine makes lines from the grammar, by one edit of such a line, and raw.
func requestLine() *rapid.Generator[[]byte] {
	return rapid.OneOf(asBytes(rightLine()), asBytes(rightLine()), edited(rightLine()), edited(rightLine()), raw())
}

// rightReply makes replies of the grammar.
func rightReply() *rapid.Generator[string] {
	sampleLine := rapid.Custom(func(t *rapid.T) string {
		return key().Draw(t, "key") + " " + value().Draw(t, "value") + " " + timestamp().Draw(t, "timestamp") + "\n"
	})
	textLine := rapid.Custom(func(t *rapid.T) string {
		line := rapid.SliceOfN(rapid.Byte().Filter(func(c byte) bool { return c != '\n' }), 1, 20).Draw(t, "text")
		return string(line) + "\n"
	})
	return rapid.Custom(func(t *rapid.T) string {
		status, line := "ok\n", sampleLine
		if rapid.SampledFrom([]bool{false, false, true}).Draw(t, "error") {
			status, line = "error\n", textLine
		}
		return status + strings.Join(rapid.SliceOfN(line, 0, 4).Draw(t, "lines"), "") + "\n"
	})
}

// replyBytes makes replies from the grammar, by one edit of such a reply, and raw.
func replyBytes() *rapid.Generator[[]byte] {
	return rapid.OneOf(asBytes(rightReply()), asBytes(rightReply()), edited(rightReply()), edited(rightReply()), raw())
}

func asBytes(g *rapid.Generator[string]) *rapid.Generator[[]byte] {
	return rapid.Map(g, func(s string) []byte { return []byte(s) })
}

// crumbs are what one edit puts into a text: pieces of the grammar, and what is nearly one.
var crumbs = []string{
	" ", "  ", "\t", "\r", "\n", "\x00", "\x1f", "\x7f", "\u0080", "\u0085", "\u009f", "\u00a0", "\u1680", "\u2000", "\u200a",
	"\u2028", "\u2029", "\u202f", "\u205f", "\u3000", "\ufeff", "\u200b", "\x80", "\xff", "\xc0\xaf", "\xed\xa0\x80", "\xf4\x90\x80\x80", "\xe2\x82",
	"put", "get", "ok", "error", "*", "+", "-", ".", "e", "E", "_", "0x", "nan", "inf", "0", "1", "9", ",", "e5", "e999", "99999999999999999999",
}

// edited makes one edit: it takes bytes out, puts a crumb in, writes one over
// bytes, repeats bytes, or changes the case of a byte.
func edited(g *rapid.Generator[string]) *rapid.Generator[[]byte] {
	return rapid.Custom(func(t *rapid.T) []byte {
		text := []byte(g.Draw(t, "text"))
		from := rapid.IntRange(0, len(text)).Draw(t, "from")
		to := min(len(text), from+rapid.IntRange(0, 3).Draw(t, "length"))
		crumb := []byte(rapid.SampledFrom(crumbs).Draw(t, "crumb"))
		switch rapid.SampledFrom([]string{"remove", "insert", "replace", "repeat", "case"}).Draw(t, "edit") {
		case "remove":
			return slices.Delete(text, from, to)
		case "insert":
			return slices.Insert(text, from, crumb...)
		case "replace":
			return slices.Replace(text, from, to, crumb...)
		case "repeat":
			return slices.Insert(text, to, slices.Clone(text[from:to])...)
		}
		if from < len(text) && text[from] < utf8.RuneSelf && unicode.IsLetter(rune(text[from])) {
			text[from] ^= 0x20
		}
		return text
	})
}

// raw makes bytes of any kind, and others strewn from crumbs.
func raw() *rapid.Generator[[]byte] {
	return rapid.OneOf(
		rapid.SliceOf(rapid.Byte()),
		rapid.Map(rapid.SliceOfN(rapid.SampledFrom(crumbs), 0, 8), func(parts []string) []byte {
			return []byte(strings.Join(parts, ""))
		}),
	)
}

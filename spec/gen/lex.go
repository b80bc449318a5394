package main

import (
	"encoding/hex"
	"encoding/json"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/putget-protocol/putget/spec"
)

// A token is a piece of a line in a request block or a reply block.
type token struct {
	word  string     // as it stands there
	bytes spec.Bytes // of a JSON string, or of hex: and digits; else nil
}

// lex cuts a line into its tokens and its title, which stands behind "#".
func lex(line string) (tokens []token, title string, err error) {
	for rest := strings.TrimLeft(line, " "); rest != ""; rest = strings.TrimLeft(rest, " ") {
		var t token
		switch {
		case rest[0] == '#':
			return tokens, strings.TrimSpace(rest[1:]), nil
		case rest[0] == '"':
			t.word = rest[:stringEnd(rest)]
			t.bytes, err = unquote(t.word)
		default:
			t.word, _, _ = strings.Cut(rest, " ")
			if digits, isHex := strings.CutPrefix(t.word, "hex:"); isHex {
				t.bytes, err = unhex(digits)
			}
		}
		if err != nil {
			return nil, "", err
		}
		tokens = append(tokens, t)
		rest = rest[len(t.word):]
	}
	return tokens, "", nil
}

// stringEnd returns the length of the JSON string at the beginning of s, or of all of s.
func stringEnd(s string) int {
	for i := 1; i < len(s); i++ {
		switch s[i] {
		case '\\':
			i++
		case '"':
			return i + 1
		}
	}
	return len(s)
}

func unquote(quoted string) (spec.Bytes, error) {
	var s string
	if err := json.Unmarshal([]byte(quoted), &s); err != nil {
		return nil, fault("no JSON string", quoted+": "+err.Error())
	}
	if strings.ContainsRune(s, utf8.RuneError) {
		return nil, fault("no JSON string", quoted+" holds U+FFFD or a lone surrogate: write hex:")
	}
	return append(spec.Bytes{}, s...), nil
}

func unhex(digits string) (spec.Bytes, error) {
	raw, err := hex.DecodeString(digits)
	if err != nil {
		return nil, fault("no hexadecimal digits", "hex:"+digits+": "+err.Error())
	}
	return append(spec.Bytes{}, raw...), nil
}

// unescape replaces the escapes of a transcript: \\, \r, \t, \xHH for a byte, \uHHHH for a character.
func unescape(s string) (spec.Bytes, error) {
	out := spec.Bytes{}
	for s != "" {
		before, rest, found := strings.Cut(s, `\`)
		out = append(out, before...)
		if !found {
			break
		}
		var err error
		out, s, err = unescapeOne(out, rest)
		if err != nil {
			return nil, err
		}
	}
	return out, nil
}

func unescapeOne(out spec.Bytes, s string) (spec.Bytes, string, error) {
	digits := map[byte]int{'x': 2, 'u': 4}
	switch {
	case s == "":
	case s[0] == '\\':
		return append(out, '\\'), s[1:], nil
	case s[0] == 'r':
		return append(out, '\r'), s[1:], nil
	case s[0] == 't':
		return append(out, '\t'), s[1:], nil
	case digits[s[0]] > 0 && len(s) > digits[s[0]]:
		end := 1 + digits[s[0]]
		n, err := strconv.ParseUint(s[1:end], 16, 16)
		switch {
		case err != nil || n == '\n' || n == '$':
		case s[0] == 'x':
			return append(out, byte(n)), s[end:], nil
		case utf8.ValidRune(rune(n)):
			return utf8.AppendRune(out, rune(n)), s[end:], nil
		}
	}
	return nil, "", fault("unknown escape", `\`+s+`: there are \\, \r, \t, \xHH and \uHHHH, and none for LF and $`)
}

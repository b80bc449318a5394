package adapter

import (
	"encoding/json"
	"errors"
	"fmt"
	"math"
	"strconv"
	"time"
	"unicode/utf16"
	"unicode/utf8"
)

// AppendCall appends a call's line, with its LF, to dst. The line is ASCII alone, so
// that no adapter can read it in a wrong encoding. An argument is one of:
//
//   - a string in UTF-8;
//   - a float64 but NaN: worded with a point or an exponent, so that languages that tell
//     them apart take it for a double; 1e999 and -1e999 for the infinite ones;
//   - an int or int64: worded as an integer;
//   - a time.Duration: worded in seconds, as an integer if it is whole;
//   - a json.Number: worded as it is;
//   - nil: null.
//
// The error names an argument that is none of these.
func AppendCall(dst []byte, op string, args ...any) ([]byte, error) {
	line := append(dst, `{"op":`...)
	line = appendString(line, op)
	line = append(line, `,"args":[`...)
	for i, arg := range args {
		if i > 0 {
			line = append(line, ',')
		}
		var err error
		if line, err = appendArgument(line, arg); err != nil {
			return dst, fmt.Errorf("argument %d of %s: %w", i, op, err)
		}
	}
	return append(line, "]}\n"...), nil
}

func appendArgument(dst []byte, arg any) ([]byte, error) {
	switch arg := arg.(type) {
	case nil:
		return append(dst, "null"...), nil
	case string:
		if !utf8.ValidString(arg) {
			return dst, fmt.Errorf("%q is no UTF-8, and JSON has no other text", arg)
		}
		return appendString(dst, arg), nil
	case float64:
		if math.IsNaN(arg) {
			return dst, errors.New("JSON has no NaN")
		}
		return appendFloat(dst, arg), nil
	case int:
		return strconv.AppendInt(dst, int64(arg), 10), nil
	case int64:
		return strconv.AppendInt(dst, arg, 10), nil
	case time.Duration:
		return strconv.AppendFloat(dst, arg.Seconds(), 'f', -1, 64), nil
	case json.Number:
		if !json.Valid([]byte(arg)) || !isNumber(json.RawMessage(arg)) {
			return dst, fmt.Errorf("%q is no JSON number", arg)
		}
		return append(dst, arg...), nil
	}
	return dst, fmt.Errorf("a %T cannot be an argument", arg)
}

// appendFloat appends the shortest wording of v that reads as v and has a point or an
// exponent. NaN, which JSON lacks, becomes the string "NaN", which is no number.
func appendFloat(dst []byte, v float64) []byte {
	switch {
	case math.IsNaN(v):
		return append(dst, `"NaN"`...)
	case math.IsInf(v, 1):
		return append(dst, "1e999"...)
	case math.IsInf(v, -1):
		return append(dst, "-1e999"...)
	}
	from := len(dst)
	dst = strconv.AppendFloat(dst, v, 'g', -1, 64)
	for _, c := range dst[from:] {
		if c == '.' || c == 'e' {
			return dst
		}
	}
	return append(dst, ".0"...)
}

// appendString appends text as a JSON string of ASCII characters.
func appendString(dst []byte, text string) []byte {
	dst = append(dst, '"')
	for i := 0; i < len(text); {
		if c := text[i]; ' ' <= c && c <= '~' && c != '"' && c != '\\' {
			dst = append(dst, c)
			i++
			continue
		}
		r, size := utf8.DecodeRuneInString(text[i:])
		dst = appendEscape(dst, r)
		i += size
	}
	return append(dst, '"')
}

func appendEscape(dst []byte, r rune) []byte {
	switch {
	case r == '"' || r == '\\':
		return append(dst, '\\', byte(r))
	case r == '\n':
		return append(dst, `\n`...)
	case r > 0xffff:
		high, low := utf16.EncodeRune(r)
		return appendUnit(appendUnit(dst, high), low)
	default:
		return appendUnit(dst, r)
	}
}

// appendUnit appends the escape of a UTF-16 code unit.
func appendUnit(dst []byte, unit rune) []byte {
	const digits = "0123456789abcdef"
	return append(dst, '\\', 'u', digits[unit>>12&0xf], digits[unit>>8&0xf], digits[unit>>4&0xf], digits[unit&0xf])
}

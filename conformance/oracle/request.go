package oracle

import (
	"strings"
	"unicode/utf8"
)

// The two verbs of a [Request].
const (
	Put = "put"
	Get = "get"
)

// A Request is what a right line asks for. The zero value is no request.
type Request struct {
	Verb      string  // "put" or "get"
	Key       string  // UTF-8; empty when All is set
	All       bool    // a get of every key, written *
	Value     float64 // of a put; finite
	Timestamp int64   // of a put; seconds since 1970
}

// Line returns the request as a client sends it, with its LF: one SP between
// the tokens and none elsewhere (CLI-005, CLI-006), the value in the wording of
// [FormatValue].
func (r Request) Line() string {
	switch {
	case r.Verb == Put:
		return "put " + r.Key + " " + FormatValue(r.Value) + " " + FormatTimestamp(r.Timestamp) + "\n"
	case r.All:
		return "get *\n"
	default:
		return "get " + r.Key + "\n"
	}
}

// ParseRequest decodes one line: the bytes before the LF, of which one last CR
// is not counted (FRM-002). It reports false, and the zero Request, for a wrong
// request: every line that is not of the form of spec/SPEC.md, section 4. The
// length of a line is no part of the form, see [OverLong].
func ParseRequest(line []byte) (Request, bool) {
	text := strings.TrimSuffix(string(line), "\r")
	// Nothing but SP separates. A control character, or bytes that are not UTF-8, thus
	// stand in a token, and there is no rule for a token that lets them pass.
	tokens := strings.FieldsFunc(text, func(r rune) bool { return r == ' ' })
	switch {
	case len(tokens) == 4 && tokens[0] == Put:
		return parsePut(tokens[1], tokens[2], tokens[3])
	case len(tokens) == 2 && tokens[0] == Get:
		return parseGet(tokens[1])
	default:
		return Request{}, false
	}
}

func parsePut(key, value, timestamp string) (Request, bool) {
	v, isValue := parseValue(value)
	t, isTimestamp := parseTimestamp(timestamp)
	if !isKey(key) || !isValue || !isTimestamp {
		return Request{}, false
	}
	return Request{Verb: Put, Key: key, Value: v, Timestamp: t}, true
}

func parseGet(key string) (Request, bool) {
	if key == "*" {
		return Request{Verb: Get, All: true}, true
	}
	if !isKey(key) {
		return Request{}, false
	}
	return Request{Verb: Get, Key: key}, true
}

// isKey reports whether text is a key: one key-char or more, but not "*" alone
// (LEX-005 to LEX-008, LEX-013). UTF-8 is the strict one: package utf8 takes neither
// overlong forms nor surrogates.
func isKey(text string) bool {
	return text != "" && text != "*" && utf8.ValidString(text) && !strings.ContainsFunc(text, isNoKeyChar)
}

func isNoKeyChar(r rune) bool { return isControl(r) || isWhiteSpace(r) }

// isControl reports whether r is a control character: C0, DEL or C1 (LEX-006).
func isControl(r rune) bool {
	return r < 0x20 || r >= 0x7F && r <= 0x9F
}

// isWhiteSpace reports whether r is white space by the list of LEX-007. The list
// is closed: tables of Unicode change with its versions, the protocol does not.
func isWhiteSpace(r rune) bool {
	switch {
	case r == ' ', r == 0x85, r == 0xA0, r == 0x1680:
		return true
	case r >= 0x2000 && r <= 0x200A:
		return true
	case r == 0x2028, r == 0x2029, r == 0x202F, r == 0x205F, r == 0x3000:
		return true
	default:
		return false
	}
}

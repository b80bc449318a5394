package cases

import (
	"regexp"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/putget-protocol/putget/conformance/oracle"
)

// formOf returns the id of the sentence by which a line, given without its LF, is a
// right or a wrong request, or "" for a right one within the bounds of core. When
// several apply it returns the one that is read first.
func formOf(line []byte) string {
	text := strings.TrimSuffix(string(line), "\r")
	if _, ok := oracle.ParseRequest(line); ok {
		return rightForm(text, text != string(line))
	}
	return wrongForm(text)
}

// Patterns of the tokens of level core (section 2.2), and of what it leaves out.
var (
	coreKey   = regexp.MustCompile(`\A[A-Za-z0-9._-]{1,100}\z`)
	coreValue = regexp.MustCompile(`\A-?[0-9]+(\.[0-9]+)?([eE][+-]?[0-9]+)?\z`)
	coreTime  = regexp.MustCompile(`\A(0|[1-9][0-9]*)\z`)
	lowerWord = regexp.MustCompile(`\A[a-z][a-z0-9._-]*\z`)
	letters   = regexp.MustCompile(`\A[A-Za-z]+\z`)
	fraction  = regexp.MustCompile(`\A[+-]?[0-9]+\.[0-9]+\z`)
	integer   = regexp.MustCompile(`\A[+-]?[0-9]+\z`)
	noNumber  = regexp.MustCompile(`(?i)\A(nan|inf|infinity)\z`)
)

// maxCoreTime is the last timestamp of level core.
const maxCoreTime = 4102444800

// rightForm names what a right request has that core has not.
func rightForm(text string, cr bool) string {
	tokens := strings.FieldsFunc(text, func(r rune) bool { return r == ' ' })
	switch {
	case cr:
		return "FRM-002"
	case strings.HasPrefix(text, " ") || strings.HasSuffix(text, " "):
		return "LEX-002"
	case strings.Contains(text, "  "):
		return "LEX-001"
	case tokens[1] == "*":
		return ""
	case len(tokens[1]) > 100:
		return "LIM-001"
	case strings.Contains(tokens[1], "*"):
		return "LEX-014"
	case !coreKey.MatchString(tokens[1]):
		return "LEX-005"
	case len(tokens) < 4:
		return ""
	default:
		return rightNumbers(tokens[2], tokens[3])
	}
}

func rightNumbers(value, timestamp string) string {
	req, _ := oracle.ParseRequest([]byte("put k " + value + " " + timestamp))
	switch {
	case !coreValue.MatchString(value):
		return "VAL-002"
	case req.Value == 0 && strings.ContainsAny(mantissa(value), "123456789"):
		return "VAL-004"
	case coreTime.MatchString(timestamp) && req.Timestamp <= maxCoreTime:
		return ""
	case strings.HasPrefix(timestamp, "+"), strings.HasPrefix(strings.TrimPrefix(timestamp, "-"), "0"):
		return "TIM-003"
	default:
		return "TIM-002"
	}
}

// The tokens that even the narrowest server takes.
var (
	usualKey   = regexp.MustCompile(`\A[A-Za-z0-9.]{1,40}\z`)
	usualValue = regexp.MustCompile(`\A[0-9]+(\.[0-9]+)?\z`)
	usualTime  = regexp.MustCompile(`\A[1-9][0-9]{0,9}\z`)
)

// maxUsualTime is the last timestamp of 32 bits.
const maxUsualTime = 1<<31 - 1

// unusual returns the sentence that demands of a server to take a right request within
// the bounds of core which it has refused, or "" when nothing in it is special.
func unusual(line []byte) string {
	req, ok := oracle.ParseRequest(line)
	if !ok || req.All {
		return ""
	}
	tokens := strings.Fields(string(line))
	switch {
	case !usualKey.MatchString(req.Key):
		return "LEX-004"
	case req.Verb == oracle.Get:
		return ""
	case !usualValue.MatchString(tokens[2]):
		return "VAL-001"
	case !usualTime.MatchString(tokens[3]), req.Timestamp > maxUsualTime:
		return "TIM-001"
	default:
		return ""
	}
}

func mantissa(value string) string {
	before, _, _ := strings.Cut(strings.ToLower(value), "e")
	return before
}

// wrongForm names the sentence that makes a line a wrong request.
func wrongForm(text string) string {
	tokens := strings.FieldsFunc(text, func(r rune) bool { return r == ' ' })
	switch {
	case !utf8.ValidString(text):
		return "LEX-008"
	case strings.ContainsFunc(text, unicode.IsControl):
		return "LEX-006"
	case len(tokens) == 0:
		return "ERR-006"
	case strings.ContainsFunc(text, isOtherSpace):
		return "LEX-007"
	}
	switch tokens[0] {
	case oracle.Get:
		if text == oracle.Get {
			return "ERR-003"
		}
		return "ERR-005"
	case oracle.Put:
		return wrongPut(tokens[1:])
	default:
		return wrongWord(tokens[0])
	}
}

func wrongWord(word string) string {
	switch {
	case lowerWord.MatchString(word):
		return "ERR-002"
	case strings.HasPrefix(word, "\ufeff"):
		return "LEX-010"
	default:
		return "LEX-003"
	}
}

// wrongPut names what is wrong with the arguments of a put.
func wrongPut(args []string) string {
	if len(args) != 3 {
		return "ERR-004"
	}
	key, value, timestamp := args[0], args[1], args[2]
	if key == "*" {
		return "LEX-013"
	}
	if _, ok := oracle.ParseRequest([]byte("put k " + value + " 0")); !ok {
		switch {
		case letters.MatchString(value) && !noNumber.MatchString(value):
			return "VAL-005"
		case overflows(value):
			return "VAL-006"
		default:
			return "VAL-007"
		}
	}
	switch {
	case letters.MatchString(timestamp), fraction.MatchString(timestamp):
		return "TIM-004"
	case integer.MatchString(timestamp):
		return "TIM-005"
	default:
		return "TIM-006"
	}
}

// overflows reports whether a value has the form of one, and is wrong only because
// it would round to infinity.
func overflows(value string) bool {
	digits := regexp.MustCompile(`\A[+-]?([0-9]+(\.[0-9]*)?|\.[0-9]+)([eE][+-]?[0-9]+)?\z`)
	return digits.MatchString(value)
}

// isOtherSpace reports whether r is white space that separates nothing (LEX-007).
func isOtherSpace(r rune) bool {
	switch {
	case r == ' ':
		return false
	case r == 0xA0, r == 0x1680, r >= 0x2000 && r <= 0x200A:
		return true
	default:
		return r == 0x2028 || r == 0x2029 || r == 0x202F || r == 0x205F || r == 0x3000
	}
}

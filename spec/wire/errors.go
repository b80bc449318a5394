package wire

import (
	"errors"
	"fmt"
	"unicode/utf8"
)

// A Rule is the name of a rule of the grammar, as section 12 spells it.
type Rule string

// The rules that a [SyntaxError] can name.
const (
	RuleRequest    Rule = "request"
	RulePutRequest Rule = "put-request"
	RuleGetRequest Rule = "get-request"
	RuleKey        Rule = "key"
	RuleValue      Rule = "value"
	RuleDecimal    Rule = "decimal"
	RuleExponent   Rule = "exponent"
	RuleTimestamp  Rule = "timestamp"
	RuleReply      Rule = "reply"
	RuleSampleLine Rule = "sample-line"
)

// The reasons that a [SyntaxError] can wrap.
var (
	// ErrRange says that a number has the form of its rule and is too large all
	// the same: the value would round to infinity [VAL-006], or the timestamp
	// is no signed 64-bit integer [TIM-005].
	ErrRange = errors.New("number out of range")

	// ErrStar says that a key is "*", which stands for all keys and is
	// none [LEX-013].
	ErrStar = errors.New(`"*" alone is not a key`)

	// ErrEncoding says that the bytes are not UTF-8 [LEX-008].
	ErrEncoding = errors.New("not UTF-8")
)

// ErrNotFinite is wrapped by the errors of [CheckValue].
var ErrNotFinite = errors.New("value is not finite")

// ErrIncomplete is what [ReplyDecoder.Next] returns when it needs more bytes. It
// is not a fault.
var ErrIncomplete = errors.New("reply is incomplete")

// A SyntaxError says where bytes leave the grammar. It keeps no reference to them.
type SyntaxError struct {
	// Offset is the index, in the bytes that the function was given (for a reply:
	// in its line), of the first byte of the first character that no rule accepts.
	// It is the length of the line if the line ends too early. With ErrRange
	// and ErrStar it is the index of the first byte of the whole token.
	Offset int

	// Rule is the rule that the character breaks, or the one that should have
	// begun in its place.
	Rule Rule

	// Err is [ErrRange], [ErrStar], [ErrEncoding], or nil if there is no
	// more to say than that the character is not the expected one.
	Err error

	found       [utf8.UTFMax]byte // the character at Offset
	foundLength uint8             // 0 at the end of the line
}

// newSyntaxError returns the error for the character of b at offset.
func newSyntaxError[T Text](b T, offset int, rule Rule) *SyntaxError {
	e := &SyntaxError{Offset: offset, Rule: rule}
	n := copy(e.found[:], b[offset:])
	r, size := utf8.DecodeRune(e.found[:n])
	if r == utf8.RuneError && size == 1 {
		e.Err = ErrEncoding
	}
	e.foundLength = uint8(size)
	return e
}

// newTokenError returns the error for a whole token of b, at offset, that has
// the form of rule and that reason excludes.
func newTokenError[T Text](b T, offset int, rule Rule, reason error) *SyntaxError {
	e := newSyntaxError(b, offset, rule)
	e.Err = reason
	return e
}

// Error says where, what was found, and what was expected instead. The wording
// is for people and may change.
func (e *SyntaxError) Error() string {
	switch e.Err {
	case ErrRange, ErrStar:
		return fmt.Sprintf("byte %d: %s: %v", e.Offset, e.Rule, e.Err)
	}
	found := "the end"
	if e.foundLength > 0 {
		found = fmt.Sprintf("%q", e.found[:e.foundLength])
	}
	if e.Err != nil {
		found += fmt.Sprintf(" (%v)", e.Err)
	}
	return fmt.Sprintf("byte %d: %s: found %s, want %s", e.Offset, e.Rule, found, e.Rule.expectation())
}

// Unwrap returns e.Err.
func (e *SyntaxError) Unwrap() error { return e.Err }

// expectation says in words what would have been right where r was broken.
func (r Rule) expectation() string {
	switch r {
	case RuleRequest:
		return `the word "put" or "get"`
	case RulePutRequest:
		return "nothing behind the timestamp"
	case RuleGetRequest:
		return "nothing behind the key"
	case RuleKey:
		return "a key, without white space and control characters"
	case RuleValue:
		return "a decimal number such as 12.5"
	case RuleDecimal, RuleExponent:
		return "a digit"
	case RuleTimestamp:
		return "a whole number of seconds"
	case RuleReply:
		return `a line that is "ok" or "error"`
	case RuleSampleLine:
		return "key, value and timestamp with one space between them"
	}
	return string(r)
}

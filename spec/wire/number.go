package wire

import (
	"fmt"
	"math"
	"strconv"
)

// ParseValue decodes token, which must be a value (section 4.4) and nothing
// else, to the nearest double, ties to even [VAL-003]. The result is finite,
// and 0 with an error, which is a [*SyntaxError] with an offset into token.
func ParseValue(token []byte) (float64, error) {
	v, end, err := parseValue(token, 0)
	if err == nil && end < len(token) {
		err = newSyntaxError(token, end, RuleValue)
	}
	if err != nil {
		return 0, err
	}
	return v, nil
}

// ParseTimestamp decodes token, which must be a timestamp (section 4.5) and nothing
// else, to Unix seconds. The result is 0 with an error, which is a
// [*SyntaxError] with an offset into token.
func ParseTimestamp(token []byte) (int64, error) {
	t, end, err := parseTimestamp(token, 0)
	if err == nil && end < len(token) {
		err = newSyntaxError(token, end, RuleTimestamp)
	}
	if err != nil {
		return 0, err
	}
	return t, nil
}

// CheckValue returns nil if v is finite and can be sent [CLI-012], or an error that
// wraps [ErrNotFinite].
func CheckValue(v float64) error {
	if math.IsNaN(v) || math.IsInf(v, 0) {
		return fmt.Errorf("%w: %v", ErrNotFinite, v)
	}
	return nil
}

// parseValue decodes the value token that begins at b[i] and ends at SP or at
// the end of b.
func parseValue(b []byte, i int) (v float64, end int, err *SyntaxError) {
	end, wants := scanValue(b, i)
	if wants == "" && !endsToken(b, end) {
		wants = RuleValue
	}
	if wants != "" {
		return 0, 0, newSyntaxError(b, end, wants)
	}
	v, finite := convertValue(b[i:end])
	if !finite {
		return 0, 0, newTokenError(b, i, RuleValue, ErrRange)
	}
	return v, end, nil
}

// parseTimestamp is to timestamps what parseValue is to values.
func parseTimestamp(b []byte, i int) (t int64, end int, err *SyntaxError) {
	digits := skipSign(b, i)
	end = skipDigits(b, digits)
	if end == digits || !endsToken(b, end) {
		return 0, 0, newSyntaxError(b, end, RuleTimestamp)
	}
	t, fits := convertTimestamp(b[digits:end], b[i] == '-')
	if !fits {
		return 0, 0, newTokenError(b, i, RuleTimestamp, ErrRange)
	}
	return t, end, nil
}

// scanValue matches the rule value at b[i], as far as it goes. If wants is not
// empty, that rule needs another character at b[end].
func scanValue(b []byte, i int) (end int, wants Rule) {
	start := i
	i = skipSign(b, i)
	whole := skipDigits(b, i)
	end = whole
	if whole < len(b) && b[whole] == '.' {
		end = skipDigits(b, whole+1)
	}
	hasDigits := whole > i || end > whole+1
	switch {
	case end == start:
		return end, RuleValue
	case !hasDigits: // only a sign, a point, or both
		return end, RuleDecimal
	}
	if end < len(b) && (b[end] == 'e' || b[end] == 'E') {
		power := skipSign(b, end+1)
		end = skipDigits(b, power)
		if end == power {
			return end, RuleExponent
		}
	}
	return end, ""
}

func skipSign(b []byte, i int) int {
	if i < len(b) && (b[i] == '+' || b[i] == '-') {
		return i + 1
	}
	return i
}

func skipDigits(b []byte, i int) int {
	for i < len(b) && '0' <= b[i] && b[i] <= '9' {
		i++
	}
	return i
}

// convertTimestamp converts digits, of which any number may be leading zeros,
// and reports whether the result fits into 64 bits.
func convertTimestamp(digits []byte, negative bool) (t int64, fits bool) {
	limit := uint64(math.MaxInt64)
	if negative {
		limit++
	}
	var magnitude uint64
	for _, c := range digits {
		digit := uint64(c - '0')
		if magnitude > (limit-digit)/10 {
			return 0, false
		}
		magnitude = magnitude*10 + digit
	}
	if negative {
		return -int64(magnitude), true // also right for the smallest, which is its own negative
	}
	return int64(magnitude), true
}

// AppendValue appends the shortest decimal that reads back as exactly v, with a
// point or an exponent [REP-006] [REP-008]: 10.0, -0.1, 1e+21, 5e-324.
//
// It is the caller's duty that v is finite. Any other v becomes NaN, +Inf
// or -Inf, which no decoder takes for a value: the peer refuses the line.
func AppendValue(dst []byte, v float64) []byte {
	const plainFrom, plainTo = 1e-4, 1e21 // outside, zeros would be most of the digits
	if abs := math.Abs(v); v == 0 || plainFrom <= abs && abs < plainTo {
		dst = strconv.AppendFloat(dst, v, 'f', -1, 64)
		if v == math.Trunc(v) {
			dst = append(dst, ".0"...)
		}
		return dst
	}
	return strconv.AppendFloat(dst, v, 'e', -1, 64)
}

// AppendTimestamp appends t in digits, without plus sign and leading
// zeros [REP-009].
func AppendTimestamp(dst []byte, t int64) []byte {
	return strconv.AppendInt(dst, t, 10)
}

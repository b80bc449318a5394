package oracle

import (
	"math"
	"math/big"
	"regexp"
	"strconv"
	"strings"
)

// The two number rules of the grammar (spec/SPEC.md, sections 4.4 and 4.5). A
// lexeme is matched here first and converted afterwards, because the converters
// of the standard library accept more than the grammar does.
var (
	valuePattern     = regexp.MustCompile(`\A([+-]?)(?:([0-9]+)(?:\.([0-9]*))?|\.([0-9]+))(?:[eE]([+-]?[0-9]+))?\z`)
	timestampPattern = regexp.MustCompile(`\A[+-]?[0-9]+\z`)
)

// Powers of ten outside of these bounds are beyond every finite double, or so
// far below the smallest that they round to zero. They only spare the exact
// arithmetic numbers such as 1e999999999; the rounding itself decides the rest.
const (
	surelyInfinite = 400
	surelyZero     = -400
)

// parseValue converts a token by the rule value: the nearest double, ties to
// even (VAL-003). It reports false when the token does not match the rule, and
// when it would round to infinity (VAL-006). One that rounds to zero is zero
// (VAL-004), with the sign that was written.
func parseValue(token string) (float64, bool) {
	m := valuePattern.FindStringSubmatch(token)
	if m == nil {
		return 0, false
	}
	sign, whole, fraction, exponent := m[1], m[2], m[3]+m[4], m[5]
	magnitude, ok := nearestDouble(whole+fraction, exponent, len(fraction))
	if !ok {
		return 0, false
	}
	if sign == "-" {
		return math.Copysign(magnitude, -1), true
	}
	return magnitude, true
}

// nearestDouble rounds digits × 10^(exponent − shift) to the nearest double. It
// computes with exact fractions, so digits may be of any number. It reports
// false for infinity.
func nearestDouble(digits, exponent string, shift int) (float64, bool) {
	digits = strings.TrimLeft(digits, "0")
	if digits == "" {
		return 0, true
	}
	power := new(big.Int)
	if exponent != "" {
		power.SetString(exponent, 10)
	}
	power.Sub(power, big.NewInt(int64(shift)))

	// The number lies between 10^(size−1) and 10^size.
	size := new(big.Int).Add(power, big.NewInt(int64(len(digits))))
	if size.Cmp(big.NewInt(surelyInfinite)) > 0 {
		return 0, false
	}
	if size.Cmp(big.NewInt(surelyZero)) < 0 {
		return 0, true
	}

	numerator, _ := new(big.Int).SetString(digits, 10)
	scale := new(big.Int).Exp(big.NewInt(10), new(big.Int).Abs(power), nil)
	exact := new(big.Rat)
	if power.Sign() >= 0 {
		exact.SetInt(numerator.Mul(numerator, scale))
	} else {
		exact.SetFrac(numerator, scale)
	}
	nearest, _ := exact.Float64()
	return nearest, !math.IsInf(nearest, 0)
}

// parseTimestamp converts a token by the rule timestamp. It reports false when
// the token does not match the rule or lies outside of the signed 64-bit
// integers (TIM-005).
func parseTimestamp(token string) (int64, bool) {
	if !timestampPattern.MatchString(token) {
		return 0, false
	}
	n, ok := new(big.Int).SetString(token, 10)
	if !ok || !n.IsInt64() {
		return 0, false
	}
	return n.Int64(), true
}

// FormatValue writes a finite double as a server should (REP-008): the shortest
// decimal that reads back as the same double, with a point or an exponent.
func FormatValue(v float64) string {
	if size := math.Abs(v); v == 0 || size >= 1e-4 && size < 1e16 {
		text := strconv.FormatFloat(v, 'f', -1, 64)
		if !strings.Contains(text, ".") {
			text += ".0"
		}
		return text
	}
	return strconv.FormatFloat(v, 'e', -1, 64)
}

// FormatTimestamp writes a timestamp as a server should (REP-009): in decimal,
// without plus sign and leading zeros.
func FormatTimestamp(t int64) string {
	return strconv.FormatInt(t, 10)
}

package wire

import (
	"math"
	"strconv"
)

// A decimal is a value lexeme taken apart: mantissa·10^exponent, of which more
// says that digits other than zero were left off behind the mantissa.
type decimal struct {
	negative bool
	mantissa uint64 // the first 19 significant digits at most
	exponent int
	more     bool
}

const (
	mantissaLimit = 1e18 // a mantissa from here on has no room for another digit
	exponentLimit = 1e15 // stands for all larger exponents; no line is as long
)

// powersOfTen holds those that a double holds exactly.
var powersOfTen = [...]float64{
	1e0, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11,
	1e12, 1e13, 1e14, 1e15, 1e16, 1e17, 1e18, 1e19, 1e20, 1e21, 1e22,
}

// convertValue converts a lexeme that scanValue accepts to the nearest double,
// ties to even [VAL-003], and reports whether it is finite. If it is, nothing is
// allocated, however long the lexeme is.
//
// strconv.ParseFloat is asked about short lexemes only. It takes a string, which
// would have to be allocated, and it is wrong about some long ones: it
// reads "1", 900 zeros and "e-900" as 1e-101 (Go 1.26).
func convertValue(lexeme []byte) (v float64, finite bool) {
	d := parseDecimal(lexeme)
	v, finite = d.exact()
	if !finite {
		v, finite = d.round(lexeme)
	}
	if d.negative {
		v = -v
	}
	return v, finite
}

// parseDecimal takes apart a lexeme that scanValue accepts.
func parseDecimal(lexeme []byte) (d decimal) {
	d.negative = lexeme[0] == '-'
	fraction := false
	for i := skipSign(lexeme, 0); i < len(lexeme); i++ {
		switch c := lexeme[i]; {
		case c == '.':
			fraction = true
			continue
		case c == 'e' || c == 'E':
			d.exponent += parseExponent(lexeme[i+1:])
			return d
		case d.mantissa < mantissaLimit:
			d.mantissa = d.mantissa*10 + uint64(c-'0')
		default:
			d.more = d.more || c != '0'
			d.exponent++
		}
		if fraction {
			d.exponent--
		}
	}
	return d
}

// parseExponent converts what follows the letter of an exponent.
func parseExponent(b []byte) int {
	n := 0
	for _, c := range b[skipSign(b, 0):] {
		n = min(n*10+int(c-'0'), exponentLimit)
	}
	if b[0] == '-' {
		return -n
	}
	return n
}

// exact converts the magnitude of d when both of its parts are doubles: a single
// multiplication or division then rounds correctly (Clinger, 1990).
func (d *decimal) exact() (v float64, ok bool) {
	if d.more || d.mantissa > 1<<53 {
		return 0, false
	}
	v = float64(d.mantissa)
	switch {
	case 0 <= d.exponent && d.exponent < len(powersOfTen):
		return v * powersOfTen[d.exponent], true
	case -len(powersOfTen) < d.exponent && d.exponent < 0:
		return v / powersOfTen[-d.exponent], true
	}
	return 0, false
}

// round converts the magnitude of d, which was taken from lexeme, to the nearest double.
func (d *decimal) round(lexeme []byte) (v float64, finite bool) {
	below, finite := parseShort(d.mantissa, d.exponent)
	if !d.more || !finite {
		return below, finite
	}
	// The magnitude lies between two neighbouring mantissas. Mostly both round to
	// the same double, and then it does too. (At the largest double the second may
	// be out of range, for which strconv would allocate an error.)
	if below < math.MaxFloat64 {
		if above, _ := parseShort(d.mantissa+1, d.exponent); above == below {
			return below, true
		}
	}
	if !nearerAbove(lexeme, below) {
		return below, true
	}
	return math.Nextafter(below, math.Inf(1)), below < math.MaxFloat64
}

// parseShort converts mantissa·10^exponent. The text that strconv wants is kept
// under 32 bytes: the compiler puts a string so short on the stack.
func parseShort(mantissa uint64, exponent int) (v float64, finite bool) {
	const far = 400 // 20 digits that far off the point are zero or infinite
	var buf [32]byte
	text := strconv.AppendUint(buf[:0], mantissa, 10)
	text = append(text, 'e')
	text = strconv.AppendInt(text, int64(min(max(exponent, -far), far)), 10)
	v, err := strconv.ParseFloat(string(text), 64)
	return v, err == nil
}

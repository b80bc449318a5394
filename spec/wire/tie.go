package wire

import (
	"cmp"
	"math"
	"math/bits"
)

// exactDigits is more than the 767 significant digits that a number halfway
// between two doubles can have.
const exactDigits = 800

// A natural is a whole number below 2^4096, its least significant word first.
// Both sides of every comparison made here fit: 800 digits times 2^1075.
type natural struct {
	words [64]uint64
	used  int // words in use; the last of them is not zero
}

// nearerAbove reports whether the magnitude of lexeme, which lies between the
// finite double below and the next one, rounds to the latter: it is beyond the
// halfway point, or on it and the double below is odd.
func nearerAbove(lexeme []byte, below float64) bool {
	const fractionBits = 52
	b := math.Float64bits(below)
	mantissa, power := b&(1<<fractionBits-1), int(b>>fractionBits)
	if power > 0 {
		mantissa |= 1 << fractionBits
		power--
	}
	power -= 1074 // below = mantissa·2^power
	halfway, halfwayPower := new(natural), power-1
	halfway.multiplyAdd(0, 2*mantissa+1)

	digits, exponent, more := parseNatural(lexeme)
	digits.scale(10, exponent)
	halfway.scale(10, -exponent)
	halfway.scale(2, halfwayPower)
	digits.scale(2, -halfwayPower)
	switch order := digits.compare(halfway); {
	case order != 0:
		return order > 0
	case more:
		return true
	}
	return mantissa%2 == 1
}

// parseNatural takes apart a lexeme that scanValue accepts. Its magnitude is
// digits·10^exponent, and a little more if more is set.
func parseNatural(lexeme []byte) (digits natural, exponent int, more bool) {
	fraction, taken := false, 0
	for i := skipSign(lexeme, 0); i < len(lexeme); i++ {
		switch c := lexeme[i]; {
		case c == '.':
			fraction = true
			continue
		case c == 'e' || c == 'E':
			return digits, exponent + parseExponent(lexeme[i+1:]), more
		case taken == exactDigits:
			more = more || c != '0'
			exponent++
		case taken > 0 || c != '0':
			digits.multiplyAdd(10, uint64(c-'0'))
			taken++
		}
		if fraction {
			exponent--
		}
	}
	return digits, exponent, more
}

// scale multiplies x by base^n; an n below 1 leaves x as it is. base is 2 or 10.
func (x *natural) scale(base uint64, n int) {
	const step = 19 // the largest power of ten in a word
	large := uint64(1)
	for range step {
		large *= base
	}
	for ; n >= step; n -= step {
		x.multiplyAdd(large, 0)
	}
	for ; n > 0; n-- {
		x.multiplyAdd(base, 0)
	}
}

// multiplyAdd sets x to x·factor + term.
func (x *natural) multiplyAdd(factor, term uint64) {
	for i := range x.used {
		high, low := bits.Mul64(x.words[i], factor)
		low, carry := bits.Add64(low, term, 0)
		x.words[i], term = low, high+carry
	}
	if term > 0 {
		x.words[x.used] = term
		x.used++
	}
}

// compare returns the sign of x - y.
func (x *natural) compare(y *natural) int {
	if x.used != y.used {
		return cmp.Compare(x.used, y.used)
	}
	for i := x.used - 1; i >= 0; i-- {
		if x.words[i] != y.words[i] {
			return cmp.Compare(x.words[i], y.words[i])
		}
	}
	return 0
}

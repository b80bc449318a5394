package spec

import (
	"fmt"
	"math"
	"math/big"
	"regexp"
	"strconv"
	"strings"
)

// A Number is a value or a timestamp in decimal digits, spelled as in SPEC.md. It is a string in
// JSON too, so that no reader loses precision on the way.
type Number string

// Float64 returns the double that is nearest to n, ties to even (VAL-003); 0 when n is no finite
// value, which [Vectors] refuses.
func (n Number) Float64() float64 {
	f, err := n.nearest()
	if err != nil {
		return 0
	}
	return f
}

// Int64 returns n as an integer; 0 when n is none, which [Vectors] refuses for a timestamp.
func (n Number) Int64() int64 {
	i, err := n.integer()
	if err != nil {
		return 0
	}
	return i
}

// CheckSample says why value and timestamp are not those of a sample: the error names the first of
// them that is outside the grammar of section 4, or beyond its range.
func CheckSample(value, timestamp Number) error {
	if _, err := value.nearest(); err != nil {
		return err
	}
	_, err := timestamp.integer()
	return err
}

func (n Number) integer() (int64, error) {
	i, err := strconv.ParseInt(string(n), 10, 64)
	if err != nil {
		return 0, fmt.Errorf("timestamp %q is no signed 64-bit integer", n)
	}
	return i, nil
}

var decimalRE = regexp.MustCompile(`^([+-]?)([0-9]*)(?:\.([0-9]*))?(?:[eE]([+-]?[0-9]+))?$`)

// Powers of ten beyond these are infinite as doubles, or zero. They spare the exact arithmetic
// numbers such as 1e999999999; the rounding itself decides the rest.
const (
	surelyInfinite = 400
	surelyZero     = -400
)

// nearest computes with exact fractions, however many digits there are: strconv.ParseFloat misreads
// some decimals of 800 digits and more, such as "1", 900 zeros and "e-900" (Go 1.26).
func (n Number) nearest() (float64, error) {
	m := decimalRE.FindStringSubmatch(string(n))
	if m == nil || m[2]+m[3] == "" {
		return 0, fmt.Errorf("value %q is no decimal number", n)
	}
	digits := strings.TrimLeft(m[2]+m[3], "0")
	if digits == "" {
		return 0, nil
	}
	power := new(big.Int)
	if m[4] != "" {
		power.SetString(m[4], 10)
	}
	power.Sub(power, big.NewInt(int64(len(m[3]))))
	size := new(big.Int).Add(power, big.NewInt(int64(len(digits)))) // n is below 10^size, and not much
	switch {
	case size.Cmp(big.NewInt(surelyInfinite)) > 0:
		return 0, fmt.Errorf("value %q is no finite double", n)
	case size.Cmp(big.NewInt(surelyZero)) < 0:
		return 0, nil
	}
	f, _ := exactly(m[1]+digits, power).Float64()
	if math.IsInf(f, 0) {
		return 0, fmt.Errorf("value %q is no finite double", n)
	}
	return f, nil
}

// exactly returns integer × 10^power.
func exactly(integer string, power *big.Int) *big.Rat {
	numerator, _ := new(big.Int).SetString(integer, 10)
	scale := new(big.Int).Exp(big.NewInt(10), new(big.Int).Abs(power), nil)
	if power.Sign() < 0 {
		return new(big.Rat).SetFrac(numerator, scale)
	}
	return new(big.Rat).SetInt(numerator.Mul(numerator, scale))
}

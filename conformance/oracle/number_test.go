package oracle_test

import (
	"fmt"
	"math"
	"math/big"
	"math/rand/v2"
	"strconv"
	"strings"
	"testing"

	"github.com/putget-protocol/putget/conformance/oracle"
)

// value returns what a put with this value token means.
func value(token string) (float64, bool) {
	r, ok := oracle.ParseRequest([]byte("put k " + token + " 7"))
	return r.Value, ok
}

func timestamp(token string) (int64, bool) {
	r, ok := oracle.ParseRequest([]byte("put k 1 " + token))
	return r.Timestamp, ok
}

func TestValue(t *testing.T) {
	zeros := strings.Repeat("0", 5000)
	tests := []struct {
		name, token string
		want        float64
	}{
		{"Whole", "10", 10},
		{"Fraction", "23.75", 23.75},
		{"Plus", "+1.5", 1.5},
		{"Minus", "-1.5", -1.5},
		{"PointAtEnd", "5.", 5},
		{"PointAtStart", ".5", 0.5},
		{"AllAtOnce", "-.5E+1", -5},
		{"LeadingZeros", "007.50", 7.5},
		{"Zero", "0", 0},
		{"ZeroHugeExponent", "0e999999999999999999999", 0},
		{"TinyExponent", "1e-999999999999999999999", 0},
		{"Largest", "1.7976931348623157e308", math.MaxFloat64},
		{"RoundsDownToLargest", "1.7976931348623158e308", math.MaxFloat64},
		{"JustBelowInfinity", "1797693134862315807937" + strings.Repeat("0", 287), math.MaxFloat64},
		{"Smallest", "5e-324", math.SmallestNonzeroFloat64},
		{"HalfOfSmallestIsZero", "2.4703282292062327208e-324", 0},
		{"AboveHalfOfSmallest", "2.4703282292062328e-324", math.SmallestNonzeroFloat64},
		{"TieToEven", "9007199254740993", 9007199254740992},
		{"TieBroken", "9007199254740993." + zeros + "1", 9007199254740994},
		{"ManyZerosBefore", zeros + "1.5", 1.5},
		{"ManyZerosBehind", "1.5" + zeros, 1.5},
		{"ManyZerosAndExponent", "0." + zeros + "1e5001", 1},
		{"ManyDigitsAndExponent", "1" + zeros + "e-5000", 1},
		{"LongExponent", "1e" + zeros + "3", 1000},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			got, ok := value(tt.token)
			if !ok || got != tt.want {
				t.Errorf("value(%.40q) = %v, %v; want %v", tt.token, got, ok, tt.want)
			}
		})
	}
}

func TestValueKeepsTheSignOfZero(t *testing.T) {
	for _, token := range []string{"-0", "-0.0", "-1e-400"} {
		if got, ok := value(token); !ok || got != 0 || !math.Signbit(got) {
			t.Errorf("value(%q) = %v, %v; want -0", token, got, ok)
		}
	}
}

func TestNoValue(t *testing.T) {
	tokens := []string{
		"abc", "nan", "NaN", "inf", "-Inf", "+infinity", "Infinity", "0x10", "0x1p-2", "0b1", "0o7", "1_000", "1,5",
		"-", "+", "--1", "+-1", ".", "-.", "1.2.3", "e5", ".e5", "1e", "1e+", "1e-", "1e1.5", "1ee5", "1e5e5", "1p5", "1P5", "1.5f", "1d5",
		"1-", "1 .", "٠", "\u0661", "１", "½", "1\u2212", "1e999", "-1e999", "1e309", "1.7976931348623159e308",
		"1.797693134862315808e308", "1797693134862315807938" + strings.Repeat("0", 287), "1e99999999999999999999",
		"1" + strings.Repeat("0", 309), "1\n", "\x001", "1\x00", "#1", "'1'", "1'000", "1:2",
	}
	for _, token := range tokens {
		if got, ok := value(token); ok {
			t.Errorf("value(%q) = %v; want none", token, got)
		}
	}
}

// midpoint returns the exact decimal of the number halfway between v and the next
// double above it: 767 digits and more for the small ones.
func midpoint(v float64) string {
	next := math.Nextafter(v, math.Inf(1))
	sum := new(big.Float).SetPrec(2200).SetFloat64(v)
	sum.Add(sum, new(big.Float).SetFloat64(next))
	return sum.Quo(sum, big.NewFloat(2)).Text('f', 1100)
}

func TestValueRoundsTiesToEven(t *testing.T) {
	random := rand.New(rand.NewPCG(1, 2))
	samples := []float64{0, math.SmallestNonzeroFloat64, 2.2250738585072009e-308, 2.2250738585072014e-308, 1, 1 << 53, 1e22, 8.98846567431158e307}
	for range 200 {
		samples = append(samples, math.Float64frombits(random.Uint64()>>1%0x7fe0000000000000))
	}
	for _, v := range samples {
		next := math.Nextafter(v, math.Inf(1))
		even := v
		if math.Float64bits(v)&1 == 1 {
			even = next
		}
		tie := midpoint(v)
		for _, tt := range []struct {
			token string
			want  float64
		}{{tie, even}, {tie + "1", next}, {below(tie), v}} {
			if got, ok := value(tt.token); !ok || got != tt.want {
				t.Errorf("near the tie above %v: got %v, %v; want %v", v, got, ok, tt.want)
			}
		}
	}
}

// below returns a decimal a little smaller than a positive one with a fraction.
func below(decimal string) string {
	digits := strings.TrimRight(decimal, "0")
	if before, ok := strings.CutSuffix(digits, "."); ok { // a whole number
		n, _ := new(big.Int).SetString(before, 10)
		return n.Sub(n, big.NewInt(1)).String() + "." + strings.Repeat("9", 50)
	}
	last := digits[len(digits)-1]
	return digits[:len(digits)-1] + string(last-1) + strings.Repeat("9", 50)
}

// The exact arithmetic of the oracle against the standard library's, which is right
// for lexemes of a modest size.
func TestValueAgreesWithStrconv(t *testing.T) {
	random := rand.New(rand.NewPCG(3, 4))
	digits := func(n int) string {
		b := make([]byte, n)
		for i := range b {
			b[i] = byte('0' + random.IntN(10))
		}
		return string(b)
	}
	for range 20000 {
		token := []string{"", "+", "-"}[random.IntN(3)] + digits(1+random.IntN(25)) + "." + digits(random.IntN(25))
		if random.IntN(2) == 0 {
			token += fmt.Sprintf("e%d", random.IntN(720)-360)
		}
		want, err := strconv.ParseFloat(token, 64)
		got, ok := value(token)
		if ok != (err == nil) || ok && math.Float64bits(got) != math.Float64bits(want) {
			t.Fatalf("value(%q) = %v, %v; strconv has %v, %v", token, got, ok, want, err)
		}
	}
}

func TestTimestamp(t *testing.T) {
	zeros := strings.Repeat("0", 5000)
	tests := []struct {
		token string
		want  int64
	}{
		{"0", 0},
		{"-0", 0},
		{"+7", 7},
		{"007", 7},
		{"-5", -5},
		{zeros + "7", 7},
		{"-" + zeros + "7", -7},
		{"1503319740", 1503319740},
		{"9223372036854775807", math.MaxInt64},
		{"+9223372036854775807", math.MaxInt64},
		{zeros + "9223372036854775807", math.MaxInt64},
		{"-9223372036854775808", math.MinInt64},
	}
	for _, tt := range tests {
		if got, ok := timestamp(tt.token); !ok || got != tt.want {
			t.Errorf("timestamp(%.40q) = %v, %v; want %v", tt.token, got, ok, tt.want)
		}
	}
}

func TestNoTimestamp(t *testing.T) {
	tokens := []string{
		"now", "1.5", "7.", "7.0", "1e3", "0x7", "0b1", "0o7", "1_000", "+", "-", "+-7", "--7", "7-", "\u0661", "７",
		"9223372036854775808", "-9223372036854775809", "99999999999999999999", strings.Repeat("9", 5000), "7,0", "nan",
	}
	for _, token := range tokens {
		if got, ok := timestamp(token); ok {
			t.Errorf("timestamp(%.40q) = %v; want none", token, got)
		}
	}
}

func TestFormatValue(t *testing.T) {
	tests := []struct {
		v    float64
		want string
	}{
		{10, "10.0"},
		{0, "0.0"},
		{math.Copysign(0, -1), "-0.0"},
		{-1.5, "-1.5"},
		{0.1, "0.1"},
		{1e-4, "0.0001"},
		{1e-5, "1e-05"},
		{1e15, "1000000000000000.0"},
		{1e16, "1e+16"},
		{5e-324, "5e-324"},
		{math.MaxFloat64, "1.7976931348623157e+308"},
	}
	for _, tt := range tests {
		got := oracle.FormatValue(tt.v)
		if got != tt.want {
			t.Errorf("FormatValue(%v) = %q; want %q", tt.v, got, tt.want)
		}
		if back, ok := value(got); !ok || math.Float64bits(back) != math.Float64bits(tt.v) {
			t.Errorf("FormatValue(%v) reads back as %v, %v", tt.v, back, ok)
		}
	}
}

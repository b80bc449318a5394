package wire

import (
	"math"
	"math/big"
	"math/rand/v2"
	"strconv"
	"strings"
	"testing"
)

// These tests are inside the package, because convertValue is not exported. Its
// plain twin is nearest.

// nearest converts lexeme by way of an exact fraction. Exponents that would make
// the fraction enormous go to strconv, which is right about short lexemes.
func nearest(lexeme string) (v float64, finite bool) {
	_, power, _ := strings.Cut(strings.ToLower(lexeme), "e")
	if n, err := strconv.Atoi(power); power != "" && (err != nil || max(n, -n) > 10_000) {
		v, err = strconv.ParseFloat(lexeme, 64)
		return v, err == nil
	}
	exact, ok := new(big.Rat).SetString(lexeme)
	if !ok {
		panic("not a number: " + lexeme)
	}
	v, _ = exact.Float64()
	if lexeme[0] == '-' && v == 0 {
		v = math.Copysign(0, -1)
	}
	return v, !math.IsInf(v, 0)
}

// decimalSeeds are lexemes beside the edges of the fast paths of convertValue.
func decimalSeeds() []string {
	return []string{
		"0", "-0", "+0.", ".0", "00000000000000000000000000000000000000", "0e999999999999999999999",
		"1", "-1", "10", "12.0", "0.1", "3.14159", "1e22", "1e23", "1e-22", "1e-23", "123456789012345e22", "123456789012345e23",
		"9007199254740992", "9007199254740993", "9007199254740993.0", "9007199254740992.5", "9007199254740993000e-3",
		"9007199254740993.00000000000000000000000000000000000001",
		"9007199254740992.99999999999999999999999999999999999999",
		"9999999999999999999", "99999999999999999999", "9999999999999999999.5", "18446744073709551615", "18446744073709551616",
		"1.7976931348623157e308", "1.797693134862315807e308", "1.797693134862315808e308", "1.7976931348623159e308", "1e308", "1e309", "-1e999",
		"4.9e-324", "5e-324", "2.5e-324", "2.4703282292062327e-324", "2.4703282292062328e-324", "2.2250738585072011e-308",
		"2.2250738585072014e-308", "1e-400", "1e-99999999999999999999", "1e+99999999999999999999",
		"0." + strings.Repeat("0", 5000) + "1e5001", "1" + strings.Repeat("0", 5000) + "e-5000",
		"0." + strings.Repeat("0", 400) + "1" + strings.Repeat("9", 900) + "e402",
		strings.Repeat("9", 309), strings.Repeat("9", 308), "1" + strings.Repeat("0", 308), "." + strings.Repeat("3", 3000),
		halfway(1, 0), halfway(1, 1), halfway(1, -1), halfway(0, 0), halfway(0, 1), halfway(math.MaxFloat64, 0), halfway(math.MaxFloat64, -1),
		halfway(math.SmallestNonzeroFloat64, 0), halfway(0x1p-1022, -1), halfway(0x1p-1022, 1), halfway(math.Nextafter(0x1p-1022, 0), 0),
		halfway(0x1.fffffffffffffp-1022, 0), halfway(0x1.fffffffffffffp-1022, -1), halfway(0x1p60, 0), halfway(0x1.0000000000001p60, 0),
	}
}

// halfway returns, exactly, the number halfway between v and the next
// double (beyond the largest: the one that would follow). It is then moved down or
// up, by less than 800 digits can tell, if direction says so.
func halfway(v float64, direction int) string {
	mantissa, exponent := math.Frexp(v)
	step := math.Ldexp(1, max(exponent-53, -1074))
	if mantissa == 0 {
		step = math.SmallestNonzeroFloat64
	}
	sum := new(big.Float).SetPrec(2000).SetFloat64(v)
	half := new(big.Float).SetPrec(2000).SetMantExp(big.NewFloat(step), -1)
	text := sum.Add(sum, half).Text('e', 800)
	digits, power, _ := strings.Cut(text, "e")
	switch direction {
	case 1:
		digits += strings.Repeat("0", 1000) + "1"
	case -1:
		whole := strings.TrimRight(digits, "0")
		digits = whole[:len(whole)-1] + string(whole[len(whole)-1]-1) + strings.Repeat("9", 1500)
	}
	return digits + "e" + power
}

func checkConversion(t *testing.T, lexeme string) {
	t.Helper()
	got, finite := convertValue([]byte(lexeme))
	want, wantFinite := nearest(lexeme)
	if math.Float64bits(got) != math.Float64bits(want) || finite != wantFinite {
		t.Errorf("convertValue(%.60q, %d bytes) = %v, %v; want %v, %v", lexeme, len(lexeme), got, finite, want, wantFinite)
	}
}

func TestConvertValueSeeds(t *testing.T) {
	for _, lexeme := range decimalSeeds() {
		checkConversion(t, lexeme)
	}
}

func TestConvertValueRandom(t *testing.T) {
	rng := rand.New(rand.NewPCG(1, 2))
	for range 20_000 {
		v := math.Float64frombits(rng.Uint64() &^ (1 << 63))
		if math.IsNaN(v) || math.IsInf(v, 0) {
			continue
		}
		checkConversion(t, strconv.FormatFloat(v, 'e', -1, 64))
		checkConversion(t, strconv.FormatFloat(v, 'e', 15+rng.IntN(30), 64))
	}
	for range 300 {
		v := math.Float64frombits(rng.Uint64N(0x7ff << 52))
		for direction := -1; direction <= 1; direction++ {
			checkConversion(t, halfway(v, direction))
		}
	}
}

// Without lexemes that reach it, the code for ties would be tested by nothing.
func TestSeedsReachTheTies(t *testing.T) {
	reached := 0
	for _, lexeme := range decimalSeeds() {
		d := parseDecimal([]byte(lexeme))
		below, _ := parseShort(d.mantissa, d.exponent)
		above, _ := parseShort(d.mantissa+1, d.exponent)
		if d.more && below != above {
			reached++
		}
	}
	if reached < 10 {
		t.Errorf("%d of the seeds need nearerAbove, want at least 10", reached)
	}
}

func TestConvertValueAllocatesNothing(t *testing.T) {
	for _, seed := range decimalSeeds() {
		lexeme := []byte(seed)
		if _, finite := convertValue(lexeme); !finite {
			continue
		}
		if n := testing.AllocsPerRun(10, func() { convertValue(lexeme) }); n != 0 {
			t.Errorf("convertValue(%.60q, %d bytes) allocates %v times, want 0", lexeme, len(lexeme), n)
		}
	}
}

func FuzzConvertValue(f *testing.F) {
	for _, lexeme := range decimalSeeds() {
		f.Add(lexeme)
	}
	f.Fuzz(func(t *testing.T, lexeme string) {
		end, wants := scanValue([]byte(lexeme), 0)
		if wants == "" && end == len(lexeme) {
			checkConversion(t, lexeme)
		}
	})
}

func BenchmarkConvertValue(b *testing.B) {
	lexemes := []struct{ name, text string }{
		{"Short", "12.5"},
		{"Shortest17", "0.30000000000000004"},
		{"Long40", "3.141592653589793238462643383279502884197"},
		{"Tie", halfway(math.Nextafter(0x1p-1022, 0), 0)},
	}
	for _, l := range lexemes {
		b.Run(l.name, func(b *testing.B) {
			lexeme := []byte(l.text)
			b.ReportAllocs()
			for b.Loop() {
				convertValue(lexeme)
			}
		})
	}
}

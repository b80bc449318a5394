package wire_test

import (
	"errors"
	"math"
	"math/big"
	"math/rand/v2"
	"strings"
	"testing"

	"github.com/putget-protocol/putget/spec/wire"
)

// aboveLargest is 2^1024 - 2^970, exactly halfway between the largest double and
// the power of two that would follow it: the smallest decimal out of range.
var aboveLargest = new(big.Int).Sub(new(big.Int).Lsh(big.NewInt(1), 1024), new(big.Int).Lsh(big.NewInt(1), 970))

func TestParseValueAccepts(t *testing.T) {
	tests := []struct {
		token string
		want  float64
	}{
		{"0", 0},
		{"-0", math.Copysign(0, -1)},
		{"10", 10},
		{"007.50", 7.5},
		{"+1.5", 1.5},
		{"5.", 5},
		{".5", 0.5},
		{"-.5e1", -5},
		{"5.e1", 50},
		{"1E3", 1000},
		{"1.5e+3", 1500},
		{"25e-2", 0.25},
		{"1e0000000000000000000000000003", 1000},
		{"0.1", 0.1},
		{"9007199254740993", 9007199254740992},
		{"1.7976931348623158e308", math.MaxFloat64},
		{"-1.797693134862315807e308", -math.MaxFloat64},
		{new(big.Int).Sub(aboveLargest, big.NewInt(1)).String(), math.MaxFloat64},
		{"5e-324", math.SmallestNonzeroFloat64},
		{"2e-324", 0},
		{"-1e-400", math.Copysign(0, -1)},
		{"1e-99999999999999999999", 0},
		{"0e99999999999999999999", 0},
		{"0." + strings.Repeat("0", 4000) + "15e4001", 1.5},
		{"15" + strings.Repeat("0", 4000) + "e-4001", 1.5},
		{"1" + strings.Repeat("0", 900) + "e-900", 1}, // strconv says 1e-101
	}
	for _, tt := range tests {
		got, err := wire.ParseValue([]byte(tt.token))
		if err != nil || math.Float64bits(got) != math.Float64bits(tt.want) {
			t.Errorf("ParseValue(%.40q) = %v, %v; want %v", tt.token, got, err, tt.want)
		}
	}
}

func TestParseValueRefuses(t *testing.T) {
	tests := []struct {
		name, token string
		rule        wire.Rule
		reason      error
	}{
		{"Empty", "¦", wire.RuleValue, nil},
		{"LeadingSpace", "¦ 1", wire.RuleValue, nil},
		{"TrailingSpace", "1¦ ", wire.RuleValue, nil},
		{"Letters", "¦abc", wire.RuleValue, nil},
		{"Sign", "-¦", wire.RuleDecimal, nil},
		{"Point", ".¦", wire.RuleDecimal, nil},
		{"ExponentEmpty", "1e¦", wire.RuleExponent, nil},
		{"ExponentSign", "1e-¦", wire.RuleExponent, nil},
		{"Hex", "0¦x1p-2", wire.RuleValue, nil},
		{"Separator", "1¦_0", wire.RuleValue, nil},
		{"Infinity", "¦Infinity", wire.RuleValue, nil},
		{"InfinityMinus", "-¦infinity", wire.RuleDecimal, nil},
		{"Inf", "¦Inf", wire.RuleValue, nil},
		{"InfPlus", "+¦inf", wire.RuleDecimal, nil},
		{"Slash", "1¦/2", wire.RuleValue, nil},
		{"Colon", "1¦:2", wire.RuleValue, nil},
		{"Comma", "1¦,5", wire.RuleValue, nil},
		{"HexUpper", "0¦X10", wire.RuleValue, nil},
		{"Binary", "0¦b1", wire.RuleValue, nil},
		{"Octal", "0¦o17", wire.RuleValue, nil},
		{"Word", "¦true", wire.RuleValue, nil},
		{"ExponentTwice", "0e1¦e1", wire.RuleValue, nil},
		{"ExponentD", "1¦d3", wire.RuleValue, nil},
		{"ExponentP", "1¦p3", wire.RuleValue, nil},
		{"ExponentSigns", "1e-¦-5", wire.RuleExponent, nil},
		{"InfinityLower", "¦infinity", wire.RuleValue, nil},
		{"InfinityUpper", "+¦INFINITY", wire.RuleDecimal, nil},
		{"NaN", "-¦nan", wire.RuleDecimal, nil},
		{"CR", "1¦\r", wire.RuleValue, nil},
		{"Overflow", "¦1e309", wire.RuleValue, wire.ErrRange},
		{"OverflowDigits", "¦" + strings.Repeat("9", 309), wire.RuleValue, wire.ErrRange},
		{"OverflowHugeExponent", "¦-1e99999999999999999999", wire.RuleValue, wire.ErrRange},
		{"OverflowExponentAboveTwo64", "¦1e18446744073709551617", wire.RuleValue, wire.ErrRange},
		{"OverflowEdge", "¦1.797693134862315808e308", wire.RuleValue, wire.ErrRange},
		{"OverflowTie", "¦" + aboveLargest.String(), wire.RuleValue, wire.ErrRange},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			token, offset := unmark(t, tt.token)
			got, err := wire.ParseValue([]byte(token))
			checkSyntaxError(t, err, offset, tt.rule, tt.reason)
			if got != 0 {
				t.Errorf("got %v beside the error, want 0", got)
			}
		})
	}
}

func TestParseTimestampAccepts(t *testing.T) {
	tests := []struct {
		token string
		want  int64
	}{
		{"0", 0},
		{"-0", 0},
		{"+7", 7},
		{"007", 7},
		{"-007", -7},
		{"1503319740", 1503319740},
		{"9223372036854775807", math.MaxInt64},
		{"+9223372036854775807", math.MaxInt64},
		{"-9223372036854775808", math.MinInt64},
		{"-9223372036854775807", math.MinInt64 + 1},
		{strings.Repeat("0", 4000) + "9223372036854775807", math.MaxInt64},
		{"-" + strings.Repeat("0", 4000) + "9223372036854775808", math.MinInt64},
	}
	for _, tt := range tests {
		got, err := wire.ParseTimestamp([]byte(tt.token))
		if err != nil || got != tt.want {
			t.Errorf("ParseTimestamp(%.40q) = %v, %v; want %v", tt.token, got, err, tt.want)
		}
	}
}

func TestParseTimestampRefuses(t *testing.T) {
	tests := []struct {
		name, token string
		reason      error
	}{
		{"Empty", "¦", nil},
		{"Sign", "+¦", nil},
		{"TwoSigns", "-¦-1", nil},
		{"Letters", "¦now", nil},
		{"Fraction", "7¦.0", nil},
		{"Exponent", "7¦e0", nil},
		{"PointEnd", "7¦.", nil},
		{"Suffix", "7¦s", nil},
		{"Half", "1¦.5", nil},
		{"TrailingSpace", "7¦ ", nil},
		{"Invalid", "7¦\xc3", wire.ErrEncoding},
		{"Above", "¦9223372036854775808", wire.ErrRange},
		{"AboveNextTen", "¦9223372036854775810", wire.ErrRange},
		{"Below", "¦-9223372036854775809", wire.ErrRange},
		{"TwentyDigits", "¦99999999999999999999", wire.ErrRange},
		{"AboveTwo64", "¦18446744073709551617", wire.ErrRange},
		{"ThousandDigits", "¦-" + strings.Repeat("1", 1000), wire.ErrRange},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			token, offset := unmark(t, tt.token)
			got, err := wire.ParseTimestamp([]byte(token))
			checkSyntaxError(t, err, offset, wire.RuleTimestamp, tt.reason)
			if got != 0 {
				t.Errorf("got %v beside the error, want 0", got)
			}
		})
	}
}

func TestAppendValue(t *testing.T) {
	tests := []struct {
		value float64
		want  string
	}{
		{0, "0.0"},
		{math.Copysign(0, -1), "-0.0"},
		{10, "10.0"},
		{-1, "-1.0"},
		{0.1, "0.1"},
		{23.7, "23.7"},
		{0.30000000000000004, "0.30000000000000004"},
		{1e20, "100000000000000000000.0"},
		{1e21, "1e+21"},
		{-1.5e300, "-1.5e+300"},
		{0.0001, "0.0001"},
		{0.00001, "1e-05"},
		{math.MaxFloat64, "1.7976931348623157e+308"},
		{math.SmallestNonzeroFloat64, "5e-324"},
		{1 << 53, "9007199254740992.0"},
	}
	for _, tt := range tests {
		if got := string(wire.AppendValue([]byte("="), tt.value)); got != "="+tt.want {
			t.Errorf("AppendValue(%v) = %q, want %q", tt.value, got, "="+tt.want)
		}
	}
}

func TestValuesReadBackBitForBit(t *testing.T) {
	rng := rand.New(rand.NewPCG(3, 4))
	for range 100_000 {
		v := math.Float64frombits(rng.Uint64())
		if wire.CheckValue(v) != nil {
			continue
		}
		text := wire.AppendValue(nil, v)
		got, err := wire.ParseValue(text)
		if err != nil || math.Float64bits(got) != math.Float64bits(v) {
			t.Fatalf("%v is written as %q, which reads back as %v, %v", v, text, got, err)
		}
		if !strings.ContainsAny(string(text), ".e") {
			t.Fatalf("%v is written as %q, without point or exponent", v, text)
		}
	}
}

func TestCheckValue(t *testing.T) {
	for _, v := range []float64{0, -1, math.MaxFloat64, -math.MaxFloat64, math.SmallestNonzeroFloat64} {
		if err := wire.CheckValue(v); err != nil {
			t.Errorf("CheckValue(%v) = %v, want nil", v, err)
		}
	}
	for _, v := range []float64{math.NaN(), math.Inf(1), math.Inf(-1)} {
		if err := wire.CheckValue(v); !errors.Is(err, wire.ErrNotFinite) {
			t.Errorf("CheckValue(%v) = %v, want ErrNotFinite", v, err)
		}
	}
}

// Whoever forgets CheckValue gets a refusal from the peer, never another number.
func TestValuesThatAreNotFiniteReadBackAsNone(t *testing.T) {
	for _, v := range []float64{math.NaN(), math.Inf(1), math.Inf(-1)} {
		text := wire.AppendValue(nil, v)
		if got, err := wire.ParseValue(text); err == nil {
			t.Errorf("%v is written as %q, which reads back as %v", v, text, got)
		}
	}
}

func TestAppendTimestamp(t *testing.T) {
	for _, tt := range []struct {
		timestamp int64
		want      string
	}{{0, "0"}, {7, "7"}, {-7, "-7"}, {math.MaxInt64, "9223372036854775807"}, {math.MinInt64, "-9223372036854775808"}} {
		if got := string(wire.AppendTimestamp([]byte("="), tt.timestamp)); got != "="+tt.want {
			t.Errorf("AppendTimestamp(%d) = %q, want %q", tt.timestamp, got, "="+tt.want)
		}
	}
}

package spec_test

import (
	"math"
	"strings"
	"testing"

	"github.com/putget-protocol/putget/spec"
)

func TestFloat64(t *testing.T) {
	// Half a step above 1, in all its digits: a tie goes to even, and one more digit goes up.
	const tie spec.Number = "1.00000000000000011102230246251565404236316680908203125"
	zeros := spec.Number(strings.Repeat("0", 800))
	tests := []struct {
		name string
		n    spec.Number
		want float64
	}{
		{"Whole", "10", 10},
		{"Zeros", "007.50", 7.5},
		{"NoDigitBeforeThePoint", ".5", 0.5},
		{"NoDigitBehindThePoint", "5.", 5},
		{"Negative", "-0.1", -0.1},
		{"PlusAndExponent", "+1E+3", 1000},
		{"Smallest", "5e-324", 5e-324},
		{"BelowHalfOfTheSmallest", "2.4703282292062327e-324", 0},
		{"AboveHalfOfTheSmallest", "2.4703282292062328e-324", 5e-324},
		{"Largest", "1.7976931348623157e+308", math.MaxFloat64},
		{"RoundsDownToTheLargest", "1.7976931348623158e308", math.MaxFloat64},
		{"HugeNegativeExponent", "1e-999999999999", 0},
		{"ZeroOfHugeExponent", "0e999999999999", 0},
		{"TieToEven", tie, 1},
		{"AboveTheTie", tie + zeros + "1", math.Nextafter(1, 2)},
		{"AboveTheTieNegativeExponent", "1" + tie[2:] + zeros + "1e-854", math.Nextafter(1, 2)},
		{"TieNegativeExponent", "1" + tie[2:] + zeros + "e-853", 1},
		{"ManyZerosBehind", "1" + zeros + zeros + "e-1600", 1},
		{"ManyZerosBefore", "0." + zeros + "15e801", 1.5},
		{"NoNumber", "x", 0},
		{"Empty", "", 0},
		{"PointAlone", ".", 0},
		{"ExponentAlone", "e5", 0},
		{"NaN", "nan", 0},
		{"Hexadecimal", "0x1p3", 0},
		{"Overflow", "1e999", 0},
		{"RoundsUpToInfinity", "1.797693134862315808e308", 0},
		{"HugeExponent", "1e999999999999", 0},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			if got := test.n.Float64(); got != test.want {
				t.Errorf("got %v for %.60q, want %v", got, test.n, test.want)
			}
		})
	}
}

func TestInt64(t *testing.T) {
	for n, want := range map[spec.Number]int64{
		"-9223372036854775808": math.MinInt64, "9223372036854775807": math.MaxInt64, "0": 0, "007": 7,
		"": 0, "x": 0, "1.5": 0, "99999999999999999999": 0,
	} {
		if got := n.Int64(); got != want {
			t.Errorf("got %d for %q, want %d", got, n, want)
		}
	}
}

func TestCheckSample(t *testing.T) {
	tests := []struct {
		name             string
		value, timestamp spec.Number
		want             string
	}{
		{"Right", "1.5", "7", ""},
		{"Underflow", "1e-400", "-7", ""},
		{"NoNumber", "high", "7", `value "high" is no decimal number`},
		{"NoDigits", "-", "7", `value "-" is no decimal number`},
		{"Overflow", "1e999", "7", `value "1e999" is no finite double`},
		{"Timestamp", "1.5", "7.0", `timestamp "7.0" is no signed 64-bit integer`},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			got := ""
			if err := spec.CheckSample(test.value, test.timestamp); err != nil {
				got = err.Error()
			}
			if got != test.want {
				t.Errorf("got %q, want %q", got, test.want)
			}
		})
	}
}

package cases

import (
	"context"
	"fmt"
	"math"
	"math/big"
	"math/rand/v2"
	"slices"
	"strconv"
	"strings"

	"github.com/putget-protocol/putget/conformance/oracle"
)

// chance returns the source of what a case chooses by chance: the same choice for the
// same seed.
func (s *Session) chance() *rand.Rand { return rand.New(rand.NewPCG(s.look.Seed, 1)) }

// edgeDoubles are where formats and parsers of doubles change their ways.
func edgeDoubles() []float64 {
	const smallestNormal = 0x1p-1022
	return []float64{
		math.SmallestNonzeroFloat64, 3 * math.SmallestNonzeroFloat64, smallestNormal, math.Nextafter(smallestNormal, 0), math.MaxFloat64,
		math.Nextafter(math.MaxFloat64, 0), 1, math.Nextafter(1, 2), math.Nextafter(1, 0), 1 << 53, 1<<53 - 1, 1<<53 + 2, 1 << 63, 1e15, 1e16, 1e17, 1e20, 1e21, 1e22,
		1e23, 1e-4, 1e-5, 1e-6, 1e-7, 1e308, 1e-308, 0.1, 0.2, 0.30000000000000004, 1.0 / 3, math.Pi, 5e-324, 123456789012345680, 0.000123456789, math.MaxFloat32, 16777217,
	}
}

// valueDoubles puts doubles, those of both signs and some by chance, and gets each back.
func valueDoubles(ctx context.Context, s *Session) {
	var values []string
	for i, v := range edgeDoubles() {
		if i%3 == 1 {
			v = -v
		}
		values = append(values, plainDouble(v, -1), plainDouble(v, 17))
	}
	for rng := s.chance(); len(values) < 100; {
		if v := math.Float64frombits(rng.Uint64()); !math.IsNaN(v) && !math.IsInf(v, 0) {
			values = append(values, plainDouble(v, -1))
		}
	}
	putValues(append(values, "-0", "-0.0", "0e0")...)(ctx, s)
}

// plainDouble writes a double as level core does, with so many digits; -1 for as many
// as are needed.
func plainDouble(v float64, digits int) string {
	if digits > 0 {
		digits-- // behind the point
	}
	return strconv.FormatFloat(v, 'e', digits, 64)
}

// valueDigits puts what lies exactly between two doubles, and a very little above and
// below that, written out in full.
func valueDigits(ctx context.Context, s *Session) {
	cpu, a := s.Key("long"), s.Conn(ctx, "A")
	for i, value := range []string{strings.Repeat("3", 300), "0." + strings.Repeat("0", 300) + "123", "1" + strings.Repeat("0", 308), strings.Repeat("0", 200) + "1.5" + strings.Repeat("0", 200)} {
		a.Put(ctx, cpu, value, strconv.Itoa(10+i), on("VAL-001", oracle.AspectRefused))
	}
	a.Get(ctx, cpu)
	var values []string
	for _, v := range []float64{1, 0.1, 1 << 53, 1e22, 1e-5, 0x1p-1022, 0x1p-1074, math.MaxFloat32, 123456.789} {
		middle := exact(between(v, math.Nextafter(v, math.MaxFloat64)))
		values = append(values, middle, middle+"0000000001", below(middle))
	}
	putValues(values...)(ctx, s)
}

// between returns the middle of two doubles, exactly.
func between(a, b float64) *big.Float {
	const enough = 2400 // bits, for any two doubles
	sum := new(big.Float).SetPrec(enough).Add(big.NewFloat(a), big.NewFloat(b))
	return sum.Quo(sum, big.NewFloat(2))
}

// exact writes a number without exponent, in all its digits, with a point.
func exact(x *big.Float) string {
	const digits = 1100 // behind the point, for any middle of two doubles
	text := strings.TrimRight(x.Text('f', digits), "0")
	if strings.HasSuffix(text, ".") {
		text += "0"
	}
	return text
}

// below returns a number a very little below one that has a digit other than 0.
func below(text string) string {
	digits := []byte(text)
	for i := len(digits) - 1; i >= 0; i-- {
		switch digits[i] {
		case '.':
		case '0':
			digits[i] = '9'
		default:
			digits[i]--
			return string(digits) + "9999999999"
		}
	}
	return text
}

// getOrderRandom puts timestamps of every length in an order by chance.
func getOrderRandom(ctx context.Context, s *Session) {
	rng := s.chance()
	var times []int64
	for n := int64(1); n < maxCoreTime; n *= 3 {
		times = append(times, n, n+1)
	}
	slices.Sort(times)
	times = slices.Compact(times)
	rng.Shuffle(len(times), func(i, j int) { times[i], times[j] = times[j], times[i] })
	cpu, a := s.Key("cpu"), s.Conn(ctx, "A")
	for i, t := range times {
		a.Put(ctx, cpu, fmt.Sprintf("%d.5", i), strconv.FormatInt(t, 10))
	}
	a.Get(ctx, cpu)
}

// getOrderInterleaved puts to three series by turns: ascending, descending, and from
// the middle outwards.
func getOrderInterleaved(ctx context.Context, s *Session) {
	const rounds = 12
	up, down, out, a := s.Key("up"), s.Key("down"), s.Key("out"), s.Conn(ctx, "A")
	for i := range rounds {
		a.Put(ctx, up, fmt.Sprintf("%d.5", i), fmt.Sprint(95+i))
		a.Put(ctx, down, fmt.Sprintf("%d.5", i), fmt.Sprint(105-i))
		a.Put(ctx, out, fmt.Sprintf("%d.5", i), fmt.Sprint(100+i*(1-2*(i%2))))
	}
	for _, key := range []string{up, down, out} {
		a.Get(ctx, key)
	}
}

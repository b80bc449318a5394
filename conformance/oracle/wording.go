package oracle

import (
	"fmt"
	"math"
	"strconv"
	"strings"
)

// CheckGrouping judges what a server should do in the reply to a get of every
// key: keep the samples of one key together (GET-007). It returns the first line
// of a key that had ended before, as [AspectGrouping]. It looks at the keys for
// which own reports true, at all of them when own is nil, and at nothing else.
func CheckGrouping(reply []byte, own func(key string) bool) *Mismatch {
	ended := make(map[string]bool)
	last := ""
	for _, l := range scan(reply).lines {
		if l.fault != nil || l.sample.Key == last {
			continue
		}
		if last != "" {
			ended[last] = true
		}
		last = l.sample.Key
		if ended[last] && (own == nil || own(last)) {
			return &Mismatch{
				Offset: l.at, Want: "the samples of each key together", Aspect: AspectGrouping,
				Detail: fmt.Sprintf("other keys stand between this line and the earlier ones of %s", quote(last)),
			}
		}
	}
	return nil
}

// CheckWording judges what a server should do in every reply: write the shortest
// decimal, with a point or an exponent (REP-008), and a timestamp without plus
// sign and leading zeros (REP-009). It returns the first number in another
// wording, as [AspectValueWording] or [AspectTimestampWording]. It looks at
// sample lines of keys for which own reports true, all when own is nil.
func CheckWording(reply []byte, own func(key string) bool) *Mismatch {
	for _, l := range scan(reply).lines {
		if l.fault != nil || l.sample.Key == "" || own != nil && !own(l.sample.Key) {
			continue
		}
		fields := strings.Split(l.text, " ")
		if !isShortest(fields[1], l.sample.Value) {
			return &Mismatch{
				Offset: l.valueAt, Want: "the shortest wording, as " + quote(FormatValue(l.sample.Value)), Aspect: AspectValueWording,
				Detail: "the value is written " + quote(fields[1]),
			}
		}
		if want := FormatTimestamp(l.sample.Timestamp); fields[2] != want {
			return &Mismatch{
				Offset: l.timeAt, Want: quote(want), Aspect: AspectTimestampWording,
				Detail: "the timestamp is written " + quote(fields[2]),
			}
		}
	}
	return nil
}

// isShortest reports whether text is a wording of v with a point or an exponent
// and no digit more than v needs. 100.0, 1e2 and 1.0E+02 are all shortest, since
// the place of the point is free.
func isShortest(text string, v float64) bool {
	if !strings.ContainsAny(text, ".eE") || strings.HasPrefix(text, "+") {
		return false
	}
	mantissa := strings.TrimPrefix(text, "-")
	if i := strings.IndexAny(mantissa, "eE"); i >= 0 {
		mantissa = mantissa[:i]
	}
	whole, fraction, _ := strings.Cut(mantissa, ".")
	idleFraction := len(fraction) > 1 && strings.HasSuffix(fraction, "0")
	idleWhole := len(whole) > 1 && strings.HasPrefix(whole, "0")
	return !idleFraction && !idleWhole && significant(mantissa) == significantOf(v)
}

// significant counts the digits of a mantissa without the zeros at both ends.
func significant(mantissa string) int {
	return len(strings.Trim(strings.ReplaceAll(mantissa, ".", ""), "0"))
}

// significantOf counts the digits of the shortest decimal that reads back as v.
func significantOf(v float64) int {
	mantissa, _, _ := strings.Cut(strconv.FormatFloat(math.Abs(v), 'e', -1, 64), "e")
	return significant(mantissa)
}

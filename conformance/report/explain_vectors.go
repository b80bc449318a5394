package report

import (
	"cmp"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/putget-protocol/putget/spec"
)

// fromReply makes an example of a vector that a sentence on clients is shown by: a call
// that it answers, and what comes of it.
func fromReply(v spec.Vector) []Example {
	if v.Kind != spec.ReplyKind || v.Reply.Form == spec.IncompleteForm {
		return nil
	}
	key := "palm.cpu"
	result := "own error"
	if v.Reply.Form == spec.OKForm {
		if len(v.Reply.Samples) > 0 {
			key = string(named(v.Reply.Samples[0].Key))
		}
		result = mapping(v.Reply.Samples)
	}
	if len(v.Bytes) > mostVectorBytes {
		return nil
	}
	return []Example{{Note: v.Title, Lines: []string{
		"call get(" + strconv.Quote(key) + ")", "> " + strconv.Quote("get "+key+"\n"), "< " + Quote(v.Bytes), "-> " + result,
	}}}
}

// mostVectorBytes bounds the replies that examples show.
const mostVectorBytes = 100

// mapping writes samples as what a get returns, in the manner of the examples.
func mapping(samples []spec.Sample) string {
	var keys []string
	series := make(map[string][]spec.Sample)
	for _, s := range samples {
		key := string(named(s.Key))
		if series[key] == nil {
			keys = append(keys, key)
		}
		series[key] = append(series[key], s)
	}
	parts := make([]string, len(keys))
	for i, key := range keys {
		slices.SortStableFunc(series[key], func(a, b spec.Sample) int {
			return cmp.Compare(a.Timestamp.Int64(), b.Timestamp.Int64())
		})
		pairs := make([]string, len(series[key]))
		for j, s := range series[key] {
			pairs[j] = fmt.Sprintf("(%d, %s)", s.Timestamp.Int64(), float(s.Value.Float64()))
		}
		parts[i] = strconv.Quote(key) + ": [" + strings.Join(pairs, ", ") + "]"
	}
	return "{" + strings.Join(parts, ", ") + "}"
}

// float writes a double so that it is seen to be one.
func float(v float64) string {
	text := strconv.FormatFloat(v, 'g', -1, 64)
	if !strings.ContainsAny(text, ".e") {
		text += ".0"
	}
	return text
}

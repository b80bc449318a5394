package cases

import (
	"encoding/json"
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"github.com/putget-protocol/putget/conformance/adapter"
	"github.com/putget-protocol/putget/conformance/oracle"
)

// A series is a list of samples, in the order in which a client is to return them.
type series []sample

// A sample is a value at a timestamp.
type sample struct {
	timestamp int64
	value     float64
}

// A mapping is what a get returns: key -> series.
type mapping map[string]series

// mappingOf returns what a get is to return for samples in the order of a reply:
// each list ascending by timestamp.
func mappingOf(samples ...oracle.Sample) mapping {
	m := make(mapping)
	for _, s := range samples {
		m[s.Key] = append(m[s.Key], sample{s.Timestamp, s.Value})
	}
	for _, list := range m {
		slices.SortStableFunc(list, byTimestamp)
	}
	return m
}

func byTimestamp(a, b sample) int {
	switch {
	case a.timestamp < b.timestamp:
		return -1
	case a.timestamp > b.timestamp:
		return 1
	default:
		return 0
	}
}

// String returns the mapping as JSON, as an adapter writes it.
func (m mapping) String() string {
	var keys []string
	for _, key := range slices.Sorted(maps.Keys(m)) {
		var pairs []string
		for _, s := range m[key] {
			pairs = append(pairs, fmt.Sprintf("[%d,%s]", s.timestamp, oracle.FormatValue(s.value)))
		}
		quoted, err := json.Marshal(key)
		if err != nil {
			quoted = []byte(strconv.Quote(key))
		}
		keys = append(keys, fmt.Sprintf("%s:[%s]", quoted, strings.Join(pairs, ",")))
	}
	return "{" + strings.Join(keys, ",") + "}"
}

// A deviation says how a result differs from the one that is due.
type deviation struct {
	symptom Symptom
	detail  string
	// breaks is the requirement that is then broken whatever the case is about, "" for
	// that of the case.
	breaks string
}

var integerPattern = regexp.MustCompile(`\A-?[0-9]+\z`)

// compare says how the result of a get differs from the one that is due, nil when it
// does not.
func compare(a adapter.Answer, want mapping) *deviation {
	pairs, err := a.Series()
	if err != nil {
		return &deviation{symptom: ResultForm, detail: err.Error()}
	}
	got := make(mapping, len(pairs))
	for _, key := range slices.Sorted(maps.Keys(pairs)) {
		list := make(series, 0, len(pairs[key]))
		for i, pair := range pairs[key] {
			s, wrong := readPair(pair)
			if wrong == "" && i < len(want[key]) && isSwapped(s, want[key][i]) {
				wrong = "value and timestamp are the other way round"
			}
			if wrong != "" {
				return &deviation{symptom: ResultForm, detail: fmt.Sprintf("pair %d of %q is [%s,%s]: %s", i+1, key, pair.Timestamp, pair.Value, wrong)}
			}
			list = append(list, s)
		}
		got[key] = list
	}
	if missing, extra := missingOf(want, got), missingOf(got, want); len(missing)+len(extra) > 0 {
		wrong := &deviation{symptom: ResultKeys, detail: fmt.Sprintf("missing keys: %q, other keys: %q", missing, extra)}
		if sameButForKeys(got, want) {
			wrong.breaks = "CLI-019"
		}
		return wrong
	}
	for _, key := range slices.Sorted(maps.Keys(want)) {
		if wrong := compareSeries(key, got[key], want[key]); wrong != nil {
			return wrong
		}
	}
	return nil
}

// readPair reads the numbers of a pair, or says what is wrong with them.
func readPair(pair adapter.Pair) (sample, string) {
	if !integerPattern.MatchString(string(pair.Timestamp)) {
		return sample{}, "the timestamp is no integer"
	}
	timestamp, err := strconv.ParseInt(string(pair.Timestamp), 10, 64)
	if err != nil {
		return sample{}, "the timestamp is no integer of 64 bits"
	}
	value, err := strconv.ParseFloat(string(pair.Value), 64)
	if err != nil {
		return sample{}, "the value is no finite double"
	}
	return sample{timestamp, value}, ""
}

func isSwapped(got, want sample) bool {
	return got != want && float64(got.timestamp) == want.value && got.value == float64(want.timestamp)
}

// missingOf returns the first few keys of a that b has not.
func missingOf(a, b mapping) []string {
	const most = 3
	missing := []string{}
	for _, key := range slices.Sorted(maps.Keys(a)) {
		if _, ok := b[key]; !ok && len(missing) < most {
			missing = append(missing, key)
		}
	}
	return missing
}

// sameButForKeys reports whether a result holds the series that are due, under other
// keys.
func sameButForKeys(got, want mapping) bool {
	left := slices.Collect(maps.Values(got))
	for _, list := range want {
		i := slices.IndexFunc(left, func(other series) bool { return slices.Equal(other, list) })
		if i < 0 {
			return false
		}
		left = slices.Delete(left, i, i+1)
	}
	return len(left) == 0
}

func compareSeries(key string, got, want series) *deviation {
	if len(got) != len(want) {
		return &deviation{symptom: ResultSamples, detail: fmt.Sprintf("%q has %d samples, where the reply has %d", key, len(got), len(want))}
	}
	if slices.Equal(got, want) {
		return nil
	}
	sorted := slices.SortedStableFunc(slices.Values(got), byTimestamp)
	for i := range want {
		switch {
		case sorted[i].timestamp != want[i].timestamp:
			return &deviation{symptom: ResultTimestamp, detail: fmt.Sprintf("%q lacks the timestamp %d", key, want[i].timestamp)}
		case sorted[i].value != want[i].value:
			return &deviation{symptom: ResultValue, detail: fmt.Sprintf("%q has %s at %d, where the reply has %s", key, oracle.FormatValue(sorted[i].value), want[i].timestamp, oracle.FormatValue(want[i].value))}
		}
	}
	return &deviation{symptom: ResultOrder, detail: fmt.Sprintf("the samples of %q are not in ascending order of timestamp", key), breaks: "CLI-016"}
}

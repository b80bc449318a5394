package storetest

import (
	"cmp"
	"fmt"
	"math"
	"slices"
	"testing"

	"pgregory.net/rapid"

	"github.com/putget-protocol/putget/server"
)

// A model is what a store has to hold: the puts so far, the last one wins.
type model map[string]map[int64]float64

func (m model) put(batch ...server.Put) {
	for _, p := range batch {
		if m[string(p.Key)] == nil {
			m[string(p.Key)] = make(map[int64]float64)
		}
		m[string(p.Key)][p.Timestamp] = p.Value
	}
}

// series returns the series of key, ascending; nil for a key without samples.
func (m model) series(key string) []server.Sample {
	var series []server.Sample
	for t, v := range m[key] {
		series = append(series, sample(t, v))
	}
	slices.SortFunc(series, func(a, b server.Sample) int { return cmp.Compare(a.Timestamp, b.Timestamp) })
	return series
}

// checkModel compares random sequences of calls with the model. Each sequence
// has keys of its own, so that one store serves them all.
func checkModel(t *testing.T, store server.Store) {
	everything := make(model)
	run := 0
	rapid.Check(t, func(t *rapid.T) {
		run++
		want := make(model)
		keys := []string{fmt.Sprintf("%d.cpu", run), fmt.Sprintf("%d.rain", run), fmt.Sprintf("%d.cpu.x", run)}
		t.Repeat(map[string]func(*rapid.T){
			"put": func(t *rapid.T) {
				batch := drawBatch(t, keys)
				want.put(batch...)
				everything.put(batch...)
				put(t, store, batch...)
			},
			"get": func(t *rapid.T) {
				key := keys[rapid.IntRange(0, len(keys)-1).Draw(t, "key")]
				if got, want := get(t, store, key), want.series(key); !same(got, want) {
					t.Fatalf("get: %s", difference(got, want))
				}
			},
			"all": func(t *rapid.T) {
				got := all(t, store)
				for i, key := range keys {
					if want := want.series(key); !same(got[key], want) {
						t.Fatalf("all: series of key %d: %s", i, difference(got[key], want))
					}
				}
			},
		})
	})
	got := all(t, store)
	for key := range everything {
		if want := everything.series(key); !same(got[key], want) {
			t.Fatalf("all at the end: series of %q: %s", key, difference(got[key], want))
		}
	}
}

func drawBatch(t *rapid.T, keys []string) []server.Put {
	timestamp := rapid.OneOf(
		rapid.Int64Range(-3, 12),
		rapid.SampledFrom([]int64{math.MinInt64, math.MaxInt64, math.MinInt32 - 1, math.MaxInt32 + 1}),
		rapid.Int64(),
	)
	value := rapid.OneOf(
		rapid.SampledFrom(values()),
		rapid.Float64Range(-math.MaxFloat64, math.MaxFloat64),
	)
	return rapid.SliceOfN(rapid.Custom(func(t *rapid.T) server.Put {
		return point(
			rapid.SampledFrom(keys).Draw(t, "key"),
			timestamp.Draw(t, "timestamp"),
			value.Draw(t, "value"),
		)
	}), 1, 20).Draw(t, "batch")
}

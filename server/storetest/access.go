package storetest

import (
	"context"
	"fmt"
	"math"
	"slices"

	"github.com/putget-protocol/putget/server"
)

// A tb is what a check needs of a *testing.T or a *rapid.T.
type tb interface {
	Helper()
	Fatalf(format string, args ...any)
}

// point makes one put of a batch.
func point(key string, timestamp int64, value float64) server.Put {
	return server.Put{Key: []byte(key), Sample: sample(timestamp, value)}
}

// sample makes one sample of a series.
func sample(timestamp int64, value float64) server.Sample {
	return server.Sample{Timestamp: timestamp, Value: value}
}

// put stores a batch that the store has to take.
func put(t tb, store server.Store, batch ...server.Put) {
	t.Helper()
	if err := store.Put(context.Background(), batch); err != nil {
		t.Fatalf("Put(%d puts) = %v, want nil", len(batch), err)
	}
}

// get returns the series of key, nil if it has no samples.
func get(t tb, store server.Store, key string) []server.Sample {
	t.Helper()
	series, err := readOne(store, key)
	if err != nil {
		t.Fatalf("Get(%.40q): %v", key, err)
	}
	return series
}

// readOne is get for goroutines that may not end the test.
func readOne(store server.Store, key string) (series []server.Sample, err error) {
	got, err := collect(func(visit func([]byte, []server.Sample) error) error {
		return store.Get(context.Background(), []byte(key), visit)
	})
	for k := range got {
		if k != key {
			return nil, fmt.Errorf("get of %.40q visited the key %.40q", key, k)
		}
	}
	return got[key], err
}

// all returns the series of all keys.
func all(t tb, store server.Store) map[string][]server.Sample {
	t.Helper()
	got, err := collect(func(visit func([]byte, []server.Sample) error) error {
		return store.All(context.Background(), visit)
	})
	if err != nil {
		t.Fatalf("All: %v", err)
	}
	return got
}

// collect copies what visit is given. It fails on an empty run, on a series that
// does not ascend, and on a key that comes back after another.
func collect(read func(visit func([]byte, []server.Sample) error) error) (map[string][]server.Sample, error) {
	got := make(map[string][]server.Sample)
	last := ""
	err := read(func(key []byte, run []server.Sample) error {
		if len(run) == 0 {
			return fmt.Errorf("visit of %.40q with an empty run", key)
		}
		series := got[string(key)]
		if len(series) > 0 && last != string(key) {
			return fmt.Errorf("samples of %.40q before and after those of %.40q", key, last)
		}
		last = string(key)
		for _, s := range run {
			if n := len(series); n > 0 && s.Timestamp <= series[n-1].Timestamp {
				return fmt.Errorf("series of %.40q: timestamp %d comes after %d", key, s.Timestamp, series[n-1].Timestamp)
			}
			series = append(series, s)
		}
		got[last] = series
		return nil
	})
	return got, err
}

// same reports whether two series are equal, bit for bit.
func same(a, b []server.Sample) bool {
	return slices.EqualFunc(a, b, func(a, b server.Sample) bool {
		return a.Timestamp == b.Timestamp && math.Float64bits(a.Value) == math.Float64bits(b.Value)
	})
}

// wantSeries fails t unless the series of key is want.
func wantSeries(t tb, store server.Store, key string, want ...server.Sample) {
	t.Helper()
	if got := get(t, store, key); !same(got, want) {
		t.Fatalf("series of %.40q: %s", key, difference(got, want))
	}
}

// difference says where two series part, in a few words however long they are.
func difference(got, want []server.Sample) string {
	i := 0
	for i < len(got) && i < len(want) && same(got[i:i+1], want[i:i+1]) {
		i++
	}
	at := func(series []server.Sample) string {
		if i >= len(series) {
			return "no sample"
		}
		return fmt.Sprintf("%v at %d", series[i].Value, series[i].Timestamp)
	}
	return fmt.Sprintf("sample %d of %d is %s, want %s of %d", i+1, len(got), at(got), at(want), len(want))
}

package storetest

import (
	"context"
	"fmt"
	"math"
	"math/rand/v2"
	"strings"
	"testing"

	"github.com/putget-protocol/putget/server"
)

func checkEmpty(t *testing.T, store server.Store) {
	put(t, store)
	visit := func(key []byte, run []server.Sample) error {
		return fmt.Errorf("visit(%q, %v) of an empty store", key, run)
	}
	if err := store.Get(context.Background(), []byte("cpu"), visit); err != nil {
		t.Errorf("Get: %v", err)
	}
	if err := store.All(context.Background(), visit); err != nil {
		t.Errorf("All: %v", err)
	}
	put(t, store, point("cpu", 1, 1))
	if err := store.Get(context.Background(), []byte("rain"), visit); err != nil {
		t.Errorf("Get of another key: %v", err)
	}
}

// checkAscending covers timestamps whose order as text or as 32-bit numbers is
// another one, and the ends of the range.
func checkAscending(t *testing.T, store server.Store) {
	ascending := []int64{
		math.MinInt64, math.MinInt64 + 1, math.MinInt32 - 1, -10, -9, -1, 0, 1, 9, 10, 99, 100,
		math.MaxInt32, math.MaxInt32 + 1, math.MaxInt64 - 1, math.MaxInt64,
	}
	var want []server.Sample
	for i, at := range ascending {
		want = append(want, sample(at, float64(i)))
	}
	for _, i := range rand.Perm(len(want)) {
		put(t, store, server.Put{Key: []byte("single"), Sample: want[i]})
	}
	var batch []server.Put
	for _, i := range rand.Perm(len(want)) {
		batch = append(batch, server.Put{Key: []byte("batch"), Sample: want[i]})
	}
	put(t, store, batch...)
	wantSeries(t, store, "single", want...)
	wantSeries(t, store, "batch", want...)
}

func checkOverwrite(t *testing.T, store server.Store) {
	put(t, store, point("cpu", 1, 1.5), point("cpu", 2, 2.5), point("cpu", 3, 3.5))
	for i, s := range []server.Sample{sample(2, 20), sample(1, 10), sample(3, 30), sample(2, 21)} {
		put(t, store, server.Put{Key: []byte("cpu"), Sample: s})
		put(t, store, point("rain", 2, float64(i)))
	}
	wantSeries(t, store, "cpu", sample(1, 10), sample(2, 21), sample(3, 30))
	wantSeries(t, store, "rain", sample(2, 3))
}

func checkBatchOrder(t *testing.T, store server.Store) {
	put(t, store,
		point("cpu", 1, 1), point("rain", 1, 1), point("cpu", 1, 2), point("cpu", 2, 3),
		point("rain", 1, 4), point("cpu", 1, 5), point("rain", 1, 6))
	wantSeries(t, store, "cpu", sample(1, 5), sample(2, 3))
	wantSeries(t, store, "rain", sample(1, 6))
}

func checkLongBatch(t *testing.T, store server.Store) {
	want := make(model)
	var batch []server.Put
	for i := range 5000 {
		batch = append(batch, point(fmt.Sprintf("key.%d", i%7), int64(i), float64(i)))
	}
	want.put(batch...)
	put(t, store, batch...)
	for key := range want {
		wantSeries(t, store, key, want.series(key)...)
	}
}

// values are doubles that a careless conversion loses.
func values() []float64 {
	return []float64{
		0, math.Copysign(0, -1), 1, -1, 0.1, 1.0 / 3, 0.30000000000000004, 1 << 53, 1<<53 + 2,
		math.MaxFloat64, -math.MaxFloat64, math.MaxFloat32, math.SmallestNonzeroFloat64,
		-math.SmallestNonzeroFloat64, 0x1p-1022, 0x0.fffffffffffffp-1022, 1e21, 123456789.123456789,
	}
}

func checkValues(t *testing.T, store server.Store) {
	var want []server.Sample
	for i, v := range values() {
		want = append(want, sample(int64(i), v))
		put(t, store, point("cpu", int64(i), v))
	}
	wantSeries(t, store, "cpu", want...)
	for i, v := range values() { // in the place of another value, too
		want[i].Value = -v
		put(t, store, point("cpu", int64(i), -v))
	}
	wantSeries(t, store, "cpu", want...)
}

// keys are different keys that a careless comparison takes for one.
func keys() []string {
	return []string{
		"c", "cpu", "cpu.total", "cpu.TOTAL", "CPU", "cp", "pu", "\u00e9", "e\u0301", "\ufeffcpu",
		"%", "_", "c%", "c_u", "*.cpu", "cpu.*", "**", "'", `"`, `\`, "a\u200bb", "\U0010ffff",
		strings.Repeat("k", 1024), strings.Repeat("k", 1025), strings.Repeat("\u4fa1", 1300),
	}
}

func checkKeys(t *testing.T, store server.Store) {
	for i, key := range keys() {
		put(t, store, point(key, int64(i%3), float64(i)))
	}
	got := all(t, store)
	for i, key := range keys() {
		want := []server.Sample{sample(int64(i%3), float64(i))}
		wantSeries(t, store, key, want...)
		if !same(got[key], want) {
			t.Errorf("All: series of %.40q: %s", key, difference(got[key], want))
		}
	}
	if len(got) != len(keys()) {
		t.Errorf("All visited %d keys, want %d", len(got), len(keys()))
	}
}

// checkKeysAreCopied does to the arguments what a server does to its buffers.
func checkKeysAreCopied(t *testing.T, store server.Store) {
	buffer := []byte("cpu.a")
	batch := make([]server.Put, 2)
	for i, letter := range []byte("abc") {
		buffer[4] = letter
		for j := range batch {
			batch[j] = server.Put{Key: buffer, Sample: server.Sample{Timestamp: int64(j), Value: float64(i)}}
		}
		put(t, store, batch...)
	}
	copy(buffer, "wrong")
	clear(batch)
	for i, key := range []string{"cpu.a", "cpu.b", "cpu.c"} {
		wantSeries(t, store, key, sample(0, float64(i)), sample(1, float64(i)))
	}
	if n := len(all(t, store)); n != 3 {
		t.Errorf("All visited %d keys, want 3", n)
	}
}

// checkLongSeries puts some thousand samples in four orders, then replaces some.
func checkLongSeries(t *testing.T, store server.Store) {
	const n = 4000
	orders := map[string]func(i int) int{
		"up":     func(i int) int { return i },
		"down":   func(i int) int { return n - i },
		"late":   func(i int) int { return i ^ 7 },
		"random": func(i int) int { return i * 2749 % n }, // a prime: each one once
	}
	want := make(model)
	var batch []server.Put
	for key, order := range orders {
		for i := range n {
			batch = append(batch, point(key, int64(order(i)), float64(i)))
		}
		for i := range n / 5 {
			batch = append(batch, point(key, int64(order(i*31%n)), float64(-i)))
		}
	}
	want.put(batch...)
	for len(batch) > 0 {
		m := min(len(batch), 300)
		put(t, store, batch[:m]...)
		batch = batch[m:]
	}
	for key := range orders {
		wantSeries(t, store, key, want.series(key)...)
	}
}

func checkAllTogether(t *testing.T, store server.Store) {
	want := make(model)
	for round := range 4 {
		var batch []server.Put
		for i := range 1000 {
			batch = append(batch, point(fmt.Sprintf("host%d.cpu", i), int64(10-round), float64(i)))
		}
		want.put(batch...)
		put(t, store, batch...)
	}
	got := all(t, store)
	for key := range want {
		if series := want.series(key); !same(got[key], series) {
			t.Fatalf("All: series of %q: %s", key, difference(got[key], series))
		}
	}
	if len(got) != len(want) {
		t.Errorf("All visited %d keys, want %d", len(got), len(want))
	}
}

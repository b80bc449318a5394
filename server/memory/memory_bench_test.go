package memory_test

import (
	"context"
	"fmt"
	"math/rand/v2"
	"testing"

	"github.com/putget-protocol/putget/server"
	"github.com/putget-protocol/putget/server/memory"
)

const million = 1_000_000

// filled returns a store with n samples at the even timestamps from 0, in order,
// under one key.
func filled(b *testing.B, n int) *memory.Store {
	b.Helper()
	st := memory.New()
	for i := range n {
		put(b, st, int64(2*i), 0.5)
	}
	return st
}

func put(b *testing.B, st *memory.Store, timestamp int64, value float64) {
	batch := [1]server.Put{{Key: key, Sample: server.Sample{Timestamp: timestamp, Value: value}}}
	if err := st.Put(context.Background(), batch[:]); err != nil {
		b.Fatal(err)
	}
}

var key = []byte("palm.cpu")

// BenchmarkAppend puts samples in order of time into one series.
func BenchmarkAppend(b *testing.B) {
	b.ReportAllocs()
	st := memory.New()
	for i := 0; b.Loop(); i++ {
		put(b, st, int64(i), 0.5)
	}
}

// BenchmarkAppendManyKeys puts samples in order of time into 10,000 series, one
// after the other.
func BenchmarkAppendManyKeys(b *testing.B) {
	b.ReportAllocs()
	keys := make([][]byte, 10_000)
	for i := range keys {
		keys[i] = fmt.Appendf(nil, "host%d.cpu", i)
	}
	st := memory.New()
	batch := make([]server.Put, 1)
	for i := 0; b.Loop(); i++ {
		batch[0] = server.Put{Key: keys[i%len(keys)], Sample: server.Sample{Timestamp: int64(i), Value: 0.5}}
		if err := st.Put(context.Background(), batch); err != nil {
			b.Fatal(err)
		}
	}
}

// BenchmarkRandomInsert puts samples anywhere into a series of 10^6.
func BenchmarkRandomInsert(b *testing.B) {
	b.ReportAllocs()
	st := filled(b, million)
	for b.Loop() {
		put(b, st, 2*rand.Int64N(million)+1, 0.5)
	}
}

// BenchmarkReplace replaces any sample of a series of 10^6.
func BenchmarkReplace(b *testing.B) {
	b.ReportAllocs()
	st := filled(b, million)
	for b.Loop() {
		put(b, st, 2*rand.Int64N(million), 1.5)
	}
}

// BenchmarkReplaceWhileRead replaces one after each snapshot, as if readers were
// at work all the time.
func BenchmarkReplaceWhileRead(b *testing.B) {
	b.ReportAllocs()
	st := filled(b, million)
	stop := context.Canceled
	for b.Loop() {
		_ = st.Get(context.Background(), key, func([]byte, []server.Sample) error { return stop })
		put(b, st, 2*rand.Int64N(million), 1.5)
	}
}

// BenchmarkGet reads series of several lengths.
func BenchmarkGet(b *testing.B) {
	for _, n := range []int{10, 1000, million} {
		b.Run(fmt.Sprintf("%dSamples", n), func(b *testing.B) {
			b.ReportAllocs()
			st := filled(b, n)
			for b.Loop() {
				seen := 0
				err := st.Get(context.Background(), key, func(_ []byte, run []server.Sample) error {
					seen += len(run)
					return nil
				})
				if seen != n || err != nil {
					b.Fatalf("%d samples, %v", seen, err)
				}
			}
		})
	}
}

// BenchmarkAll reads 10,000 series of 10 samples.
func BenchmarkAll(b *testing.B) {
	b.ReportAllocs()
	st := memory.New()
	var batch []server.Put
	for i := range 100_000 {
		batch = append(batch, server.Put{Key: fmt.Appendf(nil, "host%d.cpu", i%10_000), Sample: server.Sample{Timestamp: int64(i)}})
	}
	if err := st.Put(context.Background(), batch); err != nil {
		b.Fatal(err)
	}
	for b.Loop() {
		seen := 0
		err := st.All(context.Background(), func(_ []byte, run []server.Sample) error {
			seen += len(run)
			return nil
		})
		if seen != len(batch) || err != nil {
			b.Fatalf("%d samples, %v", seen, err)
		}
	}
}

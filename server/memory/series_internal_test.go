package memory

// These tests look at what a series is made of.

import (
	"errors"
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/putget-protocol/putget/server"
)

// samples returns what a snapshot shows, in an array of its own.
func (sn snapshot) samples() []server.Sample {
	var all []server.Sample
	for _, c := range sn.sealed {
		all = append(all, c.samples...)
	}
	return append(all, sn.tail...)
}

// checkForm fails t unless s has the form that its comment promises.
func checkForm(t *testing.T, s *series) {
	t.Helper()
	chunks := append(slices.Clone(s.sealed), &s.tail)
	total := 0
	for i, c := range chunks {
		if n := len(c.samples); n == 0 || n > chunkSize {
			t.Fatalf("chunk %d of %d has %d samples", i, len(chunks), n)
		}
		total += len(c.samples)
		if c.epoch > s.epoch {
			t.Fatalf("chunk %d is of epoch %d, the series of %d", i, c.epoch, s.epoch)
		}
	}
	all := snapshot{sealed: s.sealed, tail: s.tail.samples}.samples()
	for i := 1; i < len(all); i++ {
		if all[i-1].Timestamp >= all[i].Timestamp {
			t.Fatalf("sample %d is at %d, the one before it at %d", i, all[i].Timestamp, all[i-1].Timestamp)
		}
	}
	// Only splits make chunks that are not full, and they leave them half full.
	if most := 2*total/chunkSize + 2; len(chunks) > most {
		t.Fatalf("%d samples in %d chunks, want at most %d", total, len(chunks), most)
	}
}

// orders are ways in which timestamps below n may come.
func orders(n int64) map[string]func(i int64) int64 {
	return map[string]func(i int64) int64{
		"Up":       func(i int64) int64 { return i },
		"Down":     func(i int64) int64 { return n - i },
		"Late":     func(i int64) int64 { return i ^ 15 },
		"Same":     func(int64) int64 { return n / 2 },
		"Random":   func(int64) int64 { return rand.Int64N(n) },
		"FromEnds": func(i int64) int64 { return min(i, n-i) + (i&1)*(n-2*min(i, n-i)) },
		"Windows":  func(i int64) int64 { return i/600*600 + rand.Int64N(1200) },
	}
}

// TestSnapshotsNeverChange takes snapshots all the time while it puts samples in
// many orders. In the end each snapshot must be what it was, and the series what
// a map says.
func TestSnapshotsNeverChange(t *testing.T) {
	const n = 8000
	for name, order := range orders(n) {
		t.Run(name, func(t *testing.T) {
			s := newSeries([]byte("cpu"))
			want := make(map[int64]float64)
			var snapshots []snapshot
			var copies [][]server.Sample
			for i := range int64(n) {
				p := server.Sample{Timestamp: order(i), Value: float64(i)}
				s.put([]server.Put{{Key: s.key, Sample: p}})
				want[p.Timestamp] = p.Value
				// Rare at first, so that chunks change in place, then after each put.
				if i%97 == 0 || i > n-100 {
					snapshots = append(snapshots, s.snapshot())
					copies = append(copies, snapshots[len(snapshots)-1].samples())
				}
				if i%500 == 0 {
					checkForm(t, s)
				}
			}
			checkForm(t, s)
			for i, sn := range snapshots {
				if !slices.Equal(sn.samples(), copies[i]) {
					t.Fatalf("snapshot %d of %d has changed", i, len(snapshots))
				}
			}
			got := s.snapshot().samples()
			for _, p := range got {
				if v, ok := want[p.Timestamp]; !ok || v != p.Value {
					t.Fatalf("value %v at %d, want %v (%v)", p.Value, p.Timestamp, v, ok)
				}
			}
			if len(got) != len(want) {
				t.Fatalf("%d samples, want %d", len(got), len(want))
			}
		})
	}
}

// TestPutsWithoutReadersChangeInPlace: no copy is made that nobody asked for.
func TestPutsWithoutReadersChangeInPlace(t *testing.T) {
	const n = 100_000
	s := newSeries([]byte("cpu"))
	for i := range int64(n) {
		s.store(server.Sample{Timestamp: i})
	}
	replace := func() { s.store(server.Sample{Timestamp: rand.Int64N(n), Value: 1}) }
	if got := testing.AllocsPerRun(1000, replace); got != 0 {
		t.Errorf("%v allocations to replace a sample, want 0", got)
	}
	snapshots := func() { s.snapshot() }
	if got := testing.AllocsPerRun(1000, snapshots); got != 0 {
		t.Errorf("%v allocations for a snapshot, want 0", got)
	}
	// After a snapshot, each chunk is copied once, when it is changed, and the
	// list of chunks once.
	once := func() {
		s.snapshot()
		for i := range int64(1000) {
			s.store(server.Sample{Timestamp: 5000 + i%10, Value: 1})
		}
	}
	if got := testing.AllocsPerRun(100, once); got > 4 {
		t.Errorf("%v allocations to replace samples of one chunk after a snapshot, want a chunk and a list", got)
	}
}

// TestNewSeriesIsNotVisited: a series is there before its first sample is, and a
// reader may come between.
func TestNewSeriesIsNotVisited(t *testing.T) {
	err := newSeries([]byte("cpu")).snapshot().visit(t.Context(), func([]byte, []server.Sample) error {
		return errors.New("visit was called")
	})
	if err != nil {
		t.Error(err)
	}
}

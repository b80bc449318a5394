package storetest

import (
	"context"
	"fmt"
	"math/rand/v2"
	"runtime"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/putget-protocol/putget/server"
)

// within reports whether done is closed in time.
func within(done <-chan struct{}) bool {
	select {
	case <-done:
		return true
	case <-time.After(patience):
		return false
	}
}

// meanwhile runs f on a goroutine of its own, and fails t when f does not return:
// it waits for something that it must not wait for.
func meanwhile(t *testing.T, what string, f func()) {
	t.Helper()
	done := make(chan struct{})
	go func() {
		defer close(done)
		f()
	}()
	if !within(done) {
		t.Fatalf("%s did not return", what)
	}
}

// checkSlowVisit stops in the middle of a get, as a slow peer makes it do, and
// asks for everything else meanwhile.
func checkSlowVisit(t *testing.T, store server.Store) {
	var batch []server.Put
	for i := range 3000 {
		batch = append(batch, point("long", int64(i), 1))
	}
	put(t, store, batch...)
	reads := map[string]func(visit func([]byte, []server.Sample) error) error{
		"Get": func(visit func([]byte, []server.Sample) error) error {
			return store.Get(context.Background(), []byte("long"), visit)
		},
		"All": func(visit func([]byte, []server.Sample) error) error {
			return store.All(context.Background(), visit)
		},
	}
	for name, read := range reads {
		paused, goOn, done := make(chan struct{}), make(chan struct{}), make(chan error, 1)
		var once sync.Once
		go func() {
			done <- read(func([]byte, []server.Sample) error {
				once.Do(func() {
					close(paused)
					<-goOn
				})
				return nil
			})
		}()
		if !within(paused) {
			t.Fatalf("%s did not call visit", name)
		}
		meanwhile(t, "a put of the same key during "+name, func() { put(t, store, point("long", 1, 2)) })
		meanwhile(t, "a late put of the same key during "+name, func() { put(t, store, point("long", -1, 2)) })
		meanwhile(t, "a put of a new key during "+name, func() { put(t, store, point(name, 1, 2)) })
		meanwhile(t, "a get during "+name, func() { get(t, store, "long") })
		meanwhile(t, "an all during "+name, func() { all(t, store) })
		close(goOn)
		if err := <-done; err != nil {
			t.Fatalf("%s: %v", name, err)
		}
	}
}

// checkOneState changes a series in all ways between the runs of a get of it.
// What the get shows must be the series at one moment.
func checkOneState(t *testing.T, store server.Store) {
	const n = 3000
	history := []model{make(model)}
	var batch []server.Put
	for i := range n {
		batch = append(batch, point("cpu", int64(10*i), 1))
	}
	put(t, store, batch...)
	history[0].put(batch...)
	changes := []server.Put{
		point("cpu", 10, -1),          // replace what may be shown already
		point("cpu", 10*(n-1), -2),    // replace the newest
		point("cpu", 10*(n-100), -3),  // replace one that is yet to come
		point("cpu", 10*n, -4),        // append
		point("cpu", 10*(n/2)+5, -5),  // insert
		point("cpu", -10, -6),         // insert before all
		point("cpu", 10*(n-50)+5, -7), // insert near the end
	}
	got, err := collect(func(visit func([]byte, []server.Sample) error) error {
		return store.Get(context.Background(), []byte("cpu"), func(key []byte, run []server.Sample) error {
			if err := visit(key, run[:1]); err != nil {
				return err
			}
			for _, p := range changes {
				meanwhile(t, "a put between two runs", func() { put(t, store, p) })
				next := make(model)
				next.put(batch...)
				batch = append(batch, p)
				next.put(p)
				history = append(history, next)
			}
			changes = nil
			if len(run) == 1 {
				return nil
			}
			return visit(key, run[1:])
		})
	})
	if err != nil {
		t.Fatalf("Get: %v", err)
	}
	for _, m := range history {
		if same(got["cpu"], m.series("cpu")) {
			wantSeries(t, store, "cpu", history[len(history)-1].series("cpu")...)
			return
		}
	}
	t.Errorf("Get showed no state that the series ever had; compared with the first: %s",
		difference(got["cpu"], history[0].series("cpu")))
}

// checkOneStateUnderLoad has one writer and some readers of one series. The
// value of a put is its number, so that a get tells how many puts it has seen; it
// must have seen exactly those, all that were acknowledged before it began, and
// none that began after it had ended.
func checkOneStateUnderLoad(t *testing.T, store server.Store) {
	const n, distinct = 3000, 2000
	puts := make([]server.Put, n)
	for i := range puts {
		puts[i] = point("cpu", int64(i*1999%distinct), float64(i))
	}
	var begun, done, gets atomic.Int64
	stop := make(chan struct{})
	var readers sync.WaitGroup
	for range 3 {
		readers.Go(func() {
			for running := true; running; {
				select {
				case <-stop:
					running = false // but look once more
				default:
				}
				low := done.Load()
				got, err := readOne(store, "cpu")
				high := begun.Load()
				gets.Add(1)
				if err == nil {
					err = isPrefix(got, puts, int(low), int(high))
				}
				if err != nil {
					t.Errorf("a get between put %d and put %d: %v", low, high, err)
					return
				}
			}
		})
	}
	for i, p := range puts {
		begun.Add(1)
		put(t, store, p)
		done.Add(1)
		if i%50 == 0 { // or a busy machine runs all puts before the first get
			for seen := gets.Load(); gets.Load() == seen && !t.Failed(); {
				runtime.Gosched()
			}
		}
	}
	close(stop)
	readers.Wait()
}

// isPrefix returns an error unless got is the series after the first low, or
// low+1, … or high puts.
func isPrefix(got []server.Sample, puts []server.Put, low, high int) error {
	seen := 0
	for _, s := range got {
		seen = max(seen, int(s.Value)+1)
	}
	if seen < low || seen > high {
		return fmt.Errorf("saw %d puts", seen)
	}
	want := make(model)
	want.put(puts[:seen]...)
	if series := want.series("cpu"); !same(got, series) {
		return fmt.Errorf("saw put %d, but not all before it: %s", seen, difference(got, series))
	}
	return nil
}

// checkReadAfterOK reads each put on another goroutine as soon as it is done.
func checkReadAfterOK(t *testing.T, store server.Store) {
	acknowledged := make(chan server.Put)
	var reader sync.WaitGroup
	reader.Go(func() {
		for p := range acknowledged {
			got, err := readOne(store, string(p.Key))
			if err != nil || len(got) == 0 || got[len(got)-1] != p.Sample {
				t.Errorf("put of %q at %d is not the last of %d samples (error %v)", p.Key, p.Timestamp, len(got), err)
			}
		}
	})
	for i := range 500 {
		p := point(fmt.Sprintf("key.%d", i%50), int64(i), float64(i))
		put(t, store, p)
		acknowledged <- p
	}
	close(acknowledged)
	reader.Wait()
}

// checkManyWriters lets many goroutines write to shared and to new keys, in
// samples that do not overlap, while others read everything. No put may be lost.
func checkManyWriters(t *testing.T, store server.Store) {
	const writers, batches, size = 8, 40, 10
	var wg sync.WaitGroup
	models := make([]model, writers)
	for w := range writers {
		models[w] = make(model)
		random := rand.New(rand.NewPCG(uint64(w), 1))
		wg.Go(func() {
			for range batches {
				var batch []server.Put
				for range size {
					key := fmt.Sprintf("key.%d", random.IntN(20))
					batch = append(batch, point(key, random.Int64N(500)*writers+int64(w), random.Float64()))
				}
				models[w].put(batch...)
				if err := store.Put(context.Background(), batch); err != nil {
					t.Errorf("Put: %v", err)
				}
			}
		})
	}
	for range 2 {
		wg.Go(func() {
			for range 20 {
				_, err := collect(func(visit func([]byte, []server.Sample) error) error {
					return store.All(context.Background(), visit)
				})
				if err != nil {
					t.Errorf("All: %v", err)
				}
			}
		})
	}
	wg.Wait()
	want := make(model)
	for _, m := range models {
		for key := range m {
			for _, s := range m.series(key) {
				want.put(server.Put{Key: []byte(key), Sample: s})
			}
		}
	}
	for key := range want {
		wantSeries(t, store, key, want.series(key)...)
	}
}

package storetest

import (
	"context"
	"errors"
	"fmt"
	"testing"

	"github.com/putget-protocol/putget/server"
)

func checkVisitError(t *testing.T, store server.Store) {
	for i := range 3000 {
		put(t, store, point("long", int64(i), 1), point(fmt.Sprintf("key.%d", i%10), 1, 1))
	}
	stop := errors.New("stop")
	calls := 0
	visit := func([]byte, []server.Sample) error {
		calls++
		return stop
	}
	reads := map[string]func() error{
		"Get": func() error { return store.Get(context.Background(), []byte("long"), visit) },
		"All": func() error { return store.All(context.Background(), visit) },
	}
	for name, read := range reads {
		calls = 0
		if err := read(); !errors.Is(err, stop) || calls != 1 {
			t.Errorf("%s returned %v after %d calls of visit, want the error of the first", name, err, calls)
		}
	}
	if n := len(get(t, store, "long")); n != 3000 {
		t.Errorf("series has %d samples afterwards, want 3000", n)
	}
}

func checkContextEnded(t *testing.T, store server.Store) {
	put(t, store, point("cpu", 1, 1))
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	if err := store.Put(ctx, []server.Put{point("cpu", 2, 2), point("rain", 2, 2)}); err == nil {
		t.Error("Put returned nil")
	}
	visit := func([]byte, []server.Sample) error {
		t.Error("visit was called")
		return nil
	}
	if err := store.Get(ctx, []byte("cpu"), visit); err == nil {
		t.Error("Get returned nil")
	}
	if err := store.All(ctx, visit); err == nil {
		t.Error("All returned nil")
	}
	wantSeries(t, store, "cpu", sample(1, 1))
	wantSeries(t, store, "rain")
}

// checkContextEnds ends the context while All runs over many keys.
func checkContextEnds(t *testing.T, store server.Store) {
	var batch []server.Put
	for i := range 5000 {
		batch = append(batch, point(fmt.Sprintf("key.%d", i), 1, 1))
	}
	put(t, store, batch...)
	ctx, cancel := context.WithCancel(context.Background())
	defer cancel()
	err := store.All(ctx, func([]byte, []server.Sample) error {
		cancel()
		return nil
	})
	if err == nil {
		t.Error("All went on to its end")
	}
}

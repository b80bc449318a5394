package storetest

import (
	"context"
	"slices"
	"sync"

	"github.com/putget-protocol/putget/server"
)

type visitor = func(key []byte, run []server.Sample) error

// A plain store is right, and as simple as can be: one lock, a sorted slice for
// each key, and a copy for each reader.
type plain struct {
	mu    sync.Mutex
	order []string
	data  map[string][]server.Sample

	name   func(key []byte) string                                       // what a key is stored under
	insert func(series []server.Sample, s server.Sample) []server.Sample // how a sample gets in
}

func newPlain() *plain {
	return &plain{
		data:   make(map[string][]server.Sample),
		name:   func(key []byte) string { return string(key) },
		insert: insertSorted,
	}
}

func insertSorted(series []server.Sample, s server.Sample) []server.Sample {
	i, found := slices.BinarySearchFunc(series, s, byTime)
	if found {
		series[i] = s
		return series
	}
	return slices.Insert(series, i, s)
}

func byTime(a, b server.Sample) int {
	switch {
	case a.Timestamp < b.Timestamp:
		return -1
	case a.Timestamp > b.Timestamp:
		return 1
	}
	return 0
}

func (st *plain) Put(ctx context.Context, puts []server.Put) error {
	if ctx.Err() != nil {
		return ctx.Err()
	}
	st.mu.Lock()
	defer st.mu.Unlock()
	for _, p := range puts {
		name := st.name(p.Key)
		if _, known := st.data[name]; !known {
			st.order = append(st.order, name)
		}
		st.data[name] = st.insert(st.data[name], p.Sample)
	}
	return nil
}

func (st *plain) Get(ctx context.Context, key []byte, visit func(key []byte, run []server.Sample) error) error {
	if ctx.Err() != nil {
		return ctx.Err()
	}
	st.mu.Lock()
	series := slices.Clone(st.data[st.name(key)])
	st.mu.Unlock()
	if len(series) == 0 {
		return nil
	}
	return visit(key, series)
}

func (st *plain) All(ctx context.Context, visit func(key []byte, run []server.Sample) error) error {
	st.mu.Lock()
	order := slices.Clone(st.order)
	st.mu.Unlock()
	for _, name := range order {
		if err := st.Get(ctx, []byte(name), visit); err != nil {
			return err
		}
	}
	return ctx.Err()
}

func (st *plain) Close() error { return nil }

// A wrapped store does its own thing where a function is set.
type wrapped struct {
	*plain
	put   func(ctx context.Context, puts []server.Put) error
	get   func(ctx context.Context, key []byte, visit visitor) error
	all   func(ctx context.Context, visit visitor) error
	close func() error
}

func (w *wrapped) Put(ctx context.Context, puts []server.Put) error {
	if w.put != nil {
		return w.put(ctx, puts)
	}
	return w.plain.Put(ctx, puts)
}

func (w *wrapped) Get(ctx context.Context, key []byte, visit func(key []byte, run []server.Sample) error) error {
	if w.get != nil {
		return w.get(ctx, key, visit)
	}
	return w.plain.Get(ctx, key, visit)
}

func (w *wrapped) All(ctx context.Context, visit func(key []byte, run []server.Sample) error) error {
	if w.all != nil {
		return w.all(ctx, visit)
	}
	return w.plain.All(ctx, visit)
}

func (w *wrapped) Close() error {
	if w.close != nil {
		return w.close()
	}
	return w.plain.Close()
}

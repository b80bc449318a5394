package memory

import (
	"context"
	"sync"

	"github.com/putget-protocol/putget/server"
)

// A Store is a [server.Store] in memory. Make one with [New].
//
// It takes every put; its methods fail only when the context ends. The puts of
// one call become visible one after the other, not all at once.
type Store struct {
	mu     sync.RWMutex
	byKey  map[string]*series
	series []*series // in the order of their first puts; only ever appended to
}

var _ server.Store = (*Store)(nil)

// New returns an empty store.
func New() *Store { return &Store{byKey: make(map[string]*series)} }

// Put carries out the puts in order. It returns the cause of the end of ctx if
// that came before the call, and otherwise nil.
func (st *Store) Put(ctx context.Context, puts []server.Put) error {
	if ctx.Err() != nil {
		return context.Cause(ctx)
	}
	for len(puts) > 0 {
		n := st.of(puts[0].Key).put(puts)
		puts = puts[n:]
	}
	return nil
}

// Get implements [server.Store]. It holds no lock while visit runs.
func (st *Store) Get(ctx context.Context, key []byte, visit func(key []byte, run []server.Sample) error) error {
	if ctx.Err() != nil {
		return context.Cause(ctx)
	}
	st.mu.RLock()
	s := st.byKey[string(key)]
	st.mu.RUnlock()
	if s == nil {
		return nil
	}
	return s.snapshot().visit(ctx, visit)
}

// All implements [server.Store]. It shows the keys in the order of their first
// puts, and holds no lock while visit runs.
func (st *Store) All(ctx context.Context, visit func(key []byte, run []server.Sample) error) error {
	if ctx.Err() != nil {
		return context.Cause(ctx)
	}
	st.mu.RLock()
	all := st.series
	st.mu.RUnlock()
	for _, s := range all {
		if ctx.Err() != nil {
			return context.Cause(ctx)
		}
		if err := s.snapshot().visit(ctx, visit); err != nil {
			return err
		}
	}
	return nil
}

// Close does nothing; its error is always nil.
func (st *Store) Close() error { return nil }

// of returns the series of key, which is new and empty at the first put.
func (st *Store) of(key []byte) *series {
	st.mu.RLock()
	s := st.byKey[string(key)]
	st.mu.RUnlock()
	if s != nil {
		return s
	}
	st.mu.Lock()
	defer st.mu.Unlock()
	if s := st.byKey[string(key)]; s != nil {
		return s // somebody else was faster
	}
	s = newSeries(key)
	st.byKey[string(s.key)] = s
	st.series = append(st.series, s)
	return s
}

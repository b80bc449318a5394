package mutant

import (
	"slices"
	"sync"
	"time"

	"github.com/putget-protocol/putget/conformance/oracle"
)

// A Store keeps samples in the order in which they were inserted.
type Store struct {
	keys   []string // in the order of their first sample
	series map[string][]oracle.Sample
	lock   *sync.Mutex // of the server, nil for a store of a session's own
}

// NewStore returns an empty store.
func NewStore() *Store { return &Store{series: make(map[string][]oracle.Sample)} }

// of returns a copy of the samples of a key.
func (st *Store) of(key string) []oracle.Sample { return slices.Clone(st.series[key]) }

// add appends a sample, whatever is there.
func (st *Store) add(key string, s oracle.Sample) {
	if _, known := st.series[key]; !known {
		st.keys = append(st.keys, key)
	}
	s.Key = key
	st.series[key] = append(st.series[key], s)
}

// replace changes the sample at a timestamp, or appends one.
func (st *Store) replace(key string, s oracle.Sample) {
	if i := st.index(key, s.Timestamp); i >= 0 {
		st.series[key][i].Value = s.Value
		return
	}
	st.add(key, s)
}

// index returns where the sample at a timestamp is, or -1.
func (st *Store) index(key string, timestamp int64) int {
	return slices.IndexFunc(st.series[key], func(s oracle.Sample) bool { return s.Timestamp == timestamp })
}

// remove drops the sample at a timestamp.
func (st *Store) remove(key string, timestamp int64) {
	st.series[key] = slices.DeleteFunc(st.series[key], func(s oracle.Sample) bool { return s.Timestamp == timestamp })
}

// pause lets others have the store for a while, in the middle of what is done with it.
func (st *Store) pause(d time.Duration) {
	if st.lock == nil {
		return
	}
	st.lock.Unlock()
	time.Sleep(d)
	st.lock.Lock()
}

// Package storetest holds the contract of [server.Store] as tests. Whoever
// writes a store calls [Run] from a test of his own:
//
//	func TestContract(t *testing.T) {
//		storetest.Run(t, func(t *testing.T) server.Store { return memory.New() })
//	}
//
// Run it with the race detector: some breaches show nowhere else. The package's
// own test gives Run stores that break one rule each and sees it fail.
package storetest

import (
	"testing"
	"time"

	"github.com/putget-protocol/putget/server"
)

// patience is how long a call may take that must not wait for something else.
// It bounds a test that would otherwise hang, and decides nothing by itself.
const patience = 10 * time.Second

// A check is one part of the contract. It gets an empty store of its own.
type check struct {
	name string
	run  func(t *testing.T, store server.Store)
}

// checks returns the whole contract.
func checks() []check {
	return []check{
		{"Empty", checkEmpty},
		{"Ascending", checkAscending},
		{"Overwrite", checkOverwrite},
		{"BatchOrder", checkBatchOrder},
		{"LongBatch", checkLongBatch},
		{"Values", checkValues},
		{"Keys", checkKeys},
		{"KeysAreCopied", checkKeysAreCopied},
		{"LongSeries", checkLongSeries},
		{"AllTogether", checkAllTogether},
		{"VisitError", checkVisitError},
		{"ContextEnded", checkContextEnded},
		{"ContextEnds", checkContextEnds},
		{"Model", checkModel},
		{"SlowVisit", checkSlowVisit},
		{"OneState", checkOneState},
		{"OneStateUnderLoad", checkOneStateUnderLoad},
		{"ReadAfterOK", checkReadAfterOK},
		{"ManyWriters", checkManyWriters},
		{"Linearizable", checkLinearizable},
	}
}

// Run checks a store against the contract, each part in a subtest. open returns
// an empty store, and fails t if it cannot; it is called once for each part, and
// the store is closed at the end of it.
func Run(t *testing.T, open func(t *testing.T) server.Store) {
	for _, c := range checks() {
		t.Run(c.name, func(t *testing.T) {
			store := open(t)
			c.run(t, store)
			if t.Failed() {
				return // calls may hang in the store: closing could hang, too
			}
			if err := store.Close(); err != nil {
				t.Errorf("Close() = %v, want nil", err)
			}
		})
	}
}

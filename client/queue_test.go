package client

import (
	"math/rand/v2"
	"testing"
)

// A queue that is never empty hands out its requests in order and does not grow
// with the number of those that have gone through.
func TestQueue(t *testing.T) {
	const outstanding = 100
	rng := rand.New(rand.NewPCG(1, 2))
	var q queue
	pushed, popped := 0, 0
	for popped < 100_000 {
		for range 1 + rng.IntN(outstanding-1) {
			if q.len() < outstanding {
				q.push(pending{size: pushed})
				pushed++
			}
		}
		for range rng.IntN(q.len()) { // at least one stays
			if first, ok := q.first(); !ok || first.size != popped {
				t.Fatalf("first: got %d, %v, want %d", first.size, ok, popped)
			}
			if got := q.pop(); got.size != popped {
				t.Fatalf("pop: got %d, want %d", got.size, popped)
			}
			popped++
		}
		if q.len() != pushed-popped {
			t.Fatalf("got a length of %d, want %d", q.len(), pushed-popped)
		}
	}
	if cap(q.items) > 8*outstanding {
		t.Errorf("got room for %d requests, of which at most %d were in the queue", cap(q.items), outstanding)
	}
	all := q.takeAll()
	if len(all) != pushed-popped || all[0].size != popped || q.len() != 0 {
		t.Errorf("takeAll: got %d requests, want %d", len(all), pushed-popped)
	}
	if _, ok := q.first(); ok {
		t.Error("an empty queue has a first request")
	}
}

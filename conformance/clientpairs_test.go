package conformance_test

import (
	"slices"
	"testing"

	"github.com/putget-protocol/putget/conformance/mutant"
	"github.com/putget-protocol/putget/spec"
)

// clientPairs are faults of clients that have nothing to do with one another, as pairs
// are of servers.
func clientPairs() [][2]string {
	return [][2]string{
		{"zero-is-now", "unsorted"},
		{"cut-is-whole", "error-with-ok-returns"},
		{"now-in-milliseconds", "okay-is-ok"},
		{"one-read-fails", "keys-unchecked"},
		{"broken-goes-on", "strips-ok"},
		{"silence-hangs", "lost-spins"},
		{"connection-per-call", "sorted-by-value"},
		{"refused-bare", "silence-bare"},
		{"sends-six-digits", "letters-bare"},
		{"put-returns-true", "empty-is-nothing"},
	}
}

// fewClientPairs are those of every test.
func fewClientPairs() []string { return []string{"zero-is-now+unsorted"} }

// What TestPairsOfMutants says of servers is true of clients.
func TestPairsOfClientMutants(t *testing.T) {
	judge := judgeMutantClient(t)
	ran := 0
	for _, pair := range clientPairs() {
		name := pair[0] + "+" + pair[1]
		if !*mutantsFlag && !slices.Contains(fewClientPairs(), name) {
			continue
		}
		ran++
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			rep := judge(t, subject{id: name, faults: pair[:], level: spec.Full})
			blamed := subject{}.row(rep).Blamed
			var may []string
			for _, id := range pair {
				f, ok := mutant.FindClientFault(id)
				if !ok {
					t.Fatalf("there is no fault %s", id)
				}
				may = append(append(may, f.Breaks), f.Causes...)
				if !slices.Contains(blamed, f.Breaks) {
					t.Errorf("%s is hidden: it breaks %s, and blamed is %v\n%s", id, f.Breaks, blamed, describe(rep))
				}
			}
			for _, id := range blamed {
				if !slices.Contains(may, id) {
					t.Errorf("%s is blamed, which neither of them breaks or causes\n%s", id, describe(rep))
				}
			}
		})
	}
	if ran < len(fewClientPairs()) {
		t.Errorf("%d pairs were judged, and there should be %d: one of them is gone", ran, len(fewClientPairs()))
	}
}

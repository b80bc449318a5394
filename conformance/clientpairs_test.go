package conformance_test

import "testing"

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
	clients(t).judgePairs(t, clientPairs(), fewClientPairs())
}

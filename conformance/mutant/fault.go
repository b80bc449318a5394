package mutant

import "slices"

// A Fault is one switch: it breaks one rule of a right server in one place.
type Fault struct {
	ID     string // lower-case words joined by "-"
	Title  string
	Breaks string // the id of the sentence that it breaks
	// Causes are ids of sentences that are then broken too, at most three. They may be
	// blamed besides, and need not be.
	Causes []string
	Core   bool // it shows at level core
	Apply  func(b *Behaviour)
}

// Faults returns every fault, in the order of the sentences that they break.
func Faults() []Fault {
	return slices.Concat(framingFaults(), segmentFaults(), lexisFaults(), tokenFaults(), numberFaults(), wordingFaults(),
		requestFaults(), storeFaults(), formFaults(), replyFaults(), sessionFaults(), togetherFaults(), limitFaults())
}

// Find returns the fault of that id, and whether there is one.
func Find(id string) (Fault, bool) {
	all := Faults()
	if i := slices.IndexFunc(all, func(f Fault) bool { return f.ID == id }); i >= 0 {
		return all[i], true
	}
	return Fault{}, false
}

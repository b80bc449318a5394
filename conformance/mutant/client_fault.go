package mutant

import "slices"

// A ClientFault is one switch: it breaks one rule of a right client in one place.
type ClientFault struct {
	ID     string // lower-case words joined by "-"
	Title  string
	Breaks string // the id of the sentence that it breaks
	// Causes are ids of sentences that are then broken too, at most three. They may be
	// blamed besides, and need not be.
	Causes []string
	Core   bool // it shows at level core
	Apply  func(b *ClientBehaviour)
}

// ClientFaults returns every fault of clients, in the order of the sentences that
// they break.
func ClientFaults() []ClientFault {
	return slices.Concat(constructorFaults(), connectionFaults(), refusalFaults(), putLineFaults(), getLineFaults(), clientValueFaults(),
		givenTimeFaults(), presentFaults(), sentKeyFaults(), finiteFaults(), timeRangeFaults(), putResultFaults(), resultFaults(), pairFaults(), orderFaults(),
		emptyFaults(), readNumberFaults(), readKeyFaults(), toldFaults(), toldEndFaults(), brokenFaults(), brokenLineFaults(), lostFaults(), silenceFaults(),
		pieceFaults(), sizeFaults(), grammarFaults(), replyNumberFaults(), replyKeyFaults(), unaskedFaults(), outOfStepFaults(), laterFaults())
}

// FindClientFault returns the fault of that id, and whether there is one.
func FindClientFault(id string) (ClientFault, bool) {
	all := ClientFaults()
	if i := slices.IndexFunc(all, func(f ClientFault) bool { return f.ID == id }); i >= 0 {
		return all[i], true
	}
	return ClientFault{}, false
}

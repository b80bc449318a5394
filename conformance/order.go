package conformance

import (
	"cmp"
	"slices"

	"github.com/putget-protocol/putget/conformance/cases"
	"github.com/putget-protocol/putget/spec"
)

// The phases of a run, in their order.
const (
	rankSanity   = iota // whether anything else is worth running, and how
	rankCore            // what is judged at both levels
	rankFull            // what is judged at level full alone
	rankDelivery        // the same requests, delivered in other ways
	rankLast            // whether the target survived
	rankObserved        // what is not judged, and may be cruel
)

func rank(c cases.Case) int {
	switch {
	case c.ID == cases.SanityLast:
		return rankLast
	case isSanity(c), c.ID == cases.TwoSessions, c.ID == cases.ManySessions, c.ID == cases.HundredsOfSessions:
		return rankSanity
	case c.Observes:
		return rankObserved
	case c.Section == cases.Delivery:
		return rankDelivery
	case c.Level == spec.Core:
		return rankCore
	default:
		return rankFull
	}
}

// isSanity reports whether a case decides whether anything else is worth running.
func isSanity(c cases.Case) bool { return c.ID == cases.SanityFirst || c.ID == cases.ClientSanity }

// inOrder returns the cases that a Config selects in the order in which they run alone: by
// phase, within one as in the registry with those that run alone at the end, but each
// after those that it needs or depends on. Sanity is always among them. Nil when nothing else is.
func inOrder(all []cases.Case, cfg Config) []cases.Case {
	chosen := make(map[string]cases.Case)
	selected := false
	for _, c := range all {
		if cfg.selects(c) {
			selected = true
			chosen[c.ID] = c
		} else if isSanity(c) || c.ID == cases.SanityLast {
			chosen[c.ID] = c
		}
	}
	if !selected {
		return nil
	}
	var order []cases.Case
	var place func(c cases.Case)
	place = func(c cases.Case) {
		if _, waiting := chosen[c.ID]; !waiting {
			return
		}
		delete(chosen, c.ID)
		for _, id := range slices.Concat(c.Needs, c.DependsOn) {
			if before, waiting := chosen[id]; waiting {
				place(before)
			}
		}
		order = append(order, c)
	}
	byRank := slices.Clone(all)
	slices.SortStableFunc(byRank, func(a, b cases.Case) int {
		return cmp.Or(cmp.Compare(rank(a), rank(b)), compareBools(a.Alone, b.Alone), compareBools(b.Waits, a.Waits))
	})
	for _, c := range byRank {
		place(c)
	}
	return order
}

// compareBools puts false before true.
func compareBools(a, b bool) int {
	switch {
	case a == b:
		return 0
	case b:
		return -1
	default:
		return 1
	}
}

package property

import (
	"errors"
	"fmt"
	"io"
	"maps"
	"slices"
	"time"

	"github.com/anishathalye/porcupine"
)

// A Verdict says what is known of a history.
type Verdict string

// The verdicts.
const (
	OK      Verdict = "ok"      // there is an order of the operations that explains it
	Illegal Verdict = "illegal" // there is none
	// Unknown says that the time ran out before either was shown, or that there was
	// nothing to check. It is no success.
	Unknown Verdict = "unknown"
)

// DefaultCheckBudget bounds a check that has no bound of its own.
const DefaultCheckBudget = 5 * time.Second

// A Linearization is the answer of [CheckHistory].
type Linearization struct {
	Verdict    Verdict    // Illegal when one key is, else Unknown when one key is
	Operations int        // that were checked, open ones included
	Open       int        // puts of unknown outcome among them
	Keys       []string   // that they are about, in order
	Unsettled  []string   // the keys for which the time was too short, in order
	Violation  *Violation // set when the verdict is Illegal
	Took       time.Duration

	shown   series // what Visualize shows
	clients map[string]int
}

// A Violation is a history of one key that no order explains.
type Violation struct {
	Key string
	// Operations is a part of the history that cannot be explained either, in the order
	// of their Call.
	Operations []Operation
	// Timestamps are the ones, ascending, at which that can be seen: whatever else is
	// in the Samples of a get need not be looked at.
	Timestamps []int64
	Smallest   bool // neither list could be shorter; false: there was no time to see
}

// CheckHistory asks whether the puts and gets of each key are linearizable: whether
// each can have taken effect at one instant between its Call and its Return, in an
// order that explains every get as one state of the series (CON-003, CON-004). Every
// series is empty at first. The question is put for each key by itself, since the
// specification has no order across keys (CON-005).
//
// It takes at most budget, and about as much again to find the smallest violation.
// Zero means DefaultCheckBudget. The order of operations does not matter, and they are
// not changed; no get may have two samples at one timestamp.
func CheckHistory(operations []Operation, budget time.Duration) Linearization {
	if budget <= 0 {
		budget = DefaultCheckBudget
	}
	began := time.Now()
	l := Linearization{Verdict: Unknown, Operations: len(operations), clients: make(map[string]int)}
	byKey := make(map[string][]Operation)
	for _, o := range operations {
		byKey[o.Key] = append(byKey[o.Key], o)
		l.clients[o.Client] = 0
		if o.Open {
			l.Open++
		}
	}
	for i, client := range slices.Sorted(maps.Keys(l.clients)) {
		l.clients[client] = i
	}
	l.Keys = slices.Sorted(maps.Keys(byKey))
	for i, key := range l.Keys {
		s := newSeries(key, byKey[key])
		// Later keys get what earlier ones leave of their share.
		share := (budget - time.Since(began)) / time.Duration(len(l.Keys)-i)
		switch l.check(s, share) {
		case Illegal:
			if l.Verdict != Illegal {
				l.Verdict, l.shown = Illegal, s
			}
		case Unknown:
			l.Unsettled = append(l.Unsettled, key)
		}
	}
	l.conclude(budget)
	l.Took = time.Since(began)
	return l
}

// conclude finds the verdict on the whole, unless it is Illegal already.
func (l *Linearization) conclude(budget time.Duration) {
	switch {
	case l.Verdict == Illegal:
		l.Violation = smallest(l.check, l.shown, time.Now().Add(budget))
	case l.Operations > 0 && len(l.Unsettled) == 0:
		l.Verdict = OK
	}
}

// check asks the checker about one key.
func (l *Linearization) check(s series, budget time.Duration) Verdict {
	if budget <= 0 {
		return Unknown // which for the checker would mean no bound
	}
	switch porcupine.CheckOperationsTimeout(s.model(), s.history(l.clients), budget) {
	case porcupine.Ok:
		return OK
	case porcupine.Illegal:
		return Illegal
	default:
		return Unknown
	}
}

// ErrNothingToShow is the error of Visualize where there is no violation.
var ErrNothingToShow = errors.New("property: no violation to show")

// Visualize writes an HTML page that shows the whole history of the violation's key,
// with the longest orders that explain parts of it. It takes up to a few seconds. The
// error is ErrNothingToShow or comes from w.
func (l *Linearization) Visualize(w io.Writer) error {
	if l.Violation == nil {
		return ErrNothingToShow
	}
	model := l.shown.model()
	_, info := porcupine.CheckOperationsVerbose(model, l.shown.history(l.clients), DefaultCheckBudget)
	if err := porcupine.Visualize(model, info, w); err != nil {
		return fmt.Errorf("property: writing the page: %w", err)
	}
	return nil
}

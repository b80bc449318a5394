package oracle

import (
	"fmt"
	"maps"
	"slices"
)

// Limits within which a server takes every request (LIM-001, LIM-002), in bytes.
// A line is counted without its LF and the CR before it.
const (
	MaxKey  = 1024
	MaxLine = 4096
)

// An Allowed is a set of replies: those that the specification allows in one
// place. It is made by the constructors below and never changes. The zero value
// allows no reply at all, which is right where silence is due.
type Allowed struct {
	alternatives []alternative
}

// An alternative is one kind of reply in an Allowed.
type alternative interface {
	check(f form) *Mismatch // nil: f is such a reply
	describe() string       // the bytes that a server would usually send
}

// A Cell says what may stand at one timestamp of a series.
type Cell struct {
	Timestamp int64
	Values    []float64 // the values that are allowed; compared as numbers, so that -0 is 0
	Optional  bool      // there may also be no sample at this timestamp
}

// OKEmpty allows "ok", LF, LF: the reply to a put, and to a get of a key without
// samples (PUT-001, GET-002).
func OKEmpty() Allowed { return Allowed{[]alternative{okEmpty{}}} }

// WrongCommand allows the reply to a wrong request (ERR-001).
func WrongCommand() Allowed { return Allowed{[]alternative{errorText{"wrong command"}}} }

// UnknownOutcome allows the reply of a server that cannot know whether a put took
// effect (REP-013).
func UnknownOutcome() Allowed { return Allowed{[]alternative{unknownOutcome{}}} }

// Refusal allows the reply to a right request that was not carried out: an error
// with one line of text other than "wrong command" (REP-011).
func Refusal() Allowed { return Allowed{[]alternative{refusal{}}} }

// AnyError allows every error reply, with no, one or several lines of text.
func AnyError() Allowed { return Allowed{[]alternative{anyError{}}} }

// AnyReply allows everything that has the form of a reply, for places where only
// the number of replies is judged.
func AnyReply() Allowed { return Allowed{[]alternative{anyReply{}}} }

// Closed allows the connection to end, by FIN or RST, where a reply was due. It
// counts in [Allowed.CheckEnd] alone: silence on an open connection is something
// else.
func Closed() Allowed { return Allowed{[]alternative{closed{}}} }

// Series allows the reply to a get of key with exactly these samples, ascending
// by timestamp (GET-001, GET-004), in any wording of the numbers. The samples
// may be given in any order; the last of several at one timestamp counts, and
// their Key is ignored. Without samples it is the reply of an unknown key.
func Series(key string, samples ...Sample) Allowed {
	return SeriesOf(key, cells(samples)...)
}

// SeriesOf is Series with a choice at each timestamp, of which there is one Cell.
func SeriesOf(key string, cells ...Cell) Allowed {
	return Allowed{[]alternative{series{key: key, cells: sorted(cells)}}}
}

// All allows the reply to a get of every key: the samples of each key of the map
// as in [Series], keys in any order and even mixed (GET-005, GET-006, GET-008;
// for GET-007 see [CheckGrouping]). A key for which own reports true and that the
// map does not hold must not be there. Any other key is foreign: others may have
// put it, so its lines need only be sample lines. A nil own takes the keys of the
// map alone for own.
func All(own func(key string) bool, samples map[string][]Sample) Allowed {
	byKey := make(map[string][]Cell, len(samples))
	for key, s := range samples {
		byKey[key] = cells(s)
	}
	return AllOf(own, byKey)
}

// AllOf is All with a choice at each timestamp.
func AllOf(own func(key string) bool, byKey map[string][]Cell) Allowed {
	kept := make(map[string][]Cell, len(byKey))
	for key, c := range byKey {
		kept[key] = sorted(c)
	}
	return Allowed{[]alternative{all{own: own, cells: kept}}}
}

// IgnoringForeign returns a without judgement on foreign lines in the reply to a
// get of every key: they need not even be sample lines. A line is foreign when
// its first word is no own key. At level core, where others may
// have put what that level does not judge, nothing else is fair.
func (a Allowed) IgnoringForeign() Allowed {
	kept := slices.Clone(a.alternatives)
	for i, alt := range kept {
		if every, ok := alt.(all); ok {
			every.loose = true
			kept[i] = every
		}
	}
	return Allowed{kept}
}

// OverLong allows the reply to a request above the limits of section 9, of which
// normal would be the reply: that one, the reply to a wrong request, or the end of
// the connection, because a reset may overtake the error (LIM-003 to LIM-007).
func OverLong(normal Allowed) Allowed {
	return Union(normal, WrongCommand(), Closed())
}

// Union allows what any of the sets allows. The first comes first in
// descriptions, and is blamed when two are equally near.
func Union(sets ...Allowed) Allowed {
	var u Allowed
	for _, a := range sets {
		u.alternatives = append(u.alternatives, a.alternatives...)
	}
	return u
}

// Check judges one whole reply, or what came of one before the time ran out. Nil
// means that it is allowed. Otherwise the Mismatch is that of the alternative
// which the reply follows farthest.
func (a Allowed) Check(reply []byte) *Mismatch {
	f := scan(reply)
	var nearest *Mismatch
	for _, alt := range a.alternatives {
		m := alt.check(f)
		if m == nil {
			return nil
		}
		if nearest == nil || m.Offset > nearest.Offset {
			nearest = m
		}
	}
	if nearest == nil {
		return unasked(f, "nothing: no reply is due")
	}
	return nearest
}

// CheckEnd judges a stream that ended where a reply was due, after the bytes of
// partial. Nil means that this is allowed: [Closed] is in the set, and partial is
// the beginning of a reply in the set, or empty.
func (a Allowed) CheckEnd(partial []byte) *Mismatch {
	m := a.Check(partial)
	if m == nil || len(partial) > 0 && !m.Incomplete() {
		return m
	}
	if a.mayClose() {
		return nil
	}
	return m
}

func (a Allowed) mayClose() bool {
	return slices.ContainsFunc(a.alternatives, func(alt alternative) bool {
		_, ok := alt.(closed)
		return ok
	})
}

// Describe returns each alternative as the bytes that a server would usually send
// for it, in the order of the union. Where the specification leaves freedom that
// bytes cannot show, a remark in angle brackets stands in the text. A long series
// is a long string; shortening is the caller's.
func (a Allowed) Describe() []string {
	texts := make([]string, len(a.alternatives))
	for i, alt := range a.alternatives {
		texts[i] = alt.describe()
	}
	return texts
}

// String returns the alternatives quoted, for test failures.
func (a Allowed) String() string {
	return fmt.Sprintf("%q", a.Describe())
}

func cells(samples []Sample) []Cell {
	last := make(map[int64]float64, len(samples))
	for _, s := range samples {
		last[s.Timestamp] = s.Value
	}
	out := make([]Cell, 0, len(last))
	for _, t := range slices.Sorted(maps.Keys(last)) {
		out = append(out, Cell{Timestamp: t, Values: []float64{last[t]}})
	}
	return out
}

func sorted(cells []Cell) []Cell {
	kept := slices.Clone(cells)
	slices.SortFunc(kept, func(a, b Cell) int {
		if a.Timestamp < b.Timestamp {
			return -1
		}
		return 1
	})
	return kept
}

package oracle

import (
	"maps"
	"slices"
)

// A Model is the store as the specification sees it: what was put so far, as far
// as the replies tell. The zero value is a store of which nothing is known but
// that the keys it is asked about are fresh. A Model is not safe for concurrent
// use; [Model.Clone] makes an independent one.
//
// A put of unknown outcome took effect, or never will, or will at any later
// time, even after later puts that were acknowledged (REP-013). A put that was
// refused never takes effect (REP-012). The model keeps exactly what follows from
// that, and each get narrows it.
type Model struct {
	// Own reports whether nobody but the user of this model puts to key: samples
	// of an own key that the model does not know of must not be there. Nil takes
	// the keys that the model was told of for own.
	Own func(key string) bool

	series map[string]map[int64]cell
}

// A cell is what may be stored at one timestamp of a key.
type cell struct {
	present bool
	value   float64
	pending []float64 // of puts that may still take effect, each once
}

// Allowed returns the replies that are allowed to req now. A put may be answered
// with ok or with unknown outcome; who must have it settled, as at the beginning
// of a run, demands [OKEmpty] instead. A connection that ends without a reply to
// a put is [Closed], which the caller adds where it is willing to believe it.
func (m *Model) Allowed(req Request) Allowed {
	switch {
	case req.Verb == Put:
		return Union(OKEmpty(), UnknownOutcome())
	case req.All:
		return m.allowedAll()
	default:
		return SeriesOf(req.Key, m.cells(req.Key)...)
	}
}

func (m *Model) allowedAll() Allowed {
	byKey := make(map[string][]Cell, len(m.series))
	for key := range m.series {
		byKey[key] = m.cells(key)
	}
	return AllOf(m.Own, byKey)
}

// AllowedLine returns the replies that are allowed to a line, which is given
// without its LF and may be a wrong request or above the limits.
func (m *Model) AllowedLine(line []byte) Allowed {
	normal := WrongCommand()
	req, ok := ParseRequest(line)
	if ok {
		normal = m.Allowed(req)
	}
	length := len(line)
	if length > 0 && line[length-1] == '\r' {
		length--
	}
	if length > MaxLine || len(req.Key) > MaxKey {
		return OverLong(normal)
	}
	return normal
}

// Apply takes in what the reply to req says about the store. The reply may be nil
// or cut short when none came. A put is settled by the reply ok alone, and refused
// by an error of any text but "unknown outcome"; after anything else its outcome
// is unknown. A get whose reply is not allowed teaches nothing.
func (m *Model) Apply(req Request, reply []byte) {
	switch {
	case req.Verb == Put:
		m.applyPut(req, reply)
	case m.Allowed(req).Check(reply) == nil:
		m.applyGet(reply)
	}
}

// ApplyLine is Apply for a line, given without its LF. A wrong request changes
// nothing that is stored, whatever the reply (ERR-007).
func (m *Model) ApplyLine(line, reply []byte) {
	if req, ok := ParseRequest(line); ok {
		m.Apply(req, reply)
	}
}

func (m *Model) applyPut(req Request, reply []byte) {
	c := m.know(req.Key)[req.Timestamp]
	switch {
	case OKEmpty().Check(reply) == nil:
		c.present, c.value = true, req.Value
	case UnknownOutcome().Check(reply) == nil, AnyError().Check(reply) != nil:
		// A fresh slice, so that clones do not share it.
		c.pending = append(slices.Clone(c.pending), req.Value)
	default:
		return
	}
	m.series[req.Key][req.Timestamp] = c
}

// applyGet settles what an allowed reply shows. Where a sample shows another value
// than the settled one, a pending put of that value has taken effect.
func (m *Model) applyGet(reply []byte) {
	r, _ := ParseReply(reply)
	for _, s := range r.Samples {
		c, known := m.series[s.Key][s.Timestamp]
		if !known || c.present && c.value == s.Value {
			continue
		}
		i := slices.Index(c.pending, s.Value)
		c.pending = slices.Delete(slices.Clone(c.pending), i, i+1)
		c.present, c.value = true, s.Value
		m.series[s.Key][s.Timestamp] = c
	}
}

// know returns the series of key, which the model is told of hereby.
func (m *Model) know(key string) map[int64]cell {
	if m.series == nil {
		m.series = make(map[string]map[int64]cell)
	}
	if m.series[key] == nil {
		m.series[key] = make(map[int64]cell)
	}
	return m.series[key]
}

// cells returns what may be stored of key, ascending by timestamp.
func (m *Model) cells(key string) []Cell {
	series := m.series[key]
	out := make([]Cell, 0, len(series))
	for _, t := range slices.Sorted(maps.Keys(series)) {
		c := series[t]
		choice := Cell{Timestamp: t, Optional: !c.present}
		if c.present {
			choice.Values = append(choice.Values, c.value)
		}
		choice.Values = append(choice.Values, c.pending...)
		out = append(out, choice)
	}
	return out
}

// Clone returns an independent copy.
func (m *Model) Clone() *Model {
	c := &Model{Own: m.Own, series: make(map[string]map[int64]cell, len(m.series))}
	for key, series := range m.series {
		c.series[key] = maps.Clone(series)
	}
	return c
}

// Equal reports whether both models allow the same replies to every request, as
// far as what is stored goes; Own is not compared.
func (m *Model) Equal(other *Model) bool {
	return maps.EqualFunc(m.stored(), other.stored(), func(a, b map[int64]cell) bool {
		return maps.EqualFunc(a, b, cell.equal)
	})
}

// stored returns the series that hold anything.
func (m *Model) stored() map[string]map[int64]cell {
	kept := maps.Clone(m.series)
	maps.DeleteFunc(kept, func(_ string, s map[int64]cell) bool { return len(s) == 0 })
	return kept
}

func (c cell) equal(other cell) bool {
	a, b := slices.Sorted(slices.Values(c.pending)), slices.Sorted(slices.Values(other.pending))
	return c.present == other.present && c.value == other.value && slices.Equal(a, b)
}

package oracle_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"github.com/putget-protocol/putget/conformance/oracle"
)

// A step is a request, what came for it, and whether the model must allow that.
type step struct {
	line, reply string
	allowed     bool
}

// A modelTest is a name and the steps of one session.
type modelTest struct {
	name  string
	steps []step
}

func answeredTests() []modelTest {
	const ok, wrong = "ok\n\n", "error\nwrong command\n\n"
	return []modelTest{
		{"FreshKey", []step{{"get k", ok, true}, {"get *", ok, true}, {"get k", "ok\nk 1 7\n\n", false}}},
		{"ForeignKeys", []step{{"get *", "ok\nx 1 7\nx 1 7\n\n", true}, {"put k 1 7", ok, true}, {"get *", "ok\nx 1 7\n\n", false}}},
		{"PutGet", []step{
			{"put k 1 7", ok, true},
			{"get k", "ok\nk 1 7\n\n", true},
			{"get k", ok, false},
			{"get *", "ok\nk 1 7\n\n", true},
			{"get *", ok, false},
			{"get j", ok, true},
			{"get j", "ok\nk 1 7\n\n", false},
		}},
		{"Replaced", []step{
			{"put k 1 7", ok, true},
			{"put k 2 +7", ok, true},
			{"get k", "ok\nk 2 7\n\n", true},
			{"get k", "ok\nk 1 7\n\n", false},
			{"get k", "ok\nk 1 7\nk 2 7\n\n", false},
		}},
		{"Ascending", []step{
			{"put k 1 10", ok, true},
			{"put k 2 9", ok, true},
			{"put k 3 -1", ok, true},
			{"get k", "ok\nk 3 -1\nk 2 9\nk 1 10\n\n", true},
			{"get *", "ok\nk 3 -1\nk 2 9\nk 1 10\n\n", true},
			{"get k", "ok\nk 1 10\nk 2 9\nk 3 -1\n\n", false},
			{"get *", "ok\nk 1 10\nk 2 9\nk 3 -1\n\n", false},
		}},
		{"ZeroHasNoSign", []step{{"put k -0 7", ok, true}, {"get k", "ok\nk 0 7\n\n", true}}},
		{"Wrong", []step{{"put k x 7", wrong, true}, {"put k x 7", ok, false}, {"get k", ok, true}, {"put k 1 7 8", wrong, true}}},
		{"RefusedIsNeverSeen", []step{
			{"put k 1 7", wrong, false},
			{"put k 2 7", "error\nstorage failed\n\n", false},
			{"put k 3 7", "error\n\n", false},
			{"get k", ok, true},
			{"get k", "ok\nk 1 7\n\n", false},
			{"get k", "ok\nk 2 7\n\n", false},
			{"get *", "ok\nk 3 7\n\n", false},
		}},
		{"OverLong", []step{
			{"get " + strings.Repeat("k", 1024), wrong, false},
			{"get " + strings.Repeat("k", 1025), wrong, true},
			{"get " + strings.Repeat("k", 1025), ok, true},
			{strings.Repeat(" ", 4091) + "get k", wrong, false},
			{strings.Repeat(" ", 4091) + "get k\r", wrong, false},
			{strings.Repeat(" ", 4092) + "get k", wrong, true},
			{strings.Repeat(" ", 4091) + "put k 1 7", wrong, true},
			{"get k", "ok\nk 1 7\n\n", false},
			{strings.Repeat(" ", 4091) + "put k 1 7", ok, true},
			{"get k", ok, false},
		}},
	}
}

// unknownTests are about puts of which nobody knows whether they took effect.
func unknownTests() []modelTest {
	const ok, unknown = "ok\n\n", "error\nunknown outcome\n\n"
	return []modelTest{
		{"UnknownIsSeenOrNot", []step{{"put k 1 7", unknown, true}, {"get k", ok, true}, {"get k", "ok\nk 1 7\n\n", true}, {"get k", ok, false}}},
		{"UnknownZeroIsSeen", []step{{"put k 0 7", unknown, true}, {"get k", "ok\nk 0 7\n\n", true}, {"get k", ok, false}}},
		{"UnknownIsSeenLater", []step{
			{"put k 1 7", unknown, true},
			{"get k", ok, true},
			{"put k 2 7", ok, true},
			{"get k", "ok\nk 2 7\n\n", true},
			{"get *", "ok\nk 1 7\n\n", true},
			{"get k", "ok\nk 2 7\n\n", false},
			{"get k", "ok\nk 1 7\n\n", true},
		}},
		{"UnknownReplacesOnce", []step{
			{"put k 1 7", ok, true},
			{"put k 2 7", unknown, true},
			{"get k", "ok\nk 2 7\n\n", true},
			{"put k 1 7", ok, true},
			{"get k", "ok\nk 2 7\n\n", false},
			{"get k", "ok\nk 1 7\n\n", true},
		}},
		{"TwoUnknownOfOneValue", []step{
			{"put k 1 7", unknown, true},
			{"put k 1 7", "", false},
			{"get k", "ok\nk 1 7\n\n", true},
			{"put k 2 7", ok, true},
			{"get k", "ok\nk 1 7\n\n", true},
			{"put k 2 7", ok, true},
			{"get k", "ok\nk 1 7\n\n", false},
		}},
		{"NoReplyIsUnknown", []step{{"put k 1 7", "", false}, {"get k", ok, true}, {"get k", "ok\nk 1 7\n\n", true}}},
		{"CutReplyIsUnknown", []step{{"put k 1 7", "error\nwr", false}, {"get k", "ok\nk 1 7\n\n", true}}},
		{"OddReplyIsUnknown", []step{{"put k 1 7", "OK\n\n", false}, {"get k", "ok\nk 1 7\n\n", true}}},
		{"UnknownNeedsItsText", []step{{"put k 1 7", "error\nunknown outcome\n.\n\n", false}, {"get k", "ok\nk 1 7\n\n", false}}},
		{"WrongReplyTeachesNothing", []step{
			{"put k 1 7", unknown, true}, {"get k", "ok\nk 1 7\nk 9 9\n\n", false}, {"get k", ok, true},
		}},
	}
}

func TestModel(t *testing.T) {
	for _, tt := range slices.Concat(answeredTests(), unknownTests()) {
		t.Run(tt.name, func(t *testing.T) {
			var m oracle.Model
			for i, s := range tt.steps {
				if got := m.AllowedLine([]byte(s.line)).Check([]byte(s.reply)); (got == nil) != s.allowed {
					t.Fatalf("step %d, %.40q answered %q: %v; want allowed: %v", i+1, s.line, s.reply, got, s.allowed)
				}
				m.ApplyLine([]byte(s.line), []byte(s.reply))
			}
		})
	}
}

func TestModelOwn(t *testing.T) {
	m := oracle.Model{Own: func(key string) bool { return strings.HasPrefix(key, "own.") }}
	get := oracle.Request{Verb: oracle.Get, All: true}
	if got := m.Allowed(get).Check([]byte("ok\nx 1 7\n\n")); got != nil {
		t.Errorf("a foreign key: %v; want nil", got)
	}
	for _, m := range []*oracle.Model{&m, m.Clone()} {
		if got := m.Allowed(get).Check([]byte("ok\nown.k 1 7\n\n")); got == nil || got.Aspect != oracle.AspectExtraSample {
			t.Errorf("an own key that nobody put: %v; want %s", got, oracle.AspectExtraSample)
		}
	}
}

func TestModelClone(t *testing.T) {
	var m oracle.Model
	put := func(m *oracle.Model, value float64, reply string) {
		m.Apply(oracle.Request{Verb: oracle.Put, Key: "k", Value: value, Timestamp: 7}, []byte(reply))
	}
	get := oracle.Request{Verb: oracle.Get, Key: "k"}
	for v := range 3 {
		put(&m, float64(v), "")
	}
	a, b, c := m.Clone(), m.Clone(), m.Clone()
	if !a.Equal(&m) || !a.Equal(b) {
		t.Error("a clone differs from its model")
	}
	put(a, 8, "")
	put(b, 9, "")
	c.Apply(get, []byte("ok\nk 1 7\n\n"))
	if a.Equal(b) || a.Equal(&m) || c.Equal(&m) {
		t.Error("models of different history are equal")
	}
	for _, tt := range []struct {
		model *oracle.Model
		want  string
	}{
		{&m, "ok\nk 0.0 7 <or value 1.0 or 2.0> <or no sample>\n\n"},
		{a, "ok\nk 0.0 7 <or value 1.0 or 2.0 or 8.0> <or no sample>\n\n"},
		{b, "ok\nk 0.0 7 <or value 1.0 or 2.0 or 9.0> <or no sample>\n\n"},
		{c, "ok\nk 1.0 7 <or value 0.0 or 2.0>\n\n"},
	} {
		if got := tt.model.Allowed(get).Describe()[0]; got != tt.want {
			t.Errorf("a clone shares what it should not: %q; want %q", got, tt.want)
		}
	}
	var refused oracle.Model
	put(&refused, 1, "error\n\n")
	if !refused.Equal(&oracle.Model{}) {
		t.Error("a model that stored nothing differs from the zero Model")
	}
}

// A world is one history that may have happened at one timestamp of one key: what
// is stored, "" for nothing, and which puts may still take effect.
type world struct {
	value   string
	pending string // the values, each followed by a comma, sorted
}

// withPending adds or takes one value.
func (w world) withPending(change func([]string) []string) world {
	values := strings.FieldsFunc(w.pending, func(r rune) bool { return r == ',' })
	values = change(values)
	slices.Sort(values)
	w.pending = ""
	for _, v := range values {
		w.pending += v + ","
	}
	return w
}

// closure adds the worlds in which pending puts have taken effect, in any order.
func closure(worlds map[world]bool) {
	for grown := true; grown; {
		grown = false
		for w := range worlds {
			for _, v := range strings.FieldsFunc(w.pending, func(r rune) bool { return r == ',' }) {
				next := w.withPending(func(p []string) []string {
					i := slices.Index(p, v)
					return slices.Delete(p, i, i+1)
				})
				next.value = v
				if !worlds[next] {
					worlds[next] = true
					grown = true
				}
			}
		}
	}
}

// The model keeps one state where many histories may have happened. Here all of
// them are kept, and both must allow the same.
func TestModelAgreesWithAllHistories(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		m := oracle.Model{Own: func(string) bool { return true }}
		worlds := map[world]bool{{}: true}
		next := func(change func(world) world) {
			closure(worlds)
			changed := map[world]bool{}
			for w := range worlds {
				changed[change(w)] = true
			}
			worlds = changed
			closure(worlds)
		}
		values := []string{"1", "2", "3"}
		for range rapid.IntRange(1, 10).Draw(t, "steps") {
			v := rapid.SampledFrom(values).Draw(t, "value")
			switch rapid.SampledFrom([]string{"put", "refused", "unknown", "get", "get", "all"}).Draw(t, "what") {
			case "put":
				m.ApplyLine([]byte("put k "+v+" 7"), []byte("ok\n\n"))
				next(func(w world) world { w.value = v; return w })
			case "refused":
				m.ApplyLine([]byte("put k "+v+" 7"), []byte("error\nno\n\n"))
			case "unknown":
				m.ApplyLine([]byte("put k "+v+" 7"), []byte("error\nunknown outcome\n\n"))
				next(func(w world) world {
					return w.withPending(func(p []string) []string { return append(p, v) })
				})
			default:
				look(t, &m, worlds)
			}
		}
		look(t, &m, worlds)
	})
}

// look compares what may be seen, and goes on with one of the possibilities.
func look(t *rapid.T, m *oracle.Model, worlds map[world]bool) {
	line := []byte(rapid.SampledFrom([]string{"get k", "get *"}).Draw(t, "get"))
	possible := map[string]bool{}
	for w := range worlds {
		possible[w.value] = true
	}
	var seen []string
	for _, v := range []string{"", "1", "2", "3"} {
		if got := m.AllowedLine(line).Check(show(v)); (got == nil) != possible[v] {
			t.Fatalf("%s showing %q: the model says %v, the histories say %v", line, v, got, possible[v])
		}
		if possible[v] {
			seen = append(seen, v)
		}
	}
	v := rapid.SampledFrom(seen).Draw(t, "seen")
	m.ApplyLine(line, show(v))
	for w := range worlds {
		if w.value != v {
			delete(worlds, w)
		}
	}
	closure(worlds)
}

func show(value string) []byte {
	if value == "" {
		return []byte("ok\n\n")
	}
	return fmt.Appendf(nil, "ok\nk %s 7\n\n", value)
}

// A reply is allowed to a get when, and only when, it parses and holds the samples
// in order: two ways to the same verdict, over replies one edit away from right.
func TestSeriesAgreesWithParseReply(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		timestamps := rapid.SliceOfNDistinct(rapid.Int64Range(-2, 12), 0, 4, rapid.ID[int64]).Draw(t, "timestamps")
		slices.Sort(timestamps)
		var want []oracle.Sample
		for _, at := range timestamps {
			want = append(want, sample("k", float64(rapid.IntRange(-1, 3).Draw(t, "value")), at))
		}
		series := oracle.Series("k", want...)
		reply := edit(t, []byte(series.Describe()[0]))
		r, broken := oracle.ParseReply(reply)
		right := broken == nil && r.OK && slices.Equal(r.Samples, want)
		for _, a := range []oracle.Allowed{series, oracle.All(func(string) bool { return true }, map[string][]oracle.Sample{"k": want})} {
			if m := a.Check(reply); (m == nil) != right {
				t.Fatalf("Check(%q) = %v against %v; ParseReply: %+v, %v", reply, m, a, r, broken)
			} else if m != nil && (m.Offset < 0 || m.Offset > len(reply)) {
				t.Fatalf("Check(%q) = %v, which is outside of the reply", reply, m)
			}
		}
	})
}

// edit changes at most two bytes, or swaps two lines.
func edit(t *rapid.T, b []byte) []byte {
	for range rapid.IntRange(0, 2).Draw(t, "edits") {
		i := rapid.IntRange(0, len(b)-1).Draw(t, "at")
		c := rapid.SampledFrom([]byte("0123 .-+ek\n\r\t*")).Draw(t, "byte")
		switch rapid.SampledFrom([]string{"change", "insert", "delete", "swap"}).Draw(t, "edit") {
		case "change":
			b[i] = c
		case "insert":
			b = slices.Insert(b, i, c)
		case "delete":
			if len(b) > 1 {
				b = slices.Delete(b, i, i+1)
			}
		case "swap":
			lines := strings.Split(string(b), "\n")
			j := rapid.IntRange(0, len(lines)-1).Draw(t, "line")
			k := rapid.IntRange(0, len(lines)-1).Draw(t, "other")
			lines[j], lines[k] = lines[k], lines[j]
			b = []byte(strings.Join(lines, "\n"))
		}
	}
	return b
}

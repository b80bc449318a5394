package cases

import (
	"strings"
	"testing"
	"time"

	"github.com/putget-protocol/putget/conformance/oracle"
	"github.com/putget-protocol/putget/conformance/property"
)

func TestCutsAreAtTokensLineEndsAndWithinCharacters(t *testing.T) {
	tests := []struct{ name, line, want string }{
		{"Get", "get palm\n", "get| |palm|\n"},
		{"Put", "put k 1.5 7\n", "put| |k| |1.5| |7|\n"},
		{"CarriageReturn", "get k\r\n", "get| |k|\r|\n"},
		{"Spaces", "get  k\n", "get| | |k|\n"},
		{"Character", "get \u20ack\n", "get| |\xe2|\x82|\xack|\n"},
		{"EmptyLine", "\n", "\n"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			var pieces []string
			last := 0
			for _, at := range append(cuts(tt.line), len(tt.line)) {
				pieces = append(pieces, tt.line[last:at])
				last = at
			}
			if got := strings.Join(pieces, "|"); got != tt.want {
				t.Errorf("cuts of %q: %q, want %q", tt.line, got, tt.want)
			}
		})
	}
}

// Whatever the mode, the same bytes go out in the same order, between those of
// neighbours.
func TestModesDeliverEveryByte(t *testing.T) {
	const line = "get \u20ac\r\n"
	for _, m := range []mode{sentWhole, sentSplit, sentBytewise, sentJoined, readSlowly} {
		s := newSession(Look{KeyPrefix: "t"}, Case{})
		s.mode = m
		d := s.deliver(line)
		want := line
		if m == sentJoined {
			want = d.before + "\n" + line + d.behind + "\n"
			if d.middle() != line {
				t.Errorf("the request in the middle is %q, want %q", d.middle(), line)
			}
		}
		if got := strings.Join(d.parts, ""); got != want || (d.how == "") != (m == sentWhole) {
			t.Errorf("mode %d sends %q, %q, want %q", m, got, d.how, want)
		}
	}
}

func TestEachTurnCutsElsewhere(t *testing.T) {
	const line = "put k 1.5 7"
	s := newSession(Look{KeyPrefix: "t"}, Case{})
	s.mode = sentSplit
	seen := make(map[string]bool)
	for turn := range s.turns(line) {
		s.take(turn, line)
		seen[s.deliver(line + "\n").parts[0]] = true
	}
	if want := len(cuts(line + "\n")); len(seen) != want || s.delivered != want {
		t.Errorf("%d places were cut and %d splits counted, want %d", len(seen), s.delivered, want)
	}
	if parts := s.deliver("get other\n").parts; len(parts) != 1 {
		t.Errorf("another line than the one whose turn it is goes out as %q", parts)
	}
}

func TestStaleGets(t *testing.T) {
	put := func(value float64, call, ret time.Duration) property.Operation {
		return property.Operation{Client: "A", Key: "k", Put: true, Value: value, Timestamp: 7, Call: call, Return: ret}
	}
	get := func(call, ret time.Duration, samples ...oracle.Sample) property.Operation {
		return property.Operation{Client: "B", Key: "k", Samples: samples, Call: call, Return: ret}
	}
	one := oracle.Sample{Key: "k", Value: 1, Timestamp: 7}
	open := put(2, 3, 4)
	open.Open = true
	tests := []struct {
		name       string
		operations []property.Operation
		want       Symptom
	}{
		{"Fresh", []property.Operation{put(1, 1, 2), get(3, 4, one)}, ""},
		{"Missing", []property.Operation{put(1, 1, 2), get(3, 4)}, oracle.AspectMissingSample},
		{"Replaced", []property.Operation{put(1, 1, 2), put(2, 3, 4), get(5, 6, one)}, oracle.AspectValue},
		{"PutOverlapsGet", []property.Operation{put(1, 1, 2), put(2, 3, 6), get(5, 7, one)}, ""},
		{"PutsOverlap", []property.Operation{put(1, 1, 4), put(2, 2, 3), get(5, 6, one)}, ""},
		{"UnknownOutcome", []property.Operation{put(1, 1, 2), open, get(5, 6, one)}, ""},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			_, symptom, is := staleGet(tt.operations)
			if symptom != tt.want || is != (tt.want != "") {
				t.Errorf("staleGet = %q, %v, want %q", symptom, is, tt.want)
			}
		})
	}
}

// What is written exactly in the middle of two doubles, and a very little beside it,
// rounds to the one or the other.
func TestMiddlesOfDoubles(t *testing.T) {
	middle := exact(between(1, 1.0000000000000002))
	tests := []struct {
		name, value string
		want        float64
	}{{"Below", below(middle), 1}, {"TieToEven", middle, 1}, {"Above", middle + "0000000001", 1.0000000000000002}}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if req, ok := oracle.ParseRequest([]byte("put k " + tt.value + " 7")); !ok || req.Value != tt.want {
				t.Errorf("%s reads as %v, %v, want %v", tt.value, req.Value, ok, tt.want)
			}
		})
	}
}

// Looks are numbered, so that the prefix of one can begin that of another: what that
// one puts is foreign.
func TestKeysOfANeighbourAreForeign(t *testing.T) {
	one, other := newSession(Look{KeyPrefix: "t.1"}, Case{}), newSession(Look{KeyPrefix: "t.12"}, Case{})
	if !one.own(one.Key("cpu")) || !one.own(one.LongKey("cpu", 100)) || one.own(other.Key("cpu")) {
		t.Errorf("%q and %q are not told apart", one.Key("cpu"), other.Key("cpu"))
	}
}

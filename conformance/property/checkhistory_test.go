package property_test

import (
	"fmt"
	"reflect"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/putget-protocol/putget/conformance/oracle"
	"github.com/putget-protocol/putget/conformance/peer"
	"github.com/putget-protocol/putget/conformance/property"
)

// op reads an operation from text: "A 0-5 put k 1 7", "A 0-? put k 1 7", and for a get
// what it saw, "A 0-5 get k 1@7 2@8".
func op(t *testing.T, text string) property.Operation {
	t.Helper()
	fields := strings.Fields(text)
	call, ending, _ := strings.Cut(fields[1], "-")
	o := property.Operation{Client: fields[0], Call: number(t, call), Key: fields[3], Put: fields[2] == "put", Open: ending == "?"}
	if !o.Open {
		o.Return = number(t, ending)
	}
	if o.Put {
		o.Value, o.Timestamp = value(t, fields[4]), int64(number(t, fields[5]))
		return o
	}
	for _, sample := range fields[4:] {
		v, timestamp, _ := strings.Cut(sample, "@")
		o.Samples = append(o.Samples, oracle.Sample{Key: o.Key, Value: value(t, v), Timestamp: int64(number(t, timestamp))})
	}
	return o
}

func number(t *testing.T, text string) time.Duration {
	t.Helper()
	var n int
	if _, err := fmt.Sscan(text, &n); err != nil {
		t.Fatalf("%q is no number: %v", text, err)
	}
	return time.Duration(n)
}

func value(t *testing.T, text string) float64 {
	t.Helper()
	v, err := strconv.ParseFloat(text, 64)
	if err != nil {
		t.Fatal(err)
	}
	return v
}

func ops(t *testing.T, texts ...string) []property.Operation {
	t.Helper()
	operations := make([]property.Operation, len(texts))
	for i, text := range texts {
		operations[i] = op(t, text)
	}
	return operations
}

func TestCheckHistoryOK(t *testing.T) {
	tests := map[string][]string{
		"Sequential":         {"A 0-1 get k", "A 2-3 put k 1 7", "A 4-5 get k 1@7", "A 6-7 put k 2 7", "A 8-9 get k 2@7"},
		"AnyOrderOfSamples":  {"A 0-1 put k 1 7", "A 2-3 put k 2 8", "B 4-5 get k 2@8 1@7"},
		"OverlapBefore":      {"A 0-9 put k 1 7", "B 2-3 get k"},
		"OverlapBehind":      {"A 0-9 put k 1 7", "B 2-3 get k 1@7"},
		"OverlapTouching":    {"A 0-5 put k 1 7", "B 5-6 get k"},
		"TwoPutsEitherOrder": {"A 0-9 put k 1 7", "B 0-9 put k 2 7", "C 10-11 get k 1@7"},
		"OpenNever":          {"A 0-? put k 1 7", "B 2-3 get k", "B 8-9 get k"},
		"OpenAtOnce":         {"A 0-? put k 1 7", "B 2-3 get k 1@7"},
		"OpenMuchLater":      {"A 0-? put k 1 7", "B 2-3 put k 2 7", "B 4-5 get k 2@7", "B 6-7 get k 1@7"},
		"KeysApart":          {"A 0-1 put k 1 7", "B 2-3 get j", "A 4-5 get k 1@7"},
		"ZeroHasNoSign":      {"A 0-1 put k -0 7", "B 2-3 get k 0@7"},
	}
	for name, texts := range tests {
		t.Run(name, func(t *testing.T) {
			l := property.CheckHistory(ops(t, texts...), forever)
			if l.Verdict != property.OK || l.Violation != nil || l.Operations != len(texts) {
				t.Errorf("%s, %+v; want ok", l.Verdict, l.Violation)
			}
		})
	}
}

// In each of these the operations with a star are the smallest violation.
func TestCheckHistoryIllegal(t *testing.T) {
	tests := map[string][]string{
		"Missing":            {"*A 0-1 put k 1 7", "*B 2-3 get k", "B 4-5 get k 1@7"},
		"Stale":              {"*A 0-1 put k 1 7", "B 2-3 get k 1@7", "*A 4-5 put k 2 7", "*B 6-7 get k 1@7", "C 8-9 get k 2@7"},
		"Torn":               {"*A 0-9 put k 1 7", "*B 1-2 get k 1@7", "*B 3-4 get k", "C 5-6 get k 1@7"},
		"HalfSeen":           {"*A 0-1 put k 1 7", "A 2-9 put k 2 8", "*B 3-4 get k 2@8", "B 5-6 get k 1@7 2@8"},
		"OppositeOrders":     {"*A 0-9 put k 1 7", "*B 0-9 put k 2 8", "*C 1-4 get k 1@7", "*D 1-4 get k 2@8"},
		"FromTheFuture":      {"*B 0-1 get k 1@7", "*A 2-3 put k 1 7"},
		"FromNowhere":        {"A 0-1 put k 1 7", "*B 2-3 get k 1@7 5@8"},
		"TwoOrders":          {"*A 0-9 put k 1 7", "*B 0-9 put k 2 7", "*C 1-2 get k 1@7", "*C 3-4 get k 2@7", "*D 5-6 get k 1@7"},
		"OpenNotTwice":       {"*A 0-? put k 1 7", "B 1-2 put k 2 7", "*B 3-4 get k 1@7", "*B 5-6 put k 3 7", "*B 7-8 get k 1@7"},
		"SecondKey":          {"A 0-1 put j 1 7", "B 2-3 get j 1@7", "*A 2-3 put k 1 7", "*B 4-5 get k"},
		"OtherTimestampsOut": {"*A 0-1 put k 1 7", "A 2-3 put k 1 8", "A 4-5 put k 1 9", "*B 6-7 get k 1@8 1@9"},
	}
	for name, texts := range tests {
		t.Run(name, func(t *testing.T) {
			var all, want []property.Operation
			for _, text := range texts {
				text, starred := strings.CutPrefix(text, "*")
				all = append(all, op(t, text))
				if starred {
					want = append(want, op(t, text))
				}
			}
			l := property.CheckHistory(all, forever)
			if l.Verdict != property.Illegal {
				t.Fatalf("%s; want illegal", l.Verdict)
			}
			if got := l.Violation; !reflect.DeepEqual(got.Operations, want) || !got.Smallest || got.Key != want[0].Key || len(got.Timestamps) == 0 {
				t.Errorf("%+v\nwant\n%+v", got, want)
			}
		})
	}
}

func TestCheckHistoryUnknown(t *testing.T) {
	if l := property.CheckHistory(nil, forever); l.Verdict != property.Unknown {
		t.Errorf("without operations: %s; want unknown", l.Verdict)
	}
	right := ops(t, "A 0-1 put k 1 7", "A 2-3 put j 1 7")
	if l := property.CheckHistory(right, 1); l.Verdict != property.Unknown || len(l.Unsettled) != 2 {
		t.Errorf("without time: %s, unsettled %q; want unknown", l.Verdict, l.Unsettled)
	}
	// Forty puts in any order, and a get that shows what no order explains.
	var hard []property.Operation
	for i := range 40 {
		hard = append(hard, op(t, fmt.Sprintf("A 0-? put k %d %d", i, i)))
	}
	hard = append(hard, op(t, "B 1-2 get k 99@50"), op(t, "A 0-1 put j 1 7"))
	l := property.CheckHistory(hard, 20*time.Millisecond)
	if l.Verdict != property.Unknown || len(l.Unsettled) == 0 || l.Unsettled[len(l.Unsettled)-1] != "k" {
		t.Errorf("a hard history: %s, unsettled %q; want unknown, for k at least", l.Verdict, l.Unsettled)
	}
	wrong := append(hard, op(t, "A 2-3 get j"))
	if l := property.CheckHistory(wrong, 400*time.Millisecond); l.Verdict != property.Illegal || l.Violation.Key != "j" {
		t.Errorf("a hard history and a wrong one: %s; want illegal", l.Verdict)
	}
}

func TestViolationEvents(t *testing.T) {
	l := property.CheckHistory(ops(t, "A 0-8 put k 1 7", "B 1-? put k 2 7", "C 2-3 get k 1@7", "C 4-5 get k 2@7", "C 6-7 get k 1@7"), forever)
	if l.Violation == nil {
		t.Fatal("no violation")
	}
	want := []peer.Event{
		{Conn: "A", At: 0, Kind: peer.Sent, Data: []byte("put k 1.0 7\n")},
		{Conn: "B", At: 1, Kind: peer.Sent, Data: []byte("put k 2.0 7\n")},
		{Conn: "C", At: 2, Kind: peer.Sent, Data: []byte("get k\n")},
		{Conn: "C", At: 3, Kind: peer.Received, Data: []byte("ok\nk 1.0 7\n\n")},
		{Conn: "C", At: 4, Kind: peer.Sent, Data: []byte("get k\n")},
		{Conn: "C", At: 5, Kind: peer.Received, Data: []byte("ok\nk 2.0 7\n\n")},
		{Conn: "C", At: 6, Kind: peer.Sent, Data: []byte("get k\n")},
		{Conn: "C", At: 7, Kind: peer.Received, Data: []byte("ok\nk 1.0 7\n\n")},
		{Conn: "A", At: 8, Kind: peer.Received, Data: []byte("ok\n\n")},
	}
	if got := l.Violation.Events(); !reflect.DeepEqual(got, want) {
		t.Errorf("Events = %v; want %v", got, want)
	}
	if text := l.Violation.Operations[1].String(); !strings.Contains(text, "B ") || !strings.Contains(text, "put k 2.0 7: unknown outcome") {
		t.Errorf("String = %q", text)
	}
}

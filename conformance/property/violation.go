package property

import (
	"cmp"
	"slices"
	"strings"
	"time"

	"github.com/putget-protocol/putget/conformance/oracle"
	"github.com/putget-protocol/putget/conformance/peer"
)

// A reduction looks for a small part of an illegal history that is illegal by itself.
// Three things may be left out, because an explanation of the whole is one of the rest
// then: a timestamp, with its puts and with its samples in the gets; a get, since it
// changes nothing; and a put of a value that no remaining get shows, since in every
// explanation it is replaced before any get.
type reduction struct {
	check      func(series, time.Duration) Verdict
	key        string
	operations []Operation // by Call, as they were seen
	timestamps []int64     // the ones that are looked at, ascending
	until      time.Time
}

// smallest reduces the history of s until nothing more can be left out or the time is
// over.
func smallest(check func(series, time.Duration) Verdict, s series, until time.Time) *Violation {
	r := &reduction{check: check, key: s.key, operations: slices.Clone(s.operations), timestamps: s.timestamps, until: until}
	slices.SortStableFunc(r.operations, func(a, b Operation) int { return cmp.Compare(a.Call, b.Call) })
	r.reduceTimestamps()
	for size := max(1, len(r.operations)/2); size > 0; size /= 2 {
		// The same size again as long as it helps: a put can go when the last get that
		// shows it has gone.
		for r.reduceOperations(size) {
		}
	}
	return &Violation{Key: r.key, Operations: r.operations, Timestamps: r.timestamps, Smallest: r.inTime()}
}

func (r *reduction) inTime() bool { return time.Now().Before(r.until) }

// illegal reports whether these operations are, at these timestamps. Without an answer
// they are not.
func (r *reduction) illegal(operations []Operation, timestamps []int64) bool {
	if !r.inTime() {
		return false
	}
	s := series{key: r.key, operations: at(operations, timestamps), timestamps: timestamps}
	return r.check(s, min(time.Until(r.until), time.Second)) == Illegal
}

// reduceTimestamps leaves out every timestamp that can go.
func (r *reduction) reduceTimestamps() {
	for i := len(r.timestamps) - 1; i >= 0 && len(r.timestamps) > 1; i-- {
		rest := slices.Delete(slices.Clone(r.timestamps), i, i+1)
		if r.illegal(r.operations, rest) {
			r.timestamps = rest
		}
	}
	r.operations = slices.DeleteFunc(r.operations, func(o Operation) bool {
		return o.Put && !slices.Contains(r.timestamps, o.Timestamp)
	})
}

// reduceOperations leaves out what it can of size operations in a row, from the last
// to the first, and reports whether anything could go.
func (r *reduction) reduceOperations(size int) (shorter bool) {
	for end := len(r.operations); end > 0 && r.inTime(); end -= size {
		rest := r.without(max(0, end-size), end)
		if len(rest) < len(r.operations) && r.illegal(rest, r.timestamps) {
			r.operations, shorter = rest, true
		}
	}
	return shorter
}

// without returns the operations but those from begin to end that may be left out.
func (r *reduction) without(begin, end int) []Operation {
	type point struct {
		timestamp int64
		value     float64
	}
	shown := make(map[point]bool)
	for i, o := range r.operations {
		if i >= begin && i < end {
			continue
		}
		for _, sample := range o.Samples {
			shown[point{sample.Timestamp, sample.Value}] = true
		}
	}
	var rest []Operation
	for i, o := range r.operations {
		if i < begin || i >= end || o.Put && shown[point{o.Timestamp, o.Value}] {
			rest = append(rest, o)
		}
	}
	return rest
}

// at returns what can be seen of operations at timestamps alone.
func at(operations []Operation, timestamps []int64) []Operation {
	var seen []Operation
	for _, o := range operations {
		if o.Put && !slices.Contains(timestamps, o.Timestamp) {
			continue
		}
		o.Samples = slices.DeleteFunc(slices.Clone(o.Samples), func(s oracle.Sample) bool {
			return !slices.Contains(timestamps, s.Timestamp)
		})
		seen = append(seen, o)
	}
	return seen
}

// Events returns the operations of the violation as a recorder would have recorded
// them: requests and replies by time, a lane for each client. Replies have the wording
// of oracle, and those to a get of everything hold the one key alone.
func (v *Violation) Events() []peer.Event {
	var events []peer.Event
	for _, o := range v.Operations {
		events = append(events, peer.Event{Conn: o.Client, At: o.Call, Kind: peer.Sent, Data: []byte(o.request() + "\n")})
		if o.Open {
			continue
		}
		var reply strings.Builder
		reply.WriteString("ok\n")
		for _, s := range o.Samples {
			reply.WriteString(oracle.Sample{Key: o.Key, Value: s.Value, Timestamp: s.Timestamp}.Line())
		}
		events = append(events, peer.Event{Conn: o.Client, At: o.Return, Kind: peer.Received, Data: []byte(reply.String() + "\n")})
	}
	slices.SortStableFunc(events, func(a, b peer.Event) int { return cmp.Compare(a.At, b.At) })
	return events
}

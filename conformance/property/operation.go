package property

import (
	"fmt"
	"strings"
	"time"

	"github.com/putget-protocol/putget/conformance/oracle"
)

// An Operation is one put of a key, or one get of it, as its client saw it. A get of
// everything is an operation for each key, all with the times of the one request.
type Operation struct {
	Client string // who: "A", "B", ...
	Key    string
	Put    bool // a put of Value at Timestamp; otherwise a get
	Value  float64
	// Timestamp is that of the put.
	Timestamp int64
	// Samples is what a get returned: one for each timestamp, in any order; their Key
	// is ignored.
	Samples []oracle.Sample
	// Call is a time before the first byte of the request was sent, Return one after
	// the last byte of the reply came, both on one clock.
	Call, Return time.Duration
	// Open says that the outcome of a put is unknown: it took effect at some time after
	// Call, or will, or never. Return does not count then. A get is never open: one
	// without reply is no operation.
	Open bool
	All  bool // a get of everything was asked for
}

// String returns the operation as one line.
func (o Operation) String() string {
	when := fmt.Sprintf("%9.3f to %9.3f ms", milliseconds(o.Call), milliseconds(o.Return))
	if o.Open {
		when = fmt.Sprintf("%9.3f ms to ?", milliseconds(o.Call))
	}
	return fmt.Sprintf("%s %s: %s", o.Client, when, o.describe())
}

func (o Operation) describe() string {
	switch {
	case o.Open:
		return o.request() + ": unknown outcome"
	case o.Put:
		return o.request() + ": ok"
	default:
		return o.request() + ": " + describe(o.Samples)
	}
}

// request returns the request without its LF.
func (o Operation) request() string {
	r := oracle.Request{Verb: oracle.Get, Key: o.Key, All: o.All}
	if o.Put {
		r = oracle.Request{Verb: oracle.Put, Key: o.Key, Value: o.Value, Timestamp: o.Timestamp}
	}
	return strings.TrimSuffix(r.Line(), "\n")
}

// describe returns a series as one line.
func describe(samples []oracle.Sample) string {
	if len(samples) == 0 {
		return "no samples"
	}
	texts := make([]string, len(samples))
	for i, s := range samples {
		texts[i] = oracle.FormatValue(s.Value) + " at " + oracle.FormatTimestamp(s.Timestamp)
	}
	return strings.Join(texts, ", ")
}

func milliseconds(d time.Duration) float64 { return float64(d.Microseconds()) / 1000 }

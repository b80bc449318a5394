package property

import (
	"encoding/binary"
	"hash/maphash"
	"math"
	"slices"
	"strings"

	"github.com/anishathalye/porcupine"

	"github.com/putget-protocol/putget/conformance/oracle"
)

// A state of one key's series, for the checker: for each timestamp that its history
// mentions, in ascending order, one byte that says whether there is a sample, and the
// eight of its value. A string, because states are compared and kept by the million.
type state string

// slotSize is what a timestamp takes in a state.
const slotSize = 9

// An access is what an operation does to the series of its key.
type access struct {
	put  bool
	slot int    // of the timestamp of a put
	cell string // what the put writes there
}

// A series is the history of one key, ready for the checker.
type series struct {
	key        string
	operations []Operation
	timestamps []int64 // ascending; their indexes are the slots
}

func newSeries(key string, operations []Operation) series {
	s := series{key: key, operations: operations}
	for _, o := range operations {
		if o.Put {
			s.timestamps = append(s.timestamps, o.Timestamp)
		}
		for _, sample := range o.Samples {
			s.timestamps = append(s.timestamps, sample.Timestamp)
		}
	}
	slices.Sort(s.timestamps)
	s.timestamps = slices.Compact(s.timestamps)
	return s
}

// history returns the operations as the checker takes them: the input is an access,
// and the output of a get the state that it saw.
func (s series) history(clients map[string]int) []porcupine.Operation {
	history := make([]porcupine.Operation, len(s.operations))
	for i, o := range s.operations {
		p := porcupine.Operation{ClientId: clients[o.Client], Call: int64(o.Call), Return: int64(o.Return), Metadata: o}
		if o.Open {
			// It may take effect at any time, and last of all is as good as never.
			p.Return = math.MaxInt64
		}
		if o.Put {
			p.Input = access{put: true, slot: s.slot(o.Timestamp), cell: cell(o.Value)}
		} else {
			p.Input, p.Output = access{}, s.state(o.Samples)
		}
		history[i] = p
	}
	return history
}

func (s series) slot(timestamp int64) int {
	slot, _ := slices.BinarySearch(s.timestamps, timestamp)
	return slot
}

func (s series) state(samples []oracle.Sample) state {
	text := []byte(strings.Repeat("\x00", slotSize*len(s.timestamps)))
	for _, sample := range samples {
		copy(text[slotSize*s.slot(sample.Timestamp):], cell(sample.Value))
	}
	return state(text)
}

// cell returns a sample of a value as it stands in a state; zero has no sign (REP-006).
func cell(value float64) string {
	if value == 0 {
		value = 0
	}
	return string(binary.BigEndian.AppendUint64([]byte{1}, math.Float64bits(value)))
}

// samples is the reverse of state.
func (s series) samples(of state) []oracle.Sample {
	var samples []oracle.Sample
	for i, timestamp := range s.timestamps {
		c := of[i*slotSize : (i+1)*slotSize]
		if c[0] == 1 {
			value := math.Float64frombits(binary.BigEndian.Uint64([]byte(c[1:])))
			samples = append(samples, oracle.Sample{Key: s.key, Value: value, Timestamp: timestamp})
		}
	}
	return samples
}

// model is one series as the specification has it: a put writes a sample, a get sees
// all of them (CON-003, CON-004).
func (s series) model() porcupine.Model {
	seed := maphash.MakeSeed()
	return porcupine.Model{
		Init: func() any { return s.state(nil) },
		Step: func(before, input, output any) (bool, any) {
			in, now := input.(access), before.(state)
			if !in.put {
				return output.(state) == now, now
			}
			at := in.slot * slotSize
			return true, now[:at] + state(in.cell) + now[at+slotSize:]
		},
		Hash:                      func(of any) uint64 { return maphash.String(seed, string(of.(state))) },
		DescribeState:             func(of any) string { return describe(s.samples(of.(state))) },
		DescribeOperationMetadata: func(of any) string { return of.(Operation).String() },
		DescribeOperation: func(input, output any) string {
			in := input.(access)
			if !in.put {
				return "get: " + describe(s.samples(output.(state)))
			}
			one := s.state(nil)
			at := in.slot * slotSize
			return "put " + describe(s.samples(one[:at]+state(in.cell)+one[at+slotSize:]))
		},
	}
}

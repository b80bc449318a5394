package memory

import (
	"cmp"
	"slices"

	"github.com/putget-protocol/putget/server"
)

// chunkSize is the most samples that a chunk holds. A late put moves up to this
// many samples; the list of chunks is that much shorter than the series.
const chunkSize = 512

// A chunk is a part of a series: samples ascending by timestamp.
type chunk struct {
	epoch   uint64 // when the array under samples was made
	samples []server.Sample
}

func (c *chunk) full() bool { return len(c.samples) >= chunkSize }

func (c *chunk) last() int64 { return c.samples[len(c.samples)-1].Timestamp }

// find returns where the sample of that timestamp is, or would have to go.
func (c *chunk) find(timestamp int64) (at int, found bool) {
	return slices.BinarySearchFunc(c.samples, timestamp, func(s server.Sample, t int64) int {
		return cmp.Compare(s.Timestamp, t)
	})
}

// set replaces the sample at that place, or inserts p there.
func (c *chunk) set(at int, replace bool, p server.Sample) {
	if replace {
		c.samples[at] = p
		return
	}
	c.samples = slices.Insert(c.samples, at, p)
}

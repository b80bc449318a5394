package memory

import (
	"bytes"
	"slices"
	"sort"
	"sync"

	"github.com/putget-protocol/putget/server"
)

// A series holds the samples of one key: the sealed chunks, then the tail. Every
// sample in a chunk is older than every one in the next, and the tail is the
// last. No chunk is empty, but for the tail of a series without samples.
//
// epoch counts snapshots. What was made in the present epoch came after the last
// snapshot: no reader can see it, and it may be changed in place. Anything older
// is copied before it is changed. Appending needs no copy, since a snapshot does
// not look beyond the length that it found.
type series struct {
	key []byte // never changes

	mu        sync.Mutex // guards what follows
	epoch     uint64
	sealed    []*chunk
	listEpoch uint64 // when the array under sealed was made
	tail      chunk
}

func newSeries(key []byte) *series { return &series{key: bytes.Clone(key)} }

// put stores the leading puts that are for this series, of which the first is
// one, and returns how many they are.
func (s *series) put(puts []server.Put) int {
	s.mu.Lock()
	defer s.mu.Unlock()
	for i, p := range puts {
		if i > 0 && !bytes.Equal(p.Key, s.key) {
			return i
		}
		s.store(p.Sample)
	}
	return len(puts)
}

// store puts one sample where it belongs.
func (s *series) store(p server.Sample) {
	if len(s.tail.samples) == 0 || p.Timestamp > s.tail.last() {
		s.push(p)
		return
	}
	i := sort.Search(len(s.sealed), func(i int) bool { return p.Timestamp <= s.sealed[i].last() })
	if i < len(s.sealed) {
		s.storeInSealed(i, p)
		return
	}
	s.storeInTail(p)
}

// push appends a sample that is newer than all others.
func (s *series) push(p server.Sample) {
	if s.tail.full() {
		s.seal(s.tail)
		s.tail = chunk{epoch: s.epoch}
	}
	s.tail.samples = append(s.tail.samples, p)
}

// seal appends a chunk that is newer than all sealed ones.
func (s *series) seal(c chunk) { s.sealed = append(s.sealed, &c) }

// storeInTail replaces or inserts a sample in the tail.
func (s *series) storeInTail(p server.Sample) {
	if s.tail.epoch != s.epoch {
		s.tail = s.copyOf(s.tail)
	}
	at, found := s.tail.find(p.Timestamp)
	if !found && s.tail.full() {
		older, newer := s.split(s.tail)
		s.seal(older)
		s.tail = newer
		s.store(p) // in either half, and both have room
		return
	}
	s.tail.set(at, found, p)
}

// storeInSealed replaces or inserts a sample in sealed chunk i.
func (s *series) storeInSealed(i int, p server.Sample) {
	c := s.writable(i)
	at, found := c.find(p.Timestamp)
	if !found && c.full() {
		older, newer := s.split(*c)
		s.writableList()[i] = &newer
		s.sealed = slices.Insert(s.sealed, i, &older)
		s.store(p) // in either half, and both have room
		return
	}
	c.set(at, found, p)
}

// writable returns sealed chunk i in a form that may be changed in place.
func (s *series) writable(i int) *chunk {
	if c := s.sealed[i]; c.epoch == s.epoch {
		return c
	}
	c := s.copyOf(*s.sealed[i])
	s.writableList()[i] = &c
	return &c
}

// writableList returns the list of sealed chunks in a form of which the elements
// may be replaced.
func (s *series) writableList() []*chunk {
	if s.listEpoch != s.epoch {
		s.sealed, s.listEpoch = slices.Clone(s.sealed), s.epoch
	}
	return s.sealed
}

func (s *series) copyOf(c chunk) chunk {
	return chunk{s.epoch, slices.Clone(c.samples)}
}

// split returns the halves of a chunk of the present epoch. The older one keeps
// the array, and the room in it.
func (s *series) split(c chunk) (older, newer chunk) {
	half := len(c.samples) / 2
	return chunk{s.epoch, c.samples[:half]}, chunk{s.epoch, slices.Clone(c.samples[half:])}
}

// snapshot returns the present state of the series, in O(1).
func (s *series) snapshot() snapshot {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.epoch++
	return snapshot{s.key, s.sealed, s.tail.samples}
}

package property_test

import (
	"slices"
	"strconv"
	"sync/atomic"
	"time"

	"github.com/putget-protocol/putget/conformance/oracle"
)

// loseUpdates stores a copy of the series that was made some time before.
func loseUpdates(s *store) {
	s.put = func(_ int, req oracle.Request) string {
		before := slices.Clone(s.series[req.Key])
		s.pause()
		s.series[req.Key] = before
		return s.store(req)
	}
}

// halfRead shows one half of a series later than the other.
func halfRead(s *store) {
	s.get = func(_ int, key string) string {
		early := s.series[key]
		s.pause()
		late := s.series[key]
		half := func(first bool) func(oracle.Sample) bool {
			return func(o oracle.Sample) bool { return first == (o.Timestamp > 8) }
		}
		return show(slices.Concat(
			slices.DeleteFunc(slices.Clone(early), half(true)),
			slices.DeleteFunc(slices.Clone(late), half(false)),
		))
	}
}

// answerFirst answers a put before it is carried out.
func answerFirst(s *store) {
	s.put = func(_ int, req oracle.Request) string {
		time.AfterFunc(20*time.Millisecond, func() {
			s.mu.Lock()
			defer s.mu.Unlock()
			s.store(req)
		})
		return okEmpty
	}
}

// storeAndRefuse refuses every fourth value that it has stored.
func storeAndRefuse(s *store) {
	s.put = func(_ int, req oracle.Request) string {
		if s.store(req); int(req.Value)%4 == 0 {
			return "error\nstorage failed\n\n"
		}
		return okEmpty
	}
}

// pause lets others use the store for a while.
func (s *store) pause() {
	s.mu.Unlock()
	defer s.mu.Lock()
	time.Sleep(time.Millisecond)
}

// doubt answers every so many-th put with what, and carries it out at once, later or
// never.
func doubt(every int64, what string) func(s *store) {
	var n atomic.Int64
	return func(s *store) {
		s.put = func(_ int, req oracle.Request) string {
			i := n.Add(1)
			if i%every != 0 {
				return s.store(req)
			}
			switch i / every % 3 {
			case 0:
				s.store(req)
			case 1:
				time.AfterFunc(time.Millisecond, func() {
					s.mu.Lock()
					defer s.mu.Unlock()
					s.store(req)
				})
			}
			return what
		}
	}
}

// foreign puts the samples of others into a store.
func foreign(samples int) func(s *store) {
	return func(s *store) {
		for i := range samples {
			key := "other." + strconv.Itoa(i/100)
			s.series[key] = append(s.series[key], oracle.Sample{Key: key, Value: float64(i), Timestamp: int64(i % 100)})
		}
	}
}

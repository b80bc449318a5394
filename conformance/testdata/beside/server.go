// Package beside is a little server of the PutGet protocol in a module of its own, as
// somebody else would write it: right at level core, and judged in its own tests.
package beside

import (
	"bufio"
	"cmp"
	"fmt"
	"maps"
	"net"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"sync"
)

// A Server keeps samples in memory. Its fields break one rule each.
type Server struct {
	Unsorted bool // samples come in the order in which they were put: GET-004
	Appends  bool // a put never replaces: PUT-003

	mu     sync.Mutex
	series map[string][]sample
}

type sample struct {
	value     float64
	timestamp int64
}

var valueRE = regexp.MustCompile(`^-?[0-9]+(\.[0-9]+)?([eE][-+]?[0-9]+)?$`)

// Serve answers every connection until ln is closed.
func (s *Server) Serve(ln net.Listener) {
	for {
		conn, err := ln.Accept()
		if err != nil {
			return
		}
		go func() {
			defer conn.Close()
			for lines := bufio.NewScanner(conn); lines.Scan(); {
				if _, err := conn.Write([]byte(s.answer(strings.Split(lines.Text(), " ")))); err != nil {
					return
				}
			}
		}()
	}
}

func (s *Server) answer(tokens []string) string {
	s.mu.Lock()
	defer s.mu.Unlock()
	switch {
	case len(tokens) == 4 && tokens[0] == "put" && s.put(tokens[1], tokens[2], tokens[3]):
		return "ok\n\n"
	case len(tokens) == 2 && tokens[0] == "get" && tokens[1] == "*":
		return "ok\n" + s.lines(slices.Sorted(maps.Keys(s.series))...) + "\n"
	case len(tokens) == 2 && tokens[0] == "get":
		return "ok\n" + s.lines(tokens[1]) + "\n"
	default:
		return "error\nwrong command\n\n"
	}
}

// put reports whether the numbers are right.
func (s *Server) put(key, value, timestamp string) bool {
	v, err := strconv.ParseFloat(value, 64)
	t, wrong := strconv.ParseInt(timestamp, 10, 64)
	if err != nil || wrong != nil || !valueRE.MatchString(value) {
		return false
	}
	if s.series == nil {
		s.series = make(map[string][]sample)
	}
	same := func(old sample) bool { return old.timestamp == t && !s.Appends }
	s.series[key] = append(slices.DeleteFunc(s.series[key], same), sample{v, t})
	if !s.Unsorted {
		slices.SortStableFunc(s.series[key], func(a, b sample) int { return cmp.Compare(a.timestamp, b.timestamp) })
	}
	return true
}

func (s *Server) lines(keys ...string) string {
	var text strings.Builder
	for _, key := range keys {
		for _, one := range s.series[key] {
			fmt.Fprintf(&text, "%s %s %d\n", key, strconv.FormatFloat(one.value, 'g', -1, 64), one.timestamp)
		}
	}
	return text.String()
}

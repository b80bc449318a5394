package property_test

import (
	"bufio"
	"cmp"
	"io"
	"maps"
	"net"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/putget-protocol/putget/conformance/oracle"
)

// farewell behind a reply closes the connection when the rest is sent.
const farewell = "\x00"

// serve listens and answers each line of each connection with what answer returns, as
// it is but for a farewell. Connections are numbered from 1. All ends with the test.
func serve(t *testing.T, answer func(conn int, line string) string) (addr string) {
	t.Helper()
	ln, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { ln.Close() })
	go func() {
		for conn := 1; ; conn++ {
			c, err := ln.Accept()
			if err != nil {
				return
			}
			t.Cleanup(func() { c.Close() })
			go talk(c, func(line string) string { return answer(conn, line) })
		}
	}()
	return ln.Addr().String()
}

func talk(c net.Conn, answer func(line string) string) {
	defer c.Close()
	for r := bufio.NewReader(c); ; {
		line, err := r.ReadString('\n')
		if err != nil {
			return
		}
		reply := answer(strings.TrimSuffix(line, "\n"))
		text, last := strings.CutSuffix(reply, farewell)
		if _, err := io.WriteString(c, text); err != nil || last {
			return
		}
	}
}

// A store is a right one, with places where a test can make it wrong. Each hook is nil
// or replaces what it is named after; all run under the lock.
type store struct {
	mu     sync.Mutex
	series map[string][]oracle.Sample // ascending

	put    func(conn int, req oracle.Request) string
	get    func(conn int, key string) string
	getAll func(conn int) string
	wrong  func(conn int, line string) string
}

const (
	okEmpty = "ok\n\n"
	refused = "error\nwrong command\n\n"
)

func newStore() *store { return &store{series: make(map[string][]oracle.Sample)} }

func (s *store) answer(conn int, line string) string {
	s.mu.Lock()
	defer s.mu.Unlock()
	req, ok := oracle.ParseRequest([]byte(line))
	switch {
	case !ok && s.wrong != nil:
		return s.wrong(conn, line)
	case !ok:
		return refused
	case req.Verb == oracle.Put && s.put != nil:
		return s.put(conn, req)
	case req.Verb == oracle.Put:
		return s.store(req)
	case req.All && s.getAll != nil:
		return s.getAll(conn)
	case req.All:
		return s.everything()
	case s.get != nil:
		return s.get(conn, req.Key)
	default:
		return show(s.series[req.Key])
	}
}

func (s *store) store(req oracle.Request) string {
	at := sampleOf(req)
	series := slices.Clone(s.series[req.Key])
	i, found := slices.BinarySearchFunc(series, at, byTime)
	if found {
		series[i] = at
	} else {
		series = slices.Insert(series, i, at)
	}
	s.series[req.Key] = series
	return okEmpty
}

func (s *store) everything() string {
	var all []oracle.Sample
	for _, key := range slices.Sorted(maps.Keys(s.series)) {
		all = append(all, s.series[key]...)
	}
	return show(all)
}

func sampleOf(req oracle.Request) oracle.Sample {
	return oracle.Sample{Key: req.Key, Value: req.Value, Timestamp: req.Timestamp}
}

func byTime(a, b oracle.Sample) int { return cmp.Compare(a.Timestamp, b.Timestamp) }

func show(samples []oracle.Sample) string {
	var text strings.Builder
	text.WriteString("ok\n")
	for _, s := range samples {
		text.WriteString(s.Line())
	}
	return text.String() + "\n"
}

// indexOf returns where the series has a sample at the time of a put, or -1.
func indexOf(series []oracle.Sample, req oracle.Request) int {
	return slices.IndexFunc(series, func(s oracle.Sample) bool { return s.Timestamp == req.Timestamp })
}

// A flaw makes a store wrong.
type flaw struct {
	name  string
	spoil func(s *store)
}

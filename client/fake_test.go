package client_test

import (
	"bufio"
	"context"
	"fmt"
	"io"
	"net"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"

	"github.com/putget-protocol/putget/client"
)

// A peer is the server's end of one connection, driven by a script.
type peer struct {
	t    testing.TB
	conn net.Conn
	br   *bufio.Reader
}

func newPeer(t testing.TB, conn net.Conn) *peer {
	return &peer{t: t, conn: conn, br: bufio.NewReader(conn)}
}

// expect reads one line for each of want and fails the test at another one.
func (p *peer) expect(want ...string) {
	p.t.Helper()
	for _, line := range want {
		got, err := p.br.ReadString('\n')
		if got != line {
			p.t.Errorf("server received %q (%v), want %q", got, err, line)
		}
	}
}

// send writes each piece by itself.
func (p *peer) send(pieces ...string) {
	p.t.Helper()
	for _, piece := range pieces {
		if _, err := io.WriteString(p.conn, piece); err != nil {
			p.t.Errorf("server sends %q: %v", piece, err)
		}
	}
}

// expectEnd reads until the client is gone and fails the test at any byte.
func (p *peer) expectEnd() {
	p.t.Helper()
	if rest, _ := io.ReadAll(p.br); len(rest) > 0 {
		p.t.Errorf("server received %q, want no more", rest)
	}
}

// reset ends the connection with a RST.
func (p *peer) reset() {
	p.t.Helper()
	if err := p.conn.(*net.TCPConn).SetLinger(0); err != nil {
		p.t.Error(err)
	}
	p.conn.Close()
}

// listen serves script to every connection on a loopback socket until the test
// ends.
func listen(t testing.TB, script func(*peer)) (addr string) {
	t.Helper()
	ln, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	var scripts sync.WaitGroup
	scripts.Go(func() {
		for {
			conn, err := ln.Accept()
			if err != nil {
				return // closed below
			}
			scripts.Go(func() {
				defer conn.Close()
				script(newPeer(t, conn))
			})
		}
	})
	t.Cleanup(func() { ln.Close(); scripts.Wait() })
	return ln.Addr().String()
}

// dial connects to a script over a real socket. The client is closed before the
// script is waited for.
func dial(t testing.TB, cfg client.Config, script func(*peer)) *client.Client {
	t.Helper()
	c, err := client.Dial(context.Background(), listen(t, script), cfg)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { c.Close() })
	return c
}

// pipe connects to a peer over a net.Pipe, where a write lasts until it is read. It
// is for tests in a synctest bubble.
func pipe(t testing.TB, cfg client.Config) (*client.Client, *peer) {
	near, far := net.Pipe()
	c := client.New(near, cfg)
	t.Cleanup(func() { c.Close(); far.Close() })
	return c, newPeer(t, far)
}

// A store is a small server: it knows puts and gets and panics on all else.
type store struct {
	mu     sync.Mutex
	series map[string]map[int64]float64
}

func (s *store) serve(p *peer) {
	for {
		line, err := p.br.ReadString('\n')
		if err != nil {
			return
		}
		if _, err := io.WriteString(p.conn, s.answer(line)); err != nil {
			return
		}
	}
}

func (s *store) answer(line string) string {
	s.mu.Lock()
	defer s.mu.Unlock()
	f := strings.Split(strings.TrimSuffix(line, "\n"), " ")
	switch {
	case len(f) == 4 && f[0] == "put":
		value, verr := strconv.ParseFloat(f[2], 64)
		timestamp, terr := strconv.ParseInt(f[3], 10, 64)
		if verr != nil || terr != nil {
			panic(fmt.Sprintf("the client sent %q", line))
		}
		if s.series == nil {
			s.series = make(map[string]map[int64]float64)
		}
		if s.series[f[1]] == nil {
			s.series[f[1]] = make(map[int64]float64)
		}
		s.series[f[1]][timestamp] = value
		return "ok\n\n"
	case len(f) == 2 && f[0] == "get" && f[1] == "*":
		var b strings.Builder
		for key := range s.series {
			b.WriteString(s.lines(key))
		}
		return "ok\n" + b.String() + "\n"
	case len(f) == 2 && f[0] == "get":
		return "ok\n" + s.lines(f[1]) + "\n"
	}
	panic(fmt.Sprintf("the client sent %q", line))
}

// lines renders a series in descending order, which a client has to turn round.
func (s *store) lines(key string) string {
	var timestamps []int64
	for t := range s.series[key] {
		timestamps = append(timestamps, t)
	}
	slices.Sort(timestamps)
	slices.Reverse(timestamps)
	var b strings.Builder
	for _, t := range timestamps {
		fmt.Fprintf(&b, "%s %v %d\n", key, s.series[key][t], t)
	}
	return b.String()
}

// sample is short for a client.Sample.
func sample(timestamp int64, value float64) client.Sample {
	return client.Sample{Timestamp: timestamp, Value: value}
}

// point is short for a client.Point.
func point(key string, value float64, timestamp int64) client.Point {
	return client.Point{Key: key, Sample: sample(timestamp, value)}
}

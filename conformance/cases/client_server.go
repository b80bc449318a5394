package cases

import (
	"context"
	"fmt"
	"sync"

	"github.com/putget-protocol/putget/conformance/peer"
)

// clientLane is the lane of the calls, beside those of the connections.
const clientLane = "client"

// A scripted is a server that a client is driven against. It accepts any number of
// connections and hands on what comes over them; what to answer is the script of the
// call that is under way, whichever connection the request comes over.
type scripted struct {
	rec      *peer.Recorder
	listener *peer.Listener
	arrivals chan arrival
	running  sync.WaitGroup

	mu       sync.Mutex // guards the fields below
	lanes    []*lane
	released bool
}

// A lane is one connection that the client made.
type lane struct {
	name  string
	peer  *peer.Conn
	ended bool // from our side or that of the client; used by the drive alone
}

// An arrival is what came over a lane: one request line with its LF; nothing at all
// when the connection was made; or its end.
type arrival struct {
	lane *lane
	line []byte
	end  bool
}

// newScripted returns a server that listens until ctx ends or it is released.
func newScripted(ctx context.Context, rec *peer.Recorder) (*scripted, error) {
	listener, err := peer.Listen(rec)
	if err != nil {
		return nil, err
	}
	s := &scripted{rec: rec, listener: listener, arrivals: make(chan arrival, 256)}
	s.running.Go(func() { s.accept(ctx) })
	return s, nil
}

// laneName names the lanes A to Z in the order in which they are made.
func laneName(i int) string {
	const letters = 26
	if i < letters {
		return string(rune('A' + i))
	}
	return fmt.Sprintf("C%d", i+1)
}

// first returns the first connection that the client made, nil for none.
func (s *scripted) first() *lane {
	s.mu.Lock()
	defer s.mu.Unlock()
	if len(s.lanes) == 0 {
		return nil
	}
	return s.lanes[0]
}

func (s *scripted) accept(ctx context.Context) {
	for i := 0; ; i++ {
		conn, err := s.listener.Accept(ctx, laneName(i))
		if err != nil {
			return // the end of the look
		}
		l := &lane{name: laneName(i), peer: conn}
		s.mu.Lock()
		released := s.released
		s.lanes = append(s.lanes, l)
		s.mu.Unlock()
		if released {
			conn.Close()
			return
		}
		s.hand(ctx, arrival{lane: l})
		s.running.Go(func() { s.read(ctx, l) })
	}
}

// read hands on the lines of a lane until it ends.
func (s *scripted) read(ctx context.Context, l *lane) {
	for {
		line, err := l.peer.ReadLine(ctx)
		if err != nil {
			s.hand(ctx, arrival{lane: l, end: true})
			return
		}
		s.hand(ctx, arrival{lane: l, line: line})
	}
}

func (s *scripted) hand(ctx context.Context, a arrival) {
	select {
	case s.arrivals <- a:
	case <-ctx.Done():
	}
}

// release closes everything; cancel must end the context that newScripted was given.
func (s *scripted) release(cancel context.CancelFunc) {
	s.listener.Close()
	s.mu.Lock()
	s.released = true
	lanes := s.lanes
	s.mu.Unlock()
	for _, l := range lanes {
		l.peer.Close()
	}
	cancel()
	s.running.Wait()
}

// loose returns the bytes behind the last LF that came over a lane.
func (s *scripted) loose(l *lane) []byte {
	var got []byte
	for _, e := range s.rec.Events() {
		if e.Kind != peer.Received || e.Conn != l.name {
			continue
		}
		got = append(got, e.Data...)
	}
	for i := len(got) - 1; i >= 0; i-- {
		if got[i] == '\n' {
			return got[i+1:]
		}
	}
	return got
}

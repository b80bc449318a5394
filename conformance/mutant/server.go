package mutant

import (
	"net"
	"sync"
	"time"

	"github.com/putget-protocol/putget/conformance/oracle"
)

// A Server serves with some faults, or none. It is made by New.
type Server struct {
	b     *Behaviour
	turns chan struct{} // holds a token for each session that is served, where not all are
	done  chan struct{} // closed at the end

	mu    sync.Mutex // guards the fields below, and what the Behaviour does
	store *Store
	conns map[net.Conn]bool
	ln    net.Listener
	ended bool
	wg    sync.WaitGroup
}

// New returns a server that has the given faults, which are applied in their order.
func New(faults ...Fault) *Server {
	b := Right()
	for _, f := range faults {
		f.Apply(b)
	}
	return newServer(b)
}

// NewVariant returns a server that is right in an unusual way.
func NewVariant(v Variant) *Server {
	b := Right()
	v.Apply(b)
	return newServer(b)
}

func newServer(b *Behaviour) *Server {
	srv := &Server{b: b, turns: make(chan struct{}, b.AtOnce), done: make(chan struct{}), store: NewStore(), conns: make(map[net.Conn]bool)}
	srv.store.lock = &srv.mu
	b.Prepare(srv.store)
	return srv
}

// Serve accepts connections until the listener fails, which it does after Close. It
// returns the listener's error.
func (srv *Server) Serve(ln net.Listener) error {
	srv.mu.Lock()
	srv.ln = ln
	srv.mu.Unlock()
	for {
		nc, err := ln.Accept()
		if err != nil {
			srv.Close()
			return err
		}
		srv.mu.Lock()
		if srv.ended {
			nc.Close()
		} else {
			srv.conns[nc] = true
			s := &Session{server: srv, conn: nc, then: srv.b.Accept(len(srv.conns))}
			srv.wg.Go(s.serve)
		}
		srv.mu.Unlock()
	}
}

// Close ends the server and all sessions, and waits for them.
func (srv *Server) Close() {
	srv.die()
	srv.wg.Wait()
}

// die ends the server at once, as a crash would.
func (srv *Server) die() {
	srv.mu.Lock()
	defer srv.mu.Unlock()
	if !srv.ended {
		close(srv.done)
	}
	srv.ended = true
	if srv.ln != nil {
		srv.ln.Close()
	}
	for nc := range srv.conns {
		nc.Close()
	}
}

// A Session is one connection of a Server.
type Session struct {
	server *Server
	conn   net.Conn
	then   Then

	pending  []byte                     // of a line whose LF has not come
	ahead    []byte                     // what was read before its turn
	skipping bool                       // the rest of a line that was too long
	own      *Store                     // for faults that give each session a store
	spoilt   bool                       // for faults that spoil a session
	answered int                        // for faults that show after many requests
	seen     map[string][]oracle.Sample // for faults that remember what was shown
}

func (s *Session) serve() {
	srv := s.server
	defer func() {
		s.conn.Close()
		srv.b.Gone(s)
		srv.mu.Lock()
		delete(srv.conns, s.conn)
		srv.mu.Unlock()
	}()
	if s.then != GoOn {
		s.leave(s.then)
		return
	}
	if srv.b.AtOnce > 0 {
		select {
		case srv.turns <- struct{}{}:
			defer func() { <-srv.turns }()
		case <-srv.done:
			return
		}
	}
	if greeting := srv.b.Greet(); greeting != "" && s.write(greeting) != nil {
		return
	}
	s.loop()
}

// leave does what ends the service of a session. The connection is closed after it.
func (s *Session) leave(then Then) {
	tcp, _ := s.conn.(*net.TCPConn)
	switch then {
	case Die:
		s.server.die()
	case Silence:
		s.idle()
	case Refuse:
		s.write("error\ntoo many connections\n\n")
	case Reset:
		if tcp != nil {
			tcp.SetLinger(0)
		}
	case Drain:
		if tcp != nil {
			tcp.CloseWrite()
		}
		s.conn.SetReadDeadline(time.Now().Add(drainTime))
		s.idle()
	}
}

// idle reads and drops until the connection ends.
func (s *Session) idle() {
	buf := make([]byte, 4096)
	for {
		if _, err := s.conn.Read(buf); err != nil {
			return
		}
	}
}

func (s *Session) loop() {
	b := s.server.b
	buf := make([]byte, 64<<10)
	for {
		if b.Idle > 0 {
			s.conn.SetReadDeadline(time.Now().Add(b.Idle))
		}
		n, err := s.read(buf)
		if n > 0 && !s.answer(b.Take(s, buf[:n])) {
			return
		}
		if err != nil {
			if s.answer(b.Last(s)) && b.End() == Silence {
				<-s.server.done
			}
			return
		}
	}
}

func (s *Session) read(buf []byte) (int, error) {
	if len(s.ahead) > 0 {
		n := copy(buf, s.ahead)
		s.ahead = s.ahead[n:]
		return n, nil
	}
	return s.conn.Read(buf)
}

// answer answers events and reports whether the session goes on.
func (s *Session) answer(events []Event) bool {
	b := s.server.b
	var replies []string
	then := GoOn
	for _, e := range events {
		reply, right := s.reply(e)
		replies = append(replies, reply)
		if e.TooLong {
			then = b.AfterLong()
		} else {
			then = b.After(e.Line, right)
		}
		if then != GoOn {
			break
		}
	}
	if then != Die && len(replies) > 0 && b.Write(s, replies) != nil {
		return false
	}
	if then != GoOn {
		s.leave(then)
	}
	return then == GoOn
}

// reply carries out one event.
func (s *Session) reply(e Event) (reply string, right bool) {
	srv := s.server
	srv.mu.Lock()
	defer srv.mu.Unlock()
	b, st := srv.b, srv.b.Store(s)
	if e.TooLong {
		return b.TooLong(), false
	}
	s.answered++
	req, right := b.Parse(e.Line)
	switch {
	case !right:
		return b.Wrong(s, e.Line), false
	case req.Verb == oracle.Put:
		b.Insert(st, req.Key, oracle.Sample{Value: req.Value, Timestamp: req.Timestamp})
		return b.Put(), true
	case req.All:
		return b.GetAll(srv.lines(srv.sortedAll(b.All(st)))), true
	default:
		samples := b.Find(st, req.Key)
		b.Sort(samples)
		return b.Get(srv.lines(samples)), true
	}
}

// sortedAll sorts the samples of each key where they stand.
func (srv *Server) sortedAll(all []oracle.Sample) []oracle.Sample {
	places := make(map[string][]int)
	for i, s := range all {
		places[s.Key] = append(places[s.Key], i)
	}
	for _, at := range places {
		series := make([]oracle.Sample, len(at))
		for i, p := range at {
			series[i] = all[p]
		}
		srv.b.SortAll(series)
		for i, p := range at {
			all[p] = series[i]
		}
	}
	return all
}

func (srv *Server) lines(samples []oracle.Sample) []string {
	lines := make([]string, len(samples))
	for i, s := range samples {
		lines[i] = srv.b.Line(srv.b, s)
	}
	return lines
}

func (s *Session) write(text string) error {
	if text == "" {
		return nil
	}
	_, err := s.conn.Write([]byte(text))
	return err
}

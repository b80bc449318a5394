package cases

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/putget-protocol/putget/conformance/oracle"
	"github.com/putget-protocol/putget/conformance/peer"
	"github.com/putget-protocol/putget/spec"
)

// A Look says how a case looks at a target. All fields but Level must be set.
type Look struct {
	Addr string // of the target, "host:port"
	// KeyPrefix begins every key of the look. It is 1 to 24 of the characters of a
	// key at level core, and nobody else may use it.
	KeyPrefix string
	// Gate lets connections in one after the other. Nil lets them in at once.
	Gate     *peer.Gate
	Level    spec.Level    // zero means full
	Patience time.Duration // how long a reply may keep silent before it is missing
	Quiet    time.Duration // how long nothing must come to be called silence
	// OneSession says that the target serves one connection at a time.
	OneSession bool
	// Longest bounds the look as a whole, against targets that never stop sending.
	Longest time.Duration
	// ServesNobody says that the target was seen to close every new connection.
	ServesNobody bool
	// Endless says that the target is known to send replies without end, so that one
	// which may be such is not waited for long.
	Endless bool
	// Width is how many of a case's own conversations may go on side by side. Zero means 1.
	Width int
	// Early is the KeyPrefix of a look of SanityFirst that passed, since when the target
	// was not started again; "" for none. SanityLast asks for what that look has put.
	Early string
	// Passed reports whether a case was judged and passed, or was not judged. A case of
	// Delivery leaves out what fails when it is sent whole. Nil means that all passed.
	Passed func(caseID string) bool
	// Seed chooses what is generated. Zero means by chance.
	Seed uint64
	// Budget is how long generated cases may go on. Zero means DefaultBudget.
	Budget time.Duration
	// Start starts a process that drives a client, one for each look. It is nil for
	// servers, and all that clients need besides Patience and Longest.
	Start func(ctx context.Context) (Caller, error)
	// Starting is how long a process that drives a client may take to its first answer.
	// Zero means as long as any other answer may.
	Starting time.Duration
}

// DefaultBudget is the Budget of a Look that has none.
const DefaultBudget = 2 * time.Second

// Look runs the case once. Cancelling ctx ends it soon. It closes its connections
// and may be called concurrently, also for one case.
func (c Case) Look(ctx context.Context, l Look) Outcome {
	began := time.Now()
	ctx, cancel := context.WithTimeout(ctx, l.Longest)
	defer cancel()
	if c.Side == spec.Client {
		return c.lookAtClient(ctx, l)
	}
	s := newSession(l, c)
	s.run(ctx)
	s.out.Duration = time.Since(began)
	return s.out
}

func newSession(l Look, c Case) *Session {
	s := &Session{look: l, c: c, rec: peer.NewRecorder(), lanes: make(map[string]*Conn), puts: make(map[string]int64)}
	// With the point, as the prefix of another look may begin with this one.
	own := l.KeyPrefix + "."
	s.model.Own = func(key string) bool { return strings.HasPrefix(key, own) }
	return s
}

// run runs the case of the session to its end and fills in the outcome.
func (s *Session) run(ctx context.Context) {
	s.c.Run(ctx, s)
	events := s.rec.Events()
	s.linger(ctx)
	s.release()
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.out.Events == nil {
		s.out.Events = events
		s.out.KeyPrefix = s.look.KeyPrefix
	}
}

// A case leaves a crowd when it had more than so many connections. A target may need a
// while to see that they have ended, and has it before the next case begins.
const (
	crowd      = 20
	lingerTime = time.Second
)

// linger closes a crowd of connections and waits until the target has done so too, for a
// while. What it does meanwhile is not judged.
func (s *Session) linger(ctx context.Context) {
	s.mu.Lock()
	opened, released := slices.Clone(s.opened), s.released
	s.mu.Unlock()
	if len(opened) <= crowd || released {
		return
	}
	wait, cancel := context.WithTimeout(ctx, lingerTime)
	defer cancel()
	var wg sync.WaitGroup
	for _, lane := range opened {
		wg.Go(func() { lane.peer.Depart(wait) })
	}
	wg.Wait()
}

// release closes all connections.
func (s *Session) release() {
	s.mu.Lock()
	opened := slices.Clone(s.opened)
	s.released = true
	s.mu.Unlock()
	for _, lane := range opened {
		lane.peer.Close()
	}
}

// A Session is what a running case holds: fresh keys, connections that are made
// when they are first named, and the record of what is seen. A failure after which
// a connection is out of step ends the session: everything later does nothing, so
// that a case need not ask after each step whether to go on.
//
// The methods of different connections may be called concurrently.
type Session struct {
	look Look
	c    Case
	rec  *peer.Recorder

	mu     sync.Mutex // guards the fields below
	model  oracle.Model
	puts   map[string]int64 // key -> timestamp of the last put that was answered with ok
	open   bool             // a put was answered otherwise, so that a get may tell of it
	lanes  map[string]*Conn
	opened []*Conn
	// released says that the connections were closed from our side, also under the
	// hands of whoever uses them: trouble with them is none.
	released bool
	out      Outcome
	over     bool

	// How requests are delivered, where that is not whole.
	mode      mode
	turn      int       // of the places at which a line can be cut
	rotates   bool      // the turn moves on with each line
	how       string    // in words, the last one that was not sent whole
	focus     string    // the only line, with its LF, that the mode is for; "" for all
	single    bool      // the case goes through the turns of its line by itself
	places    int       // at which the lines that came by could be cut, at most
	delivered int       // requests that were sent in the mode
	until     time.Time // when to ask no more; zero for never
}

// Key returns a key that is used nowhere else: the same one each time for a name,
// which is 1 to 64 characters of a key at level core.
func (s *Session) Key(name string) string { return s.look.KeyPrefix + "." + name }

// LongKey is Key for a key of exactly so many bytes.
func (s *Session) LongKey(name string, length int) string {
	key := s.Key(name) + "."
	return key + strings.Repeat("x", max(0, length-len(key)))
}

// Level returns the level at which the target is judged.
func (s *Session) Level() spec.Level {
	if s.look.Level == "" {
		return spec.Full
	}
	return s.look.Level
}

// Quiet returns how long nothing must come to be called silence.
func (s *Session) Quiet() time.Duration { return s.look.Quiet }

// Conn returns the connection of that name and makes it when it is named for the
// first time.
func (s *Session) Conn(ctx context.Context, name string, blames ...Blame) *Conn {
	return s.Dial(ctx, name, peer.Dialer{}, blames...)
}

// Dial is Conn with a dialer of one's own.
func (s *Session) Dial(ctx context.Context, name string, d peer.Dialer, blames ...Blame) *Conn {
	s.mu.Lock()
	lane := s.lanes[name]
	over := s.over
	s.mu.Unlock()
	if lane != nil {
		return lane
	}
	lane = &Conn{s: s, name: name}
	d = s.mode.dialer(d)
	d.Gate = s.look.Gate
	if !over {
		d.Patience = s.look.Patience
		began := time.Now()
		var err error
		if lane.peer, err = d.Dial(ctx, s.rec, name, s.look.Addr); err != nil {
			lane.trouble(ctx, err, asked{blames: blames}, oracle.Allowed{})
		}
		lane.late = time.Since(began) > lateDial
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.lanes[name] = lane
	if lane.peer != nil {
		s.opened = append(s.opened, lane)
		if s.mode == readSlowly {
			lane.peer.SetReadPace(slowChunk, slowPause)
		}
	}
	return lane
}

// lateDial is how long a connection takes when the queue of the target is full: the
// kernel tries again after a second. What is sent then may be lost on the way.
const lateDial = 700 * time.Millisecond

// Observe notes a fact.
func (s *Session) Observe(name, value string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.out.Facts = append(s.out.Facts, Fact{name, value})
}

// Unsupported says that the target need not have what the case is about, and ends
// the session.
func (s *Session) Unsupported(why string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.out.Unsupported, s.over = why, true
}

// Over reports whether the session has ended before its time.
func (s *Session) Over() bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.over
}

// failed reports whether a failure was recorded.
func (s *Session) failed() bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	return len(s.out.Failures) > 0
}

// Fail records a failure that is not the fault of a single reply.
func (s *Session) Fail(f Failure) { s.fail(f, false) }

// fail records a failure, and ends the session when nothing can follow it.
func (s *Session) fail(f Failure, end bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.over = s.over || end || s.mode != sentWhole // in another mode one failure says it all
	if !s.knows(f) {
		s.out.Failures = append(s.out.Failures, f)
	}
}

// knows reports whether a failure like f was recorded. The caller holds mu.
func (s *Session) knows(f Failure) bool {
	return slices.ContainsFunc(s.out.Failures, func(known Failure) bool {
		return known.Requirement == f.Requirement && known.Symptom == f.Symptom
	})
}

// blame returns the requirement that is broken, of those that bind at the level.
func (s *Session) blame(k kind, line []byte, symptom Symptom, blames ...Blame) string {
	if s.Level() == spec.Core {
		return blameAtCore(k, line, symptom, blames...)
	}
	return blameFor(k, line, symptom, blames...)
}

// stop ends the session because of trouble of our own.
func (s *Session) stop(err error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.over = true
	if s.out.Err == nil {
		s.out.Err = fmt.Errorf("case %s: %w", s.c.ID, err)
	}
}

// kindOf says what a line, given without its LF, is to the store as it is known.
func (s *Session) kindOf(line []byte) kind {
	req, ok := oracle.ParseRequest(line)
	switch {
	case !ok:
		return wrong
	case req.Verb == oracle.Put:
		return put
	case req.All:
		return getAll
	case s.allowed(line).Check([]byte("ok\n\n")) == nil:
		return getUnknown
	default:
		return getKnown
	}
}

// allowed returns what may answer a line now, given without its LF.
func (s *Session) allowed(line []byte) oracle.Allowed {
	s.mu.Lock()
	defer s.mu.Unlock()
	allowed := s.model.AllowedLine(line)
	if s.Level() == spec.Core {
		// Others may have put what core does not judge.
		allowed = allowed.IgnoringForeign()
	}
	return allowed
}

// learn takes in what a reply to a line says about the store.
func (s *Session) learn(line, reply []byte) {
	s.mu.Lock()
	defer s.mu.Unlock()
	req, ok := oracle.ParseRequest(line)
	switch {
	case ok && req.Verb == oracle.Put:
		s.model.Apply(req, reply)
		if oracle.OKEmpty().Check(reply) == nil {
			s.puts[req.Key] = req.Timestamp
		} else {
			s.open = true
		}
	case ok && s.open:
		s.model.Apply(req, reply) // which settles nothing where nothing is open
	}
}

// latest returns the timestamp of the last put of a key.
func (s *Session) latest(key string) int64 {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.puts[key]
}

// own reports whether a key belongs to this session.
func (s *Session) own(key string) bool { return s.model.Own(key) }

// sessions returns how many connections may be used at once.
func (l Look) sessions() int {
	if l.OneSession {
		return 1
	}
	return 1 << 30
}

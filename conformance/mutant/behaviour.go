package mutant

import (
	"cmp"
	"slices"
	"strings"
	"time"

	"github.com/putget-protocol/putget/conformance/oracle"
)

// MaxLine is the longest line that the right server takes, in bytes.
const MaxLine = 16 << 10

// drainTime is how long a session that closes because of a long line reads on.
const drainTime = 2 * time.Second

// A Behaviour is every decision that a server takes. Its functions are called under
// the server's lock, but for Take, Last, Write, After, AfterLong, End and Gone.
type Behaviour struct {
	// Greet is what is sent when a connection is made.
	Greet func() string
	// Prepare fills the store before the first connection.
	Prepare func(st *Store)
	// MaxLine is the longest line that is taken, in bytes.
	MaxLine int
	// Take adds bytes that came to what a session has of a line, and returns the
	// events that they complete.
	Take func(s *Session, data []byte) []Event
	// Last returns the events at the end of the stream.
	Last func(s *Session) []Event
	// Parse decodes a line without its LF.
	Parse func(line []byte) (oracle.Request, bool)
	// Wrong answers a wrong request.
	Wrong func(s *Session, line []byte) string
	// Insert stores a sample.
	Insert func(st *Store, key string, sample oracle.Sample)
	// Find returns the samples that are shown for a key, in the order in which they
	// were inserted; All those of every key.
	Find func(st *Store, key string) []oracle.Sample
	All  func(st *Store) []oracle.Sample
	// Sort orders the samples of one key, SortAll those of each key for a get of all.
	Sort    func([]oracle.Sample)
	SortAll func([]oracle.Sample)
	// Value, Time and Line write numbers and sample lines.
	Value func(float64) string
	Time  func(int64) string
	Line  func(b *Behaviour, s oracle.Sample) string
	// Put, Get and GetAll write the replies to right requests.
	Put    func() string
	Get    func(lines []string) string
	GetAll func(lines []string) string
	// TooLong is the reply to a line that is too long.
	TooLong func() string
	// Write sends the replies to what came in one read.
	Write func(s *Session, replies []string) error
	// After says what follows the reply to a line, AfterLong what follows that to a
	// line that is too long.
	After     func(line []byte, right bool) Then
	AfterLong func() Then
	// Store returns the store of a session.
	Store func(s *Session) *Store
	// Accept says what becomes of the n-th of the open connections.
	Accept func(n int) Then
	// End says what becomes of a session whose client has ended its sending side.
	End func() Then
	// Gone is called when a session has ended.
	Gone func(s *Session)
	// AtOnce is how many sessions are served at once, 0 for all; the others wait.
	AtOnce int
	// Idle is how long a session may send nothing before it is closed, 0 for ever.
	Idle time.Duration
}

// A Then is what follows.
type Then int

// What can follow.
const (
	GoOn Then = iota
	Close
	Die     // the whole server ends
	Silence // the connection is kept and never served, or not any more
	Drain   // the sending side ends; what comes is read and dropped
	Reset   // the connection is reset
	Refuse  // the connection is closed behind an error that nobody asked for
)

// An Event is what the framing finds: a line, or that one is too long.
type Event struct {
	Line    []byte // without its LF
	TooLong bool
}

// Right returns the behaviour of a server without fault.
func Right() *Behaviour {
	return &Behaviour{
		Greet:     func() string { return "" },
		Prepare:   func(*Store) {},
		MaxLine:   MaxLine,
		Take:      takeLines,
		Last:      func(*Session) []Event { return nil },
		Parse:     oracle.ParseRequest,
		Wrong:     func(*Session, []byte) string { return wrongCommand },
		Insert:    func(st *Store, key string, s oracle.Sample) { st.replace(key, s) },
		Find:      func(st *Store, key string) []oracle.Sample { return st.of(key) },
		All:       allGrouped,
		Sort:      ascending,
		SortAll:   ascending,
		Value:     oracle.FormatValue,
		Time:      oracle.FormatTimestamp,
		Line:      sampleLine,
		Put:       func() string { return ok(nil) },
		Get:       ok,
		GetAll:    ok,
		TooLong:   func() string { return wrongCommand },
		Write:     func(s *Session, replies []string) error { return s.write(strings.Join(replies, "")) },
		After:     func([]byte, bool) Then { return GoOn },
		AfterLong: func() Then { return GoOn },
		Store:     func(s *Session) *Store { return s.server.store },
		Accept:    func(int) Then { return GoOn },
		End:       func() Then { return Close },
		Gone:      func(*Session) {},
	}
}

const wrongCommand = "error\nwrong command\n\n"

func ok(lines []string) string { return "ok\n" + strings.Join(lines, "") + "\n" }

func sampleLine(b *Behaviour, s oracle.Sample) string {
	return s.Key + " " + b.Value(s.Value) + " " + b.Time(s.Timestamp) + "\n"
}

func ascending(s []oracle.Sample) {
	slices.SortStableFunc(s, func(a, b oracle.Sample) int { return cmp.Compare(a.Timestamp, b.Timestamp) })
}

// takeLines cuts lines at LF. Of a line above the limit it reports the fact once,
// and skips the rest.
func takeLines(s *Session, data []byte) []Event {
	var events []Event
	for len(data) > 0 {
		line, rest, ended := cutLine(data)
		data = rest
		if !s.skipping {
			s.pending = append(s.pending, line...)
		}
		// One byte more for a CR, which may be followed by the LF.
		if !s.skipping && len(s.pending) > s.server.b.MaxLine+1 {
			events = append(events, Event{TooLong: true})
			s.skipping, s.pending = true, nil
		}
		if !ended {
			continue
		}
		if !s.skipping {
			events = append(events, Event{Line: slices.Clone(s.pending)})
		}
		s.skipping, s.pending = false, s.pending[:0]
	}
	return events
}

func cutLine(data []byte) (line, rest []byte, ended bool) {
	i := slices.Index(data, '\n')
	if i < 0 {
		return data, nil, false
	}
	return data[:i], data[i+1:], true
}

// allGrouped returns the samples of every key, key after key.
func allGrouped(st *Store) []oracle.Sample {
	var all []oracle.Sample
	for _, key := range st.keys {
		all = append(all, st.of(key)...)
	}
	return all
}

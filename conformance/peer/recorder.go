package peer

import (
	"bytes"
	"fmt"
	"slices"
	"sync"
	"time"
)

// A Kind says what an [Event] is.
type Kind string

// The kinds of events. Those of the other end are recorded when they are seen.
const (
	Dialed     Kind = "dialed"      // the connection stands; Note holds both its addresses
	Refused    Kind = "refused"     // the connection was refused, or could not be made for the reason in Note
	Sent       Kind = "sent"        // Data went to the kernel, in one write
	Received   Kind = "received"    // Data came, in one read
	HalfClosed Kind = "half-closed" // we ended our sending side
	Closed     Kind = "closed"      // the other end sent FIN
	Reset      Kind = "reset"       // the other end sent RST
	TimedOut   Kind = "timed-out"   // a wait of ours ended; Note says for what
	Left       Kind = "left"        // we closed the connection
	Cut        Kind = "cut"         // we reset the connection
	Noted      Kind = "noted"       // a remark of the case, in Note
)

// An Event is one thing that happened on a lane.
type Event struct {
	Conn string        // the name of the lane
	At   time.Duration // since the recorder was made; of a Sent event the time before the write, of a Received one the time after the read
	Kind Kind
	Data []byte // of Sent and Received; not to be changed
	// Size is how many bytes came, where Data holds only the first of them, else 0.
	Size int
	Note string // for a reader; may hold ports and texts of the system, which differ from run to run
}

// Len returns how many bytes were sent or came.
func (e Event) Len() int { return max(e.Size, len(e.Data)) }

// String returns the event as one line, with its bytes quoted.
func (e Event) String() string {
	text := fmt.Sprintf("%9.3fms %s %s", float64(e.At.Microseconds())/1000, e.Conn, e.Kind)
	if e.Kind == Sent || e.Kind == Received {
		text += fmt.Sprintf(" %q", e.Data)
	}
	if e.Size > 0 {
		text += fmt.Sprintf("... (%d bytes)", e.Size)
	}
	if e.Note != "" {
		text += " (" + e.Note + ")"
	}
	return text
}

// A Recorder collects the events of one case, from all its connections. It is safe
// for concurrent use. Its events are in the order in which they were recorded;
// on one lane that is the order in which they happened, but for a Sent event,
// which stands where its write began.
type Recorder struct {
	start time.Time

	mu       sync.Mutex // guards the fields below
	events   []Event
	received int // bytes that are kept of what came
}

// What a recorder keeps of what comes: all of so many bytes, and of each event after
// that the beginning.
const (
	keptWhole = 2 << 20
	keptEach  = 256
)

// NewRecorder returns an empty recorder whose clock starts now.
func NewRecorder() *Recorder { return &Recorder{start: time.Now()} }

// Since returns the time on the recorder's clock.
func (r *Recorder) Since() time.Duration { return time.Since(r.start) }

// Events returns a copy of what was recorded so far. The bytes are shared and
// must not be changed.
func (r *Recorder) Events() []Event {
	r.mu.Lock()
	defer r.mu.Unlock()
	return slices.Clone(r.events)
}

// Remark records a remark of the case on a lane, such as the death of the target.
func (r *Recorder) Remark(conn, note string) {
	r.add(Event{Conn: conn, Kind: Noted, Note: note})
}

// add records e with the present time and returns its index.
func (r *Recorder) add(e Event) int {
	r.mu.Lock()
	defer r.mu.Unlock()
	e.At = time.Since(r.start)
	r.events = append(r.events, e)
	return len(r.events) - 1
}

// addReceived records bytes that came. With join they are added to the event
// before when that is of the same kind and lane, so that bytes read one by one
// on purpose do not become an event each.
func (r *Recorder) addReceived(conn string, data []byte, join bool) {
	r.mu.Lock()
	defer r.mu.Unlock()
	kept := data
	if r.received > keptWhole {
		kept, join = data[:min(len(data), keptEach)], true
	}
	e := Event{Conn: conn, At: time.Since(r.start), Kind: Received, Data: kept}
	if len(kept) < len(data) {
		e.Size = len(data)
	}
	if n := len(r.events); join && n > 0 && r.events[n-1].Conn == conn && r.events[n-1].Kind == Received {
		r.received += r.events[n-1].lengthen(e)
		r.events[n-1].At = e.At
		return
	}
	e.Data = bytes.Clone(kept)
	r.received += len(kept)
	r.events = append(r.events, e)
}

// lengthen adds the bytes of another event, as long as none are missing before them,
// and returns how many it kept.
func (e *Event) lengthen(more Event) int {
	kept := more.Data
	if e.Size > 0 {
		kept = nil
	}
	if e.Size > 0 || more.Size > 0 {
		e.Size = e.Len() + more.Len()
	}
	e.Data = append(e.Data, kept...)
	return len(kept)
}

// shorten says of the Sent event i that only its first n bytes went out.
func (r *Recorder) shorten(i, n int, note string) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.events[i].Data = r.events[i].Data[:n]
	r.events[i].Note = note
}

// Join returns events with the pieces of each lane put together: neighbouring
// Sent events, and neighbouring Received ones, become one, with the time of the
// first. How TCP cut the bytes differs from run to run; this does not.
func Join(events []Event) []Event {
	var joined []Event
	last := make(map[string]int) // lane -> index in joined of its last event
	own := make(map[int]bool)    // the indexes whose Data is a copy made here
	for _, e := range events {
		i, ok := last[e.Conn]
		if !ok || joined[i].Kind != e.Kind || e.Kind != Sent && e.Kind != Received {
			last[e.Conn] = len(joined)
			joined = append(joined, e)
			continue
		}
		if !own[i] {
			joined[i].Data = bytes.Clone(joined[i].Data)
			own[i] = true
		}
		joined[i].lengthen(e)
		if joined[i].Note == "" {
			joined[i].Note = e.Note
		}
	}
	return joined
}

package report

import (
	"time"

	"github.com/putget-protocol/putget/spec"
)

// Format names the shape of the JSON. It changes when a field changes its meaning
// or goes away; new fields may come without a change.
const Format = "putget-conform/1"

// A Report is what one run says. Its JSON form is stable (see [Format]): lists are
// never null, durations are whole microseconds, and bytes are [Bytes].
type Report struct {
	Format  string    `json:"format"` // [Format]
	Suite   string    `json:"suite"`  // version of the judge
	Spec    Spec      `json:"spec"`
	Started time.Time `json:"started"`
	// Duration is the time of the whole run.
	Duration Micros     `json:"duration_us"`
	Level    spec.Level `json:"level"`
	Side     spec.Side  `json:"side"`
	// Seed is the seed of what was generated, in decimal; a string, because it may
	// be more than a double holds.
	Seed   string `json:"seed"`
	Target Target `json:"target"`
	// Conformant: at least one case said something, none failed or crashed, nothing
	// was blocked, and the judge had no trouble of its own.
	Conformant bool `json:"conformant"`
	// Accepted: conformant, or nothing failed but what was known to fail; and nothing
	// passed that was known to fail.
	Accepted bool `json:"accepted"`
	// Interrupted: the run was stopped; cases that did not run are not listed.
	Interrupted  bool          `json:"interrupted,omitempty"`
	Counts       Counts        `json:"counts"`
	Cases        []Case        `json:"cases"`         // in the order of the registry
	Requirements []Requirement `json:"requirements"`  // in the order of the text
	Findings     []Finding     `json:"findings"`      // in the order of their first case
	Observations []Observation `json:"observations"`  // in the order of the registry
	Known        []Known       `json:"known_failing"` // in the order in which they were given
	Notes        []string      `json:"notes"`         // remarks on the run as a whole
	// Artifacts are files that tell more of failures, for those who ask for them. They
	// are no part of the JSON.
	Artifacts []Artifact `json:"-"`
}

// An Artifact is the content of a file.
type Artifact struct {
	Name  string // of the file, without a folder
	Bytes []byte
}

// A Spec says by which text a run judged.
type Spec struct {
	Version string `json:"version"`
	SHA256  string `json:"sha256"` // of SPEC.md, in hexadecimal
}

// A Target says what was judged.
type Target struct {
	// Name is what the target was called for the run, empty when it got no name.
	Name    string `json:"name,omitempty"`
	Addr    string `json:"addr"`              // host:port, of the first start; empty for a client
	Command string `json:"command,omitempty"` // when the judge started it, or the file of a client
	// Latency is the longest round trip of the sanity case, by which deadlines were
	// chosen; 0 when it did not answer.
	Latency Micros `json:"latency_us"`
	// Starting is how long a process of a client took to its first answer; 0 for a server.
	Starting Micros `json:"starting_us,omitempty"`
	// Patience is how long a first look waited for a byte, Timeout a second one.
	Patience Micros `json:"patience_us"`
	Timeout  Micros `json:"timeout_us"`
	Restarts int    `json:"restarts"` // how often it died and was started again
}

// A Case is one case and what became of it.
type Case struct {
	ID           string     `json:"id"`
	Title        string     `json:"title"`
	Section      string     `json:"section"`
	Level        spec.Level `json:"level"`
	Requirements []string   `json:"requirements"`
	Verdict      Verdict    `json:"verdict"`
	// Reason says why the verdict is blocked, crashed, error or unsupported.
	Reason   string    `json:"reason,omitempty"`
	Looks    int       `json:"looks"` // how often it ran: 0 blocked, 2 when the first look met silence
	Duration Micros    `json:"duration_us"`
	Failures []Failure `json:"failures"` // in the order in which they were seen
	Facts    []Fact    `json:"facts"`
	Steps    []Step    `json:"steps"` // of the last look
}

// A Failure is one reply of a server or one call of a client, or the lack of an answer,
// that the specification does not allow.
type Failure struct {
	Requirement string  `json:"requirement"` // the sentence that was broken
	Verdict     Verdict `json:"verdict"`     // fail, or warn for a SHOULD
	Symptom     string  `json:"symptom"`     // what is wrong, a word from a closed set
	Connection  string  `json:"connection"`
	Request     Bytes   `json:"request,omitempty"` // what was sent and not answered before
	// RequestSize is the number of bytes of the request when Request holds only its
	// beginning, else 0. ReplySize likewise; Reply then begins at ReplyFrom.
	RequestSize int    `json:"request_size,omitempty"`
	Reply       Bytes  `json:"reply,omitempty"` // what came
	ReplySize   int    `json:"reply_size,omitempty"`
	ReplyFrom   int    `json:"reply_from,omitempty"`
	Offset      int    `json:"offset"` // of the first byte of the whole reply that is not allowed
	Want        string `json:"want"`   // what was due there
	Detail      string `json:"detail,omitempty"`
	// Allowed lists the replies that would have been right, as a server usually
	// writes them.
	Allowed []string `json:"allowed"`
	// Call and Answer are lines of the adapter of a client: what it was called with, and
	// what came of that. Answer is empty when nothing came. Request is then what the
	// client sent, and Reply what the judge sent to it.
	Call   string `json:"call,omitempty"`
	Answer string `json:"answer,omitempty"`
}

// A Step is one thing that happened on a connection.
type Step struct {
	At         Micros `json:"at_us"` // since the case began
	Connection string `json:"connection"`
	Kind       string `json:"kind"` // dialed, sent, received, half-closed, closed, reset, called, answered, ...
	Bytes      Bytes  `json:"bytes,omitempty"`
	Size       int    `json:"size,omitempty"` // of all the bytes, when Bytes holds only the first of them
	Note       string `json:"note,omitempty"` // of called and answered: the line of the adapter
}

// A Requirement is one sentence of the specification and what the run says of it.
type Requirement struct {
	ID      string       `json:"id"`
	Keyword spec.Keyword `json:"keyword"`
	Level   spec.Level   `json:"level"`
	Section string       `json:"section"`
	Text    string       `json:"text"`
	Verdict Verdict      `json:"verdict"`
	Cases   []string     `json:"cases"` // that are about it
	// Reason says why no case can be about it, when that is so.
	Reason string `json:"reason,omitempty"`
}

// A Finding is one cause, with its evidence: the first case that saw it.
type Finding struct {
	Requirement string       `json:"requirement"`
	Keyword     spec.Keyword `json:"keyword"`
	Section     string       `json:"section"`
	Text        string       `json:"text"` // the sentence, word by word
	Verdict     Verdict      `json:"verdict"`
	Case        string       `json:"case"`
	Title       string       `json:"title"` // of the case
	Failure     Failure      `json:"failure"`
	Steps       []Step       `json:"steps"`
	// Also lists what else broke the same sentence, Follows what other sentences
	// seem broken because of it.
	Also    []Trace `json:"also"`
	Follows []Trace `json:"follows"`
	Help    string  `json:"help,omitempty"`      // what usually causes this
	Again   string  `json:"reproduce,omitempty"` // one line of shell that shows it again
	// ByHand shows a failure of a client without the judge: lines of shell, and lines to
	// be typed into the adapter.
	ByHand []string `json:"by_hand,omitempty"`
}

// A Trace names a failure that a finding accounts for.
type Trace struct {
	Case        string `json:"case"`
	Requirement string `json:"requirement"`
	Symptom     string `json:"symptom"`
	Detail      string `json:"detail,omitempty"`
}

// A Fact is something that a case noted and did not judge.
type Fact struct {
	Name  string `json:"name"`
	Value string `json:"value"`
}

// An Observation is a fact of a point on which servers differ.
type Observation struct {
	Case  string `json:"case"`
	Title string `json:"title"`
	Fact
}

// Micros is a duration that JSON shows in whole microseconds.
type Micros time.Duration

// Duration returns m as the type of package time.
func (m Micros) Duration() time.Duration { return time.Duration(m) }

// Broken reports whether the target was shown not to conform: something failed or
// crashed, or everything was blocked. Trouble of the judge's own does not count.
func (r *Report) Broken() bool {
	return r.Counts.Fail+r.Counts.Crashed+r.Counts.Blocked > 0
}

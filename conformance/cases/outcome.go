package cases

import (
	"time"

	"github.com/putget-protocol/putget/conformance/peer"
)

// An Outcome is what one look at a target saw. It is no verdict.
type Outcome struct {
	Events   []peer.Event // in order, from all connections
	Failures []Failure    // in order; of those with one requirement and symptom only the first
	Facts    []Fact
	// Timing says that a failure may come from too short a wait: look again, alone,
	// and wait longer.
	Timing bool
	// Endless says that a reply did not end, as far as it was waited for.
	Endless bool
	// Crowded says that the target closed new connections without a byte, and served
	// them a little later: look again when the others have gone.
	Crowded bool
	// Unsupported says why the target need not have what the case is about, or "".
	Unsupported string
	// Unsettled says why the look could tell neither that the target is right nor that it
	// is wrong, or "". It counts when there are no failures, and is no success.
	Unsettled string
	// Artifacts are files that tell more of a failure, for those who ask for them.
	Artifacts []Artifact
	// Interrupted says that the context was cancelled, so that nothing is proved.
	Interrupted bool
	// NotRun says why the adapter of a client could not be used, or "": it did not start,
	// ended before its first answer, or wrote something that is no answer. It says nothing
	// of the client.
	NotRun string
	// Err is trouble of this program or machine. It says nothing of the target.
	Err       error
	Duration  time.Duration
	KeyPrefix string // with which every key of the look begins
}

// A Failure is one thing that the specification does not allow.
type Failure struct {
	Requirement string // the sentence that was broken
	Symptom     Symptom
	Conn        string
	Request     []byte // the line that was due to be answered, nil when none was
	Reply       []byte // what came, or of a long reply the part around Offset
	ReplyFrom   int    // where in the whole reply Reply begins
	ReplySize   int    // of the whole reply, where Reply is a part of it; else 0
	Offset      int    // of the first byte of the whole reply that is not allowed, its size when it is too short
	Want        string // what was due there
	Detail      string
	Allowed     []string // the replies that would have been right, as a server usually writes them
	// Mode says in words how the request was delivered, "" when it was sent whole.
	Mode string
	// Call and Answer are the lines, without LF, that went to the adapter of a client and
	// that came back; Answer is "" when none came. Request is then what the client sent,
	// and Reply what the scripted server sent to it.
	Call, Answer string

	spoilt bool // wrong requests were sent in one write with others
}

// An Artifact is the content of a file.
type Artifact struct {
	Name  string // of the file, without folder: lower-case words joined by "-", and an extension
	Bytes []byte
}

// A Fact is something worth telling that is neither right nor wrong.
type Fact struct{ Name, Value string }

// Has reports whether one of the failures shows a symptom.
func (o Outcome) Has(symptom Symptom) bool {
	for _, f := range o.Failures {
		if f.Symptom == symptom {
			return true
		}
	}
	return false
}

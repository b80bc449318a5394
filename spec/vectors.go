package spec

import "bytes"

// A VectorFile is the content of one file: the vectors of one chapter of the text.
type VectorFile struct {
	Schema  string   `json:"$schema"`
	Version string   `json:"version"`
	Section string   `json:"section"` // number and title, such as "4. Lexis"
	Vectors []Vector `json:"vectors"`
}

// A Kind says which of its fields a [Vector] uses.
type Kind string

// The kinds of vectors.
const (
	RequestKind    Kind = "request"    // Bytes and Request
	ReplyKind      Kind = "reply"      // Bytes and Reply
	TranscriptKind Kind = "transcript" // Steps
)

// A Result says how binding a vector is. It follows from the key word of its first requirement.
type Result string

// The results.
const (
	Required    Result = "required"    // MUST or MUST NOT
	Recommended Result = "recommended" // SHOULD or SHOULD NOT
	Permitted   Result = "permitted"   // MAY: another behaviour can be right as well
)

// A Flag says what a runner needs to be able to do for a vector.
type Flag string

// The flags.
const (
	FlagBinary      Flag = "binary"      // bytes that are not UTF-8
	FlagConnections Flag = "connections" // more than one connection
	FlagHalfClose   Flag = "half-close"
	FlagSilence     Flag = "silence" // waits, and sees that nothing comes
)

// A Vector is one example of SPEC.md. vectors/README.md explains the format.
type Vector struct {
	ID           string   `json:"id"` // never used again for another vector
	Title        string   `json:"title"`
	Kind         Kind     `json:"kind"`
	Requirements []string `json:"requirements"` // ids; the first one is what the vector is there for
	Level        Level    `json:"level"`
	Side         Side     `json:"side"` // that the first requirement binds
	Since        string   `json:"since"`
	Result       Result   `json:"result"`
	Flags        []Flag   `json:"flags,omitempty"`
	// Delivery is "fixed" when a transcript depends on what goes into one write, else empty: then
	// a runner is free to cut and join what it sends.
	Delivery string `json:"delivery,omitempty"`

	Bytes   Bytes    `json:"bytes,omitempty"`   // a request line with its LF, or a reply
	Request *Request `json:"request,omitempty"` // what the bytes mean
	Reply   *Reply   `json:"reply,omitempty"`   // what the bytes mean
	Steps   []Step   `json:"steps,omitempty"`   // in order, at least one
}

// A RequestForm is what a request line is.
type RequestForm string

// The forms of requests.
const (
	PutForm    RequestForm = "put"
	GetForm    RequestForm = "get"
	GetAllForm RequestForm = "get *"
	WrongForm  RequestForm = "wrong"
)

// A Request is a decoded request.
type Request struct {
	Form      RequestForm `json:"form"`
	Key       Bytes       `json:"key,omitempty"`       // of a put or a get
	Value     Number      `json:"value,omitempty"`     // of a put
	Timestamp Number      `json:"timestamp,omitempty"` // of a put
}

// A ReplyForm is what a reply is.
type ReplyForm string

// The forms of replies.
const (
	OKForm         ReplyForm = "ok"
	ErrorForm      ReplyForm = "error"
	IncompleteForm ReplyForm = "incomplete" // right so far, and not at its end
	BrokenForm     ReplyForm = "broken"     // not of the form, whatever follows
)

// A Reply is a decoded reply.
type Reply struct {
	Form    ReplyForm `json:"form"`
	Samples []Sample  `json:"samples,omitzero"` // of an ok, not nil then; in the order of their lines
	Lines   []Bytes   `json:"lines,omitzero"`   // of an error, not nil then; its text, without LF
	// Others allows samples of other keys than those of Samples, in any place.
	Others bool `json:"others,omitempty"`
}

// A Sample is a decoded sample line.
type Sample struct {
	Key       Bytes  `json:"key"`
	Value     Number `json:"value"`
	Timestamp Number `json:"timestamp"`
}

// A Step of a transcript does exactly one thing: that of its only field besides Connection.
type Step struct {
	// Connection names the connection; it is opened when a step names it for the first time. The
	// empty name is that of the only one.
	Connection    string  `json:"connection,omitempty"`
	Send          []Piece `json:"send,omitempty"`           // all of it in one write
	Expect        []Reply `json:"expect,omitempty"`         // one reply, which one of these allows
	ExpectSilence bool    `json:"expect_silence,omitempty"` // nothing comes for a while
	ExpectClosed  bool    `json:"expect_closed,omitempty"`  // the other side ends, and nothing comes before
	HalfClose     bool    `json:"half_close,omitempty"`     // ends the sending side
	Close         bool    `json:"close,omitempty"`          // closes the connection
}

// Write returns what a step sends, with key in place of each placeholder (see [Bytes.Fill]) and
// with its padding.
func (s Step) Write(key func(name string, length int) string) []byte {
	var out []byte
	for _, piece := range s.Send {
		if piece.Pad == 0 {
			out = append(out, piece.Bytes.Fill(key)...)
			continue
		}
		line := out[bytes.LastIndexByte(out, '\n')+1:]
		out = append(out, bytes.Repeat([]byte{' '}, max(0, piece.Pad-len(line)))...)
	}
	return out
}

package property

import (
	"slices"
	"strconv"
	"strings"

	"github.com/putget-protocol/putget/conformance/oracle"
	"github.com/putget-protocol/putget/conformance/peer"
)

// A Counterexample is a sequence whose last reply is not allowed. All before it are.
type Counterexample struct {
	Steps []Step // at least one; the last one failed
	// Mismatch says what is wrong with the last reply. Its Offset counts in that
	// Step's Reply.
	Mismatch *oracle.Mismatch
	// Reason says why no whole reply came: the end of the connection, silence, bytes
	// without end, or a connection that could not be made. It is empty when one came.
	Reason peer.Reason
	Seed   uint64 // generates it again, see ModelConfig.Seed
	// Unique begins every key. Another play needs another one, see Logical.
	Unique string
	// Confirmed says that the steps failed in this way each time that it was asked of
	// them: when they were found, and at last once more. If it is false, the target was
	// gone or too slow, or does not do the same each time; the steps may be too many.
	Confirmed bool
	// Events are those of the last play that failed, without what came beyond the first
	// megabyte.
	Events []peer.Event
}

// A Step is one request of a Counterexample and its reply.
type Step struct {
	Conn string // "A", "B", ...
	Line string // as it was sent, without LF
	// Reply is what came. Of the reply to a get of everything it holds only the lines
	// of own keys.
	Reply   string
	Allowed []string // the replies that are allowed, as a server usually writes them
}

// bounded leaves out of events what came beyond the first megabyte.
func bounded(events []peer.Event) []peer.Event {
	left := 1 << 20
	return slices.DeleteFunc(events, func(e peer.Event) bool {
		if e.Kind != peer.Received {
			return false
		}
		left -= len(e.Data)
		return left < 0
	})
}

func (a *attempt) counterexample(seed uint64) *Counterexample {
	c := &Counterexample{
		Mismatch:  a.best.mismatch,
		Reason:    a.best.reason,
		Seed:      seed,
		Unique:    a.best.unique,
		Confirmed: a.confirmed,
		Events:    a.best.events,
	}
	for _, d := range a.best.done {
		c.Steps = append(c.Steps, Step{
			Conn:    laneName(d.lane),
			Line:    strings.ReplaceAll(d.line, unique, a.best.unique),
			Reply:   string(d.reply),
			Allowed: d.allowed.Describe(),
		})
	}
	return c
}

// Logical returns a text of the counterexample (a line, a reply, a text of the
// Mismatch) with ${k} in place of what begins the keys, as the transcripts of the
// specification write a key that is used nowhere else. It is the same for each play.
func (c *Counterexample) Logical(text string) string {
	return strings.ReplaceAll(text, c.Unique, unique)
}

// Transcript returns the steps in the notation of the specification, with keys as
// Logical shows them: a line each for a request ("A> ") and for each line of its
// reply ("A< "). A reply that was cut short ends in "...".
func (c *Counterexample) Transcript() string {
	var text strings.Builder
	for _, s := range c.Steps {
		text.WriteString(s.Conn + "> " + escape(c.Logical(s.Line)) + "\n")
		reply := c.Logical(s.Reply)
		for line := range strings.Lines(reply) {
			body, ended := strings.CutSuffix(line, "\n")
			text.WriteString(s.Conn + "<")
			if body != "" {
				text.WriteString(" " + escape(body))
			}
			if !ended {
				text.WriteString("...")
			}
			text.WriteByte('\n')
		}
	}
	return text.String()
}

// escape returns text with escapes in place of what does not print.
func escape(text string) string {
	quoted := strconv.Quote(text)
	return strings.ReplaceAll(quoted[1:len(quoted)-1], `\"`, `"`)
}

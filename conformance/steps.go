package conformance

import (
	"slices"

	"github.com/putget-protocol/putget/conformance/cases"
	"github.com/putget-protocol/putget/conformance/peer"
	"github.com/putget-protocol/putget/conformance/report"
)

// What a report keeps of a case at most.
const (
	mostSteps      = 120     // its last ones
	mostStepBytes  = 1 << 10 // of a step
	mostReplyBytes = 4 << 10 // of the reply of a failure, around the byte at fault
	mostAllowed    = 1 << 10 // of an allowed reply
)

// steps writes events down. What came in pieces is put together, as how TCP cut it
// differs from run to run; what was sent keeps its writes.
func steps(events []peer.Event) []report.Step {
	out := []report.Step{}
	for i := 0; i < len(events); i++ {
		e := events[i]
		if e.Kind == peer.TimedOut && i+1 < len(events) && events[i+1].Conn == e.Conn && (events[i+1].Kind == peer.TimedOut || events[i+1].Kind == peer.Received) {
			continue // the wait went on
		}
		s := report.Step{At: report.Micros(e.At), Connection: e.Conn, Kind: string(e.Kind), Note: e.Note}
		if e.Data != nil {
			s.Bytes, s.Size = cut(e.Data, mostStepBytes)
			s.Size = max(s.Size, e.Size)
		}
		for e.Kind == peer.Received && i+1 < len(events) && events[i+1].Kind == peer.Received && events[i+1].Conn == e.Conn {
			i++
			lengthen(&s, events[i])
		}
		out = append(out, s)
	}
	return out[max(0, len(out)-mostSteps):]
}

// lengthen adds bytes to a step, of which it keeps no more than it should.
func lengthen(s *report.Step, more peer.Event) {
	size := max(s.Size, len(s.Bytes)) + more.Len()
	kept := s.Bytes
	if s.Size == 0 {
		kept = slices.Concat(s.Bytes, report.Bytes(more.Data[:min(len(more.Data), mostStepBytes-len(s.Bytes))]))
	}
	s.Bytes, s.Size = kept, 0
	if size > len(kept) {
		s.Size = size
	}
}

// cut returns at most so many bytes, and the size of all when some are missing.
func cut(data []byte, most int) (report.Bytes, int) {
	if len(data) <= most {
		return report.Bytes(data), 0
	}
	return report.Bytes(data[:most]), len(data)
}

func (r *Runner) reportFailure(f cases.Failure) report.Failure {
	out := report.Failure{
		Requirement: f.Requirement, Verdict: r.severity(f), Symptom: string(f.Symptom), Connection: f.Conn,
		Offset: f.Offset, Want: f.Want, Detail: f.Detail, Allowed: []string{},
		Call: shortened(f.Call, mostReplyBytes), Answer: shortened(f.Answer, mostReplyBytes),
	}
	if f.Request != nil {
		out.Request, out.RequestSize = cut(f.Request, mostStepBytes)
	}
	if f.Reply != nil {
		from := max(0, min(f.Offset-f.ReplyFrom-mostReplyBytes/2, len(f.Reply)-mostReplyBytes))
		out.ReplyFrom = f.ReplyFrom + from
		var size int
		if out.Reply, size = cut(f.Reply[from:], mostReplyBytes); size > 0 || out.ReplyFrom > 0 || f.ReplySize > 0 {
			out.ReplySize = max(f.ReplySize, len(f.Reply))
		}
	}
	for _, text := range f.Allowed {
		out.Allowed = append(out.Allowed, shortened(text, mostAllowed))
	}
	return out
}

// shortened cuts a text that is too long.
func shortened(text string, most int) string {
	if len(text) <= most {
		return text
	}
	return text[:most] + "..."
}

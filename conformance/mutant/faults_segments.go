package mutant

import (
	"bytes"
	"errors"
	"io"
	"slices"
	"time"

	"github.com/putget-protocol/putget/conformance/oracle"
)

// segmentFaults break section 3 too: they are about what comes in one read.
func segmentFaults() []Fault {
	return slices.Concat(wholeSegmentFaults(), halfCloseFaults(), remainderFaults())
}

// wholeSegmentFaults take a segment for one request, or answer it out of order.
func wholeSegmentFaults() []Fault {
	return []Fault{
		{
			ID: "segment-is-request", Title: "several requests in one segment are taken for one, which is wrong",
			Breaks: "FRM-004", Causes: []string{"FRM-005", "FRM-007"},
			Apply: taking(func(s *Session, events []Event) []Event {
				if len(events) > 1 {
					return []Event{{Line: []byte("several")}}
				}
				return events
			}),
		},
		{
			ID: "segment-closes", Title: "several requests in one segment end the session",
			Breaks: "FRM-004", Causes: []string{"FRM-005", "FRM-007"},
			Apply: taking(func(s *Session, events []Event) []Event {
				if len(events) > 1 {
					s.conn.Close()
					return nil
				}
				return events
			}),
		},
		{
			ID: "last-reply-first", Title: "the replies to a segment are sent in the order from last to first", Breaks: "FRM-004", Causes: []string{"FRM-005"},
			Apply: func(b *Behaviour) {
				b.Write = func(s *Session, replies []string) error {
					for _, reply := range slices.Backward(replies) {
						if err := s.write(reply); err != nil {
							return err
						}
					}
					return nil
				}
			},
		},
	}
}

// halfCloseFaults are about the end of the requests.
func halfCloseFaults() []Fault {
	return []Fault{
		{
			ID: "half-close-drops", Title: "a request whose reply was not sent when the client half-closes gets none", Breaks: "FRM-007",
			Apply: func(b *Behaviour) {
				take := b.Take
				b.Take = func(s *Session, data []byte) []Event {
					events := take(s, data)
					if len(events) > 0 && bytes.HasPrefix(events[len(events)-1].Line, []byte("get ")) && s.halfClosed() {
						return nil
					}
					return events
				}
			},
		},
		{
			ID: "closes-half-closed", Title: "a half-close ends the session after the first of several replies", Breaks: "FRM-007",
			Apply: func(b *Behaviour) {
				b.Write = func(s *Session, replies []string) error {
					if len(replies) > 1 && s.halfClosed() {
						s.write(replies[0])
						return io.EOF
					}
					for _, reply := range replies {
						if err := s.write(reply); err != nil {
							return err
						}
					}
					return nil
				}
			},
		},
	}
}

// remainderFaults are about what was sent of a line, and what comes behind a session.
func remainderFaults() []Fault {
	return []Fault{
		{
			ID: "half-sent-dropped", Title: "the beginning of a line is forgotten when the rest comes in another segment, and the rest is wrong",
			Breaks: "FRM-003", Causes: []string{"SES-005", "FRM-001", "SES-007"},
			Apply: func(b *Behaviour) {
				b.Take = func(s *Session, data []byte) []Event {
					if len(s.pending) < 1024 {
						s.pending = s.pending[:0]
					}
					return takeLines(s, data)
				}
			},
		},
		{
			ID: "control-ends-line", Title: "CR without LF ends a line as well", Breaks: "LEX-006", Causes: []string{"FRM-003", "FRM-006", "REP-001"},
			Apply: func(b *Behaviour) {
				b.Take = func(s *Session, data []byte) []Event {
					data = bytes.ReplaceAll(data, []byte("\r\n"), []byte("\n"))
					return takeLines(s, bytes.ReplaceAll(data, []byte("\r"), []byte("\n")))
				}
			},
		},
		{
			ID: "bytes-after-session", Title: "a farewell is sent before the connection ends", Breaks: "REP-003",
			Apply: func(b *Behaviour) { b.Last = func(s *Session) []Event { s.write("bye\n"); return nil } },
		},
	}
}

// taking returns a fault that changes the events of one read.
func taking(change func(*Session, []Event) []Event) func(*Behaviour) {
	return func(b *Behaviour) {
		take := b.Take
		b.Take = func(s *Session, data []byte) []Event { return change(s, take(s, data)) }
	}
}

// halfClosed reports whether the client ends its sending side within a moment. What
// it sends instead is kept for the next read.
func (s *Session) halfClosed() bool {
	const moment = 10 * time.Millisecond
	s.conn.SetReadDeadline(time.Now().Add(moment))
	defer s.conn.SetReadDeadline(time.Time{})
	buf := make([]byte, 4096)
	n, err := s.conn.Read(buf)
	s.ahead = append(s.ahead, buf[:n]...)
	return errors.Is(err, io.EOF)
}

// wrongLine reports whether a line is a wrong request.
func wrongLine(line []byte) bool {
	_, right := oracle.ParseRequest(line)
	return !right
}

package mutant

import (
	"bytes"
	"slices"
	"sync"
	"time"

	"github.com/putget-protocol/putget/conformance/oracle"
)

// limitFaults break sections 8 and 9 too.
func limitFaults() []Fault { return append(serviceFaults(), longFaults()...) }

func serviceFaults() []Fault {
	return slices.Concat(servedFaults(), blockedFaults())
}

// servedFaults end sessions, or serve too few.
func servedFaults() []Fault {
	return []Fault{
		{
			ID: "closes-after-forty", Title: "a session ends after forty replies", Breaks: "SES-001", Causes: []string{"LEX-009", "ERR-008", "FRM-004"}, Core: true,
			Apply: func(b *Behaviour) {
				write := b.Write
				b.Write = func(s *Session, replies []string) error {
					if err := write(s, replies); err != nil || s.answered < 40 {
						return err
					}
					return errEnough
				}
			},
		},
		{
			ID: "closes-after-reply", Title: "a session ends with the first reply to a get", Breaks: "SES-001", Core: true,
			Apply: func(b *Behaviour) {
				b.After = func(line []byte, right bool) Then {
					if right && bytes.HasPrefix(line, []byte("get ")) {
						return Close
					}
					return GoOn
				}
			},
		},
		{
			ID: "forty-ever", Title: "after forty connections all others are closed, for ever", Breaks: "SES-002", Core: true,
			Apply: func(b *Behaviour) {
				ever := 0
				b.Accept = func(int) Then {
					if ever++; ever > 40 {
						return Close
					}
					return GoOn
				}
			},
		},
		{
			ID: "eight-workers", Title: "eight sessions are served at once, the others wait", Breaks: "SES-002", Causes: []string{"SES-004"}, Core: true,
			Apply: func(b *Behaviour) { b.AtOnce = 8 },
		},
		{
			ID: "many-wait", Title: "150 sessions are served at once, the others wait", Breaks: "SES-003",
			Apply: func(b *Behaviour) { b.AtOnce = 150 },
		},
	}
}

// blockedFaults let one session suffer from another, or from its pause.
func blockedFaults() []Fault {
	return []Fault{
		{
			ID: "half-sent-blocks", Title: "a session that has sent a part of a request holds up all others", Breaks: "SES-005", Causes: []string{"SES-007"},
			Apply: func(b *Behaviour) { held(b, func(s *Session) bool { return len(s.pending) > 0 }) },
		},
		{
			ID: "unread-blocks", Title: "a session that does not read its replies holds up all others", Breaks: "SES-005",
			Apply: func(b *Behaviour) {
				var mu sync.Mutex // of the server's only thread, from a request to the end of its reply
				take, write := b.Take, b.Write
				b.Take = func(s *Session, data []byte) []Event {
					events := take(s, data)
					if len(events) > 0 {
						mu.Lock()
					}
					return events
				}
				b.Write = func(s *Session, replies []string) error {
					defer mu.Unlock()
					return write(s, replies)
				}
			},
		},
		{
			ID: "wrong-blocks", Title: "a session that has sent a wrong request holds up all others", Breaks: "ERR-009", Core: true,
			Apply: func(b *Behaviour) {
				held(b, func(s *Session) bool { return s.spoilt })
				wrong := b.Wrong
				b.Wrong = func(s *Session, line []byte) string { s.spoilt = true; return wrong(s, line) }
			},
		},
		{
			ID: "surplus-told", Title: "a connection above 220 is told so before it is closed", Breaks: "SES-006", Causes: []string{"REP-003"},
			Apply: func(b *Behaviour) { b.Accept = atMost(220, Refuse) },
		},
		{
			ID: "hasty", Title: "a session that sends nothing for 350 ms after its first request is closed", Breaks: "SES-007", Causes: []string{"SES-001", "SES-003", "SES-005"},
			Apply: func(b *Behaviour) {
				take, write := b.Take, b.Write
				b.Take = func(s *Session, data []byte) []Event {
					s.conn.SetReadDeadline(time.Time{})
					return take(s, data)
				}
				b.Write = func(s *Session, replies []string) error {
					if s.answered == 1 {
						s.conn.SetReadDeadline(time.Now().Add(350 * time.Millisecond))
					}
					return write(s, replies)
				}
			},
		},
	}
}

// held makes a session for which holds is true hold up all others until it ends, or
// until holds is false again.
func held(b *Behaviour, holds func(*Session) bool) {
	var mu sync.Mutex
	var holder *Session
	free := sync.NewCond(&mu)
	take, write, gone := b.Take, b.Write, b.Gone
	settle := func(s *Session) {
		mu.Lock()
		defer mu.Unlock()
		switch {
		case holder == nil && holds(s):
			holder = s
		case holder == s && !holds(s):
			holder = nil
			free.Broadcast()
		}
	}
	b.Take = func(s *Session, data []byte) []Event {
		events := take(s, data)
		settle(s)
		return events
	}
	b.Write = func(s *Session, replies []string) error {
		mu.Lock()
		for holder != nil && holder != s {
			free.Wait()
		}
		mu.Unlock()
		settle(s)
		return write(s, replies)
	}
	b.Gone = func(s *Session) {
		gone(s)
		mu.Lock()
		defer mu.Unlock()
		if holder == s {
			holder = nil
		}
		free.Broadcast()
	}
}

func longFaults() []Fault {
	return slices.Concat(shortLimitFaults(), longEffectFaults())
}

// shortLimitFaults refuse what must be taken, or answer what is too long in a wrong way.
func shortLimitFaults() []Fault {
	return []Fault{
		{
			ID: "keys-of-512", Title: "keys of more than 512 bytes are wrong", Breaks: "LIM-001",
			Apply: refuse(func(line string) bool { return len(key(line)) > 512 }),
		},
		{
			ID: "read-cuts-line", Title: "2,048 bytes without LF are taken for a line", Breaks: "LIM-002", Causes: []string{"LIM-001", "LIM-004", "LIM-006"},
			Apply: func(b *Behaviour) {
				b.Take = func(s *Session, data []byte) []Event {
					var events []Event
					for piece := range slices.Chunk(data, 512) {
						events = append(events, takeLines(s, piece)...)
						if len(s.pending) >= 2048 {
							events = append(events, Event{Line: slices.Clone(s.pending)})
							s.pending = s.pending[:0]
						}
					}
					return events
				}
			},
		},
		{
			ID: "long-line-text", Title: "a line that is too long is refused with another text", Breaks: "LIM-004",
			Apply: func(b *Behaviour) { b.TooLong = func() string { return "error\nline too long\n\n" } },
		},
		{
			ID: "long-line-unanswered", Title: "a line that is too long is not answered", Breaks: "LIM-004",
			Apply: func(b *Behaviour) { b.TooLong = func() string { return "" } },
		},
	}
}

// longEffectFaults let a line that is too long have an effect.
func longEffectFaults() []Fault {
	return []Fault{
		{
			ID: "long-line-stored", Title: "a put on a line that is too long is refused and stored", Breaks: "LIM-005",
			Apply: func(b *Behaviour) {
				take := b.Take
				b.Take = func(s *Session, data []byte) []Event {
					begun := string(s.pending) + string(data[:min(len(data), 512)])
					skipped := s.skipping
					events := take(s, data)
					if !skipped && slices.ContainsFunc(events, func(e Event) bool { return e.TooLong }) {
						s.keep(begun)
					}
					return events
				}
			},
		},
		{
			ID: "long-line-silences", Title: "after a line that is too long the session is never answered again", Breaks: "LIM-006",
			Apply: func(b *Behaviour) { b.AfterLong = func() Then { return Silence } },
		},
		{
			ID: "long-line-answered-again", Title: "the rest of a line that was refused gets an error too", Breaks: "LIM-004", Causes: []string{"LIM-006"},
			Apply: func(b *Behaviour) {
				b.Take = func(s *Session, data []byte) []Event {
					skipped := s.skipping
					events := takeLines(s, data)
					if skipped && !s.skipping {
						events = append([]Event{{Line: []byte("rest")}}, events...)
					}
					return events
				}
			},
		},
		{
			ID: "long-line-resets", Title: "a line that is too long resets the connection at once", Breaks: "LIM-007",
			Apply: func(b *Behaviour) { b.AfterLong = func() Then { return Reset } },
		},
	}
}

// keep carries out a put with which a line begins, if it does.
func (s *Session) keep(begun string) {
	s.server.mu.Lock()
	defer s.server.mu.Unlock()
	if req, right := oracle.ParseRequest(bytes.TrimRight([]byte(begun), " ")); right && req.Verb == oracle.Put {
		s.server.store.replace(req.Key, oracle.Sample{Value: req.Value, Timestamp: req.Timestamp})
	}
}

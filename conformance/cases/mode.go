package cases

import (
	"fmt"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/putget-protocol/putget/conformance/oracle"
	"github.com/putget-protocol/putget/conformance/peer"
)

// A mode is a way to deliver requests that are sent one at a time. What a target
// answers must not depend on it.
type mode int

const (
	sentWhole    mode = iota // each request in one write
	sentSplit                // each in two pieces, the second when the target has read the first
	sentBytewise             // each byte by byte, in the same way
	sentJoined               // each in one write with a request before it and one behind it
	readSlowly               // each whole, and its reply is read slowly
)

// What a slow reader takes in: a small window, and so many bytes at a time.
const (
	slowWindow = 2048
	slowChunk  = 3
	slowPause  = 20 * time.Microsecond
)

// mostCostly is how many requests of a case that has many are delivered in a mode that
// costs much; those of vectors all are.
const mostCostly = 4

// cuts returns the places at which a line, given with its LF, is worth to be cut: before
// and behind each token, each CR and each LF, and between the bytes of a character.
func cuts(line string) []int {
	var places []int
	for i := 1; i < len(line); i++ {
		inside := line[i-1] >= utf8.RuneSelf && line[i] >= utf8.RuneSelf
		if inside || isMark(line[i-1]) || isMark(line[i]) {
			places = append(places, i)
		}
	}
	return places
}

// isMark reports whether a byte ends a token.
func isMark(b byte) bool { return b == ' ' || b == '\r' || b == '\n' || b == '\t' }

// A delivery is how one request is sent.
type delivery struct {
	parts          []string
	how            string // in words; "" for whole
	before, behind string // the requests that go with it, without LF; "" for none
}

// middle returns the request that has neighbours, with its LF.
func (d delivery) middle() string {
	text := strings.TrimPrefix(d.parts[0], d.before+"\n")
	return strings.TrimSuffix(text, d.behind+"\n")
}

// deliver returns how the mode of the session sends a line, given with its LF.
func (s *Session) deliver(line string) delivery {
	s.mu.Lock()
	defer s.mu.Unlock()
	costly := s.mode == sentBytewise || s.mode == readSlowly
	if s.focus != "" && s.focus != line || costly && s.rotates && s.delivered >= mostCostly {
		return delivery{parts: []string{line}}
	}
	d := s.inMode(line)
	s.how = d.how
	return d
}

// lastHow returns how the last request that was not sent whole was delivered.
func (s *Session) lastHow() string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.how
}

// inMode is deliver for a line that the mode is for. The caller holds mu.
func (s *Session) inMode(line string) delivery {
	switch s.mode {
	case sentSplit:
		return s.cut(line)
	case sentBytewise:
		s.delivered++
		return bytewise(line)
	case sentJoined:
		s.delivered++
		key := s.Key("neighbour")
		d := delivery{before: fmt.Sprintf("put %s %d.5 7", key, s.delivered), behind: "get " + key}
		d.parts = []string{d.before + "\n" + line + d.behind + "\n"}
		d.how = "in one write with a request before it and one behind it"
		return d
	case readSlowly:
		s.delivered++
		return delivery{parts: []string{line}, how: "whole, and its reply read slowly"}
	default:
		return delivery{parts: []string{line}}
	}
}

// What is sent byte by byte of a long line: its beginning and its end. The middle, of
// which one byte is like the other, goes in pieces.
const (
	bytewiseEnds = 128
	middlePiece  = 64
)

// bytewise divides a line, given with its LF, into its bytes.
func bytewise(line string) delivery {
	d := delivery{how: "byte by byte"}
	for i := 0; i < len(line); {
		n := 1
		if rest := len(line) - bytewiseEnds - i; i >= bytewiseEnds && rest > 0 {
			n = min(middlePiece, rest)
			d.how = "byte by byte, but for its middle"
		}
		d.parts = append(d.parts, line[i:i+n])
		i += n
	}
	return d
}

// cut divides a line at the place whose turn it is. The caller holds mu.
func (s *Session) cut(line string) delivery {
	places := cuts(line)
	s.places = max(s.places, len(places))
	turn := s.turn
	if s.rotates {
		turn = (s.turn + s.delivered) % max(1, len(places))
	}
	if turn >= len(places) {
		return delivery{parts: []string{line}}
	}
	s.delivered++
	at := places[turn]
	return delivery{
		parts: []string{line[:at], line[at:]},
		how:   fmt.Sprintf("in two pieces, cut between %q and %q", tail(line[:at]), head(line[at:])),
	}
}

// head and tail are what is shown of a piece.
func head(piece string) string { return piece[:min(len(piece), shownPiece)] }

func tail(piece string) string { return piece[max(0, len(piece)-shownPiece):] }

const shownPiece = 12

// dialer returns the dialer of the mode.
func (m mode) dialer(d peer.Dialer) peer.Dialer {
	if m == readSlowly {
		d.ReceiveBuffer = slowWindow
	}
	return d
}

// turns returns how often a case that asks with one line should do so: once for each
// place at which the mode cuts it.
func (s *Session) turns(line string) int {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.mode != sentSplit {
		return 1
	}
	return len(cuts(line + "\n"))
}

// take is the turn of the line that follows, given without its LF; only that line is
// delivered in the mode of the session, everything else whole.
func (s *Session) take(turn int, line string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.turn, s.focus, s.single = turn, line+"\n", true
}

// blame returns the requirement that is broken when a request is answered as it should
// be when it comes whole, and not in this mode.
func (m mode) blame(f Failure) string {
	switch {
	case m == readSlowly:
		return "REP-010"
	case m != sentJoined:
		return "FRM-003"
	case f.spoilt:
		return "FRM-005"
	default:
		return "FRM-004"
	}
}

// isWrong reports whether a line, given without its LF, is a wrong request.
func isWrong(line []byte) bool {
	_, right := oracle.ParseRequest(line)
	return !right
}

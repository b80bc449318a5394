package wire

import "bytes"

// An EventKind says what one line of a reply is. The zero EventKind is none.
type EventKind uint8

// The kinds of events.
const (
	OKStatus    EventKind = iota + 1 // the status line "ok"
	ErrorStatus                      // the status line "error"
	SampleLine                       // a sample line, behind OKStatus
	TextLine                         // a line of text, behind ErrorStatus
	EndOfReply                       // the empty line
)

// String names the kind.
func (k EventKind) String() string {
	switch k {
	case OKStatus:
		return "ok status"
	case ErrorStatus:
		return "error status"
	case SampleLine:
		return "sample line"
	case TextLine:
		return "text line"
	case EndOfReply:
		return "end of reply"
	}
	return "no event"
}

// An Event is one decoded line of a reply. Fields that the kind does not name are zero.
type Event struct {
	Kind      EventKind
	Key       []byte  // of a SampleLine; aliases the bytes given to Next
	Value     float64 // of a SampleLine; finite
	Timestamp int64   // of a SampleLine; Unix seconds
	Text      []byte  // of a TextLine, without LF, any bytes; aliases the bytes given to Next
}

// A ReplyDecoder decodes replies (section 6), one after the other, a line at a time,
// however the bytes are divided [CLI-025]. The events of a reply are one status,
// then its lines, then EndOfReply.
//
// The zero value waits for a status line, and so does a decoder after EndOfReply:
// bytes behind one reply are the beginning of the next [CLI-028]. A
// decoder that has returned a [*SyntaxError] is out of step with its peer
// for good and returns that error from then on [CLI-030]; assign ReplyDecoder{} to
// use it for another connection. It holds no bytes and may be copied.
type ReplyDecoder struct {
	status EventKind    // of the reply under way; 0 between replies
	err    *SyntaxError // what Next returns from now on
}

// Next decodes the first line of b. n is the length of that line, LF included: the
// next call gets b[n:] and whatever has come behind it. With an error n is 0
// and ev zero. The error is [ErrIncomplete] if b holds no LF, and the same
// bytes are to be given again when there are more; since a peer may never send
// the LF, the caller bounds the length of b. Any other error is a
// [*SyntaxError] with an offset into the line.
func (d *ReplyDecoder) Next(b []byte) (ev Event, n int, err error) {
	if d.err != nil {
		return Event{}, 0, d.err
	}
	end := bytes.IndexByte(b, '\n')
	if end < 0 {
		return Event{}, 0, ErrIncomplete
	}
	ev, d.err = d.decodeLine(b[:end:end])
	if d.err != nil {
		return Event{}, 0, d.err
	}
	return ev, end + 1, nil
}

// decodeLine decodes one line, LF excluded.
func (d *ReplyDecoder) decodeLine(line []byte) (Event, *SyntaxError) {
	switch {
	case d.status == 0:
		status, err := parseStatus(line)
		d.status = status
		return Event{Kind: status}, err
	case len(line) == 0:
		d.status = 0
		return Event{Kind: EndOfReply}, nil
	case d.status == ErrorStatus:
		return Event{Kind: TextLine, Text: line}, nil
	}
	return parseSampleLine(line)
}

// parseStatus decodes a status line, which is one word and nothing else.
func parseStatus(line []byte) (EventKind, *SyntaxError) {
	status, word := OKStatus, "ok"
	if len(line) > 0 && line[0] == 'e' {
		status, word = ErrorStatus, "error"
	}
	for i := range len(word) {
		if i == len(line) || line[i] != word[i] {
			return 0, newSyntaxError(line, i, RuleReply)
		}
	}
	if len(line) > len(word) {
		return 0, newSyntaxError(line, len(word), RuleReply)
	}
	return status, nil
}

// parseSampleLine decodes a sample line, in which every SP counts [REP-004].
func parseSampleLine(line []byte) (Event, *SyntaxError) {
	key, end, err := parseKey(line, 0)
	if err != nil {
		return Event{}, err
	}
	if isStar(key) {
		return Event{}, newTokenError(line, 0, RuleKey, ErrStar)
	}
	value, end, err := parseValue(line, skipSpace(line, end))
	if err != nil {
		return Event{}, err
	}
	timestamp, end, err := parseTimestamp(line, skipSpace(line, end))
	if err != nil {
		return Event{}, err
	}
	if end < len(line) {
		return Event{}, newSyntaxError(line, end, RuleSampleLine)
	}
	return Event{Kind: SampleLine, Key: key, Value: value, Timestamp: timestamp}, nil
}

// skipSpace steps over the one SP that may stand at line[i]. Where it is
// missing, the line is at its end, and the next token is found to be missing.
func skipSpace(line []byte, i int) int {
	return min(i+1, len(line))
}

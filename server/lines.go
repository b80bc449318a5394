package server

import (
	"bytes"
	"math"
)

// readSize is what one read can bring, in bytes, unless a line needs more.
const readSize = 16 << 10

// A lineBuffer finds the lines in the bytes of one connection (section 3). Its
// memory is bounded by readSize, or twice the longest line if that is more.
type lineBuffer struct {
	buf      []byte // buf[r:w] is what was read and not handed out yet
	r, w     int
	scanned  int  // buf[r:scanned] holds no LF
	max      int  // the longest line in bytes; negative: no limit
	skipping bool // what comes up to the next LF belongs to a refused line
}

// A lineState says what next found.
type lineState uint8

const (
	noLine    lineState = iota // more bytes are needed
	wholeLine                  // a line, as it came before its LF
	longLine                   // a line over the limit, which may not have ended yet
)

// space returns the room, never empty, for the next read. It moves the bytes
// that lines returned by next alias.
func (b *lineBuffer) space() []byte {
	n := copy(b.buf, b.buf[b.r:b.w])
	b.scanned -= b.r
	b.r, b.w = 0, n
	switch {
	case n == 0 && len(b.buf) != readSize:
		b.buf = make([]byte, readSize) // the first time, or after a very long line
	case n == len(b.buf):
		b.buf = append(b.buf, make([]byte, n)...)
	}
	return b.buf[n:]
}

// added says that n bytes were read into space.
func (b *lineBuffer) added(n int) { b.w += n }

// next takes the next line out of the buffer. The line keeps the CR at its end,
// if there is one, and is valid until space is called. Without an end of line
// the bytes stay and count as read, so that bytes that come one by one are
// looked at once.
func (b *lineBuffer) next() (line []byte, state lineState) {
	i := bytes.IndexByte(b.buf[b.scanned:b.w], '\n')
	if i < 0 {
		return nil, b.unfinished()
	}
	line = b.buf[b.r : b.scanned+i]
	b.r = b.scanned + i + 1
	b.scanned = b.r
	if b.skipping {
		b.skipping = false
		return b.next()
	}
	if b.tooLong(line) {
		return nil, longLine
	}
	return line, wholeLine
}

// unfinished deals with bytes that no LF has followed yet: a line among them
// that is over the limit, whatever comes, is refused now and then skipped.
func (b *lineBuffer) unfinished() lineState {
	b.scanned = b.w
	state := noLine
	if !b.skipping && b.tooLong(b.buf[b.r:b.w]) {
		b.skipping = true
		state = longLine
	}
	if b.skipping {
		b.r = b.w
	}
	return state
}

// tooLong compares a line with the limit. One CR at its end does not count; in
// an unfinished line that CR may yet turn out to be the one before LF.
func (b *lineBuffer) tooLong(line []byte) bool {
	limit := b.max
	if limit < 0 {
		limit = math.MaxInt
	}
	return len(bytes.TrimSuffix(line, []byte{'\r'})) > limit
}

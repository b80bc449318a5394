package client

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"os"
	"time"

	"github.com/putget-protocol/putget/spec/wire"
)

// readSize is the room for a read, and what a reader keeps between long lines.
const readSize = 32 << 10

// maxEmptyReads is how many reads in a row may bring nothing before the connection
// counts as lost.
const maxEmptyReads = 100

// readLoop hands out replies until the connection ends, one way or another, and
// then releases every request that has none.
func (c *Client) readLoop() {
	r := replyReader{c: c, buf: make([]byte, readSize)}
	c.fail(r.run()) // after a failed write it is this that closes the connection
	c.mu.Lock()
	defer c.mu.Unlock()
	reason := c.reason(true)
	for _, p := range c.sent.takeAll() {
		p.released(p.size, reason)
	}
}

// A replyReader reads replies and matches them with the requests that were sent.
//
//	buf[start:end]          read and not decoded yet; at most a part of a line between reads
//	buf[start:start+noLF]   known to hold no LF
type replyReader struct {
	c          *Client
	dec        wire.ReplyDecoder
	buf        []byte
	start, end int
	noLF       int

	current waiter // whose reply is under way; nil between replies
	lines   int    // of that reply, decoded so far
	refusal *ServerError
}

// run returns why it cannot go on.
func (r *replyReader) run() error {
	for {
		if err := r.decode(); err != nil {
			return err
		}
		if err := r.fill(); err != nil {
			return err
		}
	}
}

// decode takes all whole lines out of the buffer.
func (r *replyReader) decode() error {
	for r.start < r.end {
		if err := r.beginReply(); err != nil {
			return err
		}
		rest := r.buf[r.start:r.end]
		if r.noLF > 0 && bytes.IndexByte(rest[r.noLF:], '\n') < 0 {
			return r.incomplete(rest)
		}
		ev, n, err := r.dec.Next(rest)
		if errors.Is(err, wire.ErrIncomplete) {
			return r.incomplete(rest)
		}
		if err != nil {
			line, _, _ := bytes.Cut(rest, []byte{'\n'})
			return r.broken(line, err)
		}
		if n-1 > r.c.cfg.MaxLine {
			return r.broken(rest[:n-1], ErrLineTooLong)
		}
		if err := r.take(ev); err != nil {
			return r.broken(rest[:n-1], err)
		}
		r.start += n
		r.noLF = 0
		r.lines++
		if ev.Kind == wire.EndOfReply {
			r.endReply()
		}
	}
	r.start, r.end = 0, 0
	return nil
}

// incomplete remembers that rest is the beginning of a line and no more.
func (r *replyReader) incomplete(rest []byte) error {
	r.noLF = len(rest)
	if len(rest) > r.c.cfg.MaxLine {
		return r.broken(rest, ErrLineTooLong)
	}
	return nil
}

// beginReply finds out whose reply the next bytes belong to.
func (r *replyReader) beginReply() error {
	if r.current != nil {
		return nil
	}
	r.c.mu.Lock()
	p, ok := r.c.sent.first()
	r.c.mu.Unlock()
	if !ok {
		return fmt.Errorf("%w: %s", ErrUnasked, quote(r.buf[r.start:r.end]))
	}
	r.current, r.lines = p.waiter, 0
	return nil
}

// take gives one line of a reply to the request that it belongs to.
func (r *replyReader) take(ev wire.Event) error {
	switch ev.Kind {
	case wire.ErrorStatus:
		r.refusal = new(ServerError)
	case wire.TextLine:
		r.refusal.Text = append(r.refusal.Text, string(ev.Text))
	case wire.SampleLine:
		return r.current.addSample(ev.Key, Sample{Timestamp: ev.Timestamp, Value: ev.Value})
	}
	return nil
}

// endReply lets go of the request that has its reply.
func (r *replyReader) endReply() {
	r.current.answered(r.refusal)
	r.current, r.refusal = nil, nil
	r.c.mu.Lock()
	defer r.c.mu.Unlock()
	p := r.c.sent.pop()
	p.released(p.size, nil)
}

// fill reads once, into a buffer that has room.
func (r *replyReader) fill() error {
	r.makeRoom()
	for range maxEmptyReads {
		r.c.mu.Lock()
		if r.c.sent.len() > 0 {
			r.c.armTimeout()
		}
		r.c.mu.Unlock()

		n, err := r.c.conn.Read(r.buf[r.end:])
		r.end += n
		if n > 0 {
			return nil // an error shows again in the next read
		}
		if err != nil && !r.spurious(err) {
			return r.ended(err)
		}
	}
	return r.ended(io.ErrNoProgress)
}

// makeRoom moves the part of a line that is left to the front, and lets the buffer
// grow when that line fills it.
func (r *replyReader) makeRoom() {
	size := len(r.buf)
	switch {
	case r.end-r.start == size:
		size *= 2
	case r.start == r.end && size > readSize:
		size = readSize
	case r.start == 0:
		return
	}
	buf := r.buf
	if size != len(buf) {
		buf = make([]byte, size)
	}
	r.end = copy(buf, r.buf[r.start:r.end])
	r.buf, r.start = buf, 0
}

// spurious reports whether err is a deadline of a request that has been answered
// meanwhile.
func (r *replyReader) spurious(err error) bool {
	if !errors.Is(err, os.ErrDeadlineExceeded) {
		return false
	}
	r.c.mu.Lock()
	defer r.c.mu.Unlock()
	if r.c.err != nil {
		return false
	}
	if r.c.sent.len() == 0 {
		_ = r.c.conn.SetReadDeadline(time.Time{}) // armed again with the next request
		return true
	}
	return time.Now().Before(r.c.deadline)
}

// ended returns the reason for a connection from which no more can be read.
func (r *replyReader) ended(err error) error {
	where := "while no request was outstanding"
	r.c.mu.Lock()
	if p, ok := r.c.sent.first(); ok {
		where = fmt.Sprintf("before the reply to %v", p)
	}
	r.c.mu.Unlock()
	if r.current != nil && r.lines > 0 {
		where = fmt.Sprintf("after %d lines of the reply to %v", r.lines, r.current)
	}
	switch {
	case errors.Is(err, os.ErrDeadlineExceeded):
		return fmt.Errorf("no byte from the server for %v %s: %w", r.c.cfg.Timeout, where, os.ErrDeadlineExceeded)
	case errors.Is(err, io.EOF):
		return fmt.Errorf("the server closed the connection %s: %w", where, io.ErrUnexpectedEOF)
	}
	return fmt.Errorf("%s: %w", where, lost(err))
}

// broken returns the reason for a reply that broke the form at line.
func (r *replyReader) broken(line []byte, err error) error {
	return fmt.Errorf("reply to %v, line %d, %s: %w", r.current, r.lines+1, quote(line), err)
}

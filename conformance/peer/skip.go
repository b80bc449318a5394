package peer

import (
	"bytes"
	"context"
)

// SkipReply reads on to the end of the reply under way, the part that is buffered
// included, and drops it; what comes behind stays buffered. It is for a reply that
// is longer than anybody wants to keep. It returns how many bytes the reply had, as
// far as it came. The error is that of [Conn.ReadReply], without ReasonTooLong: only
// ctx bounds how much is read.
func (c *Conn) SkipReply(ctx context.Context) (int, error) {
	c.readMu.Lock()
	defer c.readMu.Unlock()
	skipped := 0
	last := byte(0) // the last byte that was dropped
	for read := c.reader(ctx); ; {
		if n := endBehind(last, c.pending); n >= 0 {
			c.pending, c.scanned = c.pending[n:], 0
			return skipped + n, nil
		}
		if n := len(c.pending); n > 0 {
			skipped += n
			last = c.pending[n-1]
			c.pending, c.scanned = nil, 0
		}
		if err := read(); err != nil {
			return skipped, c.readError(ctx, "skip reply", err)
		}
	}
}

// endBehind returns the length of b up to and including the empty line, when the byte
// last stands before it, or -1.
func endBehind(last byte, b []byte) int {
	if last == '\n' && len(b) > 0 && b[0] == '\n' {
		return 1
	}
	if i := bytes.Index(b, []byte("\n\n")); i >= 0 {
		return i + 2
	}
	return -1
}

package server

import "io"

// keptReplies is the largest buffer, in bytes, that a connection keeps when its
// replies are written.
const keptReplies = 256 << 10

// replies collects the replies to one peer, and writes them when asked to or
// when there are too many.
type replies struct {
	w     io.Writer
	buf   []byte // replies not yet written; append to it freely
	limit int    // in bytes; negative: no limit

	start int   // where in buf the reply under way begins
	torn  bool  // a part of the reply under way is written already
	err   error // the first error of w; nothing is written after it
}

// takeBack removes the reply under way. It reports whether it could: what is
// written is written.
func (r *replies) takeBack() bool {
	if r.torn {
		return false
	}
	r.buf = r.buf[:r.start]
	return true
}

// end marks the end of the reply under way; the next one begins there.
func (r *replies) end() error {
	err := r.relieve()
	r.start, r.torn = len(r.buf), false
	return err
}

// relieve writes what waits if it is over the limit.
func (r *replies) relieve() error {
	if r.limit < 0 || len(r.buf) < r.limit {
		return nil
	}
	return r.flush()
}

// flush writes what waits. Its error is the first one of the writer, and stays.
func (r *replies) flush() error {
	if r.err == nil && len(r.buf) > 0 {
		_, r.err = r.w.Write(r.buf)
	}
	r.torn = r.torn || len(r.buf) > r.start
	r.start, r.buf = 0, r.buf[:0]
	if cap(r.buf) > keptReplies {
		r.buf = nil
	}
	return r.err
}

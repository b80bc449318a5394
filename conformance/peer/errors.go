package peer

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"os"
	"syscall"
)

// A Reason says why an operation on a connection did not end as it was asked.
type Reason string

// The reasons. All but the last two tell of the other end.
const (
	ReasonTimeout  Reason = "timeout"  // the context's deadline passed
	ReasonClosed   Reason = "closed"   // the other end sent FIN
	ReasonReset    Reason = "reset"    // the other end sent RST
	ReasonRefused  Reason = "refused"  // nothing listens at the address
	ReasonTooLong  Reason = "too-long" // more bytes came without an end than Dialer.MaxReply
	ReasonCanceled Reason = "canceled" // the context was cancelled, not timed out
	ReasonBroken   Reason = "broken"   // anything else: this machine, this program, a name that does not resolve
)

// An Error is what every method of a [Conn], and Dial, returns in place of success.
// After ReasonTimeout and ReasonCanceled a Conn stays usable: what came is kept,
// and a later read goes on from there. After the other reasons only what was
// received before can still be read.
type Error struct {
	Conn   string // the name of the lane
	Op     string // "dial", "send", "read reply", "read quiet", "read closed", "skip reply", "half-close"
	Reason Reason
	// Partial holds the bytes that came of what was waited for. They stay buffered
	// for the next read, which shares them: they are not to be changed.
	Partial []byte
	// Written is the number of bytes of this call that went to the kernel, of Send
	// and SendPaced.
	Written int
	// Err is the error beneath, the context's cause for ReasonTimeout and
	// ReasonCanceled. Its text is that of the system.
	Err error
}

// Error returns the message, with the bytes that came, quoted and shortened.
func (e *Error) Error() string {
	text := fmt.Sprintf("connection %s: %s: %s", e.Conn, e.Op, e.Reason)
	if e.Written > 0 {
		text += fmt.Sprintf(" after %d bytes were sent", e.Written)
	}
	const shown = 80
	switch {
	case len(e.Partial) > shown:
		text += fmt.Sprintf(" after %q... (%d bytes)", e.Partial[:shown], len(e.Partial))
	case len(e.Partial) > 0:
		text += fmt.Sprintf(" after %q", e.Partial)
	}
	if e.Err != nil {
		text += ": " + e.Err.Error()
	}
	return text
}

// Unwrap returns the error beneath.
func (e *Error) Unwrap() error { return e.Err }

// ReasonOf returns the Reason of the [Error] in err, or "" when there is none.
func ReasonOf(err error) Reason {
	if e, ok := errors.AsType[*Error](err); ok {
		return e.Reason
	}
	return ""
}

// classify finds the reason of an error of the network, under ctx.
func classify(ctx context.Context, err error) (Reason, error) {
	if timeout, ok := errors.AsType[net.Error](err); errors.Is(err, os.ErrDeadlineExceeded) || ctx.Err() != nil && ok && timeout.Timeout() {
		return ofContext(ctx, err)
	}
	switch {
	case errors.Is(err, context.Canceled), errors.Is(err, context.DeadlineExceeded):
		return ofContext(ctx, err)
	case errors.Is(err, io.EOF):
		return ReasonClosed, io.EOF
	case errors.Is(err, syscall.ECONNRESET), errors.Is(err, syscall.EPIPE),
		errors.Is(err, syscall.ECONNABORTED), errors.Is(err, syscall.ENOTCONN):
		return ReasonReset, err
	case errors.Is(err, syscall.ETIMEDOUT): // the system's own patience
		return ReasonTimeout, err
	case errors.Is(err, syscall.ECONNREFUSED):
		return ReasonRefused, err
	default:
		return ReasonBroken, err
	}
}

// ofContext tells the two ends of a context apart. Whoever says that an answer
// did not come in time must not say so of a run that was interrupted.
func ofContext(ctx context.Context, err error) (Reason, error) {
	switch {
	case errors.Is(ctx.Err(), context.Canceled):
		return ReasonCanceled, context.Cause(ctx)
	case ctx.Err() != nil:
		return ReasonTimeout, context.Cause(ctx)
	default:
		return ReasonTimeout, err
	}
}

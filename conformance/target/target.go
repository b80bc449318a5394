package target

import (
	"context"
	"fmt"
	"net"
	"strings"
)

// A Target is a server under judgement. Its methods are safe for concurrent use;
// Start, Restart and Close wait for each other.
type Target interface {
	// Addr returns "host:port", where the target serves. A command may have another
	// one after each start, and has none before the first.
	Addr() string

	// Start makes the target ready: it returns nil when a connection was accepted
	// and closed again. The error is an [UnreachableError] of an attached target and
	// a [StartError] of a command; after it nothing of the command runs. The context
	// bounds the start, not the life.
	Start(ctx context.Context) error

	// Restart ends what runs, if it does, and starts it anew. What Exit and Output
	// told before is gone then. An attached target cannot be restarted:
	// ErrNotOurs.
	Restart(ctx context.Context) error

	// Probe makes a connection and closes it. The error is an [UnreachableError].
	Probe(ctx context.Context) error

	// Alive reports whether the command runs. Of an attached target it is always
	// true: only Probe can tell.
	Alive() bool

	// Died returns a channel that is closed when the command of the present start
	// has ended, for whatever reason. It is nil, and blocks for ever, for an attached
	// target and before the first start.
	Died() <-chan struct{}

	// Exit tells how the command of the last start ended, and whether it did.
	Exit() (Exit, bool)

	// Output returns the last lines of the command's standard output and standard
	// error, as they came. Nil for an attached target.
	Output() []string

	// Close ends the command, with everything that it started, and returns when it
	// is gone. Of an attached target it does nothing. A closed target may be
	// started again.
	Close()
}

// ErrNotOurs is the error of Restart for a target that was not started here.
var ErrNotOurs = fmt.Errorf("the target was not started here, so it cannot be restarted")

// An UnreachableError says that no connection could be made to an address.
type UnreachableError struct {
	Addr string // "host:port"
	Err  error  // of the system, or the context's cause
}

// Error returns the message, with the next step.
func (e *UnreachableError) Error() string {
	return fmt.Sprintf("no connection to %s: %v; is the server running, and is this its address?", e.Addr, e.Err)
}

// Unwrap returns the error beneath.
func (e *UnreachableError) Unwrap() error { return e.Err }

// A StartError says that a command could not be started, or did not accept
// connections.
type StartError struct {
	Command string   // as it was run, with the placeholders filled
	Addr    string   // where a connection was tried; empty when it did not come to that
	Exit    *Exit    // how the command ended by itself; nil when it did not
	Output  []string // its last lines
	Err     error    // what went wrong
}

// Error returns the message, with the last lines that the command printed.
func (e *StartError) Error() string {
	text := fmt.Sprintf("starting %q: %v", e.Command, e.Err)
	if len(e.Output) == 0 {
		return text + "; it printed nothing"
	}
	const shown = 20
	last := e.Output[max(0, len(e.Output)-shown):]
	return text + "; the last that it printed:\n  " + strings.Join(last, "\n  ")
}

// Unwrap returns the error beneath.
func (e *StartError) Unwrap() error { return e.Err }

// probe makes a connection to addr and closes it.
func probe(ctx context.Context, addr string) error {
	conn, err := (&net.Dialer{}).DialContext(ctx, "tcp", addr)
	if err != nil {
		if ctx.Err() != nil {
			err = context.Cause(ctx)
		}
		return &UnreachableError{Addr: addr, Err: err}
	}
	// FIN, and no byte before it: to the target an empty session.
	conn.Close()
	return nil
}

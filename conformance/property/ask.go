package property

import (
	"bytes"
	"context"
	"errors"
	"time"

	"github.com/putget-protocol/putget/conformance/peer"
)

// dial makes a connection within the target's patience.
func dial(ctx context.Context, rec *peer.Recorder, name string, t Target) (*peer.Conn, error) {
	return peer.Dialer{Gate: t.Gate, Patience: t.Patience}.Dial(ctx, rec, name, t.Addr)
}

// ask sends a line, given without its LF, in one write and reads one reply. Only
// silence for as long as patience counts: while bytes come it waits on, until ctx
// ends. With an error, which is a peer.Error, it returns what came of the reply.
func ask(ctx context.Context, conn *peer.Conn, line []byte, patience time.Duration) ([]byte, error) {
	if err := send(ctx, conn, line, patience); err != nil {
		return nil, err
	}
	seen := 0
	for {
		wait, cancel := context.WithTimeout(ctx, patience)
		reply, err := conn.ReadReply(wait)
		cancel()
		if err == nil {
			return reply, nil
		}
		e, ok := errors.AsType[*peer.Error](err)
		if !ok {
			return nil, err
		}
		if e.Reason != peer.ReasonTimeout || ctx.Err() != nil || len(e.Partial) <= seen {
			return e.Partial, err
		}
		seen = len(e.Partial)
	}
}

// send sends a line with its LF. That the other end is gone is no error yet: what it
// said before is still to be read.
func send(ctx context.Context, conn *peer.Conn, line []byte, patience time.Duration) error {
	ctx, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	err := conn.Send(ctx, append(bytes.Clone(line), '\n'))
	switch peer.ReasonOf(err) {
	case peer.ReasonClosed, peer.ReasonReset:
		return nil
	default:
		return err
	}
}

// ownLines returns a reply to a get of everything without the lines of others, which
// may be many: whole lines whose first word does not begin with own. What is no ok
// reply is returned as it is, and so is everything from the empty line on. The result
// may share memory with reply.
func ownLines(reply []byte, own string) []byte {
	const status = "ok\n"
	if !bytes.HasPrefix(reply, []byte(status)) {
		return reply
	}
	kept := []byte(status)
	for rest := reply[len(status):]; len(rest) > 0; {
		n := bytes.IndexByte(rest, '\n') + 1
		if n <= 1 {
			return append(kept, rest...) // the empty line, or a line that was cut short
		}
		if bytes.HasPrefix(bytes.TrimLeft(rest[:n], " \t"), []byte(own)) {
			kept = append(kept, rest[:n]...)
		}
		rest = rest[n:]
	}
	return kept
}

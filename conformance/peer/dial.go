package peer

import (
	"context"
	"fmt"
	"net"
	"syscall"
	"time"
)

// DefaultMaxReply is the number of bytes that a Conn takes in without the end of
// a reply, unless its Dialer, or [Conn.SetMaxReply], says otherwise.
const DefaultMaxReply = 16 << 20

// A Dialer makes connections. Its zero value is ready.
type Dialer struct {
	// ReceiveBuffer is SO_RCVBUF, in bytes, set before the connection is made so
	// that the window starts small: a peer that reads slowly then fills up soon.
	// Zero leaves it to the system. The system rounds it up to its minimum.
	ReceiveBuffer int

	// MaxReply bounds the bytes that may wait for the end of a reply; one read more
	// may come on top. Zero means DefaultMaxReply.
	MaxReply int

	// Gate makes connections to a target of this machine wait for their turn. Nil means
	// that nothing is waited for.
	Gate *Gate

	// Patience bounds the making of the connection once it has its turn. Zero means
	// that only the context does.
	Patience time.Duration
}

// Dial connects with the zero Dialer.
func Dial(ctx context.Context, rec *Recorder, name, addr string) (*Conn, error) {
	return Dialer{}.Dial(ctx, rec, name, addr)
}

// Dial connects to addr, "host:port", on the lane name of rec. The context bounds
// the making of the connection, not its life. The error is an [Error].
func (d Dialer) Dial(ctx context.Context, rec *Recorder, name, addr string) (*Conn, error) {
	defer d.Gate.enter(ctx, addr)()
	if d.Patience > 0 {
		var cancel context.CancelFunc
		ctx, cancel = context.WithTimeout(ctx, d.Patience)
		defer cancel()
	}
	nd := net.Dialer{Control: d.control}
	nc, err := nd.DialContext(ctx, "tcp", addr)
	if err != nil {
		return nil, dialError(ctx, rec, name, addr, err)
	}
	tcp, ok := nc.(*net.TCPConn)
	if !ok {
		nc.Close()
		return nil, &Error{Conn: name, Op: "dial", Reason: ReasonBroken, Err: fmt.Errorf("want a TCP connection, have %T", nc)}
	}
	// Each chunk of Send is to leave as it is written. This is what net does by
	// default; here it is not left to a default.
	if err := tcp.SetNoDelay(true); err != nil {
		tcp.Close()
		return nil, &Error{Conn: name, Op: "dial", Reason: ReasonBroken, Err: err}
	}
	rec.add(Event{Conn: name, Kind: Dialed, Note: fmt.Sprintf("%s to %s", tcp.LocalAddr(), tcp.RemoteAddr())})
	c := &Conn{name: name, rec: rec, tcp: tcp}
	c.SetMaxReply(d.MaxReply)
	return c, nil
}

func dialError(ctx context.Context, rec *Recorder, name, addr string, err error) error {
	reason, cause := classify(ctx, err)
	kind := Refused
	if reason == ReasonTimeout || reason == ReasonCanceled {
		kind = TimedOut
	}
	rec.add(Event{Conn: name, Kind: kind, Note: "dialing " + addr + ": " + cause.Error()})
	return &Error{Conn: name, Op: "dial", Reason: reason, Err: cause}
}

// control sets what must be set before the connection is made.
func (d Dialer) control(_, _ string, raw syscall.RawConn) error {
	if d.ReceiveBuffer <= 0 {
		return nil
	}
	var failed error
	err := raw.Control(func(fd uintptr) {
		failed = syscall.SetsockoptInt(int(fd), syscall.SOL_SOCKET, syscall.SO_RCVBUF, d.ReceiveBuffer)
	})
	if err != nil {
		return err
	}
	return failed
}

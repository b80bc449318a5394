package peer

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"net"
	"os"
	"time"
)

// Accepted is the kind of event with which a connection of a [Listener] begins; Note
// holds both its addresses.
const Accepted Kind = "accepted"

// A Listener is where a scripted server waits for its clients. It hands out each
// connection when it is asked to and does nothing by itself: the kernel completes the
// connections that are not asked for yet.
type Listener struct {
	rec *Recorder
	tcp *net.TCPListener
}

// Listen listens at a free port of 127.0.0.1. Its connections are recorded in rec. The
// error is an [Error].
func Listen(rec *Recorder) (*Listener, error) {
	tcp, err := net.ListenTCP("tcp4", &net.TCPAddr{IP: net.IPv4(127, 0, 0, 1)})
	if err != nil {
		return nil, &Error{Op: "listen", Reason: ReasonBroken, Err: err}
	}
	return &Listener{rec: rec, tcp: tcp}, nil
}

// Port returns the port.
func (l *Listener) Port() int { return l.tcp.Addr().(*net.TCPAddr).Port }

// Addr returns the address, "127.0.0.1:port".
func (l *Listener) Addr() string { return l.tcp.Addr().String() }

// Close ends the listening, and an Accept that waits. From now on clients are refused,
// and those that nobody accepted are reset. The other connections stay.
func (l *Listener) Close() { l.tcp.Close() }

// Accept waits for the next connection and returns it as the lane name. The error is an
// [Error]: ReasonTimeout or ReasonCanceled when no client came before ctx ended, which
// leaves the listener usable, and ReasonBroken when it was closed. It is for one
// goroutine at a time.
func (l *Listener) Accept(ctx context.Context, name string) (*Conn, error) {
	tcp, err := l.accept(ctx)
	if err == nil {
		err = tcp.SetNoDelay(true) // as Dial does
		if err != nil {
			tcp.Close()
		}
	}
	if err != nil {
		reason, cause := classify(ctx, err)
		if reason == ReasonTimeout || reason == ReasonCanceled {
			l.rec.add(Event{Conn: name, Kind: TimedOut, Note: "accept: " + string(reason)})
		}
		return nil, &Error{Conn: name, Op: "accept", Reason: reason, Err: cause}
	}
	l.rec.add(Event{Conn: name, Kind: Accepted, Note: fmt.Sprintf("%s from %s", tcp.LocalAddr(), tcp.RemoteAddr())})
	return &Conn{name: name, rec: l.rec, tcp: tcp, limit: DefaultMaxReply}, nil
}

func (l *Listener) accept(ctx context.Context) (*net.TCPConn, error) {
	woken := make(chan struct{})
	stop := context.AfterFunc(ctx, func() {
		l.tcp.SetDeadline(aLongTimeAgo) // fails only on a closed listener, which wakes Accept as well
		close(woken)
	})
	tcp, err := l.tcp.AcceptTCP()
	if !stop() {
		<-woken
		l.tcp.SetDeadline(time.Time{}) // the same
	}
	if !errors.Is(err, os.ErrDeadlineExceeded) {
		return tcp, err
	}
	// The deadline may have passed while nobody ran this goroutine. Who stands in the
	// kernel's queue came in time; a little more time makes Accept look there.
	const look = 20 * time.Millisecond
	l.tcp.SetDeadline(time.Now().Add(look))
	defer l.tcp.SetDeadline(time.Time{})
	return l.tcp.AcceptTCP()
}

// ReadLine returns exactly one line, such as a request: the bytes up to and including
// the next LF. What comes behind it stays buffered for the next read. The error is an
// [Error] that holds the part that came: ReasonTimeout, ReasonClosed, ReasonReset,
// ReasonTooLong, ReasonCanceled or ReasonBroken.
func (c *Conn) ReadLine(ctx context.Context) ([]byte, error) {
	c.readMu.Lock()
	defer c.readMu.Unlock()
	searched := 0 // bytes of pending that hold no LF
	for read := c.reader(ctx); ; {
		if i := bytes.IndexByte(c.pending[searched:], '\n'); i >= 0 {
			n := searched + i + 1
			line := bytes.Clone(c.pending[:n])
			c.pending, c.scanned = c.pending[n:], 0
			return line, nil
		}
		searched = len(c.pending)
		if err := read(); err != nil {
			return nil, c.readError(ctx, "read line", err)
		}
	}
}

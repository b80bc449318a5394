package peer

import (
	"context"
	"errors"
	"io"
	"os"
	"slices"
	"time"

	"golang.org/x/sys/unix"
)

// readSize is how much one read takes at most.
const readSize = 64 << 10

// What a reader reports besides the errors of the network.
var (
	errWaited  = errors.New("the time ran out")
	errTooLong = errors.New("too many bytes without the end of a reply")
	errEnded   = errors.New("the connection has ended")
)

// aLongTimeAgo is a deadline that wakes whoever waits.
var aLongTimeAgo = time.Unix(1, 0)

// reader returns a function that adds the bytes of one read to pending. It returns
// errWaited when ctx ends before any came, errTooLong when pending is full,
// errEnded at the end of the stream, or an error of the network. The caller holds
// readMu.
func (c *Conn) reader(ctx context.Context) func() error {
	late := -1 // how much is still taken in after the end of ctx; negative before
	return func() error {
		if len(c.pending) > c.limit {
			return errTooLong
		}
		if late < 0 {
			err := c.waitPace(ctx)
			if err == nil {
				err = c.readOnce(ctx)
			}
			if !errors.Is(err, errWaited) {
				return err
			}
			// The deadline may have passed while nobody ran this goroutine. What lies
			// in the kernel came in time, and no more of what comes without end; the one
			// byte on top is for the end of the stream.
			n, err := c.ask(waiting)
			if err != nil {
				return c.took(0, err)
			}
			late = n + 1
		}
		if late == 0 {
			return errWaited
		}
		before := len(c.pending)
		err := c.lastLook()
		late = max(0, late-(len(c.pending)-before))
		return err
	}
}

// waitPace waits out the pause of a slow reader.
func (c *Conn) waitPace(ctx context.Context) error {
	if c.pause <= 0 {
		return nil
	}
	timer := time.NewTimer(c.pause)
	defer timer.Stop()
	select {
	case <-timer.C:
		return nil
	case <-ctx.Done():
		return errWaited
	}
}

// readOnce does one read that ends with ctx.
func (c *Conn) readOnce(ctx context.Context) error {
	woken := make(chan struct{})
	stop := context.AfterFunc(ctx, func() {
		c.tcp.SetReadDeadline(aLongTimeAgo) // fails only on a closed connection, which wakes the read as well
		close(woken)
	})
	n, err := c.tcp.Read(c.room())
	if !stop() {
		<-woken
		c.tcp.SetReadDeadline(time.Time{}) // the same
	}
	return c.took(n, err)
}

// lastLook reads what is there without waiting. It returns errWaited for nothing.
func (c *Conn) lastLook() error {
	raw, err := c.tcp.SyscallConn()
	if err != nil {
		return err
	}
	var n int
	var failed error
	err = raw.Read(func(fd uintptr) bool {
		n, failed = unix.Read(int(fd), c.room())
		return true
	})
	switch {
	case err != nil:
		return c.took(0, err)
	case errors.Is(failed, unix.EAGAIN), errors.Is(failed, unix.EINTR):
		return errWaited
	case failed == nil && n == 0:
		return c.took(0, io.EOF)
	default:
		return c.took(max(n, 0), failed)
	}
}

// room returns the buffer for one read.
func (c *Conn) room() []byte {
	if c.buf == nil {
		c.buf = make([]byte, readSize)
	}
	if c.chunk > 0 && c.chunk < len(c.buf) {
		return c.buf[:c.chunk]
	}
	return c.buf
}

// took takes in the outcome of one read.
func (c *Conn) took(n int, err error) error {
	if n > 0 {
		data := c.buf[:n]
		c.rec.addReceived(c.name, data, c.chunk > 0)
		c.pending = append(c.pending, data...)
		return nil // an error comes again with the next read
	}
	if errors.Is(err, os.ErrDeadlineExceeded) {
		return errWaited
	}
	switch reason, _ := classify(context.Background(), err); reason {
	case ReasonClosed, ReasonReset:
		c.setEnd(reason)
		return errEnded
	default:
		return err
	}
}

// readError makes the Error of a read that failed with err.
func (c *Conn) readError(ctx context.Context, op string, err error) error {
	e := &Error{Conn: c.name, Op: op, Partial: slices.Clip(c.pending), Err: err}
	switch {
	case errors.Is(err, errWaited):
		e.Reason, e.Err = ofContext(ctx, err)
		c.rec.add(Event{Conn: c.name, Kind: TimedOut, Note: op + ": " + string(e.Reason)})
	case errors.Is(err, errTooLong):
		e.Reason = ReasonTooLong
	case errors.Is(err, errEnded):
		e.Reason, e.Err = c.end(), nil
	default:
		e.Reason = ReasonBroken
	}
	return e
}

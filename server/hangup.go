package server

import (
	"context"
	"io"
	"syscall"
	"time"
)

// Bounds on the end of a session that the server ends.
const (
	// receivedMax is more than a kernel holds for one connection by default, so
	// that everything received is answered; a peer that never stops sending does
	// not keep the server from closing.
	receivedMax = 8 << 20

	lingerTime  = 500 * time.Millisecond
	lingerBytes = 1 << 20
)

// answerReceived answers the requests that the kernel has received already,
// without waiting for more.
func (c *conn) answerReceived(ctx context.Context) error {
	for left := receivedMax; left > 0; {
		n := readReceived(c.nc, c.lines.space())
		if n <= 0 {
			return nil
		}
		left -= n
		if err := c.answer(ctx, n); err != nil {
			return err
		}
	}
	return nil
}

// readReceived reads what is there, past all deadlines, and returns how many
// bytes that are. It returns 0 or less if there is nothing, or no way to ask.
func readReceived(nc any, p []byte) int {
	sc, ok := nc.(syscall.Conn)
	if !ok {
		return 0 // such as a net.Pipe, which holds nothing
	}
	raw, err := sc.SyscallConn()
	if err != nil {
		return 0
	}
	n := 0
	// The descriptor of a net.Conn never blocks: an empty one gives EAGAIN.
	err = raw.Control(func(fd uintptr) { n, _ = syscall.Read(int(fd), p) })
	if err != nil {
		return 0
	}
	return n
}

// hangUp ends the server's side of the session and reads on for a moment before
// the connection is closed. Closing it over unread bytes would send a reset,
// which can destroy replies on their way.
func (c *conn) hangUp() {
	half, ok := c.nc.(interface{ CloseWrite() error })
	if !ok || half.CloseWrite() != nil {
		return
	}
	if c.nc.SetReadDeadline(time.Now().Add(lingerTime)) != nil {
		return
	}
	// However this ends, the session is over.
	_, _ = io.CopyN(io.Discard, c.nc, lingerBytes)
}

package peer

import (
	"errors"
	"fmt"
	"net"
	"net/netip"
)

// A socketState is what the kernel tells of a socket.
type socketState struct {
	open     bool   // it can still receive
	received uint64 // bytes that have arrived, read or not
	unread   uint32 // bytes of those that its program has not read
}

// Taken reports whether the program at the other end has read all that was sent.
// That can be seen on Linux when the other end is a socket of this machine and of
// this network namespace; otherwise, and for a socket that was never seen, the
// error is errors.ErrUnsupported. One that was seen and is gone has taken all it
// ever will.
func (c *Conn) Taken() (bool, error) {
	state, err := lookUp(addrPort(c.tcp.RemoteAddr()), addrPort(c.tcp.LocalAddr()))
	if err != nil {
		return false, err
	}
	if !state.open {
		if !c.seen.Load() {
			return false, fmt.Errorf("the other end is no socket of this machine: %w", errors.ErrUnsupported)
		}
		return true, nil
	}
	c.seen.Store(true)
	return state.received >= c.sent.Load() && state.unread == 0, nil
}

// addrPort returns an address of a TCP connection in the form that IPv4 has on the
// wire, also when the socket is one for both families.
func addrPort(addr net.Addr) netip.AddrPort {
	tcp, ok := addr.(*net.TCPAddr)
	if !ok {
		return netip.AddrPort{}
	}
	ap := tcp.AddrPort()
	return netip.AddrPortFrom(ap.Addr().Unmap(), ap.Port())
}

// Unacknowledged returns the number of bytes that were sent and that the kernel of
// the other end has not acknowledged.
func (c *Conn) Unacknowledged() (int, error) { return c.ask(queued) }

// Unread returns the number of bytes that came and were not handed out: those that
// lie in the kernel and those that are buffered here. On a peer that does not
// read it grows up to what the windows let through. It waits for a read that is
// under way.
func (c *Conn) Unread() (int, error) {
	n, err := c.ask(waiting)
	c.readMu.Lock()
	defer c.readMu.Unlock()
	return n + len(c.pending), err
}

func (c *Conn) ask(question func(fd int) (int, error)) (int, error) {
	raw, err := c.tcp.SyscallConn()
	if err != nil {
		return 0, err
	}
	var n int
	var failed error
	if err := raw.Control(func(fd uintptr) { n, failed = question(int(fd)) }); err != nil {
		return 0, err
	}
	return n, failed
}

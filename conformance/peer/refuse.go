package peer

import (
	"errors"
	"fmt"

	"golang.org/x/sys/unix"
)

// Refuse returns a port of 127.0.0.1 at which connections are refused until release is
// called: it is taken, and nobody listens there, so that nobody else can either.
func Refuse() (port int, release func(), err error) {
	fd, err := unix.Socket(unix.AF_INET, unix.SOCK_STREAM, 0)
	if err != nil {
		return 0, nil, fmt.Errorf("making a socket: %w", err)
	}
	unix.CloseOnExec(fd)
	addr := &unix.SockaddrInet4{Addr: [4]byte{127, 0, 0, 1}}
	if err := unix.Bind(fd, addr); err != nil {
		return 0, nil, errors.Join(fmt.Errorf("taking a port: %w", err), unix.Close(fd))
	}
	name, err := unix.Getsockname(fd)
	if err != nil {
		return 0, nil, errors.Join(fmt.Errorf("asking for the port: %w", err), unix.Close(fd))
	}
	bound, ok := name.(*unix.SockaddrInet4)
	if !ok {
		return 0, nil, errors.Join(fmt.Errorf("the port has an address of another family: %T", name), unix.Close(fd))
	}
	return bound.Port, func() { unix.Close(fd) }, nil
}

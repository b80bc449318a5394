package peer

import "golang.org/x/sys/unix"

// queued asks the kernel for the bytes in the send queue of a socket that are not
// acknowledged, sent or not (SO_NWRITE).
func queued(fd int) (int, error) { return unix.GetsockoptInt(fd, unix.SOL_SOCKET, unix.SO_NWRITE) }

// waiting asks the kernel for the bytes that lie in the receive queue (SO_NREAD).
func waiting(fd int) (int, error) { return unix.GetsockoptInt(fd, unix.SOL_SOCKET, unix.SO_NREAD) }

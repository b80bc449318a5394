package peer

import "golang.org/x/sys/unix"

// queued asks the kernel for the bytes in the send queue of a socket that are not
// acknowledged, sent or not (SIOCOUTQ).
func queued(fd int) (int, error) { return unix.IoctlGetInt(fd, unix.SIOCOUTQ) }

// waiting asks the kernel for the bytes that lie in the receive queue (SIOCINQ).
func waiting(fd int) (int, error) { return unix.IoctlGetInt(fd, unix.SIOCINQ) }

//go:build !linux

package peer

import (
	"errors"
	"net/netip"
)

// lookUp is only known for Linux.
func lookUp(_, _ netip.AddrPort) (socketState, error) {
	return socketState{}, errors.ErrUnsupported
}

// backlog is only known for Linux.
func backlog(netip.AddrPort) (int, error) { return 0, errors.ErrUnsupported }

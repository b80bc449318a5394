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

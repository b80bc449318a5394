package target

import (
	"errors"
	"fmt"
	"math/rand/v2"
	"net"
	"strconv"
	"syscall"
)

// The ports that a target is given lie below those from which Linux and macOS take
// the local ports of outgoing connections. So none of the many connections of the
// judge can take a port between the moment when it is found free and the one when
// the target listens.
const (
	firstPort = 10240
	lastPort  = 32767
)

// freeAddr returns host with a port on which nothing listens.
func freeAddr(host string) (string, error) {
	var failed error
	for range 100 {
		port := firstPort + rand.IntN(lastPort-firstPort+1)
		addr := net.JoinHostPort(host, strconv.Itoa(port))
		ln, err := net.Listen("tcp", addr)
		if err == nil {
			ln.Close()
			return addr, nil
		}
		failed = err
		if !errors.Is(err, syscall.EADDRINUSE) {
			break
		}
	}
	return "", fmt.Errorf("finding a free port on %s: %w", host, failed)
}

// isTaken reports whether something holds the port of addr.
func isTaken(addr string) bool {
	if addr == "" {
		return false
	}
	ln, err := net.Listen("tcp", addr)
	if err == nil {
		ln.Close()
		return false
	}
	return errors.Is(err, syscall.EADDRINUSE)
}

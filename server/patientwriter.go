package server

import (
	"errors"
	"net"
	"os"
	"time"
)

// A patientWriter writes to a peer for as long as the peer takes something.
type patientWriter struct {
	nc      net.Conn
	timeout time.Duration // negative: no limit
}

// looks is how often within the timeout a blocked write begins anew. The kernel
// wakes a writer only when a good part of its buffer is free; a peer that reads
// slowly makes progress long before. A fresh write asks the kernel again and
// gets rid of whatever fits.
const looks = 4

// Write writes all of p. It fails with [os.ErrDeadlineExceeded] when the peer
// has taken nothing for the timeout.
func (w patientWriter) Write(p []byte) (int, error) {
	if w.timeout < 0 {
		return w.nc.Write(p)
	}
	sent, idle := 0, 0
	for {
		if err := w.nc.SetWriteDeadline(time.Now().Add(w.timeout / looks)); err != nil {
			return sent, err
		}
		n, err := w.nc.Write(p[sent:])
		sent += n
		if !errors.Is(err, os.ErrDeadlineExceeded) {
			return sent, err
		}
		idle++
		if n > 0 {
			idle = 0
		}
		// The round in which the last byte went is not idle, and the first idle
		// one began with a look: after one more than looks the timeout is over.
		if idle > looks {
			return sent, err
		}
	}
}

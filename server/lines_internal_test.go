package server

import (
	"bytes"
	"log/slog"
	"testing"
)

var discard = slog.New(slog.DiscardHandler)

// feed puts b into the buffer, in pieces no longer than its space.
func feed(lines *lineBuffer, b []byte) (whole, long int) {
	for len(b) > 0 {
		n := copy(lines.space(), b)
		lines.added(n)
		b = b[n:]
		for {
			_, state := lines.next()
			if state == noLine {
				break
			}
			if state == wholeLine {
				whole++
			} else {
				long++
			}
		}
	}
	return whole, long
}

// TestLineMemoryIsBounded: whatever the length of a line that is refused, and
// however long a line that is taken was, the buffer stays, or becomes, small.
func TestLineMemoryIsBounded(t *testing.T) {
	lines := lineBuffer{max: 4096}
	whole, long := feed(&lines, append(bytes.Repeat([]byte("x"), 8<<20), '\n'))
	if whole != 0 || long != 1 {
		t.Errorf("%d whole and %d long lines, want 0 and 1", whole, long)
	}
	if n := len(lines.buf); n > readSize {
		t.Errorf("buffer has %d bytes after a line of 8 MiB", n)
	}
	lines = lineBuffer{max: -1}
	whole, long = feed(&lines, append(bytes.Repeat([]byte("x"), 2<<20), '\n'))
	if whole != 1 || long != 0 {
		t.Errorf("%d whole and %d long lines, want 1 and 0", whole, long)
	}
	if n := len(lines.space()); n != readSize {
		t.Errorf("buffer has %d bytes when the line is done with, want %d", n, readSize)
	}
}

// TestLineIsScannedOnce: bytes that come one by one are not looked at again.
func TestLineIsScannedOnce(t *testing.T) {
	lines := lineBuffer{max: 4096}
	for range 1000 {
		copy(lines.space(), "x")
		lines.added(1)
		if _, state := lines.next(); state != noLine || lines.scanned != lines.w {
			t.Fatalf("state %v, %d of %d bytes scanned", state, lines.scanned, lines.w)
		}
	}
}

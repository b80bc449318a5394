package main

import (
	"fmt"
	"io"
	"sync"

	"github.com/schollz/progressbar/v3"

	"github.com/putget-protocol/putget/conformance/report/matrix"
)

// A fleetBar shows on a terminal how many targets are judged. Nil shows nothing. It is
// safe for concurrent use.
type fleetBar struct {
	mu    sync.Mutex // guards the fields below
	bar   *progressbar.ProgressBar
	right int    // conformant ones
	now   string // the target that was begun last
}

// newFleetBar returns nil unless stderr is a terminal that can be drawn on.
func newFleetBar(stderr io.Writer, total int) *fleetBar {
	if !canDraw(stderr) {
		return nil
	}
	return &fleetBar{bar: newBar(stderr, total)}
}

func (b *fleetBar) begun(name string) {
	if b == nil {
		return
	}
	b.mu.Lock()
	defer b.mu.Unlock()
	b.now = name
	b.describe()
}

func (b *fleetBar) judged(e matrix.Entry) {
	if b == nil {
		return
	}
	b.mu.Lock()
	defer b.mu.Unlock()
	if e.Report != nil && e.Report.Conformant {
		b.right++
	}
	b.describe()
	b.bar.Add(1) // a terminal that is gone is no reason to stop
}

func (b *fleetBar) describe() {
	b.bar.Describe(fmt.Sprintf("%d conformant, %.26s", b.right, b.now))
}

func (b *fleetBar) end() {
	if b == nil {
		return
	}
	b.mu.Lock()
	defer b.mu.Unlock()
	b.bar.Finish() // clears it
	b.bar.Clear()
}

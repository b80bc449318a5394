package main

import (
	"fmt"
	"io"
	"os"
	"sync"
	"time"

	"github.com/schollz/progressbar/v3"
	"golang.org/x/term"

	"github.com/putget-protocol/putget/conformance"
	"github.com/putget-protocol/putget/conformance/report"
)

// A runBar shows on a terminal how far a run is: the case that was begun last, how many
// are left, and how many failed. Nil shows nothing. It is safe for concurrent use.
type runBar struct {
	mu       sync.Mutex // guards the fields below
	bar      *progressbar.ProgressBar
	left     map[string]bool // cases without a verdict
	now      string
	findings map[string]bool // sentences of which a failure was seen
}

// newRunBar returns nil unless stderr is a terminal that can be drawn on.
func newRunBar(stderr io.Writer, cfg conformance.Config) *runBar {
	if !canDraw(stderr) {
		return nil
	}
	r, err := conformance.NewRunner(cfg)
	if err != nil {
		return nil // the run says so itself
	}
	defer r.Close()
	b := &runBar{left: make(map[string]bool), findings: make(map[string]bool)}
	for _, c := range r.Cases() {
		b.left[c.ID] = true
	}
	b.bar = newBar(stderr, len(b.left))
	return b
}

// canDraw reports whether a stream is a terminal that knows escape sequences.
func canDraw(w io.Writer) bool {
	f, ok := w.(*os.File)
	return ok && term.IsTerminal(int(f.Fd())) && os.Getenv("TERM") != "dumb"
}

func newBar(w io.Writer, total int) *progressbar.ProgressBar {
	return progressbar.NewOptions(total,
		progressbar.OptionSetWriter(w),
		progressbar.OptionSetWidth(20),
		progressbar.OptionShowCount(),
		progressbar.OptionSetPredictTime(false),
		progressbar.OptionShowDescriptionAtLineEnd(),
		progressbar.OptionThrottle(50*time.Millisecond),
		progressbar.OptionUseANSICodes(true),
		progressbar.OptionClearOnFinish(),
		progressbar.OptionSetSpinnerChangeInterval(0), // no goroutine that writes in between
	)
}

// begun notes that a case is looked at.
func (b *runBar) begun(caseID string) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.now = caseID
	b.describe()
}

// print takes the bar away while f writes to what may be the same terminal.
func (b *runBar) print(f func()) {
	if b == nil {
		f()
		return
	}
	b.mu.Lock()
	defer b.mu.Unlock()
	b.bar.Clear() // a terminal that is gone cannot be cleared
	f()
}

// judged notes the verdict of a case.
func (b *runBar) judged(c report.Case) {
	if b == nil {
		return
	}
	b.mu.Lock()
	defer b.mu.Unlock()
	for _, f := range c.Failures {
		if f.Verdict != report.Warn {
			b.findings[f.Requirement] = true
		}
	}
	first := b.left[c.ID]
	delete(b.left, c.ID)
	b.describe()
	if first {
		b.bar.Add(1)
	}
}

// describe writes what stands behind the bar. It fits into a narrow terminal.
func (b *runBar) describe() {
	b.bar.Describe(fmt.Sprintf("%d left, %d broken, %.26s", len(b.left), len(b.findings), b.now))
}

// end takes the bar from the terminal for good.
func (b *runBar) end() {
	if b == nil {
		return
	}
	b.mu.Lock()
	defer b.mu.Unlock()
	b.bar.Finish() // clears it
	b.bar.Clear()
}

package main

import (
	"io"
	"io/fs"
	"os"
	"time"

	"github.com/schollz/progressbar/v3"
	"golang.org/x/term"
)

// A progress shows on a terminal how far a stream has come: in bytes if the input
// is a file, whose size is known, in acknowledged puts otherwise. Nil shows
// nothing. It is not safe for concurrent use.
type progress struct {
	bar   *progressbar.ProgressBar
	bytes bool
}

// newProgress returns nil unless stderr is a terminal. It also does if stdin is
// one: the bar would write over what is being typed.
func newProgress(stdin io.Reader, stderr io.Writer) *progress {
	if !isTerminal(stderr) || isTerminal(stdin) {
		return nil
	}
	options := []progressbar.Option{
		progressbar.OptionSetWriter(stderr),
		progressbar.OptionSetDescription("putting"),
		progressbar.OptionSetWidth(30),
		progressbar.OptionThrottle(100 * time.Millisecond),
		progressbar.OptionUseANSICodes(true),
		progressbar.OptionSetSpinnerChangeInterval(0), // no goroutine that writes in between
	}
	if size := fileSize(stdin); size > 0 {
		bar := progressbar.NewOptions64(size, append(options, progressbar.OptionShowBytes(true))...)
		return &progress{bar: bar, bytes: true}
	}
	options = append(options, progressbar.OptionShowCount(), progressbar.OptionShowIts(), progressbar.OptionSetItsString("puts"))
	return &progress{bar: progressbar.NewOptions64(-1, options...)}
}

// add counts one line that is done.
func (p *progress) add(line inputLine) {
	if p == nil {
		return
	}
	n := int64(1)
	if p.bytes {
		n = line.size
	}
	_ = p.bar.Add64(n) // fails if the file has grown: no harm
}

// clear takes the bar from the terminal until the next add.
func (p *progress) clear() {
	if p != nil {
		_ = p.bar.Clear() // a terminal that is gone cannot be cleared
	}
}

// isTerminal reports whether f, a stream of the process or another one, is a
// terminal.
func isTerminal(f any) bool {
	file, ok := f.(*os.File)
	return ok && term.IsTerminal(int(file.Fd()))
}

// fileSize returns what is left to read of a regular file, or 0 for anything else.
func fileSize(r io.Reader) int64 {
	file, ok := r.(*os.File)
	if !ok {
		return 0
	}
	info, err := file.Stat()
	if err != nil || info.Mode().Type() != fs.FileMode(0) {
		return 0
	}
	at, err := file.Seek(0, io.SeekCurrent)
	if err != nil {
		return 0
	}
	return info.Size() - at
}

package target

import (
	"io"
	"strings"
	"sync"
)

// outputSize is how many bytes of a command's output are kept: its last ones.
const outputSize = 64 << 10

// An output keeps the end of what a command prints.
type output struct {
	done chan struct{} // closed when nobody can print any more

	mu   sync.Mutex // guards the fields below
	tail []byte
	cut  bool // something before tail was dropped
}

func newOutput() *output { return &output{done: make(chan struct{})} }

// collect reads until every process that holds the other end of r is gone.
func (o *output) collect(r io.Reader) {
	defer close(o.done)
	buf := make([]byte, 4096)
	for {
		n, err := r.Read(buf)
		o.add(buf[:n])
		if err != nil {
			return
		}
	}
}

func (o *output) add(b []byte) {
	o.mu.Lock()
	defer o.mu.Unlock()
	o.tail = append(o.tail, b...)
	// Twice the size before anything moves, so that not every line moves all.
	if len(o.tail) > 2*outputSize {
		o.tail = append(o.tail[:0], o.tail[len(o.tail)-outputSize:]...)
		o.cut = true
	}
}

// lines returns what is kept as lines without their ends. A line whose beginning
// was dropped is left out.
func (o *output) lines() []string {
	o.mu.Lock()
	defer o.mu.Unlock()
	tail, cut := o.tail, o.cut
	if len(tail) > outputSize {
		tail, cut = tail[len(tail)-outputSize:], true
	}
	text := strings.TrimSuffix(string(tail), "\n")
	if text == "" {
		return nil
	}
	lines := strings.Split(text, "\n")
	if cut && len(lines) > 1 {
		lines = lines[1:]
	}
	return lines
}

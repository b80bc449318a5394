package target

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"sync"
	"sync/atomic"
	"time"

	"github.com/putget-protocol/putget/conformance/adapter"
)

// maxAnswer bounds an answer, in bytes.
const maxAnswer = 256 << 20

// A Caller makes calls to one process of an adapter, one at a time. Its methods are safe
// for concurrent use; calls wait for each other.
type Caller struct {
	run     *run
	shown   string
	grace   time.Duration
	started time.Time
	in      *os.File // the process's standard input
	lines   chan line

	closing sync.Once
	closed  chan struct{} // closed when nothing of the process is left
	due     atomic.Bool   // a call was made and its answer has not come

	mu       sync.Mutex // held during a call; guards the fields below
	op       string     // of the last call
	since    time.Time  // when it was made
	answered bool       // an answer has come
	broken   error      // why no further call can be made
}

// A line is one that the process wrote, or why there is none.
type line struct {
	text []byte // without its LF
	at   time.Time
	err  error // the bound was passed; the last line then
}

// newCaller starts a process of a.
func newCaller(a *Adapter) (*Caller, error) {
	childIn, in, err := os.Pipe()
	if err != nil {
		return nil, fmt.Errorf("making a pipe for the calls: %w", err)
	}
	defer childIn.Close()
	out, childOut, err := os.Pipe()
	if err != nil {
		in.Close()
		return nil, fmt.Errorf("making a pipe for the answers: %w", err)
	}
	defer childOut.Close()
	c := &Caller{
		shown: a.shown, grace: a.cfg.Grace, started: time.Now(), in: in,
		lines: make(chan line, 1), closed: make(chan struct{}),
	}
	c.run, err = begin(a.command, ExecConfig{Env: a.cfg.Env, Dir: a.cfg.Dir}, streams{in: childIn, out: childOut})
	if err != nil {
		in.Close()
		out.Close()
		return nil, err
	}
	go c.readLines(out) // ends with the last process that holds the pipe, or after Close
	return c, nil
}

// readLines hands out the lines that the process writes, and closes the channel at their
// end. The time of a line is when its last byte was read.
func (c *Caller) readLines(out *os.File) {
	defer close(c.lines)
	defer out.Close()
	go func() { // a process that escaped holds the pipe open for ever
		<-c.closed
		<-c.run.died
		out.Close()
	}()
	const size = 64 << 10
	for r := bufio.NewReaderSize(out, size); ; {
		text, err := readLine(r)
		if len(text) == 0 && err != nil {
			return
		}
		select {
		case c.lines <- line{text: text, at: time.Now(), err: err}:
		case <-c.closed:
			return
		}
		if err != nil {
			return
		}
	}
}

// readLine reads to the next LF, which it takes off. Bytes without an end come with an
// error.
func readLine(r *bufio.Reader) ([]byte, error) {
	var text []byte
	for {
		piece, err := r.ReadSlice('\n')
		text = append(text, piece...)
		switch {
		case err == nil:
			return text[:len(text)-1], nil
		case !errors.Is(err, bufio.ErrBufferFull):
			return text, errors.New("the output ended in the middle of the line")
		case len(text) > maxAnswer:
			return text, fmt.Errorf("the line is longer than %d bytes", maxAnswer)
		}
	}
}

// Call makes one call and waits for its answer: of the client, or Ended when the process
// ended instead after it had answered before. The arguments are those of
// [adapter.AppendCall].
//
// When ctx ends first, the error wraps ctx.Err(), which is context.DeadlineExceeded
// unless the run was interrupted, and the process is left as it is: CPU tells whether it
// is busy, and [Caller.Await] waits on. Until the answer has come, another Call fails
// with [ErrDue]. Where ctx had ended before, nothing was called, and the error wraps
// [ErrNotMade] too. The other errors end the Caller, and every later call returns
// them: a [NotRunError] when the process ended before its first answer, and a
// [BadAnswerError] for a line that is no answer or that no call asked for. An argument
// that no call can have is an error that leaves the Caller usable.
func (c *Caller) Call(ctx context.Context, op string, args ...any) (adapter.Answer, error) {
	text, err := adapter.AppendCall(nil, op, args...)
	if err != nil {
		return adapter.Answer{}, err
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	if err := c.ready(); err != nil {
		return adapter.Answer{}, err
	}
	if err := ctx.Err(); err != nil {
		return adapter.Answer{}, fmt.Errorf("%w: %s: %w", ErrNotMade, op, err)
	}
	c.op, c.since = op, time.Now()
	c.due.Store(true)
	if err := c.write(ctx, text); err != nil {
		return adapter.Answer{}, err
	}
	return c.await(ctx)
}

// Await waits for the answer of the call that was given up, as Call does. Without such a
// call the error is [ErrNotDue].
func (c *Caller) Await(ctx context.Context) (adapter.Answer, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	switch {
	case c.broken != nil:
		return adapter.Answer{}, c.broken
	case !c.due.Load():
		return adapter.Answer{}, ErrNotDue
	}
	return c.await(ctx)
}

// Errors of a Caller that was used out of turn.
var (
	ErrDue     = errors.New("the call before has no answer yet")
	ErrNotDue  = errors.New("no call waits for its answer")
	ErrNotMade = errors.New("the time was over before the call was made")
)

// ready reports why no call can be made now. A line that lies there already answers
// nothing.
func (c *Caller) ready() error {
	switch {
	case c.broken != nil:
		return c.broken
	case c.due.Load():
		return ErrDue
	}
	select {
	case l, more := <-c.lines:
		if more {
			return c.bad(l.text, errUnasked)
		}
	default:
	}
	return nil
}

var errUnasked = errors.New("nothing was asked")

// write writes a call. A process that has ended is for await to find out.
func (c *Caller) write(ctx context.Context, text []byte) error {
	woken := make(chan struct{})
	stop := context.AfterFunc(ctx, func() {
		c.in.SetWriteDeadline(time.Unix(1, 0)) // fails only on a closed pipe, which wakes the write as well
		close(woken)
	})
	_, err := c.in.Write(text)
	if !stop() {
		<-woken
	}
	if !errors.Is(err, os.ErrDeadlineExceeded) {
		c.in.SetWriteDeadline(time.Time{}) // the same
		return nil
	}
	// A part of the call may be out, so that no other can follow.
	c.broken = fmt.Errorf("the adapter did not read the call %s: %w", c.op, ctx.Err())
	return c.broken
}

// await waits for the answer of the present call.
func (c *Caller) await(ctx context.Context) (adapter.Answer, error) {
	select {
	case l, more := <-c.lines:
		return c.take(l, more)
	case <-ctx.Done():
	}
	select { // it may have come while nobody ran this goroutine
	case l, more := <-c.lines:
		return c.take(l, more)
	default:
	}
	return adapter.Answer{}, fmt.Errorf("no answer to %s for %s: %w", c.op, time.Since(c.since).Round(time.Millisecond), ctx.Err())
}

// take makes an answer of a line, or of the end of the lines.
func (c *Caller) take(l line, more bool) (adapter.Answer, error) {
	c.due.Store(false)
	if !more {
		return c.ended()
	}
	a, err := adapter.ParseAnswer(l.text)
	if l.err != nil {
		err = l.err
	}
	if err != nil {
		return adapter.Answer{}, c.bad(l.text, err)
	}
	c.answered = true
	a.Took = l.at.Sub(c.since)
	return a, nil
}

// ended says how the process ended. Its output may have ended a moment before it.
func (c *Caller) ended() (adapter.Answer, error) {
	const longest = 2 * time.Second
	timer := time.NewTimer(longest)
	defer timer.Stop()
	message := "the adapter closed its standard output and went on"
	var exit *Exit
	select {
	case <-c.run.died:
		exit = &c.run.exit
		message = fmt.Sprintf("the adapter ended: %v", *exit)
	case <-timer.C:
	}
	if !c.answered {
		c.broken = &NotRunError{Command: c.shown, Exit: exit, Output: c.run.output.lines()}
		return adapter.Answer{}, c.broken
	}
	return adapter.Answer{Kind: adapter.Ended, Message: message, Took: time.Since(c.since)}, nil
}

func (c *Caller) bad(text []byte, err error) error {
	c.broken = &BadAnswerError{Line: bytes.Clone(text), Op: c.op, Err: err}
	return c.broken
}

// Age returns the time since the process was started.
func (c *Caller) Age() time.Duration { return time.Since(c.started) }

// CPU returns the CPU time that the process and its children have used, in steps of 10
// ms. Whether that rises while a call has no answer tells a spin from a hang. It is
// not ok when nothing runs any more, and on systems other than Linux.
func (c *Caller) CPU() (used time.Duration, ok bool) { return c.run.cpu() }

// Output returns the last lines of standard error: of the adapter, and of what its
// client printed.
func (c *Caller) Output() []string { return c.run.output.lines() }

// Close ends the input, gives the process its grace to end by itself, unless a call is
// without answer, and kills what is left of it and its children. It returns when all
// is gone; a Call that waits meanwhile returns Ended. To close it again does nothing.
func (c *Caller) Close() {
	c.closing.Do(func() {
		c.in.Close()
		if c.grace > 0 && !c.due.Load() {
			timer := time.NewTimer(c.grace)
			defer timer.Stop()
			select {
			case <-c.run.died:
			case <-timer.C:
			}
		}
		c.run.stop(0)
		close(c.closed)
	})
}

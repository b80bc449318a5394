package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"sync"
	"time"

	"github.com/spf13/cobra"

	"github.com/putget-protocol/putget/client"
)

// graceTime is how long an interrupted stream waits for replies that are due, so
// that it can tell what was stored.
const graceTime = 2 * time.Second

// putStream puts the lines of the standard input.
func putStream(cmd *cobra.Command, cfg *connection) error {
	c, err := cfg.dial(cmd)
	if err != nil {
		return err
	}
	defer c.Close()
	s := &stream{
		stderr:   cmd.ErrOrStderr(),
		progress: newProgress(cmd.InOrStdin(), cmd.ErrOrStderr()),
		next:     1,
	}
	s.batch = c.NewBatch(s.onAnswer)
	failure := s.putLines(cmd.Context(), c, cmd.InOrStdin())
	if err := s.wait(cmd.Context()); err != nil {
		failure = err // it knows more: what was sent for nothing
	}
	s.progress.clear()
	return s.outcome(cmd.Context(), failure, cfg)
}

// A stream is a run over the lines of the standard input.
type stream struct {
	batch *client.Batch
	next  int // number of the line behind those that were sent or reported

	mu           sync.Mutex // onAnswer runs beside putLines
	stderr       io.Writer
	progress     *progress
	due          []inputLine // sent, without a reply yet
	wrong        int
	refused      int
	acknowledged int
}

// putLines sends the lines until they end, or returns why it went no further.
func (s *stream) putLines(ctx context.Context, c *client.Client, stdin io.Reader) error {
	lines := readLines(ctx, stdin)
	for {
		select {
		case line, more := <-lines:
			if !more {
				return nil
			}
			if err := s.putLine(ctx, line); err != nil {
				return err
			}
		case <-ctx.Done():
			return context.Cause(ctx)
		case <-c.Done(): // no need to wait for another line to find that out
			return c.Err()
		}
	}
}

// readLines reads lines in a goroutine, since a read of the standard input cannot
// be broken off: it ends with the input, or with ctx after the next line.
func readLines(ctx context.Context, stdin io.Reader) <-chan inputLine {
	lines := make(chan inputLine, 64)
	go func() {
		defer close(lines)
		for r := newLineReader(stdin); ; {
			line, err := r.next()
			if errors.Is(err, io.EOF) {
				return
			}
			if err != nil {
				line = inputLine{number: r.number + 1, err: &inputError{line: r.number + 1, err: err}}
			}
			select {
			case lines <- line:
			case <-ctx.Done():
				return
			}
			if err != nil {
				return
			}
		}
	}()
	return lines
}

// An inputError says that the standard input could not be read.
type inputError struct {
	line int
	err  error
}

func (e *inputError) Error() string { return fmt.Sprintf("standard input, line %d: %v", e.line, e.err) }
func (e *inputError) Unwrap() error { return e.err }

// putLine sends a line, or reports that it is wrong. An error ends the stream.
func (s *stream) putLine(ctx context.Context, line inputLine) error {
	s.next = line.number
	if _, ok := errors.AsType[*inputError](line.err); ok {
		return line.err
	}
	if err := s.sendOrReport(ctx, line); err != nil {
		return err
	}
	s.next++
	return nil
}

func (s *stream) sendOrReport(ctx context.Context, line inputLine) error {
	s.mu.Lock()
	if line.err != nil {
		defer s.mu.Unlock()
		s.wrong++
		s.complain(line, line.err)
		return nil
	}
	s.due = append(s.due, line) // before its answer can come
	s.mu.Unlock()
	err := s.batch.Put(ctx, line.point)
	if err != nil { // it was not sent, so that nobody else has taken it out
		s.mu.Lock()
		defer s.mu.Unlock()
		s.due = s.due[:len(s.due)-1]
	}
	return err
}

// onAnswer counts and reports the answer to the line that is due first.
func (s *stream) onAnswer(_ int, refusal error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	line := s.due[0]
	s.due = s.due[1:]
	if refusal != nil {
		s.refused++
		s.complain(line, refusal)
		return
	}
	s.acknowledged++
	s.progress.add(line)
}

// complain reports one line that is not stored. s.mu is held.
func (s *stream) complain(line inputLine, reason error) {
	s.progress.clear()
	fmt.Fprintf(s.stderr, "putget: line %d: %v\n", line.number, reason)
	s.progress.add(line)
}

// wait waits for the replies that are due, but not longer than graceTime after the
// end of ctx.
func (s *stream) wait(ctx context.Context) error {
	grace, cancel := context.WithCancelCause(context.WithoutCancel(ctx))
	defer cancel(nil)
	stop := context.AfterFunc(ctx, func() {
		time.AfterFunc(graceTime, func() { cancel(context.Cause(ctx)) })
	})
	defer stop()
	return s.batch.Wait(grace)
}

// outcome returns the error of the run that failure, or nothing, has ended.
func (s *stream) outcome(ctx context.Context, failure error, cfg *connection) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	_, ofInput := errors.AsType[*inputError](failure)
	switch {
	case failure != nil && ctx.Err() != nil:
		return errors.New(s.account()) // run says that it was interrupted
	case ofInput:
		return fmt.Errorf("%w; %s", failure, s.account())
	case failure != nil:
		failure = &callError{addr: cfg.dialled, err: failure, ofStream: true}
		return fmt.Errorf("%w; %s", failure, s.account())
	case s.wrong+s.refused > 0:
		return &linesError{wrong: s.wrong, refused: s.refused, acknowledged: s.acknowledged}
	case s.progress != nil:
		fmt.Fprintf(s.stderr, "putget: %s acknowledged\n", count(s.acknowledged, "put"))
	}
	return nil
}

// account tells what became of the lines of a run that was cut short. s.mu is held.
func (s *stream) account() string {
	text := count(s.acknowledged, "put") + " acknowledged"
	if s.wrong+s.refused > 0 {
		text += fmt.Sprintf(", %d wrong, %d refused", s.wrong, s.refused)
	}
	if len(s.due) > 0 {
		return fmt.Sprintf("%s, %d sent that may be stored or not; go on from line %d", text, len(s.due), s.due[0].number)
	}
	return fmt.Sprintf("%s; go on from line %d", text, s.next)
}

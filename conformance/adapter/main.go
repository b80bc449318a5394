package adapter

import (
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"io"
	"os"
	"time"
)

// A Client is what [Main] drives: a Go client, or the few lines that make one fit.
// Main calls it from one goroutine.
type Client interface {
	// Put stores a value. Without a timestamp, the client's default is in force; Main
	// gives one or none.
	Put(key string, value float64, timestamp ...int64) error

	// Get returns the series of a key, or all of them for "*".
	Get(key string) (map[string][]Sample, error)
}

// A Sample is a value at a timestamp, in Unix seconds.
type Sample struct {
	Timestamp int64
	Value     float64
}

// Main is the main function of an adapter: it answers the calls on standard input until
// that ends, and returns, so that the program ends with exit status 0.
//
// For each open it calls newClient, with a timeout of zero when none is given: then the
// client's default is in force. The client before it is forgotten, not closed.
//
// An error is the client's own when own says so. Without own it is when its type, or
// that of an error which it wraps, is defined outside of the standard library; a
// client whose errors are values of errors.New needs own to tell. All other errors are
// answered as crashes, and so is a panic, whose trace goes to standard error.
//
// While Main runs, os.Stdout is standard error, so that a client may print. When
// standard input or output fails, Main says so and ends the program with exit status 1.
func Main[C Client](newClient func(host string, port int, timeout time.Duration) (C, error), own ...func(error) bool) {
	stdout := os.Stdout
	os.Stdout = os.Stderr
	if err := Serve(os.Stdin, stdout, newClient, own...); err != nil {
		fmt.Fprintln(os.Stderr, "adapter:", err)
		os.Exit(1)
	}
	os.Stdout = stdout
}

// Serve is [Main] for calls that come from r and answers that go to w. It returns nil at
// the end of r, and otherwise the error of r or w.
func Serve[C Client](r io.Reader, w io.Writer, newClient func(host string, port int, timeout time.Duration) (C, error), own ...func(error) bool) error {
	s := session{own: own, dial: func(host string, port int, timeout time.Duration) (Client, error) {
		return newClient(host, port, timeout)
	}}
	for lines := bufio.NewReader(r); ; {
		line, err := lines.ReadBytes('\n')
		if len(bytes.TrimSpace(line)) > 0 {
			if _, err := w.Write(s.answer(line)); err != nil {
				return fmt.Errorf("writing an answer: %w", err)
			}
		}
		switch {
		case errors.Is(err, io.EOF):
			return nil
		case err != nil:
			return fmt.Errorf("reading a call: %w", err)
		}
	}
}

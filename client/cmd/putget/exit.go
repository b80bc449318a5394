package main

import (
	"errors"
	"fmt"
	"io"
	"os"
	"strings"

	"github.com/putget-protocol/putget/client"
	"github.com/putget-protocol/putget/spec/wire"
)

// Exit codes, as rootHelp lists them.
const (
	exitDone        = 0
	exitRefused     = 1
	exitUsage       = 2
	exitFailed      = 3
	exitInterrupted = 130
)

// A usageError is a command line that cannot be carried out.
type usageError struct {
	command string // whose help to read
	err     error
}

func (e *usageError) Error() string {
	text := strings.ReplaceAll(showNegatives(e.err.Error()), "\n", "; ")
	return fmt.Sprintf("%s; see '%s --help'", strings.TrimRight(text, "; \t"), e.command)
}

func (e *usageError) Unwrap() error { return e.err }

// An interruptedError says what a signal cut short.
type interruptedError struct{ err error }

func (e *interruptedError) Error() string { return "interrupted: " + e.err.Error() }
func (e *interruptedError) Unwrap() error { return e.err }

// A linesError says that not every line of the input was stored.
type linesError struct{ wrong, refused, acknowledged int }

func (e *linesError) Error() string {
	return fmt.Sprintf("not all lines were put: %d wrong, %d refused by the server, %d acknowledged",
		e.wrong, e.refused, e.acknowledged)
}

// report prints err, unless it is nil, and returns the exit code.
func report(stderr io.Writer, err error) int {
	if err == nil {
		return exitDone
	}
	fmt.Fprintf(stderr, "putget: %v%s\n", err, nextStep(err))
	return exitCode(err)
}

func exitCode(err error) int {
	if _, ok := errors.AsType[*interruptedError](err); ok {
		return exitInterrupted
	}
	if _, ok := errors.AsType[*usageError](err); ok {
		return exitUsage
	}
	if _, ok := errors.AsType[*linesError](err); ok {
		return exitRefused
	}
	if _, ok := errors.AsType[*client.ServerError](err); ok {
		return exitRefused
	}
	return exitFailed
}

// nextStep says what to do about err, if that is not said already.
func nextStep(err error) string {
	if _, ok := errors.AsType[*interruptedError](err); ok {
		return "" // the user's wish
	}
	if _, ok := errors.AsType[*client.DialError](err); ok {
		return "; is a PutGet server running there? --addr or PUTGET_ADDR names another"
	}
	if _, ok := errors.AsType[*wire.SyntaxError](err); ok && isProtocolError(err) || errors.Is(err, client.ErrUnasked) {
		return "; is that a PutGet server? --addr or PUTGET_ADDR names another"
	}
	if errors.Is(err, os.ErrDeadlineExceeded) {
		return "; --timeout allows more time"
	}
	return ""
}

func isProtocolError(err error) bool {
	_, ok := errors.AsType[*client.ProtocolError](err)
	return ok
}

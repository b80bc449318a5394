package main

import (
	"errors"
	"fmt"
	"io"
	"strings"
)

// Exit codes, as rootHelp lists them.
const (
	exitDone  = 0
	exitFault = 1
	exitUsage = 2
)

// A usageError is a command line that cannot be carried out.
type usageError struct {
	command string // whose help to read
	err     error
}

func (e *usageError) Error() string {
	text := strings.ReplaceAll(e.err.Error(), "\n", "; ")
	return fmt.Sprintf("%s; see '%s --help'", strings.TrimRight(text, "; \t"), e.command)
}

func (e *usageError) Unwrap() error { return e.err }

// report prints err, unless it is nil, and returns the exit code.
func report(stderr io.Writer, err error) int {
	if err == nil {
		return exitDone
	}
	fmt.Fprintf(stderr, "putgetd: %v\n", err)
	if _, ok := errors.AsType[*usageError](err); ok {
		return exitUsage
	}
	return exitFault
}

package main

import (
	"errors"

	"github.com/putget-protocol/putget/conformance"
)

// Exit codes.
const (
	exitConformant    = 0
	exitNotConformant = 1
	exitUsage         = 2
	exitTrouble       = 3
	exitNothingRan    = 4
)

// errNotConformant says that the report, which was printed, holds the reasons.
var errNotConformant = errors.New("the target does not conform")

// A usageError says that the program was called in a wrong way.
type usageError struct{ err error }

func (e *usageError) Error() string {
	return e.err.Error() + "\nputget-conform --help shows how it is used"
}

func (e *usageError) Unwrap() error { return e.err }

// exitCode returns what the error of run means to a shell. Whatever is not known is
// trouble, never success.
func exitCode(err error) int {
	_, isConfig := errors.AsType[*conformance.ConfigError](err)
	_, isUsage := errors.AsType[*usageError](err)
	switch {
	case err == nil:
		return exitConformant
	case errors.Is(err, errNotConformant):
		return exitNotConformant
	case errors.Is(err, conformance.ErrNothingRan):
		return exitNothingRan
	case isConfig, isUsage:
		return exitUsage
	default:
		return exitTrouble
	}
}

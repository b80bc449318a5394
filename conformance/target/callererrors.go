package target

import (
	"fmt"
	"strings"
)

// A NotRunError says that an adapter ended before its first answer: the client was not
// judged.
type NotRunError struct {
	Command string   // the command, or the file whose Client it is
	Exit    *Exit    // how it ended; nil when it only closed its standard output
	Output  []string // the last lines of its standard error
}

// Error returns the message, with the last lines that the adapter printed.
func (e *NotRunError) Error() string {
	text := fmt.Sprintf("the adapter %q closed its standard output before its first answer", e.Command)
	if e.Exit != nil {
		text = fmt.Sprintf("the adapter %q ended before its first answer: %v", e.Command, *e.Exit)
	}
	if len(e.Output) == 0 {
		return text + "; it printed nothing on standard error"
	}
	const shown = 20
	last := e.Output[max(0, len(e.Output)-shown):]
	return text + "; the last that it printed:\n  " + strings.Join(last, "\n  ")
}

// A BadAnswerError says that an adapter wrote a line that is no answer, or that answers
// no call: no later line can be trusted.
type BadAnswerError struct {
	Line []byte // without its LF
	Op   string // the last call; empty before the first
	Err  error  // what is wrong
}

// Error quotes the line, shortened, with the rule and the next step.
func (e *BadAnswerError) Error() string {
	const shown = 200
	line, more := e.Line, ""
	if len(line) > shown {
		line, more = line[:shown], fmt.Sprintf("... (%d bytes)", len(e.Line))
	}
	text := "the adapter wrote a line that is no answer"
	if e.Op != "" {
		text += " to " + e.Op
	}
	return fmt.Sprintf("%s: %q%s: %v; each call gets one line on standard output, and all else belongs on standard error", text, line, more, e.Err)
}

// Unwrap returns the error beneath.
func (e *BadAnswerError) Unwrap() error { return e.Err }

package client

import (
	"errors"
	"fmt"
	"io"
	"net"
	"strings"

	"github.com/putget-protocol/putget/spec/wire"
)

// ErrClosed says that the client was closed before the call, or while the call was
// waiting for its reply. In the second case a put may have been stored.
var ErrClosed = errors.New("the client is closed")

// Reasons that a [ProtocolError] wraps. The others are [*wire.SyntaxError] for a
// reply that leaves the grammar, [io.ErrUnexpectedEOF] for a connection that was
// lost or closed by the server, [os.ErrDeadlineExceeded] for an expired
// [Config.Timeout], and the cause of a context that ended.
var (
	// ErrUnasked says that bytes came while no request was outstanding (CLI-029).
	ErrUnasked = errors.New("the server sent bytes that no request asked for")

	// ErrUnaskedSample says that a reply held a sample line that its request cannot
	// have: any behind the ok of a put, one of another key in a get.
	ErrUnaskedSample = errors.New("sample line that the request did not ask for")

	// ErrLineTooLong says that a line of a reply is longer than [Config.MaxLine].
	ErrLineTooLong = errors.New("line is too long")
)

// An ArgumentError says that an argument cannot be sent (CLI-011, CLI-012). Nothing
// was sent, and the client is in order.
type ArgumentError struct {
	Name string // of the argument: "key" or "value"
	Err  error  // why, from package wire
}

// Error names the argument and the rule that it breaks.
func (e *ArgumentError) Error() string { return fmt.Sprintf("%s: %v", e.Name, e.Err) }

// Unwrap returns Err.
func (e *ArgumentError) Unwrap() error { return e.Err }

// A ServerError is the server's refusal of one request (CLI-020). The request was
// not carried out, with one exception: after the text [wire.UnknownOutcome] a put
// may have been stored or not. The client is in order (CLI-021).
type ServerError struct {
	Text []string // the lines of the reply's text; often one, possibly none
}

// Error quotes the server's text.
func (e *ServerError) Error() string {
	if len(e.Text) == 0 {
		return "the server refused the request and did not say why"
	}
	quoted := make([]string, len(e.Text))
	for i, line := range e.Text {
		quoted[i] = quote(line)
	}
	return "the server refused the request: " + strings.Join(quoted, ", ")
}

// A ProtocolError says that the connection is out of step or lost. The client is
// dead: this call and every later one return a ProtocolError with the same reason
// (CLI-030, CLI-031).
type ProtocolError struct {
	// Sent reports whether the request of this call may have reached the server. If
	// so a put may have been stored; if not nothing was done, and the call can be
	// made again with another client.
	Sent bool

	// Err is the reason.
	Err error
}

// Error says why the connection is not used again and whether the request was sent.
func (e *ProtocolError) Error() string {
	if e.Sent {
		return fmt.Sprintf("the connection failed: %v", e.Err)
	}
	return fmt.Sprintf("nothing was sent, the connection has failed and is not used again: %v", e.Err)
}

// Unwrap returns Err.
func (e *ProtocolError) Unwrap() error { return e.Err }

// A DialError says that no connection could be made (CLI-004).
type DialError struct {
	Addr string // as it was given to Dial
	Err  error  // from package net, or the cause of the context
}

// Error names the address and the reason.
func (e *DialError) Error() string {
	reason := e.Err
	if op, ok := errors.AsType[*net.OpError](e.Err); ok {
		reason = op.Err // the rest names the address again
	}
	return fmt.Sprintf("client: connect to %s: %v", e.Addr, reason)
}

// Unwrap returns Err.
func (e *DialError) Unwrap() error { return e.Err }

// checkPut returns nil if key and value can be sent, or an [*ArgumentError].
func checkPut(key string, value float64) error {
	if err := checkKey(key); err != nil {
		return err
	}
	if err := wire.CheckValue(value); err != nil {
		return &ArgumentError{Name: "value", Err: err}
	}
	return nil
}

// checkKey returns nil if key can be sent, or an [*ArgumentError].
func checkKey(key string) error {
	if err := wire.CheckKey(key); err != nil {
		return &ArgumentError{Name: "key", Err: err}
	}
	return nil
}

// lost returns the reason for a connection that ended because of err.
func lost(err error) error {
	return fmt.Errorf("connection lost: %w (%w)", io.ErrUnexpectedEOF, err)
}

// quote quotes text of any length in a way that fits into a message.
func quote[T wire.Text](text T) string {
	const enough = 120
	if len(text) <= enough {
		return fmt.Sprintf("%q", text)
	}
	return fmt.Sprintf("%q... (%d bytes)", text[:enough], len(text))
}

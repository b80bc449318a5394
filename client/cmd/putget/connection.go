package main

import (
	"errors"
	"fmt"
	"net"
	"os"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"github.com/putget-protocol/putget/client"
)

const (
	defaultAddr    = "127.0.0.1:8888"
	defaultTimeout = 10 * time.Second
	addrVariable   = "PUTGET_ADDR"
)

// A connection holds the flags that say how to reach the server.
type connection struct {
	addr    string
	timeout duration

	dialled string // the address in force, once dial has used it
}

// register makes the flags of every command.
func (cfg *connection) register(root *cobra.Command) {
	cfg.timeout = duration(defaultTimeout)
	flags := root.PersistentFlags()
	flags.StringVarP(&cfg.addr, "addr", "a", "", fmt.Sprintf("`host:port` of the server (default $%s, or %s)", addrVariable, defaultAddr))
	flags.VarP(&cfg.timeout, "timeout", "t", "longest `wait` for the connection, and for the server while a reply is due; 0 for no bound")
	for _, name := range []string{"addr", "timeout"} {
		if err := root.RegisterFlagCompletionFunc(name, cobra.NoFileCompletions); err != nil {
			panic(err) // the flag is made a few lines above
		}
	}
}

// dial connects to the server that the flags and the environment name.
func (cfg *connection) dial(cmd *cobra.Command) (*client.Client, error) {
	addr, err := cfg.address()
	if err != nil {
		return nil, &usageError{command: cmd.CommandPath(), err: err}
	}
	timeout := time.Duration(cfg.timeout)
	if timeout == 0 {
		timeout = -1 // what no bound is for a client
	}
	c, err := client.Dial(cmd.Context(), addr, client.Config{Timeout: timeout, DialTimeout: timeout})
	if err != nil {
		return nil, &callError{err: err} // it names the address
	}
	cfg.dialled = addr
	return c, nil
}

// at returns the error of a call, with the address of the server that it was made
// to; nil for nil.
func (cfg *connection) at(err error) error {
	if err == nil {
		return nil
	}
	return &callError{addr: cfg.dialled, err: err}
}

// A callError is an error of package client, told by the program.
type callError struct {
	addr string // empty if err names it
	err  error
	// Of a stream, only the reason of a failed connection: what was sent is told
	// for all its lines together.
	ofStream bool
}

func (e *callError) Error() string {
	text := strings.TrimPrefix(e.err.Error(), "client: ")
	if dead, ok := errors.AsType[*client.ProtocolError](e.err); ok && e.ofStream {
		text = dead.Err.Error()
	}
	if e.addr == "" {
		return text
	}
	return e.addr + ": " + text
}

func (e *callError) Unwrap() error { return e.err }

// address returns the address that is in force.
func (cfg *connection) address() (string, error) {
	addr, from := showNegatives(cfg.addr), "--addr"
	if addr == "" {
		addr, from = os.Getenv(addrVariable), addrVariable
	}
	if addr == "" {
		return defaultAddr, nil
	}
	_, port, err := net.SplitHostPort(addr)
	if reason, ok := errors.AsType[*net.AddrError](err); ok {
		return "", fmt.Errorf("%s: %q is not host:port: %s", from, addr, reason.Err)
	}
	if port == "" {
		return "", fmt.Errorf("%s: %q is not host:port: no port behind the colon", from, addr)
	}
	return addr, nil
}

// A duration is the value of a flag for a time that is not negative.
type duration time.Duration

// Set, String and Type implement the flag parser's Value.
func (d *duration) Set(text string) error {
	parsed, err := time.ParseDuration(showNegatives(text))
	switch {
	case err != nil:
		return errors.New("want a duration such as 500ms, 10s or 2m")
	case parsed < 0:
		return errors.New("want a duration that is not negative; 0 means no bound")
	}
	*d = duration(parsed)
	return nil
}

func (d *duration) String() string { return time.Duration(*d).String() }
func (d *duration) Type() string   { return "duration" }

package main

import (
	"errors"
	"fmt"
	"time"

	"github.com/spf13/cobra"

	"github.com/putget-protocol/putget/client"
	"github.com/putget-protocol/putget/spec/wire"
)

const putHelp = `Put one sample, or with the single argument - a stream of them.

VALUE is a decimal number, with or without an exponent (10, -0.5, 6.02e23).
TIMESTAMP is a whole number of Unix seconds, also a negative one; without it
the sample gets the present second. A KEY that begins with a minus and is no
number goes behind two of them: putget put -- -key 1

With - the standard input holds a sample in each line, KEY VALUE [TIMESTAMP]
separated by spaces, as 'putget get --output line' prints them. Empty lines are
skipped; the last line needs no end. Lines are sent without waiting for the reply
to each, one by one as they come. A line that is wrong, or that the server refuses, is
reported with its number and its reason, and the rest goes on; the exit code
is 1 then. On a terminal a progress bar counts what the server acknowledged.`

const putExamples = `  putget put palm.cpu 23.7
  putget put palm.cpu 23.7 1503319740
  putget put palm.temperature -1.5 -86400
  putget put - < samples.txt
  putget get '*' --addr old:8888 | putget put - --addr new:8888`

func newPut(cfg *connection) *cobra.Command {
	return &cobra.Command{
		Use:                   "put {KEY VALUE [TIMESTAMP] | -} [flags]",
		Short:                 "Put one sample, or those of the standard input",
		Long:                  putHelp,
		Example:               putExamples,
		DisableFlagsInUseLine: true,
		Args:                  checkPutArgs,
		ValidArgsFunction:     cobra.NoFileCompletions,
		RunE: func(cmd *cobra.Command, args []string) error {
			if len(args) == 1 {
				return putStream(cmd, cfg)
			}
			return putOne(cmd, cfg, args)
		},
	}
}

func checkPutArgs(_ *cobra.Command, args []string) error {
	switch {
	case len(args) == 1 && args[0] == "-":
		return nil
	case len(args) < 2:
		return fmt.Errorf("put needs KEY VALUE [TIMESTAMP], or a single -; it got %s", count(len(args), "argument"))
	case len(args) > 3:
		return fmt.Errorf("put takes KEY VALUE [TIMESTAMP]; it got %s", count(len(args), "argument"))
	}
	return nil
}

func putOne(cmd *cobra.Command, cfg *connection, args []string) error {
	fields := make([][]byte, len(args))
	for i, arg := range args {
		fields[i] = []byte(showNegatives(arg))
	}
	p, err := parsePoint(fields)
	if err != nil {
		return &usageError{command: cmd.CommandPath(), err: err}
	}
	c, err := cfg.dial(cmd)
	if err != nil {
		return err
	}
	defer c.Close()
	err = cfg.at(c.Put(cmd.Context(), p.Key, p.Value, p.Timestamp))
	if dead, ok := errors.AsType[*client.ProtocolError](err); ok && dead.Sent {
		return fmt.Errorf("%w; the sample may be stored all the same", err)
	}
	return err
}

// parsePoint makes a point of two or three fields: KEY VALUE [TIMESTAMP]. Without
// TIMESTAMP it gets the present second.
func parsePoint(fields [][]byte) (client.Point, error) {
	key := fields[0]
	if err := wire.CheckKey(key); err != nil {
		return client.Point{}, fieldError("key", key, err)
	}
	value, err := wire.ParseValue(fields[1])
	if err != nil {
		return client.Point{}, fieldError("value", fields[1], err)
	}
	timestamp := time.Now().Unix()
	if len(fields) == 3 {
		if timestamp, err = wire.ParseTimestamp(fields[2]); err != nil {
			return client.Point{}, fieldError("timestamp", fields[2], err)
		}
	}
	return client.Point{Key: string(key), Sample: client.Sample{Timestamp: timestamp, Value: value}}, nil
}

// fieldError names and quotes the field that err is about.
func fieldError(name string, field []byte, err error) error {
	return fmt.Errorf("%s %s: %w", name, quote(field), err)
}

// quote quotes b, or its beginning if it is long.
func quote(b []byte) string {
	const enough = 80
	if len(b) > enough {
		return fmt.Sprintf("%q... (%d bytes)", b[:enough], len(b))
	}
	return fmt.Sprintf("%q", b)
}

// count is a number and the thing counted, in its plural if need be.
func count(n int, thing string) string {
	if n != 1 {
		thing += "s"
	}
	return fmt.Sprintf("%d %s", n, thing)
}

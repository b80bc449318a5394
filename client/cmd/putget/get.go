package main

import (
	"errors"
	"fmt"

	"github.com/spf13/cobra"

	"github.com/putget-protocol/putget/client"
	"github.com/putget-protocol/putget/spec/wire"
)

const getHelp = `Get the samples of one key, or of all keys.

KEY is a key, or '*' for all keys: in quotes, or the shell puts file names in
its place. Samples come in ascending order of timestamp, keys in the order of
their bytes. A key without samples is no error: there is nothing to print.

Formats of the output:
  table  columns for people, with the timestamp also as a date (in UTC); a key
         with characters that do not print is quoted. The default on a terminal
  line   KEY VALUE TIMESTAMP in each line, as 'putget put -' reads them. The
         default otherwise
  csv    the header key,value,timestamp and a record for each sample (RFC 4180)
  json   one object: {"KEY":[{"timestamp":1503319740,"value":23.7}]}; numbers
         have all their digits, so that a reader with 64-bit integers and
         doubles loses nothing`

const getExamples = `  putget get palm.cpu
  putget get '*'
  putget get '*' --output json | jq '.["palm.cpu"][-1].value'
  putget get '*' -o csv > samples.csv`

func newGet(cfg *connection) *cobra.Command {
	var output format
	cmd := &cobra.Command{
		Use:                   "get {KEY | '*'} [flags]",
		Short:                 "Get the samples of a key, or of all",
		Long:                  getHelp,
		Example:               getExamples,
		DisableFlagsInUseLine: true,
		Args:                  checkGetArgs,
		ValidArgsFunction:     cobra.NoFileCompletions,
		RunE: func(cmd *cobra.Command, args []string) error {
			return get(cmd, cfg, showNegatives(args[0]), output)
		},
	}
	cmd.Flags().VarP(&output, "output", "o", "`format`: table, json, csv or line (default table on a terminal, line otherwise)")
	complete := cobra.FixedCompletions(formatNames(), cobra.ShellCompDirectiveNoFileComp)
	if err := cmd.RegisterFlagCompletionFunc("output", complete); err != nil {
		panic(err) // the flag is made in the line above
	}
	return cmd
}

func checkGetArgs(_ *cobra.Command, args []string) error {
	switch {
	case len(args) == 0:
		return errors.New("get needs a KEY, or '*' for all keys")
	case len(args) > 1:
		return fmt.Errorf("get takes one KEY, it got %d; for all keys, write '*' in quotes", len(args))
	}
	return nil
}

func get(cmd *cobra.Command, cfg *connection, key string, output format) error {
	if key != "*" {
		if err := wire.CheckKey(key); err != nil {
			return &usageError{command: cmd.CommandPath(), err: fieldError("key", []byte(key), err)}
		}
	}
	c, err := cfg.dial(cmd)
	if err != nil {
		return err
	}
	defer c.Close()
	all, err := getSeries(cmd, c, key)
	if err != nil {
		return cfg.at(err)
	}
	stdout := cmd.OutOrStdout()
	if err := output.orDefault(stdout).write(stdout, all); err != nil {
		return fmt.Errorf("write to standard output: %w", err)
	}
	return nil
}

// getSeries returns the series that have samples, by key.
func getSeries(cmd *cobra.Command, c *client.Client, key string) (map[string][]client.Sample, error) {
	if key == "*" {
		return c.GetAll(cmd.Context())
	}
	samples, err := c.Get(cmd.Context(), key)
	if err != nil || len(samples) == 0 {
		return nil, err
	}
	return map[string][]client.Sample{key: samples}, nil
}

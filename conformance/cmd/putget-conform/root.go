package main

import (
	"context"
	"fmt"
	"io"

	"github.com/spf13/cobra"

	"github.com/putget-protocol/putget/conformance"
	"github.com/putget-protocol/putget/spec"
)

// run is the program without its process: it returns the error that exitCode turns
// into an exit code.
func run(ctx context.Context, args []string, stdin io.Reader, stdout, stderr io.Writer) error {
	root := rootCommand()
	root.SetArgs(args)
	root.SetIn(stdin)
	root.SetOut(stdout)
	root.SetErr(stderr)
	return root.ExecuteContext(ctx)
}

func rootCommand() *cobra.Command {
	root := &cobra.Command{
		Use:   "putget-conform",
		Short: "Judge servers and clients of the PutGet protocol",
		Long: `putget-conform judges servers and clients of the PutGet protocol over TCP, by the
sentences of its specification, and says of each that is broken what was sent, what
came back and what would have been right.

Exit codes: 0 conformant (warnings included), 1 not conformant, 2 wrong usage,
3 the target could not be reached or started, the adapter of a client did not run, or
the judge had trouble of its own, 4 nothing ran.`,
		Version:       conformance.Version + " (PutGet " + spec.Version + ")",
		SilenceErrors: true,
		SilenceUsage:  true,
		Args:          args(cobra.NoArgs),
		RunE: func(cmd *cobra.Command, _ []string) error {
			return &usageError{fmt.Errorf("want a command: server, client, adapter, list, explain, vectors, matrix or badge")}
		},
	}
	root.SetFlagErrorFunc(func(_ *cobra.Command, err error) error { return &usageError{err} })
	root.AddCommand(serverCommand(), clientCommand(), adapterCommand(), listCommand(), explainCommand(), vectorsCommand(), matrixCommand(), badgeCommand())
	return root
}

// args makes the errors of a cobra check usage errors.
func args(check cobra.PositionalArgs) cobra.PositionalArgs {
	return func(cmd *cobra.Command, given []string) error {
		if err := check(cmd, given); err != nil {
			return &usageError{err}
		}
		return nil
	}
}

package main

import (
	"context"
	"fmt"
	"io"
	"runtime/debug"

	"github.com/spf13/cobra"
)

const rootHelp = `putgetd serves the PutGet protocol and keeps its samples in memory: they are gone
when it ends.

When it is ready it prints one line to standard output, with the address that it
is bound to; its log goes to standard error:

    listening on 127.0.0.1:8888

SIGINT or SIGTERM ends it in order: it accepts nothing more, answers what it has
received, and closes each connection. A second signal cuts them at once.

The protocol has neither authentication nor encryption. Let putgetd listen beyond
the loopback address in a trusted network only.

Exit codes:
    0  ended in order
    1  a fault: the address could not be bound, or connections had to be cut
    2  the command line was wrong`

const rootExample = `  putgetd
  putgetd --addr 127.0.0.1:0
  putgetd --addr :8888 --max-conns 5000 --idle-timeout 1h
  putgetd --log-format json --log-level warn 2>> putgetd.log`

// run does what args say, and returns when the server has ended. A nil error is
// exit code 0; report knows the others. The end of ctx is as good as a signal.
func run(ctx context.Context, args []string, stdin io.Reader, stdout, stderr io.Writer) error {
	root := newRoot()
	started := false // all that fails before is the fault of the command line
	root.PersistentPreRun = func(*cobra.Command, []string) { started = true }
	root.SetIn(stdin)
	root.SetOut(stdout)
	root.SetErr(stderr)
	root.SetArgs(args)
	cmd, err := root.ExecuteContextC(ctx)
	if err != nil && !started {
		return &usageError{command: cmd.CommandPath(), err: err}
	}
	return err
}

func newRoot() *cobra.Command {
	opts := defaults()
	root := &cobra.Command{
		Use:               "putgetd",
		Short:             "Serve the PutGet protocol",
		Long:              rootHelp,
		Example:           rootExample,
		Version:           version(),
		SilenceErrors:     true, // report prints them
		SilenceUsage:      true, // an error is easier to find without a page behind it
		Args:              cobra.NoArgs,
		ValidArgsFunction: cobra.NoFileCompletions,
		RunE: func(cmd *cobra.Command, _ []string) error {
			return serve(cmd.Context(), opts, cmd.OutOrStdout(), cmd.ErrOrStderr())
		},
	}
	root.SetVersionTemplate("putgetd {{.Version}}\n")
	opts.register(root)
	return root
}

// version names the program's version, as the build knows it, and the protocol's.
func version() string {
	v := "(devel)"
	if info, ok := debug.ReadBuildInfo(); ok && info.Main.Version != "" {
		v = info.Main.Version
	}
	return fmt.Sprintf("%s (protocol PutGet 1.0)", v)
}

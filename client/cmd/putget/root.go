package main

import (
	"context"
	"fmt"
	"io"
	"runtime/debug"

	"github.com/spf13/cobra"
)

const rootHelp = `putget puts samples into a PutGet server and gets them back.

A sample is a value, a double, at a timestamp, a Unix second. It belongs to the
series of a key, such as palm.cpu. To put a value for a key and a timestamp that
are there already replaces the old one.

Exit codes:
    0  done
    1  the server refused a request, or lines of the input were wrong
    2  the command line was wrong
    3  the server could not be reached, the connection failed or broke the
       protocol, or the input or output failed
  130  interrupted`

// run does what args say. A nil error is exit code 0; report knows the others.
func run(ctx context.Context, args []string, stdin io.Reader, stdout, stderr io.Writer) error {
	root := newRoot()
	started := false // all that fails before is the fault of the command line
	root.PersistentPreRun = func(*cobra.Command, []string) { started = true }
	root.SetIn(stdin)
	root.SetOut(stdout)
	root.SetErr(stderr)
	root.SetArgs(hideNegatives(args))
	cmd, err := root.ExecuteContextC(ctx)
	switch {
	case err == nil:
		return nil
	case !started:
		return &usageError{command: cmd.CommandPath(), err: err}
	case ctx.Err() != nil:
		return &interruptedError{err}
	}
	return err
}

func newRoot() *cobra.Command {
	cfg := new(connection)
	root := &cobra.Command{
		Use:           "putget",
		Short:         "Put samples into a PutGet server and get them back",
		Long:          rootHelp,
		Version:       version(),
		SilenceErrors: true, // report prints them
		SilenceUsage:  true, // an error is easier to find without a page behind it
		Args:          cobra.NoArgs,
		RunE:          func(cmd *cobra.Command, _ []string) error { return cmd.Help() },
	}
	root.SetVersionTemplate("putget {{.Version}}\n")
	cfg.register(root)
	root.AddCommand(newPut(cfg), newGet(cfg), newAdapter())
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

package main

import (
	"context"
	"fmt"
	"io"
	"os"

	"github.com/spf13/cobra"
	"golang.org/x/term"

	"github.com/putget-protocol/putget/conformance"
	"github.com/putget-protocol/putget/conformance/report"
	"github.com/putget-protocol/putget/spec"
)

// serverOptions are the flags of the command server beyond those of the Config.
type serverOptions struct {
	cfg     conformance.Config
	json    string
	verbose bool
}

func serverCommand() *cobra.Command {
	var o serverOptions
	cmd := &cobra.Command{
		Use:   "server (--addr HOST:PORT | --exec 'CMD')",
		Short: "Judge a server",
		Long: `Judge a server: one that listens already, or one that is started here, on a free
port, and stopped at the end. The command is run by a shell; {host}, {port} and
{addr} (host:port) in it are replaced.

At level core the judge keeps to the protocol as hundreds of independent programs
speak it, and notes the rest as facts. At level full it judges everything.`,
		Example: `  putget-conform server --addr 127.0.0.1:8888
  putget-conform server --addr 127.0.0.1:8888 --level core
  putget-conform server --exec 'python3 server.py {host} {port}' --json report.json
  putget-conform server --addr 127.0.0.1:8888 --run 'FRM-*' --run get -v`,
		Args: args(cobra.NoArgs),
		RunE: func(cmd *cobra.Command, _ []string) error {
			return judge(cmd.Context(), o, cmd.OutOrStdout())
		},
	}
	f := cmd.Flags()
	f.StringVar(&o.cfg.Addr, "addr", "", "judge what listens at `HOST:PORT`")
	f.StringVar(&o.cfg.Exec, "exec", "", "start the command `CMD` and judge it")
	f.Var(newLevel(&o.cfg.Level), "level", "level that is judged: core or full")
	f.StringVar(&o.json, "json", "", "write the report to `FILE` as JSON")
	f.DurationVar(&o.cfg.Timeout, "timeout", conformance.DefaultTimeout, "longest silence before an answer is missing")
	f.Float64Var(&o.cfg.Slow, "slow", 1, "multiply every wait by `FACTOR`")
	f.Uint64Var(&o.cfg.Seed, "seed", 0, "seed of what is generated (0: a random one)")
	f.StringArrayVar(&o.cfg.Run, "run", nil, "run only the cases whose id, section or requirement matches `PATTERN` (may be repeated)")
	f.StringArrayVar(&o.cfg.Skip, "skip", nil, "leave out the cases that match `PATTERN` (may be repeated)")
	f.BoolVar(&o.cfg.FailFast, "fail-fast", false, "stop at the first failure")
	f.BoolVarP(&o.verbose, "verbose", "v", false, "show every step of every case")
	cmd.MarkFlagFilename("json", "json")
	cmd.RegisterFlagCompletionFunc("level", cobra.FixedCompletions([]string{"core", "full"}, cobra.ShellCompDirectiveNoFileComp))
	return cmd
}

// judge runs the judge and shows what it says. The files are written whatever the
// verdict, also when the run was interrupted.
func judge(ctx context.Context, o serverOptions, stdout io.Writer) error {
	printer := &report.Printer{W: stdout, Colors: wantsColors(stdout), Verbose: o.verbose}
	var failed error // the first error of the printer, such as a pipe that was closed
	o.cfg.Progress = func(c report.Case) {
		if err := printer.Case(c); failed == nil {
			failed = err
		}
	}
	rep, err := conformance.Run(ctx, o.cfg)
	if rep == nil {
		return err
	}
	if err := printer.Summary(rep); failed == nil {
		failed = err
	}
	if o.json != "" {
		if err := rep.WriteFile(o.json); err != nil {
			return err
		}
	}
	switch {
	case rep.Broken():
		return errNotConformant
	case err != nil:
		return err
	case failed != nil:
		return fmt.Errorf("writing the report: %w", failed)
	case !rep.Conformant:
		return fmt.Errorf("no verdict: %d cases ended in trouble of the judge's own", rep.Counts.Error)
	default:
		return nil
	}
}

// wantsColors reports whether w is a terminal whose user has not asked for plain
// text (no-color.org).
func wantsColors(w io.Writer) bool {
	f, ok := w.(*os.File)
	return ok && term.IsTerminal(int(f.Fd())) && os.Getenv("NO_COLOR") == "" && os.Getenv("TERM") != "dumb"
}

// A levelFlag is a flag whose value is a level.
type levelFlag struct{ level *spec.Level }

func newLevel(level *spec.Level) *levelFlag {
	*level = spec.Full
	return &levelFlag{level}
}

func (l *levelFlag) String() string {
	if l.level == nil {
		return ""
	}
	return string(*l.level)
}

func (l *levelFlag) Type() string { return "LEVEL" }

func (l *levelFlag) Set(text string) error {
	switch level := spec.Level(text); level {
	case spec.Core, spec.Full:
		*l.level = level
		return nil
	default:
		return fmt.Errorf("want core or full")
	}
}

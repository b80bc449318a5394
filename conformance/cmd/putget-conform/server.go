package main

import (
	"cmp"
	"context"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"

	"github.com/spf13/cobra"
	"golang.org/x/term"

	"github.com/putget-protocol/putget/conformance"
	"github.com/putget-protocol/putget/conformance/report"
	"github.com/putget-protocol/putget/spec"
)

// serverOptions are the flags of the commands server and client, beyond those of the Config.
type serverOptions struct {
	cfg       conformance.Config
	known     string // names of files from here on, and of a folder; empty for none
	json      string
	html      string
	junit     string
	name      string // of the target; may be empty
	output    string
	stderr    io.Writer
	artifacts string
	verbose   bool
}

func serverCommand() *cobra.Command {
	var o serverOptions
	cmd := &cobra.Command{
		Use:   "server (--addr HOST:PORT | --exec 'CMD' | --python FILE)",
		Short: "Judge a server",
		Long: `Judge a server: one that listens already, or one that is started here, on a free
port, and stopped at the end. The command is run by a shell; {host}, {port} and
{addr} (host:port) in it are replaced. Of a Python file the function
run_server(host, port) is called, with an event loop ready.

At level core the judge keeps to the protocol as hundreds of independent programs
speak it, and notes the rest as facts. At level full it judges everything.`,
		Example: `  putget-conform server --addr 127.0.0.1:8888
  putget-conform server --addr 127.0.0.1:8888 --level core
  putget-conform server --exec 'python3 server.py {host} {port}' --json report.json
  putget-conform server --python solution.py --level core
  putget-conform server --addr 127.0.0.1:8888 --run 'FRM-*' --run get -v`,
		Args: args(cobra.NoArgs),
		RunE: func(cmd *cobra.Command, _ []string) error {
			return judge(cmd.Context(), o, cmd.OutOrStdout())
		},
	}
	f := cmd.Flags()
	f.StringVar(&o.cfg.Addr, "addr", "", "judge what listens at `HOST:PORT`")
	f.StringVar(&o.cfg.Exec, "exec", "", "start the command `CMD` and judge it")
	f.StringVar(&o.cfg.Python, "python", "", "call run_server(host, port) of the Python file `FILE` and judge it")
	cmd.MarkFlagFilename("python", "py")
	judgeFlags(cmd, &o)
	return cmd
}

// judge runs the judge and shows what it says. The files are written whatever the
// verdict, also when the run was interrupted.
func judge(ctx context.Context, o serverOptions, stdout io.Writer) error {
	var err error
	if o.cfg.KnownFailing, err = readKnown(o.known); err != nil {
		return err
	}
	if err := checkFolders(o.json, o.junit); err != nil {
		return err
	}
	shown := newScreen(o, stdout)
	shown.watch(&o.cfg)
	rep, err := conformance.Run(ctx, o.cfg)
	shown.end(err, rep != nil)
	if rep == nil {
		return shown.asError(err)
	}
	rep.Target.Name = o.name
	shown.summary(rep)
	if err := write(rep, o); err != nil {
		return err
	}
	switch {
	case !rep.Accepted && (rep.Broken() || isStale(rep)):
		return errNotConformant
	case err != nil:
		return err
	case shown.failed != nil:
		return fmt.Errorf("writing the report: %w", shown.failed)
	case !rep.Accepted:
		return fmt.Errorf("no verdict: %d cases ended in trouble of the judge's own", rep.Counts.Error)
	default:
		return nil
	}
}

// isStale reports whether something passed that was known to fail.
func isStale(rep *report.Report) bool {
	return slices.ContainsFunc(rep.Known, func(k report.Known) bool { return k.Verdict == report.Pass })
}

// readKnown reads the list of what is known to fail, if there is one.
func readKnown(name string) ([]conformance.KnownFailing, error) {
	if name == "" {
		return nil, nil
	}
	f, err := os.Open(name)
	if err != nil {
		return nil, &usageError{err}
	}
	defer f.Close()
	known, err := conformance.ParseKnownFailing(f)
	if err != nil {
		return nil, &usageError{fmt.Errorf("%s: %w", name, err)}
	}
	return known, nil
}

// checkFolders sees before the run whether its files have a place: nobody wants to
// hear at the end of it that they had none. An empty name is no file.
func checkFolders(names ...string) error {
	for _, name := range names {
		if name == "" {
			continue
		}
		switch folder, err := os.Stat(filepath.Dir(name)); {
		case err != nil:
			return &usageError{fmt.Errorf("%s cannot be written: %w", name, err)}
		case !folder.IsDir():
			return &usageError{fmt.Errorf("%s cannot be written: %s is no folder", name, filepath.Dir(name))}
		}
	}
	return nil
}

// write writes the files that the flags ask for, each of them whole or not at all. It
// goes on after an error, and returns the first.
func write(rep *report.Report, o serverOptions) error {
	var failed []error
	if o.json != "" {
		failed = append(failed, rep.WriteFile(o.json))
	}
	if o.html != "" {
		failed = append(failed, rep.WriteHTML(o.html))
	}
	if o.junit != "" {
		failed = append(failed, rep.WriteJUnit(o.junit))
	}
	if o.artifacts != "" {
		failed = append(failed, rep.WriteArtifacts(o.artifacts))
	}
	return cmp.Or(failed...)
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

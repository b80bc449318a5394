package main

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"runtime"
	"time"

	"github.com/spf13/cobra"

	"github.com/putget-protocol/putget/conformance/report"
	"github.com/putget-protocol/putget/conformance/report/matrix"
)

// matrixOptions are the flags of the command matrix.
type matrixOptions struct {
	html     string // names of files, and of a folder; empty for none
	markdown string
	targets  string
	reports  string
	jobs     int
	limit    time.Duration
	program  string // this one, which judges each target
}

func matrixCommand() *cobra.Command {
	var o matrixOptions
	cmd := &cobra.Command{
		Use:   "matrix [DIR|FILE...] [--run TARGETS] [--html FILE] [--markdown FILE]",
		Short: "Put many reports side by side, or judge many targets and do so",
		Long: `Put reports that --json wrote side by side: implementations as columns, sorted by
conformance, requirements as rows, and what was observed as a second table. Of a
folder each report in it is taken.

A column has the name that its run got with --name, or that of the file. Reports of
one name, side and level are about one target: the latest is its column, and the page
shows what changed between them; so it does for two files made of the same command.

--run judges the targets that a JSON file lists, several at a time, and then makes the
matrix. Commands run in the folder of that file. With --reports the reports are kept,
and those that are there from before show what changed:

  {
    "targets": [
      {"name": "ours", "exec": "bin/putgetd --addr {addr}"},
      {"name": "theirs", "level": "core", "addr": "127.0.0.1:8888", "limit": "2m"},
      {"name": "asyncio", "level": "core", "python": "servers/asyncio.py"},
      {"name": "browser", "side": "client", "node": "clients/browser.mjs"}
    ]
  }

A target has a name, one of addr, exec, python and node, and may have a side (server),
a level (full) and a limit. conformance/cmd/putget-conform/targets.schema.json says it
exactly.

Exit codes: 0 the matrix was made, whatever the verdicts in it; 2 wrong usage; 3 a
target could not be judged, or not to the end. The matrix is made all the same.`,
		Example: `  putget-conform matrix reports/ --html matrix.html --markdown matrix.md
  putget-conform matrix before.json after.json
  putget-conform matrix --run targets.json --reports reports --html matrix.html`,
		RunE: func(cmd *cobra.Command, given []string) error {
			return o.make(cmd.Context(), given, cmd.OutOrStdout(), cmd.ErrOrStderr())
		},
	}
	f := cmd.Flags()
	f.StringVar(&o.html, "html", "", "write the matrix to `FILE` as a page of its own")
	f.StringVar(&o.markdown, "markdown", "", "write the matrix to `FILE` as Markdown")
	f.StringVar(&o.targets, "run", "", "judge the targets that `FILE` lists")
	f.StringVar(&o.reports, "reports", "", "keep the reports of --run in the folder `DIR`")
	f.IntVar(&o.jobs, "jobs", 2*runtime.NumCPU(), "judge `N` targets at a time: most of a run is waiting")
	f.DurationVar(&o.limit, "limit", 5*time.Minute, "longest time for a target that has no limit of its own")
	cmd.MarkFlagFilename("html", "html")
	cmd.MarkFlagFilename("markdown", "md")
	cmd.MarkFlagFilename("run", "json")
	cmd.MarkFlagDirname("reports")
	return cmd
}

// make collects the entries, shows them, and writes the files.
func (o matrixOptions) make(ctx context.Context, paths []string, stdout, stderr io.Writer) error {
	switch {
	case len(paths) == 0 && o.targets == "":
		return &usageError{errors.New("want reports, folders of them, or --run with the targets to be judged")}
	case o.reports != "" && o.targets == "":
		return &usageError{errors.New("--reports keeps the reports of --run, which is not given")}
	case o.jobs < 1 || o.limit <= 0:
		return &usageError{errors.New("--jobs and --limit want more than 0")}
	}
	var entries []matrix.Entry
	if len(paths) > 0 {
		var err error
		if entries, err = matrix.Read(paths...); err != nil {
			return &usageError{err}
		}
	}
	var failed error
	if o.targets != "" {
		judged, err := o.judgeTargets(ctx, stderr)
		if judged == nil {
			return err
		}
		entries, failed = append(entries, judged...), err
	}
	m := matrix.New(entries)
	shown := m.WriteText(stdout)
	return cmp.Or(o.write(m), failed, shown)
}

// write writes the files that the flags ask for, each of them whole or not at all.
func (o matrixOptions) write(m *matrix.Matrix) error {
	var failed []error
	if o.html != "" {
		page, err := m.HTML()
		if err == nil {
			err = report.WriteBytes(o.html, page)
		}
		failed = append(failed, err)
	}
	if o.markdown != "" {
		failed = append(failed, report.WriteBytes(o.markdown, m.Markdown()))
	}
	return errors.Join(failed...)
}

// judgeTargets judges what the file of targets lists. Without entries nothing was begun.
func (o matrixOptions) judgeTargets(ctx context.Context, stderr io.Writer) ([]matrix.Entry, error) {
	targets, err := readTargets(o.targets)
	if err != nil {
		return nil, &usageError{err}
	}
	if o.program == "" {
		if o.program, err = os.Executable(); err != nil {
			return nil, fmt.Errorf("this program does not know where it is: %w", err)
		}
	}
	keep := o.reports
	if keep == "" {
		if keep, err = os.MkdirTemp("", "putget-conform-*"); err != nil {
			return nil, err
		}
		defer os.RemoveAll(keep)
	} else if err := os.MkdirAll(keep, folderMode); err != nil {
		return nil, &usageError{err}
	}
	return o.judgeAll(ctx, targets, keep, newFleetBar(stderr, len(targets)))
}

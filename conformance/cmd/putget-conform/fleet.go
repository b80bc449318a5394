package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"syscall"
	"time"

	"github.com/putget-protocol/putget/conformance/report"
	"github.com/putget-protocol/putget/conformance/report/matrix"
)

// lastGrace is how long a judge that was told to stop may take to write down what it saw,
// and to end its target, until it is killed.
const lastGrace = 15 * time.Second

// judgeAll judges targets, several at a time, each by a process of this program: then
// neither a target that hangs nor a judge that dies stops the rest. The entries are in the
// order of the list, a report of before in front of the one that replaces it. The error
// says how many targets were not judged to the end, or that ctx ended.
func (o matrixOptions) judgeAll(ctx context.Context, targets []listed, folder string, bar *fleetBar) ([]matrix.Entry, error) {
	folder, err := filepath.Abs(folder) // the judges run elsewhere
	if err != nil {
		return nil, err
	}
	before := make([]*report.Report, len(targets))
	after := make([]matrix.Entry, len(targets))
	places := make(chan struct{}, o.jobs)
	var wg sync.WaitGroup
	for i, t := range targets {
		places <- struct{}{}
		wg.Go(func() {
			defer func() { <-places }()
			file := filepath.Join(folder, t.file())
			before[i], _ = matrix.ReadReport(file) // there may be none
			bar.begun(t.Name)
			after[i] = o.judgeOne(ctx, t, file)
			bar.judged(after[i])
		})
	}
	wg.Wait()
	bar.end()
	var entries []matrix.Entry
	failed := 0
	for i, e := range after {
		if before[i] != nil && e.Report != nil {
			entries = append(entries, matrix.Entry{Name: e.Name, Report: before[i]})
		}
		entries = append(entries, e)
		if e.Reason != "" {
			failed++
		}
	}
	switch {
	case ctx.Err() != nil:
		return entries, fmt.Errorf("interrupted: %w", context.Cause(ctx))
	case failed > 0:
		return entries, fmt.Errorf("%d of %d targets were not judged to the end", failed, len(targets))
	default:
		return entries, nil
	}
}

// judgeOne judges one target within its limit.
func (o matrixOptions) judgeOne(ctx context.Context, t listed, file string) matrix.Entry {
	e := matrix.Entry{Name: t.Name}
	if ctx.Err() != nil {
		e.Reason = "interrupted"
		return e
	}
	limit := o.limit
	if t.limit > 0 {
		limit = t.limit
	}
	bounded, cancel := context.WithTimeout(ctx, limit)
	defer cancel()
	fresh := file + ".new" // what is there from before stays until there is better
	defer os.Remove(fresh)
	said, err := o.run(bounded, t, fresh)
	switch {
	case ctx.Err() != nil:
		e.Reason = "interrupted"
	case bounded.Err() != nil:
		e.Reason = fmt.Sprintf("stopped after %s", limit)
	}
	rep, missing := matrix.ReadReport(fresh)
	if missing != nil {
		if e.Reason == "" {
			e.Reason = lastLines(said, err)
		}
		return e
	}
	e.Report = rep
	if err := os.Rename(fresh, file); err != nil && e.Reason == "" {
		e.Reason = err.Error()
	}
	return e
}

// run runs a judge, and returns what it wrote to standard error. When ctx ends it is asked
// to stop; it has a process group of its own, so that Ctrl-C does not ask it, too: being
// asked twice it would leave at once, and write nothing.
func (o matrixOptions) run(ctx context.Context, t listed, file string) (string, error) {
	cmd := exec.CommandContext(ctx, o.program, t.args(file)...)
	cmd.Dir = t.folder
	var said bytes.Buffer
	cmd.Stderr = &said
	cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
	cmd.Cancel = func() error { return cmd.Process.Signal(syscall.SIGTERM) }
	cmd.WaitDelay = lastGrace
	err := cmd.Run()
	return said.String(), err
}

// lastLines is why a judge made no report: the last that it said.
func lastLines(said string, err error) string {
	const most = 5
	lines := strings.Split(strings.TrimSpace(strings.ReplaceAll(said, "putget-conform: ", "")), "\n")
	lines = lines[max(0, len(lines)-most):]
	if text := strings.Join(strings.Fields(strings.Join(lines, " ")), " "); text != "" {
		return text
	}
	if exit, ok := errors.AsType[*exec.ExitError](err); ok {
		return "the judge ended with " + exit.String()
	}
	return fmt.Sprintf("the judge made no report: %v", err)
}

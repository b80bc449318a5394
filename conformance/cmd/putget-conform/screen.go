package main

import (
	"crypto/rand"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"

	"github.com/putget-protocol/putget/conformance"
	"github.com/putget-protocol/putget/conformance/report"
)

// Forms of the output of a run.
const (
	outputText   = "text"
	outputGitHub = "github"
)

// An outputFlag is a flag whose value is a form of the output.
type outputFlag struct{ form *string }

func newOutput(form *string) *outputFlag {
	*form = outputText
	return &outputFlag{form}
}

func (o *outputFlag) String() string {
	if o.form == nil {
		return ""
	}
	return *o.form
}

func (o *outputFlag) Type() string { return "FORM" }

func (o *outputFlag) Set(text string) error {
	if text != outputText && text != outputGitHub {
		return errors.New("want text or github")
	}
	*o.form = text
	return nil
}

// A screen shows a run: its text; on a terminal how far it is; and for GitHub Actions what
// these make annotations and a summary of.
type screen struct {
	printer *report.Printer
	bar     *runBar // nil shows nothing
	github  bool
	token   string // by which GitHub's runner reads commands again
	failed  error  // the first error, such as a pipe that was closed
}

func newScreen(o serverOptions, stdout io.Writer) *screen {
	s := &screen{
		printer: &report.Printer{W: stdout, Colors: wantsColors(stdout), Verbose: o.verbose},
		github:  o.output == outputGitHub,
	}
	if s.github {
		// A line that a target wrote must not be taken for a command.
		s.token = rand.Text()
		s.note(fmt.Fprintf(stdout, "::stop-commands::%s\n", s.token))
		return s
	}
	s.bar = newRunBar(o.stderr, o.cfg)
	return s
}

func (s *screen) note(_ int, err error) {
	if s.failed == nil {
		s.failed = err
	}
}

// watch lets a Config tell the screen how the run goes.
func (s *screen) watch(cfg *conformance.Config) {
	cfg.Progress = func(c report.Case) {
		s.bar.print(func() { s.note(0, s.printer.Case(c)) })
		s.bar.judged(c)
	}
	if s.bar != nil {
		cfg.Begun = s.bar.begun
	}
}

// end is for the end of a run, which may have no report: then err says why.
func (s *screen) end(err error, hasReport bool) {
	s.bar.end()
	if s.github && !hasReport {
		s.note(fmt.Fprintf(s.printer.W, "::%s::\n", s.token))
		s.note(s.printer.W.Write(report.Trouble(err)))
	}
}

// asError makes one line of an error for GitHub's runner: one of its lines, such as the
// output of a target, would be taken for a command.
func (s *screen) asError(err error) error {
	if !s.github {
		return err
	}
	return &lineError{err}
}

// A lineError is an error whose message is one line.
type lineError struct{ err error }

func (e *lineError) Error() string { return strings.Join(strings.Fields(e.err.Error()), " ") }

func (e *lineError) Unwrap() error { return e.err }

// summary writes what follows the lines of the cases.
func (s *screen) summary(rep *report.Report) {
	s.note(0, s.printer.Summary(rep))
	if !s.github {
		return
	}
	s.note(fmt.Fprintf(s.printer.W, "::%s::\n", s.token))
	s.note(s.printer.W.Write(report.Annotations(rep)))
	if name := os.Getenv("GITHUB_STEP_SUMMARY"); name != "" {
		s.note(0, appendTo(name, report.StepSummary(rep)))
	}
}

// appendTo adds to a file that other steps of a job write to, too.
func appendTo(name string, data []byte) error {
	f, err := os.OpenFile(name, os.O_APPEND|os.O_CREATE|os.O_WRONLY, 0o644)
	if err != nil {
		return fmt.Errorf("the summary of the step: %w", err)
	}
	_, err = f.Write(data)
	return errors.Join(err, f.Close())
}

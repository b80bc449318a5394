// Command gen derives the files of package spec from SPEC.md: requirements.lock, which holds a hash
// of every normative sentence, and vectors/, which holds every example. It copies and computes
// nothing: what an example means is written by hand beside it, in the notation of section 2.3.
//
//	go generate ./spec          # write what has changed
//	go run ./spec/gen -check    # only say what has changed; exit 1 if anything has
//
// It refuses to drop the id of a requirement or a vector that Appendix B does not list as withdrawn,
// because another one could take it later.
package main

import (
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"path/filepath"
)

func main() {
	err := run(os.Args[1:], os.Stdout, os.Stderr)
	switch {
	case errors.Is(err, flag.ErrHelp):
	case err != nil:
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

// errStale says that -check found files to be written.
var errStale = errors.New("the files of spec/ are not those of SPEC.md: run `go generate ./spec` and review the changes")

func run(args []string, stdout, stderr io.Writer) error {
	flags := flag.NewFlagSet("gen", flag.ContinueOnError)
	flags.SetOutput(stderr)
	check := flags.Bool("check", false, "write nothing; fail when a file is not up to date")
	dir := flags.String("dir", "", "the `folder` of SPEC.md (default: this one, or spec in it)")
	if err := flags.Parse(args); err != nil {
		return err
	}
	if flags.NArg() > 0 {
		return fmt.Errorf("gen takes no arguments, got %q", flags.Arg(0))
	}
	if *dir == "" {
		*dir = "spec"
		if _, err := os.Stat("SPEC.md"); err == nil {
			*dir = "."
		}
	}
	text, err := os.ReadFile(filepath.Join(*dir, "SPEC.md"))
	if err != nil {
		return err
	}
	want, err := generate(string(text))
	if err != nil {
		return err
	}
	have, err := readOutput(*dir)
	if err != nil {
		return err
	}
	changes := compare(have, want)
	for _, change := range changes {
		fmt.Fprintln(stdout, change)
	}
	if err := lost(have, want); err != nil {
		return err
	}
	fmt.Fprintf(stdout, "%d requirements, %d vectors\n", len(want.requirements), len(want.vectors))
	switch {
	case *check && len(changes) > 0:
		return errStale
	case *check:
		return nil
	}
	return write(*dir, have, want)
}

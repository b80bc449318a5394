package property

import (
	"context"
	"flag"
	"fmt"
	"strconv"
	"sync"
	"testing"
	"time"

	"pgregory.net/rapid"
)

// rapid has no options but its flags, which it has put into this set when it was
// initialised, before this package. A program may replace flag.CommandLine later.
var rapidFlags = flag.CommandLine

// turn is held by whoever has set the flags of rapid. A channel, so that the wait
// for it can be ended.
var turn = make(chan struct{}, 1)

// generate lets rapid generate one sequence from seed, which is not 0, and shrink it
// when prop fails. It returns what rapid says of a failure, or "". The error is ctx's
// or says that rapid could not be set up; prop has not run then.
func generate(ctx context.Context, seed uint64, shrink time.Duration, prop func(*rapid.T)) (report string, err error) {
	select {
	case turn <- struct{}{}:
		defer func() { <-turn }()
	case <-ctx.Done():
		return "", context.Cause(ctx)
	}
	giveBack := lendFlags()
	defer giveBack()
	restore, err := setFlags(options(seed, shrink))
	defer restore()
	if err != nil {
		return "", err
	}
	tb := newBuffer()
	tb.run(func() {
		rapid.Check(tb, func(t *rapid.T) {
			giveBack()
			prop(t)
		})
	})
	return tb.report(), nil
}

// options returns the values of rapid's flags for one sequence: no files, nothing
// printed.
func options(seed uint64, shrink time.Duration) map[string]string {
	checks := 1
	if testing.Short() {
		checks = 5 // of which rapid does a fifth
	}
	return map[string]string{
		"rapid.checks":     strconv.Itoa(checks),
		"rapid.seed":       strconv.FormatUint(seed, 10),
		"rapid.shrinktime": shrink.String(),
		"rapid.failfile":   "",
		"rapid.nofailfile": "true",
		"rapid.log":        "false",
		"rapid.v":          "false",
		"rapid.debug":      "false",
		"rapid.debugvis":   "false",
	}
}

// setFlags sets flags and returns a function that undoes it, also after an error. It
// goes past FlagSet.Set, after which a program would find them set by its user.
func setFlags(values map[string]string) (restore func(), err error) {
	before := make(map[flag.Value]string, len(values))
	restore = func() {
		for f, text := range before {
			f.Set(text) // its own text, which it has taken before
		}
	}
	for name, text := range values {
		f := rapidFlags.Lookup(name)
		if f == nil {
			return restore, fmt.Errorf("property: rapid has no flag -%s: is this another version, or was flag.CommandLine replaced while packages were initialised?", name)
		}
		before[f.Value] = f.Value.String()
		if err := f.Value.Set(text); err != nil {
			return restore, fmt.Errorf("property: setting -%s of rapid to %q: %w", name, text, err)
		}
	}
	return restore, nil
}

// lendFlags sees to it that testing.Short, which rapid calls before anything else,
// does not panic, as it does in a program that is no test, and in one that has not
// parsed flag.CommandLine. The program's own flags must not change for that: those of
// package testing go to another set, which stands in until giveBack is called.
func lendFlags() (giveBack func()) {
	if shortWorks() {
		return func() {}
	}
	own := flag.CommandLine
	flag.CommandLine = flag.NewFlagSet("", flag.ContinueOnError)
	testing.Init() // does nothing the second time
	flag.CommandLine.Parse(nil)
	return sync.OnceFunc(func() { flag.CommandLine = own })
}

func shortWorks() (works bool) {
	defer func() { works = recover() == nil }()
	testing.Short()
	return true
}

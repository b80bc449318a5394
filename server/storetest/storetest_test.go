package storetest

// These tests live in the package to hold the list of checks against the list
// of flaws.

import (
	"bytes"
	"context"
	"errors"
	"os"
	"os/exec"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/putget-protocol/putget/server"
)

// flawVariable names, in a child process, the flaw of the store that TestStore
// checks.
const flawVariable = "STORETEST_FLAW"

// TestStore runs the contract on the plain store, or in a child process on one
// with a flaw.
func TestStore(t *testing.T) {
	build := func(st *plain) server.Store { return st }
	if name := os.Getenv(flawVariable); name != "" {
		i := slices.IndexFunc(flaws(), func(f flaw) bool { return f.name == name })
		build = flaws()[i].build
	}
	Run(t, func(*testing.T) server.Store { return build(newPlain()) })
}

// TestFlawsAreCaught sees each check fail on a store that deserves it.
func TestFlawsAreCaught(t *testing.T) {
	for _, f := range flaws() {
		t.Run(f.name, func(t *testing.T) {
			t.Parallel() // some children wait for what never comes
			failed := failedChecks(t, f)
			for _, want := range f.caught {
				if !slices.Contains(failed, want) {
					t.Errorf("check %s passed; failed are %v", want, failed)
				}
			}
		})
	}
}

// TestEveryCheckCatchesSomething fails for a check that was never seen to fail.
func TestEveryCheckCatchesSomething(t *testing.T) {
	if len(flaws()) == 0 {
		t.Fatal("no flaws")
	}
	for _, c := range checks() {
		if !slices.ContainsFunc(flaws(), func(f flaw) bool { return slices.Contains(f.caught, c.name) }) {
			t.Errorf("no flaw is caught by the check %s", c.name)
		}
	}
}

// failedChecks runs the checks that have to catch f in a child process, and
// returns those that failed.
func failedChecks(t *testing.T, f flaw) []string {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), 2*time.Minute)
	defer cancel()
	child := exec.CommandContext(ctx, os.Args[0],
		"-test.run=^TestStore$/^("+strings.Join(f.caught, "|")+")$", "-rapid.nofailfile", "-rapid.shrinktime=100ms")
	child.Env = append(os.Environ(), flawVariable+"="+f.name)
	out, err := child.CombinedOutput()
	if exit, ok := errors.AsType[*exec.ExitError](err); !ok || exit.ExitCode() != 1 {
		t.Fatalf("child ended with %v, want exit status 1; it printed:\n%s", err, out)
	}
	var failed []string
	for _, m := range regexp.MustCompile(`--- FAIL: TestStore/(\w+)`).FindAllSubmatch(out, -1) {
		failed = append(failed, string(m[1]))
	}
	if bytes.Contains(out, []byte("panic:")) {
		t.Errorf("child panicked:\n%s", out)
	}
	return failed
}

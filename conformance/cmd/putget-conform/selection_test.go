package main

import (
	"encoding/json"
	"net"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/putget-protocol/putget/conformance/mutant"
	"github.com/putget-protocol/putget/conformance/report"
)

// reportOf runs the program with --json and returns what it wrote, and its exit code.
func reportOf(t *testing.T, args ...string) (*report.Report, int) {
	t.Helper()
	file := filepath.Join(t.TempDir(), "report.json")
	out, code := call(t.Context(), append([]string{"server", "--json", file}, args...)...)
	return readReport(t, file, out), code
}

func readReport(t *testing.T, file, out string) *report.Report {
	t.Helper()
	data, err := os.ReadFile(file)
	if err != nil {
		t.Fatalf("%v; printed:\n%s", err, out)
	}
	rep := new(report.Report)
	if err := json.Unmarshal(data, rep); err != nil {
		t.Fatal(err)
	}
	return rep
}

func caseOf(t *testing.T, rep *report.Report, id string) report.Case {
	t.Helper()
	i := slices.IndexFunc(rep.Cases, func(c report.Case) bool { return c.ID == id })
	if i < 0 {
		t.Fatalf("%s did not run", id)
	}
	return rep.Cases[i]
}

func factOf(c report.Case, name string) string {
	for _, f := range c.Facts {
		if f.Name == name {
			return f.Value
		}
	}
	return ""
}

// A pattern that selects nothing may be mistyped: whoever reads the report must see it.
func TestPatternsThatMatchNothingAreNamed(t *testing.T) {
	tests := []struct {
		name string
		args []string
		want int
		note string // none when it is empty
	}{
		{"Run", []string{"--run", "put-reply", "--run", "PUT_003"}, 0, `the pattern "PUT_003" of Run matches no case; `},
		{"Skip", []string{"--run", "put-reply", "--skip", "get-ordre"}, 0, `the pattern "get-ordre" of Skip matches no case; `},
		{"OtherLevel", []string{"--run", "put-reply", "--run", "FRM-005"}, 0, `the pattern "FRM-005" of Run matches no case at level core, but some at another`},
		{"All", []string{"--run", "put-reply", "--skip", "GET-*"}, 0, ""},
		{"OnlyOne", []string{"--run", "PUT_003"}, 4, `the pattern "PUT_003" of Run matches no case; `},
		{"NothingLeft", []string{"--run", "put-reply", "--skip", "put"}, 4, "Skip leaves out all that Run selects"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			out, got := call(t.Context(), append([]string{"server", "--level", "core", "--addr", server(t, "")}, tt.args...)...)
			out = strings.Join(strings.Fields(out), " ") // as notes are wrapped
			if got != tt.want || !strings.Contains(out, tt.note) || tt.note == "" && strings.Contains(out, "pattern") {
				t.Errorf("exit code %d, want %d; printed, want %q in it:\n%s", got, tt.want, tt.note, out)
			}
		})
	}
}

func TestFailFastStopsAtTheFirstFailure(t *testing.T) {
	rep, code := reportOf(t, "--level", "core", "--fail-fast", "--addr", server(t, "put-echoes"))
	failed := rep.Counts.Fail + rep.Counts.Crashed
	if code != exitNotConformant || failed != 1 || len(rep.Findings) != 1 || rep.Findings[0].Requirement != "PUT-001" {
		t.Errorf("exit code %d, %d cases failed, findings %+v", code, failed, rep.Findings)
	}
	begun := func(note string) bool { return strings.Contains(note, "cases were not begun") }
	if !slices.ContainsFunc(rep.Notes, begun) {
		t.Errorf("the notes are %q", rep.Notes)
	}
	if rep, code = reportOf(t, "--fail-fast", "--run", "REP-008", "--run", "get-order", "--addr", server(t, "whole-without-point")); code != exitConformant || rep.Counts.Warn == 0 {
		t.Errorf("a warning ends the run with %d, and notes %q", code, rep.Notes)
	}
}

// vectorOf returns the shortest failing requests of a run with a seed, as a vector.
func vectorOf(t *testing.T, seed string) string {
	t.Helper()
	dir := t.TempDir()
	out, code := call(t.Context(), "server", "--addr", server(t, "keeps-both"), "--run", "generated-plain", "--seed", seed, "--artifacts", dir)
	data, err := os.ReadFile(filepath.Join(dir, "generated-plain.json"))
	if code != exitNotConformant || err != nil || !strings.Contains(out, "seed "+seed) {
		t.Fatalf("exit code %d, %v; printed, want the seed %s in it:\n%s", code, err, seed, out)
	}
	return string(data)
}

// mostTries is how often a seed is tried: on a busy machine the time to shorten a
// sequence can be over before it is the shortest.
const mostTries = 5

// With the same seed the same requests are generated, and the shortest ones that fail
// are the same.
func TestSeedGeneratesTheSameFailureAgain(t *testing.T) {
	seen := make(map[string]bool)
	for range mostTries {
		vector := vectorOf(t, "7")
		if seen[vector] {
			return
		}
		seen[vector] = true
	}
	t.Errorf("%d runs with one seed end in %d counterexamples: %v", mostTries, len(seen), seen)
}

// A run without a seed says which one it has chosen, and a failure which one shows it
// again.
func TestRunNamesItsSeeds(t *testing.T) {
	rep, _ := reportOf(t, "--addr", server(t, "keeps-both"), "--run", "generated-plain")
	f := caseOf(t, rep, "generated-plain").Failures[0]
	named := seedRE.FindStringSubmatch(f.Detail)
	if named == nil {
		t.Fatalf("the failure names no seed: %s", f.Detail)
	}
	line := logicalRE.ReplaceAllLiteralString(strings.TrimSpace(string(f.Request)), "${k}")
	for _, seed := range []string{rep.Seed, named[1]} {
		shown := func() bool { return strings.Contains(vectorOf(t, seed), line) }
		if !slices.ContainsFunc(make([]int, mostTries), func(int) bool { return shown() }) {
			t.Errorf("with the seed %s there is no failure of %q", seed, line)
		}
	}
}

var (
	seedRE    = regexp.MustCompile(`\(seed ([0-9]+)\)`)
	logicalRE = regexp.MustCompile(`pg[0-9a-z]+(\.[0-9a-z]+){3}`) // what begins a generated key
)

// The budget bounds what is generated, in both directions.
func TestBudgetBoundsWhatIsGenerated(t *testing.T) {
	run := func(budget string) report.Case {
		rep, code := reportOf(t, "--addr", server(t, "slow"), "--run", "generated-plain", "--seed", "1", "--budget", budget)
		if code != exitConformant {
			t.Errorf("budget %s: exit code %d", budget, code)
		}
		return caseOf(t, rep, "generated-plain")
	}
	small, large := run("4s"), run("12s")
	if d := small.Duration.Duration(); d > 4*time.Second {
		t.Errorf("with a budget of 4 s it took %s", d)
	}
	if a, b := factOf(small, "requests"), factOf(large, "requests"); len(a) > len(b) || len(a) == len(b) && a >= b {
		t.Errorf("%s requests within 4 s, and %s within 12 s", a, b)
	}
}

// What takes longer than the timeout is missing, unless the target is said to be slow.
func TestTimeoutAndSlow(t *testing.T) {
	addr := answersAfter(t, 100*time.Millisecond)
	tests := []struct {
		name    string
		args    []string
		want    int
		timeout time.Duration // that the report names
	}{
		{"Short", []string{"--timeout", "30ms"}, 1, 30 * time.Millisecond},
		{"Long", []string{"--timeout", "3s"}, 0, 3 * time.Second},
		{"Slow", []string{"--timeout", "30ms", "--slow", "100"}, 0, 3 * time.Second},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			rep, got := reportOf(t, append([]string{"--addr", addr, "--level", "core", "--run", "put-reply"}, tt.args...)...)
			if got != tt.want || rep.Target.Timeout.Duration() != tt.timeout {
				t.Errorf("exit code %d, want %d; timeout %s, want %s", got, tt.want, rep.Target.Timeout.Duration(), tt.timeout)
			}
		})
	}
}

// answersAfter is a right server that takes so long for each answer.
func answersAfter(t *testing.T, d time.Duration) string {
	t.Helper()
	srv := mutant.NewVariant(mutant.Variant{Apply: func(b *mutant.Behaviour) {
		write := b.Write
		b.Write = func(s *mutant.Session, replies []string) error {
			time.Sleep(d)
			return write(s, replies)
		}
	}})
	return listen(t, func(ln net.Listener) { srv.Serve(ln) }, srv.Close)
}

package conformance_test

import (
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
)

// otherModule copies a module of testdata to a place of its own, with the checksums of
// this one, so that nothing that go does to it is done here.
func otherModule(t *testing.T, name string) string {
	t.Helper()
	dir := t.TempDir()
	if err := os.CopyFS(dir, os.DirFS(filepath.Join("testdata", name))); err != nil {
		t.Fatal(err)
	}
	sums, err := os.ReadFile(filepath.Join("..", "go.sum"))
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(dir, "go.sum"), sums, 0o600); err != nil {
		t.Fatal(err)
	}
	root, err := filepath.Abs("..")
	if err != nil {
		t.Fatal(err)
	}
	cmd := exec.Command("go", "mod", "edit", "-replace="+module+"="+root)
	cmd.Dir = dir
	if out, err := cmd.CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	return dir
}

// buildTests builds the tests of a module, without a network.
func buildTests(t *testing.T, dir string) (program string) {
	t.Helper()
	program = filepath.Join(dir, "module.test")
	cmd := exec.CommandContext(t.Context(), "go", "test", "-c", "-o", program, ".")
	cmd.Dir = dir
	// With mod=mod go writes the indirect requirements, which are those of this module.
	cmd.Env = append(os.Environ(), "GOFLAGS=-mod=mod", "GOPROXY=off", "GOWORK=off")
	if out, err := cmd.CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	return program
}

var endedRE = regexp.MustCompile(`--- (PASS|FAIL|SKIP): (\S+) \(`)

// runTests runs a program of tests and returns how each of them ended, by their names,
// and what was printed.
func runTests(t *testing.T, program string, env ...string) (ended map[string]string, output string) {
	t.Helper()
	cmd := exec.CommandContext(t.Context(), program, "-test.v")
	cmd.Dir = filepath.Dir(program)
	cmd.Env = append(append(os.Environ(), "GINKGO_NO_COLOR=1"), env...)
	out, err := cmd.CombinedOutput()
	ended = make(map[string]string)
	failed := false
	for _, m := range endedRE.FindAllStringSubmatch(string(out), -1) {
		ended[m[2]] = m[1]
		failed = failed || m[1] == "FAIL"
	}
	if len(ended) == 0 || (err != nil) != failed {
		t.Fatalf("it ends with %v, and %d tests:\n%s", err, len(ended), out)
	}
	return ended, string(out)
}

// Somebody else's module judges his server inside go test, next to a Ginkgo suite of
// his own in the same process. Both keep what they have to say.
func TestJudgeInAnotherModule(t *testing.T) {
	watchSources(t)
	program := buildTests(t, otherModule(t, "beside"))
	tests := []struct {
		name   string
		broken string
		fail   []string // the tests that fail
		specs  string   // what the Ginkgo suite says
	}{
		{"Right", "", nil, "3 Passed | 0 Failed | 0 Pending | 1 Skipped"},
		{"Order", "unsorted", []string{"TestConformance", "TestConformance/GET-004"}, "3 Passed | 0 Failed | 0 Pending | 1 Skipped"},
		{"Both", "unsorted,appends", []string{"TestConformance", "TestConformance/GET-004", "TestConformance/PUT-003"}, "3 Passed | 0 Failed | 0 Pending | 1 Skipped"},
		{"Known", "unsorted,known", nil, "3 Passed | 0 Failed | 0 Pending | 1 Skipped"},
		{"KnownPasses", "known", []string{"TestConformance"}, "3 Passed | 0 Failed | 0 Pending | 1 Skipped"},
		{"Spec", "spec", []string{"TestSpecs"}, "2 Passed | 1 Failed | 0 Pending | 1 Skipped"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			ended, out := runTests(t, program, "BROKEN="+tt.broken)
			var failed []string
			passed := 0
			for name, how := range ended {
				if how == "FAIL" {
					failed = append(failed, name)
				}
				if how == "PASS" && strings.HasPrefix(name, "TestConformance/") {
					passed++
				}
			}
			slices.Sort(failed)
			if !slices.Equal(failed, tt.fail) {
				t.Errorf("%v fail, want %v\n%s", failed, tt.fail, out)
			}
			if passed < 20 {
				t.Errorf("%d requirements pass", passed)
			}
			if !strings.Contains(out, tt.specs) {
				t.Errorf("the suite does not say %q:\n%s", tt.specs, out)
			}
			if len(tt.fail) > 1 && !strings.Contains(out, "A server MUST order the samples of a key") {
				t.Errorf("the failure does not show the sentence:\n%s", out)
			}
		})
	}
}

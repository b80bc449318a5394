package conformance_test

import (
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"github.com/onsi/ginkgo/v2/types"

	"github.com/putget-protocol/putget/conformance"
	"github.com/putget-protocol/putget/conformance/report"
	"github.com/putget-protocol/putget/spec"
)

// wait is the longest silence of these tests. Some of their targets are silent for
// good; the others share a busy machine with the judge and with each other.
const wait = conformance.DefaultTimeout

// suite runs the Ginkgo suite of this very test binary against an address and returns
// what it reports, and the error of the process.
func suite(t *testing.T, addr string, level spec.Level, args ...string) (types.Report, error) {
	t.Helper()
	return suiteOf(t, level, append([]string{"-addr=" + addr}, args...)...)
}

// suiteOf is suite for whatever the arguments name.
func suiteOf(t *testing.T, level spec.Level, args ...string) (types.Report, error) {
	t.Helper()
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	file := filepath.Join(t.TempDir(), "report.json")
	cmd := exec.CommandContext(t.Context(), self, append([]string{
		"-level=" + string(level), "-wait=" + wait.String(), "-ginkgo.seed=" + strconv.Itoa(mutantSeed), "-ginkgo.json-report=" + file,
	}, args...)...)
	out, failed := cmd.CombinedOutput()
	data, err := os.ReadFile(file)
	if err != nil {
		t.Fatalf("no report: %v\n%s", err, out)
	}
	var reports []types.Report
	if err := json.Unmarshal(data, &reports); err != nil || len(reports) != 1 {
		t.Fatalf("%d reports, %v", len(reports), err)
	}
	return reports[0], failed
}

// The suite and the runner give the same verdict on every case, on right servers and
// on wrong ones.
func TestBothFrontsGiveTheSameVerdicts(t *testing.T) {
	tests := []struct {
		name   string
		level  spec.Level
		faults []string
	}{
		{"Right", spec.Full, nil},
		{"RightAtCore", spec.Core, nil},
		{"Order", spec.Full, []string{"arrival-order"}},
		{"Warning", spec.Full, []string{"whole-without-point"}},
		{"Sessions", spec.Core, []string{"one-at-a-time"}},
		{"Sanity", spec.Core, []string{"no-terminator"}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			rep := run(t, conformance.Config{Addr: serve(t, tt.faults...), Level: tt.level, Timeout: wait, Seed: mutantSeed})
			ginkgo, failed := suite(t, serve(t, tt.faults...), tt.level)
			compareFronts(t, rep, ginkgo, failed)
		})
	}
}

// compareFronts demands the same verdicts of the runner, which gave rep, and of the suite.
func compareFronts(t *testing.T, rep *report.Report, ginkgo types.Report, failed error) {
	t.Helper()
	want, got := make(map[string]string), make(map[string]string)
	for _, c := range rep.Cases {
		want[c.ID] = stateOf(c.Verdict)
	}
	for _, s := range ginkgo.SpecReports {
		if id, _, isCase := strings.Cut(s.LeafNodeText, ": "); isCase {
			got[id] = s.State.String()
		}
	}
	for id := range want {
		if got[id] != want[id] {
			t.Errorf("%s: the suite says %q, the runner %q", id, got[id], want[id])
		}
	}
	if len(got) != len(want) {
		t.Errorf("the suite has %d cases, the runner %d", len(got), len(want))
	}
	if (failed == nil) != rep.Conformant {
		t.Errorf("the suite ends with %v, and conformant is %v", failed, rep.Conformant)
	}
}

// stateOf is the state of a spec whose case has a verdict.
func stateOf(v report.Verdict) string {
	switch v {
	case report.Pass, report.Warn, report.Observed, report.Unsupported:
		return "passed"
	case report.Blocked:
		return "skipped"
	default:
		return "failed"
	}
}

func TestSuiteWithoutSpecsFails(t *testing.T) {
	if r, err := suite(t, serve(t), spec.Core, "-ginkgo.label-filter=NOT-THERE"); err == nil || r.SuiteSucceeded {
		t.Errorf("a suite of which nothing ran ends with %v, succeeded: %v", err, r.SuiteSucceeded)
	}
}

// A filter by requirement runs the cases of that requirement, and what they need.
func TestSuiteFilterByRequirement(t *testing.T) {
	r, err := suite(t, serve(t, "own-store"), spec.Core, "-ginkgo.label-filter=CON-002")
	if err == nil {
		t.Error("the suite succeeds, though each session has a store of its own")
	}
	ran := 0
	for _, s := range r.SpecReports {
		if s.State != types.SpecStateSkipped {
			ran++
		}
	}
	if ran == 0 || ran > 10 {
		t.Errorf("%d specs ran", ran)
	}
}

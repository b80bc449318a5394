package conformance_test

import (
	"strings"
	"testing"

	"github.com/putget-protocol/putget/conformance"
	"github.com/putget-protocol/putget/conformance/report"
	"github.com/putget-protocol/putget/spec"
)

// The suite and the runner give the same verdict on every case, on right clients and on
// wrong ones, and Ginkgo runs those on clients alone.
func TestBothFrontsGiveTheSameVerdictsOnClients(t *testing.T) {
	tests := []struct{ name, kind string }{
		{"Right", "right"},
		{"BareErrors", "error-bare"},
		{"Connections", "connection-per-call"},
		{"Sanity", "useless"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			rep := judgeClient(t, tt.kind, conformance.Config{Level: spec.Core, Timeout: wait})
			want := make(map[string]string)
			for _, c := range rep.Cases {
				want[c.ID] = stateOf(c.Verdict)
			}
			got := make(map[string]string)
			ginkgo, failed := suiteOf(t, spec.Core, "-adapter="+clientCommand(t, tt.kind))
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
		})
	}
}

// Inside go test each requirement on clients is a subtest.
func TestClientInsideGoTest(t *testing.T) {
	rep := conformance.Test(t, conformance.Config{Side: spec.Client, Exec: clientCommand(t, "right"), Level: spec.Core, Run: []string{"CLI-005"}})
	if rep == nil || !rep.Conformant || rep.Side != spec.Client || rep.Counts.Of(report.Pass) < 2 {
		t.Errorf("got %+v", rep)
	}
}

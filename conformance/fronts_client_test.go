package conformance_test

import (
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
			ginkgo, failed := suiteOf(t, spec.Core, "-adapter="+clientCommand(t, tt.kind))
			compareFronts(t, rep, ginkgo, failed)
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

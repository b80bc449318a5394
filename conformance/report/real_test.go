package report_test

import (
	"context"
	"errors"
	"net"
	"testing"
	"time"

	"github.com/putget-protocol/putget/conformance"
	"github.com/putget-protocol/putget/conformance/mutant"
	"github.com/putget-protocol/putget/conformance/report"
	"github.com/putget-protocol/putget/spec"
)

// realReports returns reports of runs of every kind.
func realReports(t *testing.T) map[string]*report.Report {
	t.Helper()
	return map[string]*report.Report{
		"right":       judge(t, conformance.Config{Addr: serve(t)}),
		"failing":     judge(t, conformance.Config{Addr: serve(t, "arrival-order", "whole-without-point")}),
		"observing":   judge(t, conformance.Config{Addr: serve(t), Level: spec.Core, Run: []string{"put", "observed"}}),
		"crashed":     judge(t, conformance.Config{Addr: serve(t, "wrong-kills")}),
		"blocked":     judge(t, conformance.Config{Addr: serve(t, "no-terminator")}),
		"interrupted": interrupted(t),
	}
}

// serve starts a server with some faults, and returns its address.
func serve(t *testing.T, faults ...string) string {
	t.Helper()
	var all []mutant.Fault
	for _, id := range faults {
		f, ok := mutant.Find(id)
		if !ok {
			t.Fatalf("there is no fault %s", id)
		}
		all = append(all, f)
	}
	ln, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	srv := mutant.New(all...)
	go srv.Serve(ln)
	t.Cleanup(srv.Close)
	return ln.Addr().String()
}

func judge(t *testing.T, cfg conformance.Config) *report.Report {
	t.Helper()
	if cfg.Run == nil {
		cfg.Run = []string{"put", "get", "errors", "reply-shortest"}
	}
	cfg.Timeout = time.Second
	cfg.Seed = 1
	rep, err := conformance.Run(t.Context(), cfg)
	if err != nil {
		t.Fatal(err)
	}
	return rep
}

func interrupted(t *testing.T) *report.Report {
	t.Helper()
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	cfg := conformance.Config{Addr: serve(t), Progress: func(report.Case) { cancel() }}
	rep, err := conformance.Run(ctx, cfg)
	if rep == nil || !errors.Is(err, context.Canceled) {
		t.Fatalf("an interrupted run returned %v, %v", rep, err)
	}
	return rep
}

// Reports of real runs, made once, as they take a while.
func TestRealReports(t *testing.T) {
	all := realReports(t)
	t.Run("AreWhatTheyAreCalled", func(t *testing.T) { areWhatTheyAreCalled(t, all) })
	checks := []struct {
		name  string
		check func(*testing.T, *report.Report)
	}{
		{"AreValid", isValid},
		{"AreCountedInJUnit", isCountedInJUnit},
		{"FitIntoATerminal", fitsIntoATerminal},
		{"AreAPage", isAPage},
	}
	for _, tt := range checks {
		for name, r := range all {
			t.Run(tt.name+"/"+name, func(t *testing.T) { tt.check(t, r) })
		}
	}
}

// Reports that are not what they are called would prove nothing.
func areWhatTheyAreCalled(t *testing.T, all map[string]*report.Report) {
	tests := []struct {
		name string
		ok   bool
	}{
		{"right", all["right"].Conformant},
		{"failing", len(all["failing"].Findings) > 1 && all["failing"].Counts.Warn > 0 && all["failing"].Counts.Fail > 0},
		{"observing", len(all["observing"].Observations) > 0},
		{"crashed", all["crashed"].Counts.Crashed > 0 && all["crashed"].Counts.Blocked > 0},
		{"blocked", all["blocked"].Counts.Blocked > 0 && all["blocked"].Counts.Pass == 0},
		{"interrupted", all["interrupted"].Interrupted},
	}
	for _, tt := range tests {
		if !tt.ok {
			t.Errorf("%s: %+v", tt.name, all[tt.name].Counts)
		}
	}
}

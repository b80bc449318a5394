package conformance_test

import (
	"context"
	"errors"
	"fmt"
	"os"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/putget-protocol/putget/conformance"
	"github.com/putget-protocol/putget/conformance/cases"
	"github.com/putget-protocol/putget/conformance/mutant"
	"github.com/putget-protocol/putget/conformance/oracle"
	"github.com/putget-protocol/putget/conformance/report"
	"github.com/putget-protocol/putget/conformance/target"
	"github.com/putget-protocol/putget/spec"
)

// clientVariable makes the test binary the adapter of a client: of the right one, of one
// with a fault, of a variant, or of one of the kinds of beClient.
const clientVariable = "CONFORMANCE_TEST_CLIENT"

// clientCommand returns the command of the adapter of a kind.
func clientCommand(t *testing.T, kind string) string {
	t.Helper()
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	return fmt.Sprintf("%s=%s exec '%s'", clientVariable, kind, self)
}

// beClient answers the calls of the judge.
func beClient(kind string) {
	a := mutant.NewAdapter()
	f, isFault := mutant.FindClientFault(kind)
	v, isVariant := mutant.FindClientVariant(kind)
	switch {
	case isFault:
		a = mutant.NewAdapter(f)
	case isVariant:
		a = mutant.NewVariantAdapter(v)
	case kind == "ends":
		fmt.Fprintln(os.Stderr, "no module named putget")
		os.Exit(3)
	case kind == "babbles":
		fmt.Println("Hello! This is my client.")
	case kind == "late":
		time.Sleep(1500 * time.Millisecond)
	case kind == "useless":
		a = mutant.NewAdapter(useless())
	case kind == "hangs-at-once":
		select {}
	case kind == "hangs":
		a = mutant.NewAdapter(stuck(func() { time.Sleep(time.Hour) }))
	case kind == "spins":
		a = mutant.NewAdapter(stuck(func() {
			for began := time.Now(); time.Since(began) < time.Hour; {
			}
		}))
	case kind != "right":
		fmt.Fprintln(os.Stderr, "there is no client of the kind", kind)
		os.Exit(1)
	}
	if err := a.Run(context.Background(), os.Stdin, os.Stdout); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

// stuck makes a client that is right in the sanity case and hardly anywhere else: whatever
// else it receives it does not come back from.
func stuck(forever func()) mutant.ClientFault {
	return mutant.ClientFault{ID: "stuck", Apply: func(b *mutant.ClientBehaviour) {
		decode := b.Decode
		b.Decode = func(c *mutant.Client, reply []byte) (oracle.Reply, error) {
			if text := string(reply); text != "ok\n\n" && text != "ok\npalm.cpu 1.5 1503319740\n\n" {
				forever()
			}
			return decode(c, reply)
		}
		after := b.After
		b.After = func(c *mutant.Client, at mutant.Stage) {
			forever()
			after(c, at)
		}
	}}
}

// useless makes a client that takes every reply for a broken one.
func useless() mutant.ClientFault {
	return mutant.ClientFault{ID: "useless", Apply: func(b *mutant.ClientBehaviour) {
		b.Decode = func(*mutant.Client, []byte) (oracle.Reply, error) { return oracle.Reply{}, errors.New("no reply") }
	}}
}

// judgeClient runs the judge on a client of a kind.
func judgeClient(t *testing.T, kind string, cfg conformance.Config) *report.Report {
	t.Helper()
	cfg.Side, cfg.Exec = spec.Client, clientCommand(t, kind)
	return run(t, cfg)
}

func TestRightClientConforms(t *testing.T) {
	for _, level := range []spec.Level{spec.Core, spec.Full} {
		t.Run(string(level), func(t *testing.T) {
			rep := judgeClient(t, "right", conformance.Config{Level: level})
			if !rep.Conformant || len(rep.Findings) > 0 || rep.Side != spec.Client {
				t.Errorf("conformant: %v, side %s, notes %q, findings:\n%s", rep.Conformant, rep.Side, rep.Notes, describe(rep))
			}
			for _, r := range rep.Requirements {
				if bound := r.Keyword != spec.May && r.Reason == ""; bound && r.Verdict != report.Pass {
					t.Errorf("%s is %s", r.ID, r.Verdict)
				}
			}
			if observed := len(rep.Observations) > 20; observed != (level == spec.Core) {
				t.Errorf("%d observations at %s", len(rep.Observations), level)
			}
			if rep.Target.Starting == 0 || rep.Target.Command == "" {
				t.Errorf("the report says of the target: %+v", rep.Target)
			}
		})
	}
}

// A process that takes its time until it is of use is right, and so is its client.
func TestClientThatStartsLate(t *testing.T) {
	t.Parallel()
	rep := judgeClient(t, "late", conformance.Config{Level: spec.Core, Run: []string{"CLI-01[4-7]"}})
	if !rep.Conformant {
		t.Errorf("findings:\n%s", describe(rep))
	}
}

// An adapter that does not run has not failed: there is no report, and the error holds
// what it printed.
func TestAdapterThatDoesNotRun(t *testing.T) {
	_, err := conformance.Run(t.Context(), conformance.Config{Side: spec.Client, Exec: clientCommand(t, "ends")})
	if e, ok := errors.AsType[*target.NotRunError](err); !ok || !strings.Contains(e.Error(), "no module named putget") || !strings.Contains(e.Error(), "exit status 3") {
		t.Errorf("got %v, want a NotRunError", err)
	}
	_, err = conformance.Run(t.Context(), conformance.Config{Side: spec.Client, Exec: clientCommand(t, "babbles")})
	if e, ok := errors.AsType[*target.BadAnswerError](err); !ok || !strings.Contains(e.Error(), "Hello!") {
		t.Errorf("got %v, want a BadAnswerError", err)
	}
	_, err = conformance.Run(t.Context(), conformance.Config{Side: spec.Client, Python: "no-such-file.py"})
	if e, ok := errors.AsType[*conformance.ConfigError](err); !ok || e.Field != "Python" {
		t.Errorf("got %v, want a ConfigError", err)
	}
}

func TestConfigOfClients(t *testing.T) {
	tests := []struct {
		name  string
		cfg   conformance.Config
		field string // that is wrong
	}{
		{"Nothing", conformance.Config{Side: spec.Client}, "Exec, Python and Node"},
		{"Both", conformance.Config{Side: spec.Client, Exec: "true", Node: "x.mjs"}, "Exec, Python and Node"},
		{"Address", conformance.Config{Side: spec.Client, Exec: "true", Addr: "127.0.0.1:1"}, "Addr"},
		{"NodeServer", conformance.Config{Node: "x.mjs"}, "Node"},
		{"Side", conformance.Config{Side: "both", Exec: "true"}, "Side"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			_, err := conformance.NewRunner(tt.cfg)
			if e, ok := errors.AsType[*conformance.ConfigError](err); !ok || e.Field != tt.field {
				t.Errorf("got %v, want a ConfigError of %s", err, tt.field)
			}
		})
	}
}

// Whoever does not come back from anything is judged soon all the same: one case stands for
// all that hang in the same way where it is waited for long. How long that takes in seconds
// is logged only, as it depends on the machine.
func TestClientsThatNeverComeBack(t *testing.T) {
	const most = 40 // second looks, of which many go on at once
	tests := []struct {
		kind    string
		symptom cases.Symptom
	}{
		{"hangs-at-once", cases.Hangs},
		{"hangs", cases.Hangs},
	}
	for _, tt := range tests {
		t.Run(tt.kind, func(t *testing.T) {
			began := time.Now()
			rep := judgeClient(t, tt.kind, conformance.Config{Level: spec.Core, Timeout: time.Second})
			second := 0
			for _, c := range rep.Cases {
				if c.Looks > 1 {
					second++
				}
			}
			t.Logf("judged in %s, %d second looks, %+v", time.Since(began).Round(time.Millisecond), second, rep.Counts)
			if rep.Conformant || rep.Counts.Error > 0 || !rep.Broken() {
				t.Errorf("conformant: %v, %+v:\n%s", rep.Conformant, rep.Counts, describe(rep))
			}
			if second > most {
				t.Errorf("%d cases were waited for a second time, more than %d", second, most)
			}
			for _, f := range rep.Findings {
				if f.Failure.Symptom != string(tt.symptom) && f.Failure.Symptom != string(cases.EarlyAnswer) {
					t.Errorf("%s: %s in %s, want %s", f.Requirement, f.Failure.Symptom, f.Case, tt.symptom)
				}
			}
		})
	}
}

// A client that burns CPU time is told from one that is idle.
func TestClientThatSpins(t *testing.T) {
	t.Parallel()
	rep := judgeClient(t, "spins", conformance.Config{Run: []string{"CLI-022"}})
	if rep.Conformant || !blamed(rep)["CLI-022"] {
		t.Fatalf("conformant: %v, findings:\n%s", rep.Conformant, describe(rep))
	}
	spins := 0
	for _, c := range rep.Cases {
		for _, f := range c.Failures {
			if f.Symptom == string(cases.Spins) {
				spins++
			}
		}
	}
	if spins == 0 {
		t.Errorf("nothing says that it spins:\n%s", describe(rep))
	}
}

// A fault of each kind is found, and blamed on the sentence that it breaks.
func TestFaultsOfClientsAreBlamedExactly(t *testing.T) {
	for _, id := range []string{"connection-per-call", "put-crlf", "cut-is-whole", "lost-spins", "silence-bare"} {
		t.Run(id, func(t *testing.T) {
			t.Parallel()
			fault, ok := mutant.FindClientFault(id)
			if !ok {
				t.Fatalf("there is no fault %q", id)
			}
			rep := judgeClient(t, id, conformance.Config{Level: spec.Core})
			may := append([]string{fault.Breaks}, fault.Causes...)
			for _, f := range rep.Findings {
				if !slices.Contains(may, f.Requirement) {
					t.Errorf("%s is blamed, which it neither breaks nor causes:\n%s", f.Requirement, describe(rep))
				}
			}
			if !blamed(rep)[fault.Breaks] {
				t.Errorf("it breaks %s; the findings are:\n%s", fault.Breaks, describe(rep))
			}
		})
	}
}

// A client that fails the sanity case is judged no further.
func TestClientWithoutSanityIsBlocked(t *testing.T) {
	t.Parallel()
	rep := judgeClient(t, "useless", conformance.Config{Level: spec.Core})
	if rep.Conformant || rep.Counts.Fail != 1 || rep.Counts.Error > 0 || rep.Counts.Blocked < 50 || rep.Counts.Pass > 0 {
		t.Errorf("conformant: %v, %+v:\n%s", rep.Conformant, rep.Counts, describe(rep))
	}
}

func TestKnownFailingOfClients(t *testing.T) {
	t.Parallel()
	known := []conformance.KnownFailing{{ID: "CLI-003", Reason: "it is to be so for now"}}
	cfg := conformance.Config{Level: spec.Core, Run: []string{"CLI-003"}, KnownFailing: known}
	if rep := judgeClient(t, "connection-per-call", cfg); rep.Conformant || !rep.Accepted {
		t.Errorf("conformant: %v, accepted: %v:\n%s", rep.Conformant, rep.Accepted, describe(rep))
	}
	if rep := judgeClient(t, "right", cfg); !rep.Conformant || rep.Accepted {
		t.Errorf("of a right client: conformant: %v, accepted: %v", rep.Conformant, rep.Accepted)
	}
	cfg.KnownFailing = []conformance.KnownFailing{{ID: "client-get-nothing", Reason: "no such case"}}
	cfg.Side, cfg.Exec = spec.Client, "true"
	if _, err := conformance.NewRunner(cfg); err == nil {
		t.Error("a case that does not exist is known to fail")
	}
}

func TestFailFastOfClients(t *testing.T) {
	t.Parallel()
	failed, after := 0, 0
	rep := judgeClient(t, "error-bare", conformance.Config{Level: spec.Core, FailFast: true, Progress: func(c report.Case) {
		if failed > 0 {
			after++
		}
		if c.Verdict == report.Fail {
			failed++
		}
	}})
	if failed != 1 || after != 0 || rep.Conformant {
		t.Errorf("%d failures, %d cases after the first; conformant: %v", failed, after, rep.Conformant)
	}
}

// A run that is interrupted says what it has seen, and leaves no process.
func TestInterruptedRunOnClients(t *testing.T) {
	t.Parallel()
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	n := 0
	rep, err := conformance.Run(ctx, conformance.Config{Side: spec.Client, Exec: clientCommand(t, "right"), Progress: func(report.Case) {
		if n++; n == 5 {
			cancel()
		}
	}})
	if !errors.Is(err, context.Canceled) || rep == nil || !rep.Interrupted || rep.Conformant || len(rep.Cases) == 0 {
		t.Fatalf("got %v, %+v", err, rep)
	}
	for _, c := range rep.Cases {
		if c.Verdict != report.Pass {
			t.Errorf("%s is %s: %s", c.ID, c.Verdict, c.Reason)
		}
	}
}

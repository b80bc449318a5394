package conformance_test

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strconv"
	"sync"
	"testing"
	"time"

	"github.com/putget-protocol/putget/conformance"
	"github.com/putget-protocol/putget/conformance/mutant"
	"github.com/putget-protocol/putget/conformance/oracle"
	"github.com/putget-protocol/putget/conformance/report"
	"github.com/putget-protocol/putget/spec"
)

// Runs at the same time do not disturb each other, not even with the same seed; nor
// does what they leave in the store disturb the next one.
func TestRunsAtOnceAndAfterwards(t *testing.T) {
	for _, level := range []spec.Level{spec.Core, spec.Full} {
		t.Run(string(level), func(t *testing.T) {
			t.Parallel()
			cfg := conformance.Config{Addr: serve(t), Level: level, Seed: 1, Budget: time.Second, Skip: []string{"delivery"}}
			judge := func(when string) {
				rep, err := conformance.Run(t.Context(), cfg)
				if err != nil || !rep.Conformant || len(rep.Findings) > 0 {
					t.Errorf("%s: %v, %s", when, err, describe(rep))
				}
			}
			var wg sync.WaitGroup
			for range 2 {
				wg.Go(func() { judge("beside another run") })
			}
			wg.Wait()
			judge("after two runs")
		})
	}
}

// Two runs find the same faults beside each other as alone.
func TestRunsAtOnceOnAWrongServer(t *testing.T) {
	addr := serve(t, "keeps-both")
	var wg sync.WaitGroup
	for range 2 {
		wg.Go(func() {
			rep, err := conformance.Run(t.Context(), conformance.Config{Addr: addr, Level: spec.Core, Budget: time.Second})
			if err != nil || rep.Conformant || !blamed(rep)["PUT-003"] || len(rep.Findings) != 1 {
				t.Errorf("%v, %s", err, describe(rep))
			}
		})
	}
	wg.Wait()
}

// crowded is a right server whose store is full of what others have put: 100,000
// samples, keys that look like ours, numbers in odd wordings.
func crowded(t *testing.T) mutant.Variant {
	t.Helper()
	var all []mutant.Variant
	for _, id := range []string{"full", "odd-numbers", "odd-times", "random-keys"} {
		v, ok := mutant.FindVariant(id)
		if !ok {
			t.Fatalf("there is no variant %q", id)
		}
		all = append(all, v)
	}
	crowd := mutant.Variant{ID: "crowded", Apply: func(b *mutant.Behaviour) {
		for _, v := range all {
			v.Apply(b)
		}
		prepare := b.Prepare
		b.Prepare = func(st *mutant.Store) {
			prepare(st)
			for i := range 1000 {
				run := "pg" + strconv.FormatUint(rand.Uint64()%(1<<32), 36)
				for _, key := range []string{run, run + ".", fmt.Sprintf("%s.%d.cpu", run, i%40), fmt.Sprintf("%s.%d.alive", run, i)} {
					b.Insert(st, key, oracle.Sample{Value: float64(i) + 0.5, Timestamp: 1503319740})
				}
			}
			for _, key := range []string{"p", "pg", "cpu", ".cpu", "pg*", "${k}.cpu", "pgcpu.1"} {
				b.Insert(st, key, oracle.Sample{Value: 1.5, Timestamp: 7})
			}
		}
	}}
	for _, v := range all {
		crowd.Warns = append(crowd.Warns, v.Warns...)
	}
	return crowd
}

// Where the mutants are judged, a store of others is judged in full; here by what asks
// for everything, and by what takes its time for that.
func TestStoreFullOfOthers(t *testing.T) {
	tests := []struct {
		level spec.Level
		run   []string
	}{
		{spec.Core, []string{"get", "put", "consistency", "generated"}},
		{spec.Full, []string{"get-all*", "delivery-slowly-requests"}},
	}
	for _, tt := range tests {
		t.Run(string(tt.level), func(t *testing.T) {
			t.Parallel()
			v := crowded(t)
			rep := run(t, conformance.Config{Addr: serveServer(t, mutant.NewVariant(v)), Level: tt.level, Run: tt.run, Budget: time.Second})
			if !rep.Conformant {
				t.Errorf("notes %q, findings:\n%s", rep.Notes, describe(rep))
			}
			for _, f := range rep.Findings {
				if f.Verdict != report.Warn || !slices.Contains(v.Warns, f.Requirement) {
					t.Errorf("%s is blamed:\n%s", f.Requirement, describe(rep))
				}
			}
		})
	}
}

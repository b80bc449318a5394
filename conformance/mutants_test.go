package conformance_test

import (
	"flag"
	"fmt"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/putget-protocol/putget/conformance"
	"github.com/putget-protocol/putget/conformance/mutant"
	"github.com/putget-protocol/putget/conformance/report"
	"github.com/putget-protocol/putget/spec"
)

// Who judges the judge. All mutants take minutes and are the business of make
// mutants; a few of them are part of every test.
var (
	mutantsFlag = flag.Bool("mutants", false, "judge every mutant, as a program of its own, and compare with the kill matrix")
	renewFlag   = flag.Bool("renew", false, "write the kill matrix anew, with -mutants")
)

// mutantSeed makes the generated part of every run the same.
const mutantSeed = 1

// few are the subjects of every test: faults of every section and of every kind, at
// both levels, and variants.
func few() []string {
	return []string{
		"arrival-order/full", "keeps-both/core", "first-letters/core", "own-store/core", "wrong-closes/core", "utf8-spoils/full",
		"merging/core", "segment-wise/core", "random-keys/full", "long-line-reset/full",
	}
}

// A gallery is what of package mutant is judged on one side, and how.
type gallery struct {
	side         spec.Side
	file, header string // of the kill matrix
	all          []subject
	few          []string // the names of those of every test
	// compares says that the few are held against the kill matrix in every test.
	compares bool
	judge    func(t *testing.T, s subject) *report.Report
}

func servers(t *testing.T) gallery {
	t.Helper()
	g := gallery{side: spec.Server, file: matrixFile, header: matrixHeader, all: subjects(), few: few(), compares: true, judge: judgeInProcess}
	if *mutantsFlag {
		g.judge = judgeProgram(t)
	}
	return g
}

// Every mutant is found and blamed on what it breaks, and on nothing but that and
// what follows; no variant is accused; and all is as the kill matrix says.
func TestMutants(t *testing.T) { servers(t).judgeAll(t) }

func (g gallery) judgeAll(t *testing.T) {
	t.Helper()
	committed, of := make(map[string]row), make(map[string]subject)
	if !*renewFlag && (*mutantsFlag || g.compares) {
		for _, r := range readRows(t, g.file) {
			committed[r.name()] = r
		}
	}
	var mu sync.Mutex
	var rows []row
	t.Run("Each", func(t *testing.T) {
		for _, s := range g.all {
			of[s.name()] = s
			if !*mutantsFlag && !slices.Contains(g.few, s.name()) {
				continue
			}
			t.Run(s.name(), func(t *testing.T) {
				t.Parallel()
				r := g.judgeOne(t, s, committed)
				mu.Lock()
				defer mu.Unlock()
				rows = append(rows, r)
			})
		}
	})
	slices.SortFunc(rows, compareRows)
	if !*mutantsFlag {
		if len(rows) != len(g.few) {
			t.Errorf("%d of the few mutants were judged, and there should be %d: one of them is gone", len(rows), len(g.few))
		}
		return
	}
	fmt.Printf("mutant x requirement: X blamed on what it breaks, o on what follows from that, ! on anything else\n%s", gridOf(g.side, rows, of))
	switch {
	case *renewFlag && len(rows) == len(g.all):
		writeRows(t, g.file, g.header, rows)
	case *renewFlag:
		t.Logf("%s was not written: %d of %d mutants were judged", g.file, len(rows), len(g.all))
	}
}

// judgeOne judges a subject, and holds what comes of it against what may and what was
// committed, if anything was.
func (g gallery) judgeOne(t *testing.T, s subject, committed map[string]row) row {
	t.Helper()
	rep := g.judge(t, s)
	r := s.row(rep)
	for _, wrong := range append(s.wrong(r), s.wrongVerdict(rep)...) {
		t.Errorf("%s\n%s", wrong, describe(rep))
	}
	if was := committed[s.name()]; len(committed) > 0 && was.String() != r.String() {
		t.Errorf("the kill matrix says\n%s, not\n%s", was, r)
	}
	return r
}

// wrongVerdict says what is wrong with a report as a whole.
func (s subject) wrongVerdict(rep *report.Report) []string {
	var wrong []string
	bad := false
	for _, f := range rep.Findings {
		bad = bad || f.Verdict != report.Warn
	}
	if rep.Conformant == bad {
		wrong = append(wrong, "conformant and the findings do not agree")
	}
	if s.breaks == "-" && !rep.Conformant {
		wrong = append(wrong, "a right one does not conform")
	}
	if rep.Counts.Error > 0 {
		wrong = append(wrong, "the judge had trouble of its own")
	}
	return wrong
}

// judgeInProcess judges a subject that runs in this process.
func judgeInProcess(t *testing.T, s subject) *report.Report {
	t.Helper()
	addr := ""
	if len(s.faults) > 0 {
		addr = serve(t, s.faults...)
	} else {
		v, _ := mutant.FindVariant(s.id)
		addr = serveServer(t, mutant.NewVariant(v))
	}
	return run(t, conformance.Config{Addr: addr, Level: s.level, Seed: mutantSeed})
}

// judgeProgram judges subjects that run as programs of their own, so that one that
// dies can be started again.
func judgeProgram(t *testing.T) func(t *testing.T, s subject) *report.Report {
	t.Helper()
	program := buildMutant(t)
	return func(t *testing.T, s subject) *report.Report {
		t.Helper()
		var command strings.Builder
		command.WriteString(program + " --addr {addr}")
		for _, id := range s.faults {
			command.WriteString(" --fault " + id)
		}
		if len(s.faults) == 0 {
			command.WriteString(" --variant " + s.id)
		}
		return run(t, conformance.Config{Exec: command.String(), Level: s.level, Seed: mutantSeed})
	}
}

func buildMutant(t *testing.T) string {
	t.Helper()
	watchSources(t)
	program := filepath.Join(t.TempDir(), "putget-mutant")
	if out, err := exec.CommandContext(t.Context(), "go", "build", "-o", program, module+"/conformance/mutant/cmd/putget-mutant").CombinedOutput(); err != nil {
		t.Fatalf("go build: %v\n%s", err, out)
	}
	return program
}

// The declarations of the mutants are in order.
func TestMutantsAreDeclaredInOrder(t *testing.T) {
	faults, variants := mutant.Faults(), mutant.Variants()
	if len(faults) < 80 || len(variants) < 12 {
		t.Errorf("%d faults and %d variants are fewer than 80 and 12", len(faults), len(variants))
	}
	seen := make(map[string]bool)
	for _, f := range faults {
		if seen[f.ID] {
			t.Errorf("there are two mutants %s", f.ID)
		}
		seen[f.ID] = true
		q, ok := spec.Find(f.Breaks)
		if !ok || q.Side != spec.Server || q.Keyword == spec.May {
			t.Errorf("%s breaks %s, which does not bind servers", f.ID, f.Breaks)
		}
		if f.Core && q.Level != spec.Core {
			t.Errorf("%s is to show at core and breaks %s, which binds at full only", f.ID, f.Breaks)
		}
		if !f.Core && q.Level == spec.Core {
			t.Logf("%s breaks %s and does not show at core", f.ID, f.Breaks)
		}
		if len(f.Causes) > 3 {
			t.Errorf("%s causes %v, more than three", f.ID, f.Causes)
		}
		for _, id := range f.Causes {
			if _, ok := spec.Find(id); !ok || id == f.Breaks {
				t.Errorf("%s causes %s", f.ID, id)
			}
		}
	}
	for _, v := range variants {
		if seen[v.ID] {
			t.Errorf("there are two mutants %s", v.ID)
		}
		seen[v.ID] = true
		for _, id := range v.Warns {
			if q, ok := spec.Find(id); !ok || report.OfKeyword(q.Keyword) != report.Warn {
				t.Errorf("variant %s warns of %s, which is no SHOULD", v.ID, id)
			}
		}
	}
}

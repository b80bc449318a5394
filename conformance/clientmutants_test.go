package conformance_test

import (
	"strings"
	"testing"

	"github.com/putget-protocol/putget/conformance"
	"github.com/putget-protocol/putget/conformance/mutant"
	"github.com/putget-protocol/putget/conformance/report"
	"github.com/putget-protocol/putget/spec"
)

// clientMatrixFile is the kill matrix of clients.
const clientMatrixFile = "mutant/client-matrix.txt"

const clientMatrixHeader = `# The kill matrix of clients: each client of package mutant, the level at which it is judged, the sentence that it breaks
# ("-" for a variant, which breaks none) and the sentences on which the judge blames it. Written by "make mutants RENEW=1",
# compared by "make mutants"; "make trace" demands of every testable sentence a mutant that breaks it and is blamed for that.
`

// clientSubjects returns every client of package mutant at every level at which it is
// judged, as subjects does servers.
func clientSubjects() []subject {
	var all []subject
	for _, f := range mutant.ClientFaults() {
		all = append(all, ofFault(f.ID, f.Breaks, f.Causes, f.Core)...)
	}
	for _, v := range mutant.ClientVariants() {
		all = append(all, ofVariant(v.ID, v.CoreOnly, nil)...)
	}
	return all
}

// fewClients are those of every test: faults and variants of several kinds.
func fewClients() []string {
	return []string{"put-crlf/core", "unsorted/core", "lost-spins/core", "one-read-fails/full", "reconnects/full", "reads-leniently/core"}
}

// judgeMutantClient returns what judges clients of package mutant.
func judgeMutantClient(t *testing.T) func(t *testing.T, s subject) *report.Report {
	t.Helper()
	program := buildMutant(t)
	return func(t *testing.T, s subject) *report.Report {
		t.Helper()
		var command strings.Builder
		command.WriteString("exec '" + program + "' client")
		for _, id := range s.faults {
			command.WriteString(" --fault " + id)
		}
		if len(s.faults) == 0 {
			command.WriteString(" --variant " + s.id)
		}
		return run(t, conformance.Config{Side: spec.Client, Exec: command.String(), Level: s.level, Seed: mutantSeed})
	}
}

func clients(t *testing.T) gallery {
	t.Helper()
	return gallery{side: spec.Client, file: clientMatrixFile, header: clientMatrixHeader, all: clientSubjects(), few: fewClients(), judge: judgeMutantClient(t)}
}

// What TestMutants says of servers is true of clients.
func TestClientMutants(t *testing.T) { clients(t).judgeAll(t) }

// The kill matrix of clients is that of the mutants there are, and every requirement on
// clients that can be tested is broken by a mutant that is blamed for it: at core too,
// when it binds there. It is checked with -mutants, as that matrix is not complete yet.
func TestTraceClientMutants(t *testing.T) {
	if !*mutantsFlag {
		t.Log("the kill matrix of clients is looked at by make mutants only")
		return
	}
	checkMatrix(t, spec.Client, clientMatrixFile, clientSubjects())
}

// The declarations of the mutants are in order.
func TestClientMutantsAreDeclaredInOrder(t *testing.T) {
	faults, variants := mutant.ClientFaults(), mutant.ClientVariants()
	if len(faults) < 150 || len(variants) < 25 {
		t.Errorf("%d faults and %d variants are fewer than 150 and 25", len(faults), len(variants))
	}
	seen := make(map[string]bool)
	once := func(id string) {
		if seen[id] {
			t.Errorf("there are two mutants %s", id)
		}
		seen[id] = true
	}
	for _, f := range faults {
		once(f.ID)
		q, ok := spec.Find(f.Breaks)
		switch {
		case !ok || q.Side != spec.Client || q.Keyword == spec.May:
			t.Errorf("%s breaks %s, which does not bind clients", f.ID, f.Breaks)
		case f.Core && q.Level != spec.Core:
			t.Errorf("%s is to show at core and breaks %s, which binds at full only", f.ID, f.Breaks)
		case !f.Core && q.Level == spec.Core:
			t.Logf("%s breaks %s and does not show at core", f.ID, f.Breaks)
		}
		if len(f.Causes) > 3 {
			t.Errorf("%s causes %v, more than three", f.ID, f.Causes)
		}
		for _, id := range f.Causes {
			if q, ok := spec.Find(id); !ok || q.Side != spec.Client || id == f.Breaks {
				t.Errorf("%s causes %s", f.ID, id)
			}
		}
	}
	for _, v := range variants {
		once(v.ID)
	}
}

package conformance_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"os/exec"
	"slices"
	"strings"
	"testing"
)

const module = "github.com/putget-protocol/putget"

// An arrow is an import that must not be: a package whose path begins with From may
// not depend, in whatever way, on one whose path begins with To.
type arrow struct {
	From, To string
	But      []string // packages below From to which it does not apply
	Reason   string
}

func forbidden() []arrow {
	const independent = "the judge must not share code with what it judges: a mistake of both would stay unseen"
	return []arrow{
		{From: "conformance", To: "spec/wire", Reason: independent},
		{From: "conformance", To: "server", Reason: independent},
		{From: "conformance", To: "client", Reason: independent},
		{From: "conformance/oracle", To: "conformance/peer", Reason: "the model knows nothing of connections"},
		{From: "conformance/oracle", To: "spec", Reason: "the model is read beside the text, and imports nothing of ours"},
		{From: "conformance/peer", To: "conformance/cases", Reason: "a connection knows nothing of cases"},
		{From: "conformance/peer", To: "spec", Reason: "a connection knows nothing of sentences"},
		{From: "conformance/target", To: "conformance/oracle", Reason: "starting a program needs no protocol"},
		{From: "conformance/target", To: "conformance/peer", Reason: "starting a program needs no protocol"},
		{From: "conformance/report", To: "conformance/cases", Reason: "a report is read by those who have no judge"},
		{From: "conformance/report", To: "conformance/oracle", Reason: "a report is read by those who have no judge"},
		{From: "conformance/cases", To: "conformance/target", Reason: "a case has an address and must not care who listens there"},
		{From: "conformance/cases", To: "conformance/report", Reason: "a case gives no verdict"},
		{From: "conformance/mutant", To: "conformance/cases", Reason: "a mutant that knew the cases could answer to them"},
		{From: "conformance/mutant", To: "spec", Reason: "mutants are made of the oracle alone"},
		{From: "server", To: "client", Reason: "server and client meet on the wire only"},
		{From: "client", To: "server", But: []string{"client/cmd"}, Reason: "server and client meet on the wire only"},
		{From: "server", To: "conformance", Reason: "the judge stays outside of what it judges"},
		{From: "client", To: "conformance", But: []string{"client/cmd"}, Reason: "the judge stays outside of what it judges"},
		{From: "spec", To: "server", Reason: "the specification stands alone"},
		{From: "spec", To: "client", Reason: "the specification stands alone"},
		{From: "spec", To: "conformance", Reason: "the specification stands alone"},
		{From: "server/memory", To: "server/cmd", Reason: "a store knows nothing of programs"},
	}
}

// frameworks are imported by tests alone, so that whoever uses the judge as a
// library gets none of them.
func frameworks() []string {
	return []string{"github.com/onsi/ginkgo/v2", "github.com/onsi/gomega"}
}

// A pkg is what go list tells of a package; that of a test has " [" in its path or
// ends in ".test".
type pkg struct {
	ImportPath string
	ForTest    string
	Deps       []string
}

func (p pkg) path() string {
	path, _, _ := strings.Cut(p.ImportPath, " ")
	return strings.TrimSuffix(strings.TrimSuffix(path, ".test"), "_test")
}

func (p pkg) isTest() bool { return p.ForTest != "" || strings.HasSuffix(p.ImportPath, ".test") }

// packages lists the packages of this module, those of tests included, with all on
// which they depend.
func packages(t *testing.T) []pkg {
	t.Helper()
	watchSources(t)
	cmd := exec.CommandContext(t.Context(), "go", "list", "-e", "-test", "-json=ImportPath,ForTest,Deps", module+"/...")
	var stderr bytes.Buffer
	cmd.Stderr = &stderr
	out, err := cmd.Output()
	if err != nil {
		t.Fatalf("go list: %v\n%s", err, stderr.Bytes())
	}
	var all []pkg
	for dec := json.NewDecoder(bytes.NewReader(out)); ; {
		var p pkg
		switch err := dec.Decode(&p); {
		case errors.Is(err, io.EOF):
			return all
		case err != nil:
			t.Fatal(err)
		}
		all = append(all, p)
	}
}

// below reports whether an import path is that of a folder of this module or below it.
func below(path, folder string) bool {
	return path == module+"/"+folder || strings.HasPrefix(path, module+"/"+folder+"/")
}

func TestImportArrows(t *testing.T) {
	all := packages(t)
	for _, a := range forbidden() {
		from := 0
		for _, p := range all {
			if !below(p.path(), a.From) || slices.ContainsFunc(a.But, func(but string) bool { return below(p.path(), but) }) {
				continue
			}
			from++
			for _, dep := range p.Deps {
				path, _, _ := strings.Cut(dep, " ")
				if below(path, a.To) && !below(path, a.From) && !isOwnTest(p, a.To) {
					t.Errorf("%s depends on %s: %s", p.ImportPath, path, a.Reason)
				}
			}
		}
		if from == 0 {
			t.Errorf("%s has no package any more: the arrow to %s guards nothing", a.From, a.To)
		}
		if !slices.ContainsFunc(all, func(p pkg) bool { return below(p.path(), a.To) }) {
			t.Errorf("%s has no package any more: nothing can be kept from importing it (%s)", a.To, a.Reason)
		}
	}
}

// isOwnTest reports whether p is a test of the judge's own parts, which may use the
// mutants and whatever they need of the judge.
func isOwnTest(p pkg, to string) bool {
	return p.isTest() && strings.HasPrefix(to, "conformance/") || p.isTest() && to == "spec" && below(p.path(), "conformance")
}

func TestFrameworksOfTestsStayInTests(t *testing.T) {
	used := make(map[string]bool)
	for _, p := range packages(t) {
		for _, framework := range frameworks() {
			if !slices.Contains(p.Deps, framework) {
				continue
			}
			used[framework] = true
			if !p.isTest() {
				t.Errorf("%s depends on %s, which is for tests alone", p.ImportPath, framework)
			}
		}
	}
	for _, framework := range frameworks() {
		if !used[framework] {
			t.Errorf("no test uses %s any more", framework)
		}
	}
}

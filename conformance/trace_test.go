package conformance_test

import (
	"fmt"
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/putget-protocol/putget/conformance/cases"
	"github.com/putget-protocol/putget/spec"
)

// A coverage says which requirements have cases.
type coverage struct {
	cases     map[string][]string // requirement -> cases that judge it
	bound     []spec.Requirement  // what a case must look at
	permitted []spec.Requirement  // MAY: nothing to break
}

func traced(t *testing.T, side spec.Side, level spec.Level) coverage {
	t.Helper()
	all := bothSides(t)
	c := coverage{cases: make(map[string][]string)}
	for _, k := range all {
		for _, id := range k.Requirements {
			if !k.Observes {
				c.cases[id] = append(c.cases[id], k.ID)
			}
		}
	}
	for _, r := range spec.Requirements() {
		switch {
		case r.Side != side || r.Level != level:
		case r.Keyword == spec.May:
			c.permitted = append(c.permitted, r)
		default:
			c.bound = append(c.bound, r)
		}
	}
	return c
}

// open returns the ids of bound requirements without case and without a reason why
// there can be none.
func (c coverage) open() []string {
	var ids []string
	for _, r := range c.bound {
		if _, untestable := cases.Untestable()[r.ID]; len(c.cases[r.ID]) == 0 && !untestable {
			ids = append(ids, r.ID)
		}
	}
	return ids
}

func (c coverage) String() string {
	permitted := 0
	for _, r := range c.permitted {
		if len(c.cases[r.ID]) > 0 {
			permitted++
		}
	}
	text := fmt.Sprintf("%d requirements, %d without case; %d permissions, %d of them in a case", len(c.bound), len(c.open()), len(c.permitted), permitted)
	if open := c.open(); len(open) > 0 {
		text += ": open " + strings.Join(open, " ")
	}
	return text
}

// bothSides returns every case there is.
func bothSides(t *testing.T) []cases.Case {
	t.Helper()
	servers, err := cases.All()
	if err != nil {
		t.Fatal(err)
	}
	clients, err := cases.AllClient()
	if err != nil {
		t.Fatal(err)
	}
	return append(servers, clients...)
}

func TestTraceServers(t *testing.T) { checkTrace(t, spec.Server) }

func TestTraceClients(t *testing.T) { checkTrace(t, spec.Client) }

// checkTrace demands a case of every requirement on a side that binds at core, and of
// every one at full that is not said to be untestable.
func checkTrace(t *testing.T, side spec.Side) {
	t.Helper()
	for _, level := range []spec.Level{spec.Core, spec.Full} {
		c := traced(t, side, level)
		if len(c.bound) == 0 {
			t.Errorf("no requirement binds a %s at %s", side, level)
		}
		for _, id := range c.open() {
			t.Errorf("%s binds a %s at %s and has no case: write one, or say in cases.Untestable why there is none", id, side, level)
		}
		t.Logf("%ss, %s: %s", side, level, c)
	}
}

// At most one requirement in twenty may be untestable, and none of them at core.
func TestTraceUntestable(t *testing.T) {
	bound := 0
	var atCore []spec.Requirement
	for _, side := range []spec.Side{spec.Server, spec.Client} {
		core := traced(t, side, spec.Core).bound
		atCore = append(atCore, core...)
		bound += len(core) + len(traced(t, side, spec.Full).bound)
	}
	untestable := cases.Untestable()
	if len(untestable)*20 > bound {
		t.Errorf("%d of %d requirements are said to be untestable, more than one in twenty", len(untestable), bound)
	}
	for _, r := range atCore {
		if why, ok := untestable[r.ID]; ok {
			t.Errorf("%s binds at core and is said to be untestable: %s", r.ID, why)
		}
	}
	var ids []string
	for id := range untestable {
		ids = append(ids, id)
	}
	slices.Sort(ids)
	t.Logf("untestable: %s", strings.Join(ids, " "))
}

// The kill matrix is that of the mutants there are, and every requirement on servers
// that can be tested is broken by a mutant that is blamed for it: at core too, when it
// binds there.
func TestTraceMutants(t *testing.T) {
	checkMatrix(t, spec.Server, matrixFile, subjects())
}

// checkMatrix compares a kill matrix with the mutants of a side, and with what binds it.
func checkMatrix(t *testing.T, side spec.Side, file string, all []subject) {
	t.Helper()
	of, known := make(map[string]subject), make(map[string]row)
	for _, s := range all {
		of[s.id+"/"+string(s.level)] = s
	}
	killed := make(map[spec.Level]map[string]int)
	for _, level := range []spec.Level{spec.Core, spec.Full} {
		killed[level] = make(map[string]int)
	}
	for _, r := range readRows(t, file) {
		s, ok := of[r.name()]
		if !ok || s.breaks != r.Breaks {
			t.Errorf("%s holds a row that no mutant has (make mutants RENEW=1): %s", file, r)
			continue
		}
		known[r.name()] = r
		for _, wrong := range s.wrong(r) {
			t.Errorf("%s, %s: %s", file, r.name(), wrong)
		}
		if slices.Contains(r.Blamed, r.Breaks) {
			killed[r.Level][r.Breaks]++
		}
	}
	for name := range of {
		if _, ok := known[name]; !ok {
			t.Errorf("%s has no row for %s (make mutants RENEW=1)", file, name)
		}
	}
	for _, level := range []spec.Level{spec.Core, spec.Full} {
		c := traced(t, side, level)
		for _, q := range c.bound {
			if _, untestable := cases.Untestable()[q.ID]; !untestable && killed[level][q.ID] == 0 {
				t.Errorf("no mutant that breaks %s is blamed for it at %s: add a fault to conformance/mutant, or look why no case catches it", q.ID, level)
			}
		}
		t.Logf("%ss, %s: %d requirements, each broken by a mutant that is caught", side, level, len(c.bound)-untestableAmong(c.bound))
	}
}

func untestableAmong(bound []spec.Requirement) int {
	n := 0
	for _, q := range bound {
		if _, untestable := cases.Untestable()[q.ID]; untestable {
			n++
		}
	}
	return n
}

// Every case has a name of its own, and is about sentences that exist and bind its side, one at
// least.
func TestTraceCases(t *testing.T) {
	seen := make(map[string]bool)
	for _, c := range bothSides(t) {
		if seen[c.ID] {
			t.Errorf("two cases are called %s", c.ID)
		}
		seen[c.ID] = true
		if len(c.Requirements) == 0 {
			t.Errorf("case %s is about no requirement", c.ID)
		}
		for _, id := range c.Requirements {
			if q, ok := spec.Find(id); !ok || q.Side != c.Side {
				t.Errorf("case %s is about %s, which does not bind a %s", c.ID, id, c.Side)
			}
		}
	}
}

// The lock is that of the text: a changed sentence needs a look at its cases.
func TestTraceLock(t *testing.T) {
	data, err := os.ReadFile("../spec/requirements.lock")
	if err != nil {
		t.Fatal(err)
	}
	locked := make(map[string]string)
	for line := range strings.Lines(string(data)) {
		if fields := strings.Fields(line); len(fields) > 0 && fields[0] != "#" {
			locked[fields[0]] = fields[len(fields)-1]
		}
	}
	for _, q := range spec.Requirements() {
		if locked[q.ID] != q.Hash() {
			t.Errorf("spec/requirements.lock is stale: the sentence of %s is another one (see whether its cases still fit, then go generate ./spec)", q.ID)
		}
		delete(locked, q.ID)
	}
	for id := range locked {
		t.Errorf("spec/requirements.lock is stale: it holds %s, which the text does not", id)
	}
}

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
	all, err := cases.All()
	if err != nil {
		t.Fatal(err)
	}
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

// Every requirement on servers that binds at core has a case, and so has every one at
// full that is not said to be untestable. Requirements on clients are counted.
func TestTraceServers(t *testing.T) {
	for _, level := range []spec.Level{spec.Core, spec.Full} {
		c := traced(t, spec.Server, level)
		if len(c.bound) == 0 {
			t.Errorf("no requirement binds servers at %s", level)
		}
		for _, id := range c.open() {
			t.Errorf("%s binds servers at %s and has no case: write one, or say in cases.Untestable why there is none", id, level)
		}
		t.Logf("servers, %s: %s", level, c)
	}
}

func TestTraceClients(t *testing.T) {
	for _, level := range []spec.Level{spec.Core, spec.Full} {
		t.Logf("clients, %s: %s", level, traced(t, spec.Client, level))
	}
}

// At most one requirement in twenty may be untestable, and none of them at core.
func TestTraceUntestable(t *testing.T) {
	bound := len(traced(t, spec.Server, spec.Core).bound) + len(traced(t, spec.Server, spec.Full).bound)
	untestable := cases.Untestable()
	if len(untestable)*20 > bound {
		t.Errorf("%d of %d requirements are said to be untestable, more than one in twenty", len(untestable), bound)
	}
	for _, r := range traced(t, spec.Server, spec.Core).bound {
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
	of, known := make(map[string]subject), make(map[string]row)
	for _, s := range subjects() {
		of[s.id+"/"+string(s.level)] = s
	}
	killed := make(map[spec.Level]map[string]int)
	for _, level := range []spec.Level{spec.Core, spec.Full} {
		killed[level] = make(map[string]int)
	}
	for _, r := range readMatrix(t) {
		s, ok := of[r.name()]
		if !ok || s.breaks != r.Breaks {
			t.Errorf("%s holds a row that no mutant has (make mutants RENEW=1): %s", matrixFile, r)
			continue
		}
		known[r.name()] = r
		for _, wrong := range s.wrong(r) {
			t.Errorf("%s, %s: %s", matrixFile, r.name(), wrong)
		}
		if slices.Contains(r.Blamed, r.Breaks) {
			killed[r.Level][r.Breaks]++
		}
	}
	for name := range of {
		if _, ok := known[name]; !ok {
			t.Errorf("%s has no row for %s (make mutants RENEW=1)", matrixFile, name)
		}
	}
	for _, level := range []spec.Level{spec.Core, spec.Full} {
		c := traced(t, spec.Server, level)
		for _, q := range c.bound {
			if _, untestable := cases.Untestable()[q.ID]; !untestable && killed[level][q.ID] == 0 {
				t.Errorf("no mutant that breaks %s is blamed for it at %s: add a fault to conformance/mutant, or look why no case catches it", q.ID, level)
			}
		}
		t.Logf("servers, %s: %d requirements, each broken by a mutant that is caught", level, len(c.bound)-untestableAmong(c.bound))
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

// Every case is about sentences that exist and bind its side, one at least.
func TestTraceCases(t *testing.T) {
	all, err := cases.All()
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range all {
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

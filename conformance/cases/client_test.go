package cases_test

import (
	"context"
	"fmt"
	"regexp"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/putget-protocol/putget/conformance/cases"
	"github.com/putget-protocol/putget/conformance/peer"
	"github.com/putget-protocol/putget/spec"
)

func allClient(t *testing.T) []cases.Case {
	t.Helper()
	all, err := cases.AllClient()
	if err != nil {
		t.Fatal(err)
	}
	if len(all) < 100 {
		t.Fatalf("AllClient returned %d cases; some section is lost", len(all))
	}
	return all
}

// plenty is enough for any machine; nothing that passes waits for it.
const plenty = 5 * time.Minute

// told lists failures in a line each.
func told(failures []cases.Failure) string {
	var lines []string
	for _, f := range failures {
		lines = append(lines, fmt.Sprintf("%s %s: %s, in %s", f.Requirement, f.Symptom, f.Detail, f.Call))
	}
	return strings.Join(lines, "\n")
}

// driven is a look at the fake client with some flaws.
func driven(level spec.Level, patience time.Duration, flaws ...string) cases.Look {
	return cases.Look{
		Level: level, Patience: patience, Starting: plenty, Longest: 2 * plenty,
		Start: func(context.Context) (cases.Caller, error) {
			c := &fakeCaller{flaws: make(map[string]bool), started: time.Now()}
			for _, flaw := range flaws {
				c.flaws[flaw] = true
			}
			return c, nil
		},
	}
}

// Right clients pass, whether they use a new connection after an end or fail for good, and
// however odd they are otherwise.
func TestClientCasesPassOnRightClients(t *testing.T) {
	limit := make(chan struct{}, 64)
	var running sync.WaitGroup
	for _, flaws := range [][]string{
		nil,
		{"fresh", "odd: several writes"},
		{"odd: connects late", "odd: words", "odd: small reads"},
		{"odd: refuses others", "odd: fails on unasked"},
	} {
		for _, c := range allClient(t) {
			running.Go(func() {
				limit <- struct{}{}
				defer func() { <-limit }()
				out := c.Look(t.Context(), driven(spec.Full, plenty, flaws...))
				if out.Err != nil || out.NotRun != "" || out.Unsupported != "" || out.Timing || len(out.Failures) > 0 {
					t.Errorf("case %s on %q: %s, %v %s %s", c.ID, flaws, told(out.Failures), out.Err, out.NotRun, out.Unsupported)
				}
				if c.Observes && len(out.Facts) == 0 {
					t.Errorf("case %s observes nothing", c.ID)
				}
			})
		}
	}
	running.Wait()
}

func TestClientCasesAreWellFormed(t *testing.T) {
	id := regexp.MustCompile(`^[a-z0-9]+(-[a-z0-9]+)*$`)
	seen := make(map[string]bool)
	for _, c := range all(t) {
		seen[c.ID] = true
	}
	for _, c := range allClient(t) {
		switch {
		case !id.MatchString(c.ID):
			t.Errorf("case %q: its id is not words joined by -", c.ID)
		case seen[c.ID]:
			t.Errorf("case %s: another case has this id", c.ID)
		case c.Title == "" || strings.HasSuffix(c.Title, "."):
			t.Errorf("case %s: title %q", c.ID, c.Title)
		case c.Drive == nil || c.Run != nil || c.Section == "" || c.Side != spec.Client || len(c.Requirements) == 0:
			t.Errorf("case %s: something is missing", c.ID)
		}
		seen[c.ID] = true
		for _, id := range c.Requirements {
			r, ok := spec.Find(id)
			if !ok || r.Side != spec.Client {
				t.Errorf("case %s is about %s, which is no requirement on clients", c.ID, id)
			}
			if c.Level == spec.Core && !c.Observes && r.Level != spec.Core {
				t.Errorf("core case %s is about %s, which binds at full only", c.ID, id)
			}
		}
	}
}

func TestEveryClientRequirementHasACase(t *testing.T) {
	judged := make(map[string]bool)
	for _, c := range allClient(t) {
		for _, id := range c.Requirements {
			judged[id+string(c.Level)] = judged[id+string(c.Level)] || !c.Observes
		}
	}
	for _, r := range spec.Requirements() {
		_, untestable := cases.Untestable()[r.ID]
		if r.Side == spec.Client && judged[r.ID+string(r.Level)] == untestable {
			t.Errorf("%s: a case of level %s is about it: %v; said to be untestable: %v", r.ID, r.Level, judged[r.ID+string(r.Level)], untestable)
		}
	}
}

func TestClientCasesLeanOnCasesThatExist(t *testing.T) {
	byID := make(map[string]cases.Case)
	for _, c := range allClient(t) {
		byID[c.ID] = c
	}
	var visit func(c cases.Case, path []string)
	visit = func(c cases.Case, path []string) {
		if slices.Contains(path, c.ID) {
			t.Errorf("cases lean on one another in a circle: %s", strings.Join(append(path, c.ID), " -> "))
			return
		}
		for _, id := range slices.Concat(c.Needs, c.DependsOn) {
			other, ok := byID[id]
			switch {
			case !ok:
				t.Errorf("case %s leans on %q, which does not exist", c.ID, id)
			case c.Level == spec.Core && other.Level != spec.Core:
				t.Errorf("core case %s leans on %s, which does not run at core", c.ID, id)
			case other.Observes:
				t.Errorf("case %s leans on %s, which judges nothing", c.ID, id)
			default:
				visit(other, append(path, c.ID))
			}
		}
	}
	for _, c := range byID {
		visit(c, nil)
	}
}

// At core a client is judged by replies in one write of at most 1,024 bytes each.
func TestClientCoreCasesStayWithinTheBounds(t *testing.T) {
	var running sync.WaitGroup
	for _, c := range allClient(t) {
		if c.Level != spec.Core || c.Observes {
			continue
		}
		running.Go(func() {
			out := c.Look(t.Context(), driven(spec.Core, plenty))
			due := make(map[string]bool) // lanes whose request was not answered yet
			for _, e := range out.Events {
				switch e.Kind {
				case peer.Received:
					due[e.Conn] = true
				case peer.Sent:
					if !due[e.Conn] || len(e.Data) > 1024 {
						t.Errorf("case %s sends %q in a write of its own", c.ID, e.Data)
					}
					due[e.Conn] = false
				}
			}
		})
	}
	running.Wait()
}

package cases_test

import (
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/putget-protocol/putget/conformance/cases"
	"github.com/putget-protocol/putget/spec"
)

func all(t *testing.T) []cases.Case {
	t.Helper()
	all, err := cases.All()
	if err != nil {
		t.Fatal(err)
	}
	if len(all) < 200 {
		t.Fatalf("All returned %d cases; some section is lost", len(all))
	}
	return all
}

func TestCasesAreWellFormed(t *testing.T) {
	id := regexp.MustCompile(`^[a-z0-9]+(-[a-z0-9]+)*$`)
	seen := make(map[string]bool)
	for _, c := range all(t) {
		switch {
		case !id.MatchString(c.ID):
			t.Errorf("case %q: its id is not words joined by -", c.ID)
		case seen[c.ID]:
			t.Errorf("case %s: another case has this id", c.ID)
		case c.Title == "" || strings.HasSuffix(c.Title, "."):
			t.Errorf("case %s: title %q", c.ID, c.Title)
		case c.Run == nil || c.Section == "" || c.Side != spec.Server || len(c.Requirements) == 0:
			t.Errorf("case %s: something is missing", c.ID)
		}
		seen[c.ID] = true
	}
}

func TestCasesCiteRequirementsOfTheirSide(t *testing.T) {
	for _, c := range all(t) {
		for _, id := range c.Requirements {
			r, ok := spec.Find(id)
			if !ok {
				t.Errorf("case %s is about %s, which does not exist", c.ID, id)
			} else if r.Side != c.Side {
				t.Errorf("case %s binds a %s and is about %s, which binds a %s", c.ID, c.Side, id, r.Side)
			}
		}
	}
}

// A case of level core must never blame a sentence that does not bind at core.
func TestCoreCasesBlameCoreOnly(t *testing.T) {
	for _, c := range all(t) {
		if c.Level != spec.Core || c.Observes {
			continue
		}
		for _, id := range c.Requirements {
			if r, _ := spec.Find(id); r.Level != spec.Core {
				t.Errorf("core case %s is about %s, which binds at full only", c.ID, id)
			}
		}
		for _, b := range c.Blames {
			if r, _ := spec.Find(b.ID); r.Level != spec.Core {
				t.Errorf("core case %s blames %s, which binds at full only", c.ID, b.ID)
			}
		}
	}
}

func TestCasesLeanOnCasesThatExist(t *testing.T) {
	byID := make(map[string]cases.Case)
	for _, c := range all(t) {
		byID[c.ID] = c
	}
	done := make(map[string]bool)
	var visit func(c cases.Case, path []string)
	visit = func(c cases.Case, path []string) {
		if slices.Contains(path, c.ID) {
			t.Errorf("cases lean on one another in a circle: %s", strings.Join(append(path, c.ID), " -> "))
			return
		}
		if done[c.ID] {
			return
		}
		for _, id := range slices.Concat(c.Needs, c.DependsOn, c.BuildsOn) {
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
		done[c.ID] = true
	}
	for _, c := range byID {
		visit(c, nil)
	}
}

// Every example of the specification that a server can be judged by is played, and
// those that show one of several allowed replies are replaced by a case of our own.
func TestVectorsArePlayed(t *testing.T) {
	vectors, err := spec.Vectors()
	if err != nil {
		t.Fatal(err)
	}
	played := make(map[string]bool)
	ids := make(map[string]bool)
	for _, c := range all(t) {
		played[c.Vector] = true
		ids[c.ID] = true
	}
	for _, v := range vectors {
		if v.Side != spec.Server || v.Kind == spec.ReplyKind {
			continue
		}
		by, replaced := cases.Replaced()[v.ID]
		switch {
		case replaced != (v.Result == spec.Permitted):
			t.Errorf("vector %s has the result %s; replaced is %v", v.ID, v.Result, replaced)
		case replaced && !ids[by]:
			t.Errorf("vector %s is replaced by %q, which does not exist", v.ID, by)
		case !replaced && !played[v.ID]:
			t.Errorf("vector %s is not played", v.ID)
		}
	}
}

func TestUntestableRequirementsExist(t *testing.T) {
	judged := make(map[string]bool)
	clients, err := cases.AllClient()
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range append(all(t), clients...) {
		for _, id := range c.Requirements {
			judged[id] = judged[id] || !c.Observes
		}
	}
	for id, reason := range cases.Untestable() {
		if _, ok := spec.Find(id); !ok {
			t.Errorf("%s is said to be untestable, and is no requirement", id)
		}
		if reason == "" || judged[id] {
			t.Errorf("%s: reason %q; a case is about it: %v", id, reason, judged[id])
		}
	}
}

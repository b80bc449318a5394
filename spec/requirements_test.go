package spec_test

import (
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/putget-protocol/putget/spec"
)

func TestTextHasNoProblems(t *testing.T) {
	doc, err := spec.Parse(spec.Text())
	if err != nil {
		t.Error(err)
	}
	if len(doc.Requirements) == 0 || len(doc.Blocks) == 0 || len(doc.Sections) == 0 {
		t.Errorf("got %d requirements, %d blocks and %d sections, want some of each",
			len(doc.Requirements), len(doc.Blocks), len(doc.Sections))
	}
}

func TestTextNamesItsVersion(t *testing.T) {
	first, _, _ := strings.Cut(spec.Text(), "\n")
	if !strings.HasSuffix(first, "version "+spec.Version) {
		t.Errorf("the first line is %q, want one that ends in version %s", first, spec.Version)
	}
}

func TestRequirements(t *testing.T) {
	all := spec.Requirements()
	if len(all) == 0 {
		t.Fatal("got no requirements")
	}
	counts := map[string]int{}
	for _, r := range all {
		if !regexp.MustCompile(`^[A-Z]{3}-[0-9]{3}$`).MatchString(r.ID) {
			t.Errorf("got id %q", r.ID)
		}
		if !strings.HasPrefix(r.Text, "A "+string(r.Side)+" "+string(r.Keyword)+" ") {
			t.Errorf("%s: %q does not begin with its side %s and its key word %s", r.ID, r.Text, r.Side, r.Keyword)
		}
		if strings.ContainsAny(r.Text, "\n[]") || strings.Contains(r.Text, "(core)") {
			t.Errorf("%s: %q still holds marks or line breaks", r.ID, r.Text)
		}
		if r.Section.Number == "" || r.Section.Title == "" {
			t.Errorf("%s: got section %+v", r.ID, r.Section)
		}
		counts[string(r.Side)+" "+string(r.Level)+" "+string(r.Keyword)]++
	}
	t.Logf("%d requirements: %v", len(all), counts)
}

func TestRequirementsBelongToTheCaller(t *testing.T) {
	first := spec.Requirements()
	want := slices.Clone(first)
	first[0].Text = "changed"
	if got := spec.Requirements(); !slices.Equal(got, want) {
		t.Error("a change of one result shows in the next")
	}
}

func TestFind(t *testing.T) {
	for _, want := range spec.Requirements() {
		got, ok := spec.Find(want.ID)
		if !ok || got != want {
			t.Errorf("Find(%q) = %+v, %t, want %+v", want.ID, got, ok, want)
		}
	}
	for _, id := range []string{"", "PUT", "PUT-1", "PUT-000", "put-001", "[PUT-001]"} {
		if got, ok := spec.Find(id); ok || got != (spec.Requirement{}) {
			t.Errorf("Find(%q) = %+v, %t, want none", id, got, ok)
		}
	}
}

func TestHash(t *testing.T) {
	r := spec.Requirement{
		ID: "PUT-001", Keyword: spec.Must, Level: spec.Core, Side: spec.Server,
		Section: spec.Section{Number: "5.1", Title: "put"}, Text: "A server MUST answer.",
	}
	// Fixed, because locks that were written by an earlier version have to stay comparable.
	if got, want := r.Hash(), "f2b4c294ed1f"; got != want {
		t.Errorf("got hash %s, want %s", got, want)
	}
	tests := []struct {
		name    string
		change  func(*spec.Requirement)
		changes bool
	}{
		{"Keyword", func(r *spec.Requirement) { r.Keyword = spec.Should }, true},
		{"Level", func(r *spec.Requirement) { r.Level = spec.Full }, true},
		{"Side", func(r *spec.Requirement) { r.Side = spec.Client }, true},
		{"Text", func(r *spec.Requirement) { r.Text = "A server MUST answer" }, true},
		{"Section", func(r *spec.Requirement) { r.Section.Number = "5.2" }, false},
		{"ID", func(r *spec.Requirement) { r.ID = "PUT-002" }, false},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			changed := r
			test.change(&changed)
			if got := changed.Hash() != r.Hash(); got != test.changes {
				t.Errorf("got a changed hash %t, want %t", got, test.changes)
			}
		})
	}
}

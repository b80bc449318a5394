package spec_test

import (
	"errors"
	"maps"
	"reflect"
	"slices"
	"strings"
	"testing"

	"github.com/putget-protocol/putget/spec"
)

// small is a right document; the tests of problems break it in one place each.
const small = `# The protocol

The word "MUST" is only quoted here, and "SHOULD NOT" too. See PUT-002.

## 2. Requests

Prose before.

### 2.1. put

- A server MUST answer a put, in any
  case and on two lines. (core) [PUT-001]
- Not a normative item.
- A server MUST NOT lie. [PUT-002]
- A client MAY ask again (PUT-001). [PUT-004]

` + "```request PUT-001 full\n- A server MUST be ignored in a block\n```" + `

### 2.2. get

- A client SHOULD read ` + "`[a]`" + ` first. (core) [GET-001]

## Appendix B. Withdrawn ids

PUT-003, ` + "`request-old`" + `.
`

func TestParse(t *testing.T) {
	got, err := spec.Parse(small)
	if err != nil {
		t.Fatal(err)
	}
	put, get := spec.Section{Number: "2.1", Title: "put"}, spec.Section{Number: "2.2", Title: "get"}
	want := spec.Document{
		Sections: []spec.Section{{Number: "2", Title: "Requests"}, put, get, {Number: "Appendix B", Title: "Withdrawn ids"}},
		Requirements: []spec.Requirement{
			{"PUT-001", spec.Must, spec.Core, spec.Server, put, "A server MUST answer a put, in any case and on two lines."},
			{"PUT-002", spec.MustNot, spec.Full, spec.Server, put, "A server MUST NOT lie."},
			{"PUT-004", spec.May, spec.Full, spec.Client, put, "A client MAY ask again (PUT-001)."},
			{"GET-001", spec.Should, spec.Core, spec.Client, get, "A client SHOULD read `[a]` first."},
		},
		Blocks:    []spec.Block{{17, put, "request PUT-001 full", []string{"- A server MUST be ignored in a block"}}},
		Withdrawn: []string{"PUT-003", "request-old"},
	}
	if !reflect.DeepEqual(got, want) {
		t.Errorf("got  %+v\nwant %+v", got, want)
	}
}

func TestParseProblems(t *testing.T) {
	tests := []struct {
		name, old, replacement string
		line                   int
		rule                   string
	}{
		{"KeywordInProse", "Prose before.", "A server MUST answer. [PUT-009]", 7, "keyword outside an item"},
		{"KeywordInProseLine2", "Prose before.", "Prose\nthat a server MAY read.", 7, "keyword outside an item"},
		{"KeywordInHeading", "### 2.1. put", "### 2.1. put MUST work", 9, "keyword outside an item"},
		{"KeywordInNumberedList", "Prose before.", "1. A server MUST answer. [PUT-009]", 7, "keyword outside an item"},
		{"KeywordInStarList", "Prose before.", "* A server MUST answer. [PUT-009]", 7, "keyword outside an item"},
		{"KeywordInOtherQuotes", `The word "MUST"`, "The word `MUST`", 3, "keyword outside an item"},
		{"NoID", "lie. [PUT-002]", "lie.", 14, "keyword without id"},
		{"NoIDButLevel", "lie. [PUT-002]", "lie. (core)", 14, "keyword without id"},
		{"LowerCaseID", "lie. [PUT-002]", "lie. [put-002]", 14, "keyword without id"},
		{"ShortID", "lie. [PUT-002]", "lie. [PUT-2]", 14, "keyword without id"},
		{"TextBehindID", "lie. [PUT-002]", "lie. [PUT-002] Ever.", 14, "keyword without id"},
		{"IDWithoutKeyword", "Not a normative item.", "A server answers. [PUT-009]", 13, "id without keyword"},
		{"LowerCaseKeyword", "MUST NOT lie", "must not lie", 14, "id without keyword"},
		{"TwoKeywords", "MUST NOT lie.", "MUST NOT lie and SHOULD speak.", 14, "two keywords"},
		{"TwoSentences", "MUST NOT lie.", "MUST NOT lie. A client MUST NOT lie.", 14, "two keywords"},
		{"TwoIDs", "lie. [PUT-002]", "lie [PUT-003]. [PUT-002]", 14, "two ids"},
		{"OtherKeyword", "MUST NOT lie", "SHALL NOT lie", 14, "unknown keyword"},
		{"Adjective", "A server MUST NOT lie", "Lies are NOT RECOMMENDED", 14, "unknown keyword"},
		{"NoSide", "A server MUST NOT", "Everybody MUST NOT", 14, "no side"},
		{"Plural", "A server MUST NOT", "Servers MUST NOT", 14, "no side"},
		{"SideTooEarly", "A server MUST NOT", "A server that is kind MUST NOT", 14, "no side"},
		{"UnknownLevel", "lie. [PUT-002]", "lie. (Core) [PUT-002]", 14, "no full stop"},
		{"NoFullStop", "lie. [PUT-002]", "lie [PUT-002]", 14, "no full stop"},
		{"DuplicateID", "[PUT-002]", "[PUT-001]", 14, "duplicate id"},
		{"WithdrawnID", "[PUT-002]", "[PUT-003]", 14, "withdrawn id"},
		{"OutOfOrder", "again (PUT-001). [PUT-004]", "again. [PUT-006]\n- A client MAY rest. [PUT-005]", 16, "id out of order"},
		{"Gap", "[PUT-004]", "[PUT-006]", 15, "gap in ids"},
		{"GapAtTheBeginning", "[GET-001]", "[GET-002]", 23, "gap in ids"},
		{"PrefixSplit", "[GET-001]", "[GET-001]\n- A client MAY rest. [PUT-005]", 24, "prefix split"},
		{"UnknownCitation", "again (PUT-001)", "again (PUT-009)", 15, "unknown id"},
		{"UnknownCitationInProse", "See PUT-002", "See PTU-002", 3, "unknown id"},
		{"WithdrawnCitation", "See PUT-002", "See PUT-003", 3, "unknown id"},
		{"BlockWithoutEnd", "in a block\n```", "in a block", 17, "block without end"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			if strings.Count(small, test.old) != 1 {
				t.Fatalf("%q is not in the small text once", test.old)
			}
			_, err := spec.Parse(strings.Replace(small, test.old, test.replacement, 1))
			if want := []spec.Problem{{Line: test.line, Rule: test.rule}}; !containsAll(problems(t, err), want) {
				t.Errorf("got %v\nwant line %d: %s", err, test.line, test.rule)
			}
		})
	}
}

func TestParseReportsEachProblem(t *testing.T) {
	text := strings.NewReplacer("lie. [PUT-002]", "lie.", "Prose before.", "It MUST be.").Replace(small)
	doc, err := spec.Parse(text)
	want := []spec.Problem{{Line: 7, Rule: "keyword outside an item"}, {Line: 14, Rule: "keyword without id"}}
	if got := problems(t, err); !containsAll(got, want) {
		t.Errorf("got %+v, want %+v among them", got, want)
	}
	if len(doc.Requirements) != 3 {
		t.Errorf("got %d requirements, want the 3 that could be read", len(doc.Requirements))
	}
}

// problems takes a joined error apart; details are left out.
func problems(t *testing.T, err error) []spec.Problem {
	t.Helper()
	joined, ok := err.(interface{ Unwrap() []error })
	if !ok {
		t.Fatalf("got error %v, want joined problems", err)
	}
	var all []spec.Problem
	for _, e := range joined.Unwrap() {
		p, ok := errors.AsType[*spec.Problem](e)
		if !ok || p.Detail == "" {
			t.Fatalf("got %#v, want a problem with its detail", e)
		}
		all = append(all, spec.Problem{Line: p.Line, Rule: p.Rule})
	}
	return all
}

func containsAll(got, want []spec.Problem) bool {
	return !slices.ContainsFunc(want, func(p spec.Problem) bool { return !slices.Contains(got, p) })
}

func TestGrammarIsCollected(t *testing.T) {
	doc, err := spec.Parse(spec.Text())
	if err != nil {
		t.Fatal(err)
	}
	scattered, collected := map[string]string{}, map[string]string{}
	for _, b := range doc.Blocks {
		if b.Info != "abnf" {
			continue
		}
		into := scattered
		if b.Section.Number == "12" {
			into = collected
		}
		for name, rule := range rules(b.Lines) {
			if before, ok := into[name]; ok && before != rule {
				t.Errorf("line %d: the rule %s differs from an earlier one", b.Line, name)
			}
			into[name] = rule
		}
	}
	if len(collected) == 0 {
		t.Fatal("section 12 collects no rules")
	}
	for name := range maps.Keys(scattered) {
		if scattered[name] != collected[name] {
			t.Errorf("the rule %s is\n%q in its section, and in section 12\n%q", name, scattered[name], collected[name])
		}
	}
	for name := range collected {
		if _, ok := scattered[name]; !ok {
			t.Errorf("the rule %s is in section 12 only", name)
		}
	}
}

// rules returns the rules of an ABNF block by name, each on one line with single spaces.
func rules(lines []string) map[string]string {
	all := map[string]string{}
	name := ""
	for _, line := range lines {
		if before, _, ok := strings.Cut(line, "="); ok && !strings.HasPrefix(line, " ") {
			name = strings.TrimSpace(before)
		}
		all[name] = strings.Join(append(strings.Fields(all[name]), strings.Fields(line)...), " ")
	}
	return all
}

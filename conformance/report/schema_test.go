package report_test

import (
	"bytes"
	"maps"
	"reflect"
	"slices"
	"strings"
	"testing"

	"github.com/santhosh-tekuri/jsonschema/v6"

	"github.com/putget-protocol/putget/conformance/report"
)

// document returns the schema as decoded JSON.
func document(t *testing.T) map[string]any {
	t.Helper()
	doc, err := jsonschema.UnmarshalJSON(strings.NewReader(report.Schema()))
	if err != nil {
		t.Fatal(err)
	}
	return doc.(map[string]any)
}

// strict returns the schema with no room for members that it does not name.
func strict(t *testing.T) *jsonschema.Schema {
	t.Helper()
	doc := document(t)
	closeObjects(doc)
	c := jsonschema.NewCompiler()
	c.AssertFormat()
	if err := c.AddResource("report.schema.json", doc); err != nil {
		t.Fatal(err)
	}
	s, err := c.Compile("report.schema.json")
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func closeObjects(node any) {
	switch n := node.(type) {
	case map[string]any:
		if n["type"] == "object" {
			n["additionalProperties"] = false
		}
		for _, child := range n {
			closeObjects(child)
		}
	case []any:
		for _, child := range n {
			closeObjects(child)
		}
	}
}

func validate(t *testing.T, s *jsonschema.Schema, r *report.Report) error {
	t.Helper()
	data, err := r.JSON()
	if err != nil {
		t.Fatal(err)
	}
	doc, err := jsonschema.UnmarshalJSON(bytes.NewReader(data))
	if err != nil {
		t.Fatal(err)
	}
	return s.Validate(doc)
}

func isValid(t *testing.T, r *report.Report) {
	if err := validate(t, strict(t), r); err != nil {
		t.Error(err)
	}
}

func TestBytesThatAreNoTextAreValid(t *testing.T) {
	r := sample()
	r.Cases[0].Failures[0].Reply = report.Bytes("\xff")
	isValid(t, r)
}

func TestSchemaRefusesWhatIsNoReport(t *testing.T) {
	s := strict(t)
	tests := []struct {
		name  string
		spoil func(*report.Report)
	}{
		{"Format", func(r *report.Report) { r.Format = "another/1" }},
		{"NullList", func(r *report.Report) { r.Cases = nil }},
		{"Verdict", func(r *report.Report) { r.Cases[0].Verdict = "good" }},
		{"Seed", func(r *report.Report) { r.Seed = "" }},
		{"Requirement", func(r *report.Report) { r.Findings[0].Requirement = "" }},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			r := sample()
			tt.spoil(r)
			if validate(t, s, r) == nil {
				t.Error("it is valid")
			}
		})
	}
}

// Every field of the Go types is in the schema, and nothing else is, also those that
// stay away when they are empty.
func TestSchemaNamesEveryField(t *testing.T) {
	doc := document(t)
	defs := doc["$defs"].(map[string]any)
	tests := []struct {
		object any
		value  any
	}{
		{doc, report.Report{}},
		{defs["spec"], report.Spec{}},
		{defs["target"], report.Target{}},
		{defs["counts"], report.Counts{}},
		{defs["case"], report.Case{}},
		{defs["failure"], report.Failure{}},
		{defs["step"], report.Step{}},
		{defs["requirement"], report.Requirement{}},
		{defs["finding"], report.Finding{}},
		{defs["trace"], report.Trace{}},
		{defs["fact"], report.Fact{}},
		{defs["observation"], report.Observation{}},
	}
	for _, tt := range tests {
		name := reflect.TypeOf(tt.value).Name()
		object, ok := tt.object.(map[string]any)
		if !ok {
			t.Errorf("%s: the schema has no such object", name)
			continue
		}
		all, required := fields(reflect.TypeOf(tt.value))
		if got := slices.Sorted(maps.Keys(object["properties"].(map[string]any))); !slices.Equal(got, all) {
			t.Errorf("%s: the schema has %v, the type %v", name, got, all)
		}
		var demanded []string
		for _, id := range object["required"].([]any) {
			demanded = append(demanded, id.(string))
		}
		slices.Sort(demanded)
		if !slices.Equal(demanded, required) {
			t.Errorf("%s: the schema requires %v, the type always has %v", name, demanded, required)
		}
	}
}

// fields returns the names of all JSON members of a type, and of those that are always
// there, sorted.
func fields(t reflect.Type) (all, required []string) {
	for f := range t.Fields() {
		if f.Anonymous {
			a, r := fields(f.Type)
			all, required = append(all, a...), append(required, r...)
			continue
		}
		name, options, _ := strings.Cut(f.Tag.Get("json"), ",")
		if name == "-" {
			continue
		}
		all = append(all, name)
		if options == "" {
			required = append(required, name)
		}
	}
	slices.Sort(all)
	slices.Sort(required)
	return all, required
}

func TestSchemaKnowsEveryVerdict(t *testing.T) {
	var want []any
	for _, v := range report.Verdicts() {
		want = append(want, string(v))
	}
	got := document(t)["$defs"].(map[string]any)["verdict"].(map[string]any)["enum"]
	if !reflect.DeepEqual(got, want) {
		t.Errorf("got %v, want %v", got, want)
	}
}

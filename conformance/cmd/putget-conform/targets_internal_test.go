package main

import (
	_ "embed"
	"strings"
	"testing"
	"time"

	"github.com/santhosh-tekuri/jsonschema/v6"

	"github.com/putget-protocol/putget/spec"
)

//go:embed targets.schema.json
var targetsSchema string

// The program and the schema agree on what is a list of targets.
func TestTargetsAreWhatTheSchemaSays(t *testing.T) {
	doc, err := jsonschema.UnmarshalJSON(strings.NewReader(targetsSchema))
	if err != nil {
		t.Fatal(err)
	}
	c := jsonschema.NewCompiler()
	if err := c.AddResource("targets.schema.json", doc); err != nil {
		t.Fatal(err)
	}
	schema, err := c.Compile("targets.schema.json")
	if err != nil {
		t.Fatal(err)
	}
	tests := []struct {
		name, text string
		problem    string // that the program names; empty when it is right
	}{
		{"Least", `{"targets":[{"name":"a","exec":"a {port}"}]}`, ""},
		{"Schema", `{"$schema":"targets.schema.json","targets":[{"name":"a","addr":"127.0.0.1:8888"}]}`, ""},
		{"Everything", `{"targets":[{"name":"a b","side":"client","level":"core","node":"a.mjs","limit":"1m30s"}]}`, ""},
		{"PythonClient", `{"targets":[{"name":"Größe 1.0+x_y-z","side":"client","python":"a.py"}]}`, ""},
		{"ServerNamedSo", `{"targets":[{"name":"a","side":"server","python":"a.py"}]}`, ""},
		{"None", `{"targets":[]}`, "at least one"},
		{"NoList", `{}`, "at least one"},
		{"NotAnObject", `[]`, "cannot unmarshal"},
		{"UnknownMember", `{"targets":[{"name":"a","exec":"a","port":1}]}`, `unknown field "port"`},
		{"UnknownAbove", `{"list":1,"targets":[{"name":"a","exec":"a"}]}`, `unknown field "list"`},
		{"NoName", `{"targets":[{"exec":"a"}]}`, "want a name"},
		{"Path", `{"targets":[{"name":"../a","exec":"a"}]}`, "want a name"},
		{"Slash", `{"targets":[{"name":"a/b","exec":"a"}]}`, "want a name"},
		{"LongName", `{"targets":[{"name":"` + strings.Repeat("a", 61) + `","exec":"a"}]}`, "want a name"},
		{"NoSource", `{"targets":[{"name":"a"}]}`, "exactly one of"},
		{"TwoSources", `{"targets":[{"name":"a","exec":"a","addr":"b:1"}]}`, "exactly one of"},
		{"Side", `{"targets":[{"name":"a","exec":"a","side":"both"}]}`, "server or client"},
		{"Level", `{"targets":[{"name":"a","exec":"a","level":"most"}]}`, "core or full"},
		{"NodeServer", `{"targets":[{"name":"a","node":"a.mjs"}]}`, "node is for clients"},
		{"ClientAddress", `{"targets":[{"name":"a","side":"client","addr":"b:1"}]}`, "no address"},
		{"Limit", `{"targets":[{"name":"a","exec":"a","limit":"soon"}]}`, "want a duration"},
		{"NegativeLimit", `{"targets":[{"name":"a","exec":"a","limit":"-1s"}]}`, "want a duration"},
		{"Number", `{"targets":[{"name":1,"exec":"a"}]}`, "cannot unmarshal"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			_, err := parseTargets([]byte(tt.text))
			if tt.problem == "" && err != nil || tt.problem != "" && (err == nil || !strings.Contains(err.Error(), tt.problem)) {
				t.Errorf("the program says %v, want %q", err, tt.problem)
			}
			value, err := jsonschema.UnmarshalJSON(strings.NewReader(tt.text))
			if err != nil {
				t.Fatal(err)
			}
			if got := schema.Validate(value) == nil; got != (tt.problem == "") {
				t.Errorf("the schema takes it: %v; %v", got, schema.Validate(value))
			}
		})
	}
}

func TestTargetsAreFilled(t *testing.T) {
	got, err := parseTargets([]byte(`{"targets":[{"name":"a","exec":"x {port}"},{"name":"a","level":"core","exec":"x {port}","limit":"90s"}]}`))
	if err != nil {
		t.Fatal(err)
	}
	if a := got[0]; a.Side != spec.Server || a.Level != spec.Full || a.limit != 0 || a.file() != "a-server-full.json" {
		t.Errorf("the first is %+v", a)
	}
	if b := got[1]; b.limit != 90*time.Second || b.file() != "a-server-core.json" {
		t.Errorf("the second is %+v", b)
	}
	for text, want := range map[string]string{
		`{"targets":[{"name":"a","exec":"x"},{"name":"a","exec":"y"}]}`: `target 2, "a": this name is there twice`,
		`{"targets":[{"name":"a","exec":"x"}]} {}`:                      "behind the list",
		`{"targets":`: "unexpected EOF",
	} {
		if _, err := parseTargets([]byte(text)); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: %v, want %q", text, err, want)
		}
	}
}

// What the help shows is a list of targets.
func TestHelpOfMatrixShowsTargets(t *testing.T) {
	_, text, _ := strings.Cut(matrixCommand().Long, "show what changed:\n\n")
	text, _, ok := strings.Cut(text, "\n\nA target has")
	if targets, err := parseTargets([]byte(text)); !ok || err != nil || len(targets) != 4 {
		t.Errorf("%d targets, %v, in:\n%s", len(targets), err, text)
	}
}

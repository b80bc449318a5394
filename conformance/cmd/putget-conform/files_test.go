package main

import (
	"bytes"
	"encoding/json"
	"encoding/xml"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/santhosh-tekuri/jsonschema/v6"

	"github.com/putget-protocol/putget/conformance/report"
	"github.com/putget-protocol/putget/spec"
)

// validate checks a file of JSON against a schema.
func validate(t *testing.T, schema, file string) {
	t.Helper()
	doc, err := jsonschema.UnmarshalJSON(strings.NewReader(schema))
	if err != nil {
		t.Fatal(err)
	}
	c := jsonschema.NewCompiler()
	c.AssertFormat()
	if err := c.AddResource("schema.json", doc); err != nil {
		t.Fatal(err)
	}
	data, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	value, err := jsonschema.UnmarshalJSON(bytes.NewReader(data))
	if err != nil {
		t.Fatalf("%s: %v", file, err)
	}
	if err := c.MustCompile("schema.json").Validate(value); err != nil {
		t.Errorf("%s: %v", file, err)
	}
}

func isOfSchema(t *testing.T, file string) {
	t.Helper()
	validate(t, report.Schema(), file)
}

// An element says what the schema of the Ant team, which most readers of JUnit's files
// follow, lets stand in an element: attributes, of which those with a "!" must be
// there, and children in that order. Text says that it may hold text.
type element struct {
	attributes, children []string
	text                 bool
}

var junitElements = map[string]element{
	"testsuites": {attributes: []string{"name", "tests", "failures", "errors", "skipped", "time"}, children: []string{"testsuite"}},
	"testsuite": {
		attributes: []string{"name!", "tests!", "failures!", "errors!", "skipped", "time!", "timestamp!"},
		children:   []string{"properties", "testcase"},
	},
	"properties": {children: []string{"property"}},
	"property":   {attributes: []string{"name!", "value!"}},
	"testcase":   {attributes: []string{"classname!", "name!", "time!"}, children: []string{"skipped", "failure", "error", "system-out"}},
	"skipped":    {attributes: []string{"message", "type"}, text: true},
	"failure":    {attributes: []string{"message", "type!"}, text: true},
	"error":      {attributes: []string{"message", "type!"}, text: true},
	"system-out": {text: true},
}

// isJUnit checks a file of JUnit's XML: only elements and attributes that its readers
// know, each where it may be, and no folder of this machine anywhere.
func isJUnit(t *testing.T, file string) {
	t.Helper()
	data, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	for _, folder := range []string{os.TempDir(), filepath.Dir(file), os.Args[0]} {
		if bytes.Contains(data, []byte(folder)) {
			t.Errorf("%s holds the folder %s", file, folder)
		}
	}
	d := xml.NewDecoder(bytes.NewReader(data))
	var open []string
	last := make(map[int]int) // depth -> the place of the last child among those allowed
	for {
		token, err := d.Token()
		if err != nil {
			if len(open) > 0 || d.InputOffset() != int64(len(data)) {
				t.Errorf("%s: %v", file, err)
			}
			return
		}
		switch token := token.(type) {
		case xml.StartElement:
			checkElement(t, open, last, token)
			open = append(open, token.Name.Local)
			last[len(open)] = 0
		case xml.EndElement:
			open = open[:len(open)-1]
		case xml.CharData:
			if len(open) > 0 && !junitElements[open[len(open)-1]].text && len(bytes.TrimSpace(token)) > 0 {
				t.Errorf("<%s> holds text", open[len(open)-1])
			}
		}
	}
}

func checkElement(t *testing.T, open []string, last map[int]int, e xml.StartElement) {
	t.Helper()
	allowed := []string{"testsuites"}
	if len(open) > 0 {
		allowed = junitElements[open[len(open)-1]].children
	}
	at := slices.Index(allowed, e.Name.Local)
	if at < 0 || at < last[len(open)] {
		t.Errorf("<%s> is not allowed there in %v", e.Name.Local, open)
	}
	last[len(open)] = at
	var given []string
	for _, a := range e.Attr {
		given = append(given, a.Name.Local)
		if !slices.Contains(junitElements[e.Name.Local].attributes, a.Name.Local) && !slices.Contains(junitElements[e.Name.Local].attributes, a.Name.Local+"!") {
			t.Errorf("<%s> has an attribute %s", e.Name.Local, a.Name.Local)
		}
	}
	for _, name := range junitElements[e.Name.Local].attributes {
		if must, is := strings.CutSuffix(name, "!"); is && !slices.Contains(given, must) {
			t.Errorf("<%s> has no attribute %s", e.Name.Local, must)
		}
	}
}

// Runs of every kind write files that their readers can read.
func TestFilesAreValid(t *testing.T) {
	tests := []struct {
		name string
		args func(t *testing.T) []string
	}{
		{"Right", func(t *testing.T) []string { return []string{"--addr", server(t, ""), "--level", "core"} }},
		{"Failing", func(t *testing.T) []string { return []string{"--addr", server(t, "arrival-order"), "--run", "get"} }},
		{"Warning", func(t *testing.T) []string {
			return []string{"--addr", server(t, "whole-without-point"), "--run", "REP-008"}
		}},
		{"Blocked", func(t *testing.T) []string { return []string{"--addr", server(t, "no-terminator"), "--timeout", "1s"} }},
		{"Started", func(t *testing.T) []string { return []string{"--exec", targetCommand(t, ""), "--run", "put"} }},
		{"Known", func(t *testing.T) []string {
			return []string{"--addr", server(t, "arrival-order"), "--run", "get", "--known-failing", listFile(t, "GET-004 later\n")}
		}},
		{"Bytes", func(t *testing.T) []string { return []string{"--addr", server(t, "latin1-keys"), "--run", "LEX-008"} }},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			dir := t.TempDir()
			out, code := call(t.Context(), append(append([]string{"server", "--budget", "400ms"}, tt.args(t)...), files(dir)...)...)
			if code > exitNotConformant {
				t.Fatalf("exit code %d; printed:\n%s", code, out)
			}
			isOfSchema(t, filepath.Join(dir, "report.json"))
			isJUnit(t, filepath.Join(dir, "report.xml"))
		})
	}
}

// What is shrunk is a file of vectors, as those of the specification are.
func TestCounterexampleIsAVectorFile(t *testing.T) {
	dir := t.TempDir()
	out, code := call(t.Context(), "server", "--addr", server(t, "keeps-both"), "--run", "generated-plain", "--artifacts", dir)
	file := filepath.Join(dir, "generated-plain.json")
	data, err := os.ReadFile(file)
	if code != exitNotConformant || err != nil {
		t.Fatalf("exit code %d, %v; printed:\n%s", code, err, out)
	}
	schema, err := fs.ReadFile(spec.FS(), "schema.json")
	if err != nil {
		t.Fatal(err)
	}
	validate(t, string(schema), file)
	var vectors spec.VectorFile
	if err := json.Unmarshal(data, &vectors); err != nil || len(vectors.Vectors) != 1 {
		t.Fatalf("%v in %s", err, data)
	}
	v := vectors.Vectors[0]
	// Two puts and a get are the least that shows it, each with its reply; on a busy machine
	// there may be more.
	last := v.Steps[len(v.Steps)-1]
	if len(v.Steps) < 6 || len(v.Steps)%2 != 0 || len(last.Expect) == 0 {
		t.Errorf("%s in %d steps:\n%s", v.Requirements[0], len(v.Steps), data)
	}
}

// A history that is not linearizable is drawn.
func TestHistoryIsDrawn(t *testing.T) {
	dir := t.TempDir()
	out, code := call(t.Context(), "server", "--addr", server(t, "stale-once"), "--run", "generated-histories", "--artifacts", dir)
	page, err := os.ReadFile(filepath.Join(dir, "generated-histories.html"))
	if code != exitNotConformant || err != nil || !bytes.Contains(page, []byte("<html")) || !bytes.Contains(page, []byte("get ")) {
		t.Errorf("exit code %d, %v, %d bytes; printed:\n%s", code, err, len(page), out)
	}
}

func TestFilesThatHaveNoPlace(t *testing.T) {
	for _, name := range []string{filepath.Join(t.TempDir(), "no", "report"), filepath.Join(listFile(t, ""), "report")} {
		for _, flag := range []string{"--json", "--junit"} {
			out, code := call(t.Context(), "server", "--addr", "127.0.0.1:1", flag, name)
			if code != exitUsage || !strings.Contains(out, name+" cannot be written") {
				t.Errorf("%s: exit code %d; printed:\n%s", flag, code, out)
			}
		}
	}
}

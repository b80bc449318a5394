package spec_test

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"io/fs"
	"reflect"
	"slices"
	"strings"
	"testing"

	"github.com/santhosh-tekuri/jsonschema/v6"

	"github.com/putget-protocol/putget/spec"
)

// vectors returns all the vectors, at least one.
func vectors(t *testing.T) []spec.Vector {
	t.Helper()
	all, err := spec.Vectors()
	if err != nil {
		t.Fatal(err)
	}
	if len(all) == 0 {
		t.Fatal("got no vectors")
	}
	return all
}

func TestVectorsByTheSchema(t *testing.T) {
	schema := compileSchema(t)
	m, err := spec.ReadManifest()
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range m.Files {
		data := readFile(t, f.Name)
		value, err := jsonschema.UnmarshalJSON(bytes.NewReader(data))
		if err != nil {
			t.Fatal(err)
		}
		if err := schema.Validate(value); err != nil {
			t.Errorf("%s: %v", f.Name, err)
		}
		for i, c := range data {
			if c != '\n' && (c < ' ' || c > '~') {
				t.Errorf("%s: byte %#x at %d is not printable ASCII", f.Name, c, i)
			}
		}
	}
}

func compileSchema(t *testing.T) *jsonschema.Schema {
	t.Helper()
	value, err := jsonschema.UnmarshalJSON(bytes.NewReader(readFile(t, "schema.json")))
	if err != nil {
		t.Fatal(err)
	}
	c := jsonschema.NewCompiler()
	c.DefaultDraft(jsonschema.Draft2020)
	if err := c.AddResource("schema.json", value); err != nil {
		t.Fatal(err)
	}
	schema, err := c.Compile("schema.json")
	if err != nil {
		t.Fatal(err)
	}
	return schema
}

func readFile(t *testing.T, name string) []byte {
	t.Helper()
	data, err := fs.ReadFile(spec.FS(), name)
	if err != nil {
		t.Fatal(err)
	}
	return data
}

// right is a file of vectors that the schema allows.
const right = `{"$schema":"schema.json","version":"1.0","section":"4. Lexis","vectors":[
		{"id":"a-1","title":"A","kind":"request","requirements":["LEX-001"],"level":"full","side":"server","since":"1.0",
		 "result":"required","bytes":{"text":"get a\n"},"request":{"form":"get","key":{"text":"a"}}},
		{"id":"b-2","title":"B","kind":"reply","requirements":["REP-001"],"level":"core","side":"server","since":"1.0",
		 "result":"required","flags":["binary"],"bytes":{"hex":"ff"},"reply":{"form":"ok","samples":[{"key":{"text":"a"},"value":"1.0","timestamp":"7"}]}},
		{"id":"c-3","title":"C","kind":"transcript","requirements":["REP-001"],"level":"core","side":"server","since":"1.0",
		 "result":"required","delivery":"fixed","steps":[{"connection":"A","send":[{"text":"x"},{"pad":9}]},{"half_close":true},
		 {"expect":[{"form":"error","lines":[]}]}]}]}`

// TestSchemaRefuses changes a right file in one place each.
func TestSchemaRefuses(t *testing.T) {
	tests := []struct{ name, old, replacement string }{
		{"Nothing", "", ""},
		{"NoVectors", right[strings.Index(right, "[\n"):], "[]}"},
		{"UnknownField", `"title":"A"`, `"title":"A","extra":1`},
		{"UpperCaseID", `"a-1"`, `"A-1"`},
		{"NoTitle", `"title":"A",`, ``},
		{"EmptyTitle", `"title":"A"`, `"title":""`},
		{"UnknownKind", `"kind":"request"`, `"kind":"answer"`},
		{"KindOfOtherFields", `"kind":"request"`, `"kind":"reply"`},
		{"NoRequirement", `["LEX-001"]`, `[]`},
		{"WrongRequirement", `["LEX-001"]`, `["LEX-1"]`},
		{"UnknownLevel", `"full"`, `"half"`},
		{"UnknownSide", `"side":"server","since":"1.0",
		 "result":"required","bytes":{"text"`, `"side":"peer","since":"1.0","result":"required","bytes":{"text"`},
		{"UnknownFlag", `["binary"]`, `["big"]`},
		{"TextAndHex", `{"hex":"ff"}`, `{"hex":"ff","text":"a"}`},
		{"NeitherTextNorHex", `{"hex":"ff"}`, `{}`},
		{"OddHex", `{"hex":"ff"}`, `{"hex":"fff"}`},
		{"UpperCaseHex", `{"hex":"ff"}`, `{"hex":"FF"}`},
		{"ReplacementCharacter", `{"text":"get a\n"}`, `{"text":"\ufffd"}`},
		{"GetWithValue", `"form":"get"`, `"form":"get","value":"1.0"`},
		{"NumberAsNumber", `"value":"1.0"`, `"value":1.0`},
		{"ValueWithPlus", `"value":"1.0"`, `"value":"+1.0"`},
		{"TimestampWithZeros", `"timestamp":"7"`, `"timestamp":"007"`},
		{"NoTimestamp", `,"timestamp":"7"`, ``},
		{"StepOfTwo", `"connection":"A",`, `"half_close":true,`},
		{"StepOfNothing", `{"half_close":true}`, `{"connection":"A"}`},
		{"StepOfFalse", `{"half_close":true}`, `{"half_close":false}`},
		{"LongConnection", `"connection":"A"`, `"connection":"AB"`},
		{"EmptySend", `[{"text":"x"},{"pad":9}]`, `[]`},
		{"PadOfNothing", `{"pad":9}`, `{"pad":0}`},
		{"ExpectBroken", `{"form":"error","lines":[]}`, `{"form":"broken"}`},
		{"NoAlternative", `[{"form":"error","lines":[]}]`, `[]`},
		{"UnknownDelivery", `"delivery":"fixed"`, `"delivery":"slow"`},
	}
	schema := compileSchema(t)
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			text := strings.Replace(right, test.old, test.replacement, 1)
			if text == right && test.name != "Nothing" {
				t.Fatalf("%s is not in the file", test.old)
			}
			value, err := jsonschema.UnmarshalJSON(strings.NewReader(text))
			if err != nil {
				t.Fatal(err)
			}
			if got := schema.Validate(value) == nil; got != (test.name == "Nothing") {
				t.Errorf("valid is %t for %s", got, text)
			}
		})
	}
}

func TestManifest(t *testing.T) {
	m, err := spec.ReadManifest()
	if err != nil {
		t.Fatal(err)
	}
	if m.Version != spec.Version || m.Protocol != "PutGet" {
		t.Errorf("got %s %s, want PutGet %s", m.Protocol, m.Version, spec.Version)
	}
	listed := []string{"README.md", "manifest.json", "runner.py", "schema.json"}
	digest, count := sha256.New(), 0
	for _, f := range m.Files {
		sum := sha256.Sum256(readFile(t, f.Name))
		if got := hex.EncodeToString(sum[:]); got != f.SHA256 {
			t.Errorf("%s has the hash %s, the manifest says %s", f.Name, got, f.SHA256)
		}
		fmt.Fprintf(digest, "%s  %s\n", f.SHA256, f.Name)
		count += f.Count
		listed = append(listed, f.Name)
	}
	if got := hex.EncodeToString(digest.Sum(nil)); got != m.Digest {
		t.Errorf("the digest of the files is %s, the manifest says %s", got, m.Digest)
	}
	if got := len(vectors(t)); got != m.Count || got != count {
		t.Errorf("got %d vectors, the manifest says %d, and %d by files", got, m.Count, count)
	}
	entries, err := fs.ReadDir(spec.FS(), ".")
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range entries {
		if !slices.Contains(listed, e.Name()) {
			t.Errorf("vectors/%s is in no manifest", e.Name())
		}
	}
}

func TestVectors(t *testing.T) {
	seen := map[string]bool{}
	counts := map[string]int{}
	for _, v := range vectors(t) {
		if seen[v.ID] {
			t.Errorf("two vectors have the id %s", v.ID)
		}
		seen[v.ID] = true
		counts[string(v.Kind)]++
		counts[string(v.Level)]++
		counts[string(v.Result)]++
		for i, id := range v.Requirements {
			r, ok := spec.Find(id)
			switch {
			case !ok:
				t.Errorf("%s shows %s, which no sentence bears", v.ID, id)
			case i == 0 && r.Side != v.Side:
				t.Errorf("%s is of side %s, but %s binds a %s", v.ID, v.Side, id, r.Side)
			case v.Level == spec.Core && r.Level != spec.Core:
				t.Errorf("%s is of level core, but shows %s of level %s", v.ID, id, r.Level)
			}
		}
		if v.Kind != spec.TranscriptKind && bytes.Contains(v.Bytes, []byte("${")) {
			t.Errorf("%s holds ${, which stands for a placeholder", v.ID)
		}
	}
	t.Logf("%d vectors: %v", len(seen), counts)
}

// Every reply that breaks the form, or is cut, names what a client breaks that takes it.
func TestBrokenRepliesBindClients(t *testing.T) {
	for _, v := range vectors(t) {
		if v.Kind != spec.ReplyKind || v.Reply.Form == spec.OKForm || v.Reply.Form == spec.ErrorForm {
			continue
		}
		bindsClient := func(id string) bool {
			r, _ := spec.Find(id)
			return r.Side == spec.Client
		}
		if !slices.ContainsFunc(v.Requirements, bindsClient) {
			t.Errorf("%s is %s, and names no requirement on clients", v.ID, v.Reply.Form)
		}
	}
}

// TestReadmeExamples keeps the examples of vectors/README.md those of the format.
func TestReadmeExamples(t *testing.T) {
	readme := string(readFile(t, "README.md"))
	var blocks []string
	for _, rest := range strings.Split(readme, "```json\n")[1:] {
		block, _, _ := strings.Cut(rest, "```")
		blocks = append(blocks, block)
	}
	if len(blocks) != 2 {
		t.Fatalf("got %d blocks of JSON, want a vector and steps", len(blocks))
	}
	var shown spec.Vector
	if err := json.Unmarshal([]byte(blocks[0]), &shown); err != nil {
		t.Fatal(err)
	}
	i := slices.IndexFunc(vectors(t), func(v spec.Vector) bool { return v.ID == shown.ID })
	if i < 0 || !reflect.DeepEqual(vectors(t)[i], shown) {
		t.Errorf("the README shows %+v, which is no vector", shown)
	}
	transcript := `{"$schema":"schema.json","version":"1.0","section":"1. A","vectors":[{"id":"a","title":"A","kind":"transcript",
		"requirements":["PUT-001"],"level":"core","side":"server","since":"1.0","result":"required",` + blocks[1] + `}]}`
	value, err := jsonschema.UnmarshalJSON(strings.NewReader(transcript))
	if err != nil {
		t.Fatal(err)
	}
	if err := compileSchema(t).Validate(value); err != nil {
		t.Errorf("the README shows steps that the schema refuses: %v", err)
	}
}

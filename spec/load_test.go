package spec_test

import (
	"strings"
	"testing"
	"testing/fstest"

	"github.com/putget-protocol/putget/spec"
)

const oneFile = `{"$schema":"schema.json","version":"1.0","section":"4. Lexis","vectors":[
	{"id":"a","title":"A","kind":"request","requirements":["LEX-001"],"level":"full","side":"server","since":"1.0","result":"required",
	 "bytes":{"text":"put a 1 7\n"},"request":{"form":"put","key":{"text":"a"},"value":"1.0","timestamp":"7"}},
	{"id":"b","title":"B","kind":"reply","requirements":["LEX-001"],"level":"full","side":"server","since":"1.0","result":"required",
	 "bytes":{"text":"ok\n\n"},"reply":{"form":"ok","samples":[]}},
	{"id":"c","title":"C","kind":"transcript","requirements":["LEX-001"],"level":"full","side":"server","since":"1.0","result":"required",
	 "steps":[{"expect":[{"form":"ok","samples":[{"key":{"text":"a"},"value":"2.0","timestamp":"-8"}]}]}]}]}`

const oneManifest = `{"protocol":"PutGet","version":"1.0","count":3,"files":[{"name":"a.json","count":3,"sha256":""}],"digest":""}`

func TestReadVectors(t *testing.T) {
	got, err := spec.ReadVectors(fstest.MapFS{"manifest.json": {Data: []byte(oneManifest)}, "a.json": {Data: []byte(oneFile)}})
	if err != nil {
		t.Fatal(err)
	}
	if len(got) != 3 || got[0].ID != "a" || got[1].ID != "b" || got[2].ID != "c" {
		t.Fatalf("got %+v", got)
	}
	r := got[0].Request
	if string(got[0].Bytes) != "put a 1 7\n" || string(r.Key) != "a" || r.Value.Float64() != 1 || r.Timestamp.Int64() != 7 {
		t.Errorf("got %q and %+v", got[0].Bytes, r)
	}
	if got[1].Reply.Samples == nil || len(got[1].Reply.Samples) != 0 {
		t.Errorf("got samples %#v, want empty ones", got[1].Reply.Samples)
	}
	if s := got[2].Steps[0].Expect[0].Samples[0]; s.Value.Float64() != 2 || s.Timestamp.Int64() != -8 {
		t.Errorf("got sample %+v", s)
	}
}

func TestReadVectorsRefuses(t *testing.T) {
	tests := []struct{ name, old, replacement string }{
		{"UnknownField", `"title":"A"`, `"title":"A","more":1`},
		{"UnknownFieldOfBytes", `{"text":"ok\n\n"}`, `{"text":"ok\n\n","more":1}`},
		{"TwoFormsOfBytes", `{"text":"ok\n\n"}`, `{"text":"ok\n\n","hex":"00"}`},
		{"NoFormOfBytes", `{"text":"ok\n\n"}`, `{}`},
		{"NoHex", `{"text":"ok\n\n"}`, `{"hex":"000g"}`},
		{"LoneSurrogate", `{"text":"ok\n\n"}`, `{"text":"\ud800"}`},
		{"ReplacementCharacter", `{"text":"ok\n\n"}`, `{"text":"\ufffd"}`},
		{"OtherKind", `"kind":"request"`, `"kind":"reply"`},
		{"UnknownKind", `"kind":"request"`, `"kind":"question"`},
		{"NoBytes", `"bytes":{"text":"ok\n\n"},`, ``},
		{"ValueIsNoNumber", `"value":"1.0"`, `"value":"x"`},
		{"ValueIsInfinite", `"value":"1.0"`, `"value":"1e999"`},
		{"ValueIsNaN", `"value":"2.0"`, `"value":"nan"`},
		{"TimestampIsNoInteger", `"timestamp":"7"`, `"timestamp":"7.0"`},
		{"TimestampOutOfRange", `"timestamp":"-8"`, `"timestamp":"9223372036854775808"`},
		{"BytesBehind", oneFile, oneFile + "{}"},
		{"NoJSON", oneFile, "no"},
		{"NoVectors", oneFile, `{"$schema":"","version":"","section":"","vectors":[]}`},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			if !strings.Contains(oneFile, test.old) {
				t.Fatalf("%s is not in the file", test.old)
			}
			data := strings.Replace(oneFile, test.old, test.replacement, 1)
			got, err := spec.ReadVectors(fstest.MapFS{"manifest.json": {Data: []byte(oneManifest)}, "a.json": {Data: []byte(data)}})
			if err == nil || got != nil {
				t.Errorf("got %d vectors and no error for %s", len(got), data)
			}
		})
	}
}

func TestReadVectorsOfWrongManifests(t *testing.T) {
	for name, manifest := range map[string]string{
		"NoFiles":      `{"protocol":"PutGet","version":"1.0","count":0,"files":[],"digest":""}`,
		"OtherCount":   strings.Replace(oneManifest, `"count":3`, `"count":4`, 1),
		"MissingFile":  strings.Replace(oneManifest, "a.json", "b.json", 1),
		"UnknownField": strings.Replace(oneManifest, `"digest"`, `"digests"`, 1),
		"Empty":        "",
	} {
		t.Run(name, func(t *testing.T) {
			got, err := spec.ReadVectors(fstest.MapFS{"manifest.json": {Data: []byte(manifest)}, "a.json": {Data: []byte(oneFile)}})
			if err == nil || got != nil {
				t.Errorf("got %d vectors and no error for %s", len(got), manifest)
			}
		})
	}
}

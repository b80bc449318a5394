package main

import (
	"bytes"
	"errors"
	"flag"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/putget-protocol/putget/spec"
)

// TestFilesAreThoseOfTheText fails when SPEC.md was edited and the generator was not run.
func TestFilesAreThoseOfTheText(t *testing.T) {
	var out bytes.Buffer
	if err := run([]string{"-check", "-dir", ".."}, &out, io.Discard); err != nil {
		t.Errorf("%v\n%s", err, out.String())
	}
}

const smallText = `# The protocol

## 1. Requests

- A server MUST answer. (core) [PUT-001]
- A server SHOULD be quick. [PUT-002]

` + "```request PUT-001\nrequest-a \"get a\\n\" get \"a\" # a title with é\n```" + `

### 1.1. More & more

` + "```transcript more PUT-002 : More\n> get ${a}\n< ok\n<\n```" + `

## 2. Clients

` + "```reply PUT-001\nreply-a \"ok\\n\\n\" ok # title\n```" + `

## Appendix B. Withdrawn ids

None.
`

// folder makes a folder with the small text in it, changed by pairs of old and new strings.
func folder(t *testing.T, changes ...string) string {
	t.Helper()
	dir := t.TempDir()
	if err := os.Mkdir(filepath.Join(dir, "vectors"), 0o755); err != nil {
		t.Fatal(err)
	}
	edit(t, dir, smallText, changes...)
	return dir
}

func edit(t *testing.T, dir, text string, changes ...string) {
	t.Helper()
	for pair := range slices.Chunk(changes, 2) {
		if !strings.Contains(text, pair[0]) {
			t.Fatalf("%q is not in the text", pair[0])
		}
		text = strings.Replace(text, pair[0], pair[1], 1)
	}
	if err := os.WriteFile(filepath.Join(dir, "SPEC.md"), []byte(text), 0o644); err != nil {
		t.Fatal(err)
	}
}

// generateIn runs the generator and returns what it printed.
func generateIn(t *testing.T, dir string, flags ...string) (string, error) {
	t.Helper()
	var out bytes.Buffer
	err := run(append(flags, "-dir", dir), &out, io.Discard)
	return out.String(), err
}

// snapshot returns every file of a folder by its path.
func snapshot(t *testing.T, dir string) map[string]string {
	t.Helper()
	files := map[string]string{}
	err := filepath.WalkDir(dir, func(path string, d os.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		data, err := os.ReadFile(path)
		name, _ := filepath.Rel(dir, path)
		files[name] = string(data)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return files
}

const requestFile = `{
  "$schema": "schema.json",
  "version": "1.0",
  "section": "1. Requests",
  "vectors": [
    {
      "id": "request-a",
      "title": "a title with \u00e9",
      "kind": "request",
      "requirements": ["PUT-001"],
      "level": "core",
      "side": "server",
      "since": "1.0",
      "result": "required",
      "bytes": {"text":"get a\n"},
      "request": {"form":"get","key":{"text":"a"}}
    },
    {
      "id": "more",
      "title": "More",
      "kind": "transcript",
      "requirements": ["PUT-002"],
      "level": "full",
      "side": "server",
      "since": "1.0",
      "result": "recommended",
      "steps": [
        {"send":[{"text":"get ${a}\n"}]},
        {"expect":[{"form":"ok","samples":[]}]}
      ]
    }
  ]
}
`

func TestGenerate(t *testing.T) {
	dir := folder(t)
	if _, err := generateIn(t, dir); err != nil {
		t.Fatal(err)
	}
	files := snapshot(t, dir)
	if got := files["vectors/01-requests.json"]; got != requestFile {
		t.Errorf("got %s\nwant %s", got, requestFile)
	}
	r := spec.Requirement{ID: "PUT-001", Keyword: spec.Must, Level: spec.Core, Side: spec.Server, Text: "A server MUST answer."}
	if line := "PUT-001\tMUST\tcore\tserver\t" + r.Hash() + "\n"; !strings.Contains(files["requirements.lock"], line) {
		t.Errorf("got lock %s\nwant %q in it", files["requirements.lock"], line)
	}
	want := []string{"SPEC.md", "requirements.lock", "vectors/01-requests.json", "vectors/02-clients.json", "vectors/manifest.json"}
	if got := union(files, nil); !slices.Equal(got, want) {
		t.Errorf("got files %q, want %q", got, want)
	}
	if out, err := generateIn(t, dir, "-check"); err != nil || out != "2 requirements, 3 vectors\n" {
		t.Errorf("-check after a run: got %q, %v", out, err)
	}
}

func TestCheckSeesEachChange(t *testing.T) {
	tests := []struct {
		name    string
		changes []string
		want    string // among the lines printed
	}{
		{"Sentence", []string{"be quick", "be fast"}, "requirement PUT-002 has changed"},
		{"Level", []string{"quick. [", "quick. (core) ["}, "requirement PUT-002 has changed"},
		{"NewSentence", []string{"[PUT-002]", "[PUT-002]\n- A client MAY rest. [PUT-003]"}, "requirement PUT-003 is new"},
		{"Order", []string{
			"- A server MUST answer. (core) [PUT-001]\n- A server SHOULD be quick. [PUT-002]",
			"- A client MAY rest. [CLI-001]\n- A server MUST answer. (core) [PUT-001]\n- A server SHOULD be quick. [PUT-002]",
		}, "requirement CLI-001 is new"},
		{"Example", []string{`get "a" #`, `wrong #`}, "vector request-a has changed"},
		{"Title", []string{"a title", "the title"}, "vector request-a has changed"},
		{"Transcript", []string{"> get ${a}", "> get ${b}"}, "vector more has changed"},
		{"NewExample", []string{"# title\n", "# title\nreply-b \"ok\\n\\n\" ok # title\n"}, "vector reply-b is new"},
		{"Heading", []string{"## 2. Clients", "## 2. The clients"}, "file vectors/02-the-clients.json is not up to date"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			dir := folder(t)
			if _, err := generateIn(t, dir); err != nil {
				t.Fatal(err)
			}
			before := snapshot(t, dir)
			edit(t, dir, smallText, test.changes...)
			out, err := generateIn(t, dir, "-check")
			if !errors.Is(err, errStale) || !strings.Contains(out, test.want+"\n") {
				t.Errorf("got %v and\n%swant %q", err, out, test.want)
			}
			edit(t, dir, smallText)
			if after := snapshot(t, dir); len(union(before, after)) != len(before) || len(compareFiles(before, after)) > 0 {
				t.Errorf("-check changed files: %q", compareFiles(before, after))
			}
			edit(t, dir, smallText, test.changes...)
			if _, err := generateIn(t, dir); err != nil {
				t.Fatal(err)
			}
			if _, err := generateIn(t, dir, "-check"); err != nil {
				t.Errorf("still stale after a run: %v", err)
			}
		})
	}
}

func compareFiles(a, b map[string]string) []string { return differences("file", a, b) }

func TestFolderOfTheText(t *testing.T) {
	root := t.TempDir()
	dir := filepath.Join(root, "spec")
	if err := os.CopyFS(dir, os.DirFS(folder(t))); err != nil {
		t.Fatal(err)
	}
	if err := os.MkdirAll(filepath.Join(dir, "vectors"), 0o755); err != nil {
		t.Fatal(err)
	}
	for _, from := range []string{root, dir} {
		t.Chdir(from)
		if err := run(nil, io.Discard, io.Discard); err != nil {
			t.Fatalf("in %s: %v", from, err)
		}
		if err := run([]string{"-check"}, io.Discard, io.Discard); err != nil {
			t.Errorf("in %s: %v", from, err)
		}
		if err := os.Remove(filepath.Join(dir, lockName)); err != nil {
			t.Errorf("in %s: %v", from, err)
		}
	}
}

func TestWrongTexts(t *testing.T) {
	tests := []struct {
		name    string
		changes []string
		rule    string
	}{
		{"Sentence", []string{"[PUT-002]", ""}, "keyword without id"},
		{"Block", []string{"reply PUT-001", "reply PUT-009"}, "unknown requirement"},
		{"DuplicateID", []string{"reply-a", "request-a"}, "duplicate id"},
		{"DuplicateIDOfTranscript", []string{"transcript more", "transcript request-a"}, "duplicate id"},
		{"WithdrawnVector", []string{"None.", "`reply-a`"}, "withdrawn id"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			_, err := generateIn(t, folder(t, test.changes...))
			if p, ok := errors.AsType[*spec.Problem](err); !ok || p.Rule != test.rule || p.Line == 0 {
				t.Errorf("got %v, want %s", err, test.rule)
			}
		})
	}
	for name, text := range map[string]string{"Nothing": "", "NoExample": "- A server MUST answer. [PUT-001]\n", "NoRequirement": "```reply PUT-001\nreply-a \"ok\\n\\n\" ok # title\n```"} {
		t.Run(name, func(t *testing.T) {
			dir := folder(t)
			edit(t, dir, text)
			if out, err := generateIn(t, dir); err == nil {
				t.Errorf("got no error and %s", out)
			}
		})
	}
}

func TestWrongArguments(t *testing.T) {
	for _, args := range [][]string{{"-write"}, {"-check", "-dir", "..", "spec"}, {"-dir", "no-such-folder"}, {"-dir", t.TempDir()}} {
		if err := run(args, io.Discard, io.Discard); err == nil {
			t.Errorf("%q: got no error", args)
		}
	}
	if err := run([]string{"-h"}, io.Discard, io.Discard); !errors.Is(err, flag.ErrHelp) {
		t.Errorf("-h: got %v", err)
	}
}

package main

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

func TestIDsAreNotLost(t *testing.T) {
	const sentence = "- A server SHOULD be quick. [PUT-002]\n"
	transcript := "```transcript more PUT-002 : More\n> get ${a}\n< ok\n<\n```"
	rest := strings.Replace(transcript, "PUT-002", "PUT-001", 1)
	tests := []struct {
		name    string
		changes []string
		gone    string // among the lines printed
		fails   bool
	}{
		{"Requirement", []string{sentence, "", transcript, rest}, "requirement PUT-002 is gone", true},
		{"RequirementWithdrawn", []string{sentence, "", transcript, rest, "None.", "PUT-002."}, "requirement PUT-002 is gone", false},
		{"Vector", []string{transcript, ""}, "vector more is gone", true},
		{"VectorWithdrawn", []string{transcript, "", "None.", "`more`."}, "vector more is gone", false},
		{"RenamedVector", []string{"reply-a", "reply-b"}, "vector reply-a is gone", true},
		{"RenamedAndWithdrawn", []string{"reply-a", "reply-b", "None.", "`reply-a`"}, "vector reply-a is gone", false},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			dir := folder(t)
			if _, err := generateIn(t, dir); err != nil {
				t.Fatal(err)
			}
			edit(t, dir, smallText, test.changes...)
			before := snapshot(t, dir)
			out, err := generateIn(t, dir)
			if (err != nil) != test.fails || !strings.Contains(out, test.gone+"\n") {
				t.Errorf("got %v and %s, want an error %t and %q", err, out, test.fails, test.gone)
			}
			if changed := compareFiles(before, snapshot(t, dir)); test.fails && len(changed) > 0 {
				t.Errorf("files were written all the same: %q", changed)
			}
		})
	}
}

func TestDamagedFilesAreNamed(t *testing.T) {
	for name, damage := range map[string]string{
		"vectors/manifest.json":    `{"files":`,
		"vectors/01-requests.json": `{"vectors":[{"id":1}]}`,
		"vectors/02-clients.json":  `[]`,
	} {
		dir := folder(t)
		if _, err := generateIn(t, dir); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(filepath.Join(dir, name), []byte(damage), 0o644); err != nil {
			t.Fatal(err)
		}
		if _, err := generateIn(t, dir); err == nil || errors.Is(err, errStale) || !strings.Contains(err.Error(), name) {
			t.Errorf("got %v, want an error that names %s", err, name)
		}
	}
}

func TestUnchangedFilesAreNotWritten(t *testing.T) {
	dir := folder(t)
	if _, err := generateIn(t, dir); err != nil {
		t.Fatal(err)
	}
	stat := func(name string) os.FileInfo {
		info, err := os.Stat(filepath.Join(dir, name))
		if err != nil {
			t.Fatal(err)
		}
		return info
	}
	same, other := stat("vectors/02-clients.json"), stat("vectors/01-requests.json")
	edit(t, dir, smallText, "a title", "the title")
	if _, err := generateIn(t, dir); err != nil {
		t.Fatal(err)
	}
	if !os.SameFile(same, stat("vectors/02-clients.json")) {
		t.Error("a file was written although nothing in it changed")
	}
	if os.SameFile(other, stat("vectors/01-requests.json")) {
		t.Error("a file that changed was not written anew and renamed")
	}
}

func TestStaleFilesOfAChapterGo(t *testing.T) {
	dir := folder(t)
	if _, err := generateIn(t, dir); err != nil {
		t.Fatal(err)
	}
	edit(t, dir, smallText, "## 2. Clients", "## 2. Others")
	if _, err := generateIn(t, dir); err != nil {
		t.Fatal(err)
	}
	files := snapshot(t, dir)
	if _, ok := files["vectors/02-clients.json"]; ok || files["vectors/02-others.json"] == "" {
		t.Errorf("got files %q", union(files, nil))
	}
}

func TestEditedFilesAreStale(t *testing.T) {
	for _, name := range []string{"requirements.lock", "vectors/01-requests.json", "vectors/manifest.json"} {
		dir := folder(t)
		if _, err := generateIn(t, dir); err != nil {
			t.Fatal(err)
		}
		path := filepath.Join(dir, name)
		data, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, append(data, '\n'), 0o644); err != nil {
			t.Fatal(err)
		}
		if out, err := generateIn(t, dir, "-check"); !errors.Is(err, errStale) || !strings.Contains(out, name) {
			t.Errorf("%s: got %v and %s", name, err, out)
		}
		if err := os.Remove(path); err != nil {
			t.Fatal(err)
		}
		if _, err := generateIn(t, dir, "-check"); !errors.Is(err, errStale) {
			t.Errorf("%s is missing: got %v", name, err)
		}
	}
}

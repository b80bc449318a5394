package main

import (
	"archive/tar"
	"archive/zip"
	"bytes"
	"compress/gzip"
	"context"
	"errors"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/putget-protocol/putget/spec"
)

// runVectors runs the command and returns what it printed.
func runVectors(t *testing.T, flags ...string) (string, error) {
	t.Helper()
	var stdout bytes.Buffer
	err := run(context.Background(), append([]string{"vectors"}, flags...), strings.NewReader(""), &stdout, io.Discard)
	return stdout.String(), err
}

// mustRunVectors is runVectors for what must succeed.
func mustRunVectors(t *testing.T, flags ...string) string {
	t.Helper()
	out, err := runVectors(t, flags...)
	if err != nil {
		t.Fatal(err)
	}
	return out
}

// contents returns the files below a folder, or of another file system.
func contents(t *testing.T, fsys fs.FS) map[string]string {
	t.Helper()
	files := make(map[string]string)
	err := fs.WalkDir(fsys, ".", func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		data, err := fs.ReadFile(fsys, path)
		files[path] = string(data)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return files
}

// sameFiles reports what differs from the vectors of the specification.
func sameFiles(t *testing.T, got map[string]string) {
	t.Helper()
	want := contents(t, spec.FS())
	for name, data := range want {
		if got[name] != data {
			t.Errorf("%s is not written as it is", name)
		}
	}
	for name := range got {
		if _, ok := want[name]; !ok {
			t.Errorf("%s is written, and is none of the vectors", name)
		}
	}
}

func TestVectorsWrite(t *testing.T) {
	dir := t.TempDir()
	empty := filepath.Join(dir, "empty")
	link := filepath.Join(dir, "link")
	if err := errors.Join(os.Mkdir(empty, 0o755), os.Symlink(empty, link)); err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{filepath.Join(dir, "a", "b", "new"), empty, link, empty} { // the last two again
		out := mustRunVectors(t, "--write", name)
		sameFiles(t, contents(t, os.DirFS(name)))
		if m, _ := spec.ReadManifest(); !strings.HasPrefix(out, name+": ") || !strings.Contains(out, m.Digest) {
			t.Errorf("it said %q", out)
		}
	}
	if target, err := os.Readlink(link); err != nil || target != empty {
		t.Errorf("the link leads to %q, %v", target, err)
	}
	entries, err := os.ReadDir(dir)
	if err != nil || len(entries) != 3 {
		t.Errorf("%d entries are left, want 3: %v, %v", len(entries), entries, err)
	}
}

// Vectors of before give way, also files that are no longer due.
func TestVectorsWriteReplaces(t *testing.T) {
	dir := t.TempDir()
	old := map[string]string{
		"manifest.json": `{"protocol":"PutGet","version":"0.9","files":[{"name":"99-old.json","sha256":"e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"}]}`,
		"99-old.json":   "", "README.md": "old",
	}
	for name, data := range old {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(data), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	mustRunVectors(t, "--write", dir)
	sameFiles(t, contents(t, os.DirFS(dir)))
}

func TestVectorsWriteRefusesStrangers(t *testing.T) {
	const ours = `{"protocol":"PutGet","files":[]}`
	tests := []struct {
		name  string
		files map[string]string
		want  string
	}{
		{"NoManifest", map[string]string{"notes.txt": "mine"}, "no manifest"},
		{"OtherManifest", map[string]string{"manifest.json": `{"name":"an extension"}`}, "no manifest"},
		{"BrokenManifest", map[string]string{"manifest.json": "{"}, "no manifest"},
		{"StrangerBeside", map[string]string{"manifest.json": ours, "notes.txt": "mine"}, "notes.txt"},
		{"Changed", map[string]string{"manifest.json": `{"protocol":"PutGet","files":[{"name":"a.json","sha256":"00"}]}`, "a.json": "{}"}, "changed"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			dir := t.TempDir()
			for name, data := range test.files {
				if err := os.WriteFile(filepath.Join(dir, name), []byte(data), 0o644); err != nil {
					t.Fatal(err)
				}
			}
			_, err := runVectors(t, "--write", dir)
			if _, ok := errors.AsType[*strangerError](err); !ok || !strings.Contains(err.Error(), test.want) || exitCode(err) != exitUsage {
				t.Errorf("got %v, exit code %d, want a word of %q", err, exitCode(err), test.want)
			}
			got := contents(t, os.DirFS(dir))
			if len(got) != len(test.files) {
				t.Errorf("the folder holds %d files, want %d", len(got), len(test.files))
			}
			for name, data := range test.files {
				if got[name] != data {
					t.Errorf("%s was changed to %q", name, got[name])
				}
			}
		})
	}
	t.Run("File", func(t *testing.T) {
		file := filepath.Join(t.TempDir(), "file")
		if err := os.WriteFile(file, []byte("mine"), 0o644); err != nil {
			t.Fatal(err)
		}
		if _, err := runVectors(t, "--write", file); err == nil {
			t.Error("a file gave way to a folder")
		}
	})
}

// An archive holds the files in one folder, byte for byte the same each time.
func TestVectorsArchive(t *testing.T) {
	for suffix, read := range map[string]func(*testing.T, []byte) map[string]string{".tar.gz": unpackTar, ".tgz": unpackTar, ".zip": unpackZip} {
		t.Run(suffix[1:], func(t *testing.T) {
			first := filepath.Join(t.TempDir(), "vectors"+suffix)
			mustRunVectors(t, "--archive", first)
			data, err := os.ReadFile(first)
			if err != nil {
				t.Fatal(err)
			}
			sameFiles(t, read(t, data))
			mustRunVectors(t, "--archive", first) // it may be replaced
			second := filepath.Join(t.TempDir(), "again"+suffix)
			mustRunVectors(t, "--archive", second)
			if again, err := os.ReadFile(second); err != nil || !bytes.Equal(data, again) {
				t.Errorf("the second archive differs: %v", err)
			}
			if left, err := os.ReadDir(filepath.Dir(first)); err != nil || len(left) != 1 {
				t.Errorf("%d files are left beside, %v", len(left), err)
			}
		})
	}
}

func unpackTar(t *testing.T, data []byte) map[string]string {
	t.Helper()
	compressed, err := gzip.NewReader(bytes.NewReader(data))
	if err != nil {
		t.Fatal(err)
	}
	files := make(map[string]string)
	for r := tar.NewReader(compressed); ; {
		header, err := r.Next()
		if errors.Is(err, io.EOF) {
			return files
		}
		if err != nil {
			t.Fatal(err)
		}
		if header.ModTime.Unix() != 0 || header.Uid != 0 || header.Uname != "" || header.Mode != fileMode {
			t.Errorf("%s is of %v, %d %q, mode %o", header.Name, header.ModTime, header.Uid, header.Uname, header.Mode)
		}
		text, err := io.ReadAll(r)
		if err != nil {
			t.Fatal(err)
		}
		files[strings.TrimPrefix(header.Name, "putget-vectors-"+spec.Version+"/")] = string(text)
	}
}

func unpackZip(t *testing.T, data []byte) map[string]string {
	t.Helper()
	r, err := zip.NewReader(bytes.NewReader(data), int64(len(data)))
	if err != nil {
		t.Fatal(err)
	}
	folder, err := fs.Sub(r, "putget-vectors-"+spec.Version)
	if err != nil {
		t.Fatal(err)
	}
	return contents(t, folder)
}

func TestVectorsArchiveRefuses(t *testing.T) {
	for _, name := range []string{"mine.tar.gz", "mine.zip"} {
		file := filepath.Join(t.TempDir(), name)
		if err := os.WriteFile(file, []byte("mine"), 0o644); err != nil {
			t.Fatal(err)
		}
		_, err := runVectors(t, "--archive", file)
		if _, ok := errors.AsType[*strangerError](err); !ok || exitCode(err) != exitUsage {
			t.Errorf("%s: got %v", name, err)
		}
		if data, err := os.ReadFile(file); string(data) != "mine" {
			t.Errorf("%s was changed to %q, %v", name, data, err)
		}
	}
	folder := filepath.Join(t.TempDir(), "never")
	if _, err := runVectors(t, "--archive", "vectors.rar", "--write", folder); exitCode(err) != exitUsage || !strings.Contains(err.Error(), ".tar.gz") {
		t.Errorf("got %v for an unknown form", err)
	}
	if _, err := os.Stat(folder); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("the folder was written before the mistake was seen: %v", err)
	}
}

func TestVectorsSaysWhatThereIs(t *testing.T) {
	out := mustRunVectors(t)
	m, err := spec.ReadManifest()
	if err != nil {
		t.Fatal(err)
	}
	if !strings.Contains(out, m.Digest) || strings.Count(out, "\n") != 1+len(m.Files) {
		t.Errorf("it said %q", out)
	}
}

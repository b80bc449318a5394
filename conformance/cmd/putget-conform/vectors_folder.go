package main

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"

	"github.com/putget-protocol/putget/spec"
)

const (
	folderMode = 0o755
	fileMode   = 0o644
)

// writeFolder makes a folder hold the files and nothing else, whole or not at all: nobody
// sees it half written, though for an instant it may be missing when it was there. The
// error is a *strangerError when it holds anything but vectors of before.
func writeFolder(folder string, files []vectorFile) error {
	target, err := filepath.Abs(folder)
	if err != nil {
		return err
	}
	if real, err := filepath.EvalSymlinks(target); err == nil {
		target = real // a link stays a link
	}
	exists, err := lookIntoFolder(folder, target)
	if err != nil {
		return err
	}
	if err := os.MkdirAll(filepath.Dir(target), folderMode); err != nil {
		return err
	}
	beside, err := os.MkdirTemp(filepath.Dir(target), ".putget-vectors-*")
	if err != nil {
		return err
	}
	defer os.RemoveAll(beside)
	fresh := filepath.Join(beside, "new")
	if err := fill(fresh, files); err != nil {
		return err
	}
	if exists {
		return exchange(fresh, target, filepath.Join(beside, "old"))
	}
	return os.Rename(fresh, target)
}

// exchange puts a folder in place of another, which moves aside.
func exchange(fresh, target, aside string) error {
	if err := os.Rename(target, aside); err != nil {
		return err
	}
	if err := os.Rename(fresh, target); err != nil {
		return errors.Join(err, os.Rename(aside, target))
	}
	return nil
}

func fill(folder string, files []vectorFile) error {
	if err := os.Mkdir(folder, folderMode); err != nil {
		return err
	}
	for _, f := range files {
		if err := os.WriteFile(filepath.Join(folder, f.name), f.data, fileMode); err != nil {
			return err
		}
	}
	return nil
}

// lookIntoFolder reports whether there is a folder. It is an error when that holds
// anything but vectors of before, also vectors that somebody has changed.
func lookIntoFolder(name, folder string) (exists bool, err error) {
	entries, err := os.ReadDir(folder)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return false, nil
	case err != nil:
		return false, err
	case len(entries) == 0:
		return true, nil
	}
	var m spec.Manifest
	data, err := os.ReadFile(filepath.Join(folder, "manifest.json"))
	if err == nil {
		err = json.Unmarshal(data, &m)
	}
	if err != nil || m.Protocol != "PutGet" {
		return false, inTheWay(name, "this folder is not empty, and holds no manifest of PutGet's vectors")
	}
	for _, e := range entries {
		if !isOfVectors(e.Name()) && !slices.ContainsFunc(m.Files, func(f spec.ManifestFile) bool { return f.Name == e.Name() }) {
			return false, inTheWay(name, fmt.Sprintf("%q in this folder is none of the vectors", e.Name()))
		}
	}
	for _, f := range m.Files {
		data, err := os.ReadFile(filepath.Join(folder, filepath.Base(f.Name)))
		if sum := sha256.Sum256(data); err == nil && hex.EncodeToString(sum[:]) != f.SHA256 {
			return false, inTheWay(name, fmt.Sprintf("%q in this folder was changed by somebody", f.Name))
		}
	}
	return true, nil
}

// isOfVectors reports whether a file belongs to the vectors and is in no manifest.
func isOfVectors(name string) bool {
	return slices.Contains([]string{"README.md", "manifest.json", "runner.py", "schema.json"}, name)
}

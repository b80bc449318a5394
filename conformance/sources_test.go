package conformance_test

import (
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// watchSources looks at every Go file of the module. Tests that start the go command
// or a program depend on files of which the test cache knows nothing; what a test
// has looked at through package os, it does: then a changed file runs the test again.
func watchSources(t testing.TB) {
	t.Helper()
	seen := 0
	err := filepath.WalkDir("..", func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() || !strings.HasSuffix(path, ".go") && d.Name() != "go.mod" && d.Name() != "SPEC.md" {
			return err
		}
		seen++
		_, err = os.Stat(path)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	if seen == 0 {
		t.Fatal("no source file was found in ..")
	}
}

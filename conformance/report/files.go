package report

import (
	"bytes"
	"errors"
	"fmt"
	"os"
	"path/filepath"
)

// WriteJUnit writes the report in the XML of [JUnit], as WriteFile does.
func (r *Report) WriteJUnit(name string) error {
	var out bytes.Buffer
	if err := JUnit(&out, r); err != nil {
		return fmt.Errorf("report: %w", err)
	}
	return writeAtomically(name, out.Bytes())
}

// WriteArtifacts writes every artifact of the report into a folder, which is made when
// it is not there. Each file is whole or not there at all; other files stay.
func (r *Report) WriteArtifacts(dir string) error {
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return fmt.Errorf("report: %w", err)
	}
	var failed []error
	for _, a := range r.Artifacts {
		failed = append(failed, writeAtomically(filepath.Join(dir, filepath.Base(a.Name)), a.Bytes))
	}
	return errors.Join(failed...)
}

// WriteHTML writes the report as the page of [HTML], as WriteFile does.
func (r *Report) WriteHTML(name string) error {
	data, err := HTML(r)
	if err != nil {
		return err
	}
	return writeAtomically(name, data)
}

// WriteBytes writes a file as WriteFile does: whole or not at all.
func WriteBytes(name string, data []byte) error { return writeAtomically(name, data) }

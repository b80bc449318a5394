package report

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
)

// JSON returns the report as indented JSON with a final LF.
func (r *Report) JSON() ([]byte, error) {
	data, err := json.MarshalIndent(r, "", "  ")
	if err != nil {
		return nil, fmt.Errorf("report: %w", err)
	}
	return append(data, '\n'), nil
}

// WriteFile writes the report as JSON. The file is whole or not there at all: it is
// written beside its place under another name, and then moved. An error leaves an
// older file of that name as it was.
func (r *Report) WriteFile(name string) error {
	data, err := r.JSON()
	if err != nil {
		return err
	}
	return writeAtomically(name, data)
}

func writeAtomically(name string, data []byte) error {
	f, err := os.CreateTemp(filepath.Dir(name), "."+filepath.Base(name)+"-*")
	if err != nil {
		return fmt.Errorf("report: %w", err)
	}
	_, err = f.Write(data)
	if err == nil {
		// CreateTemp keeps the file to its owner; a report is for everybody.
		err = f.Chmod(0o644)
	}
	if e := f.Close(); err == nil {
		err = e
	}
	if err == nil {
		err = os.Rename(f.Name(), name)
	}
	if err != nil {
		os.Remove(f.Name()) // the first error is the one to tell
		return fmt.Errorf("report: %w", err)
	}
	return nil
}

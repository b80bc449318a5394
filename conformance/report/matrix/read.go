package matrix

import (
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"github.com/putget-protocol/putget/conformance/report"
)

// Read reads reports: files, and folders, of which it reads each *.json and leaves out
// what is JSON of another kind. The name of an entry is that which its run was given, or
// that of the file without .json.
//
// Two files that are given are about one target when they were made of the same command or
// address, whatever their names: who compares two files wants to know what changed.
//
// The error says which file is missing or no report, or that there is none at all.
func Read(paths ...string) ([]Entry, error) {
	var entries []Entry
	folders := false
	for _, path := range paths {
		info, err := os.Stat(path)
		if err != nil {
			return nil, err
		}
		if !info.IsDir() {
			e, err := readEntry(path)
			if err != nil {
				return nil, err
			}
			entries = append(entries, e)
			continue
		}
		folders = true
		found, err := readFolder(path)
		if err != nil {
			return nil, err
		}
		entries = append(entries, found...)
	}
	if len(entries) == 0 {
		return nil, fmt.Errorf("no report in %s: the flag --json of putget-conform writes them", strings.Join(paths, ", "))
	}
	if len(entries) == 2 && !folders && isSameTarget(entries[0].Report, entries[1].Report) {
		entries[0].Name = entries[1].Name
	}
	return entries, nil
}

func isSameTarget(a, b *report.Report) bool {
	return a.Side == b.Side && a.Level == b.Level && a.Target.Name == b.Target.Name &&
		a.Target.Command == b.Target.Command && (a.Target.Command != "" || a.Target.Addr == b.Target.Addr)
}

func readFolder(dir string) ([]Entry, error) {
	files, err := os.ReadDir(dir)
	if err != nil {
		return nil, err
	}
	var entries []Entry
	for _, f := range files {
		if f.IsDir() || filepath.Ext(f.Name()) != ".json" || strings.HasPrefix(f.Name(), ".") {
			continue
		}
		e, err := readEntry(filepath.Join(dir, f.Name()))
		switch {
		case errors.Is(err, errOtherJSON):
		case err != nil:
			return nil, err
		default:
			entries = append(entries, e)
		}
	}
	return entries, nil
}

// errOtherJSON says that a file is JSON, and no report.
var errOtherJSON = errors.New("this is no report of putget-conform, whose format is " + report.Format)

func readEntry(path string) (Entry, error) {
	r, err := ReadReport(path)
	if err != nil {
		return Entry{}, err
	}
	e := Entry{Name: r.Target.Name, Report: r}
	if e.Name == "" {
		e.Name = strings.TrimSuffix(filepath.Base(path), ".json")
	}
	if r.Interrupted {
		e.Reason = "interrupted"
	}
	return e, nil
}

// ReadReport reads the JSON of one report. The error names the file, and says whether it
// is missing, damaged, or JSON of another kind.
func ReadReport(path string) (*report.Report, error) {
	data, err := os.ReadFile(path)
	if err != nil {
		return nil, err
	}
	var head struct {
		Format string `json:"format"`
	}
	err = json.Unmarshal(data, &head)
	if _, isType := errors.AsType[*json.UnmarshalTypeError](err); isType || err == nil && head.Format != report.Format {
		return nil, fmt.Errorf("%s: %w", path, errOtherJSON)
	}
	r := new(report.Report)
	if err == nil {
		err = json.Unmarshal(data, r)
	}
	if err != nil {
		return nil, fmt.Errorf("%s: %w", path, err)
	}
	return r, nil
}

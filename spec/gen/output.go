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
	"regexp"
	"slices"
	"strings"

	"github.com/putget-protocol/putget/spec"
)

const (
	lockName     = "requirements.lock"
	manifestName = "vectors/manifest.json"
)

// An output is everything that the generator writes, or has written.
type output struct {
	files        map[string][]byte // by path below spec/
	requirements map[string]string // lines of the lock, by id
	vectors      map[string]string // as JSON, by id
	withdrawn    []string
}

// generate derives all the files from the text.
func generate(text string) (output, error) {
	doc, err := spec.Parse(text)
	if err != nil {
		return output{}, err
	}
	chapters, err := collect(doc)
	if err != nil {
		return output{}, err
	}
	lock := lockOf(doc.Requirements)
	out := output{
		files:        map[string][]byte{lockName: lock},
		requirements: readLock(lock),
		vectors:      map[string]string{},
		withdrawn:    doc.Withdrawn,
	}
	manifest := spec.Manifest{Protocol: "PutGet", Version: spec.Version}
	for _, c := range chapters {
		data, err := c.encode(out.vectors)
		if err != nil {
			return output{}, err
		}
		sum := sha256.Sum256(data)
		out.files["vectors/"+c.name] = data
		manifest.Count += len(c.vectors)
		manifest.Files = append(manifest.Files, spec.ManifestFile{
			Name: c.name, Count: len(c.vectors), SHA256: hex.EncodeToString(sum[:]),
		})
	}
	manifest.Digest = digest(manifest.Files)
	out.files[manifestName], err = json.MarshalIndent(manifest, "", "  ")
	out.files[manifestName] = append(out.files[manifestName], '\n')
	return out, err
}

func digest(files []spec.ManifestFile) string {
	h := sha256.New()
	for _, f := range files {
		fmt.Fprintf(h, "%s  %s\n", f.SHA256, f.Name)
	}
	return hex.EncodeToString(h.Sum(nil))
}

// A chapter is a section of the first rank with the vectors of its examples.
type chapter struct {
	spec.Section
	name    string // of its file
	vectors []spec.Vector
}

// collect reads every block of the document. A chapter without vectors gets no file.
func collect(doc spec.Document) ([]chapter, error) {
	var chapters []chapter
	var errs []error
	seen := map[string]bool{}
	for _, b := range doc.Blocks {
		vectors, err := vectorsOf(b, doc.Requirements)
		errs = append(errs, err)
		for _, v := range vectors {
			if seen[v.ID] {
				errs = append(errs, at(b.Line, fault("duplicate id", v.ID)))
			}
			if slices.Contains(doc.Withdrawn, v.ID) {
				errs = append(errs, at(b.Line, fault("withdrawn id", v.ID)))
			}
			seen[v.ID] = true
		}
		if len(vectors) == 0 {
			continue
		}
		section := chapterOf(b.Section, doc.Sections)
		if last := len(chapters) - 1; last < 0 || chapters[last].Section != section {
			chapters = append(chapters, chapter{Section: section, name: fileName(section)})
		}
		last := &chapters[len(chapters)-1]
		last.vectors = append(last.vectors, vectors...)
	}
	if len(seen) == 0 {
		errs = append(errs, errors.New("SPEC.md holds no example"))
	}
	return chapters, errors.Join(errs...)
}

// chapterOf returns section 4 for section 4.3.
func chapterOf(s spec.Section, all []spec.Section) spec.Section {
	number, _, _ := strings.Cut(s.Number, ".")
	for _, c := range all {
		if c.Number == number {
			return c
		}
	}
	return s
}

var notInNames = regexp.MustCompile(`[^a-z0-9]+`)

// fileName gives 04-lexis.json for "4. Lexis".
func fileName(s spec.Section) string {
	title := strings.Trim(notInNames.ReplaceAllString(strings.ToLower(s.Title), "-"), "-")
	return fmt.Sprintf("%02s-%s.json", s.Number, title)
}

// readOutput reads what an earlier run has written; of that, every file may be missing.
func readOutput(dir string) (output, error) {
	out := output{files: map[string][]byte{}, requirements: map[string]string{}, vectors: map[string]string{}}
	names := []string{lockName, manifestName}
	for i := 0; i < len(names); i++ {
		data, err := os.ReadFile(filepath.Join(dir, names[i]))
		if errors.Is(err, fs.ErrNotExist) {
			continue
		}
		if err != nil {
			return output{}, err
		}
		out.files[names[i]] = data
		switch names[i] {
		case lockName:
			out.requirements = readLock(data)
		case manifestName:
			var m spec.Manifest
			err = json.Unmarshal(data, &m)
			for _, f := range m.Files {
				names = append(names, "vectors/"+filepath.Base(f.Name))
			}
		default:
			err = decodeIDs(data, out.vectors)
		}
		if err != nil {
			return output{}, fmt.Errorf("%s: %w: delete it, and generate again", names[i], err)
		}
	}
	return out, nil
}

// write writes the files that have changed, and removes those that are no longer due.
func write(dir string, have, want output) error {
	for name, data := range want.files {
		if string(have.files[name]) == string(data) {
			continue
		}
		path := filepath.Join(dir, name)
		if err := os.WriteFile(path+".tmp", data, 0o644); err != nil {
			return err
		}
		if err := os.Rename(path+".tmp", path); err != nil {
			return err
		}
	}
	for name := range have.files {
		if _, due := want.files[name]; !due {
			if err := os.Remove(filepath.Join(dir, name)); err != nil {
				return err
			}
		}
	}
	return nil
}

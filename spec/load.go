package spec

import (
	"bytes"
	"embed"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
)

//go:embed vectors
var vectorFiles embed.FS

// FS returns the files of vectors/ as they travel: README.md, schema.json, manifest.json, runner.py
// and the vectors themselves, a file for each chapter of the text.
func FS() fs.FS {
	sub, err := fs.Sub(vectorFiles, "vectors")
	if err != nil {
		panic(err) // the name is a constant, and valid
	}
	return sub
}

// A Manifest says what a set of vectors consists of.
type Manifest struct {
	Protocol string         `json:"protocol"`
	Version  string         `json:"version"` // of the specification
	Count    int            `json:"count"`   // of vectors
	Files    []ManifestFile `json:"files"`   // in the order of the text
	// Digest is the SHA-256, in hexadecimal, of one line "<sha256>  <name>" and LF for each file:
	// what `sha256sum FILE... | sha256sum` prints.
	Digest string `json:"digest"`
}

// A ManifestFile is one file of vectors.
type ManifestFile struct {
	Name   string `json:"name"`
	Count  int    `json:"count"`
	SHA256 string `json:"sha256"` // in hexadecimal
}

// ReadManifest returns the manifest of the embedded vectors.
func ReadManifest() (Manifest, error) { return readManifest(FS()) }

func readManifest(fsys fs.FS) (Manifest, error) {
	var m Manifest
	if err := readJSON(fsys, "manifest.json", &m); err != nil {
		return Manifest{}, err
	}
	return m, nil
}

// Vectors returns the embedded vectors in the order of the text. They are read anew on each call
// and belong to the caller. An error means that the files are damaged: a test of this package
// would have failed.
func Vectors() ([]Vector, error) { return readVectors(FS()) }

func readVectors(fsys fs.FS) ([]Vector, error) {
	m, err := readManifest(fsys)
	if err != nil {
		return nil, err
	}
	var all []Vector
	for _, file := range m.Files {
		var f VectorFile
		if err := readJSON(fsys, file.Name, &f); err != nil {
			return nil, err
		}
		for _, v := range f.Vectors {
			if err := v.check(); err != nil {
				return nil, fmt.Errorf("spec: vectors/%s: vector %s: %w", file.Name, v.ID, err)
			}
		}
		all = append(all, f.Vectors...)
	}
	if len(all) == 0 || len(all) != m.Count {
		return nil, fmt.Errorf("spec: vectors: manifest.json counts %d vectors, the files hold %d", m.Count, len(all))
	}
	return all, nil
}

func readJSON(fsys fs.FS, name string, into any) error {
	data, err := fs.ReadFile(fsys, name)
	if err == nil {
		err = unmarshalStrict(data, into)
	}
	if err != nil {
		return fmt.Errorf("spec: vectors/%s: %w", name, err)
	}
	return nil
}

// unmarshalStrict refuses unknown fields and anything behind the value.
func unmarshalStrict(data []byte, into any) error {
	dec := json.NewDecoder(bytes.NewReader(data))
	dec.DisallowUnknownFields()
	if err := dec.Decode(into); err != nil {
		return err
	}
	if _, err := dec.Token(); !errors.Is(err, io.EOF) {
		return errors.New("bytes behind the JSON value")
	}
	return nil
}

// check sees to what a reader of vectors relies on and Go's types do not say.
func (v Vector) check() error {
	switch {
	case v.Kind == RequestKind && v.Request != nil && len(v.Bytes) > 0 && v.Reply == nil && v.Steps == nil:
		return v.Request.check()
	case v.Kind == ReplyKind && v.Reply != nil && len(v.Bytes) > 0 && v.Request == nil && v.Steps == nil:
		return v.Reply.check()
	case v.Kind == TranscriptKind && len(v.Steps) > 0 && v.Bytes == nil && v.Request == nil && v.Reply == nil:
		for _, step := range v.Steps {
			for _, reply := range step.Expect {
				if err := reply.check(); err != nil {
					return err
				}
			}
		}
		return nil
	}
	return fmt.Errorf("its fields are not those of kind %q", v.Kind)
}

func (r *Request) check() error {
	if r.Form != PutForm {
		return nil
	}
	return CheckSample(r.Value, r.Timestamp)
}

func (r *Reply) check() error {
	for _, s := range r.Samples {
		if err := CheckSample(s.Value, s.Timestamp); err != nil {
			return err
		}
	}
	return nil
}

package main

import (
	"archive/tar"
	"archive/zip"
	"bytes"
	"compress/gzip"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"time"
)

// A packer is one form of archive. Its bytes depend on the files alone: no time, no
// owner, and no compression, whose output may differ from one release of Go to the next.
type packer struct {
	pack func(folder string, files []vectorFile) ([]byte, error)
	// first returns the name of the first entry of an archive.
	first func(data []byte) (string, error)
}

// packerFor returns the form that the name of an archive asks for.
func packerFor(name string) (packer, error) {
	switch {
	case strings.HasSuffix(name, ".tar.gz"), strings.HasSuffix(name, ".tgz"):
		return packer{packTar, firstOfTar}, nil
	case strings.HasSuffix(name, ".zip"):
		return packer{packZip, firstOfZip}, nil
	}
	return packer{}, fmt.Errorf("the name of the archive %q ends in none of .tar.gz, .tgz and .zip", name)
}

// lookAtArchive returns what is at the place of an archive, nil when nothing is. The
// error is a *strangerError when that is no archive of vectors.
func lookAtArchive(name string, p packer) ([]byte, error) {
	before, err := os.ReadFile(name)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return nil, nil
	case err != nil:
		return nil, err
	}
	if first, err := p.first(before); err != nil || !strings.HasPrefix(first, "putget-vectors-") {
		return nil, inTheWay(name, "this file is no archive of PutGet's vectors")
	}
	return before, nil
}

// writeArchive writes an archive of a folder with the files, at once or not at all. It
// leaves alone what is right already.
func writeArchive(name string, before []byte, p packer, folder string, files []vectorFile) error {
	data, err := p.pack(folder, files)
	if err != nil || bytes.Equal(data, before) {
		return err
	}
	return writeAtomically(name, data)
}

// writeAtomically writes a file that nobody sees half written.
func writeAtomically(name string, data []byte) error {
	f, err := os.CreateTemp(filepath.Dir(name), ".putget-vectors-*")
	if err != nil {
		return err
	}
	defer os.Remove(f.Name())
	_, err = f.Write(data)
	if err = errors.Join(err, f.Chmod(fileMode), f.Sync(), f.Close()); err != nil {
		return err
	}
	return os.Rename(f.Name(), name)
}

func packTar(folder string, files []vectorFile) ([]byte, error) {
	var out bytes.Buffer
	compressed, err := gzip.NewWriterLevel(&out, gzip.NoCompression)
	if err != nil {
		return nil, err
	}
	w := tar.NewWriter(compressed)
	for _, f := range files {
		header := &tar.Header{Name: folder + "/" + f.name, Mode: fileMode, Size: int64(len(f.data)), ModTime: time.Unix(0, 0), Format: tar.FormatUSTAR}
		if err := w.WriteHeader(header); err != nil {
			return nil, err
		}
		if _, err := w.Write(f.data); err != nil {
			return nil, err
		}
	}
	if err := errors.Join(w.Close(), compressed.Close()); err != nil {
		return nil, err
	}
	return out.Bytes(), nil
}

func firstOfTar(data []byte) (string, error) {
	compressed, err := gzip.NewReader(bytes.NewReader(data))
	if err != nil {
		return "", err
	}
	header, err := tar.NewReader(compressed).Next()
	if err != nil {
		return "", err
	}
	return header.Name, nil
}

func packZip(folder string, files []vectorFile) ([]byte, error) {
	var out bytes.Buffer
	w := zip.NewWriter(&out)
	for _, f := range files {
		header := &zip.FileHeader{Name: folder + "/" + f.name, Method: zip.Store}
		header.SetMode(fileMode)
		entry, err := w.CreateHeader(header)
		if err != nil {
			return nil, err
		}
		if _, err := entry.Write(f.data); err != nil {
			return nil, err
		}
	}
	if err := w.Close(); err != nil {
		return nil, err
	}
	return out.Bytes(), nil
}

func firstOfZip(data []byte) (string, error) {
	r, err := zip.NewReader(bytes.NewReader(data), int64(len(data)))
	if err != nil {
		return "", err
	}
	if len(r.File) == 0 {
		return "", errors.New("the archive is empty")
	}
	return r.File[0].Name, nil
}

package main

import (
	"fmt"
	"io"
	"io/fs"

	"github.com/spf13/cobra"

	"github.com/putget-protocol/putget/spec"
)

func vectorsCommand() *cobra.Command {
	var folder, archive string
	cmd := &cobra.Command{
		Use:   "vectors [--write DIR] [--archive FILE]",
		Short: "Write out the test vectors of the specification, for programs in other languages",
		Long: `The examples of the specification as JSON, with their schema, a manifest (version of
the specification, number of vectors, SHA-256 of each file, and a digest of all), a
README and a runner in plain Python. The README says how they are read and played.

--write puts the files into a folder, --archive into one file for another project to
keep: FILE ends in .tar.gz, .tgz or .zip. The bytes are the same each time. Vectors of
before are replaced at once or not at all; where anything else is, nothing is written.
Without either flag the command says what there is.`,
		Example: `  putget-conform vectors --write testdata/putget
  putget-conform vectors --archive putget-vectors.tar.gz
  python3 testdata/putget/runner.py 127.0.0.1 8888`,
		Args: args(cobra.NoArgs),
		RunE: func(cmd *cobra.Command, _ []string) error {
			return writeVectors(cmd.OutOrStdout(), folder, archive)
		},
	}
	cmd.Flags().StringVar(&folder, "write", "", "write the vectors into the folder `DIR`, which is new, empty or one of theirs")
	cmd.Flags().StringVar(&archive, "archive", "", "write the vectors into the archive `FILE` (.tar.gz, .tgz or .zip)")
	return cmd
}

// writeVectors writes a folder and an archive, each unless its name is empty, and says
// what was written.
func writeVectors(out io.Writer, folder, archive string) error {
	m, err := spec.ReadManifest()
	if err != nil {
		return err
	}
	files, err := vectorFiles()
	if err != nil {
		return err
	}
	var pack packer
	var before []byte
	if archive != "" { // what is wrong with it is said before anything is written
		if pack, err = packerFor(archive); err != nil {
			return &usageError{err}
		}
		if before, err = lookAtArchive(archive, pack); err != nil {
			return err
		}
	}
	what := fmt.Sprintf("%d vectors of %s %s, digest %s", m.Count, m.Protocol, m.Version, m.Digest)
	if folder != "" {
		if err := writeFolder(folder, files); err != nil {
			return err
		}
		fmt.Fprintf(out, "%s: %s\n", folder, what)
	}
	if archive != "" {
		if err := writeArchive(archive, before, pack, "putget-vectors-"+m.Version, files); err != nil {
			return err
		}
		fmt.Fprintf(out, "%s: %s\n", archive, what)
	}
	if folder == "" && archive == "" {
		fmt.Fprintf(out, "%s\n", what)
		for _, f := range m.Files {
			fmt.Fprintf(out, "%5d  %s\n", f.Count, f.Name)
		}
	}
	return nil
}

// A vectorFile is one file to be written.
type vectorFile struct {
	name string // without folder
	data []byte
}

// vectorFiles returns the files that travel, sorted by name.
func vectorFiles() ([]vectorFile, error) {
	var files []vectorFile
	err := fs.WalkDir(spec.FS(), ".", func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		data, err := fs.ReadFile(spec.FS(), path)
		files = append(files, vectorFile{path, data})
		return err
	})
	return files, err
}

// A strangerError says that something is in the way that is none of the vectors. It is
// wrapped in a usageError: the place was chosen wrongly.
type strangerError struct {
	path string // where to write
	what string // what is there
}

func (e *strangerError) Error() string {
	return fmt.Sprintf("%s: %s. Nothing was written: choose another place, or take that away", e.path, e.what)
}

func inTheWay(path, what string) error { return &usageError{&strangerError{path, what}} }

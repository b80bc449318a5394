package main

import (
	"bytes"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/putget-protocol/putget/spec"
)

const lockHead = `# The requirements of PutGet %s in the order of SPEC.md: id, key word, level, side, and a hash of
# these with the sentence. Written by "go generate ./spec"; a changed line is a changed sentence.
`

// lockOf returns the lock of the requirements: a line for each, fields separated by tabs.
func lockOf(requirements []spec.Requirement) []byte {
	var out bytes.Buffer
	fmt.Fprintf(&out, lockHead, spec.Version)
	for _, r := range requirements {
		fmt.Fprintf(&out, "%s\t%s\t%s\t%s\t%s\n", r.ID, r.Keyword, r.Level, r.Side, r.Hash())
	}
	return out.Bytes()
}

// readLock returns the lines of a lock by their ids.
func readLock(data []byte) map[string]string {
	lines := map[string]string{}
	for line := range strings.Lines(string(data)) {
		if id, _, ok := strings.Cut(line, "\t"); ok && !strings.HasPrefix(line, "#") {
			lines[id] = strings.TrimSuffix(line, "\n")
		}
	}
	return lines
}

// compare says, a line each, what differs between the files that are there and those that are due.
func compare(have, want output) []string {
	changes := differences("requirement", have.requirements, want.requirements)
	changes = append(changes, differences("vector", have.vectors, want.vectors)...)
	for _, name := range union(have.files, want.files) {
		if !bytes.Equal(have.files[name], want.files[name]) {
			changes = append(changes, "file "+name+" is not up to date")
		}
	}
	return changes
}

func differences(what string, have, want map[string]string) []string {
	var changes []string
	for _, id := range union(have, want) {
		before, had := have[id]
		after, has := want[id]
		switch {
		case !had:
			changes = append(changes, fmt.Sprintf("%s %s is new", what, id))
		case !has:
			changes = append(changes, fmt.Sprintf("%s %s is gone", what, id))
		case before != after:
			changes = append(changes, fmt.Sprintf("%s %s has changed", what, id))
		}
	}
	return changes
}

// lost reports the ids that were there and are gone without being listed as withdrawn.
func lost(have, want output) error {
	var errs []error
	for _, d := range []struct {
		what, file string
		have, want map[string]string
	}{
		{"requirement", lockName, have.requirements, want.requirements},
		{"vector", "vectors/*.json", have.vectors, want.vectors},
	} {
		for _, id := range slices.Sorted(maps.Keys(d.have)) {
			if _, ok := d.want[id]; !ok && !slices.Contains(want.withdrawn, id) {
				errs = append(errs, fmt.Errorf("%s %s is gone from SPEC.md: list the id in Appendix B "+
					"(or, when no version with it was ever published, delete %s and generate again)", d.what, id, d.file))
			}
		}
	}
	return errors.Join(errs...)
}

func union[V any](a, b map[string]V) []string {
	all := maps.Clone(a)
	maps.Copy(all, b)
	return slices.Sorted(maps.Keys(all))
}

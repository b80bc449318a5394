package conformance

import (
	"fmt"
	"path"
	"slices"

	"github.com/putget-protocol/putget/conformance/cases"
	"github.com/putget-protocol/putget/spec"
)

// selects reports whether a case is to be run. The sanity cases are, when anything is.
func (c Config) selects(k cases.Case) bool {
	return c.isOfLevel(k) && (len(c.Run) == 0 || matches(c.Run, k)) && !matches(c.Skip, k)
}

// isOfLevel reports whether a case says something at the level of the Config.
func (c Config) isOfLevel(k cases.Case) bool {
	if k.Level == spec.Full && c.Level == spec.Core && !k.Observes {
		return false
	}
	return !k.Observes || k.Level != spec.Full || c.Level != spec.Full // judged there by other cases
}

func matches(patterns []string, k cases.Case) bool {
	names := append([]string{k.ID, k.Section}, k.Requirements...)
	return slices.ContainsFunc(patterns, func(pattern string) bool {
		return slices.ContainsFunc(names, func(name string) bool {
			ok, _ := path.Match(pattern, name) // the patterns were checked
			return ok
		})
	})
}

// idle says of each pattern that selects nothing why that is so: one that was mistyped
// must not look like one that did its work.
func (c Config) idle(all []cases.Case) []string {
	var notes []string
	for _, given := range []struct {
		field    string
		patterns []string
	}{{"Run", c.Run}, {"Skip", c.Skip}} {
		for _, pattern := range given.patterns {
			matching := func(k cases.Case) bool { return matches([]string{pattern}, k) }
			judged := func(k cases.Case) bool { return matching(k) && c.isOfLevel(k) }
			switch {
			case slices.ContainsFunc(all, judged):
			case slices.ContainsFunc(all, matching):
				notes = append(notes, fmt.Sprintf("the pattern %q of %s matches no case at level %s, but some at another", pattern, given.field, c.Level))
			default:
				notes = append(notes, fmt.Sprintf("the pattern %q of %s matches no case; putget-conform list shows their ids, sections and requirements", pattern, given.field))
			}
		}
	}
	return notes
}

package conformance

import (
	"bufio"
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/putget-protocol/putget/conformance/cases"
	"github.com/putget-protocol/putget/conformance/report"
	"github.com/putget-protocol/putget/spec"
)

// A KnownFailing is a requirement or a case of which the target is known to fail.
type KnownFailing struct {
	ID     string // of a requirement, or of a case
	Reason string

	line int // of the list from which it was read, 0 for none
}

// ParseKnownFailing reads a list of what is known to fail: an id and its reason a
// line, separated by white space. Empty lines, and those that begin with "#", say
// nothing. A line without a reason, with an id that nothing has, or with one that was
// there before, is a [ConfigError] that names the line; other errors are those of r.
func ParseKnownFailing(r io.Reader) ([]KnownFailing, error) {
	var known []KnownFailing
	lines := bufio.NewScanner(r)
	for n := 1; lines.Scan(); n++ {
		line := strings.TrimSpace(lines.Text())
		if line == "" || strings.HasPrefix(line, "#") {
			continue
		}
		k := KnownFailing{ID: line, line: n}
		if i := strings.IndexAny(line, " \t"); i >= 0 {
			k.ID, k.Reason = line[:i], strings.TrimSpace(line[i:])
		}
		known = append(known, k)
	}
	if err := lines.Err(); err != nil {
		return nil, fmt.Errorf("conformance: reading what is known to fail: %w", err)
	}
	servers, err := cases.All()
	if err != nil {
		return nil, err
	}
	clients, err := cases.AllClient()
	if err != nil {
		return nil, err
	}
	return known, checkKnown(known, slices.Concat(servers, clients))
}

// checkKnown finds ids without a reason, such as nothing has, and such as are given twice.
func checkKnown(known []KnownFailing, all []cases.Case) error {
	seen := make(map[string]KnownFailing)
	for _, k := range known {
		_, isRequirement := spec.Find(k.ID)
		isCase := slices.ContainsFunc(all, func(c cases.Case) bool { return c.ID == k.ID })
		before, again := seen[k.ID]
		switch {
		case !isRequirement && !isCase:
			return k.wrong("there is neither a requirement nor a case %q; putget-conform list shows both", k.ID)
		case k.Reason == "":
			return k.wrong("%s has no reason; want an id, a space, and why it fails", k.ID)
		case again && before.line > 0:
			return k.wrong("%s is in line %d already", k.ID, before.line)
		case again:
			return k.wrong("%s is given twice", k.ID)
		}
		seen[k.ID] = k
	}
	return nil
}

// wrong returns a ConfigError that names the line of k, if it has one.
func (k KnownFailing) wrong(format string, args ...any) error {
	err := fmt.Errorf(format, args...)
	if k.line > 0 {
		err = fmt.Errorf("line %d: %w", k.line, err)
	}
	return &ConfigError{"KnownFailing", err}
}

// known says what became of everything that is known to fail, and whether the run
// went as that demands: nothing else failed, and nothing of it passed.
func (r *Runner) known(rep *report.Report) (known []report.Known, accepted bool) {
	known = []report.Known{}
	excused := make(map[string]bool)
	unexpected := false
	for _, k := range r.cfg.KnownFailing {
		verdict := r.ofKnown(k.ID, rep)
		excused[k.ID] = true
		unexpected = unexpected || verdict == report.Pass
		known = append(known, report.Known{ID: k.ID, Reason: k.Reason, Verdict: verdict})
	}
	if rep.Conformant {
		return known, !unexpected
	}
	return known, !unexpected && rep.Counts.Error == 0 && rep.Counts.Judged() > 0 && r.explained(rep, excused)
}

// ofKnown returns the verdict of a requirement or a case; untested when this run was
// not about it.
func (r *Runner) ofKnown(id string, rep *report.Report) report.Verdict {
	if res, ok := r.results[id]; ok {
		return res.verdict
	}
	for _, q := range rep.Requirements {
		if q.ID == id {
			return q.Verdict
		}
	}
	return report.Untested
}

// explained reports whether all that went wrong is known: each finding by its sentence
// or by the cases that saw it, and each blocked case by what it needs.
func (r *Runner) explained(rep *report.Report, excused map[string]bool) bool {
	isKnown := make(map[string]bool) // cases all of whose failures are known
	for _, f := range rep.Findings {
		if f.Verdict == report.Warn {
			continue
		}
		seenBy := []string{f.Case}
		for _, t := range f.Also {
			seenBy = append(seenBy, t.Case)
		}
		for _, id := range seenBy {
			if !excused[f.Requirement] && !excused[id] {
				return false
			}
			isKnown[id] = true
		}
		for _, t := range f.Follows {
			isKnown[t.Case] = true
		}
	}
	for _, c := range r.order {
		res, judged := r.results[c.ID]
		if !judged || res.verdict != report.Blocked || excused[c.ID] {
			continue
		}
		if r.dead != "" || !slices.ContainsFunc(c.Needs, func(id string) bool { return isKnown[id] || excused[id] }) {
			return false
		}
		isKnown[c.ID] = true
	}
	return true
}

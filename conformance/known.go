package conformance

import (
	"bufio"
	"errors"
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
}

// ParseKnownFailing reads a list of what is known to fail: an id and its reason a
// line, separated by white space. Empty lines, and those that begin with "#", say
// nothing. The error names the line, or is that of r.
func ParseKnownFailing(r io.Reader) ([]KnownFailing, error) {
	var known []KnownFailing
	lines := bufio.NewScanner(r)
	for n := 1; lines.Scan(); n++ {
		line := strings.TrimSpace(lines.Text())
		if line == "" || strings.HasPrefix(line, "#") {
			continue
		}
		id, reason, _ := strings.Cut(strings.ReplaceAll(line, "\t", " "), " ")
		if reason = strings.TrimSpace(reason); reason == "" {
			return nil, &ConfigError{"KnownFailing", fmt.Errorf("line %d: %q has no reason; want an id, a space, and why it fails", n, id)}
		}
		known = append(known, KnownFailing{ID: id, Reason: reason})
	}
	return known, lines.Err()
}

// checkKnown finds ids that are given twice, and such as nothing has.
func checkKnown(known []KnownFailing, all []cases.Case) error {
	seen := make(map[string]bool)
	for _, k := range known {
		_, isRequirement := spec.Find(k.ID)
		isCase := slices.ContainsFunc(all, func(c cases.Case) bool { return c.ID == k.ID })
		switch {
		case !isRequirement && !isCase:
			return &ConfigError{"KnownFailing", fmt.Errorf("there is neither a requirement nor a case %q; putget-conform list shows both", k.ID)}
		case k.Reason == "":
			return &ConfigError{"KnownFailing", fmt.Errorf("%s has no reason", k.ID)}
		case seen[k.ID]:
			return &ConfigError{"KnownFailing", errors.New(k.ID + " is given twice")}
		}
		seen[k.ID] = true
	}
	return nil
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

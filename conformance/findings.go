package conformance

import (
	"strconv"

	"github.com/putget-protocol/putget/conformance/cases"
	"github.com/putget-protocol/putget/conformance/report"
)

// findings makes one finding of each cause. Failures that break the same sentence
// are one. A failure of a case that depends on another one, which failed with the
// same symptom, follows from that: it is named there, and its own sentence, which
// folded then holds, is neither blamed nor cleared. A failure with another symptom is
// a fault of its own.
func (r *Runner) findings() (found []report.Finding, folded map[string]bool) {
	folded = make(map[string]bool)
	index := make(map[string]int)   // requirement -> index in found
	cause := make(map[causeKey]int) // -> index in found
	for _, res := range r.inRunOrder() {
		for _, f := range res.out.Failures {
			at, known := index[f.Requirement]
			because, follows := r.because(res.c, f.Symptom, cause)
			switch {
			case known:
				found[at].Also = append(found[at].Also, trace(res.c, f))
			case follows:
				at = because
				found[at].Follows = append(found[at].Follows, trace(res.c, f))
				folded[f.Requirement] = true
			default:
				at = len(found)
				index[f.Requirement] = at
				found = append(found, r.finding(res, f))
			}
			cause[causeKey{res.c.ID, cases.Class(f.Symptom)}] = at
		}
	}
	for i := range found {
		delete(folded, found[i].Requirement)
	}
	return append([]report.Finding{}, found...), folded
}

// A causeKey is one kind of failure of one case.
type causeKey struct {
	id    string
	class cases.Symptom
}

// inRunOrder returns the failed results in the order in which the cases run: what
// is simple comes first.
func (r *Runner) inRunOrder() []*result {
	var failed []*result
	for _, c := range r.order {
		if res, ok := r.results[c.ID]; ok && !c.Observes && len(res.out.Failures) > 0 {
			failed = append(failed, res)
		}
	}
	return failed
}

// because finds the finding from which a symptom of a case follows: that of a case
// on which it depends, or of one on which that depends in turn.
func (r *Runner) because(c cases.Case, symptom cases.Symptom, cause map[causeKey]int) (int, bool) {
	for _, id := range c.DependsOn {
		if at, ok := cause[causeKey{id, cases.Class(symptom)}]; ok {
			return at, true
		}
		if res, ok := r.results[id]; ok {
			if at, ok := r.because(res.c, symptom, cause); ok {
				return at, true
			}
		}
	}
	return 0, false
}

func trace(c cases.Case, f cases.Failure) report.Trace {
	return report.Trace{Case: c.ID, Requirement: f.Requirement, Symptom: string(f.Symptom), Detail: f.Detail}
}

func (r *Runner) finding(res *result, f cases.Failure) report.Finding {
	q := r.sentences[f.Requirement]
	all := steps(res.out.Events)
	found := report.Finding{
		Requirement: f.Requirement, Keyword: q.Keyword, Section: sectionTitle(q), Text: q.Text,
		Verdict: r.severity(f), Case: res.c.ID, Title: res.c.Title,
		Failure: r.reportFailure(f), Steps: all, Also: []report.Trace{}, Follows: []report.Trace{},
		Help: report.Help(f.Requirement), Again: report.Reproduction{
			Addr: r.target.Addr(), Command: r.cfg.Exec, Level: r.cfg.Level,
			Case: res.c.ID, Seed: strconv.FormatUint(r.cfg.Seed, 10), KeyPrefix: res.out.KeyPrefix, Steps: all,
		}.Shell(),
	}
	if r.clients() != nil {
		found.Again, found.ByHand = r.againOfClient(res, all)
	}
	return found
}

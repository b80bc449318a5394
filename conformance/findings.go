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
// a fault of its own, unless the case builds on the other one.
func (r *Runner) findings() (found []report.Finding, folded map[string]bool) {
	folded = make(map[string]bool)
	index := make(map[string]int) // requirement -> index in found
	known := causes{ofClass: make(map[causeKey]int), ofCase: make(map[string]int), shifting: make(map[string]int)}
	for _, res := range r.inRunOrder() {
		for _, f := range res.out.Failures {
			at, blamed := index[f.Requirement]
			because, follows := r.because(res.c, f.Symptom, known)
			switch {
			case blamed:
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
			known.add(res.c, f, at, r.severity(f))
		}
	}
	for i := range found {
		delete(folded, found[i].Requirement)
	}
	return append([]report.Finding{}, found...), folded
}

// Causes are the findings, by their indices, from which other failures may follow.
type causes struct {
	ofClass  map[causeKey]int
	ofCase   map[string]int // by case: the first failure that is more than a warning
	shifting map[string]int // by case: a failure that shifts the replies to later requests
}

// A causeKey is one kind of failure of one case.
type causeKey struct {
	id    string
	class cases.Symptom
}

func (known causes) add(c cases.Case, f cases.Failure, at int, severity report.Verdict) {
	known.ofClass[causeKey{c.ID, cases.Class(f.Symptom)}] = at
	if _, ok := known.ofCase[c.ID]; !ok && severity != report.Warn {
		known.ofCase[c.ID] = at
	}
	if _, ok := known.shifting[c.ID]; !ok && cases.Shifts(f.Symptom) {
		known.shifting[c.ID] = at
	}
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

// because finds the finding from which a symptom of a case follows: that of a case on
// which it builds, or with the same symptom that of one on which it depends, or on
// which that depends in turn. Where many requests are asked, a reply too many before
// has spoilt whatever comes behind it.
func (r *Runner) because(c cases.Case, symptom cases.Symptom, known causes) (int, bool) {
	for _, id := range c.BuildsOn {
		if at, ok := known.ofCase[id]; ok {
			return at, true
		}
	}
	leansOn := r.leansOn(c)
	for _, id := range leansOn {
		if at, ok := known.ofClass[causeKey{id, cases.Class(symptom)}]; ok {
			return at, true
		}
	}
	if c.Section != cases.Generated && c.Section != cases.Delivery {
		return 0, false
	}
	for _, id := range leansOn {
		if at, ok := known.shifting[id]; ok {
			return at, true
		}
	}
	return 0, false
}

// leansOn returns the cases on which a case depends, and those on which these depend
// in turn, the nearest first.
func (r *Runner) leansOn(c cases.Case) []string {
	seen := make(map[string]bool)
	var all []string
	for next := c.DependsOn; len(next) > 0; {
		var beyond []string
		for _, id := range next {
			if seen[id] {
				continue
			}
			seen[id] = true
			all = append(all, id)
			if res, ok := r.results[id]; ok {
				beyond = append(beyond, res.c.DependsOn...)
			}
		}
		next = beyond
	}
	return all
}

func trace(c cases.Case, f cases.Failure) report.Trace {
	return report.Trace{Case: c.ID, Requirement: f.Requirement, Symptom: string(f.Symptom), Detail: f.Detail}
}

func (r *Runner) finding(res *result, f cases.Failure) report.Finding {
	q := r.sentences[f.Requirement]
	all := steps(res.out.Events)
	flag, source := r.cfg.started()
	found := report.Finding{
		Requirement: f.Requirement, Keyword: q.Keyword, Section: sectionTitle(q), Text: q.Text,
		Verdict: r.severity(f), Case: res.c.ID, Title: res.c.Title,
		Failure: r.reportFailure(f), Steps: all, Also: []report.Trace{}, Follows: []report.Trace{},
		Help: report.Help(f.Requirement), Again: report.Reproduction{
			Addr: r.target.Addr(), Flag: flag, Source: source, Level: r.cfg.Level,
			Case: res.c.ID, Seed: strconv.FormatUint(r.cfg.Seed, 10), KeyPrefix: res.out.KeyPrefix, Steps: all,
		}.Shell(),
	}
	if r.clients() != nil {
		found.Again, found.ByHand = r.againOfClient(res, all)
	}
	return found
}

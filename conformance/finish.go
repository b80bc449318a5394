package conformance

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/putget-protocol/putget/conformance/cases"
	"github.com/putget-protocol/putget/conformance/report"
	"github.com/putget-protocol/putget/spec"
)

// Finish returns the report of what was judged so far.
func (r *Runner) Finish() *report.Report {
	rep := &report.Report{
		Format:   report.Format,
		Suite:    Version,
		Spec:     report.Spec{Version: spec.Version, SHA256: textHash()},
		Started:  r.began.UTC().Truncate(time.Second),
		Duration: report.Micros(time.Since(r.began)),
		Level:    r.cfg.Level,
		Side:     r.cfg.Side,
		Seed:     strconv.FormatUint(r.cfg.Seed, 10),
		Target: report.Target{
			Addr: r.first, Command: r.command(), Latency: report.Micros(r.latency),
			Patience: report.Micros(r.patience), Timeout: report.Micros(r.timeout), Restarts: r.restarts,
			Starting: report.Micros(r.starting()),
		},
		Cases: []report.Case{}, Known: []report.Known{}, Observations: []report.Observation{}, Notes: []string{},
	}
	for _, c := range r.all {
		res, ok := r.results[c.ID]
		if !ok {
			continue
		}
		rep.Counts.Add(res.verdict)
		rep.Cases = append(rep.Cases, r.reportCase(res))
		if c.Observes {
			for _, f := range res.out.Facts {
				rep.Observations = append(rep.Observations, report.Observation{Case: c.ID, Title: c.Title, Fact: report.Fact(f)})
			}
		}
	}
	findings, folded := r.findings()
	rep.Findings = findings
	rep.Requirements = r.requirements(findings, folded)
	rep.Notes = append(rep.Notes, r.remarks(rep)...)
	rep.Conformant = conformant(rep)
	rep.Known, rep.Accepted = r.known(rep)
	rep.Artifacts = r.artifacts()
	return rep
}

// command returns how the target was started, "" when it was not started here.
func (r *Runner) command() string {
	if c := r.clients(); c != nil {
		return c.adapter.String()
	}
	if r.cfg.Python != "" {
		return "run_server of " + r.cfg.Python
	}
	return r.cfg.Exec
}

// artifacts returns what the cases made, and the last that the target printed.
func (r *Runner) artifacts() []report.Artifact {
	var files []report.Artifact
	for _, c := range r.all {
		if res, ok := r.results[c.ID]; ok {
			for _, a := range res.out.Artifacts {
				files = append(files, report.Artifact(a))
			}
		}
	}
	if lines := r.target.Output(); len(lines) > 0 {
		files = append(files, report.Artifact{Name: "target-output.txt", Bytes: []byte(strings.Join(lines, "\n") + "\n")})
	}
	return files
}

// conformant: something beyond sanity was judged, and nothing went wrong.
func conformant(rep *report.Report) bool {
	bad := slices.ContainsFunc(rep.Findings, func(f report.Finding) bool { return f.Verdict != report.Warn })
	return !bad && rep.Counts.Judged() > 0 && rep.Counts.Fail+rep.Counts.Crashed+rep.Counts.Blocked+rep.Counts.Error == 0
}

func (r *Runner) remarks(rep *report.Report) []string {
	notes := slices.Clone(r.notes)
	if n := rep.Counts.Blocked; n > 0 {
		why := r.dead
		if why == "" {
			why = "they need cases that did not pass"
		}
		notes = append(notes, fmt.Sprintf("%d cases were blocked: %s", n, why))
	}
	if n := len(r.order) - len(rep.Cases); n > 0 {
		notes = append(notes, fmt.Sprintf("%d cases were not begun", n))
	}
	return notes
}

func textHash() string {
	sum := sha256.Sum256([]byte(spec.Text()))
	return hex.EncodeToString(sum[:])
}

// requirements says of every sentence that binds the judged side at the judged level what
// the cases have shown.
func (r *Runner) requirements(findings []report.Finding, folded map[string]bool) []report.Requirement {
	out := []report.Requirement{}
	for _, q := range spec.Requirements() {
		if q.Side != r.cfg.Side || r.cfg.Level == spec.Core && q.Level != spec.Core {
			continue
		}
		var about []string
		for _, c := range r.all {
			if _, judged := r.results[c.ID]; judged && !c.Observes && c.Is(q.ID) {
				about = append(about, c.ID)
			}
		}
		out = append(out, report.Requirement{
			ID: q.ID, Keyword: q.Keyword, Level: q.Level, Section: sectionTitle(q), Text: q.Text,
			Verdict: r.ofRequirement(q.ID, about, findings, folded), Cases: append([]string{}, about...),
			Reason: cases.Untestable()[q.ID],
		})
	}
	return out
}

// ofRequirement is what a finding says of a sentence; else it has passed when a case
// about it has, and is blocked when none could tell.
func (r *Runner) ofRequirement(id string, about []string, findings []report.Finding, folded map[string]bool) report.Verdict {
	for _, f := range findings {
		if f.Requirement == id {
			return f.Verdict
		}
	}
	if len(about) == 0 {
		return report.Untested
	}
	verdict := report.Blocked
	for _, caseID := range about {
		switch r.results[caseID].verdict {
		case report.Pass:
			if !folded[id] {
				return report.Pass
			}
		case report.Unsupported:
			verdict = report.Unsupported
		case report.Error:
			return report.Error
		}
	}
	return verdict
}

func sectionTitle(q spec.Requirement) string {
	return "section " + q.Section.Number + ", " + q.Section.Title
}

// reportCase writes a result down.
func (r *Runner) reportCase(res *result) report.Case {
	c := report.Case{
		ID: res.c.ID, Title: res.c.Title, Section: res.c.Section, Level: res.c.Level,
		Requirements: append([]string{}, res.c.Requirements...),
		Verdict:      res.verdict, Reason: res.reason, Looks: res.looks,
		Duration: report.Micros(res.out.Duration),
		Failures: []report.Failure{}, Facts: []report.Fact{}, Steps: steps(res.out.Events),
	}
	for _, f := range res.out.Failures {
		if !res.c.Observes {
			c.Failures = append(c.Failures, r.reportFailure(f))
		}
	}
	for _, f := range res.out.Facts {
		c.Facts = append(c.Facts, report.Fact(f))
	}
	return c
}

// severity is what a failure is by the key word of its sentence.
func (r *Runner) severity(f cases.Failure) report.Verdict {
	if f.Symptom == cases.Crashed {
		return report.Crashed
	}
	return report.OfKeyword(r.sentences[f.Requirement].Keyword)
}

package report

import (
	"cmp"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"html/template"
	"strings"

	"github.com/putget-protocol/putget/spec"
)

// A page is what the templates show.
type page struct {
	*Report
	Style    template.CSS
	Script   template.JS
	Policy   string
	Headline string // the verdict in words
	Class    string // "pass", "fail" or "none"
	Name     string // of the target
	When     string
	Took     string
	Latency  string
	Tally    []tally  // of the sentences
	Broken   []string // ids of the sentences that findings other than warnings are about
	Verdicts []verdictCount
	Causes   []*findingView
	Chapters []chapter
	Strange  []*sentence // of the report, which this text does not have
	Groups   []caseGroup
	Observed []observedGroup
	Remarks  []string
	OldText  bool // the report was made by another text than the one shown
}

// A sentence is a normative sentence and what the run says of it.
type sentence struct {
	ID      string
	Keyword spec.Keyword
	Level   spec.Level
	Chapter string
	Verdict Verdict // empty when the run was not about it
	Side    spec.Side
	HTML    template.HTML
	Cases   []caseLink
	Reason  string
	Finding *findingView
	text    string
}

// A caseLink names a case and its verdict.
type caseLink struct {
	ID      string
	Verdict Verdict
}

// A tally counts the sentences of one verdict.
type tally struct {
	Verdict Verdict
	N       int
}

// A verdictCount is one verdict to filter by, with the numbers of sentences and cases.
type verdictCount struct {
	Verdict          Verdict
	Sentences, Cases int
}

// A caseGroup is a section of the judge with its cases.
type caseGroup struct {
	Name  string
	Cases []caseView
	Tally []tally
}

// An observedGroup is one point on which implementations differ.
type observedGroup struct {
	Case, Title string
	Facts       []Fact
}

func newPage(r *Report) (*page, error) {
	style, script := pageFile("style.css"), pageFile("script.js")
	p := &page{
		Report: r, Style: template.CSS(style), Script: template.JS(script), Policy: policy(style, script),
		Name: r.Target.Addr, When: r.Started.Format("2 January 2006, 15:04 UTC"), Took: secondsTaken(r.Duration),
		Latency: milliseconds(r.Target.Latency), Broken: r.brokenIDs(), OldText: r.Spec.SHA256 != textSum(),
	}
	if r.Side == spec.Client {
		p.Name = r.Target.Command
	}
	p.Name = cmp.Or(r.Target.Name, p.Name)
	p.Class, p.Headline = headlineOf(r)
	causes := make(map[string]*findingView)
	for _, f := range r.Findings {
		v := newFinding(r, f)
		p.Causes = append(p.Causes, v)
		causes[f.Requirement] = v
	}
	if err := p.specification(causes); err != nil {
		return nil, err
	}
	p.group()
	p.Observed = observedGroups(r.Observations)
	p.Remarks = r.Notes
	if r.Interrupted {
		p.Remarks = append([]string{"the run was interrupted: this is what it saw until then"}, p.Remarks...)
	}
	p.count()
	return p, nil
}

// headlineOf says the verdict of a run, as the last line of the text does.
func headlineOf(r *Report) (class, headline string) {
	switch {
	case r.Conformant:
		return "pass", "Conformant"
	case !r.Broken():
		return "none", "No verdict"
	default:
		return "fail", "Not conformant"
	}
}

// specification makes the chapters, with the verdict on each sentence.
func (p *page) specification(causes map[string]*findingView) error {
	verdicts := make(map[string]bool)
	links := make(map[string]Verdict)
	for _, c := range p.Cases {
		verdicts[c.ID] = true
		links[c.ID] = c.Verdict
	}
	sentences := make(map[string]*sentence)
	for _, q := range spec.Requirements() {
		sentences[q.ID] = &sentence{
			ID: q.ID, Keyword: q.Keyword, Level: q.Level, Side: q.Side, Chapter: chapterOf(q.ID), text: q.Text,
		}
	}
	for _, q := range p.Requirements {
		v := sentences[q.ID]
		if v == nil {
			v = &sentence{ID: q.ID, Keyword: q.Keyword, Level: q.Level, Side: p.Side, HTML: template.HTML("<p>" + template.HTMLEscapeString(q.Text) + "</p>")}
			p.Strange = append(p.Strange, v)
		}
		v.Verdict, v.Reason, v.Finding = q.Verdict, q.Reason, causes[q.ID]
		for _, id := range q.Cases {
			if verdict, ran := links[id]; ran {
				v.Cases = append(v.Cases, caseLink{id, verdict})
			}
		}
	}
	var err error
	if p.Chapters, err = chaptersOf(sentences, verdicts); err != nil {
		return err
	}
	for i := range p.Chapters {
		c := &p.Chapters[i]
		var found []Verdict
		for _, part := range c.Parts {
			if part.Sentence != nil && part.Sentence.Verdict != "" {
				found = append(found, part.Sentence.Verdict)
			}
		}
		c.Tally = tallyOf(found)
	}
	return nil
}

// group sorts the cases by the section of the judge, in the order of the report.
func (p *page) group() {
	at := make(map[string]int)
	verdicts := make(map[string][]Verdict)
	for _, c := range p.Cases {
		i, known := at[c.Section]
		if !known {
			i = len(p.Groups)
			at[c.Section] = i
			p.Groups = append(p.Groups, caseGroup{Name: c.Section})
		}
		p.Groups[i].Cases = append(p.Groups[i].Cases, newCase(p.Report, c))
		verdicts[c.Section] = append(verdicts[c.Section], c.Verdict)
	}
	for i := range p.Groups {
		p.Groups[i].Tally = tallyOf(verdicts[p.Groups[i].Name])
	}
}

// count tallies the sentences, and the verdicts that there are to filter by.
func (p *page) count() {
	var found []Verdict
	for _, q := range p.Requirements {
		found = append(found, q.Verdict)
	}
	p.Tally = tallyOf(found)
	for _, v := range Verdicts() {
		c := verdictCount{Verdict: v, Cases: p.Counts.Of(v)}
		for _, t := range p.Tally {
			if t.Verdict == v {
				c.Sentences = t.N
			}
		}
		if c.Cases+c.Sentences > 0 {
			p.Verdicts = append(p.Verdicts, c)
		}
	}
}

// tallyOf counts verdicts, in the order of their declaration.
func tallyOf(found []Verdict) []tally {
	counts := make(map[Verdict]int)
	for _, v := range found {
		counts[v]++
	}
	var all []tally
	for _, v := range Verdicts() {
		if n := counts[v]; n > 0 {
			all = append(all, tally{v, n})
		}
	}
	return all
}

func observedGroups(all []Observation) []observedGroup {
	var groups []observedGroup
	for _, o := range all {
		if n := len(groups); n == 0 || groups[n-1].Case != o.Case {
			groups = append(groups, observedGroup{Case: o.Case, Title: o.Title})
		}
		last := &groups[len(groups)-1]
		last.Facts = append(last.Facts, Fact{Name: o.Name, Value: strings.TrimRight(o.Value, "\n")})
	}
	return groups
}

func textSum() string {
	sum := sha256.Sum256([]byte(spec.Text()))
	return hex.EncodeToString(sum[:])
}

func secondsTaken(m Micros) string { return fmt.Sprintf("%.1f s", m.Duration().Seconds()) }

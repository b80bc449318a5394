package report

import "slices"

// A findingView is a finding as it stands behind the sentence that it is about.
type findingView struct {
	Finding
	Fault   faultView
	Picture *picture
	Company *company
}

// A company is what else a finding accounts for.
type company struct {
	Cases  int
	Groups []traceGroup
}

// A traceGroup names the cases of failures that have a symptom, or a sentence, in common.
type traceGroup struct {
	Word  string // of the symptom
	Link  string // the sentence, when it is another than that of the finding
	Cases []string
}

func newFinding(r *Report, f Finding) *findingView {
	v := &findingView{Finding: f, Fault: newFault(f.Failure)}
	if steps := shownSteps(Case{Steps: f.Steps, Failures: []Failure{f.Failure}}, r.Side); len(steps) > 0 {
		p := drawSteps(steps, r.Side, pageFinding, true)
		v.Picture = &p
	}
	var c company
	named := make(map[string]bool)
	for _, t := range f.Also {
		c.add(traceGroup{Word: symptomWords(t.Symptom)}, t.Case)
		named[t.Case] = true
	}
	for _, t := range f.Follows {
		c.add(traceGroup{Link: t.Requirement}, t.Case)
		named[t.Case] = true
	}
	if c.Cases = len(named); c.Cases > 0 {
		v.Company = &c
	}
	return v
}

// add puts a case into the group of that word and link, once.
func (c *company) add(group traceGroup, id string) {
	for i, g := range c.Groups {
		if g.Word != group.Word || g.Link != group.Link {
			continue
		}
		if !slices.Contains(g.Cases, id) {
			c.Groups[i].Cases = append(g.Cases, id)
		}
		return
	}
	group.Cases = []string{id}
	c.Groups = append(c.Groups, group)
}

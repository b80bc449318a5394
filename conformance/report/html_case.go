package report

import (
	"fmt"
	"strings"

	"github.com/putget-protocol/putget/spec"
)

// A caseView is a case as the page shows it.
type caseView struct {
	Case
	Chapters string // numbers of the chapters of its sentences, with spaces between
	Time     string
	Failed   []faultView
	Picture  *picture
	Again    string
}

// A faultView shows one failure: what came beside what would have been right.
type faultView struct {
	Requirement string
	Wrong       string
	Rows        []faultRow
	Want        string
	Rest        string // further lines of what was due, such as the output of the target
	Actual      *extract
	Allowed     []extract
}

// A faultRow is a word and a line of what a client did.
type faultRow struct{ Word, Text string }

func newCase(r *Report, c Case) caseView {
	v := caseView{Case: c, Time: milliseconds(c.Duration), Again: againOfCase(r, c)}
	var chapters []string
	for _, id := range c.Requirements {
		if n := chapterOf(id); n != "" && !strings.Contains(" "+strings.Join(chapters, " ")+" ", " "+n+" ") {
			chapters = append(chapters, n)
		}
	}
	v.Chapters = strings.Join(chapters, " ")
	for _, f := range c.Failures {
		v.Failed = append(v.Failed, newFault(f))
	}
	if steps := shownSteps(c, r.Side); len(steps) > 0 {
		most, last := pageSteps, false
		if len(c.Failures) > 0 {
			most, last = pageFaulty, true
		}
		p := drawSteps(steps, r.Side, most, last)
		v.Picture = &p
	}
	return v
}

// shownSteps leaves out our own closing at the end, and of a failed case what came after
// the fault.
func shownSteps(c Case, side spec.Side) []Step {
	steps := c.Steps
	if len(steps) == 0 {
		return nil
	}
	if len(c.Failures) > 0 {
		f := Finding{Failure: c.Failures[0], Steps: steps}
		if side == spec.Client {
			return untilAnswer(f)
		}
		return steps[:faultyStep(f)+1]
	}
	for len(steps) > 0 && steps[len(steps)-1].Kind == "left" {
		steps = steps[:len(steps)-1]
	}
	return steps
}

// againOfCase returns the line that runs a case alone.
func againOfCase(r *Report, c Case) string {
	if r.Side == spec.Client {
		flag, source := "--exec", r.Target.Command
		if file, ok := strings.CutPrefix(source, "the Client of "); ok {
			flag, source = "--node", file
			if strings.HasSuffix(file, ".py") {
				flag = "--python"
			}
		}
		return ClientReproduction{Flag: flag, Source: source, Level: r.Level, Case: c.ID, Seed: r.Seed}.Shell()
	}
	flag, source := "", r.Target.Command
	switch file, isPython := strings.CutPrefix(source, "run_server of "); {
	case isPython:
		flag, source = "--python", file
	case source != "":
		flag = "--exec"
	}
	return Reproduction{Addr: r.Target.Addr, Flag: flag, Source: source, Level: r.Level, Case: c.ID, Seed: r.Seed}.judge()
}

func newFault(f Failure) faultView {
	v := faultView{Requirement: f.Requirement, Wrong: whatIsWrong(f)}
	want := f.Want
	if f.Detail != "" {
		want += "; " + f.Detail
	}
	v.Want, v.Rest, _ = strings.Cut(want, "\n")
	if bindsClients(f.Requirement) {
		v.Wrong = symptomWords(f.Symptom)
		v.Rows = clientRows(f)
		return v
	}
	at := f.Offset - f.ReplyFrom
	if len(f.Reply) > 0 {
		e := aroundByte(f.Reply, at, f.ReplyFrom, f.ReplySize)
		v.Actual = &e
	}
	for _, text := range f.Allowed {
		e := beginning([]byte(text), 0)
		if len(f.Reply) > 0 && f.ReplyFrom == 0 {
			e = aroundByte([]byte(text), sameBytes([]byte(text), f.Reply), 0, 0)
		}
		v.Allowed = append(v.Allowed, e)
	}
	return v
}

// clientRows says what a client did, word by word.
func clientRows(f Failure) []faultRow {
	var rows []faultRow
	add := func(word, text string) {
		if text != "" {
			rows = append(rows, faultRow{word, shorten(text, pageBytes)})
		}
	}
	if f.Call != "" {
		add("called", callText(f.Call))
	}
	if len(f.Request) > 0 {
		add("sent", quoteFit(f.Request, f.RequestSize, pageBytes))
	}
	if len(f.Reply) > 0 {
		add("was told", quoteFit(f.Reply, f.ReplySize, pageBytes))
	}
	if f.Answer != "" {
		add("came to", answerText(f.Answer))
	}
	return rows
}

// chapterOf returns the number of the chapter in which a sentence stands, "" for none.
func chapterOf(id string) string {
	q, _ := spec.Find(id)
	number, _, _ := strings.Cut(q.Section.Number, ".")
	return number
}

func milliseconds(m Micros) string {
	ms := float64(m.Duration().Microseconds()) / 1000
	if ms >= 1000 {
		return fmt.Sprintf("%.1f s", ms/1000)
	}
	return fmt.Sprintf("%.1f ms", ms)
}

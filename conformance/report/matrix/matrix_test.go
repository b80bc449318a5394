package matrix_test

import (
	"bytes"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/putget-protocol/putget/conformance/report"
	"github.com/putget-protocol/putget/conformance/report/matrix"
	"github.com/putget-protocol/putget/spec"
)

func start(hour int) time.Time { return time.Date(2026, 1, 2, hour, 0, 0, 0, time.UTC) }

// run returns a report whose sentences have the verdicts of marks: p, f, w, b or u each.
func run(level spec.Level, marks string) *report.Report {
	verdicts := map[rune]report.Verdict{'p': report.Pass, 'f': report.Fail, 'w': report.Warn, 'b': report.Blocked, 'u': report.Untested}
	ids := []string{"FRM-001", "FRM-002", "PUT-001", "PUT-002"}
	r := &report.Report{
		Format: report.Format, Suite: "1", Spec: report.Spec{Version: "1.0", SHA256: strings.Repeat("0", 64)}, Level: level, Side: spec.Server, Seed: "1",
		Started: start(12), Target: report.Target{Addr: "127.0.0.1:8888"}, Conformant: !strings.ContainsAny(marks, "fb"),
		Cases: []report.Case{}, Requirements: []report.Requirement{}, Findings: []report.Finding{}, Observations: []report.Observation{}, Known: []report.Known{}, Notes: []string{},
	}
	r.Accepted = r.Conformant
	for i, mark := range marks {
		v, section := verdicts[mark], "section 3, Framing"
		if i > 1 {
			section = "section 5.1, put"
		}
		r.Requirements = append(r.Requirements, report.Requirement{ID: ids[i], Keyword: spec.Must, Level: spec.Core, Section: section, Text: "A server MUST do " + ids[i] + ".", Verdict: v, Cases: []string{}})
		r.Cases = append(r.Cases, report.Case{ID: "case-" + ids[i], Title: "Case of " + ids[i], Verdict: v, Requirements: []string{ids[i]}})
		r.Counts.Add(v)
		if v == report.Fail {
			r.Findings = append(r.Findings, report.Finding{Requirement: ids[i], Verdict: v, Case: "case-" + ids[i], Failure: report.Failure{Want: "another line"}})
		}
	}
	return r
}

func observed(r *report.Report, name, value string) *report.Report {
	r.Observations = append(r.Observations, report.Observation{Case: "observe-crlf", Title: "What CR LF ends", Fact: report.Fact{Name: name, Value: value}})
	return r
}

func columns(t matrix.Table) string {
	var names []string
	for _, c := range t.Columns {
		names = append(names, c.Name)
	}
	return strings.Join(names, " ")
}

func TestColumnsAreSortedByConformance(t *testing.T) {
	m := matrix.New([]matrix.Entry{
		{Name: "worst", Report: run(spec.Full, "ffff")},
		{Name: "blocked", Report: run(spec.Full, "bbbb")},
		{Name: "core", Report: run(spec.Core, "pppp")},
		{Name: "half", Report: run(spec.Core, "ppff")},
		{Name: "full", Report: run(spec.Full, "pppp")},
		{Name: "warned", Report: run(spec.Full, "pppw")},
		{Name: "almost", Report: run(spec.Full, "pppf")},
		{Name: "absent", Reason: "nothing listens"},
	})
	if len(m.Tables) != 1 {
		t.Fatalf("%d tables, want one", len(m.Tables))
	}
	if got, want := columns(m.Tables[0]), "full warned core almost half blocked worst"; got != want {
		t.Errorf("the columns are %s, want %s", got, want)
	}
	if len(m.NotJudged) != 1 || m.NotJudged[0].Name != "absent" {
		t.Errorf("not judged: %+v", m.NotJudged)
	}
}

func TestRowsFollowTheTextWhateverEachReportHas(t *testing.T) {
	short := run(spec.Core, "pfpp")
	short.Requirements = slices.Delete(short.Requirements, 2, 3)
	short.Started = start(13)
	m := matrix.New([]matrix.Entry{{Name: "short", Report: short}, {Name: "whole", Report: run(spec.Full, "ppfp")}})
	var got []string
	for _, s := range m.Tables[0].Sections {
		got = append(got, s.Title)
		for _, r := range s.Rows {
			got = append(got, r.ID)
		}
	}
	want := []string{"section 3, Framing", "FRM-001", "FRM-002", "section 5.1, put", "PUT-001", "PUT-002"}
	if !slices.Equal(got, want) {
		t.Fatalf("got %q, want %q", got, want)
	}
	// Columns: whole (3 of 4), short (2 of 3).
	r := m.Tables[0].Sections[1].Rows[0]
	if r.Cells[0].Verdict != report.Fail || r.Cells[0].Why != "case-PUT-001: want another line" || r.Cells[1] != (matrix.Cell{}) || r.Broken != 1 {
		t.Errorf("the row of PUT-001 is %+v", r)
	}
}

func TestServersAndClientsHaveTablesOfTheirOwn(t *testing.T) {
	client := run(spec.Full, "pp")
	client.Side = spec.Client
	client.Spec.SHA256 = strings.Repeat("1", 64)
	m := matrix.New([]matrix.Entry{{Name: "ours", Report: client}, {Name: "ours", Report: run(spec.Full, "pppf")}})
	if len(m.Tables) != 2 || m.Tables[0].Side != spec.Server || m.Tables[1].Side != spec.Client || len(m.Tables[0].Changes) != 0 {
		t.Errorf("the tables are %+v", m.Tables)
	}
	if len(m.Notes) != 1 {
		t.Errorf("the notes are %q, want one about the texts", m.Notes)
	}
}

func TestTwoReportsOfATargetShowWhatChanged(t *testing.T) {
	before := observed(run(spec.Full, "pfpf"), "splits", "1")
	after := observed(run(spec.Full, "ppff"), "splits", "2")
	after.Started = start(14)
	m := matrix.New([]matrix.Entry{{Name: "it", Report: after}, {Name: "it", Report: before}, {Name: "other", Report: run(spec.Full, "pppp")}})
	table := m.Tables[0]
	if got := columns(table); got != "other it" || table.Columns[1].Report != after {
		t.Fatalf("the columns are %s", got)
	}
	if len(table.Changes) != 1 {
		t.Fatalf("the changes are %+v", table.Changes)
	}
	c := table.Changes[0]
	want := []matrix.Shift{
		{ID: "FRM-002", Title: "A server MUST do FRM-002.", Before: "fail", After: "pass", Better: true},
		{ID: "PUT-001", Title: "A server MUST do PUT-001.", Before: "pass", After: "fail", Worse: true},
	}
	if !slices.Equal(c.Sentences, want) || len(c.Cases) != 2 || !c.Before.Equal(start(12)) || !c.After.Equal(start(14)) {
		t.Errorf("the change is %+v", c)
	}
	if want := []matrix.Shift{{ID: "observe-crlf", Title: "What CR LF ends: splits", Before: "1", After: "2"}}; !slices.Equal(c.Choices, want) {
		t.Errorf("the choices are %+v", c.Choices)
	}
	again := run(spec.Full, "pppp")
	again.Started = start(15)
	m = matrix.New([]matrix.Entry{{Name: "other", Report: run(spec.Full, "pppp")}, {Name: "other", Report: again}})
	if c := m.Tables[0].Changes; len(c) != 1 || !c[0].IsEmpty() {
		t.Errorf("nothing changed, but %+v", c)
	}
}

func TestChoicesStandSideBySide(t *testing.T) {
	a := observed(observed(observed(run(spec.Core, "pp"), "splits", "1"), "splits", "2"), "ends", "x")
	a.Observations = append(a.Observations, report.Observation{Case: "observe-nan", Title: "NaN", Fact: report.Fact{Value: "refused"}})
	b := observed(run(spec.Core, "pf"), "other", "3")
	m := matrix.New([]matrix.Entry{{Name: "a", Report: a}, {Name: "b", Report: b}})
	var got []string
	for _, c := range m.Tables[0].Choices {
		got = append(got, c.Name+"="+strings.Join(c.Cells, ","))
	}
	if want := []string{"splits=1; 2,", "ends=x,", "other=,3", "=refused,"}; !slices.Equal(got, want) {
		t.Errorf("got %q, want %q", got, want)
	}
}

// What a target says is text wherever it stands, never markup.
func TestNothingOfATargetIsMarkup(t *testing.T) {
	const odd = "<script>alert(1)</script>|\n`x` [a](b) \x1b[31m&amp;"
	r := observed(run(spec.Full, "pf"), odd, odd)
	r.Findings[0].Failure.Want = odd
	m := matrix.New([]matrix.Entry{{Name: odd, Report: r, Reason: odd}, {Name: odd, Reason: odd}})
	page, err := m.HTML()
	if err != nil {
		t.Fatal(err)
	}
	if bytes.Contains(page, []byte("<script")) || bytes.Contains(page, []byte("ZgotmplZ")) {
		t.Errorf("the page holds a script or something that was refused:\n%s", page)
	}
	md := string(m.Markdown())
	for line := range strings.Lines(md) {
		if strings.Contains(line, "<script>") || strings.Contains(line, "\x1b") || strings.Contains(line, " `x`") {
			t.Errorf("the Markdown holds %q", line)
		}
	}
	var out bytes.Buffer
	if err := m.WriteText(&out); err != nil || strings.Contains(out.String(), "\x1b") {
		t.Errorf("the text is %q, %v", out.String(), err)
	}
}

// Each row of a table has as many cells as its head.
func TestMarkdownTablesAreWhole(t *testing.T) {
	m := matrix.New([]matrix.Entry{{Name: "a|b", Report: observed(run(spec.Full, "pfwb"), "x|y", "1|2")}, {Name: "c", Report: run(spec.Core, "p")}})
	width, tables := 0, 0
	for line := range strings.Lines(string(m.Markdown())) {
		if !strings.HasPrefix(line, "|") {
			width = 0
			continue
		}
		n := strings.Count(line, "|") - strings.Count(line, `\|`)
		if width == 0 {
			tables++
		} else if n != width {
			t.Errorf("%d bars, want %d: %s", n, width, line)
		}
		width = n
	}
	if tables != 4 {
		t.Errorf("%d tables, want 4: targets, two sections, choices", tables)
	}
}

func TestRead(t *testing.T) {
	dir := t.TempDir()
	write := func(name string, r *report.Report) string {
		path := filepath.Join(dir, name)
		if err := r.WriteFile(path); err != nil {
			t.Fatal(err)
		}
		return path
	}
	old, fresh := run(spec.Full, "pf"), run(spec.Full, "pp")
	fresh.Started = start(18)
	a, b := write("a.json", old), write("b.json", fresh)
	named := run(spec.Core, "p")
	named.Target.Name, named.Interrupted = "Named", true
	c := write("c.json", named)
	for name, text := range map[string]string{"targets.json": `{"targets":[]}`, "list.json": `[1]`, "notes.txt": "x", ".hidden.json": "{"} {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	broken := filepath.Join(t.TempDir(), "broken.json")
	if err := os.WriteFile(broken, []byte(`{"format":"putget-conform/1","cases":`), 0o600); err != nil {
		t.Fatal(err)
	}
	tests := []struct {
		name  string
		paths []string
		want  string // the names, or a part of the error
	}{
		{"Folder", []string{dir}, "a b Named"},
		{"TwoOfOneTarget", []string{a, b}, "b b"},
		{"TwoOfTwo", []string{a, c}, "a Named"},
		{"Three", []string{a, b, c}, "a b Named"},
		{"Missing", []string{filepath.Join(dir, "no.json")}, "no such file"},
		{"NoReport", []string{filepath.Join(dir, "targets.json")}, "this is no report"},
		{"OtherJSON", []string{filepath.Join(dir, "list.json")}, "this is no report"},
		{"Broken", []string{broken}, "broken.json: unexpected end"},
		{"Empty", []string{t.TempDir()}, "no report in"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			entries, err := matrix.Read(tt.paths...)
			var names []string
			for _, e := range entries {
				names = append(names, e.Name)
				if (e.Name == "Named") != (e.Reason == "interrupted") {
					t.Errorf("%s has the reason %q", e.Name, e.Reason)
				}
			}
			got := strings.Join(names, " ")
			if err != nil {
				got = err.Error()
			}
			if got != tt.want && (err == nil || !strings.Contains(got, tt.want)) {
				t.Errorf("got %q, want %q", got, tt.want)
			}
		})
	}
}

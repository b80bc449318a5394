package report_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/putget-protocol/putget/conformance/report"
)

func TestAnnotations(t *testing.T) {
	tests := []struct {
		name   string
		change func(*report.Report)
		want   []string // how the lines begin
	}{
		{"Failure", func(*report.Report) {}, []string{"::error title=PutGet%3A GET-004 get-order::not in order: want no earlier timestamp%0AA server MUST order.%0AUsually: sort"}},
		{"Warning", func(r *report.Report) {
			r.Accepted = true
			r.Findings[0].Verdict = report.Warn
		}, []string{"::warning title=PutGet%3A GET-004 "}},
		{"Known", func(r *report.Report) {
			r.Accepted = true
			r.Known = []report.Known{{ID: "GET-004", Verdict: report.Fail}}
		}, []string{"::warning title=PutGet%3A GET-004 "}},
		{"KnownPasses", func(r *report.Report) {
			r.Findings = nil
			r.Known = []report.Known{{ID: "GET-001", Verdict: report.Pass}}
		}, []string{"::error title=PutGet%3A GET-001 passed::"}},
		{"Trouble", func(r *report.Report) {
			r.Findings, r.Cases[1].Verdict, r.Cases[1].Reason = nil, report.Error, "no memory\n::error::x"
		}, []string{"::error title=PutGet%3A trouble of the judge in get-other::no memory%0A::error::x"}},
		{"Blocked", func(r *report.Report) {
			r.Findings, r.Notes = nil, []string{"100% silent, it is\r"}
		}, []string{"::error title=PutGet%3A not conformant::100%25 silent, it is%0D"}},
		{"Right", func(r *report.Report) { r.Findings, r.Conformant, r.Accepted = nil, true, true }, nil},
		{"Separators", func(r *report.Report) { r.Findings[0].Case = "a,b:c" }, []string{"::error title=PutGet%3A GET-004 a%2Cb%3Ac::"}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			r := sample()
			tt.change(r)
			got := strings.Split(strings.TrimSuffix(string(report.Annotations(r)), "\n"), "\n")
			if len(tt.want) == 0 {
				if got[0] != "" {
					t.Errorf("got %q, want none", got)
				}
				return
			}
			if len(got) != len(tt.want) {
				t.Fatalf("got %q, want %q", got, tt.want)
			}
			for i, line := range got {
				if !strings.HasPrefix(line, tt.want[i]) {
					t.Errorf("got %q, want %q", line, tt.want[i])
				}
			}
		})
	}
}

func TestAnnotationsAreNoMoreThanGitHubShows(t *testing.T) {
	r := sample()
	for len(r.Findings) < 12 {
		r.Findings = append(r.Findings, r.Findings[0])
	}
	lines := strings.Split(strings.TrimSpace(string(report.Annotations(r))), "\n")
	if len(lines) != 10 || !strings.Contains(lines[9], "3 more") {
		t.Errorf("%d lines, the last %q", len(lines), lines[len(lines)-1])
	}
}

func TestStepSummary(t *testing.T) {
	r := sample()
	r.Notes = []string{"it says ```\n# not a heading"}
	text := string(report.StepSummary(r))
	for _, want := range []string{
		"## PutGet 1.0 server: not conformant at level core\n", "| pass | 1 |\n| fail | 1 |\n", "1 of 1 requirements broken: GET-004\n",
		"````text\nit says ```\n# not a heading\n````\n", "<details><summary>FAIL GET-004: section 5.2, get</summary>\n\n```text\nFAIL",
	} {
		if !strings.Contains(text, want) {
			t.Errorf("the summary lacks %q:\n%s", want, text)
		}
	}
}

// GitHub refuses a summary of more than a mebibyte, the whole of it.
func TestStepSummaryFits(t *testing.T) {
	r := sample()
	for i := range 2000 {
		f := r.Findings[0]
		f.Requirement = fmt.Sprintf("GET-%d", i)
		r.Findings = append(r.Findings, f)
	}
	text := report.StepSummary(r)
	if len(text) > 1<<20 || !strings.Contains(string(text), "more findings are in the log") {
		t.Errorf("%d bytes, ending in %q", len(text), text[max(0, len(text)-200):])
	}
}

package report_test

import (
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"github.com/putget-protocol/putget/conformance/report"
	"github.com/putget-protocol/putget/spec"
)

var update = flag.Bool("update", false, "write the golden files of this package anew")

// checkGolden compares text with a file of testdata.
func checkGolden(t *testing.T, name, got string) {
	t.Helper()
	file := filepath.Join("testdata", name)
	if *update {
		if err := os.WriteFile(file, []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if got != string(want) {
		t.Errorf("%s has changed; if the new text is better, run go test ./conformance/report -update\n%s", file, got)
	}
}

// rich is a report with everything that a summary shows.
func rich() *report.Report {
	r := sample()
	f := &r.Findings[0]
	for i := range 20 {
		f.Also = append(f.Also, report.Trace{Case: fmt.Sprintf("get-order-%02d", i), Requirement: "GET-004", Symptom: "order", Detail: "an earlier one"})
	}
	f.Follows = []report.Trace{{Case: "get-all", Requirement: "GET-006", Symptom: "order"}}
	r.Findings = append(r.Findings, silent(), large(), wording())
	r.Cases = append(r.Cases,
		report.Case{ID: "session-split", Section: "sessions", Title: "A title that is far too long for the line of a terminal, so that it has to be cut somewhere", Verdict: report.Pass, Facts: []report.Fact{{Name: "splits", Value: "12"}}},
		report.Case{ID: "frame-split", Section: "framing", Title: "Splits", Verdict: report.Pass, Facts: []report.Fact{{Name: "splits", Value: "30"}, {Name: "samples in one reply", Value: "300"}}},
		report.Case{ID: "error-word", Section: "errors", Title: "A word", Verdict: report.Crashed, Reason: "exit status 1; its last output:\n  Traceback"},
		report.Case{ID: "session-many", Section: "sessions", Title: "Many sessions", Verdict: report.Error, Reason: "dial tcp: too many open files"},
		report.Case{ID: "observe-crlf", Section: "observed", Title: "CR LF at the end of a line", Verdict: report.Observed, Facts: []report.Fact{{Name: "splits", Value: "1"}}},
		report.Case{ID: "limit-key", Section: "limits", Title: "A key", Verdict: report.Blocked, Reason: "it needs session-two, which did not pass"},
	)
	r.Counts = report.Counts{Pass: 3, Fail: 1, Crashed: 1, Error: 1, Observed: 1, Blocked: 1}
	r.Requirements = append(r.Requirements,
		report.Requirement{ID: "GET-007", Keyword: spec.Should, Text: "A server SHOULD keep the samples of one key together in the reply to `get *`, however many there are of them.", Verdict: report.Warn, Cases: []string{"a", "b"}},
		report.Requirement{ID: "REP-014", Keyword: spec.Must, Text: "A server MUST close.", Verdict: report.Untested, Reason: "a failure in the middle of a reply cannot be brought about over the connection, whatever is sent over it"})
	r.Observations = []report.Observation{
		{Case: "observe-crlf", Title: "CR LF at the end of a line", Fact: report.Fact{Name: `"get cpu\r\n"`, Value: "error"}},
		{Case: "observe-crlf", Title: "CR LF at the end of a line", Fact: report.Fact{Name: `"put cpu 1.5 7\r\n"`, Value: "ok"}},
		{Case: "observe-order", Title: "order of keys", Fact: report.Fact{Value: "sorted"}},
	}
	r.Notes = []string{"the target died while it was observed: exit status 1; its last output:\n  a line\n  \x1b[31mred"}
	r.Target.Command = "python3 server.py {port}"
	r.Interrupted = true
	return r
}

// silent is a finding without a reply, over two connections.
func silent() report.Finding {
	return report.Finding{
		Requirement: "SES-004", Keyword: spec.Must, Section: "section 8, Sessions", Text: "A server MUST serve.", Verdict: report.Fail,
		Case: "session-two", Title: "A second session",
		Failure: report.Failure{
			Requirement: "SES-004", Verdict: report.Fail, Symptom: "no-reply", Connection: "B", Request: report.Bytes("get pgx.2.cpu\n"),
			Want: `the status line "ok\n"`, Detail: "nothing came", Allowed: []string{"ok\n\n", "<connection closed>"},
		},
		Steps: []report.Step{
			{Connection: "A", Kind: "dialed", Note: "127.0.0.1:1 to 127.0.0.1:2"},
			{Connection: "B", Kind: "dialed", Note: "127.0.0.1:3 to 127.0.0.1:2"},
			{Connection: "B", Kind: "sent", Bytes: report.Bytes("get pgx.2.cpu\n")},
			{At: report.Micros(5 * time.Second), Connection: "B", Kind: "timed-out", Note: "read reply: timeout"},
			{At: report.Micros(6 * time.Second), Connection: "A", Kind: "sent", Bytes: report.Bytes("got it\n")},
			{At: report.Micros(7 * time.Second), Connection: "A", Kind: "left"},
		},
		Also: []report.Trace{}, Follows: []report.Trace{}, Help: "use a thread", Again: `{ sleep 2; } | nc 127.0.0.1 8888`,
	}
}

// large is a finding in the midst of a long reply, in a line that is long itself.
func large() report.Finding {
	var reply, allowed strings.Builder
	reply.WriteString("ok\n")
	allowed.WriteString("ok\n")
	key := strings.Repeat("k€y", 40)
	for i := range 50 {
		fmt.Fprintf(&allowed, "%s %d.5 %d\n", key, i, i)
		if i != 30 {
			fmt.Fprintf(&reply, "%s %d.5 %d\n", key, i, i)
		} else {
			fmt.Fprintf(&reply, "%s\t%d.5 %d\n", key, i, i)
		}
	}
	reply.WriteString("\n")
	allowed.WriteString("\n")
	whole := reply.String()
	return report.Finding{
		Requirement: "REP-004", Section: "section 6, Replies", Text: "A server MUST separate.", Verdict: report.Fail, Case: "reply-large", Title: "Large",
		Failure: report.Failure{
			Symptom: "field-separator", Connection: "A", Request: report.Bytes("get " + key + "\n"), Reply: report.Bytes(whole),
			Offset: strings.Index(whole, "\t"), Want: "one SP", Allowed: []string{allowed.String()},
		},
		Steps: []report.Step{
			{Connection: "A", Kind: "sent", Bytes: report.Bytes("get " + key + "\n")},
			{Connection: "A", Kind: "received", Bytes: report.Bytes(whole[:1024]), Size: len(whole)},
		},
	}
}

// wording is a warning.
func wording() report.Finding {
	return report.Finding{
		Requirement: "REP-008", Section: "section 6, Replies", Text: "A server SHOULD write the shortest decimal.", Verdict: report.Warn, Case: "reply-shortest", Title: "Shortest",
		Failure: report.Failure{Symptom: "value-wording", Verdict: report.Warn, Want: `"10.0"`, Detail: `the value is written "10"`},
		Also:    []report.Trace{{Case: "reply-other"}},
	}
}

func printed(t *testing.T, p report.Printer, r *report.Report) string {
	t.Helper()
	var out strings.Builder
	p.W = &out
	for _, c := range r.Cases {
		if err := p.Case(c); err != nil {
			t.Fatal(err)
		}
	}
	if err := p.Summary(r); err != nil {
		t.Fatal(err)
	}
	return out.String()
}

func TestTextGolden(t *testing.T) {
	right := sample()
	right.Findings, right.Conformant, right.Counts = nil, true, report.Counts{Pass: 1}
	right.Cases = right.Cases[1:]
	tests := []struct {
		file string
		p    report.Printer
		r    *report.Report
	}{
		{"right.txt", report.Printer{}, right},
		{"failing.txt", report.Printer{}, sample()},
		{"rich.txt", report.Printer{}, rich()},
		{"verbose.txt", report.Printer{Verbose: true}, rich()},
		{"colors.txt", report.Printer{Colors: true}, sample()},
	}
	for _, tt := range tests {
		t.Run(tt.file, func(t *testing.T) { checkGolden(t, tt.file, printed(t, tt.p, tt.r)) })
	}
}

func TestExplanationGolden(t *testing.T) {
	for _, id := range []string{"FRM-004", "LEX-001", "GET-008"} {
		r, ok := spec.Find(id)
		if !ok {
			t.Fatalf("there is no %s", id)
		}
		var out strings.Builder
		if err := report.WriteExplanation(&out, r); err != nil {
			t.Fatal(err)
		}
		checkGolden(t, "explain-"+id+".txt", out.String())
	}
}

// fitsIntoATerminal: only a line of shell may be longer than a terminal is wide, as it
// is there to be copied.
func fitsIntoATerminal(t *testing.T, r *report.Report) {
	for line := range strings.Lines(printed(t, report.Printer{}, r)) {
		line = strings.TrimSuffix(line, "\n")
		if n := utf8.RuneCountInString(line); n > 100 && !strings.HasPrefix(line, "  again ") {
			t.Errorf("%d columns: %s", n, line)
		}
	}
}

func TestTextFitsIntoATerminal(t *testing.T) { fitsIntoATerminal(t, rich()) }

// The mark stands under the byte that the offset names, wherever that is.
func TestMarkStandsUnderTheByte(t *testing.T) {
	reply := "ok\n" + strings.Repeat("é", 200) + "\x00 1.5 7\nrain 2.5 8\n\n"
	for offset := range len(reply) + 1 {
		if offset < len(reply) && !utf8.RuneStart(reply[offset]) {
			continue
		}
		f := sample().Findings[0]
		f.Failure.Reply, f.Failure.Offset = report.Bytes(reply), offset
		r := sample()
		r.Findings = []report.Finding{f}
		lines := strings.Split(printed(t, report.Printer{}, r), "\n")
		marks := strings.Count(strings.Join(lines, "\n"), "^ byte ")
		if marks != 1 {
			t.Errorf("offset %d: %d marks", offset, marks)
		}
		for i, line := range lines {
			before, _, marked := strings.Cut(line, "^ byte ")
			if !marked {
				continue
			}
			at := []rune(lines[i-1])[len(before):]
			want := []rune(strings.Trim(report.Quote([]byte(reply[offset:])), `"`))
			if len(want) > 0 && at[0] != want[0] {
				t.Errorf("offset %d: the mark stands under %q, want %q", offset, string(at[0]), string(want[0]))
			}
			if len(want) == 0 && string(at) != `"` {
				t.Errorf("offset %d: the mark at the end stands under %q", offset, string(at))
			}
		}
	}
}

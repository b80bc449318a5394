package report_test

import (
	"bytes"
	"encoding/json"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"
	"time"

	"github.com/putget-protocol/putget/conformance/report"
	"github.com/putget-protocol/putget/spec"
)

// sample is a report with one failed and one passed case.
func sample() *report.Report {
	steps := []report.Step{
		{At: report.Micros(time.Millisecond), Connection: "A", Kind: "sent", Bytes: report.Bytes("put pgx.1.cpu 1.5 10\n")},
		{At: report.Micros(2 * time.Millisecond), Connection: "A", Kind: "received", Bytes: report.Bytes("ok\n\n")},
		{At: report.Micros(3 * time.Millisecond), Connection: "A", Kind: "sent", Bytes: report.Bytes("get pgx.1.cpu\n")},
		{At: report.Micros(4 * time.Millisecond), Connection: "A", Kind: "received", Bytes: report.Bytes("ok\npgx.1.cpu 1.5 10\npgx.1.cpu 2.5 9\n\n")},
	}
	failure := report.Failure{
		Requirement: "GET-004", Verdict: report.Fail, Symptom: "order", Connection: "A",
		Request: report.Bytes("get pgx.1.cpu\n"), Reply: steps[3].Bytes, Offset: 34, Want: "no earlier timestamp", Allowed: []string{"ok\n\n"},
	}
	return &report.Report{
		Format: report.Format, Suite: "1", Spec: report.Spec{Version: "1.0", SHA256: strings.Repeat("0", 64)}, Level: spec.Core, Side: spec.Server, Seed: "18446744073709551615",
		Started: time.Date(2026, 11, 24, 12, 0, 0, 0, time.UTC), Duration: report.Micros(time.Second), Target: report.Target{Addr: "127.0.0.1:8888"},
		Counts: report.Counts{Pass: 1, Fail: 1},
		Cases: []report.Case{
			{ID: "get-order", Title: "Order", Section: "get", Level: spec.Core, Requirements: []string{"GET-004"}, Verdict: report.Fail, Looks: 1, Failures: []report.Failure{failure}, Facts: []report.Fact{}, Steps: steps},
			{ID: "get-other", Title: "Other", Section: "get", Level: spec.Core, Requirements: []string{"GET-003"}, Verdict: report.Pass, Looks: 1, Failures: []report.Failure{}, Facts: []report.Fact{}, Steps: []report.Step{}},
		},
		Requirements: []report.Requirement{{ID: "GET-004", Keyword: spec.Must, Level: spec.Core, Section: "section 5.2, get", Text: "A server MUST order.", Verdict: report.Fail, Cases: []string{"get-order"}}},
		Findings: []report.Finding{{
			Requirement: "GET-004", Keyword: spec.Must, Section: "section 5.2, get", Text: "A server MUST order.", Verdict: report.Fail,
			Case: "get-order", Title: "Order", Failure: failure, Steps: steps, Also: []report.Trace{}, Follows: []report.Trace{},
			Help: "sort by the integer", Again: "printf",
		}},
		Observations: []report.Observation{}, Notes: []string{}, Known: []report.Known{},
	}
}

func TestJSONReadsBackAsTheSameReport(t *testing.T) {
	want := sample()
	want.Cases[0].Failures[0].Reply = report.Bytes("ok\n\xff\x00")
	data, err := want.JSON()
	if err != nil {
		t.Fatal(err)
	}
	var got report.Report
	if err := json.Unmarshal(data, &got); err != nil {
		t.Fatal(err)
	}
	if !reflect.DeepEqual(&got, want) {
		t.Errorf("got %+v\nwant %+v", &got, want)
	}
	if bytes.Contains(data, []byte("null")) {
		t.Errorf("a list is null:\n%s", data)
	}
}

func TestBytesAreTextOrHex(t *testing.T) {
	tests := []struct{ name, bytes, want string }{
		{"Text", "ok\n\n", `{"text":"ok\n\n"}`},
		{"NotUTF8", "get \xff\n", `{"hex":"67657420ff0a"}`},
		{"ReplacementCharacter", "\ufffd", `{"hex":"efbfbd"}`},
		{"Empty", "", `{"text":""}`},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			got, err := json.Marshal(report.Bytes(tt.bytes))
			if err != nil || string(got) != tt.want {
				t.Errorf("got %s, %v, want %s", got, err, tt.want)
			}
			var back report.Bytes
			if err := json.Unmarshal(got, &back); err != nil || string(back) != tt.bytes {
				t.Errorf("reads back as %q, %v", back, err)
			}
		})
	}
	for _, wrong := range []string{`{}`, `{"text":"a","hex":"61"}`, `{"hex":"6"}`} {
		if json.Unmarshal([]byte(wrong), new(report.Bytes)) == nil {
			t.Errorf("%s is taken", wrong)
		}
	}
}

func TestWriteFileLeavesOnlyTheWholeFile(t *testing.T) {
	dir := t.TempDir()
	name := filepath.Join(dir, "report.json")
	if err := os.WriteFile(name, []byte("old"), 0o600); err != nil {
		t.Fatal(err)
	}
	if err := sample().WriteFile(name); err != nil {
		t.Fatal(err)
	}
	entries, err := os.ReadDir(dir)
	if err != nil || len(entries) != 1 {
		t.Errorf("the folder holds %v, %v", entries, err)
	}
	data, err := os.ReadFile(name)
	if err != nil || !json.Valid(data) {
		t.Errorf("the file holds %q, %v", data, err)
	}
	if err := sample().WriteFile(filepath.Join(dir, "no", "report.json")); err == nil {
		t.Error("a file in a folder that does not exist is written")
	}
}

func TestHelpIsAClauseForEveryRequirement(t *testing.T) {
	for _, r := range spec.Requirements() {
		text := report.Help(r.ID)
		switch {
		case text == "":
			t.Errorf("%s: no help", r.ID)
		case strings.HasSuffix(text, ".") || strings.ToLower(text[:1]) != text[:1]:
			t.Errorf("%s: help is a clause in lower case without a full stop, not %q", r.ID, text)
		}
	}
}

func TestCountsCoverEveryVerdictOfACase(t *testing.T) {
	var c report.Counts
	for _, v := range report.Verdicts() {
		c.Add(v)
		if got := c.Of(v); got != 1 && v != report.Untested {
			t.Errorf("Of(%s) = %d", v, got)
		}
	}
}

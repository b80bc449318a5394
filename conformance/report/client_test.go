package report_test

import (
	"bytes"
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/putget-protocol/putget/conformance/report"
	"github.com/putget-protocol/putget/spec"
)

// call and answer are steps of the lane of an adapter.
func call(line string) report.Step {
	return report.Step{Connection: "client", Kind: "called", Note: line}
}

func answer(line string) report.Step {
	return report.Step{Connection: "client", Kind: "answered", Note: line}
}

// bareSteps are those of a client whose bare error gets out.
func bareSteps() []report.Step {
	return []report.Step{
		call(`{"op":"open","args":["127.0.0.1",40213,5]}`),
		{At: report.Micros(time.Millisecond), Connection: "A", Kind: "accepted", Note: "127.0.0.1:40213 from 127.0.0.1:1"},
		answer(`{"ok":null}`),
		call(`{"op":"get","args":["palm.cpu"]}`),
		step("A", "received", "get palm.cpu\n"),
		step("A", "sent", "ok\npalm.cpu one 7\n\n"),
		answer(`{"crash":"ValueError: could not convert string to float: 'one'"}`),
		call(`{"op":"get","args":["wind.speed"]}`),
		step("A", "closed", ""),
		{At: report.Micros(5 * time.Second), Connection: "A", Kind: "left"},
	}
}

// clientSample is a report on a client with a finding of each shape.
func clientSample() *report.Report {
	r := sample()
	r.Side = spec.Client
	r.Target = report.Target{Command: "the Client of solution.py", Starting: report.Micros(40 * time.Millisecond), Latency: report.Micros(time.Millisecond)}
	steps := bareSteps()
	bare := report.Failure{
		Requirement: "CLI-022", Verdict: report.Fail, Symptom: "bare-error", Connection: "A", Allowed: []string{},
		Call: steps[3].Note, Answer: steps[6].Note, Request: steps[4].Bytes, Reply: steps[5].Bytes, Offset: len(steps[5].Bytes),
		Want: "the client's own error", Detail: "a bare error: ValueError: could not convert string to float: 'one'\n  File \"solution.py\", line 9",
	}
	hangs := report.Failure{
		Requirement: "CLI-023", Verdict: report.Fail, Symptom: "hangs", Connection: "client", Allowed: []string{},
		Call: steps[7].Note, Want: "the client's own error", Detail: "no answer came, and the process does nothing",
	}
	again := report.ClientReproduction{Flag: "--python", Source: "solution.py", Level: spec.Full, Case: "client-value-word", Seed: "7", Steps: steps}
	r.Findings = []report.Finding{
		{
			Requirement: "CLI-022", Keyword: spec.Must, Section: "section 10.3, Replies", Text: "A client MUST fail cleanly.", Verdict: report.Fail,
			Case: "client-value-word", Title: "A value of letters", Failure: bare, Steps: steps, Also: []report.Trace{}, Follows: []report.Trace{},
			Help: report.Help("CLI-022"), Again: again.Shell(), ByHand: again.ByHand(),
		},
		{
			Requirement: "CLI-023", Keyword: spec.Must, Section: "section 10.3, Replies", Text: "A client MUST fail cleanly.", Verdict: report.Fail,
			Case: "client-closed", Title: "The server closes", Failure: hangs, Steps: steps[7:], Also: []report.Trace{}, Follows: []report.Trace{},
			Help: report.Help("CLI-023"), Again: again.Shell(),
		},
	}
	r.Cases[0] = report.Case{
		ID: "client-value-word", Title: "A value of letters", Section: "form", Level: spec.Core, Requirements: []string{"CLI-022"},
		Verdict: report.Fail, Looks: 1, Failures: []report.Failure{bare}, Facts: []report.Fact{}, Steps: steps,
	}
	r.Cases[1].Title, r.Cases[1].Requirements = "Another", []string{"CLI-014"}
	r.Requirements = []report.Requirement{{ID: "CLI-022", Keyword: spec.Must, Level: spec.Core, Section: "section 10.3, Replies", Text: "A client MUST fail cleanly.", Verdict: report.Fail, Cases: []string{"client-value-word"}}}
	return r
}

func TestTextOfClients(t *testing.T) {
	checkGolden(t, "client.txt", printed(t, report.Printer{}, clientSample()))
	checkGolden(t, "client-verbose.txt", printed(t, report.Printer{Verbose: true}, clientSample()))
	var out strings.Builder
	r, _ := spec.Find("CLI-023")
	if err := report.WriteExplanation(&out, r); err != nil {
		t.Fatal(err)
	}
	checkGolden(t, "explain-CLI-023.txt", out.String())
}

// What a client is called with and answers may be long, or no JSON.
func TestTextOfClientsFitsIntoATerminal(t *testing.T) {
	r := clientSample()
	long := strings.Repeat("k€y", 60)
	for i := range r.Findings {
		f := &r.Findings[i]
		f.Steps = slices.Clone(f.Steps)
		for j := range f.Steps {
			f.Steps[j].Note = strings.ReplaceAll(f.Steps[j].Note, "palm.cpu", long)
		}
		f.Failure.Call = `{"op":"get","args":["` + long + `"]}`
		f.Failure.Answer = `{"ok":{"` + long + "\x1b[31m"
		f.Failure.Reply = report.Bytes("ok\n" + strings.Repeat(long+" 1.5 7\n", 20) + "\n")
		f.Failure.Want = long
		f.ByHand = nil
	}
	fitsIntoATerminal(t, r)
	if text := printed(t, report.Printer{}, r); strings.Contains(text, "\x1b") {
		t.Errorf("the text drives the terminal:\n%q", text)
	}
}

func TestReportOfClientsIsValid(t *testing.T) {
	r := clientSample()
	isValid(t, r)
	data, err := r.JSON()
	if err != nil {
		t.Fatal(err)
	}
	var back report.Report
	if err := json.Unmarshal(data, &back); err != nil {
		t.Fatal(err)
	}
	if f := back.Findings[0]; f.Failure.Call != r.Findings[0].Failure.Call || f.Failure.Answer == "" || len(f.ByHand) != 1 || back.Target.Starting == 0 {
		t.Errorf("it reads back as %+v", f)
	}
}

func TestJUnitOfClientsHasNoFolders(t *testing.T) {
	r := clientSample()
	r.Target.Command = "the Client of /home/me/solution.py"
	for i := range r.Findings {
		r.Findings[i].Again = strings.ReplaceAll(r.Findings[i].Again, "solution.py", "/home/me/solution.py")
	}
	var out bytes.Buffer
	if err := report.JUnit(&out, r); err != nil {
		t.Fatal(err)
	}
	text := out.String()
	if strings.Contains(text, "/home/me") || !strings.Contains(text, "solution.py") || !strings.Contains(text, "CLI-022") || !strings.Contains(text, `name="side" value="client"`) {
		t.Errorf("got\n%s", text)
	}
}

func TestReproductionOfClients(t *testing.T) {
	r := report.ClientReproduction{Flag: "--node", Source: "it's.mjs", Level: spec.Core, Case: "client-open", Seed: "7", Steps: bareSteps()}
	if got, want := r.Shell(), `putget-conform client --node 'it'\''s.mjs' --level core --run client-open --seed 7 -v`; got != want {
		t.Errorf("got  %s\nwant %s", got, want)
	}
	many := []report.Step{call(`{"op":"open","args":["127.0.0.1",1]}`)}
	for range 20 {
		many = append(many, call(`{"op":"get","args":["palm.cpu"]}`))
	}
	tests := []struct {
		name  string
		steps []report.Step
		lines int
	}{
		{"Plain", bareSteps(), 1},
		{"NoSteps", nil, 0},
		{"OnlyTheLastSteps", bareSteps()[3:], 0},
		{"TooManyCalls", many, 0},
		{"TwoConnections", append(bareSteps(), step("B", "accepted", "")), 4},
		{"Reset", append(bareSteps(), step("A", "cut", "")), 4},
		{"NeverConnected", bareSteps()[:1], 2},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			r.Steps = tt.steps
			if got := r.ByHand(); len(got) != tt.lines {
				t.Errorf("got %d lines, want %d:\n%s", len(got), tt.lines, strings.Join(got, "\n"))
			}
		})
	}
}

// The line does in every shell what the case did: nc is given the replies, and the adapter
// the calls.
func TestByHandPlaysTheCase(t *testing.T) {
	for _, name := range []string{"sh", "bash", "dash"} {
		sh, err := exec.LookPath(name)
		if err != nil {
			continue
		}
		t.Run(name, func(t *testing.T) {
			out := filepath.Join(t.TempDir(), "calls")
			r := report.ClientReproduction{Flag: "--exec", Source: "cat >" + out, Level: spec.Core, Case: "x", Steps: bareSteps()}
			lines := r.ByHand()
			if len(lines) != 1 {
				t.Fatalf("got %q", lines)
			}
			sent, arguments := runShell(t, sh, lines[0]+"; wait")
			if len(sent) != 1 || sent[0] != "ok\npalm.cpu one 7\n\n" || strings.TrimSpace(arguments[0]) != "-l 127.0.0.1 8888" {
				t.Errorf("nc %q is given %q", arguments, sent)
			}
			calls, err := os.ReadFile(out)
			want := `{"op":"open","args":["127.0.0.1",8888,5]}` + "\n" + `{"op":"get","args":["palm.cpu"]}` + "\n" + `{"op":"get","args":["wind.speed"]}` + "\n"
			if err != nil || string(calls) != want {
				t.Errorf("the adapter is given %q, %v, want %q", calls, err, want)
			}
		})
	}
}

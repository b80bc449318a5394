package report_test

import (
	"bytes"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/putget-protocol/putget/conformance/report"
)

// What is read back of a file, by what GitLab and Jenkins document.
type suitesXML struct {
	XMLName xml.Name   `xml:"testsuites"`
	Suites  []suiteXML `xml:"testsuite"`
	Tests   int        `xml:"tests,attr"`
}

type suiteXML struct {
	Name     string    `xml:"name,attr"`
	Tests    int       `xml:"tests,attr"`
	Failures int       `xml:"failures,attr"`
	Errors   int       `xml:"errors,attr"`
	Skipped  int       `xml:"skipped,attr"`
	Time     string    `xml:"time,attr"`
	Cases    []caseXML `xml:"testcase"`
}

type caseXML struct {
	Class   string      `xml:"classname,attr"`
	Name    string      `xml:"name,attr"`
	Time    string      `xml:"time,attr"`
	File    string      `xml:"file,attr"`
	Failure []reasonXML `xml:"failure"`
	Error   []reasonXML `xml:"error"`
	Skipped []reasonXML `xml:"skipped"`
	Output  string      `xml:"system-out"`
}

type reasonXML struct {
	Message string `xml:"message,attr"`
	Type    string `xml:"type,attr"`
	Text    string `xml:",chardata"`
}

func junit(t *testing.T, r *report.Report) (string, suitesXML) {
	t.Helper()
	var out bytes.Buffer
	if err := report.JUnit(&out, r); err != nil {
		t.Fatal(err)
	}
	var all suitesXML
	if err := xml.Unmarshal(out.Bytes(), &all); err != nil {
		t.Fatalf("%v\n%s", err, out.String())
	}
	return out.String(), all
}

func TestJUnitGolden(t *testing.T) {
	r := rich()
	for i := range r.Cases {
		r.Cases[i].Duration = report.Micros(time.Duration(i) * 1500 * time.Microsecond)
	}
	text, _ := junit(t, r)
	checkGolden(t, "rich.xml", text)
}

func TestJUnitCountsWhatItHolds(t *testing.T) { isCountedInJUnit(t, rich()) }

func isCountedInJUnit(t *testing.T, r *report.Report) {
	text, all := junit(t, r)
	seen := make(map[string]bool)
	total := 0
	for _, s := range all.Suites {
		failures, errs, skipped := 0, 0, 0
		for _, c := range s.Cases {
			failures, errs, skipped = failures+len(c.Failure), errs+len(c.Error), skipped+len(c.Skipped)
			if seen[c.Class+c.Name] || c.Name == "" || c.Class == "" {
				t.Errorf("the case %s %s is not named, or there twice", c.Class, c.Name)
			}
			seen[c.Class+c.Name] = true
			if !timeRE.MatchString(c.Time) || c.File != "" {
				t.Errorf("%s has time %q and file %q", c.Name, c.Time, c.File)
			}
			if len(c.Failure)+len(c.Error)+len(c.Skipped) > 1 {
				t.Errorf("%s ends in several ways", c.Name)
			}
		}
		if s.Tests != len(s.Cases) || s.Failures != failures || s.Errors != errs || s.Skipped != skipped {
			t.Errorf("the suite %s says %d, %d, %d, %d and holds %d, %d, %d, %d",
				s.Name, s.Tests, s.Failures, s.Errors, s.Skipped, len(s.Cases), failures, errs, skipped)
		}
		total += s.Tests
	}
	if total != len(r.Cases) || all.Tests != total {
		t.Errorf("%d tests of %d cases, and %d said", total, len(r.Cases), all.Tests)
	}
	if strings.Contains(text, "\ufffd") {
		t.Error("a byte was not escaped")
	}
}

var timeRE = regexp.MustCompile(`^[0-9]+\.[0-9]{3}$`)

func TestJUnitSaysWhatWasBroken(t *testing.T) {
	_, all := junit(t, rich())
	found := make(map[string]caseXML)
	for _, s := range all.Suites {
		for _, c := range s.Cases {
			id, _, _ := strings.Cut(c.Name, ":")
			found[id] = c
		}
	}
	order := found["get-order"]
	if len(order.Failure) != 1 || order.Failure[0].Type != "GET-004" || !strings.Contains(order.Failure[0].Text, "A server MUST order.") {
		t.Errorf("a failure is %+v", order.Failure)
	}
	if c := found["error-word"]; len(c.Error) != 1 {
		t.Errorf("a crash is %+v", c)
	}
	if c := found["session-many"]; len(c.Error) != 1 || c.Error[0].Type != "judge" {
		t.Errorf("trouble of the judge is %+v", c)
	}
	if c := found["limit-key"]; len(c.Skipped) != 1 || c.Skipped[0].Message == "" {
		t.Errorf("a blocked case is %+v", c)
	}
	if c := found["observe-crlf"]; !strings.Contains(c.Output, "splits: 1") {
		t.Errorf("the output of an observation is %q", c.Output)
	}
}

// Whatever a target or a case says, the file is XML, by the rules of XML 1.0.
func TestJUnitIsXMLWhateverTheBytes(t *testing.T) {
	for c := range 256 {
		odd := fmt.Sprintf("<&>\"'%c]]>\x00\x1b[31m%s", rune(c), string([]byte{byte(c)}))
		r := rich()
		r.Cases[0].Title, r.Cases[0].Failures[0].Want, r.Cases[0].Failures[0].Detail = odd, odd, odd
		r.Cases[0].Failures[0].Reply = report.Bytes(odd)
		r.Cases[0].Steps[0].Bytes = report.Bytes(odd)
		r.Cases[5].Reason = odd
		r.Cases[6].Facts[0].Value = odd
		text, _ := junit(t, r)
		d := xml.NewDecoder(strings.NewReader(text))
		for {
			if _, err := d.Token(); errors.Is(err, io.EOF) {
				break
			} else if err != nil {
				t.Fatalf("byte %d: %v", c, err)
			}
		}
	}
}

func TestJUnitHasNoFoldersOfTheMachine(t *testing.T) {
	r := rich()
	r.Target.Command = "/home/me/server --port {port}"
	died := "exit status 1; its last output:\n  File \"/home/me/src/server.py\", line 3\n  /usr/lib/python3/x.py:3: bad"
	f := &r.Cases[0].Failures[0]
	f.Symptom, f.Detail, f.Verdict = "crashed", died, report.Crashed
	r.Cases[0].Verdict, r.Cases[0].Reason = report.Crashed, died
	r.Findings[0].Again = report.Reproduction{Addr: "127.0.0.1:1", Flag: "--exec", Source: r.Target.Command, Case: "get-order"}.Shell()
	text, _ := junit(t, r)
	for _, folder := range []string{"/home", "/usr", "me/"} {
		if strings.Contains(text, folder) {
			t.Errorf("the file holds %q:\n%s", folder, text)
		}
	}
	for _, want := range []string{"server.py", "x.py:3: bad", "--exec 'CMD'"} {
		if !strings.Contains(text, want) {
			t.Errorf("the file lacks %q:\n%s", want, text)
		}
	}
}

func TestJUnitNamesAPythonFileWithoutItsFolder(t *testing.T) {
	r := rich()
	r.Findings[0].Again = report.Reproduction{Addr: "127.0.0.1:1", Flag: "--python", Source: "/home/me/it's mine/server.py", Case: "get-order"}.Shell()
	if text, _ := junit(t, r); strings.Contains(text, "/home") || !strings.Contains(text, "--python 'server.py'") {
		t.Errorf("the file holds\n%s", text)
	}
}

package report_test

import (
	"encoding/xml"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"github.com/putget-protocol/putget/conformance/report"
)

// What GitLab shows of a test. It takes the status and the text from the first of failure,
// error and skipped that is there, the attachment from the output, and the rest from
// attributes; two tests of one key it takes for one.
type gitlabTest struct {
	suite, class, name, file string
	time                     float64
	status, text, output     string
}

func (g gitlabTest) key() string { return g.suite + "_" + g.class + "_" + g.name + "_" + g.file }

// readAsGitLab reads the elements and attributes that GitLab documents for JUnit files,
// and none besides.
func readAsGitLab(t *testing.T, text string) []gitlabTest {
	t.Helper()
	var all struct {
		XMLName xml.Name `xml:"testsuites"`
		Suites  []struct {
			Name     string `xml:"name,attr"`
			Tests    *int   `xml:"tests,attr"`
			Failures *int   `xml:"failures,attr"`
			Errors   *int   `xml:"errors,attr"`
			Skipped  *int   `xml:"skipped,attr"`
			Time     string `xml:"time,attr"`
			Cases    []struct {
				Class   string     `xml:"classname,attr"`
				Name    string     `xml:"name,attr"`
				File    string     `xml:"file,attr"`
				Time    string     `xml:"time,attr"`
				Failure *reasonXML `xml:"failure"`
				Error   *reasonXML `xml:"error"`
				Skipped *reasonXML `xml:"skipped"`
				Output  string     `xml:"system-out"`
			} `xml:"testcase"`
		} `xml:"testsuite"`
	}
	if err := xml.Unmarshal([]byte(text), &all); err != nil {
		t.Fatal(err)
	}
	var tests []gitlabTest
	for _, s := range all.Suites {
		if s.Name == "" || s.Tests == nil || s.Failures == nil || s.Errors == nil || s.Skipped == nil || !isSeconds(s.Time) {
			t.Errorf("the suite %q lacks a name, a count or a time", s.Name)
		}
		for _, c := range s.Cases {
			g := gitlabTest{suite: s.Name, class: c.Class, name: c.Name, file: c.File, status: "success", output: c.Output}
			switch {
			case c.Failure != nil:
				g.status, g.text = "failed", c.Failure.Text
			case c.Error != nil:
				g.status, g.text = "error", c.Error.Text
			case c.Skipped != nil:
				g.status, g.text = "skipped", c.Skipped.Message
			}
			if !isSeconds(c.Time) {
				t.Errorf("%s: the time is %q", c.Name, c.Time)
			}
			g.time, _ = strconv.ParseFloat(c.Time, 64)
			tests = append(tests, g)
		}
	}
	return tests
}

func isSeconds(text string) bool { return regexp.MustCompile(`^[0-9]+(\.[0-9]+)?$`).MatchString(text) }

func TestGitLabReadsJUnit(t *testing.T) {
	r := rich()
	r.Cases[0].Duration = report.Micros(1500e6)
	text, _ := junit(t, r)
	found := make(map[string]gitlabTest)
	keys := make(map[string]bool)
	for _, g := range readAsGitLab(t, text) {
		if keys[g.key()] {
			t.Errorf("GitLab takes %q for one test, and it is there twice", g.key())
		}
		keys[g.key()] = true
		id, title, _ := strings.Cut(g.name, ": ")
		found[id] = g
		if g.class == "" || title == "" || strings.Contains(g.output, "[[ATTACHMENT|") {
			t.Errorf("the test is %+v", g)
		}
	}
	if len(found) != len(r.Cases) {
		t.Errorf("%d tests of %d cases", len(found), len(r.Cases))
	}
	want := map[report.Verdict]string{
		report.Pass: "success", report.Warn: "success", report.Observed: "success", report.Fail: "failed",
		report.Crashed: "error", report.Error: "error", report.Blocked: "skipped", report.Unsupported: "skipped",
	}
	for _, c := range r.Cases {
		g := found[c.ID]
		if g.status != want[c.Verdict] {
			t.Errorf("%s is %s, and GitLab shows %q, want %q", c.ID, c.Verdict, g.status, want[c.Verdict])
		}
		if g.status != "success" && strings.TrimSpace(g.text) == "" {
			t.Errorf("%s: GitLab shows no text", c.ID)
		}
	}
	if g := found[r.Cases[0].ID]; g.time != 1.5 || !strings.Contains(g.text, "A server MUST") || !strings.Contains(g.text, "\n") {
		t.Errorf("the first test is %+v", g)
	}
}

package report

import (
	"encoding/xml"
	"fmt"
	"io"
	"path"
	"regexp"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/putget-protocol/putget/spec"
)

// JUnit writes the report in the XML that JUnit made common, as GitLab and Jenkins read
// it: a suite for each section, a test for each case. A failure has the requirement that
// was broken for its type, and the block of the finding for its text. A crash is an
// error, and so is trouble of the judge's own; what is blocked or unsupported is skipped.
// Warnings and observations are the output of a test that passed.
//
// The names of tests do not change from run to run. Nothing in the file depends on the
// folders of the machine: there is neither the command of the target nor a file of ours,
// and the output of a target that died is shown without its folders. Bytes that XML
// cannot hold are escaped or become U+FFFD. The error is that of w.
func JUnit(w io.Writer, r *Report) error {
	all := junitSuites{Name: "putget-conform", Time: seconds(r.Duration)}
	for _, c := range r.Cases {
		i := slices.IndexFunc(all.Suites, func(s *junitSuite) bool { return s.Name == c.Section })
		if i < 0 {
			i = len(all.Suites)
			all.Suites = append(all.Suites, &junitSuite{
				Name: c.Section, Timestamp: r.Started.UTC().Format("2006-01-02T15:04:05"), Properties: properties(r),
			})
		}
		all.Suites[i].add(junitOf(c, r), c.Duration)
	}
	for _, s := range all.Suites {
		s.Time = seconds(s.duration)
		all.Tests += s.Tests
		all.Failures += s.Failures
		all.Errors += s.Errors
		all.Skipped += s.Skipped
	}
	if _, err := io.WriteString(w, xml.Header); err != nil {
		return fmt.Errorf("report: %w", err)
	}
	e := xml.NewEncoder(w)
	e.Indent("", "  ")
	if err := e.Encode(all); err != nil {
		return fmt.Errorf("report: %w", err)
	}
	_, err := io.WriteString(w, "\n")
	return err
}

type junitSuites struct {
	XMLName xml.Name `xml:"testsuites"`
	Name    string   `xml:"name,attr"`
	junitCounts
	Time   string        `xml:"time,attr"`
	Suites []*junitSuite `xml:"testsuite"`
}

type junitCounts struct {
	Tests    int `xml:"tests,attr"`
	Failures int `xml:"failures,attr"`
	Errors   int `xml:"errors,attr"`
	Skipped  int `xml:"skipped,attr"`
}

type junitSuite struct {
	Name string `xml:"name,attr"`
	junitCounts
	Time       string          `xml:"time,attr"`
	Timestamp  string          `xml:"timestamp,attr"`
	Properties []junitProperty `xml:"properties>property"`
	Cases      []junitCase     `xml:"testcase"`

	duration Micros
}

type junitProperty struct {
	Name  string `xml:"name,attr"`
	Value string `xml:"value,attr"`
}

type junitCase struct {
	Class   string       `xml:"classname,attr"`
	Name    string       `xml:"name,attr"`
	Time    string       `xml:"time,attr"`
	Skipped *junitReason `xml:"skipped"`
	Failure *junitReason `xml:"failure"`
	Error   *junitReason `xml:"error"`
	Output  *junitText   `xml:"system-out"`
}

type junitReason struct {
	Message string `xml:"message,attr"`
	Type    string `xml:"type,attr,omitempty"`
	Text    string `xml:",cdata"`
}

type junitText struct {
	Text string `xml:",cdata"`
}

func (s *junitSuite) add(c junitCase, d Micros) {
	s.Cases = append(s.Cases, c)
	s.duration += d
	s.Tests++
	switch {
	case c.Failure != nil:
		s.Failures++
	case c.Error != nil:
		s.Errors++
	case c.Skipped != nil:
		s.Skipped++
	}
}

func properties(r *Report) []junitProperty {
	return []junitProperty{
		{"suite", r.Suite},
		{"specification", r.Spec.Version},
		{"specification.sha256", r.Spec.SHA256},
		{"level", string(r.Level)},
		{"side", string(r.Side)},
		{"seed", r.Seed},
	}
}

func seconds(d Micros) string { return fmt.Sprintf("%.3f", time.Duration(d).Seconds()) }

func junitOf(c Case, r *Report) junitCase {
	out := junitCase{Class: "putget." + c.Section, Name: c.ID + ": " + c.Title, Time: seconds(c.Duration)}
	reason, output := withoutFolders(c.Reason), ""
	switch c.Verdict {
	case Fail:
		out.Failure = junitFailure(c, r)
	case Crashed:
		out.Error = junitFailure(c, r)
	case Error:
		out.Error = &junitReason{Message: headline(reason), Type: "judge", Text: plain(reason)}
	case Blocked, Unsupported:
		out.Skipped = &junitReason{Message: headline(reason), Type: string(c.Verdict)}
	case Warn:
		output = blocks(c, r)
	}
	for _, f := range c.Facts {
		output += strings.TrimPrefix(f.Name+": ", ": ") + withoutFolders(f.Value) + "\n"
	}
	if output != "" {
		out.Output = &junitText{plain(output)}
	}
	return out
}

// junitFailure is about the first failure that is more than a warning; its text shows
// all of them.
func junitFailure(c Case, r *Report) *junitReason {
	i := slices.IndexFunc(c.Failures, func(f Failure) bool { return f.Verdict != Warn })
	if i < 0 {
		reason := withoutFolders(c.Reason)
		return &junitReason{Message: headline(reason), Type: "unknown", Text: plain(reason)}
	}
	f := c.Failures[i]
	return &junitReason{Message: symptomWords(f.Symptom) + ": want " + f.Want, Type: f.Requirement, Text: plain(blocks(c, r))}
}

// plain puts U+FFFD in place of what XML 1.0 has no room for. Package xml does so itself,
// but not in CDATA, without which the lines of a text would be one.
func plain(text string) string {
	return strings.Map(func(r rune) rune {
		switch {
		case r == '\t', r == '\n', r >= ' ' && r <= 0xD7FF, r >= 0xE000 && r < 0xFFFE, r >= 0x10000:
			return r
		default:
			return utf8.RuneError
		}
	}, text)
}

// blocks writes the failures of a case as the text of a terminal shows findings.
func blocks(c Case, r *Report) string {
	var b strings.Builder
	p := Printer{W: &b}
	for _, f := range c.Failures {
		finding := Finding{
			Requirement: f.Requirement, Verdict: f.Verdict, Case: c.ID, Title: c.Title,
			Failure: f, Steps: c.Steps, Help: Help(f.Requirement),
		}
		finding.Failure.Detail = withoutFolders(f.Detail)
		for _, q := range r.Requirements {
			if q.ID == f.Requirement {
				finding.Section, finding.Text = q.Section, q.Text
			}
		}
		for _, known := range r.Findings {
			if known.Requirement == f.Requirement && known.Case == c.ID {
				finding.Again = withoutSource(known.Again)
				if r.Side == spec.Client {
					finding.Again = withoutFolders(finding.Again)
				}
			}
		}
		p.finding(&b, finding)
	}
	return b.String()
}

// sourceRE matches a flag that names what was started, and the text behind it, quoted
// as shellQuote does.
var sourceRE = regexp.MustCompile(`(--[a-z]+) '((?:[^']|'\\'')*)'`)

// withoutSource leaves out of a line of shell where on this machine the target is.
func withoutSource(again string) string {
	return sourceRE.ReplaceAllStringFunc(again, func(text string) string {
		m := sourceRE.FindStringSubmatch(text)
		if m[1] == "--exec" {
			return m[1] + " 'CMD'"
		}
		return m[1] + " '" + path.Base(m[2]) + "'"
	})
}

var foldersRE = regexp.MustCompile(`(^|[\s"'(=:])(?:/[^/\s"'():]+)*/([^/\s"'():]+)`)

// withoutFolders leaves only the last name of each absolute path in what a target wrote.
func withoutFolders(text string) string { return foldersRE.ReplaceAllString(text, "$1$2") }

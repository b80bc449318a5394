package report

import (
	"bytes"
	"fmt"
	"slices"
	"strings"
)

// Limits of GitHub: of a step it shows so many annotations of a kind, and takes a summary
// of so many bytes.
const (
	mostAnnotations = 10
	mostSummary     = 1 << 20
)

// Annotations returns the workflow commands by which GitHub Actions shows what is wrong
// beside a run: an error for each finding, a warning for each breach of a SHOULD and for
// what was known to fail. Of more than GitHub shows the last one counts the rest.
func Annotations(r *Report) []byte {
	var errs, warnings []annotation
	for _, f := range r.Findings {
		a := annotation{f.Requirement + " " + f.Case, symptomWords(f.Failure.Symptom) + ": want " + f.Failure.Want + "\n" + f.Text}
		if f.Help != "" {
			a.text += "\nUsually: " + f.Help
		}
		if f.Verdict == Warn || r.isKnown(f) {
			warnings = append(warnings, a)
		} else {
			errs = append(errs, a)
		}
	}
	for _, c := range r.Cases {
		if c.Verdict == Error {
			errs = append(errs, annotation{"trouble of the judge in " + c.ID, c.Reason})
		}
	}
	for _, k := range r.Known {
		if k.Verdict == Pass {
			errs = append(errs, annotation{k.ID + " passed", "it was known to fail: take it off the list"})
		}
	}
	if !r.Accepted && len(errs) == 0 {
		errs = append(errs, annotation{string(r.Outcome()), strings.Join(r.Notes, "\n")})
	}
	var out bytes.Buffer
	annotate(&out, "error", errs)
	annotate(&out, "warning", warnings)
	return out.Bytes()
}

// Trouble returns the workflow command that says why there is no report.
func Trouble(err error) []byte {
	var out bytes.Buffer
	annotate(&out, "error", []annotation{{"nothing was judged", err.Error()}})
	return out.Bytes()
}

type annotation struct{ title, text string }

func annotate(out *bytes.Buffer, kind string, all []annotation) {
	for i, a := range all {
		if i == mostAnnotations-1 && len(all) > mostAnnotations {
			a = annotation{fmt.Sprintf("%d more", len(all)-i), "the summary of the step lists them all"}
		}
		if i < mostAnnotations {
			fmt.Fprintf(out, "::%s title=%s::%s\n", kind, githubProperty("PutGet: "+a.title), githubText(a.text))
		}
	}
}

// githubText escapes what would end a workflow command.
func githubText(text string) string {
	return strings.NewReplacer("%", "%25", "\r", "%0D", "\n", "%0A").Replace(text)
}

// githubProperty escapes what would end the value of a property, too.
func githubProperty(text string) string {
	return strings.NewReplacer(":", "%3A", ",", "%2C").Replace(githubText(text))
}

// isKnown reports whether a finding was known to fail.
func (r *Report) isKnown(f Finding) bool {
	return slices.ContainsFunc(r.Known, func(k Known) bool { return k.ID == f.Requirement || k.ID == f.Case })
}

// StepSummary returns the report in the Markdown of the summary of a step of GitHub
// Actions: the outcome, the counts, and each finding as its block. It is smaller than
// GitHub's limit; what has no room is counted.
func StepSummary(r *Report) []byte {
	var out bytes.Buffer
	fmt.Fprintf(&out, "## PutGet %s %s: %s at level %s\n\n", r.Spec.Version, r.Side, r.Outcome(), r.Level)
	if r.Target.Name != "" {
		fmt.Fprintf(&out, "%s\n", fenced(r.Target.Name+"\n"))
	}
	out.WriteString("| Cases | |\n| --- | ---: |\n")
	for _, v := range Verdicts() {
		if n := r.Counts.Of(v); n > 0 {
			fmt.Fprintf(&out, "| %s | %d |\n", v, n)
		}
	}
	if broken := r.brokenIDs(); len(broken) > 0 {
		fmt.Fprintf(&out, "\n%d of %d requirements broken: %s\n", len(broken), len(r.Requirements), strings.Join(broken, " "))
	}
	for _, note := range r.Notes {
		fmt.Fprintf(&out, "\n%s", fenced(note+"\n"))
	}
	for i, f := range r.Findings {
		block := fmt.Sprintf("\n<details><summary>%s %s: %s</summary>\n\n%s\n</details>\n",
			strings.ToUpper(string(f.Verdict)), f.Requirement, f.Section, fenced(plain(Block(f))))
		const room = 200 // for the last line
		if out.Len()+len(block) > mostSummary-room {
			fmt.Fprintf(&out, "\n%d more findings are in the log.\n", len(r.Findings)-i)
			break
		}
		out.WriteString(block)
	}
	return out.Bytes()
}

// fenced puts a text between fences that are longer than any in it.
func fenced(text string) string {
	fence := "```"
	for strings.Contains(text, fence) {
		fence += "`"
	}
	return fence + "text\n" + strings.TrimRight(text, "\n") + "\n" + fence + "\n"
}

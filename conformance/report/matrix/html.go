package matrix

import (
	"bytes"
	_ "embed" // for the page
	"fmt"
	"html/template"

	"github.com/putget-protocol/putget/conformance/report"
)

var (
	//go:embed page.html
	pageHTML string
	//go:embed style.css
	pageCSS string
)

// HTML returns the matrix as one page that needs nothing else: no network, no script. The
// error is one of the template, which is a defect of this package.
func (m *Matrix) HTML() ([]byte, error) {
	t, err := template.New("page").Funcs(template.FuncMap{
		"css":     func() template.CSS { return template.CSS(pageCSS) },
		"heading": heading,
		"sign":    sign,
		"word":    word,
		"class":   class,
		"label":   Choice.label,
		"score":   Column.score,
		"verdict": Column.verdict,
		"percent": func(c Column) string { return fmt.Sprintf("%.0f%%", c.Share()*100) },
		"when":    when,
		"sum":     Change.sum,
		"groups":  groups,
		"signed":  signed,
	}).Parse(pageHTML)
	if err != nil {
		return nil, fmt.Errorf("matrix: %w", err)
	}
	var out bytes.Buffer
	if err := t.Execute(&out, m); err != nil {
		return nil, fmt.Errorf("matrix: %w", err)
	}
	return out.Bytes(), nil
}

// class names the style of a verdict or an outcome.
func class(of any) string {
	switch v := of.(type) {
	case report.Verdict:
		return "v-" + string(v)
	case report.Outcome:
		switch v {
		case report.Conforms:
			return "v-pass"
		case report.Breaks:
			return "v-fail"
		case report.Accepts:
			return "v-warn"
		}
	}
	return "v-none"
}

// A group is the changes of one kind.
type group struct {
	Title  string
	Shifts []Shift
}

func groups(c Change) []group {
	return []group{{"Requirement", c.Sentences}, {"Case", c.Cases}, {"Choice", c.Choices}}
}

// signed returns the verdicts that a legend explains.
func signed() []report.Verdict {
	var all []report.Verdict
	for _, v := range report.Verdicts() {
		if sign(v) != "" {
			all = append(all, v)
		}
	}
	return all
}

package report

import (
	"bufio"
	"fmt"
	"io"

	"github.com/putget-protocol/putget/spec"
)

// WriteExplanation writes a sentence of the specification, why it is there, what
// usually breaks it, and short sessions that keep to it and that break it. The error
// is that of w, or says that the vectors of the specification cannot be read.
func WriteExplanation(w io.Writer, r spec.Requirement) error {
	e, err := Explain(r.ID)
	if err != nil {
		return err
	}
	b := bufio.NewWriter(w)
	fmt.Fprintf(b, "%s  section %s, %s\n", r.ID, r.Section.Number, r.Section.Title)
	writeWrapped(b, "  ", r.Text+Level(r.Level))
	fmt.Fprintln(b)
	writeField(b, "why", e.Why)
	writeField(b, "usually", Help(r.ID))
	word := "wrong"
	if r.Keyword == spec.May {
		word = "not this"
	}
	writeExamples(b, "right", e.Right)
	writeExamples(b, word, e.Wrong)
	return b.Flush()
}

func writeExamples(w io.Writer, word string, examples []Example) {
	for _, ex := range examples {
		fmt.Fprintln(w)
		if ex.Note == "" {
			fmt.Fprintf(w, "  %s\n", word)
		}
		writeField(w, word, ex.Note)
		for _, line := range ex.Lines {
			fmt.Fprintf(w, "%s%s\n", fieldIndent, line)
		}
	}
}

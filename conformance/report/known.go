package report

import (
	"fmt"
	"io"
)

// A Known is a requirement or a case that was said to fail before the run.
type Known struct {
	ID     string `json:"id"`
	Reason string `json:"reason"`
	// Verdict is what the run says of it. A pass was not expected, and makes the run
	// unacceptable: the list is stale.
	Verdict Verdict `json:"verdict"`
}

// known writes what became of what was known to fail.
func (p *Printer) known(w io.Writer, r *Report) {
	if len(r.Known) == 0 {
		return
	}
	fmt.Fprint(w, "\nKnown to fail:\n")
	for _, k := range r.Known {
		note := k.Reason
		if k.Verdict == Pass {
			note += "; it passed, which was not expected: take it off the list"
		}
		writeField(w, string(k.Verdict), k.ID+"  "+note)
	}
	if r.Accepted && !r.Conformant {
		fmt.Fprintf(w, "\n%s\n", p.paint(green, "ACCEPTED: nothing failed but what was known to"))
	}
}

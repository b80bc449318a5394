package conformance_test

import (
	"fmt"

	"github.com/onsi/gomega/types"

	"github.com/putget-protocol/putget/conformance/report"
)

// Conform succeeds for a case in which nothing was broken that the specification
// demands. A warning is no failure.
func Conform() types.GomegaMatcher { return conform{} }

type conform struct{}

func (conform) Match(actual any) (bool, error) {
	c, ok := actual.(report.Case)
	if !ok {
		return false, fmt.Errorf("Conform wants a report.Case, not %T", actual)
	}
	switch c.Verdict {
	case report.Pass, report.Warn, report.Observed, report.Unsupported:
		return true, nil
	case report.Error:
		return false, fmt.Errorf("the judge had trouble of its own: %s", c.Reason)
	default:
		return false, nil
	}
}

func (conform) FailureMessage(actual any) string {
	c, _ := actual.(report.Case) // Match has seen to it
	text := fmt.Sprintf("%s: %s: %s\n%s", c.Verdict, c.ID, c.Title, describeFailures(c))
	if c.Reason != "" {
		text += c.Reason + "\n"
	}
	return text
}

func (conform) NegatedFailureMessage(actual any) string {
	c, _ := actual.(report.Case) // the same
	return fmt.Sprintf("%s: %s conforms, and should not", c.Verdict, c.ID)
}

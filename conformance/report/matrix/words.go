package matrix

import (
	"fmt"
	"strings"
	"time"
	"unicode"

	"github.com/putget-protocol/putget/conformance/report"
	"github.com/putget-protocol/putget/spec"
)

// sign returns the one character that stands for a verdict in a cell.
func sign(v report.Verdict) string {
	switch v {
	case report.Pass:
		return "✓"
	case report.Fail:
		return "✗"
	case report.Crashed:
		return "☠"
	case report.Warn:
		return "!"
	case report.Blocked:
		return "■"
	case report.Unsupported:
		return "○"
	case report.Error:
		return "?"
	case report.Untested:
		return "·"
	default:
		return ""
	}
}

// word says a verdict in a cell.
func word(v report.Verdict) string {
	if v == "" {
		return "not judged at this level"
	}
	return string(v)
}

func legend() string {
	var words []string
	for _, v := range report.Verdicts() {
		if s := sign(v); s != "" {
			words = append(words, s+" "+string(v))
		}
	}
	return strings.Join(words, ", ") + "; an empty cell is not judged at the level of the run"
}

func heading(side spec.Side) string {
	if side == spec.Client {
		return "Clients"
	}
	return "Servers"
}

// score says how far a column has come.
func (c Column) score() string { return fmt.Sprintf("%d of %d", c.Passed+c.Warned, c.Total) }

// verdict says the outcome, and why it is not whole.
func (c Column) verdict() string {
	if c.Reason != "" {
		return string(c.Outcome) + " (" + oneLine(c.Reason) + ")"
	}
	return string(c.Outcome)
}

func when(t time.Time) string { return t.UTC().Format("2006-01-02 15:04:05") }

// label names a choice: the title of its case and the name of the fact.
func (c Choice) label() string {
	if c.Name == "" {
		return c.Title
	}
	return c.Title + ": " + c.Name
}

// oneLine makes one line of a text that a target or a file may have supplied, in which
// nothing drives a terminal.
func oneLine(text string) string {
	return strings.Map(func(r rune) rune {
		switch {
		case unicode.IsSpace(r):
			return ' '
		case !unicode.IsPrint(r):
			return unicode.ReplacementChar
		default:
			return r
		}
	}, strings.TrimSpace(text))
}

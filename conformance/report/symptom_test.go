package report_test

import (
	"strings"
	"testing"

	"github.com/putget-protocol/putget/conformance/cases"
	"github.com/putget-protocol/putget/conformance/oracle"
	"github.com/putget-protocol/putget/conformance/report"
)

// A reader meets words, not the names that programs use.
func TestEverySymptomHasWords(t *testing.T) {
	symptoms := append(oracle.Aspects(), cases.Closed, cases.StillOpen, cases.Unasked, cases.Twice, cases.Lost, cases.NotServed, cases.Crashed)
	symptoms = append(symptoms, cases.ClientSymptoms()...)
	for _, symptom := range symptoms {
		r := sample()
		r.Findings[0].Failure.Symptom = string(symptom)
		if text := printed(t, report.Printer{}, r); strings.Contains(text, "wrong     "+string(symptom)+",") && strings.Contains(string(symptom), "-") {
			t.Errorf("%s is shown as it is", symptom)
		}
	}
}

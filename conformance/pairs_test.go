package conformance_test

import (
	"slices"
	"testing"

	"github.com/putget-protocol/putget/conformance/mutant"
	"github.com/putget-protocol/putget/conformance/report"
	"github.com/putget-protocol/putget/spec"
)

// pairs are faults that have nothing to do with one another: of the same section and
// of others, with the same symptom and with others, also beside those that end
// sessions or the server.
func pairs() [][2]string {
	return [][2]string{
		{"arrival-order", "other-error"},
		{"keeps-both", "first-letters"},
		{"own-store", "keeps-cr"},
		{"one-at-a-time", "arrival-order"},
		{"wrong-closes", "arrival-order"},
		{"wrong-kills", "keeps-both"},
		{"few-sessions", "whole-without-point"},
		{"first-of-segment", "utf8-ends-session"},
		{"prefix-keys", "letters-are-zero"},
		{"six-digits", "text-order"},
		{"cut-at-4096", "fraction-cut-off"},
		{"end-of-read-ends-line", "no-exponent"},
		{"answers-twice", "all-unsorted"},
		{"stale-once", "four-arguments"},
		{"torn-replace", "no-negative-time"},
		{"hundred-sessions", "long-line-silences"},
		{"refused-later", "no-space-at-end"},
		{"unknown-is-error", "plus-in-time"},
		{"bytes-after-session", "keeps-both"},
		{"keys-of-512", "short-lines"},
		{"unread-blocks", "get-alone-ok"},
		{"empty-line-skipped", "hexadecimal"},
		{"first-wins", "time-32-bits"},
		{"normalises", "star-is-pattern"},
	}
}

// fewPairs are those of every test.
func fewPairs() []string { return []string{"keeps-both+first-letters", "six-digits+text-order"} }

// Of two independent faults both are reported: neither hides the other.
func TestPairsOfMutants(t *testing.T) {
	judge := judgeInProcess
	if *mutantsFlag {
		judge = judgeProgram(t)
	}
	if len(pairs()) < 20 {
		t.Errorf("%d pairs are fewer than 20", len(pairs()))
	}
	ran := 0
	for _, pair := range pairs() {
		name := pair[0] + "+" + pair[1]
		if !*mutantsFlag && !slices.Contains(fewPairs(), name) {
			continue
		}
		ran++
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := subject{id: name, faults: pair[:], level: spec.Full}
			judgePair(t, pair, judge(t, s))
		})
	}
	if ran < len(fewPairs()) {
		t.Errorf("%d pairs were judged, and there should be %d: one of them is gone", ran, len(fewPairs()))
	}
}

func judgePair(t *testing.T, pair [2]string, rep *report.Report) {
	t.Helper()
	blamed := subject{}.row(rep).Blamed
	var may []string
	for _, id := range pair {
		f, ok := mutant.Find(id)
		if !ok {
			t.Fatalf("there is no fault %s", id)
		}
		may = append(append(may, f.Breaks), f.Causes...)
		if !slices.Contains(blamed, f.Breaks) {
			t.Errorf("%s is hidden: it breaks %s, and blamed is %v\n%s", id, f.Breaks, blamed, describe(rep))
		}
	}
	for _, id := range blamed {
		if !slices.Contains(may, id) {
			t.Errorf("%s is blamed, which neither of them breaks or causes\n%s", id, describe(rep))
		}
	}
}

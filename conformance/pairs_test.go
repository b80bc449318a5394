package conformance_test

import (
	"slices"
	"testing"

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
	if len(pairs()) < 20 {
		t.Errorf("%d pairs are fewer than 20", len(pairs()))
	}
	servers(t).judgePairs(t, pairs(), fewPairs())
}

// judgePairs judges pairs of faults: those whose names are among few in every test, and
// all with -mutants.
func (g gallery) judgePairs(t *testing.T, pairs [][2]string, few []string) {
	t.Helper()
	ran := 0
	for _, pair := range pairs {
		name := pair[0] + "+" + pair[1]
		if !*mutantsFlag && !slices.Contains(few, name) {
			continue
		}
		ran++
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			g.judgePair(t, pair, g.judge(t, subject{id: name, faults: pair[:], level: spec.Full}))
		})
	}
	if ran < len(few) {
		t.Errorf("%d pairs were judged, and there should be %d: one of them is gone", ran, len(few))
	}
}

func (g gallery) judgePair(t *testing.T, pair [2]string, rep *report.Report) {
	t.Helper()
	blamed := subject{}.row(rep).Blamed
	var may []string
	for _, id := range pair {
		i := slices.IndexFunc(g.all, func(s subject) bool { return s.id == id && s.level == spec.Full })
		if i < 0 {
			t.Fatalf("there is no fault %s", id)
		}
		s := g.all[i]
		may = append(may, s.may...)
		if !slices.Contains(blamed, s.breaks) {
			t.Errorf("%s is hidden: it breaks %s, and blamed is %v\n%s", id, s.breaks, blamed, describe(rep))
		}
	}
	for _, id := range blamed {
		if !slices.Contains(may, id) {
			t.Errorf("%s is blamed, which neither of them breaks or causes\n%s", id, describe(rep))
		}
	}
}

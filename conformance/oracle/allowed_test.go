package oracle_test

import (
	"strings"
	"testing"

	"github.com/putget-protocol/putget/conformance/oracle"
)

func sample(key string, value float64, timestamp int64) oracle.Sample {
	return oracle.Sample{Key: key, Value: value, Timestamp: timestamp}
}

var (
	three = oracle.Series("k", sample("", 3.5, 9), sample("", 1.5, 7), sample("", 2.5, 8))
	none  = oracle.Series("k")
	open  = oracle.SeriesOf("k",
		oracle.Cell{Timestamp: 9, Values: []float64{3, 4}},
		oracle.Cell{Timestamp: 7, Values: []float64{1}, Optional: true},
		oracle.Cell{Timestamp: 8, Values: []float64{2}},
	)
	own = func(key string) bool { return strings.HasPrefix(key, "own.") }
	all = oracle.All(own, map[string][]oracle.Sample{
		"own.a": {sample("", 1, 7), sample("", 2, 8)},
		"own.b": {sample("", 3, 7)},
	})
	one = oracle.All(nil, map[string][]oracle.Sample{"a": {sample("", 1, 7)}}).IgnoringForeign()
	put = oracle.Union(oracle.OKEmpty(), oracle.UnknownOutcome())
)

func TestAllowed(t *testing.T) {
	tests := []struct {
		name    string
		allowed oracle.Allowed
		reply   string
	}{
		{"OKEmpty", oracle.OKEmpty(), "ok\n\n"},
		{"WrongCommand", oracle.WrongCommand(), "error\nwrong command\n\n"},
		{"UnknownOutcome", oracle.UnknownOutcome(), "error\nunknown outcome\n\n"},
		{"Refusal", oracle.Refusal(), "error\nstorage failed\n\n"},
		{"AnyErrorNoText", oracle.AnyError(), "error\n\n"},
		{"AnyErrorLines", oracle.AnyError(), "error\na\nb\n\n"},
		{"AnyReplyError", oracle.AnyReply(), "error\n\n"},
		{"AnyReplyOK", oracle.AnyReply(), "ok\nk 1 7\n\n"},
		{"SeriesNone", none, "ok\n\n"},
		{"Series", three, "ok\nk 1.5 7\nk 2.5 8\nk 3.5 9\n\n"},
		{"SeriesWordings", three, "ok\nk +15e-1 +7\nk 2.50 08\nk 00003.5 9\n\n"},
		{"SeriesZeroSign", oracle.Series("k", sample("", 0, 7)), "ok\nk -0.0 7\n\n"},
		{"SeriesLastCounts", oracle.Series("k", sample("", 1, 7), sample("", 2, 7)), "ok\nk 2 7\n\n"},
		{"ChoiceAll", open, "ok\nk 1 7\nk 2 8\nk 3 9\n\n"},
		{"ChoiceWithout", open, "ok\nk 2 8\nk 4 9\n\n"},
		{"All", all, "ok\nown.a 1 7\nown.a 2 8\nown.b 3 7\n\n"},
		{"AllOtherOrder", all, "ok\nown.b 3 7\nown.a 1 7\nown.a 2 8\n\n"},
		{"AllMixed", all, "ok\nown.a 1 7\nown.b 3 7\nown.a 2 8\n\n"},
		{"AllForeign", all, "ok\nx 9 9\nx 9 9\nown.b 3 7\nown.a 1 7\ny 1 1\nown.a 2 8\n\n"},
		{"AllEmptyKey", oracle.All(own, map[string][]oracle.Sample{"own.a": nil}), "ok\n\n"},
		{"AllOf", oracle.AllOf(nil, map[string][]oracle.Cell{"k": {{Timestamp: 8, Values: []float64{2}}, {Timestamp: 7, Values: []float64{1}}}}), "ok\nk 1 7\nk 2 8\n\n"},
		{"AllNilOwn", oracle.All(nil, map[string][]oracle.Sample{"a": nil}), "ok\nb 1 1\n\n"},
		{"ForeignIgnored", all.IgnoringForeign(), "ok\nx nan 7\nown.b 3 7\n\t\r\nown.a 1 7\n* * * *\nown.a 2 8\n\xff\n\n"},
		{"UnionSecond", put, "error\nunknown outcome\n\n"},
		{"OverLongNormal", oracle.OverLong(none), "ok\n\n"},
		{"OverLongRefused", oracle.OverLong(none), "error\nwrong command\n\n"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if m := tt.allowed.Check([]byte(tt.reply)); m != nil {
				t.Errorf("Check(%q) = %v; want nil", tt.reply, m)
			}
			for n := range len(tt.reply) {
				if m := tt.allowed.Check([]byte(tt.reply[:n])); m == nil || !m.Incomplete() || m.Offset != n {
					t.Errorf("Check(%q) = %v; want an incomplete reply", tt.reply[:n], m)
				}
			}
			if m := tt.allowed.Check([]byte(tt.reply + "\n")); m == nil || m.Aspect != oracle.AspectTrailing || m.Offset != len(tt.reply) {
				t.Errorf("Check of the reply and one LF = %v; want %s", m, oracle.AspectTrailing)
			}
		})
	}
}

// ¦ marks the byte at which the mismatch must point.
var notAllowed = []struct {
	name    string
	allowed oracle.Allowed
	reply   string
	want    oracle.Aspect
}{
	{"Silence", put, "", oracle.AspectNoReply},
	{"NothingDue", oracle.Allowed{}, "¦ok\n\n", oracle.AspectTrailing},
	{"PutData", oracle.OKEmpty(), "ok\n¦k 1 7\n\n", oracle.AspectExtraSample},
	{"PutText", oracle.OKEmpty(), "ok\n¦stored\n\n", oracle.AspectExtraSample},
	{"PutDataCut", oracle.OKEmpty(), "ok\n¦k 1", oracle.AspectExtraSample},
	{"PutCR", oracle.OKEmpty(), "ok\n¦\r\n\n", oracle.AspectLineEnd},
	{"PutRefused", oracle.OKEmpty(), "¦error\nwrong command\n\n", oracle.AspectRefused},
	{"PutRefusedCut", oracle.OKEmpty(), "¦err", oracle.AspectRefused},
	{"PutRefusedUnion", put, "error\n¦wrong command\n\n", oracle.AspectRefused},
	{"PutRefusedNoText", put, "error\n¦\n", oracle.AspectRefused},
	{"PutUpper", put, "¦OK\n\n", oracle.AspectStatus},
	{"PutOneNewline", put, "ok\n¦", oracle.AspectTerminator},
	{"PutTwice", put, "ok\n\n¦ok\n\n", oracle.AspectTrailing},
	{"WrongAccepted", oracle.WrongCommand(), "¦ok\n\n", oracle.AspectAccepted},
	{"WrongAcceptedCut", oracle.WrongCommand(), "¦o", oracle.AspectAccepted},
	{"WrongText", oracle.WrongCommand(), "error\nwrong ¦Command\n\n", oracle.AspectErrorText},
	{"WrongTextLonger", oracle.WrongCommand(), "error\nwrong command¦!\n\n", oracle.AspectErrorText},
	{"WrongTextShorter", oracle.WrongCommand(), "error\nwrong¦\n\n", oracle.AspectErrorText},
	{"WrongTextShorterCut", oracle.WrongCommand(), "error\nwrong¦", oracle.AspectTruncated},
	{"WrongNoText", oracle.WrongCommand(), "error\n¦\n", oracle.AspectErrorText},
	{"WrongTwoLines", oracle.WrongCommand(), "error\nwrong command\n¦get\n\n", oracle.AspectErrorText},
	{"WrongCR", oracle.WrongCommand(), "error\nwrong command¦\r\n\n", oracle.AspectLineEnd},
	{"WrongOneNewline", oracle.WrongCommand(), "error\nwrong command\n¦", oracle.AspectTerminator},
	{"RefusalWrongCommand", oracle.Refusal(), "error\n¦wrong command\n\n", oracle.AspectErrorText},
	{"RefusalNoText", oracle.Refusal(), "error\n¦\n", oracle.AspectErrorText},
	{"RefusalTwoLines", oracle.Refusal(), "error\na\n¦b\n\n", oracle.AspectErrorText},
	{"AnyErrorOK", oracle.AnyError(), "¦ok\n\n", oracle.AspectAccepted},
	{"AnyReplyBroken", oracle.AnyReply(), "ok\nk ¦x 7\n\n", oracle.AspectValueSyntax},
	{"SeriesRefused", three, "¦error\nwrong command\n\n", oracle.AspectRefused},
	{"SeriesNoneHasData", none, "ok\nk 1 ¦7\n\n", oracle.AspectExtraSample},
	{"SeriesNothing", three, "ok\n¦\n", oracle.AspectMissingSample},
	{"SeriesLast", three, "ok\nk 1.5 7\nk 2.5 8\n¦\n", oracle.AspectMissingSample},
	{"SeriesMiddle", three, "ok\nk 1.5 7\n¦k 3.5 9\n\n", oracle.AspectMissingSample},
	{"SeriesValue", three, "ok\nk 1.5 7\nk ¦2.25 8\nk 3.5 9\n\n", oracle.AspectValue},
	{"SeriesSinglePrecision", oracle.Series("k", sample("", 0.1, 7)), "ok\nk ¦0.10000000149011612 7\n\n", oracle.AspectValue},
	{"SeriesTimestamp", three, "ok\nk 1.5 7\nk 2.5 ¦80\nk 3.5 9\n\n", oracle.AspectTimestamp},
	{"SeriesArrival", three, "ok\nk 3.5 ¦9\nk 1.5 7\nk 2.5 8\n\n", oracle.AspectOrder},
	{"SeriesSwapped", three, "ok\nk 1.5 7\nk 3.5 ¦9\nk 2.5 8\n\n", oracle.AspectOrder},
	{"SeriesOptionalLate", open, "ok\nk 2 8\nk 1 ¦7\nk 3 9\n\n", oracle.AspectOrder},
	{"SeriesTwice", three, "ok\nk 1.5 7\nk 1.5 ¦7\nk 2.5 8\nk 3.5 9\n\n", oracle.AspectDuplicate},
	{"SeriesTextTwice", three, "ok\nk 1.5 7\nk 1.5 ¦007\nk 2.5 8\nk 3.5 9\n\n", oracle.AspectDuplicate},
	{"SeriesExtra", three, "ok\nk 1.5 7\nk 2.5 8\nk 3.5 9\nk 4.5 ¦10\n\n", oracle.AspectExtraSample},
	{"SeriesExtraBetween", three, "ok\nk 1.5 ¦6\nk 1.5 7\nk 2.5 8\nk 3.5 9\n\n", oracle.AspectExtraSample},
	{"SeriesForeign", three, "ok\nk 1.5 7\n¦j 2.5 8\nk 3.5 9\n\n", oracle.AspectForeignKey},
	{"SeriesForeignLonger", three, "ok\nk 1.5 7\nk¦k 2.5 8\nk 3.5 9\n\n", oracle.AspectForeignKey},
	{"SeriesForeignShorter", oracle.Series("kk", sample("", 1, 7)), "ok\nk¦ 1 7\n\n", oracle.AspectForeignKey},
	{"SeriesNoneForeign", none, "ok\n¦j 2.5 8\n\n", oracle.AspectForeignKey},
	{"SeriesForeignBroken", three, "ok\n¦j x 7\n\n", oracle.AspectForeignKey},
	{"SeriesTabs", three, "ok\nk¦\t1.5\t7\n\n", oracle.AspectFieldSeparator},
	{"SeriesKeyBytes", three, "ok\nk¦\xff 1.5 7\n\n", oracle.AspectKeySyntax},
	{"SeriesLeadingSpace", three, "ok\n¦ k 1.5 7\n\n", oracle.AspectFieldSeparator},
	{"SeriesForeignCut", three, "ok\nk 1.5 7\n¦j", oracle.AspectForeignKey},
	{"SeriesChoiceValue", open, "ok\nk 2 8\nk ¦5 9\n\n", oracle.AspectValue},
	{"SeriesChoiceMissing", open, "ok\nk 1 7\n¦k 3 9\n\n", oracle.AspectMissingSample},
	{"SeriesSyntax", three, "ok\nk 1.5 7\nk ¦  2.5 8\nk 3.5 9\n\n", oracle.AspectFieldSeparator},
	{"SeriesTwoFields", three, "ok\nk 1.5 7\nk 2.5¦\nk 3.5 9\n\n", oracle.AspectFieldCount},
	{"SeriesFaultBeforeSyntax", three, "ok\nk ¦1.6 7\nk x 8\n\n", oracle.AspectValue},
	{"SeriesCut", three, "ok\nk 1.5 7\nk 2.5¦", oracle.AspectTruncated},
	{"SeriesCutAtLine", three, "ok\nk 1.5 7\n¦", oracle.AspectTruncated},
	{"SeriesNoEnd", three, "ok\nk 1.5 7\nk 2.5 8\nk 3.5 9\n¦", oracle.AspectTerminator},
	{"AllMissingKey", all, "ok\nown.a 1 7\nown.a 2 8\n¦\n", oracle.AspectMissingSample},
	{"AllMissingSample", all, "ok\n¦own.a 2 8\nown.b 3 7\n\n", oracle.AspectMissingSample},
	{"AllOrder", all, "ok\nown.a 2 ¦8\nown.b 3 7\nown.a 1 7\n\n", oracle.AspectOrder},
	{"AllStranger", all, "ok\nown.c 1 ¦7\nown.a 1 7\nown.a 2 8\nown.b 3 7\n\n", oracle.AspectExtraSample},
	{"AllForeignBroken", all, "ok\nx ¦nan 7\nown.a 1 7\nown.a 2 8\nown.b 3 7\n\n", oracle.AspectValueSyntax},
	{"AllOwnBrokenAnyway", all.IgnoringForeign(), "ok\nx nan 7\nown.a¦\t1\t7\n\n", oracle.AspectFieldSeparator},
	{"AllOwnTabs", one, "ok\nx nan 7\na¦\t1\t7\n\n", oracle.AspectFieldSeparator},
	{"AllOwnLeadingSpace", one, "ok\n¦ a 1 7\n\n", oracle.AspectFieldSeparator},
	{"AllCut", all, "ok\nx nan¦", oracle.AspectTruncated},
	{"AllCutIgnoringForeign", all.IgnoringForeign(), "ok\nx nan¦", oracle.AspectTruncated},
	{"OverLongOther", oracle.OverLong(none), "error\n¦too long\n\n", oracle.AspectErrorText},
	{"OnlyClosed", oracle.Closed(), "¦ok\n\n", oracle.AspectTrailing},
}

func TestNotAllowed(t *testing.T) {
	for _, tt := range notAllowed {
		t.Run(tt.name, func(t *testing.T) {
			reply, offset := cut(tt.reply)
			m := tt.allowed.Check(reply)
			if m == nil || m.Aspect != tt.want || m.Offset != offset {
				t.Fatalf("Check(%q) = %v; want %s at byte %d", reply, m, tt.want, offset)
			}
			if m.Want == "" {
				t.Error("the mismatch does not say what is wanted")
			}
		})
	}
}

// Whoever blames a requirement by aspect relies on each being given.
func TestEveryAspectIsGiven(t *testing.T) {
	given := map[oracle.Aspect]bool{}
	for _, tt := range notAllowed {
		given[tt.want] = true
	}
	for _, broken := range []string{"HTTP\n\n", "ok\n* 1 7\n\n", "ok\nk 1 7.0\n\n"} {
		_, m := oracle.ParseReply([]byte(broken))
		given[m.Aspect] = true
	}
	given[oracle.CheckGrouping([]byte("ok\na 1 1\nb 1 1\na 1 2\n\n"), nil).Aspect] = true
	given[oracle.CheckWording([]byte("ok\na 10 1\n\n"), nil).Aspect] = true
	given[oracle.CheckWording([]byte("ok\na 10.0 01\n\n"), nil).Aspect] = true
	for _, a := range oracle.Aspects() {
		if !given[a] {
			t.Errorf("no test sees the aspect %s", a)
		}
		delete(given, a)
	}
	if len(given) > 0 {
		t.Errorf("Aspects() lacks %v", given)
	}
}

// Of two alternatives that are equally near, the first is blamed.
func TestUnionBlamesTheFirst(t *testing.T) {
	a, b := oracle.OKEmpty(), oracle.WrongCommand()
	for _, u := range []struct {
		allowed oracle.Allowed
		first   oracle.Allowed
	}{{oracle.Union(a, b), a}, {oracle.Union(b, a), b}} {
		got, want := u.allowed.Check([]byte("no\n\n")), u.first.Check([]byte("no\n\n"))
		if *got != *want {
			t.Errorf("%v says %v; want %v", u.allowed, got, want)
		}
	}
}

func TestCheckEnd(t *testing.T) {
	mayEnd := oracle.OverLong(oracle.OKEmpty())
	for _, partial := range []string{"", "e", "error\nwrong", "o", "ok\n", "ok\n\n"} {
		if m := mayEnd.CheckEnd([]byte(partial)); m != nil {
			t.Errorf("CheckEnd(%q) = %v where the connection may end; want nil", partial, m)
		}
	}
	for _, partial := range []string{"x", "error\nx", "ok\nk 1"} {
		if m := mayEnd.CheckEnd([]byte(partial)); m == nil {
			t.Errorf("CheckEnd(%q) = nil; want a mismatch: no such reply is allowed", partial)
		}
	}
	for _, partial := range []string{"", "ok\n"} {
		if m := oracle.OKEmpty().CheckEnd([]byte(partial)); m == nil || !m.Incomplete() {
			t.Errorf("CheckEnd(%q) = %v where a reply is due; want an incomplete one", partial, m)
		}
	}
	if m := mayEnd.Check(nil); m == nil || m.Aspect != oracle.AspectNoReply {
		t.Errorf("Check(nil) = %v; want silence not to be allowed by Closed", m)
	}
	if m := oracle.Closed().CheckEnd(nil); m != nil {
		t.Errorf("Closed().CheckEnd(nil) = %v; want nil", m)
	}
}

func TestDescribe(t *testing.T) {
	tests := []struct {
		allowed oracle.Allowed
		want    []string
	}{
		{oracle.Allowed{}, []string{}},
		{put, []string{"ok\n\n", "error\nunknown outcome\n\n"}},
		{three, []string{"ok\nk 1.5 7\nk 2.5 8\nk 3.5 9\n\n"}},
		{open, []string{"ok\nk 1.0 7 <or no sample>\nk 2.0 8\nk 3.0 9 <or value 4.0>\n\n"}},
		{all, []string{"ok\nown.a 1.0 7\nown.a 2.0 8\nown.b 3.0 7\n<samples of other keys>\n\n"}},
		{oracle.OverLong(none), []string{"ok\n\n", "error\nwrong command\n\n", "<connection closed>"}},
	}
	for _, tt := range tests {
		got := tt.allowed.Describe()
		if strings.Join(got, "|") != strings.Join(tt.want, "|") || len(got) != len(tt.want) {
			t.Errorf("Describe() = %q; want %q", got, tt.want)
		}
	}
}

// What is described without remarks must be allowed.
func TestDescribedIsAllowed(t *testing.T) {
	for _, a := range []oracle.Allowed{put, three, none, oracle.WrongCommand()} {
		for _, reply := range a.Describe() {
			if m := a.Check([]byte(reply)); m != nil {
				t.Errorf("Check(%q) = %v; want nil, since it is described", reply, m)
			}
		}
	}
}

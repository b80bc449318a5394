package main

import (
	"reflect"
	"testing"

	"github.com/putget-protocol/putget/spec"
)

func text(s string) spec.Piece { return spec.Piece{Bytes: spec.Bytes(s)} }

func send(pieces ...spec.Piece) spec.Step { return spec.Step{Send: pieces} }

func expect(r spec.Reply) spec.Step { return spec.Step{Expect: []spec.Reply{r}} }

func on(connection string, s spec.Step) spec.Step {
	s.Connection = connection
	return s
}

var emptyOK = spec.Reply{Form: spec.OKForm, Samples: []spec.Sample{}}

var transcriptTests = []struct {
	name     string
	lines    []string
	steps    []spec.Step
	flags    []spec.Flag
	delivery string
}{
	{
		"Lines",
		[]string{"> get a", ">", ">  get a"},
		[]spec.Step{send(text("get a\n")), send(text("\n")), send(text(" get a\n"))},
		nil, "",
	},
	{
		"OK",
		[]string{"> get ${a}", "< ok", "< ${a}.b 1.5 -7", "< c 2.0 8", "<"},
		[]spec.Step{send(text("get ${a}\n")), expect(spec.Reply{Form: spec.OKForm, Samples: []spec.Sample{
			{Key: spec.Bytes("${a}.b"), Value: "1.5", Timestamp: "-7"}, {Key: spec.Bytes("c"), Value: "2.0", Timestamp: "8"},
		}})},
		nil, "",
	},
	{
		"Others",
		[]string{"< ok", "< ...", "<"},
		[]spec.Step{expect(spec.Reply{Form: spec.OKForm, Samples: []spec.Sample{}, Others: true})},
		nil, "",
	},
	{
		"Error",
		[]string{"< error", "< wrong command", `< x \x28y`, "<", "< error", "<"},
		[]spec.Step{
			expect(spec.Reply{Form: spec.ErrorForm, Lines: []spec.Bytes{spec.Bytes("wrong command"), spec.Bytes("x (y")}}),
			expect(spec.Reply{Form: spec.ErrorForm, Lines: []spec.Bytes{}}),
		},
		nil, "",
	},
	{
		"TwoReplies",
		[]string{"< ok", "<", "< ok", "<"},
		[]spec.Step{expect(emptyOK), expect(emptyOK)},
		nil, "",
	},
	{
		"Part",
		[]string{"> (part) get", `> (part) \x20a`, ">"},
		[]spec.Step{send(text("get")), send(text(" a")), send(text("\n"))},
		nil, "fixed",
	},
	{
		"Join",
		[]string{"> (join) get a", "> (join) get b", "> get c", "> get d"},
		[]spec.Step{send(text("get a\nget b\nget c\n")), send(text("get d\n"))},
		nil, "fixed",
	},
	{
		"JoinPart",
		[]string{"> (join) get a", "> (part) get b"},
		[]spec.Step{send(text("get a\nget b"))},
		nil, "fixed",
	},
	{
		"Pad",
		[]string{"> (pad 40) get ${a:30}"},
		[]spec.Step{send(text("get ${a:30}"), spec.Piece{Pad: 40}, text("\n"))},
		nil, "",
	},
	{
		"JoinPad",
		[]string{"> (join) (pad 9) get", "> get a"},
		[]spec.Step{send(text("get"), spec.Piece{Pad: 9}, text("\nget a\n"))},
		nil, "fixed",
	},
	{
		"Escapes",
		[]string{`> a\r\t\\\x41\u00e9\x0d`},
		[]spec.Step{send(text("a\r\t\\Aé\r\n"))},
		nil, "",
	},
	{
		"Binary",
		[]string{`> get ${a}\xff\xfeé\xc3`},
		[]spec.Step{send(text("get ${a}"), text("\xff\xfe"), text("é"), text("\xc3"), text("\n"))},
		[]spec.Flag{spec.FlagBinary},
		"",
	},
	{
		"JoinBinary",
		[]string{`> (join) get \xff`, "> get a"},
		[]spec.Step{send(text("get "), text("\xff"), text("\nget a\n"))},
		[]spec.Flag{spec.FlagBinary},
		"fixed",
	},
	{
		"BytesOfACharacter",
		[]string{`> \xc3\xa9`},
		[]spec.Step{send(text("é\n"))},
		nil, "",
	},
	{
		"Ends",
		[]string{"> (half-close)", "< (closed)", "< (silence)", "> (close)"},
		[]spec.Step{{HalfClose: true}, {ExpectClosed: true}, {ExpectSilence: true}, {Close: true}},
		[]spec.Flag{spec.FlagHalfClose, spec.FlagSilence},
		"",
	},
	{
		"Connections",
		[]string{"A> get a", "B> (part) get", "A< ok", "A<", "B>"},
		[]spec.Step{on("A", send(text("get a\n"))), on("B", send(text("get"))), on("A", expect(emptyOK)), on("B", send(text("\n")))},
		[]spec.Flag{spec.FlagConnections},
		"fixed",
	},
	{
		"JoinsOfTwoConnections",
		[]string{"A> (join) get a", "B> (join) get b", "A> get c", "B> get d"},
		[]spec.Step{on("A", send(text("get a\nget c\n"))), on("B", send(text("get b\nget d\n")))},
		[]spec.Flag{spec.FlagConnections},
		"fixed",
	},
}

func TestTranscripts(t *testing.T) {
	for _, test := range transcriptTests {
		t.Run(test.name, func(t *testing.T) {
			got, err := vectorsOf(block("transcript an-id PUT-001 : A title : of two parts", test.lines...), someRequirements)
			if err != nil {
				t.Fatal(err)
			}
			v := got[0]
			if v.ID != "an-id" || v.Title != "A title : of two parts" || len(got) != 1 {
				t.Errorf("got %d vectors, %q, %q", len(got), v.ID, v.Title)
			}
			if !reflect.DeepEqual(v.Steps, test.steps) {
				t.Errorf("got steps  %+v\nwant %+v", v.Steps, test.steps)
			}
			if !reflect.DeepEqual(v.Flags, test.flags) || v.Delivery != test.delivery {
				t.Errorf("got flags %q, delivery %q, want %q, %q", v.Flags, v.Delivery, test.flags, test.delivery)
			}
		})
	}
}

var wrongTranscripts = []struct {
	name  string
	lines []string
	line  int
	rule  string
}{
	{"Empty", nil, 1, "empty block"},
	{"EmptyLine", []string{"> get a", ""}, 3, "no transcript line"},
	{"Prose", []string{"get a"}, 2, "no transcript line"},
	{"NoSpace", []string{">get a"}, 2, "no transcript line"},
	{"LongConnection", []string{"AB> get a"}, 2, "no transcript line"},
	{"SpaceAtEnd", []string{"> get a "}, 2, "space at the end"},
	{"SpaceAlone", []string{"> "}, 2, "space at the end"},
	{"NoStatus", []string{"> get a", "< yes", "<"}, 3, "no reply"},
	{"EmptyReply", []string{"<"}, 2, "no reply"},
	{"UnfinishedReply", []string{"< ok"}, 1, "unfinished reply"},
	{"ReplyCutBySend", []string{"< ok", "> get a"}, 3, "unfinished reply"},
	{"ReplyCutByOther", []string{"A< ok", "B< ok"}, 3, "unfinished reply"},
	{"FieldMissing", []string{"< ok", "< a 1.0", "<"}, 3, "wrong sample line"},
	{"TwoSpaces", []string{"< ok", "< a  1.0 7", "<"}, 3, "wrong sample line"},
	{"KeyNotUTF8", []string{"< ok", `< \xff 1.0 7`, "<"}, 3, "wrong sample line"},
	{"NoKey", []string{"< ok", "<  1.0 7", "<"}, 3, "wrong decoded form"},
	{"ValueSpelling", []string{"< ok", "< a 1e1 7", "<"}, 3, "wrong number"},
	{"UnfinishedJoin", []string{"> (join) get a"}, 1, "unfinished join"},
	{"JoinBeforeReply", []string{"> (join) get a", "< ok"}, 3, "unfinished join"},
	{"JoinBeforeEnd", []string{"> (join) get a", "> (half-close)"}, 3, "unfinished join"},
	{"UnknownDirective", []string{"> (wait) get a"}, 2, "unknown directive"},
	{"Parenthesis", []string{"> (get a"}, 2, "unknown directive"},
	{"PadOfNothing", []string{"> (pad) get a"}, 2, "unknown directive"},
	{"PadOfZero", []string{"> (pad 0) get a"}, 2, "unknown directive"},
	{"PadOfTooMuch", []string{"> (pad 99999999999999999999) get a"}, 2, "unknown directive"},
	{"PartOfNumber", []string{"> (part 3) get a"}, 2, "unknown directive"},
	{"PartAndJoin", []string{"> (part) (join) get a"}, 2, "unknown directive"},
	{"PadInsideALine", []string{"> (part) get", "> (pad 9) a"}, 3, "unknown directive"},
	{"CloseWithContent", []string{"> (close) get a"}, 2, "unknown directive"},
	{"PartOfNothing", []string{"> (part)"}, 2, "empty part"},
	{"UnknownEscape", []string{`> \n`}, 2, "unknown escape"},
	{"EscapeAtEnd", []string{`> a\`}, 2, "unknown escape"},
	{"ShortByte", []string{`> \xf`}, 2, "unknown escape"},
	{"NoByte", []string{`> \xzz`}, 2, "unknown escape"},
	{"SignedByte", []string{`> \x+1`}, 2, "unknown escape"},
	{"EscapedLF", []string{`> \x0a`}, 2, "unknown escape"},
	{"EscapedDollar", []string{`> \x24{a}`}, 2, "unknown escape"},
	{"ShortCharacter", []string{`> \u00e`}, 2, "unknown escape"},
	{"Surrogate", []string{`> \ud800`}, 2, "unknown escape"},
	{"EscapeInText", []string{"< error", `< \q`, "<"}, 3, "unknown escape"},
	{"EscapeInKey", []string{"< ok", `< \q 1.0 7`, "<"}, 3, "unknown escape"},
	{"PlaceholderCase", []string{"> get ${A}"}, 2, "wrong placeholder"},
	{"PlaceholderOpen", []string{"> get ${a"}, 2, "wrong placeholder"},
	{"PlaceholderLength", []string{"> get ${a:0}"}, 2, "wrong placeholder"},
	{"PlaceholderOtherLength", []string{"> get ${a}", "> get ${a:9}"}, 3, "wrong placeholder"},
	{"UnnamedConnection", []string{"A> get a", "> get a"}, 1, "unnamed connection"},
}

func TestWrongTranscripts(t *testing.T) {
	for _, test := range wrongTranscripts {
		t.Run(test.name, func(t *testing.T) {
			got, err := vectorsOf(block("transcript an-id PUT-001 : Title", test.lines...), someRequirements)
			wantProblem(t, err, test.line, test.rule)
			if got != nil {
				t.Errorf("got %+v beside the error", got)
			}
		})
	}
}

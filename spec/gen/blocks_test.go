package main

import (
	"errors"
	"reflect"
	"strings"
	"testing"

	"github.com/putget-protocol/putget/spec"
)

var someRequirements = []spec.Requirement{
	{ID: "PUT-001", Keyword: spec.Must, Level: spec.Core, Side: spec.Server},
	{ID: "PUT-002", Keyword: spec.ShouldNot, Level: spec.Full, Side: spec.Server},
	{ID: "CLI-001", Keyword: spec.May, Level: spec.Core, Side: spec.Client},
}

// block makes a block that opens on line 1, so that its first line is line 2.
func block(info string, lines ...string) spec.Block {
	return spec.Block{Line: 1, Info: info, Lines: lines}
}

var exampleTests = []struct {
	name  string
	block spec.Block
	want  spec.Vector // its fields from ID on
}{
	{
		"Put", block("request PUT-001", `a-1 "put # 1.5 7\r\n"  put "#" 1.50 -7   # a title # with a hash`),
		spec.Vector{
			ID: "a-1", Title: "a title # with a hash", Bytes: spec.Bytes("put # 1.5 7\r\n"),
			Request: &spec.Request{Form: spec.PutForm, Key: spec.Bytes("#"), Value: "1.50", Timestamp: "-7"},
		},
	},
	{
		"GetHex", block("request PUT-001", `a hex:67657420ff0a get hex:ff # title`),
		spec.Vector{
			ID: "a", Title: "title", Flags: []spec.Flag{spec.FlagBinary}, Bytes: spec.Bytes("get \xff\n"),
			Request: &spec.Request{Form: spec.GetForm, Key: spec.Bytes("\xff")},
		},
	},
	{
		"GetAll", block("request PUT-001", `a "get *\n" get * # title`),
		spec.Vector{ID: "a", Title: "title", Bytes: spec.Bytes("get *\n"), Request: &spec.Request{Form: spec.GetAllForm}},
	},
	{
		"Wrong", block("request PUT-001", `a "\"\\\n" wrong # title`),
		spec.Vector{ID: "a", Title: "title", Bytes: spec.Bytes("\"\\\n"), Request: &spec.Request{Form: spec.WrongForm}},
	},
	{
		"OK", block("reply PUT-001", `a "ok\n\n" ok "a" 1.0 7 "a b" -5e-324 9223372036854775807 # title`),
		spec.Vector{ID: "a", Title: "title", Bytes: spec.Bytes("ok\n\n"), Reply: &spec.Reply{
			Form: spec.OKForm, Samples: []spec.Sample{
				{Key: spec.Bytes("a"), Value: "1.0", Timestamp: "7"},
				{Key: spec.Bytes("a b"), Value: "-5e-324", Timestamp: "9223372036854775807"},
			},
		}},
	},
	{
		"OKEmpty", block("reply PUT-001", `a "ok\n\n" ok # title`),
		spec.Vector{ID: "a", Title: "title", Bytes: spec.Bytes("ok\n\n"), Reply: &spec.Reply{Form: spec.OKForm, Samples: []spec.Sample{}}},
	},
	{
		"Error", block("reply PUT-001", `a "error\n\n" error "x y" hex:ff # title`),
		spec.Vector{ID: "a", Title: "title", Bytes: spec.Bytes("error\n\n"), Reply: &spec.Reply{
			Form: spec.ErrorForm, Lines: []spec.Bytes{spec.Bytes("x y"), spec.Bytes("\xff")},
		}},
	},
	{
		"Incomplete", block("reply PUT-001", `a "ok\n" incomplete # title`),
		spec.Vector{ID: "a", Title: "title", Bytes: spec.Bytes("ok\n"), Reply: &spec.Reply{Form: spec.IncompleteForm}},
	},
	{
		"Broken", block("reply PUT-001", `a "no\n" broken # title`),
		spec.Vector{ID: "a", Title: "title", Bytes: spec.Bytes("no\n"), Reply: &spec.Reply{Form: spec.BrokenForm}},
	},
}

func TestExamples(t *testing.T) {
	for _, test := range exampleTests {
		t.Run(test.name, func(t *testing.T) {
			want := test.want
			want.Kind = spec.Kind(strings.Fields(test.block.Info)[0])
			want.Requirements, want.Level, want.Side = []string{"PUT-001"}, spec.Core, spec.Server
			want.Since, want.Result = "1.0", spec.Required
			got, err := vectorsOf(test.block, someRequirements)
			if err != nil || !reflect.DeepEqual(got, []spec.Vector{want}) {
				t.Errorf("got  %+v, %v\nwant %+v", got, err, want)
			}
		})
	}
}

func TestHeads(t *testing.T) {
	tests := []struct {
		name, ids string
		level     spec.Level
		side      spec.Side
		result    spec.Result
	}{
		{"Core", "PUT-001", spec.Core, spec.Server, spec.Required},
		{"CoreButFull", "PUT-001 full", spec.Full, spec.Server, spec.Required},
		{"FullInFront", "full PUT-001", spec.Full, spec.Server, spec.Required},
		{"OneOfFull", "PUT-001 PUT-002", spec.Full, spec.Server, spec.Required},
		{"FirstDecides", "PUT-002 PUT-001", spec.Full, spec.Server, spec.Recommended},
		{"Permission", "CLI-001 PUT-001", spec.Core, spec.Client, spec.Permitted},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			for _, b := range []spec.Block{
				block("request "+test.ids, `a "get *\n" get * # title`),
				block("transcript a "+test.ids+" : title", "> get a", "< ok", "<"),
			} {
				got, err := vectorsOf(b, someRequirements)
				if err != nil {
					t.Fatal(err)
				}
				if v := got[0]; v.Level != test.level || v.Side != test.side || v.Result != test.result {
					t.Errorf("got %s, %s, %s, want %s, %s, %s", v.Level, v.Side, v.Result, test.level, test.side, test.result)
				}
			}
		})
	}
}

func TestABNFIsNoVector(t *testing.T) {
	if got, err := vectorsOf(block("abnf", "a = b"), nil); err != nil || got != nil {
		t.Errorf("got %v, %v, want nothing", got, err)
	}
}

func request(line string) spec.Block { return block("request PUT-001", line) }

func reply(line string) spec.Block { return block("reply PUT-001", line) }

var wrongBlocks = []struct {
	name  string
	block spec.Block
	line  int
	rule  string
}{
	{"NoKind", block("", "x"), 1, "unknown kind of block"},
	{"UnknownKind", block("json PUT-001", "x"), 1, "unknown kind of block"},
	{"NoRequirement", block("request", "x"), 1, "no requirement"},
	{"OnlyFull", block("request full", "x"), 1, "no requirement"},
	{"UnknownRequirement", block("request PUT-009", "x"), 1, "unknown requirement"},
	{"DuplicateRequirement", block("request PUT-001 PUT-001", "x"), 1, "duplicate requirement"},
	{"UnknownWord", block("request PUT-001 core", "x"), 1, "unknown word"},
	{"TitleOfBlock", block("request PUT-001 : Title", "x"), 1, "wrong title"},
	{"TranscriptWithoutID", block("transcript PUT-001 : Title", "> x"), 1, "wrong title"},
	{"TranscriptWithoutTitle", block("transcript a PUT-001", "> x"), 1, "wrong title"},
	{"Empty", block("request PUT-001"), 1, "empty block"},

	{"EmptyLine", request(``), 2, "wrong title"},
	{"NoTitle", request(`a "get a\n" get "a"`), 2, "wrong title"},
	{"EmptyTitle", request(`a "get a\n" get "a" # `), 2, "wrong title"},
	{"NoDecodedForm", request(`a "get a\n" # title`), 2, "incomplete line"},
	{"UpperCaseID", request(`A "get a\n" get "a" # title`), 2, "wrong id"},
	{"QuotedID", request(`"a" "get a\n" get "a" # title`), 2, "wrong id"},
	{"NoBytes", request(`a get get "a" # title`), 2, "no bytes"},
	{"UnfinishedString", request(`a "get a\n get a # title`), 2, "no JSON string"},
	{"EscapeAtEnd", request(`a "get a\`), 2, "no JSON string"},
	{"WrongEscape", request(`a "get \x00\n" wrong # title`), 2, "no JSON string"},
	{"LoneSurrogate", request(`a "get \ud800\n" wrong # title`), 2, "no JSON string"},
	{"StringsGlued", request(`a "get a\n""b" wrong # title`), 2, "wrong decoded form"},
	{"OddHex", request(`a hex:0 wrong # title`), 2, "no hexadecimal digits"},
	{"NoLF", request(`a "get a" get "a" # title`), 2, "no request line"},
	{"TwoLFs", request(`a "get a\n\n" get "a" # title`), 2, "no request line"},
	{"LFInside", request(`a "get a\nb" get "a" # title`), 2, "no request line"},
	{"Placeholder", request(`a "get ${a}\n" get "a" # title`), 2, "wrong placeholder"},
	{"UnknownForm", request(`a "get a\n" right # title`), 2, "wrong decoded form"},
	{"FormOfReply", request(`a "get a\n" broken # title`), 2, "wrong decoded form"},
	{"GetBareKey", request(`a "get a\n" get a # title`), 2, "wrong decoded form"},
	{"GetEmptyKey", request(`a "get \n" get "" # title`), 2, "wrong decoded form"},
	{"GetTwoKeys", request(`a "get a\n" get "a" "b" # title`), 2, "wrong decoded form"},
	{"PutWithoutTimestamp", request(`a "put a 1 7\n" put "a" 1.0 # title`), 2, "wrong decoded form"},
	{"PutBareKey", request(`a "put a 1 7\n" put a 1.0 7 # title`), 2, "wrong decoded form"},
	{"WrongWithField", request(`a "x\n" wrong "x" # title`), 2, "wrong decoded form"},
	{"ValueWithPlus", request(`a "put a 1 7\n" put "a" +1.0 7 # title`), 2, "wrong number"},
	{"ValueWithZeros", request(`a "put a 1 7\n" put "a" 01.0 7 # title`), 2, "wrong number"},
	{"ValueInHex", request(`a "put a 1 7\n" put "a" 0x1p4 7 # title`), 2, "wrong number"},
	{"ValueInfinite", request(`a "put a 1 7\n" put "a" 1e+999 7 # title`), 2, "wrong number"},
	{"TimestampWithZeros", request(`a "put a 1 7\n" put "a" 1.0 007 # title`), 2, "wrong number"},
	{"TimestampNegativeZero", request(`a "put a 1 7\n" put "a" 1.0 -0 # title`), 2, "wrong number"},
	{"TimestampTooLarge", request(`a "put a 1 7\n" put "a" 1.0 9223372036854775808 # title`), 2, "wrong number"},

	{"FormOfRequest", reply(`a "ok\n\n" wrong # title`), 2, "wrong decoded form"},
	{"TwoFields", reply(`a "ok\n\n" ok "a" 1.0 # title`), 2, "wrong decoded form"},
	{"BareKey", reply(`a "ok\n\n" ok a 1.0 7 # title`), 2, "wrong decoded form"},
	{"BareText", reply(`a "error\n\n" error text # title`), 2, "wrong decoded form"},
	{"EmptyText", reply(`a "error\n\n" error "" # title`), 2, "wrong decoded form"},
	{"BrokenWithField", reply(`a "x" broken "x" # title`), 2, "wrong decoded form"},
	{"NumberOfReply", reply(`a "ok\n\n" ok "a" nan 7 # title`), 2, "wrong number"},
}

func TestWrongBlocks(t *testing.T) {
	for _, test := range wrongBlocks {
		t.Run(test.name, func(t *testing.T) {
			got, err := vectorsOf(test.block, someRequirements)
			wantProblem(t, err, test.line, test.rule)
			if len(got) != 0 {
				t.Errorf("got %+v beside the error", got)
			}
		})
	}
}

func TestEachWrongLineIsReported(t *testing.T) {
	b := block("request PUT-001", `a "get a\n" get "a"`, `b "get b\n" get "b" # right`, `c x wrong # title`)
	got, err := vectorsOf(b, someRequirements)
	joined, ok := err.(interface{ Unwrap() []error })
	if !ok || len(joined.Unwrap()) != 2 {
		t.Fatalf("got error %v, want two of them", err)
	}
	wantProblem(t, joined.Unwrap()[0], 2, "wrong title")
	wantProblem(t, joined.Unwrap()[1], 4, "no bytes")
	if len(got) != 1 || got[0].ID != "b" {
		t.Errorf("got %+v, want the right one", got)
	}
}

func wantProblem(t *testing.T, err error, line int, rule string) {
	t.Helper()
	p, ok := errors.AsType[*spec.Problem](err)
	if !ok || p.Line != line || p.Rule != rule || p.Detail == "" {
		t.Errorf("got %v, want line %d: %s", err, line, rule)
	}
}

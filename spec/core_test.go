package spec_test

import (
	"fmt"
	"regexp"
	"strings"
	"testing"

	"github.com/putget-protocol/putget/spec"
)

// The bounds of level core, as section 2.2 draws them.
const (
	coreKey   = `[A-Za-z0-9._-]{1,100}`
	coreValue = `-?[0-9]+(?:\.[0-9]+)?(?:[eE][+-]?[0-9]+)?`
	coreTime  = `(?:0|[1-9][0-9]*)`
	coreWord  = `[A-Za-z]+`
)

var (
	corePut    = regexp.MustCompile(`^put ` + coreKey + ` ` + coreValue + ` (` + coreTime + `)\n$`)
	coreGet    = regexp.MustCompile(`^get (?:\*|` + coreKey + `)\n$`)
	coreWrongs = []*regexp.Regexp{
		regexp.MustCompile(`^get\n$`),
		regexp.MustCompile(`^put(?: [A-Za-z0-9._-]+)?(?: [A-Za-z0-9._-]+)?\n$`),                      // 0, 1, 2 arguments
		regexp.MustCompile(`^put(?: [A-Za-z0-9._-]+){4}\n$`),                                         // 4 arguments
		regexp.MustCompile(`^put ` + coreKey + ` ` + coreValue + ` (?:[A-Za-z]+|[0-9]+\.[0-9]+)\n$`), // timestamp
	}
	coreOtherWord   = regexp.MustCompile(`^([a-z]+)(?: [A-Za-z0-9._-]+)*\n$`)
	coreValueOfWord = regexp.MustCompile(`^put ` + coreKey + ` (` + coreWord + `) ` + coreTime + `\n$`)
)

const coreLatest = 4102444800

// coreRequest says why a request line is beyond core; "" when it is not.
func coreRequest(line []byte) string {
	if m := corePut.FindSubmatch(line); m != nil {
		if ts := spec.Number(m[1]).Int64(); ts > coreLatest || len(m[1]) > 10 {
			return "its timestamp is too late"
		}
		return ""
	}
	if coreGet.Match(line) {
		return ""
	}
	for _, wrong := range coreWrongs {
		if wrong.Match(line) {
			return ""
		}
	}
	if m := coreOtherWord.FindSubmatch(line); m != nil && string(m[1]) != "put" && string(m[1]) != "get" {
		return ""
	}
	if m := coreValueOfWord.FindSubmatch(line); m != nil {
		switch strings.ToLower(string(m[1])) {
		case "nan", "inf", "infinity":
			return "its value is a number to many"
		}
		return ""
	}
	return "it is none of the requests of section 2.2"
}

// notAtCore matches what is only observed in a reply.
var notAtCore = map[string]*regexp.Regexp{
	"CR LF":                             regexp.MustCompile(`\r`),
	"another case of the status":        regexp.MustCompile(`^(?:OK|Ok|oK|E)`),
	"two SP":                            regexp.MustCompile(`  `),
	"nan":                               regexp.MustCompile(`(?i) [+-]?nan `),
	"a timestamp that is no integer":    regexp.MustCompile(`(?m)^[^ ]+ [^ ]+ [+-]?[0-9]*[.eE][0-9+.eE-]*$`),
	"a number outside the grammar":      regexp.MustCompile(`(?i) [+-]?(?:0x|inf)`),
	"a key that is none":                regexp.MustCompile(`(?m)^\* `),
	"space at the end or the beginning": regexp.MustCompile(`(?m)^ | $`),
	"a control character":               regexp.MustCompile(`[\x00-\x09\x0b-\x1f\x7f]`),
}

// coreReply says why a reply is beyond core; "" when it is not.
func coreReply(reply []byte) string {
	if len(reply) > 1024 {
		return fmt.Sprintf("it has %d bytes", len(reply))
	}
	for what, re := range notAtCore {
		if re.Match(reply) {
			return "it has " + what
		}
	}
	return ""
}

// coreTranscript says why a transcript is beyond core; "" when it is not.
func coreTranscript(v spec.Vector) string {
	for i, s := range v.Steps {
		switch {
		case s.HalfClose || s.Close || s.ExpectSilence || s.ExpectClosed:
			return fmt.Sprintf("step %d neither sends nor expects a reply", i)
		case s.Expect != nil && (i == 0 || v.Steps[i-1].Send == nil || v.Steps[i-1].Connection != s.Connection):
			return fmt.Sprintf("step %d does not follow its request", i)
		case s.Send != nil && (i+1 == len(v.Steps) || v.Steps[i+1].Expect == nil):
			return fmt.Sprintf("step %d is not answered before the next", i)
		}
		if s.Send != nil {
			line := s.Write(func(_ string, length int) string { return strings.Repeat("k", max(length, 64)) })
			if why := coreRequest(line); why != "" {
				return fmt.Sprintf("step %d sends %q: %s", i, line, why)
			}
		}
	}
	if v.Delivery != "" {
		return "it says what goes into one write"
	}
	return ""
}

func TestCoreVectorsStayWithinCore(t *testing.T) {
	core := 0
	for _, v := range vectors(t) {
		if v.Level != spec.Core {
			continue
		}
		core++
		var why string
		switch v.Kind {
		case spec.RequestKind:
			why = coreRequest(v.Bytes)
		case spec.ReplyKind:
			why = coreReply(v.Bytes)
		case spec.TranscriptKind:
			why = coreTranscript(v)
		}
		if why != "" {
			t.Errorf("%s: %s (section 2.2): give its block the word full", v.ID, why)
		}
	}
	if core == 0 {
		t.Error("no vector is of level core")
	}
}

func TestCoreBounds(t *testing.T) {
	tests := []struct {
		name, line string
		core       bool
	}{
		{"Put", "put palm.cpu -1.5e+3 1503319740\n", true},
		{"PutWhole", "put palm.cpu 10 0\n", true},
		{"PutLatest", "put palm.cpu 10 4102444800\n", true},
		{"PutTooLate", "put palm.cpu 10 4102444801\n", false},
		{"PutMuchTooLate", "put palm.cpu 10 99999999999999999999\n", false},
		{"PutPlus", "put palm.cpu +10 0\n", false},
		{"PutPoint", "put palm.cpu .5 0\n", false},
		{"PutZeros", "put palm.cpu 10 007\n", false},
		{"PutNegativeTime", "put palm.cpu 10 -7\n", false},
		{"PutOtherKey", "put palm/cpu 10 7\n", false},
		{"PutLongKey", "put " + strings.Repeat("k", 101) + " 10 7\n", false},
		{"PutTwoSpaces", "put palm.cpu  10 7\n", false},
		{"PutSpaceAtEnd", "put palm.cpu 10 7 \n", false},
		{"PutCRLF", "put palm.cpu 10 7\r\n", false},
		{"PutWithoutEnd", "put palm.cpu 10 7", false},
		{"TwoLines", "get a\nget b\n", false},
		{"Get", "get palm.cpu\n", true},
		{"GetLongestKey", "get " + strings.Repeat("k", 100) + "\n", true},
		{"GetAll", "get *\n", true},
		{"GetTwo", "get a b\n", false},
		{"GetAlone", "get\n", true},
		{"GetNothing", "get \n", false},
		{"PutAlone", "put\n", true},
		{"PutOne", "put a\n", true},
		{"PutTwo", "put a 1\n", true},
		{"PutFour", "put a 1 2 3\n", true},
		{"PutFive", "put a 1 2 3 4\n", false},
		{"PutStar", "put * 1 2\n", false},
		{"OtherWord", "gets palm.cpu\n", true},
		{"OtherCase", "GET palm.cpu\n", false},
		{"Empty", "\n", false},
		{"ValueOfLetters", "put a abc 1\n", true},
		{"ValueNaN", "put a NaN 1\n", false},
		{"ValueInfinity", "put a infinity 1\n", false},
		{"ValueHex", "put a 0x10 1\n", false},
		{"TimestampOfLetters", "put a 1 now\n", true},
		{"TimestampFraction", "put a 1 1.5\n", true},
		{"TimestampExponent", "put a 1 1e3\n", false},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			if why := coreRequest([]byte(test.line)); (why == "") != test.core {
				t.Errorf("got %q for %q, want core %t", why, test.line, test.core)
			}
		})
	}
	for _, reply := range []string{
		"ok\r\n\r\n", "OK\n\n", "Error\n\n", "ok\na  1.0 7\n\n", "ok\na nan 7\n\n", "ok\na 1.0 7.0\n\n", "ok\na 0x1 7\n\n",
		"ok\na 1.0 7 \n\n", "ok\na\t1.0\t7\n\n", "ok\n* 1.0 7\n\n", "ok\n" + strings.Repeat("a 1.0 7\n", 200) + "\n",
	} {
		if coreReply([]byte(reply)) == "" {
			t.Errorf("the reply %q is taken for core", reply)
		}
	}
}

func TestCoreBoundsOfTranscripts(t *testing.T) {
	send := func(text string) spec.Step { return spec.Step{Send: []spec.Piece{{Bytes: spec.Bytes(text)}}} }
	expect := spec.Step{Expect: []spec.Reply{{Form: spec.OKForm, Samples: []spec.Sample{}}}}
	tests := []struct {
		name string
		v    spec.Vector
		core bool
	}{
		{"InTurn", spec.Vector{Steps: []spec.Step{send("get ${a}\n"), expect, send("get ${a}.b\n"), expect}}, true},
		{"Pipelined", spec.Vector{Steps: []spec.Step{send("get ${a}\n"), send("get ${a}\n"), expect, expect}}, false},
		{"Joined", spec.Vector{Steps: []spec.Step{send("get ${a}\nget ${a}\n"), expect}}, false},
		{"Part", spec.Vector{Steps: []spec.Step{send("get ${a}"), expect}}, false},
		{"LongKey", spec.Vector{Steps: []spec.Step{send("get ${a:101}\n"), expect}}, false},
		{"Unasked", spec.Vector{Steps: []spec.Step{expect}}, false},
		{"Unanswered", spec.Vector{Steps: []spec.Step{send("get ${a}\n")}}, false},
		{"OtherConnection", spec.Vector{Steps: []spec.Step{send("get ${a}\n"), {Connection: "B", Expect: expect.Expect}}}, false},
		{"Silence", spec.Vector{Steps: []spec.Step{send("get ${a}\n"), expect, {ExpectSilence: true}}}, false},
		{"Fixed", spec.Vector{Steps: []spec.Step{send("get ${a}\n"), expect}, Delivery: "fixed"}, false},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			if why := coreTranscript(test.v); (why == "") != test.core {
				t.Errorf("got %q, want core %t", why, test.core)
			}
		})
	}
}

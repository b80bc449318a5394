package wire_test

import (
	"bytes"
	"errors"
	"math"
	"strings"
	"testing"

	"github.com/putget-protocol/putget/spec/wire"
)

// acceptedRequests are right lines, without LF, with their decoded form.
var acceptedRequests = []struct {
	name, line string
	want       wire.Request
}{
	{"Put", "put palm.cpu 23.7 1503319740", wire.Request{Verb: wire.Put, Key: []byte("palm.cpu"), Value: 23.7, Timestamp: 1503319740}},
	{"PutCR", "put k 1 2\r", wire.Request{Verb: wire.Put, Key: []byte("k"), Value: 1, Timestamp: 2}},
	{"PutSpaces", "   put  k   1    2  ", wire.Request{Verb: wire.Put, Key: []byte("k"), Value: 1, Timestamp: 2}},
	{"PutSpaceCR", "put k 1 2 \r", wire.Request{Verb: wire.Put, Key: []byte("k"), Value: 1, Timestamp: 2}},
	{"PutPut", "put put 1 2", wire.Request{Verb: wire.Put, Key: []byte("put"), Value: 1, Timestamp: 2}},
	{"PutStarInside", "put *x 1 2", wire.Request{Verb: wire.Put, Key: []byte("*x"), Value: 1, Timestamp: 2}},
	{"PutTwoStars", "put ** 1 2", wire.Request{Verb: wire.Put, Key: []byte("**"), Value: 1, Timestamp: 2}},
	{"PutSmallest", "put k 5e-324 -9223372036854775808", wire.Request{Verb: wire.Put, Key: []byte("k"), Value: 5e-324, Timestamp: math.MinInt64}},
	{"PutLargest", "put k -1.7976931348623157e308 9223372036854775807", wire.Request{Verb: wire.Put, Key: []byte("k"), Value: -math.MaxFloat64, Timestamp: math.MaxInt64}},
	{"Get", "get palm.cpu", wire.Request{Verb: wire.Get, Key: []byte("palm.cpu")}},
	{"GetGet", "get get", wire.Request{Verb: wire.Get, Key: []byte("get")}},
	{"GetNumber", "get 1", wire.Request{Verb: wire.Get, Key: []byte("1")}},
	{"GetSpaces", "  get   k  \r", wire.Request{Verb: wire.Get, Key: []byte("k")}},
	{"GetUnicode", "get \ufeffцп🌡\u200b", wire.Request{Verb: wire.Get, Key: []byte("\ufeffцп🌡\u200b")}},
	{"GetLongKey", "get " + strings.Repeat("k", 100_000), wire.Request{Verb: wire.Get, Key: bytes.Repeat([]byte("k"), 100_000)}},
	{"GetAll", "get *", wire.Request{Verb: wire.GetAll}},
	{"GetAllSpaces", " get  *  \r", wire.Request{Verb: wire.GetAll}},
	{"GetStarInside", "get *.cpu", wire.Request{Verb: wire.Get, Key: []byte("*.cpu")}},
	{"GetTwoStars", "get **", wire.Request{Verb: wire.Get, Key: []byte("**")}},
}

// refusedRequests are wrong lines; the marker is where the error points.
var refusedRequests = []struct {
	name, line string
	rule       wire.Rule
	reason     error
}{
	{"Empty", "¦", wire.RuleRequest, nil},
	{"OnlyCR", "¦\r", wire.RuleRequest, nil},
	{"OnlySpaces", "  ¦", wire.RuleRequest, nil},
	{"UpperPut", "¦PUT k 1 2", wire.RuleRequest, nil},
	{"UpperGet", "¦GET k", wire.RuleRequest, nil},
	{"MixedPut", "p¦Ut k 1 2", wire.RuleRequest, nil},
	{"MixedGet", "ge¦T k", wire.RuleRequest, nil},
	{"OtherWord", "g¦ot k", wire.RuleRequest, nil},
	{"CutWord", "pu¦", wire.RuleRequest, nil},
	{"CutWordSpace", "ge¦ k", wire.RuleRequest, nil},
	{"LongerPut", "put¦t k 1 2", wire.RuleRequest, nil},
	{"LongerGet", "get¦s k", wire.RuleRequest, nil},
	{"JoinedStar", "get¦*", wire.RuleRequest, nil},
	{"ByteOrderMark", "¦\ufeffget k", wire.RuleRequest, nil},
	{"LeadingTab", "¦\tget k", wire.RuleRequest, nil},
	{"LeadingCR", "¦\rget k", wire.RuleRequest, nil},
	{"LeadingNoBreakSpace", "¦\u00a0get k", wire.RuleRequest, nil},
	{"LeadingInvalid", "¦\xffget k", wire.RuleRequest, wire.ErrEncoding},
	{"TabAfterWord", "get¦\tk", wire.RuleRequest, nil},

	{"PutAlone", "put¦", wire.RuleKey, nil},
	{"PutSpace", "put ¦", wire.RuleKey, nil},
	{"PutKey", "put k¦", wire.RuleValue, nil},
	{"PutKeySpaceCR", "put k ¦\r", wire.RuleValue, nil},
	{"PutKeyValue", "put k 1¦", wire.RuleTimestamp, nil},
	{"PutKeyValueSpace", "put k 1 ¦", wire.RuleTimestamp, nil},
	{"PutExtra", "put k 1 2 ¦3", wire.RulePutRequest, nil},
	{"PutExtraTab", "put k 1 2 ¦\t", wire.RulePutRequest, nil},
	{"PutStar", "put ¦* 1 2", wire.RuleKey, wire.ErrStar},
	{"GetAlone", "get¦", wire.RuleKey, nil},
	{"GetSpace", "get  ¦", wire.RuleKey, nil},
	{"GetExtra", "get k ¦x", wire.RuleGetRequest, nil},
	{"GetExtraSpaces", "get k   ¦k ", wire.RuleGetRequest, nil},
	{"GetStarExtra", "get * ¦k", wire.RuleGetRequest, nil},
	{"GetStarStar", "get * ¦*", wire.RuleGetRequest, nil},
	{"GetExtraInvalid", "get k ¦\xff", wire.RuleGetRequest, wire.ErrEncoding},

	{"KeyTab", "put a¦\tb 1 2", wire.RuleKey, nil},
	{"KeyNUL", "get ¦\x00", wire.RuleKey, nil},
	{"KeyUnitSeparator", "get k¦\x1f", wire.RuleKey, nil},
	{"KeyDelete", "get k¦\x7f", wire.RuleKey, nil},
	{"KeyC1", "get k¦\u0080", wire.RuleKey, nil},
	{"KeyLastC1", "get k¦\u009f", wire.RuleKey, nil},
	{"KeyNextLine", "get k¦\u0085", wire.RuleKey, nil},
	{"KeyNoBreakSpace", "get k¦\u00a0", wire.RuleKey, nil},
	{"KeyOnlyNoBreakSpace", "get ¦\u00a0", wire.RuleKey, nil},
	{"KeyCR", "get k¦\rx", wire.RuleKey, nil},
	{"LF", "get k¦\n", wire.RuleKey, nil},
	{"TwoCRs", "get k¦\r\r", wire.RuleKey, nil},
	{"CRBeforeSpace", "get k¦\r ", wire.RuleKey, nil},
	{"KeyContinuation", "get ¦\x80", wire.RuleKey, wire.ErrEncoding},
	{"KeyLatin1", "get a¦\xe9b", wire.RuleKey, wire.ErrEncoding},
	{"KeyCutSequence", "get a¦\xe2\x82", wire.RuleKey, wire.ErrEncoding},
	{"KeyCutSequenceSpace", "get a¦\xe2\x82 ", wire.RuleKey, wire.ErrEncoding},
	{"KeyOverlong", "get ¦\xc0\xaf", wire.RuleKey, wire.ErrEncoding},
	{"KeySurrogate", "get ¦\xed\xa0\x80", wire.RuleKey, wire.ErrEncoding},
	{"KeyTooLarge", "get ¦\xf4\x90\x80\x80", wire.RuleKey, wire.ErrEncoding},

	{"ValueLetters", "put k ¦abc 2", wire.RuleValue, nil},
	{"ValueNaN", "put k ¦nan 2", wire.RuleValue, nil},
	{"ValueInf", "put k ¦inf 2", wire.RuleValue, nil},
	{"ValueMinusInf", "put k -¦Inf 2", wire.RuleDecimal, nil},
	{"ValueHex", "put k 0¦x10 2", wire.RuleValue, nil},
	{"ValueSeparator", "put k 1¦_000 2", wire.RuleValue, nil},
	{"ValueSignOnly", "put k +¦ 2", wire.RuleDecimal, nil},
	{"ValuePointOnly", "put k .¦ 2", wire.RuleDecimal, nil},
	{"ValueSignPoint", "put k -.¦ 2", wire.RuleDecimal, nil},
	{"ValueTwoSigns", "put k -¦-1 2", wire.RuleDecimal, nil},
	{"ValueTwoPoints", "put k 1.2¦.3 2", wire.RuleValue, nil},
	{"ValueExponentOnly", "put k ¦e5 2", wire.RuleValue, nil},
	{"ValuePointExponent", "put k .¦e5 2", wire.RuleDecimal, nil},
	{"ValueExponentEmpty", "put k 1e¦ 2", wire.RuleExponent, nil},
	{"ValueExponentSign", "put k 1E+¦ 2", wire.RuleExponent, nil},
	{"ValueExponentSigns", "put k 1e+¦-1 2", wire.RuleExponent, nil},
	{"ValueExponentPoint", "put k 1e1¦.5 2", wire.RuleValue, nil},
	{"ValueSuffix", "put k 1.5¦f 2", wire.RuleValue, nil},
	{"ValueTab", "put k 1¦\t2", wire.RuleValue, nil},
	{"ValueArabicDigit", "put k ¦\u0661 2", wire.RuleValue, nil},
	{"ValueInvalid", "put k 1¦\xff 2", wire.RuleValue, wire.ErrEncoding},
	{"ValueOverflow", "put k ¦1e309 2", wire.RuleValue, wire.ErrRange},
	{"ValueOverflowEdge", "put k ¦-1.797693134862315808e308 2", wire.RuleValue, wire.ErrRange},

	{"TimestampLetters", "put k 1 ¦now", wire.RuleTimestamp, nil},
	{"TimestampFraction", "put k 1 2¦.5", wire.RuleTimestamp, nil},
	{"TimestampPoint", "put k 1 ¦.5", wire.RuleTimestamp, nil},
	{"TimestampExponent", "put k 1 1¦e3", wire.RuleTimestamp, nil},
	{"TimestampHex", "put k 1 0¦x7", wire.RuleTimestamp, nil},
	{"TimestampSeparator", "put k 1 1¦_000", wire.RuleTimestamp, nil},
	{"TimestampSignOnly", "put k 1 -¦", wire.RuleTimestamp, nil},
	{"TimestampTwoSigns", "put k 1 +¦-7", wire.RuleTimestamp, nil},
	{"TimestampSignSpace", "put k 1 -¦ 7", wire.RuleTimestamp, nil},
	{"TimestampTwoCRs", "put k 1 2¦\r\r", wire.RuleTimestamp, nil},
	{"TimestampAbove", "put k 1 ¦9223372036854775808", wire.RuleTimestamp, wire.ErrRange},
	{"TimestampBelow", "put k 1 ¦-9223372036854775809", wire.RuleTimestamp, wire.ErrRange},
	{"Timestamp20Digits", "put k 1 ¦00099999999999999999999 ", wire.RuleTimestamp, wire.ErrRange},
	{"TimestampTwo64", "put k 1 ¦18446744073709551616", wire.RuleTimestamp, wire.ErrRange},
}

func equalRequests(a, b wire.Request) bool {
	return a.Verb == b.Verb && bytes.Equal(a.Key, b.Key) && (a.Key == nil) == (b.Key == nil) &&
		math.Float64bits(a.Value) == math.Float64bits(b.Value) && a.Timestamp == b.Timestamp
}

func TestParseRequestAccepts(t *testing.T) {
	for _, tt := range acceptedRequests {
		t.Run(tt.name, func(t *testing.T) {
			got := wire.Request{Verb: 9, Key: []byte("old"), Value: 9, Timestamp: 9}
			if err := wire.ParseRequest([]byte(tt.line), &got); err != nil {
				t.Fatal(err)
			}
			if !equalRequests(got, tt.want) {
				t.Errorf("got %+v, want %+v", got, tt.want)
			}
		})
	}
}

func TestParseRequestRefuses(t *testing.T) {
	for _, tt := range refusedRequests {
		t.Run(tt.name, func(t *testing.T) {
			line, offset := unmark(t, tt.line)
			got := wire.Request{Verb: 9, Key: []byte("old"), Value: 9, Timestamp: 9}
			err := wire.ParseRequest([]byte(line), &got)
			checkSyntaxError(t, err, offset, tt.rule, tt.reason)
			if !equalRequests(got, wire.Request{}) {
				t.Errorf("after the error the request is %+v, want zero", got)
			}
		})
	}
}

// A line can be completed up to the offset of its error and not beyond it: that is
// what "the first byte that no rule accepts" means.
func TestErrorOffsetIsWhereNoCompletionHelps(t *testing.T) {
	completions := []string{
		"", "put k 1 2", "ut k 1 2", "t k 1 2", " k 1 2", "k 1 2", " 1 2", "1 2", " 2", "2",
		"get k", "et k", "t k", " k", "k", "k 1e-400 2", "\x80 1 2", "\x80\x80 1 2", "\xa1\x80", "\xa1\x80\x80",
	}
	completable := func(line string) bool {
		for _, completion := range completions {
			var req wire.Request
			if wire.ParseRequest([]byte(line+completion), &req) == nil {
				return true
			}
		}
		return false
	}
	for _, tt := range refusedRequests {
		if tt.reason != nil {
			continue // whole tokens, and characters of several bytes
		}
		line, offset := unmark(t, tt.line)
		line = strings.TrimSuffix(line, "\r")
		if !completable(line[:offset]) {
			t.Errorf("%s: nothing makes a request of %q", tt.name, line[:offset])
		}
		// A CR is what the error points at, though only what follows it shows
		// that it was not the one before LF.
		if rest := line[offset:]; rest != "" && rest[0] != '\r' {
			end := offset + len(string([]rune(rest)[:1]))
			if completable(line[:end]) {
				t.Errorf("%s: %q can still become a request", tt.name, line[:end])
			}
		}
	}
}

func TestRequestKeyAliasesLine(t *testing.T) {
	line := []byte("put abc 1 2")
	var req wire.Request
	if err := wire.ParseRequest(line, &req); err != nil {
		t.Fatal(err)
	}
	if &req.Key[0] != &line[4] {
		t.Error("the key is a copy, want a part of the line")
	}
	if _ = append(req.Key, '!'); string(line) != "put abc 1 2" {
		t.Errorf("appending to the key changed the line to %q", line)
	}
}

func TestAppendRequests(t *testing.T) {
	type name string
	dst := []byte("> ")
	tests := []struct {
		name string
		got  []byte
		want string
	}{
		{"Put", wire.AppendPut(dst, "palm.cpu", 10, -7), "> put palm.cpu 10.0 -7\n"},
		{"PutBytes", wire.AppendPut(dst, []byte("k"), 0.5, 0), "> put k 0.5 0\n"},
		{"Get", wire.AppendGet(dst, name("palm.cpu")), "> get palm.cpu\n"},
		{"GetAll", wire.AppendGetAll(dst), "> get *\n"},
		{"Nil", wire.AppendGetAll(nil), "get *\n"},
	}
	for _, tt := range tests {
		if string(tt.got) != tt.want {
			t.Errorf("%s: got %q, want %q", tt.name, tt.got, tt.want)
		}
	}
}

func TestParseRequestAllocatesNothing(t *testing.T) {
	var req wire.Request
	for _, tt := range acceptedRequests {
		line := []byte(tt.line)
		if n := testing.AllocsPerRun(100, func() { _ = wire.ParseRequest(line, &req) }); n != 0 {
			t.Errorf("%s: got %v allocations, want 0", tt.name, n)
		}
	}
}

func TestRefusalAllocatesOnlyTheError(t *testing.T) {
	var req wire.Request
	for _, tt := range refusedRequests {
		if errors.Is(tt.reason, wire.ErrRange) {
			continue
		}
		plain, _ := unmark(t, tt.line)
		line := []byte(plain)
		if n := testing.AllocsPerRun(100, func() { _ = wire.ParseRequest(line, &req) }); n > 1 {
			t.Errorf("%s: got %v allocations, want 1", tt.name, n)
		}
	}
}

func TestVerbString(t *testing.T) {
	for verb, want := range map[wire.Verb]string{wire.Put: "put", wire.Get: "get", wire.GetAll: "get *", 0: "no verb"} {
		if got := verb.String(); got != want {
			t.Errorf("Verb(%d).String() = %q, want %q", verb, got, want)
		}
	}
}

// BenchmarkParsePut is the figure of the package documentation.
func BenchmarkParsePut(b *testing.B) {
	line := []byte("put palm.cpu 23.7 1503319740")
	var req wire.Request
	b.ReportAllocs()
	b.SetBytes(int64(len(line)))
	for b.Loop() {
		if err := wire.ParseRequest(line, &req); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkParseWrongRequest(b *testing.B) {
	line := []byte("put palm.cpu high 1503319740")
	var req wire.Request
	b.ReportAllocs()
	for b.Loop() {
		if err := wire.ParseRequest(line, &req); err == nil {
			b.Fatal("the line was accepted")
		}
	}
}

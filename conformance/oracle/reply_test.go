package oracle_test

import (
	"reflect"
	"slices"
	"strings"
	"testing"

	"github.com/putget-protocol/putget/conformance/oracle"
)

// cut takes the marker ¦ out of a text and returns its index, or the length.
func cut(marked string) (text []byte, offset int) {
	before, after, found := strings.Cut(marked, "¦")
	if !found {
		return []byte(marked), len(marked)
	}
	return []byte(before + after), len(before)
}

func TestParseReply(t *testing.T) {
	one := oracle.Sample{Key: "palm.cpu", Value: 23.5, Timestamp: 7}
	two := oracle.Sample{Key: "rain", Value: 10, Timestamp: -8}
	tests := []struct {
		name, reply string
		want        oracle.Reply
	}{
		{"OK", "ok\n\n", oracle.Reply{OK: true}},
		{"OneSample", "ok\npalm.cpu 23.5 7\n\n", oracle.Reply{OK: true, Samples: []oracle.Sample{one}}},
		{"AsTheyCame", "ok\nrain 10 -8\npalm.cpu 23.5 7\n\n", oracle.Reply{OK: true, Samples: []oracle.Sample{two, one}}},
		{"Wordings", "ok\npalm.cpu +2.35E1 +007\nrain 10. -8\n\n", oracle.Reply{OK: true, Samples: []oracle.Sample{one, two}}},
		{"KeyIsStatus", "ok\nok 1 7\n\n", oracle.Reply{OK: true, Samples: []oracle.Sample{{Key: "ok", Value: 1, Timestamp: 7}}}},
		{"Error", "error\nwrong command\n\n", oracle.Reply{Text: []string{"wrong command"}}},
		{"ErrorNoText", "error\n\n", oracle.Reply{}},
		{"ErrorTwoLines", "error\na\nb\n\n", oracle.Reply{Text: []string{"a", "b"}}},
		{"ErrorAnyBytes", "error\n \r\n\x00\xff\t\n\n", oracle.Reply{Text: []string{" \r", "\x00\xff\t"}}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			got, m := oracle.ParseReply([]byte(tt.reply))
			if m != nil || !reflect.DeepEqual(got, tt.want) {
				t.Errorf("ParseReply(%q) = %+v, %v; want %+v", tt.reply, got, m, tt.want)
			}
			for n := range len(tt.reply) {
				if _, m := oracle.ParseReply([]byte(tt.reply[:n])); m == nil || !m.Incomplete() || m.Offset != n {
					t.Errorf("ParseReply(%q) gives %v; want an incomplete reply", tt.reply[:n], m)
				}
			}
		})
	}
}

// A brokenReply is a reply and what is wrong with it; ¦ marks the byte at which the
// mismatch must point.
type brokenReply struct {
	name, reply string
	want        oracle.Aspect
}

func brokenStatuses() []brokenReply {
	return []brokenReply{
		{"Nothing", "", oracle.AspectNoReply},
		{"StatusCut", "o", oracle.AspectTruncated},
		{"StatusNoLF", "ok", oracle.AspectTruncated},
		{"StatusErrorNoLF", "error", oracle.AspectTruncated},
		{"NoEnd", "ok\n", oracle.AspectTerminator},
		{"HTTP", "¦HTTP/1.1 400 Bad Request\r\n\r\n", oracle.AspectNotAReply},
		{"HTTPCut", "¦HTTP/1.1 400", oracle.AspectNotAReply},
		{"StatusMissing", "¦palm.cpu 23.5 7\n\n", oracle.AspectNotAReply},
		{"StatusUpper", "¦OK\n\n", oracle.AspectStatus},
		{"StatusMixed", "¦Ok\n\n", oracle.AspectStatus},
		{"StatusOkay", "ok¦ay\n\n", oracle.AspectStatus},
		{"StatusSpace", "ok¦ \n\n", oracle.AspectStatus},
		{"StatusSpaceBefore", "¦ ok\n\n", oracle.AspectStatus},
		{"StatusJoined", "ok¦palm.cpu 23.5 7\n\n", oracle.AspectStatus},
		{"StatusJoinedText", "error¦ wrong command\n\n", oracle.AspectStatus},
		{"StatusUpperError", "¦ERROR\nwrong command\n\n", oracle.AspectStatus},
		{"StatusErr", "err¦\n\n", oracle.AspectNotAReply},
		{"EmptyLineFirst", "¦\nok\n\n", oracle.AspectStatus},
	}
}

func brokenLines() []brokenReply {
	return []brokenReply{
		{"CRLF", "ok¦\r\n\r\n", oracle.AspectLineEnd},
		{"CRLFError", "error¦\r\nwrong command\r\n\r\n", oracle.AspectLineEnd},
		{"CRLFSample", "ok\npalm.cpu 23.5 7¦\r\n\n", oracle.AspectLineEnd},
		{"CRLFEnd", "ok\n¦\r\n\n", oracle.AspectLineEnd},
		{"TwoSpaces", "ok\npalm.cpu ¦ 23.5 7\n\n", oracle.AspectFieldSeparator},
		{"TwoSpacesLate", "ok\npalm.cpu 23.5 ¦ 7\n\n", oracle.AspectFieldSeparator},
		{"LeadingSpace", "ok\n¦ palm.cpu 23.5 7\n\n", oracle.AspectFieldSeparator},
		{"TrailingSpace", "ok\npalm.cpu 23.5 7¦ \n\n", oracle.AspectFieldSeparator},
		{"TrailingSpaces", "ok\npalm.cpu 23.5 7¦  \n\n", oracle.AspectFieldCount},
		{"Tabs", "ok\npalm.cpu¦\t23.5\t7\n\n", oracle.AspectFieldSeparator},
		{"TabLate", "ok\npalm.cpu 23.5¦\t7\n\n", oracle.AspectFieldSeparator},
		{"TabLast", "ok\npalm.cpu 23.5 7¦\t\n\n", oracle.AspectFieldSeparator},
		{"OneField", "ok\npalm.cpu¦\n\n", oracle.AspectFieldCount},
		{"TwoFields", "ok\npalm.cpu 23.5¦\n\n", oracle.AspectFieldCount},
		{"TwoFieldsSpace", "ok\npalm.cpu 23.5 ¦\n\n", oracle.AspectFieldCount},
		{"FourFields", "ok\npalm.cpu 23.5 7¦ 8\n\n", oracle.AspectFieldCount},
		{"SpaceAlone", "ok\n¦ \n\n", oracle.AspectFieldSeparator},
		{"KeyStar", "ok\n¦* 23.5 7\n\n", oracle.AspectKeySyntax},
		{"KeyNBSP", "ok\npalm¦\u00a0cpu 23.5 7\n\n", oracle.AspectKeySyntax},
		{"KeyBytes", "ok\npalm¦\xff 23.5 7\n\n", oracle.AspectKeySyntax},
		{"KeyControl", "ok\npalm¦\x00 23.5 7\n\n", oracle.AspectKeySyntax},
		{"ValueHex", "ok\npalm.cpu ¦0x10 7\n\n", oracle.AspectValueSyntax},
		{"ValueNaN", "ok\npalm.cpu ¦nan 7\n\n", oracle.AspectValueSyntax},
		{"ValueInfinite", "ok\npalm.cpu ¦1e999 7\n\n", oracle.AspectValueSyntax},
		{"TimestampFraction", "ok\npalm.cpu 23.5 ¦7.0\n\n", oracle.AspectTimestampSyntax},
		{"TimestampRange", "ok\npalm.cpu 23.5 ¦9223372036854775808\n\n", oracle.AspectTimestampSyntax},
		{"TimestampCRInside", "ok\npalm.cpu 23.5 ¦7\r8\n\n", oracle.AspectTimestampSyntax},
		{"SecondLine", "ok\npalm.cpu 23.5 7\npalm.cpu ¦x 8\n\n", oracle.AspectValueSyntax},
		{"TwoReplies", "ok\n\n¦ok\n\n", oracle.AspectTrailing},
		{"NewlineTooMany", "error\nwrong command\n\n¦\n", oracle.AspectTrailing},
	}
}

func TestBrokenReply(t *testing.T) {
	for _, tt := range slices.Concat(brokenStatuses(), brokenLines()) {
		t.Run(tt.name, func(t *testing.T) {
			reply, offset := cut(tt.reply)
			got, m := oracle.ParseReply(reply)
			if m == nil || m.Aspect != tt.want || m.Offset != offset {
				t.Fatalf("ParseReply(%q) gives %v; want %s at byte %d", reply, m, tt.want, offset)
			}
			if !reflect.DeepEqual(got, oracle.Reply{}) {
				t.Errorf("ParseReply(%q) = %+v beside a mismatch; want the zero Reply", reply, got)
			}
			if m.Want == "" {
				t.Error("the mismatch does not say what is wanted")
			}
		})
	}
}

func TestReplyEnd(t *testing.T) {
	tests := []struct {
		b    string
		want int
	}{
		{"", -1},
		{"ok", -1},
		{"ok\n", -1},
		{"ok\n\n", 4},
		{"ok\n\nok\n\n", 4},
		{"ok\nk 1 7\n", -1},
		{"ok\nk 1 7\n\nerror", 10},
		{"ok\r\n\r\n", -1},
		{"\n", -1},
		{"\nok\n", -1},
		{"\nok\n\n", 5},
		{"\n\nok\n\n", 2},
		{"error\n\n", 7},
	}
	for _, tt := range tests {
		if got := oracle.ReplyEnd([]byte(tt.b)); got != tt.want {
			t.Errorf("ReplyEnd(%q) = %d; want %d", tt.b, got, tt.want)
		}
	}
}

package wire_test

import (
	"errors"
	"reflect"
	"strings"
	"testing"

	"github.com/putget-protocol/putget/spec/wire"
)

// decodeAll decodes b, which is there as a whole, until an error.
func decodeAll(d *wire.ReplyDecoder, b []byte) (events []wire.Event, rest []byte, err error) {
	for {
		ev, n, err := d.Next(b)
		if err != nil {
			return events, b, err
		}
		events = append(events, ev)
		b = b[n:]
	}
}

func sample(key string, value float64, timestamp int64) wire.Event {
	return wire.Event{Kind: wire.SampleLine, Key: []byte(key), Value: value, Timestamp: timestamp}
}

func text(line string) wire.Event {
	return wire.Event{Kind: wire.TextLine, Text: []byte(line)}
}

var (
	okStatus    = wire.Event{Kind: wire.OKStatus}
	errorStatus = wire.Event{Kind: wire.ErrorStatus}
	endOfReply  = wire.Event{Kind: wire.EndOfReply}
)

func TestReplyDecoderAccepts(t *testing.T) {
	tests := []struct {
		name, bytes string
		want        []wire.Event
		rest        string
	}{
		{"Nothing", "", nil, ""},
		{"Empty", "ok\n\n", []wire.Event{okStatus, endOfReply}, ""},
		{"Sample", "ok\nk 1.5 7\n\n", []wire.Event{okStatus, sample("k", 1.5, 7), endOfReply}, ""},
		{"Wordings", "ok\nk +1E1 -007\n\n", []wire.Event{okStatus, sample("k", 10, -7), endOfReply}, ""},
		{"KeyOK", "ok\nok 1 7\n\n", []wire.Event{okStatus, sample("ok", 1, 7), endOfReply}, ""},
		{"KeyStars", "ok\n** 1 7\n\n", []wire.Event{okStatus, sample("**", 1, 7), endOfReply}, ""},
		{"Error", "error\nwrong command\n\n", []wire.Event{errorStatus, text("wrong command"), endOfReply}, ""},
		{"ErrorNoText", "error\n\n", []wire.Event{errorStatus, endOfReply}, ""},
		{"ErrorAnyBytes", "error\n\xff\x00\r\n ok \n\n", []wire.Event{errorStatus, text("\xff\x00\r"), text(" ok "), endOfReply}, ""},
		{"ErrorControlFirst", "error\n\x00\n\n", []wire.Event{errorStatus, text("\x00"), endOfReply}, ""},
		{"ErrorTextOK", "error\nok\n\n", []wire.Event{errorStatus, text("ok"), endOfReply}, ""},
		{"Two", "ok\n\nerror\n\n", []wire.Event{okStatus, endOfReply, errorStatus, endOfReply}, ""},
		{"HalfStatus", "o", nil, "o"},
		{"HalfSample", "ok\nk 1.5", []wire.Event{okStatus}, "k 1.5"},
		{"HalfText", "error\nwrong", []wire.Event{errorStatus}, "wrong"},
		{"NoEnd", "ok\nk 1.5 7\n", []wire.Event{okStatus, sample("k", 1.5, 7)}, ""},
		{"WrongButNotWhole", "HTTP/1.1", nil, "HTTP/1.1"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			var d wire.ReplyDecoder
			got, rest, err := decodeAll(&d, []byte(tt.bytes))
			if !errors.Is(err, wire.ErrIncomplete) {
				t.Fatalf("got error %v, want ErrIncomplete", err)
			}
			if !reflect.DeepEqual(got, tt.want) || string(rest) != tt.rest {
				t.Errorf("got %+v and rest %q, want %+v and %q", got, rest, tt.want, tt.rest)
			}
		})
	}
}

// brokenReplies are broken in their last line, where the marker is.
var brokenReplies = []struct {
	name, bytes string
	rule        wire.Rule
	reason      error
}{
	{"EmptyStatus", "¦\n", wire.RuleReply, nil},
	{"StatusCase", "¦OK\n", wire.RuleReply, nil},
	{"StatusMixedCase", "o¦K\n", wire.RuleReply, nil},
	{"StatusErrorCase", "¦ERROR\n", wire.RuleReply, nil},
	{"StatusLonger", "ok¦ay\n", wire.RuleReply, nil},
	{"StatusCut", "o¦\n", wire.RuleReply, nil},
	{"StatusErrorCut", "erro¦\n", wire.RuleReply, nil},
	{"StatusErrorLonger", "error¦s\n", wire.RuleReply, nil},
	{"StatusErrorText", "error¦ wrong command\n", wire.RuleReply, nil},
	{"StatusSpace", "ok¦ \n", wire.RuleReply, nil},
	{"StatusLeadingSpace", "¦ ok\n", wire.RuleReply, nil},
	{"StatusCR", "ok¦\r\n", wire.RuleReply, nil},
	{"StatusErrorCR", "error¦\r\n", wire.RuleReply, nil},
	{"StatusOther", "¦HTTP/1.1 400 Bad Request\n", wire.RuleReply, nil},
	{"StatusInvalid", "¦\xff\n", wire.RuleReply, wire.ErrEncoding},
	{"TextBehindEnd", "error\n\n¦wrong command\n", wire.RuleReply, nil},
	{"SecondStatus", "ok\n\n¦\n", wire.RuleReply, nil},
	{"KeyEmpty", "ok\n¦ 1 7\n", wire.RuleKey, nil},
	{"KeyStar", "ok\n¦* 1 7\n", wire.RuleKey, wire.ErrStar},
	{"KeyTab", "ok\nk¦\t1 7\n", wire.RuleKey, nil},
	{"KeyNoBreakSpace", "ok\nk¦\u00a0x 1 7\n", wire.RuleKey, nil},
	{"KeyInvalid", "ok\n¦\xff 1 7\n", wire.RuleKey, wire.ErrEncoding},
	{"KeyAlone", "ok\nk¦\n", wire.RuleValue, nil},
	{"KeySpace", "ok\nk ¦\n", wire.RuleValue, nil},
	{"TwoSpaces", "ok\nk ¦ 1 7\n", wire.RuleValue, nil},
	{"ValueNaN", "ok\nk ¦nan 7\n", wire.RuleValue, nil},
	{"ValueHex", "ok\nk 0¦x10 7\n", wire.RuleValue, nil},
	{"ValuePoint", "ok\nk .¦ 7\n", wire.RuleDecimal, nil},
	{"ValueExponent", "ok\nk 1e¦ 7\n", wire.RuleExponent, nil},
	{"ValueRange", "ok\nk ¦1e999 7\n", wire.RuleValue, wire.ErrRange},
	{"TimestampMissing", "ok\nk 1¦\n", wire.RuleTimestamp, nil},
	{"TimestampMissingSpace", "ok\nk 1 ¦\n", wire.RuleTimestamp, nil},
	{"TimestampTwoSpaces", "ok\nk 1 ¦ 7\n", wire.RuleTimestamp, nil},
	{"TimestampFraction", "ok\nk 1 7¦.0\n", wire.RuleTimestamp, nil},
	{"TimestampRange", "ok\nk 1 ¦9223372036854775808\n", wire.RuleTimestamp, wire.ErrRange},
	{"TimestampCR", "ok\nk 1 7¦\r\n", wire.RuleTimestamp, nil},
	{"TrailingSpace", "ok\nk 1 7¦ \n", wire.RuleSampleLine, nil},
	{"FourFields", "ok\nk 1 7¦ 8\n", wire.RuleSampleLine, nil},
	{"EndCR", "ok\n¦\r\n", wire.RuleKey, nil},
	{"EndSpace", "ok\n¦ \n", wire.RuleKey, nil},
	{"SecondSample", "ok\nk 1 7\nk¦\n", wire.RuleValue, nil},
}

func TestReplyDecoderRefuses(t *testing.T) {
	for _, tt := range brokenReplies {
		t.Run(tt.name, func(t *testing.T) {
			reply, offset := unmark(t, tt.bytes)
			offset -= 1 + strings.LastIndexByte(reply[:len(reply)-1], '\n')
			var d wire.ReplyDecoder
			_, rest, err := decodeAll(&d, []byte(reply))
			checkSyntaxError(t, err, offset, tt.rule, tt.reason)
			if strings.Count(string(rest), "\n") != 1 {
				t.Errorf("the error came at %q, want it at the last line", rest)
			}
		})
	}
}

func TestReplyDecoderStaysFailed(t *testing.T) {
	var d wire.ReplyDecoder
	_, _, first := d.Next([]byte("OK\n"))
	for _, b := range []string{"ok\n", "\n", "", "o"} {
		ev, n, err := d.Next([]byte(b))
		if err != first || n != 0 || !reflect.DeepEqual(ev, wire.Event{}) {
			t.Errorf("Next(%q) after an error = %+v, %d, %v; want no event and %v", b, ev, n, err, first)
		}
	}
	d = wire.ReplyDecoder{}
	if ev, n, err := d.Next([]byte("ok\n")); ev.Kind != wire.OKStatus || n != 3 || err != nil {
		t.Errorf("Next after a new beginning = %+v, %d, %v; want an ok status", ev, n, err)
	}
}

func TestEventAliasesBytes(t *testing.T) {
	b := []byte("ok\nkey 1 7\n\nerror\ntext\n\n")
	var d wire.ReplyDecoder
	events, _, _ := decodeAll(&d, b)
	if &events[1].Key[0] != &b[3] || &events[4].Text[0] != &b[18] {
		t.Error("an event holds a copy, want a part of the bytes")
	}
	_, _ = append(events[1].Key, '!'), append(events[4].Text, '!')
	if string(b) != "ok\nkey 1 7\n\nerror\ntext\n\n" {
		t.Errorf("appending to what an event holds changed the bytes to %q", b)
	}
}

func TestReplyDecoderAllocatesNothing(t *testing.T) {
	b := []byte("ok\npalm.cpu 23.7 1503319740\n\nerror\nwrong command\n\n")
	n := testing.AllocsPerRun(100, func() {
		var d wire.ReplyDecoder
		for rest := b; len(rest) > 0; {
			_, n, err := d.Next(rest)
			if err != nil {
				t.Fatal(err)
			}
			rest = rest[n:]
		}
	})
	if n != 0 {
		t.Errorf("got %v allocations, want 0", n)
	}
}

func TestEventKindString(t *testing.T) {
	seen := map[string]bool{}
	for kind := wire.EventKind(0); kind <= wire.EndOfReply+1; kind++ {
		seen[kind.String()] = true
	}
	if len(seen) != int(wire.EndOfReply)+1 {
		t.Errorf("the kinds have %d names, want %d and one for all that are none", len(seen), wire.EndOfReply)
	}
}

func BenchmarkDecodeReply1000(b *testing.B) {
	reply := wire.AppendOK(nil)
	for i := range int64(1000) {
		reply = wire.AppendSample(reply, "palm.cpu", float64(i)/10, 1503319740+i)
	}
	reply = wire.AppendEnd(reply)
	b.ReportAllocs()
	b.SetBytes(int64(len(reply)))
	for b.Loop() {
		var d wire.ReplyDecoder
		for rest := reply; len(rest) > 0; {
			_, n, err := d.Next(rest)
			if err != nil {
				b.Fatal(err)
			}
			rest = rest[n:]
		}
	}
}

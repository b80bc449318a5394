package spec_test

import (
	"encoding/json"
	"fmt"
	"testing"

	"github.com/putget-protocol/putget/spec"
)

func TestBytesAsJSON(t *testing.T) {
	tests := []struct{ name, raw, json string }{
		{"Text", "get a\n", `{"text":"get a\n"}`},
		{"Markup", "<&>", `{"text":"<&>"}`},
		{"Empty", "", `{"text":""}`},
		{"NUL", "\x00", `{"text":"\u0000"}`},
		{"Noncharacter", "\uffff", "{\"text\":\"\uffff\"}"},
		{"NotUTF8", "a\xff", `{"hex":"61ff"}`},
		{"Surrogate", "\xed\xa0\x80", `{"hex":"eda080"}`},
		{"ReplacementCharacter", "\ufffd", `{"hex":"efbfbd"}`},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			got, err := spec.Bytes(test.raw).MarshalJSON()
			if err != nil || string(got) != test.json {
				t.Errorf("got %s, %v, want %s", got, err, test.json)
			}
			var back spec.Bytes
			if err := json.Unmarshal(got, &back); err != nil || string(back) != test.raw {
				t.Errorf("got back %q, %v, want %q", back, err, test.raw)
			}
		})
	}
}

func TestPieceAsJSON(t *testing.T) {
	for _, test := range []struct {
		piece spec.Piece
		json  string
	}{
		{spec.Piece{Pad: 4096}, `{"pad":4096}`},
		{spec.Piece{Bytes: spec.Bytes("a")}, `{"text":"a"}`},
		{spec.Piece{Bytes: spec.Bytes("\xff")}, `{"hex":"ff"}`},
	} {
		got, err := test.piece.MarshalJSON()
		if err != nil || string(got) != test.json {
			t.Errorf("got %s, %v, want %s", got, err, test.json)
		}
		var back spec.Piece
		if err := json.Unmarshal(got, &back); err != nil || back.Pad != test.piece.Pad || string(back.Bytes) != string(test.piece.Bytes) {
			t.Errorf("got back %+v, %v, want %+v", back, err, test.piece)
		}
	}
	for _, wrong := range []string{`{"pad":0}`, `{"pad":-1}`, `{"pad":1,"text":"a"}`, `{"pad":"1"}`, `{}`, `[]`} {
		var p spec.Piece
		if err := json.Unmarshal([]byte(wrong), &p); err == nil {
			t.Errorf("%s gave %+v", wrong, p)
		}
	}
}

// showKey shows what it was asked for.
func showKey(name string, length int) string { return fmt.Sprintf("<%s %d>", name, length) }

func TestFill(t *testing.T) {
	for _, test := range []struct{ bytes, want string }{
		{"get ${cpu}\n", "get <cpu 0>\n"},
		{"${a}${b_2}.total", "<a 0><b_2 0>.total"},
		{"${palm.cpu:1024}\xff", "<palm.cpu 1024>\xff"},
		{"no placeholder: $ {a} ${A} ${} ${a:0} ${a:x}", "no placeholder: $ {a} ${A} ${} ${a:0} ${a:x}"},
	} {
		b := spec.Bytes(test.bytes)
		if got := string(b.Fill(showKey)); got != test.want {
			t.Errorf("got %q, want %q", got, test.want)
		}
		if string(b) != test.bytes {
			t.Errorf("Fill changed its receiver to %q", b)
		}
	}
}

func TestWrite(t *testing.T) {
	text := func(s string) spec.Piece { return spec.Piece{Bytes: spec.Bytes(s)} }
	tests := []struct {
		name string
		send []spec.Piece
		want string
	}{
		{"Nothing", nil, ""},
		{"Pieces", []spec.Piece{text("get ${a}"), text("\xff"), text("\n")}, "get <a 0>\xff\n"},
		{"PadCountsTheFilledKey", []spec.Piece{text("${a}"), {Pad: 8}, text("\n")}, "<a 0>   \n"},
		{"PadCountsFromTheLastLF", []spec.Piece{text("12345\n12"), {Pad: 4}, text("\n")}, "12345\n12  \n"},
		{"PadOfALongerLine", []spec.Piece{text("12345"), {Pad: 4}}, "12345"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			if got := string(spec.Step{Send: test.send}.Write(showKey)); got != test.want {
				t.Errorf("got %q, want %q", got, test.want)
			}
		})
	}
}

package adapter_test

import (
	"strings"
	"testing"

	"github.com/putget-protocol/putget/conformance/adapter"
)

func TestParseAnswer(t *testing.T) {
	tests := []struct {
		name, line string
		want       adapter.Answer
	}{
		{"Nothing", `{"ok":null}` + "\n", adapter.Answer{Kind: adapter.OK, Value: []byte("null")}},
		{"Mapping", `{"ok": {"a":[[1,0.50]]} }`, adapter.Answer{Kind: adapter.OK, Value: []byte(`{"a":[[1,0.50]]}`)}},
		{"Own", `{"error":"no \u00e9 \ud83d\ude00"}`, adapter.Answer{Kind: adapter.Error, Message: "no é 😀"}},
		{"OwnEmpty", `{"error":""}`, adapter.Answer{Kind: adapter.Error}},
		{"Bare", ` {"crash":"ValueError: x"}` + "\r\n", adapter.Answer{Kind: adapter.Crash, Message: "ValueError: x"}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			got, err := adapter.ParseAnswer([]byte(tt.line))
			if err != nil || got.Kind != tt.want.Kind || got.Message != tt.want.Message || string(got.Value) != string(tt.want.Value) {
				t.Errorf("ParseAnswer(%q) = %+v, %v; want %+v", tt.line, got, err, tt.want)
			}
		})
	}
}

func TestParseAnswerRefuses(t *testing.T) {
	tests := []struct{ name, line, want string }{
		{"Empty", "\n", "the line is empty"},
		{"Text", "connecting...", "want a JSON object"},
		{"Two", `{"ok":null}{"ok":null}`, "want a JSON object"},
		{"List", `["ok",null]`, "want a JSON object"},
		{"Null", `null`, "it has 0"},
		{"None", `{}`, "it has 0"},
		{"Both", `{"ok":null,"error":"x"}`, "it has 2"},
		{"Other", `{"okay":null}`, `it has "okay"`},
		{"EndedIsOurs", `{"ended":"x"}`, `it has "ended"`},
		{"NoString", `{"error":5}`, `want a string as the member "error"`},
		{"NullString", `{"crash":null}`, `want a string as the member "crash"`},
		{"NaN", `{"ok":{"a":[[1,NaN]]}}`, "JSON has no NaN"},
		{"Infinity", `{"ok":{"a":[[1,-Infinity]]}}`, "worded 1e999"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			got, err := adapter.ParseAnswer([]byte(tt.line))
			if err == nil || !strings.Contains(err.Error(), tt.want) {
				t.Errorf("ParseAnswer(%q) = %+v, %v; want an error with %q", tt.line, got, err, tt.want)
			}
		})
	}
}

// An answer keeps nothing of the buffer from which it was read.
func TestParseAnswerCopies(t *testing.T) {
	line := []byte(`{"ok":{"a":[[1,2]]}}`)
	a, err := adapter.ParseAnswer(line)
	clear(line)
	if err != nil || string(a.Value) != `{"a":[[1,2]]}` {
		t.Errorf("got %q, %v after the line was overwritten", a.Value, err)
	}
}

func TestAnswerString(t *testing.T) {
	for want, a := range map[string]adapter.Answer{
		`{"ok":null}`:                {Kind: adapter.OK, Value: []byte("null")},
		`{"error":"say \"\u00e9\""}`: {Kind: adapter.Error, Message: `say "é"`},
		`{"crash":"IOError: a\nb"}`:  {Kind: adapter.Crash, Message: "IOError: a\nb"},
		`(exit status 3)`:            {Kind: adapter.Ended, Message: "exit status 3"},
	} {
		if got := a.String(); got != want {
			t.Errorf("String() = %s; want %s", got, want)
		}
		if got := a.Returned(); got != (want == `{"ok":null}`) {
			t.Errorf("Returned() = %v of %s", got, a)
		}
	}
}

package adapter_test

import (
	"encoding/json"
	"math"
	"testing"
	"time"

	"github.com/putget-protocol/putget/conformance/adapter"
)

func TestAppendCall(t *testing.T) {
	tests := []struct {
		name string
		op   string
		args []any
		want string
	}{
		{"Open", "open", []any{"127.0.0.1", 40213, 5 * time.Second}, `{"op":"open","args":["127.0.0.1",40213,5]}`},
		{"HalfSecond", "open", []any{"h", 1, 500 * time.Millisecond}, `{"op":"open","args":["h",1,0.5]}`},
		{"Put", "put", []any{"cpu", 0.5, int64(1)}, `{"op":"put","args":["cpu",0.5,1]}`},
		{"Default", "put", []any{"cpu", 5.0}, `{"op":"put","args":["cpu",5.0]}`},
		{"None", "get", nil, `{"op":"get","args":[]}`},
		{"Null", "put", []any{"cpu", 1.5, nil}, `{"op":"put","args":["cpu",1.5,null]}`},
		{"NegativeZero", "put", []any{"a", math.Copysign(0, -1)}, `{"op":"put","args":["a",-0.0]}`},
		{"Huge", "put", []any{"a", math.MaxFloat64}, `{"op":"put","args":["a",1.7976931348623157e+308]}`},
		{"Tiny", "put", []any{"a", 5e-324}, `{"op":"put","args":["a",5e-324]}`},
		{"Infinite", "put", []any{"a", math.Inf(1)}, `{"op":"put","args":["a",1e999]}`},
		{"MinusInfinite", "put", []any{"a", math.Inf(-1)}, `{"op":"put","args":["a",-1e999]}`},
		{"Number", "put", []any{"a", json.Number("5"), json.Number("9223372036854775808")}, `{"op":"put","args":["a",5,9223372036854775808]}`},
		{"Smallest", "put", []any{"a", 1.5, int64(math.MinInt64)}, `{"op":"put","args":["a",1.5,-9223372036854775808]}`},
		{"Text", "get", []any{"a \n\t\"\\\x00\x7fé\u2028😀<"}, `{"op":"get","args":["a \n\u0009\"\\\u0000\u007f\u00e9\u2028\ud83d\ude00<"]}`},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			got, err := adapter.AppendCall([]byte("> "), tt.op, tt.args...)
			if err != nil || string(got) != "> "+tt.want+"\n" {
				t.Fatalf("AppendCall = %q, %v; want %q", got, err, tt.want)
			}
			if !json.Valid(got[2:]) {
				t.Errorf("%s is no JSON", got[2:])
			}
		})
	}
}

func TestAppendCallRefuses(t *testing.T) {
	for name, arg := range map[string]any{
		"NaN": math.NaN(), "NoUTF8": "a\xff", "NoNumber": json.Number("0x10"), "Quoted": json.Number(`"1"`), "Empty": json.Number(""), "Type": []int{1},
	} {
		t.Run(name, func(t *testing.T) {
			if got, err := adapter.AppendCall([]byte("x"), "put", "a", arg); err == nil || string(got) != "x" {
				t.Errorf("AppendCall = %q, %v; want an error and the bytes before", got, err)
			}
		})
	}
}

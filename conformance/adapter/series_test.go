package adapter_test

import (
	"errors"
	"maps"
	"slices"
	"strings"
	"testing"

	"github.com/putget-protocol/putget/conformance/adapter"
)

func ok(value string) adapter.Answer {
	return adapter.Answer{Kind: adapter.OK, Value: []byte(value)}
}

func TestSeries(t *testing.T) {
	tests := []struct {
		name, value string
		want        map[string][]adapter.Pair
	}{
		{"Empty", `{}`, map[string][]adapter.Pair{}},
		{"NoPairs", `{"a":[]}`, map[string][]adapter.Pair{"a": {}}},
		{"NoLoss", `{"a":[[9007199254740993,5],[9007199254740993,5.0],[ -1 , 0.10000000000000000555 ]]}`, map[string][]adapter.Pair{
			"a": {{"9007199254740993", "5"}, {"9007199254740993", "5.0"}, {"-1", "0.10000000000000000555"}},
		}},
		{"Infinite", `{"a":[[1,1e999],[2,-1e999]]}`, map[string][]adapter.Pair{"a": {{"1", "1e999"}, {"2", "-1e999"}}}},
		{"Keys", `{"":[[1,2]],"a\nb":[[1,2]],"\u00e9":[[1,2]]}`, map[string][]adapter.Pair{
			"": {{"1", "2"}}, "a\nb": {{"1", "2"}}, "é": {{"1", "2"}},
		}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			got, err := ok(tt.value).Series()
			if err != nil || !maps.EqualFunc(got, tt.want, slices.Equal) {
				t.Errorf("Series() of %s = %v, %v; want %v", tt.value, got, err, tt.want)
			}
		})
	}
}

func TestSeriesRefuses(t *testing.T) {
	tests := []struct {
		name string
		a    adapter.Answer
		want string
	}{
		{"Nothing", ok(`null`), "the result is null; want a mapping"},
		{"List", ok(`[["a",1,2]]`), "the result is [["},
		{"Failed", adapter.Answer{Kind: adapter.Error, Message: "no"}, `the result is none: {"error":"no"}`},
		{"NoList", ok(`{"a":5}`), `what stands under the key "a" is 5; want a list of pairs`},
		{"NullList", ok(`{"a":null}`), `what stands under the key "a" is null`},
		{"NoPair", ok(`{"a":[[1,2],[1]]}`), `entry 1 under the key "a" is [1]; want a pair`},
		{"Three", ok(`{"a":[[1,2,3]]}`), `entry 0 under the key "a" is [1,2,3]`},
		{"Bare", ok(`{"a":[1,2]}`), `entry 0 under the key "a" is 1`},
		{"TextValue", ok(`{"a":[[1,"0.5"]]}`), `the value of pair 0 under the key "a" is "0.5"; want a number`},
		{"TextTimestamp", ok(`{"a":[["1",0.5]]}`), `the timestamp of pair 0 under the key "a" is "1"`},
		{"NullValue", ok(`{"a":[[1,null]]}`), `the value of pair 0 under the key "a" is null`},
		{"Long", ok(`{"a":["` + strings.Repeat("é", 100) + `"]}`), `... (202 bytes); want a pair`},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			got, err := tt.a.Series()
			if _, shape := errors.AsType[*adapter.ShapeError](err); !shape || !strings.Contains(err.Error(), tt.want) {
				t.Errorf("Series() = %v, %v; want a ShapeError with %q", got, err, tt.want)
			}
		})
	}
}

package storetest

import (
	"context"
	"fmt"
	"maps"
	"math/rand/v2"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/anishathalye/porcupine"

	"github.com/putget-protocol/putget/server"
)

// An operation is one put of, or one get from, one of a few keys.
type operation struct {
	key   string
	put   bool
	point server.Sample
}

// seriesModel is one series for porcupine: the sequential behaviour that must
// explain what concurrent callers saw. A state is a map[int64]float64 that is
// never changed; the output of a get is the series as text.
func seriesModel() porcupine.Model {
	return porcupine.Model{
		Partition: func(history []porcupine.Operation) [][]porcupine.Operation {
			byKey := make(map[string][]porcupine.Operation)
			for _, op := range history {
				key := op.Input.(operation).key
				byKey[key] = append(byKey[key], op)
			}
			var parts [][]porcupine.Operation
			for _, part := range byKey {
				parts = append(parts, part)
			}
			return parts
		},
		Init: func() any { return map[int64]float64{} },
		Step: func(state, input, output any) (bool, any) {
			series, op := state.(map[int64]float64), input.(operation)
			if !op.put {
				return asText(model{"": series}.series("")) == output.(string), series
			}
			next := maps.Clone(series)
			next[op.point.Timestamp] = op.point.Value
			return true, next
		},
		Equal: func(a, b any) bool { return maps.Equal(a.(map[int64]float64), b.(map[int64]float64)) },
	}
}

func asText(series []server.Sample) string {
	var b strings.Builder
	for _, s := range series {
		fmt.Fprintf(&b, "%v at %d, ", s.Value, s.Timestamp)
	}
	return b.String()
}

// checkLinearizable records what concurrent callers of a few keys see, and asks
// porcupine whether any order of the calls explains it.
func checkLinearizable(t *testing.T, store server.Store) {
	const callers, calls = 5, 150
	histories := make([][]porcupine.Operation, callers)
	start := time.Now()
	var wg sync.WaitGroup
	for c := range callers {
		wg.Go(func() {
			for i := range calls {
				op := operation{
					key:   fmt.Sprintf("key.%d", rand.IntN(2)),
					put:   rand.IntN(2) == 0,
					point: server.Sample{Timestamp: rand.Int64N(4), Value: float64(c*calls + i)},
				}
				call := time.Since(start)
				output, err := perform(store, op)
				if err != nil {
					t.Errorf("%+v: %v", op, err)
					return
				}
				histories[c] = append(histories[c], porcupine.Operation{
					ClientId: c, Input: op, Call: int64(call), Output: output, Return: int64(time.Since(start)),
				})
			}
		})
	}
	wg.Wait()
	var history []porcupine.Operation
	for _, h := range histories {
		history = append(history, h...)
	}
	switch result := porcupine.CheckOperationsTimeout(seriesModel(), history, patience); result {
	case porcupine.Ok:
	case porcupine.Illegal:
		t.Errorf("no order of %d concurrent calls explains what they returned", len(history))
	default:
		t.Errorf("could not check %d concurrent calls in %v: %v", len(history), patience, result)
	}
}

func perform(store server.Store, op operation) (string, error) {
	if op.put {
		return "", store.Put(context.Background(), []server.Put{{Key: []byte(op.key), Sample: op.point}})
	}
	series, err := readOne(store, op.key)
	return asText(series), err
}

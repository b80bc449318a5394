package mutant

import (
	"cmp"
	"encoding/json"
	"errors"
	"fmt"
	"math"
	"slices"
	"strings"

	"github.com/putget-protocol/putget/conformance/oracle"
)

// putResultFaults break CLI-014.
func putResultFaults() []ClientFault {
	returns := func(result any) func(*ClientBehaviour) {
		return func(b *ClientBehaviour) {
			b.Put = func(*Client, oracle.Reply) (any, error) { return result, nil }
		}
	}
	return []ClientFault{
		{ID: "put-returns-true", Title: "put returns true", Breaks: "CLI-014", Core: true, Apply: returns(true)},
		{ID: "put-returns-text", Title: "put returns the status", Breaks: "CLI-014", Core: true, Apply: returns("ok")},
		{ID: "put-returns-mapping", Title: "put returns what a get would return", Breaks: "CLI-014", Core: true, Apply: returns(map[string]any{})},
		{
			ID: "put-wants-sample", Title: "put fails when its reply holds no sample", Breaks: "CLI-014", Core: true,
			Apply: func(b *ClientBehaviour) {
				b.Put = func(_ *Client, reply oracle.Reply) (any, error) {
					if len(reply.Samples) == 0 {
						return nil, &OwnError{Broken, errors.New("the put was not confirmed")}
					}
					return nil, nil
				}
			},
		},
	}
}

// results returns a fault in what get makes of the samples of a reply.
func results(change func(c *Client, samples []oracle.Sample) []oracle.Sample) func(*ClientBehaviour) {
	return func(b *ClientBehaviour) {
		get := b.Get
		b.Get = func(c *Client, samples []oracle.Sample) (any, error) { return get(c, change(c, samples)) }
	}
}

// keepsKeys returns a fault that drops the samples of some keys.
func keepsKeys(keep func(c *Client, key string) bool) func(*ClientBehaviour) {
	return results(func(c *Client, samples []oracle.Sample) []oracle.Sample {
		return slices.DeleteFunc(slices.Clone(samples), func(s oracle.Sample) bool { return !keep(c, s.Key) })
	})
}

// resultFaults break CLI-015 in what the mapping holds.
func resultFaults() []ClientFault {
	return []ClientFault{
		{ID: "last-sample-only", Title: "of each key only the last sample is kept", Breaks: "CLI-015", Causes: []string{"CLI-016"}, Core: true, Apply: results(func(_ *Client, samples []oracle.Sample) []oracle.Sample {
			last := make(map[string]int)
			for i, s := range samples {
				last[s.Key] = i
			}
			var kept []oracle.Sample
			for i, s := range samples {
				if last[s.Key] == i {
					kept = append(kept, s)
				}
			}
			return kept
		})},
		{ID: "first-sample-only", Title: "only the first sample of a reply is kept", Breaks: "CLI-015", Causes: []string{"CLI-016"}, Core: true, Apply: results(func(_ *Client, samples []oracle.Sample) []oracle.Sample {
			return samples[:min(1, len(samples))]
		})},
		{ID: "first-sample-lost", Title: "the first of several samples is lost", Breaks: "CLI-015", Causes: []string{"CLI-016", "CLI-019"}, Core: true, Apply: results(func(_ *Client, samples []oracle.Sample) []oracle.Sample {
			if len(samples) < 2 {
				return samples
			}
			return samples[1:]
		})},
		{ID: "first-key-only", Title: "only the samples of the first key are kept", Breaks: "CLI-015", Core: true, Apply: results(func(_ *Client, samples []oracle.Sample) []oracle.Sample {
			return slices.DeleteFunc(slices.Clone(samples), func(s oracle.Sample) bool { return s.Key != samples[0].Key })
		})},
		{ID: "all-under-star", Title: "a get of * returns everything under the key *", Breaks: "CLI-015", Causes: []string{"CLI-019"}, Core: true, Apply: results(func(c *Client, samples []oracle.Sample) []oracle.Sample {
			changed := slices.Clone(samples)
			for i := range changed {
				if c.key == "*" {
					changed[i].Key = c.key
				}
			}
			return changed
		})},
		{
			ID: "key-wise-last-run", Title: "the samples of a key that come in two runs replace one another", Breaks: "CLI-015", Causes: []string{"CLI-016"}, Core: true,
			Apply: results(lastRun),
		},
		{
			ID: "returns-list", Title: "get returns a list of pairs, not a mapping", Breaks: "CLI-015", Causes: []string{"CLI-017"}, Core: true,
			Apply: func(b *ClientBehaviour) {
				b.Get = func(c *Client, samples []oracle.Sample) (any, error) {
					c.b.Sort(samples)
					pairs := make([]any, len(samples))
					for i, s := range samples {
						pairs[i] = c.b.Pair(s)
					}
					return pairs, nil
				}
			},
		},
	}
}

// lastRun keeps of each key the samples of its last run.
func lastRun(_ *Client, samples []oracle.Sample) []oracle.Sample {
	var kept []oracle.Sample
	for i, s := range samples {
		if i > 0 && samples[i-1].Key != s.Key {
			kept = slices.DeleteFunc(kept, func(k oracle.Sample) bool { return k.Key == s.Key })
		}
		kept = append(kept, s)
	}
	return kept
}

// pairFaults break CLI-015 in the pairs.
func pairFaults() []ClientFault {
	pairs := func(pair func(b *ClientBehaviour, s oracle.Sample) any) func(*ClientBehaviour) {
		return func(b *ClientBehaviour) {
			b.Pair = func(s oracle.Sample) any { return pair(b, s) }
		}
	}
	raw := func(text string) json.RawMessage { return json.RawMessage(text) }
	return []ClientFault{
		{ID: "pairs-swapped", Title: "the value comes before the timestamp", Breaks: "CLI-015", Core: true, Apply: pairs(func(b *ClientBehaviour, s oracle.Sample) any { return []any{raw(b.JSON(s.Value)), s.Timestamp} })},
		{ID: "triples", Title: "the key is in the pairs too", Breaks: "CLI-015", Core: true, Apply: pairs(func(b *ClientBehaviour, s oracle.Sample) any { return []any{s.Key, s.Timestamp, raw(b.JSON(s.Value))} })},
		{ID: "values-as-text", Title: "values are handed out as text", Breaks: "CLI-015", Core: true, Apply: pairs(func(b *ClientBehaviour, s oracle.Sample) any { return []any{s.Timestamp, b.JSON(s.Value)} })},
		{ID: "times-as-text", Title: "timestamps are handed out as text", Breaks: "CLI-015", Core: true, Apply: pairs(func(b *ClientBehaviour, s oracle.Sample) any {
			return []any{fmt.Sprint(s.Timestamp), raw(b.JSON(s.Value))}
		})},
		{ID: "times-are-doubles", Title: "timestamps are handed out as doubles", Breaks: "CLI-015", Core: true, Apply: pairs(func(b *ClientBehaviour, s oracle.Sample) any {
			return []any{raw(oracle.FormatValue(float64(s.Timestamp))), raw(b.JSON(s.Value))}
		})},
		{ID: "values-cut", Title: "values are handed out without their fraction", Breaks: "CLI-015", Core: true, Apply: pairs(func(b *ClientBehaviour, s oracle.Sample) any {
			return []any{s.Timestamp, raw(b.JSON(math.Trunc(s.Value)))}
		})},
		{ID: "values-single", Title: "values are read in single precision", Breaks: "CLI-015", Core: true, Causes: []string{"CLI-032"}, Apply: pairs(func(b *ClientBehaviour, s oracle.Sample) any {
			return []any{s.Timestamp, raw(b.JSON(min(math.MaxFloat32, max(-math.MaxFloat32, float64(float32(s.Value))))))}
		})},
		{ID: "values-rounded", Title: "values are rounded to six places when they are read", Breaks: "CLI-015", Causes: []string{"CLI-032"}, Core: true, Apply: pairs(func(b *ClientBehaviour, s oracle.Sample) any {
			if math.Abs(s.Value) < 1e9 {
				s.Value = math.Round(s.Value*1e6) / 1e6
			}
			return []any{s.Timestamp, raw(b.JSON(s.Value))}
		})},
	}
}

// orderFaults break CLI-016.
func orderFaults() []ClientFault {
	sorted := func(by func(a, b oracle.Sample) int) func(*ClientBehaviour) {
		return func(b *ClientBehaviour) {
			b.Sort = func(s []oracle.Sample) { slices.SortStableFunc(s, by) }
		}
	}
	time := func(s oracle.Sample) string { return oracle.FormatTimestamp(s.Timestamp) }
	return []ClientFault{
		{ID: "unsorted", Title: "samples are returned as they came", Breaks: "CLI-016", Core: true, Apply: sorted(func(oracle.Sample, oracle.Sample) int { return 0 })},
		{ID: "sorted-as-text", Title: "timestamps are sorted as text", Breaks: "CLI-016", Core: true, Apply: sorted(func(a, b oracle.Sample) int { return strings.Compare(time(a), time(b)) })},
		{ID: "sorted-by-value", Title: "samples are sorted by value", Breaks: "CLI-016", Core: true, Apply: sorted(func(a, b oracle.Sample) int { return cmp.Compare(a.Value, b.Value) })},
		{ID: "sorted-downwards", Title: "samples are sorted in descending order", Breaks: "CLI-016", Core: true, Apply: sorted(func(a, b oracle.Sample) int { return cmp.Compare(b.Timestamp, a.Timestamp) })},
		{
			ID: "first-key-sorted", Title: "a get of * sorts the first key only", Breaks: "CLI-016", Core: true,
			Apply: func(b *ClientBehaviour) {
				get, sort := b.Get, b.Sort
				b.Get = func(c *Client, samples []oracle.Sample) (any, error) {
					b.Sort = func(own []oracle.Sample) {
						if c.key != "*" || own[0].Key == samples[0].Key {
							sort(own)
						}
					}
					return get(c, samples)
				}
			},
		},
	}
}

// emptyFaults break CLI-017.
func emptyFaults() []ClientFault {
	empty := func(result func(c *Client) (any, error)) func(*ClientBehaviour) {
		return func(b *ClientBehaviour) {
			get := b.Get
			b.Get = func(c *Client, samples []oracle.Sample) (any, error) {
				if len(samples) == 0 {
					return result(c)
				}
				return get(c, samples)
			}
		}
	}
	return []ClientFault{
		{ID: "empty-is-nothing", Title: "a get without samples returns nothing", Breaks: "CLI-017", Core: true, Apply: empty(func(*Client) (any, error) { return nil, nil })},
		{ID: "empty-list-of-key", Title: "a get without samples returns the key with an empty list", Breaks: "CLI-017", Core: true, Apply: empty(func(c *Client) (any, error) {
			return map[string]any{c.key: []any{}}, nil
		})},
		{ID: "empty-is-list", Title: "a get without samples returns an empty list", Breaks: "CLI-017", Causes: []string{"CLI-015"}, Core: true, Apply: empty(func(*Client) (any, error) { return []any{}, nil })},
		{ID: "empty-fails", Title: "a get without samples fails", Breaks: "CLI-017", Core: true, Apply: empty(func(*Client) (any, error) {
			return nil, &OwnError{Broken, errors.New("the key is not known")}
		})},
		{ID: "empty-bare", Title: "a get without samples raises a bare error", Breaks: "CLI-017", Core: true, Apply: empty(func(*Client) (any, error) {
			return nil, errors.New("list index out of range")
		})},
	}
}

package storetest

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"runtime"
	"slices"
	"strings"
	"sync/atomic"
	"time"
	"unsafe"

	"github.com/putget-protocol/putget/server"
)

// A flaw breaks a plain store in one way. caught names the checks that have to
// notice; others may, too.
type flaw struct {
	name   string
	caught []string
	build  func(st *plain) server.Store
}

// flaws are what goes wrong in real stores.
func flaws() []flaw {
	return slices.Concat(flawsOfPut(), flawsOfSeries(), flawsOfKeys(), flawsOfReads(), flawsOfCaches(), flawsOfOthers())
}

// inserting is a flaw in how a sample gets into its series.
func inserting(insert func(series []server.Sample, s server.Sample) []server.Sample) func(*plain) server.Store {
	return func(st *plain) server.Store {
		st.insert = insert
		return st
	}
}

func flawsOfSeries() []flaw {
	return []flaw{
		{"FirstWins", []string{"Overwrite", "BatchOrder", "Model"}, inserting(func(series []server.Sample, s server.Sample) []server.Sample {
			if _, found := slices.BinarySearchFunc(series, s, byTime); found {
				return series
			}
			return insertSorted(series, s)
		})},
		{"KeepsBoth", []string{"Overwrite"}, inserting(func(series []server.Sample, s server.Sample) []server.Sample {
			i, _ := slices.BinarySearchFunc(series, s, byTime)
			return slices.Insert(series, i, s)
		})},
		{"OrderOfArrival", []string{"Ascending", "LongSeries"}, inserting(func(series []server.Sample, s server.Sample) []server.Sample {
			if i := slices.IndexFunc(series, func(o server.Sample) bool { return byTime(o, s) == 0 }); i >= 0 {
				series[i] = s
				return series
			}
			return append(series, s)
		})},
		{"OrderOfText", []string{"Ascending"}, inserting(func(series []server.Sample, s server.Sample) []server.Sample {
			asText := func(a, b server.Sample) int {
				return strings.Compare(fmt.Sprint(a.Timestamp), fmt.Sprint(b.Timestamp))
			}
			i, found := slices.BinarySearchFunc(series, s, asText)
			if found {
				series[i] = s
				return series
			}
			return slices.Insert(series, i, s)
		})},
		{"ShortTimestamps", []string{"Ascending", "Model"}, inserting(func(series []server.Sample, s server.Sample) []server.Sample {
			return insertSorted(series, sample(int64(int32(s.Timestamp)), s.Value))
		})},
		{"SinglePrecision", []string{"Values"}, inserting(func(series []server.Sample, s server.Sample) []server.Sample {
			return insertSorted(series, sample(s.Timestamp, float64(float32(s.Value))))
		})},
		{"NoNegativeZero", []string{"Values", "Model"}, inserting(func(series []server.Sample, s server.Sample) []server.Sample {
			return insertSorted(series, sample(s.Timestamp, s.Value+0))
		})},
		{"LosesOldOnes", []string{"LongSeries", "OneState"}, inserting(func(series []server.Sample, s server.Sample) []server.Sample {
			series = insertSorted(series, s)
			return series[max(0, len(series)-2500):]
		})},
	}
}

func flawsOfKeys() []flaw {
	naming := func(name func(key []byte) string) func(*plain) server.Store {
		return func(st *plain) server.Store {
			st.name = name
			return st
		}
	}
	return []flaw{
		{"FoldsCase", []string{"Keys"}, naming(func(key []byte) string { return strings.ToLower(string(key)) })},
		{"CutsKeys", []string{"Keys"}, naming(func(key []byte) string { return string(key[:min(len(key), 1024)]) })},
		{"AliasesKeys", []string{"KeysAreCopied"}, naming(func(key []byte) string { return unsafe.String(&key[0], len(key)) })},
	}
}

func flawsOfPut() []flaw {
	putting := func(put func(st *plain, ctx context.Context, puts []server.Put) error) func(*plain) server.Store {
		return func(st *plain) server.Store {
			return &wrapped{plain: st, put: func(ctx context.Context, puts []server.Put) error { return put(st, ctx, puts) }}
		}
	}
	return []flaw{
		{"RefusesEmptyBatch", []string{"Empty"}, putting(func(st *plain, ctx context.Context, puts []server.Put) error {
			if len(puts) == 0 {
				return errors.New("no puts")
			}
			return st.Put(ctx, puts)
		})},
		{"ReversesBatch", []string{"BatchOrder", "Model"}, putting(func(st *plain, ctx context.Context, puts []server.Put) error {
			puts = slices.Clone(puts)
			slices.Reverse(puts)
			return st.Put(ctx, puts)
		})},
		{"DropsEndOfBatch", []string{"LongBatch"}, putting(func(st *plain, ctx context.Context, puts []server.Put) error {
			return st.Put(ctx, puts[:min(len(puts), 4096)])
		})},
		{"PutsDespiteContext", []string{"ContextEnded"}, putting(func(st *plain, ctx context.Context, puts []server.Put) error {
			return errors.Join(st.Put(context.WithoutCancel(ctx), puts), ctx.Err())
		})},
		{"PutsLater", []string{"ReadAfterOK"}, putting(func(st *plain, ctx context.Context, puts []server.Put) error {
			puts = slices.Clone(puts)
			for i := range puts {
				puts[i].Key = bytes.Clone(puts[i].Key)
			}
			time.AfterFunc(time.Millisecond, func() { _ = st.Put(context.WithoutCancel(ctx), puts) })
			return ctx.Err()
		})},
		// Reads the series, lets others go first, and writes it back.
		{"LosesUpdates", []string{"ManyWriters"}, putting(func(st *plain, ctx context.Context, puts []server.Put) error {
			if ctx.Err() != nil {
				return ctx.Err()
			}
			for _, p := range puts {
				st.mu.Lock()
				series := slices.Clone(st.data[string(p.Key)])
				if len(series) == 0 {
					st.order = append(st.order, string(p.Key))
					st.data[string(p.Key)] = nil
				}
				st.mu.Unlock()
				runtime.Gosched()
				st.mu.Lock()
				st.data[string(p.Key)] = insertSorted(series, p.Sample)
				st.mu.Unlock()
			}
			return nil
		})},
	}
}

func flawsOfReads() []flaw {
	getting := func(get func(st *plain, ctx context.Context, key []byte, visit visitor) error) func(*plain) server.Store {
		return func(st *plain) server.Store {
			return &wrapped{plain: st, get: func(ctx context.Context, key []byte, visit visitor) error { return get(st, ctx, key, visit) }}
		}
	}
	return []flaw{
		{"VisitsNothing", []string{"Empty"}, getting(func(st *plain, ctx context.Context, key []byte, visit visitor) error {
			if len(st.data[string(key)]) == 0 {
				return visit(key, nil)
			}
			return st.Get(ctx, key, visit)
		})},
		{"SwallowsVisitError", []string{"VisitError"}, getting(func(st *plain, ctx context.Context, key []byte, visit visitor) error {
			_ = st.Get(ctx, key, visit)
			return ctx.Err()
		})},
		{"GoesOnAfterError", []string{"VisitError"}, getting(func(st *plain, ctx context.Context, key []byte, visit visitor) error {
			return errors.Join(st.Get(ctx, key, visit), st.Get(ctx, key, visit))
		})},
		{"GetsDespiteContext", []string{"ContextEnded"}, getting(func(st *plain, ctx context.Context, key []byte, visit visitor) error {
			return errors.Join(st.Get(context.WithoutCancel(ctx), key, visit), ctx.Err())
		})},
		{"LocksWhileVisiting", []string{"SlowVisit"}, getting(func(st *plain, ctx context.Context, key []byte, visit visitor) error {
			st.mu.Lock()
			defer st.mu.Unlock()
			if series := st.data[string(key)]; len(series) > 0 && ctx.Err() == nil {
				return visit(key, series)
			}
			return ctx.Err()
		})},
		// Takes the lock anew for each run, so that the runs differ in age.
		{"TornGet", []string{"OneState"}, getting(func(st *plain, ctx context.Context, key []byte, visit visitor) error {
			for i, n := 0, 1; i < n && ctx.Err() == nil; i += 100 {
				st.mu.Lock()
				series := slices.Clone(st.data[string(key)])
				st.mu.Unlock()
				if n = len(series); i < n {
					if err := visit(key, series[i:min(n, i+100)]); err != nil {
						return err
					}
				}
			}
			return ctx.Err()
		})},
	}
}

// flawsOfCaches answer some gets of a key with what an earlier one saw.
func flawsOfCaches() []flaw {
	stale := func(key string, every int64) func(*plain) server.Store {
		return func(st *plain) server.Store {
			var calls atomic.Int64
			var cached atomic.Pointer[[]server.Sample]
			return &wrapped{plain: st, get: func(ctx context.Context, k []byte, visit visitor) error {
				if string(k) != key {
					return st.Get(ctx, k, visit)
				}
				if old := cached.Load(); old != nil && calls.Add(1)%every == 0 {
					return visit(k, *old)
				}
				return st.Get(ctx, k, func(k []byte, run []server.Sample) error {
					cached.Store(&run)
					return visit(k, run)
				})
			}}
		}
	}
	return []flaw{
		{"StaleUnderLoad", []string{"OneStateUnderLoad"}, stale("cpu", 2)},
		{"StaleGet", []string{"Linearizable"}, stale("key.1", 5)},
	}
}

func flawsOfOthers() []flaw {
	return []flaw{
		{"ScattersAll", []string{"AllTogether"}, func(st *plain) server.Store {
			return &wrapped{plain: st, all: func(ctx context.Context, visit visitor) error {
				for i := range 2 {
					err := st.All(ctx, func(key []byte, run []server.Sample) error {
						half := len(run) / 2
						if part := [][]server.Sample{run[:half], run[half:]}[i]; len(part) > 0 {
							return visit(key, part)
						}
						return nil
					})
					if err != nil {
						return err
					}
				}
				return nil
			}}
		}},
		{"AllIsShort", []string{"AllTogether"}, func(st *plain) server.Store {
			return &wrapped{plain: st, all: func(ctx context.Context, visit visitor) error {
				n := 0
				return st.All(ctx, func(key []byte, run []server.Sample) error {
					if n++; n > 999 {
						return nil
					}
					return visit(key, run)
				})
			}}
		}},
		{"AllDespiteContext", []string{"ContextEnds"}, func(st *plain) server.Store {
			return &wrapped{plain: st, all: func(ctx context.Context, visit visitor) error {
				if ctx.Err() != nil {
					return ctx.Err()
				}
				return st.All(context.WithoutCancel(ctx), visit)
			}}
		}},
		{"CloseFails", []string{"Overwrite"}, func(st *plain) server.Store {
			return &wrapped{plain: st, close: func() error { return errors.New("disk is gone") }}
		}},
	}
}

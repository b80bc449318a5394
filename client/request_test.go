package client_test

import (
	"context"
	"errors"
	"math"
	"testing"
	"testing/synctest"
	"time"

	"github.com/putget-protocol/putget/client"
	"github.com/putget-protocol/putget/spec/wire"
)

func TestRequestsOnTheWire(t *testing.T) {
	put := func(key string, value float64, timestamp int64) func(context.Context, *client.Client) error {
		return func(ctx context.Context, c *client.Client) error { return c.Put(ctx, key, value, timestamp) }
	}
	tests := []struct {
		name string
		call func(context.Context, *client.Client) error
		want string
	}{
		{"Put", put("palm.cpu", 0.5, 1503319740), "put palm.cpu 0.5 1503319740\n"},
		{"TimestampZero", put("palm.cpu", 0.5, 0), "put palm.cpu 0.5 0\n"},
		{"TimestampFirst", put("palm.cpu", 0.5, math.MinInt64), "put palm.cpu 0.5 -9223372036854775808\n"},
		{"TimestampLast", put("palm.cpu", 0.5, math.MaxInt64), "put palm.cpu 0.5 9223372036854775807\n"},
		{"ValueWhole", put("palm.cpu", 10, 7), "put palm.cpu 10.0 7\n"},
		{"ValueNegative", put("palm.cpu", -1.5, 7), "put palm.cpu -1.5 7\n"},
		{"ValueOf17Digits", put("palm.cpu", 0.30000000000000004, 7), "put palm.cpu 0.30000000000000004 7\n"},
		{"ValueSmallest", put("palm.cpu", 5e-324, 7), "put palm.cpu 5e-324 7\n"},
		{"ValueLargest", put("palm.cpu", math.MaxFloat64, 7), "put palm.cpu 1.7976931348623157e+308 7\n"},
		{"KeyBeyondASCII", put("пальма.цп🌡", 1.5, 7), "put пальма.цп🌡 1.5 7\n"},
		{"KeyWithStar", put("palm.*", 1.5, 7), "put palm.* 1.5 7\n"},
		{"Get", func(ctx context.Context, c *client.Client) error {
			_, err := c.Get(ctx, "palm.cpu")
			return err
		}, "get palm.cpu\n"},
		{"GetAll", func(ctx context.Context, c *client.Client) error {
			_, err := c.GetAll(ctx)
			return err
		}, "get *\n"},
		{"PutAll", func(ctx context.Context, c *client.Client) error {
			return c.PutAll(ctx, []client.Point{point("palm.cpu", -1, -2)})
		}, "put palm.cpu -1.0 -2\n"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			c := dial(t, client.Config{}, func(p *peer) {
				p.expect(tt.want)
				p.send("ok\n\n")
				p.expectEnd()
			})
			if err := tt.call(t.Context(), c); err != nil {
				t.Error(err)
			}
		})
	}
}

func TestPutNowSendsThePresentSecond(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c, p := pipe(t, client.Config{})
		time.Sleep(1500 * time.Millisecond) // the bubble's clock begins at 946684800
		go func() {
			p.expect("put palm.cpu 1.5 946684801\n")
			p.send("ok\n\n")
			p.expect("put palm.cpu 1.5 946684861\n")
			p.send("ok\n\n")
		}()
		for range 2 {
			if err := c.PutNow(t.Context(), "palm.cpu", 1.5); err != nil {
				t.Error(err)
			}
			time.Sleep(time.Minute)
		}
	})
}

func TestWrongArgumentsAreNotSent(t *testing.T) {
	tests := []struct {
		name  string
		key   string
		value float64
		arg   string
		want  error // the reason, nil for any
	}{
		{"KeyEmpty", "", 1, "key", nil},
		{"KeyIsStar", "*", 1, "key", wire.ErrStar},
		{"KeyWithSpace", "palm cpu", 1, "key", nil},
		{"KeyIsTwoRequests", "a 1 2\nput b", 3, "key", nil},
		{"KeyWithNewline", "a\n", 1, "key", nil},
		{"KeyWithCR", "a\r", 1, "key", nil},
		{"KeyWithTab", "a\tb", 1, "key", nil},
		{"KeyWithC1", "a\u0085b", 1, "key", nil},
		{"KeyWithNoBreakSpace", "a\u00a0b", 1, "key", nil},
		{"KeyIsNotUTF8", "a\xff", 1, "key", wire.ErrEncoding},
		{"ValueIsNaN", "a", math.NaN(), "value", wire.ErrNotFinite},
		{"ValueIsInfinite", "a", math.Inf(1), "value", wire.ErrNotFinite},
		{"ValueIsNegativeInfinite", "a", math.Inf(-1), "value", wire.ErrNotFinite},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			c := dial(t, client.Config{}, func(p *peer) {
				p.expect("get after\n") // and nothing before
				p.send("ok\n\n")
				p.expectEnd()
			})
			calls := map[string]func() error{
				"Put":    func() error { return c.Put(t.Context(), tt.key, tt.value, 7) },
				"PutNow": func() error { return c.PutNow(t.Context(), tt.key, tt.value) },
				"PutAll": func() error {
					return c.PutAll(t.Context(), []client.Point{point("right", 1, 2), point(tt.key, tt.value, 7)})
				},
				"Batch": func() error { return c.NewBatch(nil).Put(t.Context(), point(tt.key, tt.value, 7)) },
			}
			if tt.arg == "key" {
				calls["Get"] = func() error { _, err := c.Get(t.Context(), tt.key); return err }
			}
			for name, call := range calls {
				err := call()
				got, ok := errors.AsType[*client.ArgumentError](err)
				if !ok || got.Name != tt.arg || tt.want != nil && !errors.Is(err, tt.want) {
					t.Errorf("%s: got %v, want an ArgumentError for the %s", name, err, tt.arg)
				}
			}
			if _, err := c.Get(t.Context(), "after"); err != nil {
				t.Errorf("the client is not in order: %v", err)
			}
		})
	}
}

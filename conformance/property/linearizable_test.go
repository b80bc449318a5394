package property_test

import (
	"bytes"
	"context"
	"errors"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/putget-protocol/putget/conformance/oracle"
	"github.com/putget-protocol/putget/conformance/peer"
	"github.com/putget-protocol/putget/conformance/property"
)

func historyConfig(addr string) property.HistoryConfig {
	return property.HistoryConfig{
		Target: property.Target{Addr: addr, KeyPrefix: "t", Patience: forever},
		Seed:   1, Budget: forever, CheckBudget: forever,
	}
}

func checkLinearizable(t *testing.T, cfg property.HistoryConfig) property.History {
	t.Helper()
	h, err := property.CheckLinearizable(t.Context(), cfg)
	if err != nil {
		t.Fatal(err)
	}
	return h
}

func TestLinearizableFindsFlaws(t *testing.T) {
	for _, tt := range []flaw{
		{"StaleGet", staleGet},
		{"TornRead", tornGet},
		{"VisibleLater", visibleLater},
		{"DataOfConnection", dataOfConnection},
		{"LostUpdates", loseUpdates},
		{"HalfRead", halfRead},
		{"AnsweredFirst", answerFirst},
	} {
		t.Run(tt.name, func(t *testing.T) {
			s := newStore()
			tt.spoil(s)
			h := checkLinearizable(t, historyConfig(serve(t, s.answer)))
			if h.Verdict != property.Illegal || len(h.Faults) > 0 || h.Requests != property.DefaultOperations || len(h.Keys) != 6 {
				t.Fatalf("%s, faults %+v, %d requests, keys %q; want illegal without faults", h.Verdict, h.Faults, h.Requests, h.Keys)
			}
			// How many are needed depends on how the clients met; TestCheckHistoryIllegal
			// counts exactly. Here it is enough that next to nothing is left of a thousand.
			const few = 50
			if v := h.Violation; !v.Smallest || len(v.Operations) < 2 || len(v.Operations) > few || len(v.Timestamps) == 0 {
				t.Errorf("%d operations at %d timestamps, smallest: %v\n%v", len(v.Operations), len(v.Timestamps), v.Smallest, v.Operations)
			}
			var page bytes.Buffer
			if err := h.Visualize(&page); err != nil || !strings.Contains(page.String(), "put") || !strings.Contains(page.String(), "<html") {
				t.Errorf("Visualize: %v, %d bytes", err, page.Len())
			}
		})
	}
}

func TestLinearizablePassesRight(t *testing.T) {
	for range 20 {
		s := newStore()
		h := checkLinearizable(t, historyConfig(serve(t, s.answer)))
		if h.Verdict != property.OK || len(h.Faults) > 0 || h.Open > 0 || h.Operations < property.DefaultOperations || h.Violation != nil {
			t.Fatalf("%s, faults %+v, %d operations, %d open", h.Verdict, h.Faults, h.Operations, h.Open)
		}
		if err := h.Visualize(&bytes.Buffer{}); !errors.Is(err, property.ErrNothingToShow) {
			t.Errorf("Visualize: %v; want %v", err, property.ErrNothingToShow)
		}
	}
}

// TestLinearizableUnknownOutcomes has puts that nobody knows the outcome of: carried
// out, carried out later, or never.
func TestLinearizableUnknownOutcomes(t *testing.T) {
	for _, tt := range []struct {
		name   string
		every  int64
		answer string
	}{
		{"Text", 10, "error\nunknown outcome\n\n"},
		{"Closed", 40, farewell},
		{"HalfAReply", 40, "ok\n" + farewell},
	} {
		t.Run(tt.name, func(t *testing.T) {
			s := newStore()
			doubt(tt.every, tt.answer)(s)
			cfg := historyConfig(serve(t, s.answer))
			h := checkLinearizable(t, cfg)
			if h.Verdict != property.OK || h.Open == 0 || len(h.Faults) > 0 {
				t.Errorf("%s, %d open, faults %+v; want ok, and some open", h.Verdict, h.Open, h.Faults)
			}
		})
	}
}

// TestLinearizableFaults has replies that are wrong by themselves: they are told, and
// not taken for a violation.
func TestLinearizableFaults(t *testing.T) {
	last := func(change func([]oracle.Sample) []oracle.Sample) func(*store) {
		return func(s *store) {
			s.get = func(_ int, key string) string { return show(change(slices.Clone(s.series[key]))) }
		}
	}
	tests := []struct {
		flaw
		aspect oracle.Aspect
		reason peer.Reason
	}{
		{flaw{"Order", last(func(s []oracle.Sample) []oracle.Sample { slices.Reverse(s); return s })}, oracle.AspectOrder, ""},
		{flaw{"Duplicate", last(func(s []oracle.Sample) []oracle.Sample { return append(s, s...) })}, oracle.AspectDuplicate, ""},
		{flaw{"Stranger", last(func(s []oracle.Sample) []oracle.Sample {
			return append(s, oracle.Sample{Key: "x", Value: 1, Timestamp: 99})
		})}, oracle.AspectForeignKey, ""},
		{flaw{"NeverPut", last(func(s []oracle.Sample) []oracle.Sample {
			for i := range s {
				s[i].Value += 0.25
			}
			return s
		})}, oracle.AspectValue, ""},
		{flaw{"RefusedStored", storeAndRefuse}, oracle.AspectRefused, ""},
		{flaw{"RefusedShown", storeAndRefuse}, oracle.AspectValue, ""},
		{flaw{"RefusedNotStored", func(s *store) {
			s.put = func(_ int, req oracle.Request) string {
				if int(req.Value)%10 == 0 {
					return "error\nstorage failed\n\n"
				}
				return s.store(req)
			}
		}}, oracle.AspectRefused, ""},
		{flaw{"Form", func(s *store) { s.get = func(int, string) string { return "OK\n\n" } }}, oracle.AspectStatus, ""},
		{flaw{"PutWithData", func(s *store) {
			s.put = func(_ int, req oracle.Request) string {
				if s.store(req); int(req.Value)%40 == 0 {
					return "ok\nstored\n\n"
				}
				return okEmpty
			}
		}}, oracle.AspectExtraSample, ""},
		{flaw{"GetClosed", func(s *store) { s.get = func(int, string) string { return farewell } }}, oracle.AspectNoReply, peer.ReasonClosed},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			s := newStore()
			tt.spoil(s)
			h := checkLinearizable(t, historyConfig(serve(t, s.answer)))
			if h.Verdict != property.OK || len(h.Faults) == 0 || len(h.Faults) > 10 {
				t.Fatalf("%s, %d faults, %+v; want ok with faults", h.Verdict, len(h.Faults), h.Violation)
			}
			if !slices.ContainsFunc(h.Faults, func(f property.Fault) bool {
				return f.Mismatch.Aspect == tt.aspect && f.Reason == tt.reason && f.Line != "" && f.Client != ""
			}) {
				t.Errorf("%+v; want %s, %s", h.Faults, tt.aspect, tt.reason)
			}
		})
	}
}

func TestLinearizableNothing(t *testing.T) {
	silent := historyConfig(serve(t, func(int, string) string { return hang(t) }))
	silent.Patience = soon
	for name, cfg := range map[string]property.HistoryConfig{"Refused": historyConfig(refusing(t)), "Silent": silent} {
		t.Run(name, func(t *testing.T) {
			h := checkLinearizable(t, cfg)
			if h.Verdict == property.Illegal || len(h.Faults) == 0 || h.Operations > h.Open {
				t.Errorf("%s, %d operations, %d faults; want no operation but open ones, and faults", h.Verdict, h.Operations, len(h.Faults))
			}
			if h.Operations == 0 && h.Verdict != property.Unknown {
				t.Errorf("%s; want unknown", h.Verdict)
			}
		})
	}
}

// TestLinearizableFallsSilent keeps what was seen before.
func TestLinearizableFallsSilent(t *testing.T) {
	s := newStore()
	var n atomic.Int64
	cfg := historyConfig(serve(t, func(conn int, line string) string {
		if n.Add(1) > 300 {
			return hang(t)
		}
		return s.answer(conn, line)
	}))
	cfg.Patience = 10 * soon
	if h := checkLinearizable(t, cfg); h.Verdict != property.OK || len(h.Faults) == 0 || h.Operations < 100 {
		t.Errorf("%s, %d operations, faults %+v", h.Verdict, h.Operations, h.Faults)
	}
}

func TestLinearizableBudget(t *testing.T) {
	s := newStore()
	cfg := historyConfig(serve(t, func(conn int, line string) string {
		time.Sleep(soon)
		return s.answer(conn, line)
	}))
	cfg.Budget = 6 * soon
	if h := checkLinearizable(t, cfg); h.Verdict != property.OK || h.Requests > 7*property.DefaultClients {
		t.Errorf("%s, %d requests", h.Verdict, h.Requests)
	}
}

// TestLinearizableDribble is about replies that are on their way when our time is over.
func TestLinearizableDribble(t *testing.T) {
	cfg := historyConfig(dribbling(t))
	cfg.Budget, cfg.Patience = 4*soon, 60*soon
	if h := checkLinearizable(t, cfg); h.Verdict == property.Illegal || len(h.Faults) > 0 || h.Requests != property.DefaultClients {
		t.Errorf("%s, %d requests, faults %+v; want none", h.Verdict, h.Requests, h.Faults)
	}
}

func TestLinearizableCanceled(t *testing.T) {
	cause := errors.New("interrupted")
	ctx, cancel := context.WithCancelCause(t.Context())
	cfg := historyConfig(serve(t, func(int, string) string { cancel(cause); return hang(t) }))
	if h, err := property.CheckLinearizable(ctx, cfg); !errors.Is(err, cause) || h.Verdict == property.OK {
		t.Errorf("CheckLinearizable = %+v, %v; want %v", h, err, cause)
	}
}

func TestLinearizableErrors(t *testing.T) {
	right := historyConfig("127.0.0.1:1")
	for name, change := range map[string]func(*property.HistoryConfig){
		"NoAddress":      func(c *property.HistoryConfig) { c.Addr = "" },
		"TooManyClients": func(c *property.HistoryConfig) { c.Clients = 27 },
		"Operations":     func(c *property.HistoryConfig) { c.Operations = -1 },
		"NoHost":         func(c *property.HistoryConfig) { c.Addr = "127.0.0.1" },
	} {
		t.Run(name, func(t *testing.T) {
			cfg := right
			change(&cfg)
			if h, err := property.CheckLinearizable(t.Context(), cfg); err == nil || h.Verdict == property.OK {
				t.Errorf("CheckLinearizable = %+v, %v; want an error", h, err)
			}
		})
	}
}

package property_test

import (
	"context"
	"errors"
	"fmt"
	"net"
	"reflect"
	"regexp"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/putget-protocol/putget/conformance/oracle"
	"github.com/putget-protocol/putget/conformance/peer"
	"github.com/putget-protocol/putget/conformance/property"
)

// Long enough for any machine, and never waited out by a test that passes.
const forever = time.Minute

func modelConfig(addr string) property.ModelConfig {
	return property.ModelConfig{
		Target: property.Target{Addr: addr, KeyPrefix: "t", Patience: forever},
		Seed:   1, Checks: 400, Budget: forever, ShrinkBudget: forever,
	}
}

func checkModel(t *testing.T, cfg property.ModelConfig) property.Result {
	t.Helper()
	res, err := property.CheckModel(t.Context(), cfg)
	if err != nil {
		t.Fatal(err)
	}
	return res
}

// found returns the failure, which must be there.
func found(t *testing.T, res property.Result) *property.Counterexample {
	t.Helper()
	if res.Failure == nil {
		t.Fatalf("no failure in %d sequences", res.Executed)
	}
	return res.Failure
}

func TestModelFindsFlaws(t *testing.T) {
	for _, tt := range sequential {
		t.Run(tt.name, func(t *testing.T) {
			s := newStore()
			tt.spoil(s)
			cfg := modelConfig(serve(t, s.answer))
			cfg.Level = tt.level
			c := found(t, checkModel(t, cfg))
			if len(c.Steps) != tt.steps || c.Mismatch.Aspect != tt.aspect || !c.Confirmed {
				t.Errorf("%d steps, %s, confirmed: %v; want %d steps, %s, confirmed\n%s", len(c.Steps), c.Mismatch.Aspect, c.Confirmed, tt.steps, tt.aspect, c.Transcript())
			}
		})
	}
}

func TestModelPassesRight(t *testing.T) {
	for i, spoil := range []func(*store){
		func(*store) {},
		foreign(1000),
		doubt(3, "error\nunknown outcome\n\n"),
		func(s *store) {
			s.getAll = func(int) string { return strings.Replace(s.everything(), "ok\n", "ok\nother +07 007\n", 1) }
		},
	} {
		for _, level := range []property.Level{property.Core, property.Full} {
			for seed := range uint64(20) {
				s := newStore()
				spoil(s)
				cfg := modelConfig(serve(t, s.answer))
				cfg.Level, cfg.Seed, cfg.Checks = level, seed+1, 5
				res := checkModel(t, cfg)
				if res.Failure != nil || res.Executed != 5 || res.Requests < 5 || res.Seed != cfg.Seed {
					t.Errorf("server %d at %s, seed %d: %+v", i, level, cfg.Seed, res)
				}
			}
		}
	}
}

// TestModelSeed sees to it that a seed stands for a counterexample, and that the one
// of a counterexample finds it first.
func TestModelSeed(t *testing.T) {
	once := func(seed uint64) (*property.Counterexample, int) {
		s := newStore()
		keepOldInTheMiddle(s)
		cfg := modelConfig(serve(t, s.answer))
		cfg.Seed = seed
		res := checkModel(t, cfg)
		return found(t, res), res.Executed
	}
	first, executed := once(5)
	second, again := once(5)
	third, alone := once(first.Seed)
	if first.Transcript() != second.Transcript() || first.Seed != second.Seed || executed != again {
		t.Errorf("seed 5 gives, after %d and %d sequences,\n%sand\n%s", executed, again, first.Transcript(), second.Transcript())
	}
	if first.Transcript() != third.Transcript() || alone != 1 {
		t.Errorf("seed %d gives, after %d sequences,\n%swant\n%s", first.Seed, alone, third.Transcript(), first.Transcript())
	}
	if first.Unique == second.Unique {
		t.Errorf("both used the keys %s", first.Unique)
	}
}

func TestCounterexample(t *testing.T) {
	s := newStore()
	keepBoth(s)
	c := found(t, checkModel(t, modelConfig(serve(t, s.answer))))
	pattern := regexp.MustCompile(`\AA> put (\$\{k\}\.\S+) (\S+) (\d+)\nA< ok\nA<\nA> put .*\nA< ok\nA<\nA> get .*\nA< ok\nA< \$\{k\}.*\nA< \$\{k\}.*\nA<\n\z`)
	if !pattern.MatchString(c.Transcript()) {
		t.Errorf("the transcript is\n%s", c.Transcript())
	}
	last := c.Steps[len(c.Steps)-1]
	if !strings.HasPrefix(last.Line, "get "+c.Unique+".") || !strings.HasPrefix(c.Unique, "t.") {
		t.Errorf("the last line is %q, unique %q", last.Line, c.Unique)
	}
	if len(last.Allowed) != 1 || !strings.HasPrefix(last.Allowed[0], "ok\n"+c.Unique) || last.Reply == last.Allowed[0] {
		t.Errorf("allowed %q, reply %q", last.Allowed, last.Reply)
	}
	var sent, received string
	for _, e := range c.Events {
		switch e.Kind {
		case peer.Sent:
			sent += string(e.Data)
		case peer.Received:
			received += string(e.Data)
		}
	}
	var lines, replies string
	for _, step := range c.Steps {
		lines += step.Line + "\n"
		replies += step.Reply
	}
	if sent != lines || received != replies {
		t.Errorf("the events hold %q and %q; want those of the steps, %q and %q", sent, received, lines, replies)
	}
}

// TestModelLexis looks at what is sent: at level core nothing but what it allows, and
// at full everything there is.
func TestModelLexis(t *testing.T) {
	const key, value, timestamp = `[A-Za-z0-9._-]{1,100}`, `-?\d+(\.\d+)?([eE][+-]?\d+)?`, `(0|[1-9]\d{0,9})`
	core := regexp.MustCompile(`\A(put ` + key + ` ` + value + ` ` + timestamp + `|get (` + key + `|\*))\z`)
	for _, level := range []property.Level{property.Core, property.Full} {
		s, odd, kinds := newStore(), 0, make(map[string]int)
		var mu sync.Mutex
		cfg := modelConfig(serve(t, func(conn int, line string) string {
			mu.Lock()
			defer mu.Unlock()
			req, _ := oracle.ParseRequest([]byte(line))
			kinds[fmt.Sprintf("%s %v", req.Verb, req.All)]++
			if !core.MatchString(line) {
				odd++
			}
			return s.answer(conn, line)
		}))
		cfg.Level, cfg.Checks = level, 200
		checkModel(t, cfg)
		mu.Lock()
		if level == property.Core && odd > 0 || level == property.Full && odd < 100 {
			t.Errorf("%s: %d lines are not of level core", level, odd)
		}
		if kinds["put false"] < 100 || kinds["get false"] < 100 || kinds["get true"] < 10 || (kinds[" false"] > 50) != (level == property.Full) {
			t.Errorf("%s: %v", level, kinds)
		}
		mu.Unlock()
	}
}

func TestModelErrors(t *testing.T) {
	s := newStore()
	right := modelConfig(serve(t, s.answer))
	tests := []struct {
		name   string
		change func(*property.ModelConfig)
	}{
		{"NoAddress", func(c *property.ModelConfig) { c.Addr = "" }},
		{"NoPrefix", func(c *property.ModelConfig) { c.KeyPrefix = "" }},
		{"OddPrefix", func(c *property.ModelConfig) { c.KeyPrefix = "a b" }},
		{"LongPrefix", func(c *property.ModelConfig) { c.KeyPrefix = strings.Repeat("x", 25) }},
		{"UnknownLevel", func(c *property.ModelConfig) { c.Level = "half" }},
		{"TooManyConnections", func(c *property.ModelConfig) { c.Connections = 27 }},
		{"NoHost", func(c *property.ModelConfig) { c.Addr = "127.0.0.1" }},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			cfg := right
			tt.change(&cfg)
			if res, err := property.CheckModel(t.Context(), cfg); err == nil || res.Failure != nil {
				t.Errorf("CheckModel = %+v, %v; want an error", res, err)
			}
		})
	}
}

func TestModelCanceled(t *testing.T) {
	cause := errors.New("interrupted")
	ctx, cancel := context.WithCancelCause(t.Context())
	s := newStore()
	var n atomic.Int64
	cfg := modelConfig(serve(t, func(conn int, line string) string {
		if n.Add(1) == 50 {
			cancel(cause)
			<-t.Context().Done()
		}
		return s.answer(conn, line)
	}))
	cfg.Connections = 1
	res, err := property.CheckModel(ctx, cfg)
	if !errors.Is(err, cause) || res.Failure != nil || res.Executed == 0 {
		t.Errorf("CheckModel = %+v, %v; want %v", res, err, cause)
	}
}

// refusing returns an address where nothing listens.
func refusing(t *testing.T) string {
	t.Helper()
	ln, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	ln.Close()
	return ln.Addr().String()
}

// summary is what a test compares of a counterexample.
type summary struct {
	steps     int
	aspect    oracle.Aspect
	reason    peer.Reason
	confirmed bool
}

func summaryOf(c *property.Counterexample) summary {
	return summary{len(c.Steps), c.Mismatch.Aspect, c.Reason, c.Confirmed}
}

func wantSummary(t *testing.T, c *property.Counterexample, want summary) {
	t.Helper()
	if got := summaryOf(c); !reflect.DeepEqual(got, want) {
		t.Errorf("the counterexample is %+v; want %+v\n%s%v", got, want, c.Transcript(), c.Mismatch)
	}
}

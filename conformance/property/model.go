package property

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"time"
)

// Defaults of a [ModelConfig].
const (
	DefaultChecks       = 100
	DefaultConnections  = 3
	DefaultBudget       = 3 * time.Second
	DefaultShrinkBudget = 5 * time.Second
)

// maxConnections is the number of names for them.
const maxConnections = 26

// A ModelConfig says how CheckModel works.
type ModelConfig struct {
	Target
	// Seed chooses the sequences. The Seed of a [Counterexample], with the same Level
	// and Connections, generates that one first. Zero means one by chance, which the
	// Result tells.
	Seed uint64
	// Checks is how many sequences to play. Zero means DefaultChecks, a negative
	// number as many as the Budget allows.
	Checks int
	// Connections is how many connections a sequence uses at most, up to 26. Zero
	// means DefaultConnections. With 1, a target that serves one session at a time
	// can be judged.
	Connections int
	// Budget is how long to look for a failure; the wait for another check in this
	// process does not count. The sequence that runs at its end is given up. Zero
	// means DefaultBudget.
	Budget time.Duration
	// ShrinkBudget is how long to shorten a failing sequence. Zero means
	// DefaultShrinkBudget, a negative time not to shorten it at all.
	ShrinkBudget time.Duration
	// Revive, when it is set, is called while a failure is shrunk, each time a
	// connection ended or a reply did not come. It sees to it that the target runs,
	// and returns its address. After an error there is no more shrinking.
	Revive func(ctx context.Context) (addr string, err error)
}

func (c *ModelConfig) complete() error {
	if err := c.Target.complete(); err != nil {
		return err
	}
	if c.Checks == 0 {
		c.Checks = DefaultChecks
	}
	if c.Connections == 0 {
		c.Connections = DefaultConnections
	}
	if c.Connections < 0 || c.Connections > maxConnections {
		return fmt.Errorf("property: %d connections; want 1 to %d", c.Connections, maxConnections)
	}
	if c.Budget <= 0 {
		c.Budget = DefaultBudget
	}
	if c.ShrinkBudget == 0 {
		c.ShrinkBudget = DefaultShrinkBudget
	}
	if c.Seed == 0 {
		c.Seed = rand.Uint64N(maxSeed) + 1
	}
	return nil
}

// maxSeed bounds the seeds that are chosen here, so that a reader of JSON that takes
// numbers for doubles reads them right.
const maxSeed = 1<<53 - 1

// seed returns the seed of the i-th sequence, which is Seed for i = 0.
func (c *ModelConfig) seed(i int) uint64 {
	if i == 0 {
		return c.Seed
	}
	const golden = 0x9E3779B97F4A7C15 // far apart for neighbouring i, and for neighbouring seeds
	return (c.Seed+uint64(i)*golden)%maxSeed + 1
}

// A Result is what CheckModel found.
type Result struct {
	Seed     uint64 // the one that was used
	Executed int    // sequences that were played to their end or to their failure
	Requests int    // sent in all, those for shrinking included
	Shrinks  int    // sequences that were played in order to shrink the failure
	// Failure is nil when no reply was wrong. Together with Executed = 0 that proves
	// nothing.
	Failure *Counterexample
}

// CheckModel plays generated sequences against a target, one after the other, until
// one fails, Checks were played or the Budget is used up. Every wait is bounded: it ends
// soon after its budgets, whatever the target does. It may be called concurrently; the
// calls then take turns.
//
// The error is trouble of our own (a wrong Config, a machine without free ports), or
// the cause of ctx's end. It is no verdict, and the Result holds what was found before.
func CheckModel(ctx context.Context, cfg ModelConfig) (Result, error) {
	if err := cfg.complete(); err != nil {
		return Result{}, err
	}
	res := Result{Seed: cfg.Seed}
	p := &player{target: cfg.Target, prefix: cfg.freshPrefix(), patience: cfg.Patience}
	d := newDrawer(cfg.Level, cfg.Connections)
	for i, left := 0, cfg.Budget; left > 0 && (cfg.Checks < 0 || res.Executed < cfg.Checks); i++ {
		a := &attempt{
			ctx: ctx, player: p, drawer: d, revive: cfg.Revive,
			budget: left, shrink: cfg.ShrinkBudget, noGetAll: p.getAll > cfg.Budget/4,
		}
		report, err := a.run(cfg.seed(i))
		left -= a.searched
		if a.first != nil && !a.first.cut && a.first.err == nil {
			res.Executed++
		}
		res.Requests, res.Shrinks = p.requests, a.shrinks
		if a.best != nil {
			res.Failure = a.counterexample(cfg.seed(i))
		}
		switch {
		case err != nil || a.best != nil:
		case report != "":
			err = errors.New("property: the generator failed: " + report)
		case a.calls == 0:
			err = errors.New("property: the generator made no sequence; is rapid changed, or used by somebody else at the same time?")
		}
		if err != nil || a.best != nil {
			return res, err
		}
	}
	return res, nil
}

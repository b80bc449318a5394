package property

import (
	"context"
	"fmt"
	"math/rand/v2"
	"time"

	"github.com/putget-protocol/putget/conformance/oracle"
	"github.com/putget-protocol/putget/conformance/peer"
)

// Defaults of a [HistoryConfig].
const (
	DefaultClients    = 8
	DefaultOperations = 1200
)

// A HistoryConfig says how CheckLinearizable works.
type HistoryConfig struct {
	Target
	// Seed chooses what the clients ask for; when they do so differs from run to run.
	// Zero means one by chance, which the History tells.
	Seed uint64
	// Clients is how many connections ask at the same time, up to 26. Zero means
	// DefaultClients. More than ten make the check slow.
	Clients int
	// Operations is how many puts and gets there are in all. Zero means
	// DefaultOperations.
	Operations int
	// Budget is how long the clients may take. Zero means DefaultBudget.
	Budget time.Duration
	// CheckBudget is that of CheckHistory. Zero means DefaultCheckBudget.
	CheckBudget time.Duration
}

func (c *HistoryConfig) complete() error {
	if err := c.Target.complete(); err != nil {
		return err
	}
	if c.Clients == 0 {
		c.Clients = DefaultClients
	}
	if c.Operations == 0 {
		c.Operations = DefaultOperations
	}
	switch {
	case c.Clients < 0 || c.Clients > maxConnections:
		return fmt.Errorf("property: %d clients; want 1 to %d", c.Clients, maxConnections)
	case c.Operations < 0:
		return fmt.Errorf("property: %d operations; want 1 or more", c.Operations)
	}
	if c.Budget <= 0 {
		c.Budget = DefaultBudget
	}
	if c.Seed == 0 {
		c.Seed = rand.Uint64N(maxSeed) + 1
	}
	return nil
}

// A History is what CheckLinearizable found.
type History struct {
	// Linearization is about the replies that have a place in a history. Without any it
	// is Unknown.
	Linearization
	Seed     uint64 // the one that was used
	Requests int    // that were sent
	// Faults are replies that are wrong whatever the order was, and requests without a
	// reply, at most maxFaults. They say nothing about linearizability.
	Faults []Fault
}

// A Fault is a reply that is wrong by itself: not of the form, a refusal of a right
// request, samples that nobody put, or none at all. That a connection ended without the
// reply to a put is no fault, as the specification allows it to a server that cannot
// know the outcome (REP-013).
type Fault struct {
	Client   string
	Line     string           // as it was sent, without LF
	Reply    string           // what came; of a get of everything only the lines of own keys
	Mismatch *oracle.Mismatch // Offset counts in Reply
	Reason   peer.Reason      // why no whole reply came; "" when one did
}

// maxFaults is how many Faults a History keeps, the first ones.
const maxFaults = 10

// CheckLinearizable lets clients put and get a few series at the same time, and asks
// CheckHistory what they saw. Each value is put once, so that a get tells which put it
// sees. The values and timestamps are of level core. It ends soon after its budgets,
// whatever the target does, and may be called concurrently.
//
// The error is trouble of our own, or the cause of ctx's end. It is no verdict, and
// the History is empty then.
func CheckLinearizable(ctx context.Context, cfg HistoryConfig) (History, error) {
	if err := cfg.complete(); err != nil {
		return History{}, err
	}
	p := newPlan(cfg)
	answers, err := gather(ctx, cfg, p) // by the time of the call
	if err != nil {
		return History{}, err
	}
	h := History{Seed: cfg.Seed}
	var operations []Operation
	j := newJudge(p, answers)
	for _, a := range answers {
		if a.sent {
			h.Requests++
		}
		seen, fault := j.look(a)
		operations = append(operations, seen...)
		if fault != nil && len(h.Faults) < maxFaults {
			h.Faults = append(h.Faults, *fault)
		}
	}
	h.Linearization = CheckHistory(operations, cfg.CheckBudget)
	return h, nil
}

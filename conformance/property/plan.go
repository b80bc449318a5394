package property

import (
	"math/rand/v2"
	"strconv"

	"github.com/putget-protocol/putget/conformance/oracle"
)

// What the clients ask for: few keys and timestamps, so that they meet.
const (
	planKeys   = 6
	focusKeys  = 2  // of which the clients ask at any one time
	focusSteps = 25 // after so many steps the focus moves on by a key
	getAllOf   = 60 // one request in so many is for everything
)

// planTimestamps are those of all puts.
var planTimestamps = [...]int64{7, 8, 9, 10}

// A plan is what each client asks for, in order.
type plan struct {
	prefix  string // of the keys; nobody else has it
	keys    []string
	clients [][]oracle.Request
}

// newPlan makes the plan that the seed stands for.
func newPlan(cfg HistoryConfig) plan {
	p := plan{prefix: cfg.freshPrefix() + ".", clients: make([][]oracle.Request, cfg.Clients)}
	for i := range planKeys {
		p.keys = append(p.keys, p.prefix+strconv.Itoa(i))
	}
	rng := rand.New(rand.NewPCG(cfg.Seed, 0))
	for n := range cfg.Operations {
		client, step := n%cfg.Clients, n/cfg.Clients
		key := p.keys[(step/focusSteps+rng.IntN(focusKeys))%len(p.keys)]
		req := oracle.Request{Verb: oracle.Get, Key: key}
		switch rng.IntN(getAllOf) {
		case 0:
			req = oracle.Request{Verb: oracle.Get, All: true}
		default:
			if rng.IntN(2) == 0 {
				timestamp := planTimestamps[rng.IntN(len(planTimestamps))]
				// The value is the number of the put, small and whole, so that no wording
				// and no rounding makes two of them one.
				req = oracle.Request{Verb: oracle.Put, Key: key, Value: float64(n + 1), Timestamp: timestamp}
			}
		}
		p.clients[client] = append(p.clients[client], req)
	}
	return p
}

package property

import (
	"bytes"
	"cmp"
	"context"
	"errors"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"github.com/putget-protocol/putget/conformance/oracle"
	"github.com/putget-protocol/putget/conformance/peer"
)

// An answer is what became of one request of a plan.
type answer struct {
	client       string
	request      oracle.Request
	sent         bool // the connection stood, so that bytes may have gone out
	call, ending time.Duration
	reply        []byte      // of a get of everything only the lines of own keys
	reason       peer.Reason // why no whole reply came; "" when one did
	cut          bool        // our time or room was too short, so that it is no fault
}

const (
	// maxLosses is after how many lost replies a client gives up.
	maxLosses = 3
	// maxForeign is how much of the data of others, in bytes, is asked for with
	// requests for everything: it costs time and proves nothing.
	maxForeign = 4 << 20
)

// A gatherer lets the clients of a plan ask.
type gatherer struct {
	target   Target
	prefix   string
	rec      *peer.Recorder
	deadline time.Time
	foreign  atomic.Int64 // bytes of the lines of others that came
}

// gather lets all clients ask at the same time, until each has had its answers or the
// budget is used up. It returns the answers by the time of their call.
func gather(ctx context.Context, cfg HistoryConfig, p plan) ([]answer, error) {
	g := &gatherer{
		target: cfg.Target, prefix: p.prefix, rec: peer.NewRecorder(), deadline: time.Now().Add(cfg.Budget),
	}
	limited, cancel := context.WithDeadline(ctx, g.deadline.Add(cfg.Patience))
	defer cancel()
	answers := make([][]answer, len(p.clients))
	errs := make([]error, len(p.clients))
	var all, connected sync.WaitGroup
	connected.Add(len(p.clients))
	for i, requests := range p.clients {
		all.Go(func() {
			conn, err := dial(limited, g.rec, laneName(i), g.target)
			connected.Done()
			connected.Wait() // no one begins before all can
			c := &client{gatherer: g, name: laneName(i), conn: conn}
			answers[i], errs[i] = c.ask(limited, requests, err)
		})
	}
	all.Wait()
	if ctx.Err() != nil {
		return nil, context.Cause(ctx)
	}
	joined := slices.Concat(answers...)
	slices.SortStableFunc(joined, func(a, b answer) int { return cmp.Compare(a.call, b.call) })
	return joined, errors.Join(errs...)
}

// A client asks for its part of a plan, one request at a time.
type client struct {
	*gatherer
	name   string
	conn   *peer.Conn // nil when it must be made anew
	losses int
}

// ask asks until the requests, the time or the patience with lost replies is at an
// end; failed is the error of the first dial. The error is trouble of our own.
func (c *client) ask(ctx context.Context, requests []oracle.Request, failed error) ([]answer, error) {
	defer c.leave()
	var answers []answer
	for _, req := range requests {
		if c.losses >= maxLosses || time.Now().After(c.deadline) {
			break
		}
		if req.All && c.foreign.Load() > maxForeign {
			continue
		}
		if c.conn == nil && failed == nil {
			c.conn, failed = dial(ctx, c.rec, c.name, c.target)
		}
		a := answer{client: c.name, request: req}
		err := failed
		if failed == nil {
			err = c.request(ctx, &a)
		}
		failed = nil
		a.reason = peer.ReasonOf(err)
		switch {
		case err == nil:
		case a.reason == "" || a.reason == peer.ReasonBroken:
			return answers, err
		case ctx.Err() != nil, req.All && a.reason == peer.ReasonTooLong:
			a.cut = true
			return append(answers, a), nil
		default:
			c.losses++
			c.leave()
		}
		answers = append(answers, a)
	}
	return answers, nil
}

// request asks one request and takes the times on both sides of it.
func (c *client) request(ctx context.Context, a *answer) error {
	line := []byte(strings.TrimSuffix(a.request.Line(), "\n"))
	a.sent = true
	a.call = c.rec.Since()
	reply, err := ask(ctx, c.conn, line, c.target.Patience)
	a.ending = c.rec.Since()
	if peer.ReasonOf(err) == peer.ReasonTooLong {
		reply = bytes.Clone(reply[:min(len(reply), maxShown)])
	}
	a.reply = reply
	if a.request.All {
		a.reply = ownLines(reply, c.prefix)
		c.foreign.Add(int64(len(reply) - len(a.reply)))
	}
	return err
}

// leave closes the connection. After a lost reply it is out of step.
func (c *client) leave() {
	if c.conn != nil {
		c.conn.Close()
		c.conn = nil
	}
}

package conformance

import (
	"context"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"github.com/putget-protocol/putget/conformance/cases"
	"github.com/putget-protocol/putget/conformance/oracle"
)

// How many cases run at once. One that does not run alone has a few connections, so
// that all together stay below the number that the target serves.
const (
	sideBySide     = 16 // where 50 sessions are served
	farSideBySide  = 48 // where 200 are, and the target is so slow that width costs nothing
	slowAnswer     = 5 * time.Millisecond
	deliveries     = 3 // cases of delivery, which have conversations side by side themselves
	fewDeliveries  = 2 // of those where 50 sessions are served
	inDelivery     = 20
	inFewDelivered = 8
)

// width returns how many cases may run at once.
func (r *Runner) width() int {
	switch {
	case !r.manySessions:
		return 1
	case r.hundreds && r.usual > slowAnswer:
		return farSideBySide
	default:
		return sideBySide
	}
}

// beside returns how many cases like one may run at once.
func (r *Runner) beside(c cases.Case) int {
	switch {
	case rank(c) != rankDelivery || !r.manySessions:
		return r.width()
	case r.hundreds:
		return deliveries
	default:
		return fewDeliveries
	}
}

// inCase returns how many conversations a case may have at once.
func (r *Runner) inCase() int {
	switch {
	case !r.manySessions:
		return 1
	case r.hundreds:
		return inDelivery
	default:
		return inFewDelivered
	}
}

// batch returns the first of the cases that are left, or of those of its phase all
// that may run side by side now, as nothing hangs on them; and the others.
func (r *Runner) batch(left []cases.Case) (batch, others []cases.Case) {
	waiting := make(map[string]bool)
	for _, c := range left {
		waiting[c.ID] = true
	}
	for _, c := range left {
		needs := slices.ContainsFunc(c.Needs, func(id string) bool { return waiting[id] })
		if r.width() > 1 && r.isCompany(c) && rank(c) == rank(left[0]) && !needs {
			batch = append(batch, c)
		} else {
			others = append(others, c)
		}
	}
	if len(batch) == 0 {
		return left[:1], left[1:]
	}
	return batch, others
}

func (r *Runner) isCompany(c cases.Case) bool {
	return !c.Alone && !r.isEager(c) && (rank(c) == rankCore || rank(c) == rankFull || rank(c) == rankDelivery)
}

// firstLooks takes the first looks of a batch, and hands each result to done.
func (r *Runner) firstLooks(ctx context.Context, batch []cases.Case, done func(*result)) {
	if len(batch) == 1 {
		done(r.firstLook(ctx, batch[0]))
		return
	}
	var running []*result
	for _, c := range batch {
		res := &result{c: c}
		if r.block(res) {
			done(res)
		} else {
			running = append(running, res)
		}
	}
	r.lookTogether(ctx, running, r.patience, done)
}

// A ride is a look that is taken beside others.
type ride struct {
	res          *result
	out          cases.Outcome
	began, ended time.Time
	hit          bool // the target was gone behind it
}

// lookTogether takes looks side by side, as many at once as the target serves, and
// hands each result to done. When the target dies meanwhile, those that were under
// way are looked at again, one after the other, to find out who killed it; one that
// cannot be started again leaves the likeliest to be named.
func (r *Runner) lookTogether(ctx context.Context, results []*result, patience time.Duration, done func(*result)) {
	for len(results) > 0 && ctx.Err() == nil {
		var held []ride
		begun := 0
		for one := range r.rides(ctx, results, patience, &begun) {
			if one.hit || len(held) > 0 {
				held = append(held, one)
				continue
			}
			r.arrive(one, patience, done)
		}
		results = results[begun:]
		if len(held) == 0 || ctx.Err() != nil {
			continue
		}
		if r.target.Alive() && r.probe(ctx) == nil {
			// Somebody else has started it again: looks alone will tell what is true.
			for _, one := range held {
				r.arrive(one, patience, done)
			}
			continue
		}
		r.findKiller(ctx, held, done)
		if r.dead != "" {
			for _, res := range results {
				r.block(res)
				done(res)
			}
			return
		}
	}
}

// rides takes looks side by side until the target is gone, and counts those that it
// began, which are the first ones.
func (r *Runner) rides(ctx context.Context, results []*result, patience time.Duration, begun *int) <-chan ride {
	all := make(chan ride)
	var next atomic.Int64
	var gone atomic.Bool
	var wg sync.WaitGroup
	for range min(r.beside(results[0].c), len(results)) {
		wg.Go(func() {
			for !gone.Load() && ctx.Err() == nil {
				i := int(next.Add(1)) - 1
				if i >= len(results) {
					return
				}
				one := ride{res: results[i], began: time.Now()}
				r.begun(one.res.c)
				one.out = r.lookAt(ctx, one.res.c, patience)
				one.ended = time.Now()
				if one.hit = ctx.Err() == nil && r.isDead(ctx, one.out); one.hit {
					gone.Store(true)
				}
				all <- one
			}
		})
	}
	go func() {
		wg.Wait()
		*begun = min(int(next.Load()), len(results))
		close(all)
	}()
	return all
}

// arrive gives a verdict on a look that was taken beside others.
func (r *Runner) arrive(one ride, patience time.Duration, done func(*result)) {
	one.res.out = one.out
	r.conclude(one.res, patience, true)
	r.remember(one.res, one.began)
	done(one.res)
}

// findKiller finds out which of the looks that were under way has killed the target.
func (r *Runner) findKiller(ctx context.Context, held []ride, done func(*result)) {
	suspects := r.suspects()
	how := r.howItDied(ctx)
	if r.revive(ctx, "one of "+names(held)); r.dead != "" {
		r.nameKiller(held, how)
		for _, one := range held {
			if one.res.verdict == "" {
				r.block(one.res)
			}
			done(one.res)
		}
		return
	}
	before := r.restarts
	for _, one := range held {
		again := r.firstLook(ctx, one.res.c)
		*one.res = *again
		for i := range r.recents {
			if r.recents[i].res == again {
				r.recents[i].res = one.res
			}
		}
	}
	if r.restarts == before && ctx.Err() == nil && r.dead == "" {
		last := held[len(held)-1]
		r.blameEarlier(ctx, last.res, suspects, how+"; these ran side by side: "+names(held))
	}
	for _, one := range held {
		done(one.res)
	}
}

func names(rides []ride) string {
	var all []string
	for _, one := range rides {
		all = append(all, one.res.c.ID)
	}
	return strings.Join(all, ", ")
}

// nameKiller blames the death of a target on one of several looks: the first that was
// hit after a wrong request, else the first that was hit.
func (r *Runner) nameKiller(held []ride, how string) {
	how += "; these ran side by side: " + names(held)
	killer := -1
	for i, one := range held {
		wrong := cases.Crash(one.out, how).Requirement == cases.AfterWrong
		if suspicious(one.out) && (killer < 0 || wrong && cases.Crash(held[killer].out, how).Requirement != cases.AfterWrong) {
			killer = i
		}
	}
	one := held[max(killer, 0)]
	one.res.out = one.out
	one.res.looks++
	one.res.crash(how)
}

// endsEarly reports whether a target did not answer. Beside others that may be the
// work of another case, and is looked at again alone.
func endsEarly(out cases.Outcome) bool {
	return slices.ContainsFunc(out.Failures, func(f cases.Failure) bool {
		class := cases.Class(f.Symptom)
		return class == oracle.AspectNoReply || class == oracle.AspectTruncated
	})
}

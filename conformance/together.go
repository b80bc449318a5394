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
	"github.com/putget-protocol/putget/conformance/report"
)

// sideBySide is how many cases run at once where 50 sessions do. A case that does
// not run alone has a few connections, so that all together stay below that.
const sideBySide = 16

// width returns how many cases may run at once.
func (r *Runner) width() int {
	if !r.manySessions {
		return 1
	}
	return sideBySide
}

// batch returns the first of the cases that are left, or the first few where they
// may run side by side: they are of one phase and nothing hangs on them.
func (r *Runner) batch(rest []cases.Case) []cases.Case {
	n := 0
	for r.width() > 1 && n < len(rest) && r.isCompany(rest[n]) && rank(rest[n]) == rank(rest[0]) {
		n++
	}
	return rest[:max(1, n)]
}

func (r *Runner) isCompany(c cases.Case) bool {
	return !c.Alone && !r.isEager(c) && (rank(c) == rankCore || rank(c) == rankFull)
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
		var finished, held []ride
		begun := 0
		for one := range r.rides(ctx, results, patience, &begun) {
			if one.hit || len(held) > 0 {
				held = append(held, one)
				continue
			}
			finished = append(finished, one)
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
		r.findKiller(ctx, held, finished, patience, done)
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
	for range min(r.width(), len(results)) {
		wg.Go(func() {
			for !gone.Load() && ctx.Err() == nil {
				i := int(next.Add(1)) - 1
				if i >= len(results) {
					return
				}
				one := ride{res: results[i], began: time.Now()}
				r.begun(one.res.c)
				one.out = one.res.c.Look(ctx, r.lookConfig(patience))
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
	r.before = one.res
	done(one.res)
}

// findKiller finds out which of the looks that were under way has killed the target.
func (r *Runner) findKiller(ctx context.Context, held, finished []ride, patience time.Duration, done func(*result)) {
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
	crashed := false
	for _, one := range held {
		again := r.firstLook(ctx, one.res.c)
		*one.res = *again
		crashed = crashed || again.verdict == report.Crashed
	}
	if !crashed {
		crashed = r.killedBehind(ctx, held, finished, patience)
	}
	if !crashed && ctx.Err() == nil {
		r.nameKiller(held, how+"; it did not die again when these ran one after the other")
	}
	for _, one := range held {
		done(one.res)
	}
}

// killedBehind looks again at what had its answer already when the target died: a
// target may die a moment later.
func (r *Runner) killedBehind(ctx context.Context, held, finished []ride, patience time.Duration) bool {
	earliest := slices.MinFunc(held, func(a, b ride) int { return a.began.Compare(b.began) }).began
	for _, one := range finished {
		if one.ended.Before(earliest) {
			continue
		}
		again := &result{c: one.res.c}
		if r.look(ctx, again, patience); again.verdict == report.Crashed {
			*one.res = *again
			r.finish(ctx, one.res)
			return true
		}
	}
	return false
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

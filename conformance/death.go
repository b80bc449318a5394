package conformance

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/putget-protocol/putget/conformance/cases"
	"github.com/putget-protocol/putget/conformance/report"
)

// How far back those are looked for who may have killed a target that has died, and
// how long it may take to find one of them, in all.
const (
	latestDeath = 3 * time.Second
	mostRecent  = 64
	searchTime  = 25 * time.Second
)

// A recent is a look at the present life of the target.
type recent struct {
	res          *result
	began, ended time.Time
}

// remember keeps a look in mind, for the case that the target dies of it later.
func (r *Runner) remember(res *result, began time.Time) {
	r.recents = append(r.recents, recent{res, began, time.Now()})
	r.recents = r.recents[max(0, len(r.recents)-mostRecent):]
}

// suspects returns the looks of which the target may have died just now, the oldest
// first.
func (r *Runner) suspects() []recent {
	now := time.Now()
	return slices.DeleteFunc(slices.Clone(r.recents), func(one recent) bool {
		return one.ended.Before(r.revived) || now.Sub(one.ended) > r.slowly(latestDeath)
	})
}

// checkAlive sees whether the target survived a look. A dead one is started again
// if it is ours; otherwise nothing more can run. Whoever is blamed has killed it twice:
// the case is looked at again, on a target that nothing else has touched, and when that
// one lives, so are those before it.
func (r *Runner) checkAlive(ctx context.Context, res *result, patience time.Duration) {
	if !r.isDead(ctx, res.out) {
		return
	}
	suspects := r.suspects()
	how := r.howItDied(ctx)
	if ctx.Err() != nil {
		return
	}
	if res.c.Observes {
		res.out.Facts = append(res.out.Facts, cases.Fact{Name: "the target died", Value: how})
		r.notes = append(r.notes, fmt.Sprintf("the target died while %s observed it, or soon before: %s", res.c.ID, how))
		r.revive(ctx, res.c.ID)
		return
	}
	if r.killsWhenWrong && cases.Crash(res.out, how).Requirement == cases.AfterWrong {
		res.crash(how)
		r.revive(ctx, res.c.ID)
		return
	}
	r.revive(ctx, res.c.ID)
	if r.dead != "" {
		r.blameDead(ctx, res, suspects, how)
		return
	}
	if r.killsAgain(ctx, res, patience) || ctx.Err() != nil || r.dead != "" {
		return
	}
	r.blameEarlier(ctx, res, suspects, how)
}

// killsAgain looks at a case on a target that was started for it, and reports whether
// it kills that too. Its outcome is the one that counts.
func (r *Runner) killsAgain(ctx context.Context, res *result, patience time.Duration) bool {
	res.out = r.lookAt(ctx, res.c, patience)
	if ctx.Err() != nil || !r.isDead(ctx, res.out) {
		return false
	}
	how := r.howItDied(ctx)
	if ctx.Err() != nil {
		return false
	}
	res.crash(how)
	r.killsWhenWrong = r.killsWhenWrong || res.out.Failures[0].Requirement == cases.AfterWrong
	r.revive(ctx, res.c.ID)
	return true
}

// blameDead blames the death of a target that cannot be started again. Where nothing
// was asked in the look that noticed it, that was the look before.
func (r *Runner) blameDead(ctx context.Context, res *result, suspects []recent, how string) {
	if len(suspects) > 1 {
		how += "; without starting it again nobody can tell which of these killed it: " + namesOf(suspects)
	}
	if !asked(res.out) && len(suspects) > 0 {
		r.blameResult(ctx, suspects[len(suspects)-1].res, how+"; that was seen when "+res.c.ID+" began", false)
		r.block(res)
		return
	}
	res.crash(how)
}

// blameEarlier finds out which of the looks before the one that saw the target dead has
// killed it. When none does so again, nobody is blamed but the target as a whole.
func (r *Runner) blameEarlier(ctx context.Context, res *result, suspects []recent, how string) {
	killer, found := r.search(ctx, suspects)
	if ctx.Err() != nil {
		return
	}
	if found {
		r.blameResult(ctx, killer, how+"; that was seen in "+res.c.ID+", a while later, and again when "+killer.c.ID+" ran alone", true)
		return
	}
	seen := res.c.ID
	if len(suspects) > 0 {
		seen += " or after " + namesOf(suspects)
	}
	r.deaths = append(r.deaths, fmt.Sprintf("%s; in %s, which did not kill it when they ran again", how, seen))
}

// blameResult makes the death of the target the failure of an earlier look.
func (r *Runner) blameResult(ctx context.Context, killer *result, how string, later bool) {
	if killer.c.Observes || killer.verdict == report.Crashed {
		r.notes = append(r.notes, fmt.Sprintf("the target died after %s: %s", killer.c.ID, how))
		return
	}
	_, settled := r.results[killer.c.ID]
	killer.crash(how)
	if later {
		killer.out.Failures[0] = cases.LaterCrash(killer.out, how)
	}
	if settled {
		r.finish(ctx, killer)
	}
}

// search looks at suspects again, half of them and then half of those, until one is
// left who kills the target alone.
func (r *Runner) search(ctx context.Context, suspects []recent) (*result, bool) {
	began := time.Now()
	defer func() { r.searched += time.Since(began) }()
	if len(suspects) == 0 {
		return nil, false
	}
	wait := min(time.Since(suspects[0].began), r.slowly(latestDeath))
	if !r.kill(ctx, suspects, wait) {
		return nil, false
	}
	for len(suspects) > 1 {
		if r.searched+time.Since(began) > r.slowly(searchTime) {
			return nil, false
		}
		half := len(suspects) / 2
		if later := suspects[half:]; r.kill(ctx, later, wait) {
			suspects = later
		} else {
			suspects = suspects[:half]
		}
		if len(suspects) == 1 && !r.kill(ctx, suspects, wait) {
			return nil, false
		}
	}
	return suspects[0].res, true
}

// kill looks at suspects one after the other, on a target that is started for them, and
// reports whether that dies meanwhile or within a time behind them. A living target is
// left behind, if there can be one.
func (r *Runner) kill(ctx context.Context, suspects []recent, wait time.Duration) bool {
	if r.searched > r.slowly(searchTime) || r.dead != "" || ctx.Err() != nil {
		return false
	}
	r.revive(ctx, "a search for what had killed it before")
	if r.dead != "" {
		return false
	}
	for _, one := range suspects {
		if !r.target.Alive() {
			break
		}
		r.lookAt(ctx, one.res.c, r.patience)
	}
	timer := time.NewTimer(wait)
	defer timer.Stop()
	select {
	case <-r.target.Died():
	case <-timer.C:
	case <-ctx.Done():
		return false
	}
	died := !r.target.Alive()
	if died {
		r.revive(ctx, "a search for what had killed it before")
	}
	return died
}

// survived fails the last sanity case when the target has died and nobody knows of what.
func (r *Runner) survived(res *result) {
	if len(r.deaths) == 0 || res.c.ID != cases.SanityLast || res.verdict == report.Blocked {
		return
	}
	how := fmt.Sprintf("it died %d times before, each time with a new start: ", len(r.deaths)) + strings.Join(r.deaths, "; ")
	if len(r.deaths) == 1 {
		how = "it died before, and was started again: " + r.deaths[0]
	}
	r.deaths = nil
	res.out.Failures = append([]cases.Failure{cases.Death(how)}, res.out.Failures...)
	res.verdict, res.reason = report.Crashed, how
}

func namesOf(looks []recent) string {
	const most = 8
	var all []string
	for _, one := range looks[max(0, len(looks)-most):] {
		all = append(all, one.res.c.ID)
	}
	text := strings.Join(all, ", ")
	if n := len(looks) - most; n > 0 {
		text = fmt.Sprintf("%d others, %s", n, text)
	}
	return text
}

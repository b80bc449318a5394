package conformance

import (
	"context"
	"slices"
	"strconv"
	"time"

	"github.com/putget-protocol/putget/conformance/cases"
	"github.com/putget-protocol/putget/conformance/report"
)

// Looks at clients go on side by side, as each has a process of its own.
const (
	// workers is how many of them may be at work at once. One that waits does not count
	// any more after a while, so that clients that hang, or are to wait, hold up nobody.
	workers = 4
	// mostClients is how many processes there are at once, those that wait among them.
	mostClients = 32
	// spinners is how many clients that burn CPU time get a second look at once.
	spinners = 2
)

// Waits of a first look at a client: so many times what its processes took to start and to
// answer in the sanity case, but not less than the least.
const (
	startingFactor      = 5
	leastClientPatience = 600 * time.Millisecond
	leastStarting       = 2 * time.Second
)

// judgeClients judges every selected case of a client: the sanity case first, and each of
// the others when those that it needs have their verdicts.
func (r *Runner) judgeClients(ctx context.Context) {
	rest := r.order
	for len(rest) > 0 && ctx.Err() == nil && !r.stopped {
		var wave, later []cases.Case
		for _, c := range rest {
			if len(wave) > 0 && (rank(wave[0]) == rankSanity || r.needsAny(c, rest)) {
				later = append(later, c)
			} else {
				wave = append(wave, c)
			}
		}
		r.judgeWave(ctx, wave)
		rest = later
	}
}

// needsAny reports whether a case needs one of those that wait.
func (r *Runner) needsAny(c cases.Case, waiting []cases.Case) bool {
	return slices.ContainsFunc(waiting, func(other cases.Case) bool { return slices.Contains(c.Needs, other.ID) })
}

// judgeWave judges cases of which none needs another.
func (r *Runner) judgeWave(ctx context.Context, wave []cases.Case) {
	var running, suspects []*result
	for _, c := range wave {
		res := &result{c: c}
		if r.block(res) {
			r.finish(ctx, res)
		} else {
			running = append(running, res)
		}
	}
	patience := r.patience
	if rank(wave[0]) == rankSanity {
		patience = r.timeout // nothing is known of the client yet
	}
	r.lookBeside(ctx, running, patience, workers, func(res *result) {
		switch {
		case res.verdict != "":
			r.finish(ctx, res)
		case r.cfg.FailFast:
			r.secondLook(ctx, res)
			r.finish(ctx, res)
		default:
			suspects = append(suspects, res)
		}
	})
	r.judgeSuspects(ctx, suspects)
}

// lookAgain takes second looks at clients. Those that do nothing may do so side by side
// and do not disturb each other; those that burn CPU time would.
func (r *Runner) lookAgain(ctx context.Context, suspects []*result) {
	var idle, busy []*result
	for _, res := range suspects {
		if res.out.Has(cases.Spins) {
			busy = append(busy, res)
		} else {
			idle = append(idle, res)
		}
	}
	r.lookBeside(ctx, idle, r.timeout, mostClients, func(*result) {})
	r.lookBeside(ctx, busy, r.timeout, spinners, func(*result) {})
}

// waiting is how long a look goes on until it is taken to wait for something: longer than
// looks take that do not, or than its patience for one answer. A busy machine makes all of
// them slow, and then more of them at once would make it worse.
func (r *Runner) waiting(patience time.Duration) time.Duration {
	const factor, least = 4, 100 * time.Millisecond
	return min(max(factor*r.pace, least), patience)
}

// paced takes in how long a look took that did not wait.
func (r *Runner) paced(out cases.Outcome) {
	const weight = 4
	if !out.Timing {
		r.pace += (out.Duration - r.pace) / weight
	}
}

// A clientNews says that a look at a client is over, or has gone on for so long that it is
// taken to wait.
type clientNews struct {
	res  *result
	out  cases.Outcome
	over bool
}

// lookBeside takes looks at clients side by side, so many at work at once, and hands each
// result to done. A run that stops at the first failure takes them one after the other.
func (r *Runner) lookBeside(ctx context.Context, results []*result, patience time.Duration, width int, done func(*result)) {
	most := max(width, mostClients)
	if r.cfg.FailFast {
		width, most = 1, 1
	}
	news := make(chan clientNews, 2*len(results)) // so that nobody has to wait for the reader
	working := make(map[*result]bool)
	running := 0
	for {
		for len(results) > 0 && len(working) < width && running < most && ctx.Err() == nil && !r.stopped {
			working[results[0]] = true
			running++
			r.lookAtClient(ctx, results[0], patience, news)
			results = results[1:]
		}
		if running == 0 {
			return
		}
		one := <-news
		delete(working, one.res)
		if one.over {
			running--
			one.res.out = one.out
			r.paced(one.out)
			r.conclude(one.res, patience, false)
			done(one.res)
		}
	}
}

// lookAtClient begins a look. An adapter that did not run is given a second chance at
// once: the machine may have had no room for it.
func (r *Runner) lookAtClient(ctx context.Context, res *result, patience time.Duration, news chan<- clientNews) {
	look := r.clientLook(patience)
	waits := time.AfterFunc(r.waiting(patience), func() { news <- clientNews{res: res} })
	go func() {
		r.begun(res.c)
		out := res.c.Look(ctx, look)
		if out.NotRun != "" && ctx.Err() == nil {
			out = res.c.Look(ctx, look)
		}
		waits.Stop()
		news <- clientNews{res, out, true}
	}()
}

// lookAlone takes one look at a client, and nothing beside it.
func (r *Runner) lookAlone(ctx context.Context, res *result, patience time.Duration) {
	r.lookBeside(ctx, []*result{res}, patience, 1, func(*result) {})
	if res.looks == 0 {
		res.verdict, res.reason = report.Blocked, "the run was interrupted"
	}
}

// calibrateClient chooses the waits of first looks by what the sanity case has seen.
func (r *Runner) calibrateClient() {
	_, answer := r.clients().times()
	r.calibrate([]time.Duration{answer})
	r.patience = max(r.patience, min(r.slowly(leastClientPatience), r.timeout))
}

// clientLook says how a case looks at a client.
func (r *Runner) clientLook(patience time.Duration) cases.Look {
	return cases.Look{
		KeyPrefix: r.prefix + "." + strconv.FormatUint(r.looks.Add(1), 36),
		Level:     r.cfg.Level,
		Patience:  patience,
		Quiet:     r.quiet,
		Longest:   r.slowly(longestLook) + 2*r.timeout,
		Seed:      r.cfg.Seed,
		Budget:    r.cfg.Budget,
		Start:     r.clients().start,
		Starting:  max(patience, r.slowly(max(startingFactor*r.starting(), leastStarting))),
	}
}

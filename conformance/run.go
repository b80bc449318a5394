package conformance

import (
	"context"
	"fmt"
	"slices"

	"github.com/putget-protocol/putget/conformance/cases"
	"github.com/putget-protocol/putget/conformance/report"
)

// Run judges a target, which is a server or a client. The report says whether it conforms; the error says why
// there is none, or why it is not whole: a [ConfigError], ErrNothingRan, a
// target.UnreachableError, a target.StartError or, for a client, a target.NotRunError, a
// target.BadAnswerError or an [AdapterError] (no report), or the cause of ctx (a
// report of what was seen until then). A target that does not conform is no error.
//
// Run may be called concurrently. It writes no files, prints nothing, and leaves no
// process behind.
func Run(ctx context.Context, cfg Config) (*report.Report, error) {
	r, err := NewRunner(cfg)
	if err != nil {
		return nil, err
	}
	defer r.Close()
	if err := r.Start(ctx); err != nil {
		return nil, err
	}
	r.judgeAll(ctx)
	if err := r.notRun(); err != nil {
		return nil, err
	}
	rep := r.Finish()
	if ctx.Err() != nil {
		rep.Interrupted, rep.Conformant, rep.Accepted = true, false, false
		return rep, fmt.Errorf("conformance: interrupted: %w", context.Cause(ctx))
	}
	return rep, nil
}

// judgeAll judges every selected case. What needs a second look gets it at the end of
// its phase.
func (r *Runner) judgeAll(ctx context.Context) {
	if r.clients() != nil {
		r.judgeClients(ctx)
		return
	}
	var suspects []*result
	judged := func(res *result) {
		if res.verdict == "" && !r.isEager(res.c) {
			suspects = append(suspects, res)
			return
		}
		if res.verdict == "" {
			r.secondLook(ctx, res)
		}
		r.finish(ctx, res)
	}
	r.lookAtEmptyStore(ctx)
	rest := r.order
	for len(rest) > 0 && ctx.Err() == nil && !r.stopped {
		batch, others := r.batch(rest)
		if len(suspects) > 0 && rank(batch[0]) != rank(suspects[0].c) {
			phase := suspects
			suspects = nil
			r.judgeSuspects(ctx, phase)
			continue
		}
		rest = others
		r.firstLooks(ctx, batch, judged)
	}
	r.judgeSuspects(ctx, suspects)
}

// lookAtEmptyStore looks at the one case that shows something of a store in which nothing
// is yet, as that of a target which was just started. Only what it finds wrong then is
// kept, for the turn of the case.
func (r *Runner) lookAtEmptyStore(ctx context.Context) {
	i := slices.IndexFunc(r.order, func(c cases.Case) bool { return c.ID == cases.EmptyStore })
	if i < 0 || r.cfg.Addr != "" {
		return
	}
	res := &result{c: r.order[i]}
	if r.look(ctx, res, r.patience); res.verdict != "" && !passed(res.verdict) {
		r.kept = res
	}
}

// isEager reports whether a second look cannot wait.
func (r *Runner) isEager(c cases.Case) bool {
	return r.cfg.FailFast || slices.ContainsFunc(r.order, func(other cases.Case) bool { return slices.Contains(other.Needs, c.ID) })
}

// finish settles a result and tells the world, unless the run was interrupted
// meanwhile: then the result proves nothing.
func (r *Runner) finish(ctx context.Context, res *result) {
	if ctx.Err() != nil || res.out.Interrupted {
		return
	}
	r.settle(res)
	r.progress(r.reportCase(res))
}

// judgeSuspects takes second looks. Where several suspects show the same failure, one
// of them stands for all, so that a target which answers nothing to many things costs
// one wait, not many.
func (r *Runner) judgeSuspects(ctx context.Context, suspects []*result) {
	if r.isSilent(ctx, suspects) {
		r.blameSilence(ctx, suspects)
		return
	}
	for len(suspects) > 0 && ctx.Err() == nil {
		chosen, others := r.choose(suspects)
		r.secondLooks(ctx, chosen)
		for _, res := range chosen {
			r.finish(ctx, res)
		}
		suspects = others
	}
}

// choose separates the suspects that need a look from those that the looks at the
// former may spare. When nothing is left to look at, the spared get their verdict.
func (r *Runner) choose(suspects []*result) (chosen, others []*result) {
	taken := make(map[symptomKey]bool)
	for _, res := range suspects {
		fresh := res.verdict != "" // it was settled meanwhile
		for _, f := range res.out.Failures {
			key := failureKey(f)
			fresh = fresh || !r.shown[key] && !taken[key]
			taken[key] = true
		}
		if fresh {
			chosen = append(chosen, res)
		} else {
			others = append(others, res)
		}
	}
	if len(chosen) > 0 {
		return chosen, others
	}
	for _, res := range others {
		res.verdict, res.reason = r.verdictOf(res.out, res.c)
	}
	return others, nil
}

// secondLooks gives each suspect a verdict. Those that may hang do so side by side;
// whoever still has none then is looked at alone.
func (r *Runner) secondLooks(ctx context.Context, suspects []*result) {
	waiting := slices.DeleteFunc(slices.Clone(suspects), func(res *result) bool {
		return res.verdict != "" || r.block(res)
	})
	if r.clients() != nil {
		r.lookAgain(ctx, waiting)
		return
	}
	together := slices.DeleteFunc(slices.Clone(waiting), func(res *result) bool { return res.c.Alone || !res.out.Timing })
	if len(together) > 1 && r.width() > 1 {
		r.lookTogether(ctx, together, r.timeout, func(*result) {})
	}
	for _, res := range waiting {
		if res.verdict == "" && ctx.Err() == nil && !r.block(res) {
			r.secondLook(ctx, res)
		}
	}
}

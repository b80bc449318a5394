package conformance

import (
	"context"
	"slices"

	"github.com/putget-protocol/putget/conformance/cases"
	"github.com/putget-protocol/putget/conformance/oracle"
)

// manySilent is of how many suspects a target has left requests without an answer when
// it is asked whether it answers anything any more.
const manySilent = 5

// isSilent reports whether a target that passed the sanity case answers nothing any
// more, though nobody else asks and there is all the patience: then second looks at many
// suspects would each wait in vain.
func (r *Runner) isSilent(ctx context.Context, suspects []*result) bool {
	silent := 0
	for _, res := range suspects {
		if res.verdict == "" && unanswered(res.out) {
			silent++
		}
	}
	if silent < manySilent || r.dead != "" {
		return false
	}
	at := slices.IndexFunc(r.all, func(c cases.Case) bool { return c.ID == cases.SanityFirst })
	out := r.lookAt(ctx, r.all[at], r.timeout)
	return ctx.Err() == nil && unanswered(out)
}

// unanswered reports whether nothing came where a reply was due, or a connection.
func unanswered(out cases.Outcome) bool {
	return out.Timing && slices.ContainsFunc(out.Failures, func(f cases.Failure) bool {
		return cases.Class(f.Symptom) == oracle.AspectNoReply
	})
}

// blameSilence has the first suspect stand for all: what it shows is the finding, and
// nothing else can run.
func (r *Runner) blameSilence(ctx context.Context, suspects []*result) {
	at := slices.IndexFunc(suspects, func(res *result) bool { return res.verdict == "" && unanswered(res.out) })
	first := suspects[at]
	if !r.block(first) {
		r.secondLook(ctx, first)
	}
	r.dead = "the target answers nothing any more, not even the requests of the sanity case; that was seen first in " + first.c.ID
	for _, res := range suspects {
		if res.verdict == "" {
			r.block(res)
		}
		r.finish(ctx, res)
	}
}

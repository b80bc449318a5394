package conformance

import (
	"context"
	"errors"
	"fmt"
	"net"
	"slices"
	"strings"
	"time"

	"github.com/putget-protocol/putget/conformance/cases"
	"github.com/putget-protocol/putget/conformance/oracle"
	"github.com/putget-protocol/putget/conformance/peer"
	"github.com/putget-protocol/putget/conformance/report"
	"github.com/putget-protocol/putget/conformance/target"
)

// block gives the verdict blocked to a case that cannot run, and reports whether it
// did.
func (r *Runner) block(res *result) bool {
	why := r.dead
	for _, id := range res.c.Needs {
		if need, judged := r.results[id]; judged && !passed(need.verdict) {
			why = "it needs " + id + ", which did not pass"
		}
	}
	if why == "" || isSanity(res.c) {
		return false
	}
	res.verdict, res.reason = report.Blocked, why
	return true
}

func passed(v report.Verdict) bool { return v == report.Pass || v == report.Warn }

// verdictOf says what an outcome means.
func (r *Runner) verdictOf(out cases.Outcome, c cases.Case) (report.Verdict, string) {
	switch {
	case out.Interrupted:
		return report.Blocked, "the run was interrupted"
	case out.Err != nil:
		return report.Error, out.Err.Error()
	case out.NotRun != "":
		return report.Error, out.NotRun
	case c.Observes:
		return report.Observed, ""
	case len(out.Failures) > 0:
		return r.worst(out.Failures), ""
	case out.Unsupported != "":
		return report.Unsupported, out.Unsupported
	case out.Unsettled != "":
		return report.Unsupported, "not settled: " + out.Unsettled
	default:
		return report.Pass, ""
	}
}

// worst is warn when every failure is the breach of a SHOULD, else fail.
func (r *Runner) worst(failures []cases.Failure) report.Verdict {
	for _, f := range failures {
		if r.severity(f) != report.Warn {
			return report.Fail
		}
	}
	return report.Warn
}

// dyingTime is how long a command may take from refusing connections to its end.
const dyingTime = 2 * time.Second

// asked reports whether anything was sent.
func asked(out cases.Outcome) bool {
	return slices.ContainsFunc(out.Events, func(e peer.Event) bool { return e.Kind == peer.Sent })
}

// crash makes the death of the target the failure of a look.
func (res *result) crash(how string) {
	res.out.Failures = append([]cases.Failure{cases.Crash(res.out, how)}, res.out.WithoutEnds()...)
	res.verdict, res.reason = report.Crashed, how
}

// isDead reports whether the target is gone. It asks only when something looks like
// that.
func (r *Runner) isDead(ctx context.Context, out cases.Outcome) bool {
	if !r.target.Alive() {
		return true
	}
	if !suspicious(out) {
		return false
	}
	if r.hangsUp(ctx) {
		r.awaitDeath(ctx)
	}
	err := r.probe(ctx)
	return ctx.Err() == nil && (err != nil || !r.target.Alive())
}

// hangsUp reports whether the target ends a connection in which it was asked
// something. One that is about to die may still seem to accept connections.
func (r *Runner) hangsUp(ctx context.Context) bool {
	conn, err := (&net.Dialer{Timeout: r.timeout}).DialContext(ctx, "tcp", r.target.Addr())
	if err != nil {
		return true
	}
	defer conn.Close()
	defer context.AfterFunc(ctx, func() { conn.Close() })()
	conn.SetDeadline(time.Now().Add(r.patience)) // fails on a closed connection, as does what follows
	if _, err := fmt.Fprintf(conn, "get %s.alive\n", r.prefix); err != nil {
		return true
	}
	_, err = conn.Read(make([]byte, 1))
	e, isNet := errors.AsType[net.Error](err)
	return err != nil && !(isNet && e.Timeout())
}

// awaitDeath gives a target that seems to die the time to do so. Some end every
// connection and never die: for them there is a bound on all such waits together.
func (r *Runner) awaitDeath(ctx context.Context) {
	const each, most = 300 * time.Millisecond, 6 * time.Second
	if r.target.Died() == nil || time.Duration(r.awaited.Add(int64(each))) > most {
		return
	}
	timer := time.NewTimer(r.slowly(each))
	defer timer.Stop()
	select {
	case <-r.target.Died():
		r.awaited.Add(-int64(each))
	case <-timer.C:
	case <-ctx.Done():
	}
}

// probe makes a connection and closes it.
func (r *Runner) probe(ctx context.Context) error {
	wait, cancel := context.WithTimeout(ctx, r.timeout)
	defer cancel()
	return r.target.Probe(wait)
}

// suspicious reports whether something looks as if the target were gone: it did not
// answer, or ended a connection, rightly or not.
func suspicious(out cases.Outcome) bool {
	return out.Has(cases.NotServed) || out.Has(oracle.AspectNoReply) || out.Has(oracle.AspectTruncated) ||
		slices.ContainsFunc(out.Events, func(e peer.Event) bool { return e.Kind == peer.Closed || e.Kind == peer.Reset })
}

func (r *Runner) howItDied(ctx context.Context) string {
	if r.target.Died() == nil {
		return "it accepts no connections any more"
	}
	began := time.Now()
	defer func() { r.reviving += time.Since(began) }()
	timer := time.NewTimer(dyingTime)
	defer timer.Stop()
	select {
	case <-r.target.Died():
	case <-timer.C:
		return "it runs, but accepts no connections any more"
	case <-ctx.Done():
	}
	exit, _ := r.target.Exit()
	how := exit.String()
	const lines = 12
	if output := r.target.Output(); len(output) > 0 {
		how += "; its last output:\n  " + strings.Join(output[max(0, len(output)-lines):], "\n  ")
	}
	return how
}

// mostReviving bounds the time for restarts, against targets that die again and again
// and take their time.
const mostReviving = time.Minute

// revive starts the target again, or notes that this is the end.
func (r *Runner) revive(ctx context.Context, killer string) {
	if r.reviving > r.slowly(mostReviving) {
		r.dead = fmt.Sprintf("the target died in %s, after %d restarts before, which took %s", killer, r.restarts, r.reviving.Round(time.Second))
		return
	}
	began := time.Now()
	defer func() { r.reviving += time.Since(began) }()
	wait, cancel := context.WithTimeout(ctx, max(r.timeout, target.DefaultStartTimeout))
	defer cancel()
	err := r.target.Restart(wait)
	switch {
	case err == nil:
		r.restarts++
		r.early = "" // what it kept is gone with it, perhaps
		r.revived = time.Now()
	case errors.Is(err, target.ErrNotOurs):
		r.dead = "the target died in " + killer
	default:
		r.dead = "the target died in " + killer + " and could not be started again: " + err.Error()
	}
}

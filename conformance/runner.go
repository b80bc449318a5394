package conformance

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"github.com/putget-protocol/putget/conformance/cases"
	"github.com/putget-protocol/putget/conformance/peer"
	"github.com/putget-protocol/putget/conformance/report"
	"github.com/putget-protocol/putget/conformance/target"
	"github.com/putget-protocol/putget/spec"
)

// Waits of a first look, before Slow: so many times the target's latency, but not
// less than the least.
const (
	patienceFactor = 50
	leastPatience  = 300 * time.Millisecond
	quietFactor    = 10
	leastQuiet     = 40 * time.Millisecond
	mostQuiet      = time.Second
	// longestLook bounds a case against targets that never stop sending.
	longestLook = 60 * time.Second
)

// A Runner judges one target case by case. Its methods are for one goroutine.
type Runner struct {
	cfg    Config
	target target.Target
	all    []cases.Case // every case there is, in the order of the registry
	order  []cases.Case // the selected ones, in the order in which they run
	began  time.Time
	// sentences are the requirements of the specification by their ids.
	sentences map[string]spec.Requirement

	prefix       string      // of every key of this run
	servesNobody atomic.Bool // it closed every new connection for a while

	gate  peer.Gate     // through which every connection goes
	early string        // of the keys of the sanity case, "" when the target may have lost them
	looks atomic.Uint64 // so far, each with keys of its own

	latency, usual  time.Duration // of the sanity case: the longest, and the median
	patience, quiet time.Duration
	timeout         time.Duration
	oneSession      bool        // a second session was not served
	manySessions    bool        // 50 sessions were served at once
	hundreds        bool        // 200 sessions were served at once
	endless         atomic.Bool // a reply did not end, as far as it was waited for
	endlessForSure  atomic.Bool // also by the longest wait

	settling sync.RWMutex        // guards results against the looks under way
	results  map[string]*result  // by case
	kept     *result             // what was seen before the first case, and waits for its turn
	shown    map[symptomKey]bool // failures that a last look has shown
	recents  []recent            // the last looks, the oldest first
	revived  time.Time           // when the target was started again
	deaths   []string            // how it died where nobody is to blame
	searched time.Duration       // spent on searches for who has killed it
	// killsWhenWrong says that a wrong request was seen to kill a target twice.
	killsWhenWrong bool
	dead           string // why nothing can run any more, or ""
	first          string // the address of the first start
	restarts       int
	reviving       time.Duration // spent on restarts
	pace           time.Duration // how long looks at a client take of late, see waiting
	awaited        atomic.Int64  // nanoseconds spent on waits for a death that did not come
	notes          []string
	stopped        bool // FailFast
}

// A result is what became of a case.
type result struct {
	c       cases.Case
	out     cases.Outcome
	verdict report.Verdict
	reason  string
	looks   int
}

// NewRunner returns a runner that has not touched its target yet. The error is a
// [ConfigError], ErrNothingRan, or that of damaged vectors.
func NewRunner(cfg Config) (*Runner, error) {
	cfg, err := cfg.filled()
	if err != nil {
		return nil, err
	}
	all, err := cfg.registry()
	if err != nil {
		return nil, err
	}
	if err := checkKnown(cfg.KnownFailing, all); err != nil {
		return nil, err
	}
	r := &Runner{cfg: cfg, all: all, results: make(map[string]*result), shown: make(map[symptomKey]bool), sentences: make(map[string]spec.Requirement), began: time.Now()}
	for _, q := range spec.Requirements() {
		r.sentences[q.ID] = q
	}
	if r.order = inOrder(all, cfg); len(r.order) == 0 {
		return nil, fmt.Errorf("%w: %s", ErrNothingRan, cmp.Or(strings.Join(cfg.idle(all), "; "), "Skip leaves out all that Run selects"))
	}
	r.notes = cfg.idle(all)
	if r.target, err = cfg.target(); err != nil {
		return nil, err
	}
	r.prefix = "pg" + strconv.FormatUint(randomUint64()%(1<<32), 36)
	r.timeout = r.slowly(cfg.Timeout)
	r.calibrate(nil)
	return r, nil
}

// Cases returns the selected cases in the order in which they should be judged. The
// first is always the sanity case.
func (r *Runner) Cases() []cases.Case { return slices.Clone(r.order) }

// Start makes the target ready. The error is a target.UnreachableError, a
// target.StartError, or the cause of ctx; the runner cannot be used after it.
func (r *Runner) Start(ctx context.Context) error {
	wait, cancel := context.WithTimeout(ctx, max(r.timeout, target.DefaultStartTimeout))
	defer cancel()
	if err := r.target.Start(wait); err != nil {
		return fmt.Errorf("conformance: %w", err)
	}
	r.first = r.target.Addr()
	return nil
}

// Close ends a target that the runner started.
func (r *Runner) Close() { r.target.Close() }

// Judge runs one case and returns it with its verdict; a case that was judged before
// keeps it. Before the case come those that it cannot run without, the sanity case
// above all. Failures that follow from those of other cases are recognised, in
// Finish, when those were judged, in whatever order.
func (r *Runner) Judge(ctx context.Context, c cases.Case) report.Case {
	if res, judged := r.results[c.ID]; judged {
		return r.reportCase(res)
	}
	for _, before := range r.order {
		if before.ID == c.ID {
			break
		}
		// How many sessions there may be decides how every case goes about its work.
		basis := isSanity(before) || before.ID == cases.TwoSessions
		if basis || slices.Contains(c.Needs, before.ID) {
			r.Judge(ctx, before)
		}
	}
	res := r.firstLook(ctx, c)
	if res.verdict == "" {
		r.choose([]*result{res}) // gives a verdict when this failure was shown before
	}
	if res.verdict == "" {
		r.secondLook(ctx, res)
	}
	r.settle(res)
	return r.reportCase(res)
}

// firstLook runs a case, unless it is blocked. The verdict stays empty when a
// second look must decide.
func (r *Runner) firstLook(ctx context.Context, c cases.Case) *result {
	res := &result{c: c}
	if r.block(res) {
		return res
	}
	if r.kept != nil && r.kept.c.ID == c.ID {
		return r.kept
	}
	patience := r.patience
	if rank(c) == rankSanity {
		patience = r.timeout // nothing is known of the target yet, or everything hangs on it
	}
	r.look(ctx, res, patience)
	return res
}

// secondLook runs a case again, alone, with all the patience there is.
func (r *Runner) secondLook(ctx context.Context, res *result) {
	if res.out.Crowded {
		r.pause(ctx, crowdTime)
	}
	r.look(ctx, res, r.timeout)
}

// crowdTime is how long a target may need to see that connections have ended.
const crowdTime = time.Second

// pause lets time pass, unless the run is interrupted.
func (r *Runner) pause(ctx context.Context, d time.Duration) {
	timer := time.NewTimer(r.slowly(d))
	defer timer.Stop()
	select {
	case <-timer.C:
	case <-ctx.Done():
	}
}

// look runs a case once, sees whether the target survived it, and gives a verdict if
// one can be given.
func (r *Runner) look(ctx context.Context, res *result, patience time.Duration) {
	if r.clients() != nil {
		r.lookAlone(ctx, res, patience)
		return
	}
	r.begun(res.c)
	began := time.Now()
	res.out = r.lookAt(ctx, res.c, patience)
	if ctx.Err() == nil {
		r.checkAlive(ctx, res, patience)
	}
	r.remember(res, began)
	r.conclude(res, patience, false)
}

// conclude gives a verdict on a look, unless a target that is merely slow, or what
// ran beside it, could have been the cause of a failure, and another look can tell.
func (r *Runner) conclude(res *result, patience time.Duration, beside bool) {
	res.looks++
	if res.out.Has(cases.NotServed) {
		r.servesNobody.Store(true)
	}
	last := patience >= r.timeout
	unsure := res.out.Timing && !last || res.out.Crowded && res.looks == 1 || beside && endsEarly(res.out)
	if res.verdict == "" && (!unsure || res.c.Observes) {
		res.verdict, res.reason = r.verdictOf(res.out, res.c)
	}
	if last && res.verdict != "" {
		for _, f := range res.out.Failures {
			r.shown[failureKey(f)] = true
		}
	}
}

// A symptomKey is what makes two failures one to second looks.
type symptomKey struct {
	requirement string
	class       cases.Symptom
}

func failureKey(f cases.Failure) symptomKey {
	return symptomKey{f.Requirement, cases.Class(f.Symptom)}
}

// lookAt runs a case once, and keeps in mind when a reply did not end. It may be
// called concurrently.
func (r *Runner) lookAt(ctx context.Context, c cases.Case, patience time.Duration) cases.Outcome {
	out := c.Look(ctx, r.lookConfig(patience))
	if out.Endless {
		r.endless.Store(true)
		if !out.Timing || patience >= r.timeout {
			r.endlessForSure.Store(true)
		}
	}
	return out
}

func (r *Runner) lookConfig(patience time.Duration) cases.Look {
	return cases.Look{
		Addr:       r.target.Addr(),
		KeyPrefix:  r.prefix + "." + strconv.FormatUint(r.looks.Add(1), 36),
		Level:      r.cfg.Level,
		Patience:   patience,
		Quiet:      r.quiet,
		OneSession: r.oneSession,
		Longest:    r.slowly(longestLook) + 2*r.timeout,
		Endless:    r.endlessForSure.Load() || r.endless.Load() && patience < r.timeout,
		Width:      r.inCase(),
		Passed:     r.hasPassed,
		Early:      r.early,
		Gate:       &r.gate,

		ServesNobody: r.servesNobody.Load(),
		Seed:         r.cfg.Seed,
		Budget:       r.cfg.Budget,
	}
}

// hasPassed reports whether a case passed, or was not judged yet.
func (r *Runner) hasPassed(caseID string) bool {
	r.settling.RLock()
	defer r.settling.RUnlock()
	res, judged := r.results[caseID]
	return !judged || passed(res.verdict)
}

// settle keeps a result and draws the consequences.
func (r *Runner) settle(res *result) {
	r.survived(res)
	r.settling.Lock()
	r.results[res.c.ID] = res
	r.settling.Unlock()
	failed := !passed(res.verdict)
	switch {
	case res.c.ID == cases.ClientSanity && !failed:
		r.calibrateClient()
	case res.c.ID == cases.SanityFirst && !failed:
		r.early = res.out.KeyPrefix
		r.calibrate(latencies(res.out.Events))
	case isSanity(res.c) && r.dead == "":
		r.dead = "the sanity case did not pass"
	case res.c.ID == cases.TwoSessions && failed:
		r.oneSession = true
	case res.c.ID == cases.ManySessions:
		r.manySessions = !failed
	case res.c.ID == cases.HundredsOfSessions:
		r.hundreds = !failed
	}
	bad := res.verdict == report.Fail || res.verdict == report.Crashed
	r.stopped = r.stopped || bad && r.cfg.FailFast
}

// calibrate chooses the waits of first looks.
func (r *Runner) calibrate(latencies []time.Duration) {
	slices.Sort(latencies)
	if n := len(latencies); n > 0 {
		r.latency, r.usual = latencies[n-1], latencies[n/2]
	}
	r.patience = min(r.slowly(max(patienceFactor*r.latency, leastPatience)), r.timeout)
	// What is waited for in vain again and again follows what is usual. Who waits for an
	// answer no longer than that need not wait longer for nothing.
	r.quiet = min(r.slowly(min(max(quietFactor*r.usual, leastQuiet), mostQuiet)), r.timeout)
}

func (r *Runner) slowly(d time.Duration) time.Duration {
	return time.Duration(float64(d) * r.cfg.Slow)
}

// latencies returns the times between something sent and what came next.
func latencies(events []peer.Event) []time.Duration {
	var all []time.Duration
	var sent time.Duration
	waiting := false
	for _, e := range events {
		switch {
		case e.Kind == peer.Sent && !waiting:
			sent, waiting = e.At, true
		case e.Kind == peer.Received && waiting:
			all = append(all, e.At-sent)
			waiting = false
		}
	}
	return all
}

func (r *Runner) begun(c cases.Case) {
	if r.cfg.Begun != nil {
		r.cfg.Begun(c.ID)
	}
}

func (r *Runner) progress(c report.Case) {
	if r.cfg.Progress != nil {
		r.cfg.Progress(c)
	}
}

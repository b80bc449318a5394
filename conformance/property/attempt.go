package property

import (
	"context"
	"slices"
	"time"

	"pgregory.net/rapid"

	"github.com/putget-protocol/putget/conformance/peer"
)

// again is how often a sequence that failed is played to see it fail as before. A
// fault that comes and goes is still worth a short transcript.
const again = 3

// An attempt is one seed: its sequence, and when that fails the shorter ones that
// rapid thinks of. rapid calls prop with the sequence, then with the same one to see
// whether it fails again, and then with others, each of which it repeats at once when
// it fails.
type attempt struct {
	ctx    context.Context // of the check that the attempt is a part of
	player *player
	drawer drawer
	revive func(context.Context) (string, error)

	noGetAll bool          // do not play a sequence with requests for everything
	budget   time.Duration // of the first play
	shrink   time.Duration // how long to shrink; none when it is not above zero

	calls   int
	until   time.Time // the end of shrinking
	tries   int       // plays of each shorter sequence before it is held to be right
	known   memory
	shrinks int // plays after the first

	first     *play         // the first; nil when there was none
	searched  time.Duration // taken by the generation of the first, and by itself
	best      *play         // the shortest that failed in the way of the first; nil: none failed
	confirmed bool          // best failed once more at the end
	reason    peer.Reason   // of the latest play
	dead      bool          // the target could not be revived
	err       error         // trouble of our own, or ctx's
}

// run does all of it. It returns what rapid says of a failure, or "".
func (a *attempt) run(seed uint64) (report string, err error) {
	report, err = generate(a.ctx, seed, max(a.shrink, 0), a.prop)
	if a.best != nil {
		if a.known != nil {
			a.prune()
		}
		a.confirmed = a.confirm()
	}
	if a.best != nil && !a.confirmed && a.best.reason == peer.ReasonTimeout {
		// It was no more than slow. Was the first one too?
		a.best = a.first
		a.confirmed = a.confirm()
	}
	switch {
	case err != nil:
		return report, err
	case a.err != nil:
		return report, a.err
	case a.ctx.Err() != nil:
		return report, context.Cause(a.ctx)
	default:
		return report, nil
	}
}

// prop is the property for rapid. It fails in one place only, because rapid tells
// failures apart by their stack.
func (a *attempt) prop(t *rapid.T) {
	began := time.Now()
	seq := a.drawer.draw(t)
	a.calls++
	p := a.look(seq)
	if a.calls == 1 {
		a.searched = time.Since(began)
	}
	if p != nil && p.failed() {
		t.Fatalf("%s", p.text())
	}
}

// look returns what becomes of a sequence, or nil where that is not known.
func (a *attempt) look(seq sequence) *play {
	switch a.calls {
	case 1:
		return a.find(seq)
	case 2:
		return a.repeat(seq.steps)
	default:
		return a.shorten(seq.steps)
	}
}

func (a *attempt) find(seq sequence) *play {
	if a.noGetAll && seq.all {
		return nil
	}
	a.first = a.play(seq.steps, time.Now().Add(a.budget))
	if a.first.failed() {
		a.best = a.first
	}
	return a.first
}

// repeat plays the sequence again until it fails as it did before.
func (a *attempt) repeat(steps []step) *play {
	a.until = time.Now().Add(a.shrink * 2 / 3) // the rest is for prune
	a.known = make(memory)
	a.tries = 1
	a.player.hurry()
	for range again {
		p := a.replay(steps, a.until)
		if p == nil {
			break
		}
		if p.failed() && p.text() == a.first.text() {
			a.best = p
			a.known.add(p, p)
			return p
		}
		a.tries = again
	}
	return nil
}

// shorten looks at a sequence that rapid hopes to be a shorter failing one. Many were
// played before in another guise, as rapid also changes bits that change nothing, or
// steps behind the one that fails. One that fails later than the shortest so far is of
// no use, so it is not played on. A failure of another kind is taken for none, so that
// the fault that was found stays the one that is shown.
func (a *attempt) shorten(steps []step) *play {
	steps = steps[:min(len(steps), len(a.best.done))]
	if p, ok := a.known.find(steps); ok {
		if p != nil {
			a.best = p // rapid goes on from here
		}
		return p
	}
	for range a.tries {
		p := a.replay(steps, a.until)
		if p == nil {
			return nil
		}
		if p.failed() && p.symptom() == a.first.symptom() {
			a.best = p
			a.known.add(p, p)
			return p
		}
		if !p.cut {
			a.known.add(p, nil)
		}
	}
	return nil
}

// prune leaves out each single step of the shortest sequence that can go. rapid has
// done so when it came to its end; on a slow target it has not, since it also looks for
// plainer keys and numbers.
func (a *attempt) prune() {
	a.until = a.until.Add(a.shrink / 3)
	for i := len(a.best.done) - 2; i >= 0; i-- {
		steps := a.best.steps()
		if p := a.shorten(slices.Delete(steps, i, i+1)); p != nil && p.failed() {
			i = len(p.done) - 1 // what was needed before may now go
		}
	}
}

// confirm plays the shortest failing sequence once more, with all patience, and reports
// whether it failed again; best is that play then. The limit bounds a target that has
// become slower.
func (a *attempt) confirm() bool {
	a.player.patience = a.player.target.Patience
	limit := 2*a.best.took + a.player.target.Patience
	for range max(a.tries, 1) {
		p := a.replay(a.best.steps(), time.Now().Add(limit))
		if p == nil {
			return false
		}
		if p.failed() && p.symptom() == a.first.symptom() {
			a.best = p
			return true
		}
	}
	return false
}

// replay is play for a target that a failure may have ended. It returns nil when the
// deadline has passed, or when there is nothing to play against any more.
func (a *attempt) replay(steps []step, deadline time.Time) *play {
	if a.reason != "" && a.revive != nil && !a.dead {
		addr, err := a.revive(a.ctx)
		if err != nil {
			a.dead = true
		} else {
			a.player.target.Addr = addr
		}
	}
	if a.err != nil || a.dead || time.Now().After(deadline) {
		return nil
	}
	a.shrinks++
	return a.play(steps, deadline)
}

func (a *attempt) play(steps []step, deadline time.Time) *play {
	p := a.player.play(a.ctx, steps, deadline)
	a.reason, a.err = p.reason, p.err
	return p
}

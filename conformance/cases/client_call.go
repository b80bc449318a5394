package cases

import (
	"context"
	"time"

	"github.com/putget-protocol/putget/conformance/adapter"
)

// A script is what the scripted server does when the request of a call has come.
type script struct {
	// parts are sent in writes of their own, each once the client has taken the one
	// before. None is silence.
	parts []string
	// held holds each part back for a little, so that an answer that comes without it is
	// seen. It never makes a right client wrong: it waits for it.
	held bool
	// after is how long to wait before the first part.
	after time.Duration
	// end is what becomes of the connection behind the parts.
	end ending
	// takes is how long the client may rightly take to its answer, beyond Patience.
	takes time.Duration
	// works is how much CPU time the client may rightly use. While it uses some and has not
	// used that, it is waited for: on a busy machine its answer says nothing of the time.
	works time.Duration
	// unasked says that the call is to send nothing: its request is refused.
	unasked bool
}

// An ending is what the server does with a connection behind its reply.
type ending int

const (
	staysOpen ending = iota
	closes
	resets
)

// whole is the script that sends a reply in one write.
func whole(reply string) script { return script{parts: []string{reply}} }

// cut is the script that sends some bytes in one write and closes.
func cut(reply string) script { return script{parts: []string{reply}, end: closes} }

// An exchange is one call and what came of it.
type exchange struct {
	op   string
	args []any
	// before and after are the judge's clock around the call.
	before, after time.Time

	answer   adapter.Answer
	answered bool // else the call had no answer
	spins    bool // and meanwhile burned CPU time
	waited   time.Duration

	lane    *lane    // over which the request came, nil for none
	request []byte   // the first line, with its LF, or what came without LF when there is no answer
	more    [][]byte // lines behind it
	sent    []byte   // what the server sent
	early   bool     // the answer came before the reply was sent in full
}

func (x *exchange) line() string { return callLine(x.op, x.args) }

func (x *exchange) answerLine() string {
	if !x.answered {
		return ""
	}
	return shown(x.answer.String())
}

// is reports whether an answer of a kind came.
func (x *exchange) is(kind adapter.Kind) bool { return x.answered && x.answer.Kind == kind }

// A response is what the caller returned.
type response struct {
	answer adapter.Answer
	err    error
	at     time.Time
}

// call makes one call, plays the script to its first request, and returns what came of
// it, nil when the drive is over. A call without an answer ends the drive.
func (d *Drive) call(ctx context.Context, op string, args []any, s script) *exchange {
	if d.over {
		return nil
	}
	x := &exchange{op: op, args: args}
	d.rec.Called(clientLane, x.line())
	inner, cancel := context.WithCancel(ctx)
	defer cancel()
	responses := make(chan response, 1)
	x.before = time.Now()
	go func() {
		answer, err := d.caller.Call(inner, op, args...)
		responses <- response{answer, err, time.Now()}
	}()
	wait := d.patience() + s.takes
	timer := time.NewTimer(wait)
	defer timer.Stop()
	// What the process has used is asked for when half of the wait is over, as few calls
	// take that long and the question costs more than most of them.
	half := time.NewTimer(wait / 2)
	defer half.Stop()
	var cpu time.Duration
	for {
		select {
		case r := <-responses:
			return d.settle(ctx, x, r, s)
		case <-half.C:
			cpu, _ = d.caller.CPU()
		case a := <-d.server.arrivals:
			if !d.arrived(x, a) {
				continue
			}
			if r := d.play(ctx, x, s, responses); r != nil {
				return d.settle(ctx, x, *r, s)
			}
			if d.over {
				return nil
			}
			timer.Reset(wait)
			half.Reset(wait / 2)
		case <-timer.C:
			if used, _ := d.caller.CPU(); used-cpu >= atWork && used < s.works {
				cpu = used
				timer.Reset(wait)
				continue
			}
			return d.unanswered(ctx, x, cpu, responses)
		case <-ctx.Done():
			d.interrupted(ctx)
			return nil
		}
	}
}

// patience is how long the next answer may take. Nothing is known of the first one: a
// process has to start for it.
func (d *Drive) patience() time.Duration {
	if d.answers == 0 {
		return max(d.look.Patience, d.look.Starting)
	}
	return d.look.Patience
}

// arrived takes in what came over a lane and reports whether it is the first request
// of the call.
func (d *Drive) arrived(x *exchange, a arrival) bool {
	switch {
	case a.end:
		a.lane.ended = true
		return false
	case a.line == nil:
		d.connected++
		return false
	case x.request != nil:
		x.more = append(x.more, a.line)
		return false
	default:
		x.lane, x.request = a.lane, a.line
		return true
	}
}

// settle takes in the answer to a call. The request of a call that returned may still be
// under way to us, when the client did not wait for its reply.
func (d *Drive) settle(ctx context.Context, x *exchange, r response, s script) *exchange {
	if r.err != nil {
		d.troubled(ctx, r.err)
		return nil
	}
	x.answer, x.answered, x.after = r.answer, true, r.at
	d.answers++
	d.rec.Answered(clientLane, x.answerLine())
	if x.answer.Kind == adapter.Ended {
		d.over = true
		return x
	}
	if x.request != nil || x.op == "open" || s.unasked || x.answer.Kind != adapter.OK {
		return x
	}
	timer := time.NewTimer(d.look.Patience)
	defer timer.Stop()
	for x.request == nil {
		select {
		case a := <-d.server.arrivals:
			if d.arrived(x, a) {
				x.early = len(s.parts) > 0
				d.play(ctx, x, s, nil)
			}
		case <-timer.C:
			d.out.Timing = true
			return x
		case <-ctx.Done():
			d.interrupted(ctx)
			return nil
		}
	}
	return x
}

// A process that burns CPU time uses burned of it in a measurement; one that waits for
// something, also one that looks for it now and then, does not.
const (
	burned      = 30 * time.Millisecond
	measurement = 3 * time.Second // on a busy machine a process gets little of it
	// briefly is how long one is measured that has not used anything so far.
	briefly = 500 * time.Millisecond
	// atWork is the least that a process uses that goes on with its work, in the time for
	// which it is waited, however many others want the CPU.
	atWork = 10 * time.Millisecond
)

// unanswered ends the drive because a call had no answer, and finds out what the
// process is doing: whether it burned CPU time while it was waited for, of which it had
// used so much before, and still does. An answer that comes meanwhile counts.
func (d *Drive) unanswered(ctx context.Context, x *exchange, before time.Duration, responses <-chan response) *exchange {
	x.waited = time.Since(x.before)
	used, known := d.caller.CPU()
	long := briefly
	if used-before >= atWork {
		long = measurement
	}
	const pause = 50 * time.Millisecond
	for began := time.Now(); known && !x.spins && time.Since(began) < long; {
		select {
		case r := <-responses:
			return d.settle(ctx, x, r, script{unasked: true})
		case <-time.After(pause):
		case <-ctx.Done():
			d.interrupted(ctx)
			return nil
		}
		again, _ := d.caller.CPU()
		x.spins = again-used >= burned
		if again-used >= atWork {
			long = measurement
		}
	}
	d.over, d.out.Timing = true, true
	d.rec.Remark(clientLane, "no answer came in "+x.waited.Round(time.Millisecond).String())
	if x.request != nil {
		return x
	}
	d.server.mu.Lock()
	lanes := d.server.lanes
	d.server.mu.Unlock()
	for _, l := range lanes {
		if rest := d.server.loose(l); len(rest) > 0 {
			x.lane, x.request = l, rest
		}
	}
	return x
}

package cases

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/putget-protocol/putget/conformance/adapter"
	"github.com/putget-protocol/putget/conformance/peer"
	"github.com/putget-protocol/putget/spec"
)

// A Caller is a process that drives a client: the judge's end of the contract of
// package adapter. target.Caller is one.
type Caller interface {
	// Call makes one call and waits for its answer, or for the end of ctx. The error says
	// that there is no answer: the adapter did not run, it wrote something else, or ctx
	// has ended. An adapter that ended after it had answered before is an Answer of the
	// kind adapter.Ended.
	Call(ctx context.Context, op string, args ...any) (adapter.Answer, error)
	// Age is the time since the process started.
	Age() time.Duration
	// CPU is the time that the process has used so far, where that can be known.
	CPU() (used time.Duration, ok bool)
	// Output holds the last lines of its standard error.
	Output() []string
	// Close ends it.
	Close()
}

// A Drive is what a running case on clients holds: the process that drives the
// client, a scripted server, and the record of what is seen. After a failure that
// leaves the client out of step, the drive is over: everything later does nothing, so
// that a case need not ask after each step whether to go on.
//
// A call is made, its request is judged as it comes, the script of the call is played
// to it, and the answer is judged. Its methods are for one goroutine.
type Drive struct {
	look   Look
	c      Case
	rec    *peer.Recorder
	server *scripted
	caller Caller

	answers      int    // so far
	needsTimeout bool   // the constructor could not do without
	connected    int    // connections that were seen
	pieces       bool   // replies come in pieces, or are long
	how          string // in words, how the reply comes, "" when it is whole
	out          Outcome
	over         bool
}

// lookAtClient is Look for a case on clients.
func (c Case) lookAtClient(ctx context.Context, l Look) Outcome {
	began := time.Now()
	d := &Drive{look: l, c: c, rec: peer.NewRecorder()}
	d.run(ctx)
	d.out.Events = d.rec.Events()
	d.out.Duration = time.Since(began)
	return d.out
}

func (d *Drive) run(ctx context.Context) {
	inner, cancel := context.WithCancel(ctx)
	defer cancel()
	var err error
	if d.server, err = newScripted(inner, d.rec); err != nil {
		d.stop(err)
		return
	}
	defer d.server.release(cancel)
	if d.caller, err = d.look.Start(ctx); err != nil {
		if ctx.Err() != nil {
			d.interrupted(ctx)
			return
		}
		d.out.NotRun = err.Error()
		return
	}
	defer d.caller.Close()
	d.c.Drive(ctx, d)
}

// Level returns the level at which the client is judged.
func (d *Drive) Level() spec.Level {
	if d.look.Level == "" {
		return spec.Full
	}
	return d.look.Level
}

// Observe notes a fact.
func (d *Drive) Observe(name, value string) {
	d.out.Facts = append(d.out.Facts, Fact{name, value})
}

// Unsupported says that the case cannot be run here, and ends the drive.
func (d *Drive) Unsupported(why string) {
	if !d.over {
		d.out.Unsupported = why
	}
	d.over = true
}

// Over reports whether the drive has ended before its time.
func (d *Drive) Over() bool { return d.over }

// stop ends the drive because of trouble of our own.
func (d *Drive) stop(err error) {
	d.over = true
	if d.out.Err == nil {
		d.out.Err = fmt.Errorf("case %s: %w", d.c.ID, err)
	}
}

// interrupted ends the drive because its context has ended.
func (d *Drive) interrupted(ctx context.Context) {
	if errors.Is(ctx.Err(), context.DeadlineExceeded) {
		d.stop(fmt.Errorf("the look took longer than %s", d.look.Longest))
		return
	}
	d.over, d.out.Interrupted = true, true
}

// troubled ends the drive because a call had no answer for a reason that is not the
// client's.
func (d *Drive) troubled(ctx context.Context, err error) {
	if ctx.Err() != nil {
		d.interrupted(ctx)
		return
	}
	d.over, d.out.NotRun = true, err.Error()
}

// Fail records a failure, only the first of those with one requirement and symptom.
func (d *Drive) Fail(f Failure) {
	known := slices.ContainsFunc(d.out.Failures, func(known Failure) bool {
		return known.Requirement == f.Requirement && known.Symptom == f.Symptom
	})
	if !known {
		d.out.Failures = append(d.out.Failures, f)
	}
}

// fail records that a call went wrong in some way.
func (d *Drive) fail(requirement string, symptom Symptom, x *exchange, want, detail string) {
	if d.pieces && isAnswer(symptom) {
		symptom = Pieces
	}
	f := Failure{Requirement: requirement, Symptom: symptom, Want: want, Detail: detail}
	if x != nil {
		f.Call, f.Answer = x.line(), x.answerLine()
		f.Request, f.Reply = x.request, x.sent[:min(len(x.sent), mostShown)]
		f.Offset = len(f.Reply)
		f.Mode = d.how
		f.Conn = clientLane
		if x.lane != nil {
			f.Conn = x.lane.name
		}
	}
	d.Fail(f)
}

// isAnswer reports whether a symptom is that of an answer which is there and is wrong.
func isAnswer(symptom Symptom) bool {
	switch symptom {
	case BareError, ErrorRaised, ValueReturned, EarlyAnswer, ResultForm, ResultKeys, ResultSamples, ResultOrder, ResultValue, ResultTimestamp:
		return true
	default:
		return false
	}
}

// failed reports whether a failure was recorded.
func (d *Drive) failed() bool { return len(d.out.Failures) > 0 }

// mostShown bounds what is shown of one line of the adapter.
const mostShown = 2000

// shown returns a line of the adapter as a reader takes it in.
func shown(line string) string {
	if len(line) <= mostShown {
		return line
	}
	return fmt.Sprintf("%s... (%d bytes)", line[:mostShown], len(line))
}

// callLine returns a call as it goes to the adapter, without its LF.
func callLine(op string, args []any) string {
	line, err := adapter.AppendCall(nil, op, args...)
	if err != nil {
		return fmt.Sprintf("%s: %v", op, err) // the call will fail with the same
	}
	return shown(strings.TrimSuffix(string(line), "\n"))
}

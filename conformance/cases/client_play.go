package cases

import (
	"context"
	"errors"
	"time"

	"github.com/putget-protocol/putget/conformance/peer"
)

const (
	// heldTime is how long a held part waits for an answer that must not come yet.
	heldTime = 60 * time.Millisecond
	// glance is the time between two looks at what a client has taken.
	glance = 500 * time.Microsecond
)

// play plays a script to the request of a call. It returns the answer when one came
// before everything was sent, else nil. A client that leaves, or does not read, says
// the rest with its answer. Nil responses mean that the answer has come already.
func (d *Drive) play(ctx context.Context, x *exchange, s script, responses <-chan response) *response {
	if s.unasked {
		s = whole("error\nwrong command\n\n")
	}
	var answer *response
	if s.after > 0 {
		answer = await(ctx, responses, s.after)
	}
	for i, part := range s.parts {
		if answer == nil && i > 0 {
			answer = d.untilTaken(ctx, x.lane, responses)
		}
		if answer == nil && s.held {
			answer = await(ctx, responses, heldTime)
		}
		if d.over {
			return answer
		}
		if answer != nil {
			x.early = true
		}
		x.sent = append(x.sent, part...)
		if late := d.send(ctx, x, part, s, responses); late != nil {
			answer = late
		}
	}
	switch s.end {
	case closes:
		x.lane.ended = true
		x.lane.peer.Close()
	case resets:
		x.lane.ended = true
		x.lane.peer.Reset()
	}
	return answer
}

// await waits for an answer that must not come yet. It returns nil when none came.
func await(ctx context.Context, responses <-chan response, d time.Duration) *response {
	if responses == nil {
		return nil
	}
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case r := <-responses:
		return &r
	case <-timer.C:
	case <-ctx.Done():
	}
	return nil
}

// untilTaken waits until the client has read what was sent, or has answered, which it
// returns. One that reads nothing is sent the rest all the same. Where it cannot be
// seen what a client reads, the case cannot be run.
func (d *Drive) untilTaken(ctx context.Context, l *lane, responses <-chan response) *response {
	for began := time.Now(); time.Since(began) < d.look.Patience && ctx.Err() == nil; {
		if r := await(ctx, responses, glance); r != nil || responses == nil {
			return r
		}
		taken, err := l.peer.Taken()
		switch {
		case errors.Is(err, errors.ErrUnsupported):
			d.Unsupported("whether a client has read the first part of a reply can be seen on Linux alone")
			return nil
		case err != nil:
			d.stop(err)
			return nil
		case taken:
			return nil
		}
	}
	return nil
}

// send sends one part in one write. It returns the answer when that came first: too
// early when the part had not gone out in full by then, which the write itself tells.
func (d *Drive) send(ctx context.Context, x *exchange, part string, s script, responses <-chan response) *response {
	wait, cancel := context.WithTimeout(ctx, d.look.Patience+s.takes+2*s.works)
	defer cancel()
	done := make(chan error, 1)
	go func() { done <- x.lane.peer.Send(wait, []byte(part)) }()
	select {
	case err := <-done:
		d.sent(ctx, err)
		return nil
	case r := <-responses:
		var err error
		select {
		case err = <-done:
		case <-time.After(heldTime):
			cancel() // it waits for a client that does not read on
			err = <-done
		}
		if err != nil {
			x.early = true
		}
		d.sent(ctx, err)
		return &r
	}
}

// sent takes in the outcome of a write. A client that is gone, or does not read, shows
// that with its answer, or without.
func (d *Drive) sent(ctx context.Context, err error) {
	switch reason := peer.ReasonOf(err); {
	case ctx.Err() != nil:
	case reason == peer.ReasonTimeout:
		d.out.Timing = true
	case reason == peer.ReasonBroken:
		d.stop(err)
	}
}

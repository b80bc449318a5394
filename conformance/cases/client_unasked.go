package cases

import (
	"context"
	"time"

	"github.com/putget-protocol/putget/conformance/adapter"
)

// stray is a whole reply that nobody asked for, so that a client that takes it for the
// next one shows it, and one that drops it shows the next one.
const stray = "ok\nstray 9.5 9\n\n"

// unaskedCases are about bytes that come when no request is outstanding.
func unaskedCases() []Case {
	return []Case{
		{
			ID: "client-unasked-apart", Title: "A reply that nobody asked for comes between two calls",
			Requirements: ids("CLI-029"),
			Drive:        unaskedApart,
		},
		{
			ID: "client-unasked-joined", Title: "A reply that nobody asked for comes in one segment with another",
			Requirements: ids("CLI-029"),
			DependsOn:    ids("client-unasked-apart"),
			Drive:        unaskedJoined,
		},
	}
}

func unaskedApart(ctx context.Context, d *Drive) {
	d.Open(ctx)
	x := d.call(ctx, "get", []any{cpu}, whole(okReply(at(cpu, 1.5, 7))))
	if x == nil || !d.checkRequest(x, "CLI-015") || !d.returned(x, "a mapping", "CLI-015") || !d.isMapping(x, mappingOf(at(cpu, 1.5, 7)), "CLI-015") {
		return
	}
	if err := x.lane.peer.Send(ctx, []byte(stray)); err == nil {
		d.arrive(ctx, x.lane)
	}
	d.behindStray(ctx, x.lane)
}

// arrive waits until what was sent has arrived at the other end's kernel.
func (d *Drive) arrive(ctx context.Context, l *lane) {
	for began := time.Now(); time.Since(began) < d.look.Patience && ctx.Err() == nil; time.Sleep(glance) {
		if n, err := l.peer.Unacknowledged(); n == 0 || err != nil {
			return
		}
	}
}

// unaskedJoined leaves it to a client to fail at once, as the bytes are there when the
// first call returns.
func unaskedJoined(ctx context.Context, d *Drive) {
	d.Open(ctx)
	if !d.Gets(ctx, cpu, "CLI-015", at(cpu, 1.5, 7)) {
		return
	}
	x := d.call(ctx, "get", []any{cpu}, whole(okReply(at(cpu, 1.5, 7))+stray))
	if x == nil || !d.checkRequest(x, "CLI-029") {
		return
	}
	if x.is(adapter.Error) {
		return
	}
	if d.returned(x, "what the first reply holds, or the client's own error", "CLI-029") && d.isMapping(x, mappingOf(at(cpu, 1.5, 7)), "CLI-029") {
		d.behindStray(ctx, x.lane)
	}
}

// behindStray makes the call behind a stray reply over a lane. Only a client that shows
// the true reply to it, over that lane, has dropped the stray one.
func (d *Drive) behindStray(ctx context.Context, l *lane) {
	x := d.call(ctx, "get", []any{wind}, whole(okReply(at(wind, 2.5, 8))))
	switch {
	case x == nil, x.is(adapter.Error):
	case !x.is(adapter.OK):
		d.returned(x, "the client's own error, or what the bytes hold", "CLI-029")
	case x.lane == l && compare(x.answer, mappingOf(at(wind, 2.5, 8))) == nil:
		d.fail("CLI-029", Dropped, x, "the client's own error, or "+mappingOf(at("stray", 9.5, 9)).String(),
			"the bytes that came before were dropped in silence")
	}
}

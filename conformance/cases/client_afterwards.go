package cases

import "context"

// afterwardsCases are about the calls behind the end of a connection.
func afterwardsCases() []Case {
	return []Case{
		outOfStep("client-after-status", "A connection is not used again after another word than ok", script{parts: []string{"fine\n\n"}}, "CLI-022"),
		outOfStep("client-after-fields", "A connection is not used again after a sample line with too few fields", script{parts: []string{"ok\npalm.cpu 1.5\n\n"}}, "CLI-022"),
		outOfStep("client-after-number", "A connection is not used again after a value that is no number", script{parts: []string{"ok\npalm.cpu high 7\npalm.cpu 1.5 8\n\n"}}, "CLI-022"),
		{
			ID: "client-after-timeout", Title: "A connection is not used again after the timeout has passed",
			Requirements: ids("CLI-030", "CLI-031"), Needs: ids(clientTimeout),
			DependsOn: ids("client-after-status", "client-after-fields", "client-after-number"),
			Drive:     afterTimeout,
		},
		afterLoss("client-after-close", "The calls behind a stream that ended early", cut("ok\npalm.cpu 1.5 7\n"), "get"),
		afterLoss("client-after-close-put", "The calls behind a put that was never answered", script{end: closes}, "put"),
		afterLoss("client-after-reset", "The calls behind a reset", script{end: resets}, "get"),
	}
}

// outOfStep is a case of a reply that breaks the form, and of the calls behind it. That
// the reply is not noticed is a matter of another sentence.
func outOfStep(id, title string, s script, requirement string) Case {
	return Case{
		ID: id, Title: title, Requirements: ids("CLI-030", "CLI-031"),
		Drive: func(ctx context.Context, d *Drive) {
			d.Open(ctx)
			x := d.call(ctx, "get", []any{cpu}, s)
			if x == nil || !d.checkRequest(x, requirement) || !d.failsCleanly(x, requirement) {
				return
			}
			d.goesOn(ctx, x.lane)
		},
	}
}

// goesOn makes two calls behind an end: a client that noticed it once may have
// forgotten it.
func (d *Drive) goesOn(ctx context.Context, out *lane) {
	for range 2 {
		if !d.next(ctx, out, "CLI-031") {
			return
		}
	}
}

// afterTimeout lets the reply come when the client has given it up.
func afterTimeout(ctx context.Context, d *Drive) {
	if !d.openToWait(ctx) {
		return
	}
	silence := script{takes: waits}
	x := d.call(ctx, "get", []any{cpu}, silence)
	if x != nil && gaveUp(x, silence) {
		d.out.Timing, d.out.Unsettled = true, "the client gave up before its request was seen: the machine is too busy"
		return
	}
	if x == nil || !d.checkRequest(x, "CLI-024") || !d.failsCleanly(x, "CLI-024") || x.lane == nil {
		return
	}
	if !x.lane.ended {
		if err := x.lane.peer.Send(ctx, []byte(okReply(at(cpu, 1.5, 7)))); err == nil {
			d.arrive(ctx, x.lane)
		}
	}
	d.goesOn(ctx, x.lane)
}

// afterLoss is a case of a call whose connection is lost, and of the calls behind it.
func afterLoss(id, title string, s script, op string) Case {
	return Case{
		ID: id, Title: title + " fail cleanly, or use a new connection", Requirements: ids("CLI-031"),
		Drive: func(ctx context.Context, d *Drive) {
			d.Open(ctx)
			if d.failsFor(ctx, op, s, "CLI-023") {
				d.goesOn(ctx, nil)
			}
		},
	}
}

package cases

import (
	"context"
	"time"

	"github.com/putget-protocol/putget/conformance/adapter"
)

// lossCases are about connections that end.
func lossCases() []Case {
	return []Case{
		lossCase("client-lost-before", "The connection ends before any byte of the reply", "get", script{end: closes}),
		lossCase("client-lost-before-put", "The connection ends before any byte of the reply to a put", "put", script{end: closes}),
		lossCase("client-lost-status", "The stream ends behind the status", "get", cut("ok\n")),
		lossCase("client-lost-status-put", "The stream ends behind the status of the reply to a put", "put", cut("ok\n")),
		lossCase("client-lost-word", "The stream ends in the middle of the status", "get", cut("o")),
		lossCase("client-lost-sample", "The stream ends in the middle of a sample line", "get", cut("ok\npalm.cpu 1.5 7\npalm.cpu 2.5 15033")),
		lossCase("client-lost-lines", "The stream ends behind a sample line, without the empty line", "get", cut("ok\npalm.cpu 1.5 7\n")),
		lossCase("client-lost-error", "The stream ends in the middle of an error", "get", cut("error\nwrong command\n")),
		lossCase("client-reset", "The connection is reset before any byte of the reply", "get", script{end: resets}),
		lossCase("client-reset-put", "The connection is reset before any byte of the reply to a put", "put", script{end: resets}),
		{
			ID: "client-lost-idle", Title: "The connection ends between two calls",
			Requirements: ids("CLI-023"),
			Drive: func(ctx context.Context, d *Drive) {
				d.Open(ctx)
				one := at(cpu, 1.5, 7)
				if !d.Get(ctx, cpu, cut(okReply(one)), mappingOf(one), "CLI-015") {
					return
				}
				d.next(ctx, nil, "CLI-023")
			},
		},
	}
}

// lossCase is a case of one call whose reply ends early.
func lossCase(id, title, op string, s script) Case {
	return Case{
		ID: id, Title: title, Requirements: ids("CLI-023"),
		Drive: func(ctx context.Context, d *Drive) {
			d.Open(ctx)
			d.failsFor(ctx, op, s, "CLI-023")
		},
	}
}

// next makes the call behind the end of a connection: it fails cleanly, or has its
// reply over a new connection; requirement is broken by anything else. It may not use
// the connection that is out of step, which is nil when it has ended. It reports whether
// the call was right.
func (d *Drive) next(ctx context.Context, out *lane, requirement string) bool {
	want := mappingOf(at(wind, 2.5, 8))
	x := d.call(ctx, "get", []any{wind}, whole(okReply(at(wind, 2.5, 8))))
	if x == nil {
		return false
	}
	if out != nil && x.lane == out {
		d.fail("CLI-030", UsedAgain, x, "the client's own error, or a new connection", "the request came over connection "+out.name+", which is out of step")
		return false
	}
	switch {
	case x.is(adapter.Error):
		return true
	case x.is(adapter.OK) && x.request == nil:
		d.fail(requirement, ValueReturned, x, "the client's own error, or a request over a new connection", "nothing was sent, and the call returned "+shown(string(x.answer.Value)))
		return false
	}
	return d.checkRequest(x, requirement) && d.returned(x, "the client's own error, or "+want.String(), requirement) && d.isMapping(x, want, requirement)
}

// timeoutCases are about servers that keep silent.
func timeoutCases() []Case {
	return []Case{
		silenceCase("client-silent-get", "No reply to a get comes", "get", script{}),
		silenceCase("client-silent-put", "No reply to a put comes", "put", script{}),
		silenceCase("client-silent-status", "Nothing comes behind the status", "get", whole("ok\n")),
		silenceCase("client-silent-sample", "Nothing comes behind a sample line", "get", whole("ok\npalm.cpu 1.5 7\n")),
		{
			ID: "client-timeout-holds", Title: "A reply that comes before the timeout has passed is in time",
			Requirements: ids("CLI-024"), Needs: ids(clientTimeout),
			Drive: func(ctx context.Context, d *Drive) {
				if x := d.openFor(ctx, someTimeout); x == nil || !d.returned(x, "a client", "CLI-001") {
					return
				}
				one := at(cpu, 1.5, 7)
				const delay = 300 * time.Millisecond
				d.Get(ctx, cpu, script{parts: []string{okReply(one)}, after: delay, takes: delay}, mappingOf(one), "CLI-024")
			},
		},
	}
}

// waitSeconds is the timeout of a client that is to wait for it: whole seconds, as there
// are clients that know no others.
const waitSeconds = 1

// waits is how long a client may take to fail that has waitSeconds: its timeout may
// bound each of a few waits.
const waits = 3 * waitSeconds * time.Second

// openToWait makes a client that has waitSeconds, and reports whether it did. On a busy
// machine its connection may take longer than that.
func (d *Drive) openToWait(ctx context.Context) bool {
	x := d.openFor(ctx, waitSeconds)
	if x == nil || d.returned(x, "a client", "CLI-001") {
		return x != nil
	}
	d.out.Timing = true
	return false
}

// silenceCase is a case of one call whose reply does not go on.
func silenceCase(id, title, op string, s script) Case {
	s.takes = waits
	return Case{
		ID: id, Title: title, Requirements: ids("CLI-024"), Needs: ids(clientTimeout),
		Drive: func(ctx context.Context, d *Drive) {
			if d.openToWait(ctx) {
				d.failsFor(ctx, op, s, "CLI-024")
			}
		},
	}
}

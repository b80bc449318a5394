package cases

import (
	"context"
	"time"

	"github.com/putget-protocol/putget/conformance/adapter"
	"github.com/putget-protocol/putget/conformance/peer"
)

func connectionCases() []Case {
	return []Case{
		{
			ID: clientOpen, Title: "A client is made with host and port alone",
			Requirements: ids("CLI-001"),
			Drive: func(ctx context.Context, d *Drive) {
				if x := d.open(ctx, false); x != nil {
					d.returned(x, "a client", "CLI-001")
				}
			},
		},
		{
			ID: clientTimeout, Title: "A client is made with host, port and a timeout",
			Requirements: ids("CLI-001"),
			Drive: func(ctx context.Context, d *Drive) {
				if x := d.openFor(ctx, someTimeout); x != nil {
					d.returned(x, "a client", "CLI-001")
				}
			},
		},
		{
			ID: "client-connects", Title: "A client connects when it is made",
			Requirements: ids("CLI-002"),
			Drive:        connectsWhenMade,
		},
		{
			ID: oneConnection, Title: "A client uses one connection for all its requests",
			Requirements: ids("CLI-003"),
			DependsOn:    ids(ClientSanity, clientOpen, getOne, putReturns, putBytes, getBytes),
			Drive:        usesOneConnection,
		},
		{
			ID: "client-refused", Title: "A client fails cleanly where nobody listens",
			Requirements: ids("CLI-004"),
			Drive:        connectionRefused,
		},
	}
}

// connectsWhenMade waits for the connection of a client, which may come a moment after
// the constructor has returned. Only one that does not come before a call is late.
func connectsWhenMade(ctx context.Context, d *Drive) {
	d.Open(ctx)
	if d.over {
		return
	}
	timer := time.NewTimer(d.look.Patience)
	defer timer.Stop()
	for d.connected == 0 {
		select {
		case a := <-d.server.arrivals:
			d.arrived(&exchange{}, a)
		case <-timer.C:
			d.out.Timing = true
			d.Fail(Failure{
				Requirement: "CLI-002", Symptom: NotConnected, Conn: clientLane,
				Call: callLine("open", d.address()), Answer: `{"ok":null}`,
				Want: "a connection", Detail: "the client was made, and no connection came within " + d.look.Patience.String(),
			})
			return
		case <-ctx.Done():
			d.interrupted(ctx)
			return
		}
	}
}

// usesOneConnection asks a few times and looks over which connection the requests
// come: the first that the client made, and no other. A put stands at the end: what a client leaves unread of its reply is a matter
// of CLI-014.
func usesOneConnection(ctx context.Context, d *Drive) {
	d.Open(ctx)
	var first *lane
	for i, key := range []string{cpu, wind, cpu} {
		want := at(key, 1.5, 7)
		x := d.call(ctx, "get", []any{key}, whole(okReply(want)))
		if x == nil || !d.checkRequest(x, "CLI-003") || !d.returned(x, mappingOf(want).String(), "CLI-003") || !d.isMapping(x, mappingOf(want), "CLI-003") {
			return
		}
		if i == 0 {
			first = d.server.first()
		}
		if first = d.sameLane(x, first, "CLI-003"); first == nil {
			return
		}
	}
	x := d.call(ctx, "put", putArgs(cpu, "2.5", "8"), whole(okEmpty))
	if x != nil && d.checkRequest(x, "CLI-003") && d.returned(x, "the call to return nothing", "CLI-003") {
		d.sameLane(x, first, "CLI-003")
	}
}

// sameLane judges that a request came over the connection of the one before, where there
// is one, and returns that connection, or nil.
func (d *Drive) sameLane(x *exchange, before *lane, requirement string) *lane {
	if before != nil && x.lane != before {
		d.fail(requirement, NewConnection, x, "the request over connection "+before.name, "it came over connection "+x.lane.name+", a new one")
		return nil
	}
	return x.lane
}

// connectionRefused opens a client that nobody answers. One that connects late fails
// late: that it does so is a matter of CLI-002.
func connectionRefused(ctx context.Context, d *Drive) {
	d.Open(ctx) // tells whether the constructor needs a timeout
	if d.over {
		return
	}
	port, release, err := peer.Refuse()
	if err != nil {
		d.stop(err)
		return
	}
	defer release()
	args := []any{"127.0.0.1", port}
	if d.needsTimeout {
		args = append(args, someTimeout)
	}
	x := d.call(ctx, "open", args, script{})
	if x == nil {
		return
	}
	if x.is(adapter.OK) {
		if x = d.call(ctx, "put", putArgs(cpu, "1.5", "7"), script{unasked: true}); x == nil {
			return
		}
	}
	d.failsCleanly(x, "CLI-004")
}

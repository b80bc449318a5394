package cases

import (
	"context"
	"fmt"

	"github.com/putget-protocol/putget/conformance/oracle"
)

// argumentCases are about arguments that must never reach the wire.
func argumentCases() []Case {
	return []Case{
		refusesKeys("client-key-space", "a space in it", "palm cpu", " palm.cpu", "palm.cpu "),
		refusesKeys("client-key-newline", "a newline in it", "palm.cpu 1 2\nput wind.speed", "palm.cpu\n", "\npalm.cpu"),
		refusesKeys("client-key-control", "a control character in it", "palm\tcpu", "palm.cpu\r", "palm\x00cpu", "palm\x1bcpu", "palm\x7fcpu", "palm\u0080cpu", "palm\u009fcpu"),
		refusesKeys("client-key-white", "white space other than SP in it", "palm\u0085cpu", "palm\u00a0cpu", "palm\u1680cpu", "palm\u2003cpu", "palm\u2028cpu", "palm\u202fcpu", "palm\u205fcpu", "palm\u3000cpu"),
		refusesKeys("client-key-empty", "no character", ""),
		{
			ID: "client-key-star", Title: "A put to * is not sent",
			Requirements: ids("CLI-011"),
			Drive: func(ctx context.Context, d *Drive) {
				d.Refuses(ctx, "put", putArgs("*", "1.5", "7"), "CLI-011")
			},
		},
		{
			ID: "client-value-infinite", Title: "A value that is not finite is not sent",
			Requirements: ids("CLI-012"),
			Drive: func(ctx context.Context, d *Drive) {
				for _, value := range []number{"1e999", "-1e999"} {
					d.Refuses(ctx, "put", putArgs(cpu, value, "7"), "CLI-012")
				}
			},
		},
		refusesTimes("client-time-range", "beyond the signed 64-bit integers", "9223372036854775808", "-9223372036854775809", "99999999999999999999"),
		refusesTimes("client-time-fraction", "with a fraction", "1.5", "-0.25"),
	}
}

func refusesKeys(id, what string, keys ...string) Case {
	return Case{
		ID: id, Title: "A key with " + what + " is not sent", Requirements: ids("CLI-011"),
		Drive: func(ctx context.Context, d *Drive) {
			for _, key := range keys {
				d.Refuses(ctx, "put", putArgs(key, "1.5", "7"), "CLI-011")
				d.Refuses(ctx, "get", []any{key}, "CLI-011")
			}
		},
	}
}

func refusesTimes(id, what string, timestamps ...number) Case {
	return Case{
		ID: id, Title: "A timestamp " + what + " is not sent", Requirements: ids("CLI-013"),
		Drive: func(ctx context.Context, d *Drive) {
			for _, timestamp := range timestamps {
				d.Refuses(ctx, "put", putArgs(cpu, "1.5", timestamp), "CLI-013")
			}
		},
	}
}

// Refuses makes a client and a call that is to fail cleanly without anything being
// sent. What may have been sent shows before the request of a right call behind it.
func (d *Drive) Refuses(ctx context.Context, op string, args []any, requirement string) {
	if d.failed() {
		return // one says it all
	}
	d.Open(ctx)
	x := d.call(ctx, op, args, script{unasked: true})
	if x == nil {
		return
	}
	const nothing = "nothing to be sent, and the client's own error"
	if x.request != nil {
		d.fail(requirement, SentAnyway, x, nothing, "the client sent "+short(x.request))
		return
	}
	if !d.failsCleanly(x, requirement) {
		return
	}
	probe := d.call(ctx, "get", []any{cpu}, whole(okReply(at(cpu, 1.5, 7))))
	if probe == nil {
		return
	}
	for _, line := range append([][]byte{probe.request}, probe.more...) {
		if line != nil && string(line) != "get "+cpu+"\n" {
			x.request, x.lane = line, probe.lane
			d.fail(requirement, SentAnyway, x, nothing, fmt.Sprintf("the client sent %s", short(line)))
			return
		}
	}
	want := mappingOf(oracle.Sample{Key: cpu, Value: 1.5, Timestamp: 7})
	if d.checkRequest(probe, requirement) && d.returned(probe, want.String(), requirement) {
		d.isMapping(probe, want, requirement)
	}
}

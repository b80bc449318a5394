package cases

import (
	"bytes"
	"context"
	"fmt"
	"strings"

	"github.com/putget-protocol/putget/conformance/adapter"
	"github.com/putget-protocol/putget/spec"
)

// clientObservationCases note how a client behaves where clients differ. They judge
// nothing. Those of level core are about what the specification leaves free; those of
// level full are about what that level judges, and so run at level core only.
func clientObservationCases() []Case {
	return []Case{
		observeClient("observe-client-whole", "how whole values look in JSON", spec.Core, ids("CLI-015"), observeWholeValues),
		observeClient("observe-client-equal-times", "order among equal timestamps", spec.Core, ids("CLI-016"),
			observeGets("ok\npalm.cpu 2.5 7\npalm.cpu 1.5 7\npalm.cpu 3.5 7\n\n")),
		observeClient("observe-client-other-keys", "samples of a key that was not asked for", spec.Core, ids("CLI-015"),
			observeGets("ok\nwind.speed 2.5 7\n\n", "ok\npalm.cpu 1.5 7\nwind.speed 2.5 7\n\n")),
		observeClient("observe-client-put-data", "data behind the ok of a put", spec.Core, ids("CLI-014"), observePutData),
		observeClient("observe-client-timeout", "a timeout of half a second", spec.Core, ids("CLI-001"), observeHalfTimeout),
		observeClient("observe-client-afterwards", "the call behind an end of the connection", spec.Core, ids("CLI-031"), observeAfterwards),
		observeClient("observe-client-crlf", "CR LF in replies", spec.Full, ids("CLI-027"), observeGets("ok\r\npalm.cpu 1.5 7\r\n\r\n", "ok\npalm.cpu 1.5 7\r\n\n")),
		observeClient("observe-client-status", "the status OK", spec.Full, ids("CLI-027"), observeGets("OK\npalm.cpu 1.5 7\n\n")),
		observeClient("observe-client-time-fraction", "a timestamp in a reply that is no integer", spec.Full, ids("CLI-027"), observeGets("ok\npalm.cpu 1.5 7.0\n\n", "ok\npalm.cpu 1.5 7.5\n\n")),
		observeClient("observe-client-spaces", "two spaces between fields", spec.Full, ids("CLI-027"), observeGets("ok\npalm.cpu  1.5 7\n\n", "ok\npalm.cpu 1.5 7 \n\n")),
		observeClient("observe-client-nan", "values that are not finite in replies", spec.Full, ids("CLI-027"), observeGets("ok\npalm.cpu nan 7\n\n", "ok\npalm.cpu inf 7\n\n", "ok\npalm.cpu 1e999 7\n\n")),
		observeClient("observe-client-arguments", "arguments that no server would take", spec.Full, ids("CLI-011", "CLI-012", "CLI-013"), observeArguments),
		observeClient("observe-client-negative", "a negative timestamp", spec.Full, ids("CLI-010"), func(ctx context.Context, d *Drive) {
			d.observeCall(ctx, "-5", "put", putArgs(cpu, "1.5", "-5"))
		}),
		observeClient("observe-client-pieces", "a reply in two pieces", spec.Full, ids("CLI-025"), observePieces),
		observeClient("observe-client-unasked", "a reply that nobody asked for", spec.Full, ids("CLI-029"), observeUnasked),
	}
}

func observeClient(id, title string, level spec.Level, requirements []string, drive func(context.Context, *Drive)) Case {
	return Case{ID: id, Title: title, Requirements: requirements, Level: level, Observes: true, Drive: drive}
}

// told says in a few words what became of a call.
func (d *Drive) told(x *exchange) string {
	switch {
	case x == nil:
		return "it could not be tried"
	case x.spins:
		return "no answer, and the process burns CPU time"
	case !x.answered:
		return "no answer"
	case x.is(adapter.OK):
		return "returns " + shownShort(string(x.answer.Value))
	case x.is(adapter.Error):
		return "its own error: " + shownShort(x.answer.Message)
	case x.is(adapter.Crash):
		return "a bare error: " + shownShort(x.answer.Message)
	default:
		return "the process ended"
	}
}

func shownShort(text string) string {
	const most = 100
	text, _, _ = strings.Cut(text, "\n")
	if text == "" {
		return "nothing"
	}
	if len(text) > most {
		return text[:most] + "..."
	}
	return text
}

// observeGets notes what a get makes of each of some replies.
func observeGets(replies ...string) func(context.Context, *Drive) {
	return func(ctx context.Context, d *Drive) {
		for _, reply := range replies {
			d.Open(ctx)
			x := d.call(ctx, "get", []any{cpu}, broken(reply))
			d.Observe(fmt.Sprintf("%q", reply), d.told(x))
		}
	}
}

func observeWholeValues(ctx context.Context, d *Drive) {
	for _, value := range []string{"5", "5.0", "5.5"} {
		d.Open(ctx)
		x := d.call(ctx, "get", []any{cpu}, whole("ok\npalm.cpu "+value+" 7\n\n"))
		d.Observe(value, d.told(x))
	}
}

func observePutData(ctx context.Context, d *Drive) {
	for _, reply := range []string{"ok\npalm.cpu 1.5 7\n\n", "ok\nstored\n\n"} {
		d.Open(ctx)
		x := d.call(ctx, "put", putArgs(cpu, "1.5", "7"), whole(reply))
		d.Observe(fmt.Sprintf("%q", reply), d.told(x))
	}
}

func observeHalfTimeout(ctx context.Context, d *Drive) {
	x := d.call(ctx, "open", append(d.address(), number("0.5")), script{})
	if x == nil || !x.is(adapter.OK) {
		d.Observe("open", d.told(x))
		return
	}
	x = d.call(ctx, "get", []any{cpu}, script{takes: waits})
	d.Observe("silence", d.told(x))
}

func observeAfterwards(ctx context.Context, d *Drive) {
	ends := []struct {
		name string
		s    script
	}{{"close", cut("ok\npalm.cpu 1.5 7\n")}, {"broken form", whole("fine\n\n")}}
	for _, end := range ends {
		d.Open(ctx)
		before := d.call(ctx, "get", []any{cpu}, end.s)
		x := d.call(ctx, "get", []any{wind}, whole(okReply(at(wind, 2.5, 8))))
		how := d.told(x)
		if x != nil && before != nil && x.lane != nil {
			how += ", over a new connection"
			if x.lane == before.lane {
				how = d.told(x) + ", over the same connection"
			}
		}
		d.Observe(end.name, how)
	}
}

func observeArguments(ctx context.Context, d *Drive) {
	d.observeCall(ctx, "a key with a space", "put", putArgs("palm cpu", "1.5", "7"))
	d.observeCall(ctx, "a key with a newline", "put", putArgs("palm\ncpu", "1.5", "7"))
	d.observeCall(ctx, "no key", "put", putArgs("", "1.5", "7"))
	d.observeCall(ctx, "a put to *", "put", putArgs("*", "1.5", "7"))
	d.observeCall(ctx, "infinity", "put", putArgs(cpu, "1e999", "7"))
	d.observeCall(ctx, "2^63", "put", putArgs(cpu, "1.5", "9223372036854775808"))
	d.observeCall(ctx, "the timestamp 1.5", "put", putArgs(cpu, "1.5", "1.5"))
}

// observeCall notes what a client sends for a call, and what becomes of it.
func (d *Drive) observeCall(ctx context.Context, name, op string, args []any) {
	d.Open(ctx)
	x := d.call(ctx, op, args, script{unasked: true})
	sent := "sends nothing"
	if x != nil && x.request != nil {
		sent = "sends " + short(bytes.Join(append([][]byte{x.request}, x.more...), nil))
	}
	d.Observe(name, sent+"; "+d.told(x))
}

func observePieces(ctx context.Context, d *Drive) {
	d.Open(ctx)
	x := d.call(ctx, "get", []any{cpu}, script{parts: []string{"ok\npalm.cpu 1.5 7\n", "palm.cpu 2.5 8\n\n"}, held: true})
	d.Observe("behind a sample line", d.told(x))
}

func observeUnasked(ctx context.Context, d *Drive) {
	d.Open(ctx)
	d.call(ctx, "get", []any{cpu}, whole(okReply(at(cpu, 1.5, 7))+stray))
	x := d.call(ctx, "get", []any{wind}, whole(okReply(at(wind, 2.5, 8))))
	d.Observe("the next call", d.told(x))
}

package cases

import (
	"context"
	"strings"
	"time"
)

// everyKeyChar holds every character of a key at level core, and is 100 bytes long.
const everyKeyChar = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789._-" + "abcdefghijklmnopqrstuvwxyz012345678"

// unicodeKey holds characters of one to four bytes.
const unicodeKey = "пальма/価格€🌡"

// widestKey is as long as a key may be that every server takes.
func widestKey() string { return strings.Repeat("palm.cpu", 128) }

func requestCases() []Case {
	return append([]Case{
		{
			ID: putBytes, Title: "A put is sent as put, key, value, timestamp, LF",
			Requirements: ids("CLI-005"),
			Drive:        sends("CLI-005", cpu, "0.5", "1503319740"),
		},
		{
			ID: getBytes, Title: "A get is sent as get, key, LF",
			Requirements: ids("CLI-006"),
			Drive: func(ctx context.Context, d *Drive) {
				d.Open(ctx)
				d.Gets(ctx, cpu, "CLI-015", at(cpu, 1.5, 7))
			},
		},
		{
			ID: "client-get-all-bytes", Title: "A get of everything is sent as get, *, LF",
			Requirements: ids("CLI-006"),
			Drive: func(ctx context.Context, d *Drive) {
				d.Open(ctx)
				x := d.call(ctx, "get", []any{"*"}, whole(okReply(at(cpu, 1.5, 7))))
				if x != nil && d.checkRequest(x, "CLI-006") && d.returned(x, mappingOf(at(cpu, 1.5, 7)).String(), "CLI-015") {
					d.isMapping(x, mappingOf(at(cpu, 1.5, 7)), "CLI-015")
				}
			},
		},
		{
			ID: "client-key-plain", Title: "A key of all the plain characters, 100 bytes long, is sent as it is",
			Requirements: ids("CLI-005", "CLI-006"),
			Drive:        sendsKey(everyKeyChar),
		},
		{
			ID: "client-key-unicode", Title: "A key of characters beyond ASCII is sent as UTF-8",
			Requirements: ids("CLI-005", "CLI-006"), Level: "full",
			Drive: sendsKey(unicodeKey),
		},
		{
			ID: "client-key-long", Title: "A key of 1,024 bytes is sent whole",
			Requirements: ids("CLI-005", "CLI-006"), Level: "full",
			Drive: sendsKey(widestKey()),
		},
	}, append(valueSentCases(), timeSentCases()...)...)
}

func valueSentCases() []Case {
	value := func(id, title string, values ...number) Case {
		return Case{
			ID: id, Title: title, Requirements: ids("CLI-007"),
			Drive: func(ctx context.Context, d *Drive) {
				for _, v := range values {
					d.Open(ctx) // anew, as what a client leaves unread is another matter
					d.Sends(ctx, cpu, v, "7", "CLI-007")
				}
			},
		}
	}
	return []Case{
		value("client-value-fraction", "Values with a fraction are sent as they are", "0.5", "23.75", "-0.5", "1234.5678"),
		value("client-value-whole", "Whole values are sent as they are", "10.0", "5", "-3", "0.0", "123456789"),
		value("client-value-exact", "Values of 17 digits are sent as the same double", "0.30000000000000004", "0.1", "3.141592653589793", "-1234567.8901234567"),
		value("client-value-small", "Tiny values are sent as the same double", "1e-7", "1.2345678901e-10", "2.2250738585072014e-308", "5e-324"),
		value("client-value-large", "Huge values are sent as the same double", "1e16", "1e22", "-1.5e300", "1.7976931348623157e308"),
	}
}

func timeSentCases() []Case {
	return []Case{
		{
			ID: "client-time", Title: "A timestamp is sent as the integer that was given",
			Requirements: ids("CLI-008"),
			Drive: func(ctx context.Context, d *Drive) {
				for _, t := range []number{"7", "1503319740", "4102444800"} {
					d.Open(ctx)
					d.Sends(ctx, cpu, "1.5", t, "CLI-008")
				}
			},
		},
		{
			ID: "client-time-zero", Title: "0 is a timestamp like any other",
			Requirements: ids("CLI-008"),
			Drive:        sends("CLI-008", cpu, "1.5", "0"),
		},
		{
			ID: "client-time-now", Title: "A put without a timestamp has the Unix time of the call",
			Requirements: ids("CLI-009"),
			Drive: func(ctx context.Context, d *Drive) {
				d.Open(ctx)
				putsNow(ctx, d)
			},
		},
		{
			ID: "client-time-now-later", Title: "The Unix time is that of the call, two seconds after the client was loaded",
			Requirements: ids("CLI-009"),
			DependsOn:    ids("client-time-now"),
			Drive:        sendsNowLater,
		},
		{
			ID: "client-time-large", Title: "Timestamps beyond what doubles can tell apart are sent as they are",
			Requirements: ids("CLI-008"), Level: "full",
			Drive: func(ctx context.Context, d *Drive) {
				for _, t := range []number{"9007199254740993", "9223372036854775807"} {
					d.Open(ctx)
					d.Sends(ctx, cpu, "1.5", t, "CLI-008")
				}
			},
		},
		{
			ID: "client-time-negative", Title: "Negative timestamps are sent as they are",
			Requirements: ids("CLI-010"),
			Drive: func(ctx context.Context, d *Drive) {
				for _, t := range []number{"-5", "-1", "-1503319740"} {
					d.Open(ctx)
					x := d.call(ctx, "put", putArgs(cpu, "1.5", t), whole(okEmpty))
					if x != nil && d.checkRequest(x, "CLI-010") {
						d.returned(x, "the call to return nothing", "CLI-010")
					}
				}
			},
		},
	}
}

// sends makes one put and judges its request.
func sends(requirement, key string, value, timestamp number) func(context.Context, *Drive) {
	return func(ctx context.Context, d *Drive) {
		d.Open(ctx)
		d.Sends(ctx, key, value, timestamp, requirement)
	}
}

// sendsKey gets a key and puts to it.
func sendsKey(key string) func(context.Context, *Drive) {
	return func(ctx context.Context, d *Drive) {
		d.Open(ctx)
		if x := d.call(ctx, "get", []any{key}, whole(okReply(at(key, 1.5, 7)))); x == nil || !d.checkRequest(x, "CLI-006") {
			return
		}
		if x := d.call(ctx, "put", putArgs(key, "1.5", "7"), whole(okEmpty)); x != nil {
			d.checkRequest(x, "CLI-005")
		}
	}
}

// laterThan is how long after the first answer, when the client is loaded, the default
// timestamp is asked for: longer than what a client may round.
const laterThan = 2100 * time.Millisecond

// sendsNowLater asks for a default timestamp at once, and again when the second in which
// the client was loaded, and that of the first call, are past. That it waits longer on a busy machine changes nothing.
func sendsNowLater(ctx context.Context, d *Drive) {
	d.Open(ctx)
	putsNow(ctx, d)
	if d.over || d.failed() {
		return
	}
	timer := time.NewTimer(laterThan)
	defer timer.Stop()
	select {
	case <-timer.C:
	case <-ctx.Done():
		d.interrupted(ctx)
		return
	}
	// Of the second call no more is judged than what it sends: what the client left unread of
	// the reply to the first is another matter.
	if x := d.call(ctx, "put", putArgs(cpu, "1.5", ""), whole(okEmpty)); x != nil {
		d.checkRequest(x, "CLI-009")
	}
}

// putsNow makes a put without a timestamp.
func putsNow(ctx context.Context, d *Drive) {
	x := d.call(ctx, "put", putArgs(cpu, "1.5", ""), whole(okEmpty))
	if x != nil && d.checkRequest(x, "CLI-009") {
		d.returned(x, "the call to return nothing", "CLI-009")
	}
}

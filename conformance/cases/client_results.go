package cases

import (
	"context"
	"slices"

	"github.com/putget-protocol/putget/conformance/oracle"
)

// resultCases are about what a call returns for a right reply.
func resultCases() []Case {
	return []Case{
		{
			ID: putReturns, Title: "A put returns nothing, when its reply has come",
			Requirements: ids("CLI-014"),
			DependsOn:    ids(ClientSanity),
			Drive: func(ctx context.Context, d *Drive) {
				d.Open(ctx)
				for _, t := range []number{"7", "8", "9"} {
					if !d.Put(ctx, cpu, "1.5", t, script{parts: []string{okEmpty}, held: true}, "CLI-014") {
						return
					}
				}
			},
		},
		gets(getOne, "A series of one sample", "CLI-015", at(cpu, 1.5, 1503319740)),
		gets(getSeveral, "A series of several samples", "CLI-015", at(cpu, 1.5, 7), at(cpu, 0.25, 8), at(cpu, -2.5, 9)),
		gets(getKeys, "Several keys", "CLI-015", at(cpu, 1.5, 7), at(cpu, 2.5, 8), at(wind, 0.5, 7), at("tidal.height", 3.5, 9)),
		gets("client-get-mixed-keys", "Several keys whose samples do not stand together", "CLI-015",
			at(cpu, 1.5, 7), at(wind, 0.5, 7), at(cpu, 2.5, 8), at(wind, 1.5, 8)),
		gets("client-get-values", "Values arrive as the same double", "CLI-015",
			at(cpu, 0.30000000000000004, 1), at(cpu, 0.1, 2), at(cpu, -1234567.8901234567, 3), at(cpu, 16777217.5, 4), at(cpu, -0.5, 5)),
		gets("client-get-times", "Timestamps from 0 to 4102444800", "CLI-015", at(cpu, 1.5, 0), at(cpu, 2.5, 1503319740), at(cpu, 3.5, 4102444800)),
		gets("client-get-sorted", "Samples that come in descending order", "CLI-016", at(cpu, 3.5, 9), at(cpu, 2.5, 8), at(cpu, 1.5, 7)),
		gets("client-get-sorted-numbers", "Timestamps are compared as numbers", "CLI-016", at(cpu, 1.5, 100), at(cpu, 2.5, 9), at(cpu, 3.5, 10)),
		gets("client-get-sorted-values", "The values have no say in the order", "CLI-016", at(cpu, 3.5, 8), at(cpu, 1.5, 9), at(cpu, 2.5, 7)),
		gets("client-get-sorted-keys", "Each of several series is sorted", "CLI-016", at(cpu, 2.5, 8), at(wind, 4.5, 9), at(cpu, 1.5, 7), at(wind, 3.5, 8)),
		{
			ID: "client-get-empty", Title: "An ok without samples is an empty mapping",
			Requirements: ids("CLI-017"),
			Drive: func(ctx context.Context, d *Drive) {
				d.Open(ctx)
				d.Get(ctx, cpu, whole(okEmpty), mapping{}, "CLI-017")
				d.Get(ctx, "*", whole(okEmpty), mapping{}, "CLI-017")
			},
		},
		{
			ID: "client-get-whole", Title: "Whole values with and without a point",
			Requirements: ids("CLI-018"),
			Drive: func(ctx context.Context, d *Drive) {
				d.Open(ctx)
				want := mappingOf(at(cpu, 10, 7), at(cpu, 10, 8), at(cpu, -3, 9), at(cpu, 0, 10))
				d.Get(ctx, cpu, whole("ok\npalm.cpu 10 7\npalm.cpu 10.0 8\npalm.cpu -3 9\npalm.cpu 0 10\n\n"), want, "CLI-018")
			},
		},
		getsKeys("client-get-key-ok", "Keys made of the letters of ok", "ok", "k", "o", "okok", "ko.ok", "okay.rate", "kiosk.clock", "status.ok"),
		getsKeys("client-get-key-error", "Keys that contain error, and other words of the protocol", "error", "error.rate", "palm.error", "wrong", "command", "get", "put", "error.ok"),
		getsKeys("client-get-key-case", "Keys that differ in case", "palm.cpu", "PALM.CPU", "Palm.Cpu", "OK", "Error"),
		getsKeys("client-get-key-plain", "A key of all the plain characters, and ones of digits", everyKeyChar, "7", "0.5", "-1", "1e5", "_", "."),
		full(getsKeys("client-get-key-unicode", "Keys of characters beyond ASCII", unicodeKey, "é", "e\u0301", "\ufeffcpu", "a\u200bb", "*.cpu", "a,b;c=\"d\"/%{e}\\n")),
		full(getsKeys("client-get-key-names", "Keys that mean something in programming languages", "__proto__", "constructor", "toString", "__class__", "null", "0", "length")),
	}
}

// gets is a case of one get.
func gets(id, title, requirement string, samples ...oracle.Sample) Case {
	return Case{
		ID: id, Title: title, Requirements: ids(requirement), DependsOn: leansOnSamples(id),
		Drive: func(ctx context.Context, d *Drive) {
			d.Open(ctx)
			d.Gets(ctx, keyOf(samples), requirement, samples...)
		},
	}
}

// keyOf returns what to ask for so that a reply may hold samples: their key, or all of
// them. A client is free to refuse those of a key that was not asked for.
func keyOf(samples []oracle.Sample) string {
	switch {
	case len(samples) == 0:
		return cpu
	case slices.ContainsFunc(samples, func(s oracle.Sample) bool { return s.Key != samples[0].Key }):
		return "*"
	default:
		return samples[0].Key
	}
}

// leansOnSamples makes the basic cases of gets lean on one another.
func leansOnSamples(id string) []string {
	switch id {
	case getOne:
		return ids(ClientSanity)
	case getSeveral, getKeys:
		return ids(ClientSanity, getOne)
	default:
		return nil
	}
}

// getsKeys is a case of gets of several keys, one after the other, and of all at once.
func getsKeys(id, title string, keys ...string) Case {
	return Case{
		ID: id, Title: title, Requirements: ids("CLI-019"),
		Drive: func(ctx context.Context, d *Drive) {
			d.Open(ctx)
			var all []oracle.Sample
			for i, key := range keys {
				one := at(key, 1.5, int64(i))
				all = append(all, one)
				if !d.Gets(ctx, key, "CLI-019", one) {
					return
				}
			}
			d.Gets(ctx, "*", "CLI-019", all...)
		},
	}
}

// full makes a case one of level full, though its requirements bind at core.
func full(c Case) Case {
	c.Level = "full"
	return c
}

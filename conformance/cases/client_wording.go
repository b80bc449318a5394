package cases

import (
	"context"
	"fmt"
	"maps"
	"math"
	"slices"
)

// wordingCases are about the wordings of numbers that a reply may hold.
func wordingCases() []Case {
	return []Case{
		readsValues("client-read-exponent", "Values with an exponent", map[string]float64{
			"5e0": 5, "1E+0": 1, "1.5e3": 1500, "25e-2": 0.25, "-1e1": -10, "1E3": 1000, "5.e-1": 0.5,
		}),
		readsValues("client-read-signs", "Values with a plus sign, and without digits on one side of the point", map[string]float64{
			"+1.5": 1.5, "5.": 5, ".5": 0.5, "-.5e1": -5, "+10": 10,
		}),
		readsValues("client-read-zeros", "Values with more digits than they need", map[string]float64{
			"007.50": 7.5, "1.50000000000000000000000000": 1.5, "0000": 0, "-0.0": 0, "100000000000000000000000": 1e23,
		}),
		readsValues("client-read-nearest", "Values are read as the nearest double", map[string]float64{
			"0.1": 0.1, "0.1000000000000000055511151231257827": 0.1, "9007199254740993": 9007199254740992,
			"0.30000000000000004": 0.30000000000000004, "1.7976931348623157e308": math.MaxFloat64, "5e-324": math.SmallestNonzeroFloat64,
			"2.2250738585072014e-308": 2.2250738585072014e-308, "1e-400": 0, "1.7976931348623158e308": math.MaxFloat64,
		}),
		readsTimes("client-read-times", "Timestamps with a sign, and with leading zeros", map[string]int64{
			"+7": 7, "007": 7, "-5": -5, "-0": 0, "-007": -7, "00000000000000000000000000009": 9,
		}),
		readsTimes("client-read-times-edges", "The first and the last timestamp", map[string]int64{
			"9223372036854775807": math.MaxInt64, "-9223372036854775808": math.MinInt64, "9007199254740993": 9007199254740993,
		}),
	}
}

// readsValues is a case of one get for each wording.
func readsValues(id, title string, wordings map[string]float64) Case {
	return wordingCase(id, title, func(ctx context.Context, d *Drive, wording string) bool {
		return d.Get(ctx, cpu, whole(fmt.Sprintf("ok\npalm.cpu %s 7\n\n", wording)), mappingOf(at(cpu, wordings[wording], 7)), "CLI-032")
	}, slices.Sorted(maps.Keys(wordings)))
}

// readsTimes is readsValues for timestamps.
func readsTimes(id, title string, wordings map[string]int64) Case {
	return wordingCase(id, title, func(ctx context.Context, d *Drive, wording string) bool {
		return d.Get(ctx, cpu, whole(fmt.Sprintf("ok\npalm.cpu 1.5 %s\n\n", wording)), mappingOf(at(cpu, 1.5, wordings[wording])), "CLI-032")
	}, slices.Sorted(maps.Keys(wordings)))
}

func wordingCase(id, title string, get func(context.Context, *Drive, string) bool, wordings []string) Case {
	return Case{
		ID: id, Title: title, Requirements: ids("CLI-032"),
		DependsOn: ids("client-get-whole", "client-get-values", "client-get-times"),
		Drive: func(ctx context.Context, d *Drive) {
			d.Open(ctx)
			for _, wording := range wordings {
				if !get(ctx, d, wording) {
					return
				}
			}
		},
	}
}

package cases

import (
	"context"
	"fmt"
	"strings"
	"time"

	"github.com/putget-protocol/putget/conformance/oracle"
)

// pieced is a reply that holds whatever a cut can spoil, and what a get returns for it.
const pieced = "ok\nпальма.цп 1.5 7\nwind.speed 22.75 1503319740\nwind.speed 3.5 1503319741\n\n"

func piecedMapping() mapping {
	return mappingOf(at("пальма.цп", 1.5, 7), at(wind, 22.75, 1503319740), at(wind, 3.5, 1503319741))
}

// pieceCases are about replies that come in pieces, or are long.
func pieceCases() []Case {
	return []Case{
		{
			ID: "client-pieces-newlines", Title: "A reply cut behind each of its newlines, and between the last two",
			Requirements: ids("CLI-025"),
			Drive:        inPieces(true, cutBehind("\n")),
		},
		{
			ID: "client-pieces-characters", Title: "A reply cut inside a UTF-8 character, a word and a number",
			Requirements: ids("CLI-025"),
			Drive:        inPieces(true, cutBehind("o", "\xd0", "22", "22.7", "15033", "1503319740")),
		},
		{
			ID: "client-pieces-each", Title: "A reply cut at every place",
			Requirements: ids("CLI-025"),
			Drive:        inPieces(false, cutEverywhere),
		},
		{
			ID: "client-pieces-bytes", Title: "A reply byte by byte",
			Requirements: ids("CLI-025"),
			Drive:        inPieces(false, cutToBytes),
		},
		{
			ID: "client-pieces-put", Title: "The reply to a put cut at every place",
			Requirements: ids("CLI-025"),
			Drive:        putInPieces,
		},
		{
			ID: "client-pieces-error", Title: "An error cut behind each of its newlines",
			Requirements: ids("CLI-025"),
			Drive:        errorInPieces,
		},
		large("client-large-records", "A reply of 10,000 samples", 10000, func(int) string { return cpu }),
		large("client-large-keys", "A reply of 34,000 keys, more than a megabyte", 34000, func(i int) string { return fmt.Sprintf("host%05d.cpu", i) }),
		large("client-large-lines", "A reply with keys of 1,024 bytes", 40, func(i int) string { return fmt.Sprintf("%04d.%s", i, widestKey()[5:]) }),
	}
}

// cutEverywhere cuts a reply in two in every way.
func cutEverywhere(reply string) [][]string {
	var all [][]string
	for i := 1; i < len(reply); i++ {
		all = append(all, []string{reply[:i], reply[i:]})
	}
	return all
}

// cutToBytes cuts a reply between any two bytes at once.
func cutToBytes(reply string) [][]string {
	parts := make([]string, len(reply))
	for i := range parts {
		parts[i] = reply[i : i+1]
	}
	return [][]string{parts}
}

// cutBehind cuts a reply in two behind each place where one of the texts stands.
func cutBehind(texts ...string) func(string) [][]string {
	return func(reply string) [][]string {
		var all [][]string
		for i := 1; i < len(reply); i++ {
			for _, text := range texts {
				if strings.HasSuffix(reply[:i], text) {
					all = append(all, []string{reply[:i], reply[i:]})
					break
				}
			}
		}
		return all
	}
}

// inPieces gets a reply whole, and then in pieces. Only what differs then is the fault
// of the pieces.
func inPieces(held bool, cuts func(reply string) [][]string) func(context.Context, *Drive) {
	return func(ctx context.Context, d *Drive) {
		d.Open(ctx)
		if !d.Get(ctx, "*", whole(pieced), piecedMapping(), "CLI-015") {
			return
		}
		d.pieces = true
		for _, parts := range cuts(pieced) {
			d.how = howCut(parts)
			if !d.Get(ctx, "*", script{parts: parts, held: held}, piecedMapping(), "CLI-025") {
				return
			}
		}
	}
}

// howCut says in words how a reply is cut.
func howCut(parts []string) string {
	if len(parts) > 2 {
		return fmt.Sprintf("in %d pieces", len(parts))
	}
	return fmt.Sprintf("in two pieces, %q and %q", parts[0], parts[1])
}

func putInPieces(ctx context.Context, d *Drive) {
	d.Open(ctx)
	if !d.Put(ctx, cpu, "1.5", "7", script{parts: []string{okEmpty}, held: true}, "CLI-014") {
		return
	}
	d.pieces = true
	for _, parts := range cutEverywhere(okEmpty) {
		d.how = howCut(parts)
		if !d.Put(ctx, cpu, "1.5", "7", script{parts: parts, held: true}, "CLI-025") {
			return
		}
	}
	d.how = ""
	d.Gets(ctx, wind, "CLI-025", at(wind, 2.5, 8))
}

// errorInPieces asks again behind each error: what is left of it would be taken for the
// next reply.
func errorInPieces(ctx context.Context, d *Drive) {
	d.Open(ctx)
	if !d.GetFails(ctx, cpu, whole(wrongCommand), "CLI-020") || !d.Gets(ctx, wind, "CLI-021", at(wind, 2.5, 8)) {
		return
	}
	d.pieces = true
	for _, parts := range cutBehind("\n")(wrongCommand) {
		d.how = howCut(parts)
		if !d.GetFails(ctx, cpu, script{parts: parts, held: true}, "CLI-025") || !d.Gets(ctx, wind, "CLI-025", at(wind, 2.5, 8)) {
			return
		}
	}
}

// pieceIDs are the cases whose failure shows in that of a long reply as well: it comes in
// pieces of its own.
func pieceIDs() []string {
	return ids("client-pieces-newlines", "client-pieces-characters", "client-pieces-each", "client-pieces-bytes")
}

// What a client may take for a large reply: so long beyond Patience without using CPU
// time, and so much CPU time.
const (
	largeTime = 2 * time.Second
	largeWork = 8 * time.Second
)

// large is a case of one long reply.
func large(id, title string, samples int, key func(i int) string) Case {
	return Case{
		ID: id, Title: title, Requirements: ids("CLI-026"),
		DependsOn: pieceIDs(),
		Drive: func(ctx context.Context, d *Drive) {
			d.Open(ctx)
			if !d.readsShort(ctx) {
				return
			}
			all := make([]oracle.Sample, samples)
			for i := range all {
				all[i] = at(key(i), float64(i)+0.25, 1503310000+int64(i))
			}
			reply := okReply(all...)
			d.pieces, d.how = true, fmt.Sprintf("%d bytes in one write", len(reply))
			d.Get(ctx, "*", script{parts: []string{reply}, takes: largeTime, works: largeWork}, mappingOf(all...), "CLI-026")
		},
	}
}

// readsShort reports whether a client reads a short reply of several samples and keys.
// What goes wrong in that has nothing to do with the size of a reply.
func (d *Drive) readsShort(ctx context.Context) bool {
	return d.Gets(ctx, "*", "CLI-015", at(wind, 0.25, 7), at(wind, 1.25, 8), at(cpu, 2.25, 9), at(wind, 3.25, 10))
}

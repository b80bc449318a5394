package mutant_test

import (
	"fmt"
	"strings"
	"time"
)

// scenes returns scenes in which every fault shows, those of level core first.
func scenes() []scene {
	all := append(coreScenes(), replyScenes()...)
	return append(all, endScenes()...)
}

// of names the sentences of a scene of gets.
func (s scene) of(ids string) scene { s.about = ids; return s }

func coreScenes() []scene {
	okPuts := func(n int) []string { return strings.SplitAfterN(strings.Repeat(okPut, n)+" ", "\n\n", n+1)[:n] }
	return []scene{
		{name: "OpensAndNothingElse", about: "CLI-001 CLI-002", calls: []string{open}},
		{name: "Plain", calls: []string{noTime, put, get, put, get, put, all, get}, replies: []string{okPut, okGet, okPut, okGet, okPut, okGet, okGet}},
		{name: "Refused", about: "CLI-004", refused: true, calls: []string{open, get}},
		{name: "Arguments", about: "CLI-005 CLI-007 CLI-008 CLI-009", replies: okPuts(12), calls: puts(
			`"Palm.CPU",-1234567.25,0`, `"k",1e-7,4102444800`, `"k",123456789.123456789,8`, `"k",0.30000000000000004,1`,
			`"k",16777217,1503319740`, `"k",1e21,2`, `"k",5`, `"`+strings.Repeat("k", 100)+`",1,1`,
		)},
		{name: "Foreign", about: "CLI-005 CLI-006 CLI-008 CLI-010", replies: okPuts(9), calls: append(puts(
			`"\u00e9",1,1`, `"k",1,-7`, `"k",1,9007199254740993`, `"k",1,-9223372036854775808`,
		), `{"op":"get","args":["\u00e9"]}`)},
		{name: "BadKeys", about: "CLI-011", calls: puts(`"a b",1,1`, `"a\nb",1,1`, `"",1,1`, `"*",1,1`, `"a\tb",1,1`, `"a\u0001",1,1`, `"a\u3000",1,1`)},
		{name: "BadKeysOfGets", about: "CLI-011", calls: []string{open, `{"op":"get","args":["a b"]}`, `{"op":"get","args":["a\nb"]}`}},
		{name: "BadNumbers", about: "CLI-012 CLI-013", calls: puts(`"k",1e999,1`, `"k",-1e999,1`, `"k",1,9223372036854775808`, `"k",1,-9223372036854775809`, `"k",1,1.5`)},
		gets(
			"Results", "ok\n\n", "ok\nb 2.25 10\nb 1.25 9\na 30 8\nb 0.123456789 100\na 1 7\n\n", "ok\nok.k 1.5 7\n\n",
			"ok\nA.error 10 7\n\n", "ok\nkoko 0.1 7\n\n", "ok\nm 1 7\nm 3 8\nm 2 9\n\n",
		).of("CLI-015 CLI-016 CLI-017 CLI-018 CLI-019"),
		{name: "Errors", about: "CLI-020 CLI-021", calls: []string{open, get, put, get, put, get, put, get, get}, replies: []string{
			"error\nwrong command\n\n", "error\nnot ok\n\n", "error\nother\n\n", "error\n\n", "error\n\n", "error\na\nb\n\n", okGet, okGet,
		}},
	}
}

func replyScenes() []scene {
	broken := func(replies ...string) []scene {
		var all []scene
		for _, r := range replies {
			all = append(all, gets(fmt.Sprintf("Broken%q", r), r, okGet).of("CLI-022 CLI-027 CLI-030"))
		}
		return all
	}
	large := func(n int) string {
		var text strings.Builder
		for i := range n {
			fmt.Fprintf(&text, "palm.cpu.user.load 123456.5 %d\n", 1503319740+i)
		}
		return "ok\n" + text.String() + "\n"
	}
	all := broken(
		"okay\n\n", "fine\n\n", "k 1.5 7\n\n", "ok\nk 1.5 7 8\n\n", "ok\nk 1.5\n\n", "ok\nk x 7\n\n", "ok\nk 1 x\n\n", "OK\n\n", "ok \n\n",
		"ok\r\nk 1 7\r\n\r\n", "ok\nk  1 7\n\n", "ok\n k 1 7\n\n", "ok\nk\t1 7\n\n", "ok\nk nan 7\n\n", "ok\nk inf 7\n\n", "ok\nk 1e999 7\n\n",
		"ok\nk 0x10 7\n\n", "ok\nk 1_0 7\n\n", "ok\nk 1 7.0\n\n", "ok\nk 1 9223372036854775808\n\n", "ok\n* 1 7\n\n", "ok\n\xff 1 7\n\n",
		"ok\nk\u00a0 1 7\n\n", "ok\nk\x01 1 7\n\n",
	)
	return append(
		all,
		gets("Wordings", "ok\nk 1E1 7\n\n", "ok\nk 1e1 7\n\n", "ok\nk +1 7\n\n", "ok\nk .5 +7\n\n", "ok\nk 5. 010\n\n", "ok\nk 1e-400 7\n\n", "ok\nk 1 9007199254740993\n\n", "ok\n\u00e9 1 7\n\n").of("CLI-018 CLI-019 CLI-032"),
		gets("Pieces", "o|k\nk 1.5| 7\n\xc3|\xa9 1 7\n|\n", "e|rror\n|\n").of("CLI-025"),
		gets("EndInPieces", "ok\nk 1.5 7\n|\n").of("CLI-025"),
		gets("Large", large(1000), large(10_000), large(20_000)).of("CLI-026"),
	)
}

func endScenes() []scene {
	return []scene{
		gets("ClosedAtOnce", closes, okGet).of("CLI-023 CLI-031"),
		gets("ClosedInReply", "ok\nk 1 7\n"+closes, okGet).of("CLI-023"),
		gets("ClosedInLine", "ok\nk 1 7\nk 1 15"+closes, okGet).of("CLI-023"),
		{name: "ClosedInPut", about: "CLI-023", calls: []string{open, put, put}, replies: []string{closes, okPut}},
		gets("Silence", silence, okGet).of("CLI-024"),
		gets("SilenceInReply", "ok\nk 1 7\n"+silence, okGet).of("CLI-024"),
		gets("SilenceThenLate", strings.Repeat("|", 25)+"ok\nk 1 7\n\n", okGet).of("CLI-030"),
		gets("Unasked", okGet+"ok\nu 1 1\n\n", okGet).of("CLI-029"),
		{name: "UnaskedLater", about: "CLI-029", calls: []string{open, get, get}, replies: []string{okGet + "|ok\nu 1 1\n\n", okGet}, pause: 100 * time.Millisecond},
		{name: "Later", about: "CLI-009", calls: []string{open, `{"op":"put","args":["k",1]}`, `{"op":"put","args":["k",1]}`}, replies: []string{okPut, okPut}, pause: 3 * time.Second},
	}
}

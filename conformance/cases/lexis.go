package cases

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/putget-protocol/putget/conformance/oracle"
)

func lexisCases() []Case {
	return slices.Concat(coreLexisCases(), lexisCharacterCases(), lexisSessionCases(), lexisKeyCases())
}

// lexisCharacterCases are about spaces, words and characters.
func lexisCharacterCases() []Case {
	return []Case{
		{
			ID: "lex-spaces-between", Title: "Any number of spaces between tokens",
			Requirements: ids("LEX-001"),
			Run: func(ctx context.Context, s *Session) {
				cpu, a := s.Key("cpu"), s.Conn(ctx, "A")
				hundred, hundreds := strings.Repeat(" ", 100), strings.Repeat(" ", 300)
				for _, line := range []string{
					"put  " + cpu + " 1.5 17", "put " + cpu + "    2.5      18", "get   " + cpu, "get " + cpu, "get    *",
					"put" + hundred + cpu + " 3.5 19", "get" + hundred + cpu, "put " + cpu + hundreds + "4.5" + hundreds + "20", "get" + hundreds + cpu,
				} {
					a.Ask(ctx, line)
				}
			},
		},
		{
			ID: "lex-spaces-ends", Title: "Any number of spaces before the first token and behind the last",
			Requirements: ids("LEX-002"), DependsOn: ids("lex-spaces-between"),
			Run: func(ctx context.Context, s *Session) {
				cpu, a := s.Key("cpu"), s.Conn(ctx, "A")
				for _, line := range []string{
					" put " + cpu + " 3.5 17", "put " + cpu + " 4.5 18 ", "   get " + cpu, "get " + cpu + "    ", "get " + cpu, " get * ",
					"  put   " + cpu + "   5.5   19  ", "  get  " + cpu + "  ",
				} {
					a.Ask(ctx, line, on("LEX-002", oracle.AspectRefused))
				}
			},
		},
		{
			ID: "lex-command-case", Title: "Command words in other cases are wrong, and words that begin with them",
			Requirements: ids("LEX-003"), DependsOn: ids(errorReply, errorSession),
			Run: refuse("PUT ${cpu} 1.5 7", "Put ${cpu} 1.5 7", "puT ${cpu} 1.5 7", "GET ${cpu}", "gEt ${cpu}", "GET *", "\uff47et ${cpu}"),
		},
		{
			ID: "lex-key-unicode", Title: "Keys of every range of Unicode",
			Requirements: ids("LEX-005"),
			Blames:       []Blame{content("LEX-005")},
			Run:          lexKeyUnicode,
		},
		{
			ID: "lex-control", Title: "Every control character makes a wrong request, wherever it stands",
			Requirements: ids("LEX-006"), DependsOn: ids(errorReply, errorSession),
			Run: lexControl,
		},
		{
			ID: "lex-white-space", Title: "Every white space but SP makes a wrong request, wherever it stands",
			Requirements: ids("LEX-007"), DependsOn: ids(errorReply, errorSession),
			Run: lexWhiteSpace,
		},
	}
}

// lexisSessionCases are about bytes that are no text, and what follows them.
func lexisSessionCases() []Case {
	return []Case{
		{
			ID: "lex-not-utf8", Title: "Bytes that are not UTF-8 make a wrong request, and nothing of it is stored",
			Requirements: ids("LEX-008"), DependsOn: ids(errorReply, errorSession),
			Run: refuse("put ${cpu}\xff 1.5 7", "put \xe9${cpu} 1.5 7", "put ${cpu} 1.5\xc0 7", "put ${cpu} 1.5 7\x80", "\xffput ${cpu} 1.5 7",
				"put ${cpu}\xc0\xaf 1.5 7", "put ${cpu}\xed\xbf\xbf 1.5 7", "put ${cpu}\xf8\x88\x80\x80\x80 1.5 7", "get ${cpu}\xe2\x82",
				"get ${cpu}\xe2", "get ${cpu}\xc3", "get ${cpu}\xf0\x9f\x98", "put ${cpu} 1.5 7\xc3", "put ${cpu}\xc0\x80 1.5 7", "put ${cpu}\xe0\x80\x80 1.5 7",
				"put ${cpu}\xed\xa0\xbd\xed\xb2\xa9 1.5 7"),
		},
		{
			ID: "lex-session-order", Title: "Puts and gets go on after lines with control characters and without UTF-8",
			Requirements: ids("LEX-009"), DependsOn: ids(errorReply, errorSession, "lex-control", "lex-not-utf8"),
			Blames: []Blame{on("LEX-009", Closed)},
			Run:    lexSessionOrder,
		},
		{
			ID: "lex-bom", Title: "A byte order mark belongs to the first token, also in the first line of a session",
			Requirements: ids("LEX-010"), DependsOn: ids(errorReply, errorSession),
			Run: lexBOM,
		},
	}
}

// lexisKeyCases are about which keys are the same, and about stars.
func lexisKeyCases() []Case {
	return []Case{
		{
			ID: "lex-normal-forms", Title: "Composed and decomposed characters, and look-alikes, are different keys",
			Requirements: ids("LEX-012"), DependsOn: ids("lex-key-unicode", "lex-key-part", "lex-key-fold"),
			Blames: []Blame{samples("LEX-012")},
			Run: differentKeys([]string{
				"\u00e9", "e\u0301", "\uf900", "\u8c48", "\ufb01", "fi", "\u1e69", "s\u0323\u0307", "\u0307s\u0323", "\uac00", "\u1100\u1161",
				"\u212b", "\u00c5", "\u2126", "\u03a9", "\u00b5", "\u03bc", "\uff21", "A", "\u00b2", "2",
			}),
		},
		{
			ID: "lex-put-star", Title: "put * is wrong, and get * shows no such key",
			Requirements: ids("LEX-013"), DependsOn: ids(errorReply, errorSession, "get-all"),
			Blames: []Blame{on("LEX-013", oracle.AspectKeySyntax, oracle.AspectExtraSample)},
			Run: func(ctx context.Context, s *Session) {
				a := s.Conn(ctx, "A")
				a.Put(ctx, s.Key("cpu"), "1.5", "7")
				a.Refused(ctx, "put * 2.5 7")
				a.GetAll(ctx)
				a.Get(ctx, s.Key("cpu"))
			},
		},
		{
			ID: "lex-star-inside", Title: "A star inside a longer key is no pattern",
			Requirements: ids("LEX-014"), DependsOn: ids("get-unknown", "lex-key-part"),
			Blames: []Blame{content("LEX-014")},
			Run: func(ctx context.Context, s *Session) {
				cpu, a := s.Key("cpu"), s.Conn(ctx, "A")
				a.Put(ctx, cpu, "1.5", "7")
				a.Get(ctx, cpu+"*")
				a.Put(ctx, cpu+"*", "2.5", "7")
				a.Get(ctx, cpu+"*")
				a.Get(ctx, "*"+cpu)
				a.Put(ctx, "*"+cpu, "3.5", "7")
				a.Get(ctx, "*"+cpu)
				a.Get(ctx, s.Key("*"))
				a.Get(ctx, s.Key("?pu"), samples("GET-003"))
				a.GetAll(ctx, on("GET-005", oracle.AspectMissingSample, Lost))
			},
		},
	}
}

// coreKeyLength is the longest key of level core.
const coreKeyLength = 100

// keyLengths returns a case that puts to a key of each length, the longest last.
func keyLengths(lengths ...int) func(context.Context, *Session) {
	return func(ctx context.Context, s *Session) {
		a := s.Conn(ctx, "A")
		for i, n := range lengths {
			a.Put(ctx, s.LongKey("k", n), fmt.Sprintf("%d.5", i), "7")
		}
		for _, n := range lengths {
			a.Get(ctx, s.LongKey("k", n))
		}
	}
}

func coreLexisCases() []Case {
	return []Case{
		{
			ID: "lex-key-characters", Title: "Keys of all letters, digits, points, underscores and dashes, up to 100 bytes",
			Requirements: ids("LEX-004"),
			Blames:       []Blame{content("LEX-004")},
			Run: func(ctx context.Context, s *Session) {
				a := s.Conn(ctx, "A")
				for i, name := range []string{
					"ABCDEFGHIJKLMNOPQRSTUVWXYZ", "abcdefghijklmnopqrstuvwxyz", "0123456789", "a.b_c-d", "..", "__", "--", "-1", "1.5", "put", "get", "ok", "error",
				} {
					a.Put(ctx, s.Key(name), fmt.Sprintf("%d.5", i), "7")
					a.Get(ctx, s.Key(name))
				}
				a.Put(ctx, s.LongKey("cpu", coreKeyLength), "1.5", "7")
				a.Get(ctx, s.LongKey("cpu", coreKeyLength))
			},
		},
		{
			ID: "lex-key-lengths", Title: "Keys of many lengths, each a part of the next",
			Requirements: ids("LEX-004", "LEX-011"), DependsOn: ids("lex-key-part", "lex-key-characters"),
			Blames: []Blame{samples("LEX-011"), content("LEX-004")},
			Run:    keyLengths(16, 20, 31, 32, 33, 50, 63, 64, 65, 80, 99, 100),
		},
		{
			ID: "lex-key-part", Title: "Keys that are a part of another, or differ in case only, are keys of their own",
			Requirements: ids("LEX-011"), DependsOn: ids("get-only", "get-unknown"),
			Blames: []Blame{samples("LEX-011")},
			Run: func(ctx context.Context, s *Session) {
				a := s.Conn(ctx, "A")
				a.Put(ctx, s.Key("palm.cpu.total"), "1.5", "7")
				for _, name := range []string{"palm.cpu.tota", "palm.cpu", "palm", "palm.cpu.total.x", "palm.cpu.Total", "PALM.CPU.TOTAL", "palm-cpu-total", "palmxcpuxtotal"} {
					a.Get(ctx, s.Key(name))
				}
				key := s.Key("palm.cpu.total")
				a.Get(ctx, key[1:])
				a.Get(ctx, strings.ToUpper(key))
				a.Put(ctx, s.Key("palm.cpu"), "2.5", "8")
				a.Put(ctx, s.Key("palm.CPU"), "3.5", "9")
				for _, name := range []string{"palm.cpu", "palm.CPU", "palm.cpu.total"} {
					a.Get(ctx, s.Key(name))
				}
			},
		},
	}
}

// lexBOM sends lines with a byte order mark, each the first one of a session and then
// again.
func lexBOM(ctx context.Context, s *Session) {
	cpu := s.Key("cpu")
	for i, line := range []string{"\ufeffput " + cpu + " 1.5 7", "\ufeffget " + cpu, "\ufeff get " + cpu} {
		b := s.Conn(ctx, fmt.Sprintf("B%d", i))
		b.Refused(ctx, line)
		b.Refused(ctx, line)
		b.Get(ctx, cpu) // nothing, as nothing else was put
		b.Close()
	}
}

func lexKeyUnicode(ctx context.Context, s *Session) {
	a := s.Conn(ctx, "A")
	for i, r := range []rune{
		'!', '"', '#', '$', '%', '&', '\'', '(', ')', ',', '/', ':', ';', '<', '=', '>', '?', '@', '[', '\\', ']', '^', '`', '{', '|', '}', '~',
		0xA1, 0xAD, 0xFF, 0x300, 0x301, 0x167F, 0x1681, 0x180E, 0x1FFF, 0x200B, 0x200F, 0x2027, 0x202A, 0x202E, 0x2030, 0x205E, 0x2060, 0x2FFF, 0x3001,
		0xD7FF, 0xE000, 0xFDD0, 0xFEFF, 0xFFFD, 0xFFFE, 0xFFFF, 0x10000, 0x1F321, 0xE0001, 0x10FFFF,
	} {
		key := s.Key("k" + string(r) + "k")
		a.Put(ctx, key, fmt.Sprintf("%d.5", i), "7")
		a.Get(ctx, key)
	}
}

func lexControl(ctx context.Context, s *Session) {
	cpu, a := s.Key("cpu"), s.Conn(ctx, "A")
	a.Put(ctx, cpu, "0.5", "6")
	for r := rune(0); r <= 0x9F; r++ {
		if r == '\n' || r >= ' ' && r < 0x7F {
			continue
		}
		a.Ask(ctx, "put "+cpu+string(r)+" 1.5 7")
	}
	for _, line := range []string{"\tget " + cpu, "get " + cpu + "\t", "put\t" + cpu + "\t1.5\t7", "get " + cpu + "\r ", "\rget " + cpu, "get \x00", "\x00"} {
		a.Ask(ctx, line)
	}
	a.InOrder(ctx, content("LEX-009"))
	a.Get(ctx, cpu, samples("ERR-007"))
}

// whiteSpace is all white space but SP and the control characters.
const whiteSpace = "\u00a0\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a\u2028\u2029\u202f\u205f\u3000"

func lexWhiteSpace(ctx context.Context, s *Session) {
	cpu, a := s.Key("cpu"), s.Conn(ctx, "A")
	a.Put(ctx, cpu, "0.5", "6")
	for _, r := range whiteSpace {
		for _, line := range []string{"put " + cpu + string(r) + " 1.5 7", "put" + string(r) + cpu + " 1.5 7", "put " + cpu + " 1.5 7" + string(r)} {
			a.Ask(ctx, line, on("LEX-007", oracle.AspectAccepted))
		}
	}
	a.InOrder(ctx, content("ERR-008"))
	a.Get(ctx, cpu, samples("ERR-007"))
}

func lexSessionOrder(ctx context.Context, s *Session) {
	cpu, a := s.Key("cpu"), s.Conn(ctx, "A")
	a.Put(ctx, cpu, "1.5", "7")
	for i, line := range []string{"get \xff\xfe", "put " + cpu + "\x80 1.5 7", "get \x00", "\xf0\x9f", "put " + cpu + " 1.5\x1b[0m 7"} {
		a.Ask(ctx, line)
		a.Get(ctx, cpu, content("LEX-009"))
		a.Put(ctx, cpu, "2.5", fmt.Sprint(10+i), content("LEX-009"))
		a.Get(ctx, cpu, content("LEX-009"))
	}
}

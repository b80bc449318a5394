package cases

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"unicode"

	"github.com/putget-protocol/putget/conformance/oracle"
	"github.com/putget-protocol/putget/spec"
)

// characterCases try characters one after the other, rather than what is known to go
// wrong.
func characterCases() map[string][]Case {
	return map[string][]Case{
		"lexis": lexisCharacters(),
		"errors": {
			{
				ID: "error-word-character", Title: "A command word with any character before or behind it is wrong",
				Requirements: ids("LEX-003"), DependsOn: ids(errorReply, errorSession, "error-word", "lex-command-case"), Alone: true,
				Blames: []Blame{on("LEX-003", oracle.AspectAccepted)},
				Run: func(ctx context.Context, s *Session) {
					cpu := s.Key("cpu")
					s.refuseMany(ctx, withCharacter("", "get", " "+cpu), withCharacter("", "put", " "+cpu+" 1.5 7"))
				},
			},
			{
				ID: "error-put-many", Title: "put with five arguments and more is wrong, also where they make two samples",
				Requirements: ids("ERR-004"), DependsOn: ids(errorReply, errorSession, "error-put-four"), Level: spec.Full,
				Run: refuse("put ${cpu} 1.5 7 8 9", "put ${cpu} 1.5 7 ${cpu} 2.5 8", "put ${cpu} 1.5 7 8 9 10", "put ${cpu} 1.5 7 a b c d e f g h"),
			},
		},
		"values": {{
			ID: "value-characters", Title: "A value with any character that is none of a number's is wrong, wherever it stands",
			Requirements: ids("VAL-007"), DependsOn: ids(errorReply, errorSession, "value-no-number", "value-letters"), Alone: true,
			Run: func(ctx context.Context, s *Session) {
				s.refuseMany(ctx, withCharacter("put "+s.Key("cpu")+" ", "15", " 7"))
			},
		}},
		"timestamps": {{
			ID: "time-characters", Title: "A timestamp with any character that is none of an integer's is wrong, wherever it stands",
			Requirements: ids("TIM-006"), DependsOn: ids(errorReply, errorSession, "time-no-number", "time-no-integer"), Alone: true,
			Run: func(ctx context.Context, s *Session) {
				s.refuseMany(ctx, withCharacter("put "+s.Key("cpu")+" 1.5 ", "15", ""))
			},
		}},
	}
}

// lexisCharacters are those of the section lexis.
func lexisCharacters() []Case {
	return []Case{
		{
			ID: "lex-key-beginnings", Title: "Keys that begin with a digit, a point, a dash, an underscore, a capital or a command word",
			Requirements: ids("LEX-004"), DependsOn: ids("lex-key-characters"),
			Blames: []Blame{content("LEX-004")},
			Run:    keyBeginnings("-", ".", "_", "0", "9", "-1", "1.5", "Z", "put", "get", "ok", "error"),
		},
		{
			ID: "lex-key-first", Title: "Keys that begin with each printable character of ASCII, and with others",
			Requirements: ids("LEX-005"), DependsOn: ids("lex-key-unicode", "lex-key-beginnings", "lex-star-inside"),
			Blames: []Blame{content("LEX-005")},
			Run:    keyBeginnings(strings.Split("!\"#$%&'()+,/:;<=>?@[\\]^`{|}~\u00a1\u00ad\u0301\u200b\ufeff\U0001f321", "")...),
		},
		{
			ID: "lex-key-escapes", Title: "Keys that only an escape would make equal are different keys",
			Requirements: ids("LEX-011"), DependsOn: ids("lex-key-part", "lex-key-unicode"), Level: spec.Full,
			Blames: []Blame{samples("LEX-011")},
			Run:    differentKeys([]string{"K%41", "KA", "K\\n", "Kn", "K\\\\", "K\\", "K&amp;", "K&", "\"K\"", "'K'", "K", "K+", "K%20", "K\\u0041", "K\\x41", "K=41"}),
		},
		{
			ID: "lex-key-fold", Title: "Letters beyond ASCII that differ in case are different keys",
			Requirements: ids("LEX-011"), DependsOn: ids("lex-key-part", "lex-key-unicode"), Level: spec.Full,
			Blames: []Blame{samples("LEX-011")},
			Run:    differentKeys(strings.Split("\u00c9 \u00e9 \u0411 \u0431 \u03a3 \u03c3 \u03c2 \u1e9e \u00df SS ss \u0130 I i \u0131 \u212a K k", " ")),
		},
		{
			ID: "lex-control-places", Title: "Every control character makes a wrong request at each end of a line and between tokens",
			Requirements: ids("LEX-006"), DependsOn: ids(errorReply, errorSession, "lex-control"), Alone: true,
			Run: func(ctx context.Context, s *Session) { s.refuseMany(ctx, controlLines(s.Key("cpu"))) },
		},
	}
}

// lookAlikes are characters beyond ASCII that some parsers take for digits, signs or
// separators.
const lookAlikes = "\u2212\u00b5\u0661\u0967\uff11\u00b2\u2081\U0001d7cf\u2044\u00bd\u066b\u066c\u2019\u00b7"

// withCharacter returns the wrong requests among those in which a character stands
// before, inside or behind a token, each printable one of ASCII and the look-alikes.
func withCharacter(before, token, behind string) []string {
	var lines []string
	for r := '!'; r <= '~'; r++ {
		lines = append(lines, withRune(before, token, behind, r)...)
	}
	for _, r := range lookAlikes {
		lines = append(lines, withRune(before, token, behind, r)...)
	}
	return lines
}

func withRune(before, token, behind string, r rune) []string {
	c := string(r)
	lines := []string{before + c + token + behind, before + token[:1] + c + token[1:] + behind, before + token + c + behind}
	return slices.DeleteFunc(lines, func(line string) bool { return !isWrong([]byte(line)) })
}

// controlLines returns wrong requests with each control character: at the beginning of
// a line, between tokens, and at the end.
func controlLines(key string) []string {
	var lines []string
	for r := rune(0); r <= 0x9F; r++ {
		if !unicode.IsControl(r) || r == '\n' {
			continue
		}
		c := string(r)
		for _, line := range []string{c + "get " + key, "get " + c + key, "get" + c + " " + key, "get " + key + c, "put " + key + " 1.5 7" + c, "put " + key + " 1.5" + c + " 7"} {
			if isWrong([]byte(line)) {
				lines = append(lines, line)
			}
		}
	}
	return lines
}

// refuseMany sends wrong requests, several at once over connections of their own, and
// sees to it that they change nothing.
func (s *Session) refuseMany(ctx context.Context, lists ...[]string) {
	cpu := s.Key("cpu")
	s.Fill(ctx, []string{"put " + cpu + " 0.5 6"})
	a := s.Fill(ctx, slices.Concat(lists...))
	a.Get(ctx, cpu, samples("ERR-007"))
}

// keyBeginnings returns a case that puts to keys with these beginnings, and gets them.
func keyBeginnings(beginnings ...string) func(context.Context, *Session) {
	return func(ctx context.Context, s *Session) {
		a := s.Conn(ctx, "A")
		for i, beginning := range beginnings {
			key := beginning + s.Key("k")
			a.Put(ctx, key, fmt.Sprintf("%d.5", i), "7")
			a.Get(ctx, key)
		}
	}
}

// differentKeys returns a case that puts to keys that some would take for one, and gets
// each of them then.
func differentKeys(names []string) func(context.Context, *Session) {
	return func(ctx context.Context, s *Session) {
		a := s.Conn(ctx, "A")
		for i, name := range names {
			a.Put(ctx, s.Key(name), fmt.Sprintf("%d.5", i), "7")
		}
		for _, name := range names {
			a.Get(ctx, s.Key(name))
		}
	}
}

package property

import "strings"

// unique stands in a drawn line for what makes its keys fresh, as in the transcripts
// of the specification. What is drawn, and every text that rapid sees, holds this
// word; only what is sent holds the fresh keys.
const unique = "${k}"

// A vocabulary is what sequences are made of. In each list the plainest comes first,
// because that is where shrinking leads.
type vocabulary struct {
	keys       [][]string // of which a sequence takes one list
	timestamps [][]string // the same
	values     []string
	lines      []layout
	wrong      []string // lines with the words KEY, VALUE and TIME in place of tokens
}

// A layout is how the tokens of a right request are written in a line.
type layout struct{ before, between, after string }

func vocabularyOf(level Level) vocabulary {
	if level == Core {
		return coreVocabulary()
	}
	return fullVocabulary()
}

// coreVocabulary stays within spec/SPEC.md, section 2.2. Timestamps are few, so that
// values are replaced and samples put into the middle, and their order as text is
// not that of the numbers.
func coreVocabulary() vocabulary {
	return vocabulary{
		keys: [][]string{
			{"a", "b", "c"},
			{"a", "A", "aa"},
			{"a", "a.b", "a_b-c"},
		},
		timestamps: [][]string{
			{"7", "8", "9"},
			{"9", "10", "100"},
			{"1", "2", "3", "4", "5", "6", "7", "8", "9", "10"},
			{"0", "1503319740", "4102444800"},
		},
		values: []string{
			"1", "2", "3", "1.5", "0", "-1", "-2.5", "0.1", "10.0", "1e3", "25e-2", "1.5E+3", "007.50",
			"0.30000000000000004", "9007199254740993", "123456789.123456789", "16777217",
			"1.7976931348623157e308", "-1.7976931348623157e308", "2.2250738585072014e-308", "5e-324", "-0.0",
		},
		lines: []layout{{"", " ", ""}},
	}
}

func fullVocabulary() vocabulary {
	v := coreVocabulary()
	long := strings.Repeat("x", 300)
	v.keys = append(v.keys,
		[]string{"\u00e9", "e\u0301", "\u00c9"},
		[]string{"*", "a*", "**"},
		[]string{"\U0001F321", "\u4fa1\u683c", "\U0010FFFF"},
		[]string{"a", "a\u200b", "a\ufeff"},
		[]string{`"a"`, "a,b", "a;b=c"},
		[]string{long, long + "y", long + "x"},
	)
	v.timestamps = append(v.timestamps,
		[]string{"7", "+7", "007", "8"},
		[]string{"0", "-0", "-1", "-10", "-9"},
		[]string{"0", "9223372036854775807", "-9223372036854775808", "9223372036854775806"},
	)
	v.values = append(v.values, "+1.5", "5.", ".5", "-.5e1", "1e-400", "1.7976931348623158e308")
	plain := v.lines[0]
	v.lines = []layout{
		plain, plain, plain, plain, plain, plain, plain, plain,
		{" ", "   ", "  \r"},
		{"", " ", "\r"},
		{"", " ", " "},
		{"  ", " ", ""},
		{"", "  ", ""},
	}
	v.wrong = []string{
		"got KEY", "gets KEY", "putt KEY VALUE TIME", "get", "put", "put KEY", "put KEY VALUE", "put KEY VALUE TIME 8",
		"put KEY one TIME", "put KEY VALUE now", "put KEY VALUE 1.5", "get KEY KEY", "get ", "", "   ",
		"PUT KEY VALUE TIME", "Get KEY", "get\tKEY", "put KEY\tVALUE TIME", "put KEY VALUE TIME\t", "put * VALUE TIME",
		"put KEY nan TIME", "put KEY inf TIME", "put KEY 1e999 TIME", "put KEY 0x10 TIME", "put KEY 1_000 TIME",
		"put KEY 1,5 TIME", "put KEY . TIME", "put KEY VALUE 9223372036854775808", "put KEY VALUE 1e3", "put KEY VALUE 0x7",
		"put KEY\xff VALUE TIME", "get KEY\xe2\x82", "put KEY\u00a0 VALUE TIME", "put KEY\u3000VALUE TIME",
		"put KEY VALUE TIME\r\r", "\ufeffput KEY VALUE TIME", "put KEY\x00 VALUE TIME",
	}
	return v
}

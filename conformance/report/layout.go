package report

import (
	"fmt"
	"io"
	"strings"
	"unicode"
	"unicode/utf8"
)

// The text is laid out for terminals of this many columns: words at the left edge of
// a block, everything about them behind it.
const (
	columns     = 100
	fieldIndent = "            " // two columns, a word of nine, and a space
)

// writeField writes a word and its text, wrapped. It writes nothing for an empty text.
func writeField(w io.Writer, word, text string) {
	if text == "" {
		return
	}
	lines := wrap(text, columns-len(fieldIndent))
	fmt.Fprintf(w, "  %-9s %s\n", word, lines[0])
	for _, line := range lines[1:] {
		fmt.Fprintf(w, "%s%s\n", fieldIndent, line)
	}
}

func writeWrapped(w io.Writer, indent, text string) {
	for _, line := range wrap(text, columns-len(indent)) {
		fmt.Fprintf(w, "%s%s\n", indent, line)
	}
}

// writeLines is writeWrapped for the first line of text; what follows, such as the
// output of a target, keeps its lines.
func writeLines(w io.Writer, indent, text string) {
	first, rest, _ := strings.Cut(text, "\n")
	writeWrapped(w, indent, first)
	for line := range strings.Lines(rest) {
		fmt.Fprintf(w, "%s%s\n", indent, shorten(visible(line), columns-len(indent)))
	}
}

// wrap cuts text at its spaces into lines of at most width characters, where no word is
// longer. There is at least one line.
func wrap(text string, width int) []string {
	var lines []string
	line := ""
	for word := range strings.FieldsSeq(text) {
		switch {
		case line == "":
			line = word
		case utf8.RuneCountInString(line)+1+utf8.RuneCountInString(word) <= width:
			line += " " + word
		default:
			lines = append(lines, line)
			line = word
		}
	}
	return append(lines, line)
}

// visible escapes what would drive a terminal, at the price of quotes where it must.
func visible(line string) string {
	line = strings.TrimRight(line, "\r\n")
	if strings.ContainsFunc(line, func(r rune) bool { return !unicode.IsPrint(r) }) {
		return Quote([]byte(line))
	}
	return line
}

// quoteFit is Quote for as many of the bytes as fit into width characters; where some do
// not, all are counted behind it. Size is the number of bytes when b holds only the
// first of them, else 0. Characters stay whole.
func quoteFit(b []byte, size, width int) string {
	size = max(size, len(b))
	whole := Quote(b)
	if size == len(b) && utf8.RuneCountInString(whole) <= width {
		return whole
	}
	remark := fmt.Sprintf("... (%d bytes)", size)
	return Quote(b[:fitting(b, max(width-len(remark), 8))]) + remark
}

// fitting returns how many of the first bytes of b fit, quoted, into width characters.
func fitting(b []byte, width int) int {
	n, used := 0, len(`""`)
	for n < len(b) {
		_, size := utf8.DecodeRune(b[n:])
		cost := utf8.RuneCountInString(Quote(b[n:n+size])) - len(`""`)
		if used+cost > width {
			break
		}
		used += cost
		n += size
	}
	return n
}

// list joins names, the last of which are only counted when all do not fit into lines
// of the width of a field, most of them at most.
func list(names []string, most int) string {
	for shown := len(names); shown > 0; shown-- {
		text := strings.Join(names[:shown], ", ")
		if rest := len(names) - shown; rest > 0 {
			text += fmt.Sprintf(" and %d more", rest)
		}
		if len(wrap(text, columns-len(fieldIndent))) <= most {
			return text
		}
	}
	return fmt.Sprintf("%d", len(names))
}

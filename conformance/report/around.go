package report

import (
	"bytes"
	"unicode/utf8"
)

// A shownLine is a line of a reply as the text shows it; mark is the column of the byte
// at fault, or -1.
type shownLine struct {
	text string
	mark int
}

// around cuts reply into quoted lines that fit into a field and returns those near
// index at. Of a line that is too long it returns the part near at.
func around(reply []byte, at int) []shownLine {
	var lines []shownLine
	marked := 0
	begin := 0
	pieces := bytes.SplitAfter(reply, []byte("\n"))
	if len(pieces) > 1 && len(pieces[len(pieces)-1]) == 0 {
		pieces = pieces[:len(pieces)-1] // behind the last LF
	}
	for i, piece := range pieces {
		end := begin + len(piece)
		l := shownLine{mark: -1}
		if at >= begin && (at < end || i == len(pieces)-1) {
			l.text, l.mark = markedLine(piece, at-begin)
			marked = i
		} else {
			l.text = quoteFit(piece, 0, columns-len(fieldIndent))
		}
		lines = append(lines, l)
		begin = end
	}
	from := max(0, min(marked-mostLines/2, len(lines)-mostLines))
	return lines[from:min(len(lines), from+mostLines)]
}

// markedLine quotes the part of a line around index at, and returns the column of the
// byte there. Dots stand for what is left out before it.
func markedLine(line []byte, at int) (string, int) {
	width := columns - len(fieldIndent)
	room := width - len("...") - len(`"... (1000000 bytes)`)
	before := 0
	for column(line[before:], at-before) >= room {
		_, size := utf8.DecodeRune(line[before:])
		before += size
	}
	if before == 0 {
		return quoteFit(line, 0, width), column(line, at)
	}
	rest := line[before:]
	text := Quote(rest)
	if len("...")+utf8.RuneCountInString(text) > width {
		text = quoteFit(rest, len(line), width-len("..."))
	}
	return "..." + text, len("...") + column(rest, at-before)
}

// column returns where the byte at index at stands in the quoted form of text.
func column(text []byte, at int) int {
	return utf8.RuneCountInString(Quote(text[:at])) - 1
}

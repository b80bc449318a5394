package report

import (
	"bytes"
	"fmt"
	"html"
	"html/template"
	"strconv"
	"strings"
	"unicode/utf8"
)

// How much of one write or read, and of a reply at fault, the page shows.
const (
	pageBytes  = 360
	pageLines  = 8
	pageBefore = 3 // lines before the one at fault
)

// An extract is a part of some bytes as the page shows it, with remarks on what was left
// out on both sides.
type extract struct {
	Before, After string
	HTML          template.HTML
}

// beginning returns the first bytes of b; size is the number of all of them when b is
// itself only their beginning, else 0.
func beginning(b []byte, size int) extract {
	size = max(size, len(b))
	shown := b[:wholeRunes(b, 0, min(len(b), pageBytes))]
	if at := lineIndex(shown, pageLines); at < len(shown) {
		shown = shown[:at]
	}
	e := extract{HTML: seen(shown, -1)}
	if len(shown) < size {
		e.After = fmt.Sprintf("… %s bytes in all", grouped3(size))
	}
	return e
}

// aroundByte returns the part of b around index at, with a mark on the byte there; at may
// be len(b), which marks the end. The first of b is byte from of size bytes.
func aroundByte(b []byte, at, from, size int) extract {
	size = max(size, from+len(b))
	at = max(0, min(at, len(b)))
	begin := at
	for lines := 0; begin > 0; begin-- {
		if b[begin-1] == '\n' {
			if lines++; lines > pageBefore {
				break
			}
		}
	}
	if at-begin > pageBytes/2 {
		begin = wholeRunes(b, 0, at-pageBytes/2)
	}
	end := wholeRunes(b, at, min(len(b), begin+pageBytes))
	if n := lineIndex(b[begin:end], pageLines); begin+n > at {
		end = begin + n
	}
	e := extract{HTML: seen(b[begin:end], at-begin)}
	if begin+from > 0 {
		e.Before = fmt.Sprintf("… %s bytes before", grouped3(begin+from))
	}
	if rest := size - from - end; rest > 0 {
		e.After = fmt.Sprintf("… %s bytes more", grouped3(rest))
	}
	return e
}

// lineIndex returns where the line behind the first n lines begins.
func lineIndex(b []byte, n int) int {
	at := 0
	for range n {
		i := bytes.IndexByte(b[at:], '\n')
		if i < 0 {
			return len(b)
		}
		at += i + 1
	}
	return at
}

// wholeRunes returns the last index up to end, and not before begin, where a character of
// b may be cut off from the next.
func wholeRunes(b []byte, begin, end int) int {
	for cut := end; cut > begin && cut > end-utf8.UTFMax; cut-- {
		if cut == len(b) || utf8.RuneStart(b[cut]) {
			return cut
		}
	}
	return max(begin, end)
}

// seen shows bytes so that each can be seen: printable text as it is, all else as an
// escape of its own colour, and a new line behind each LF, but for an empty line that
// follows it at the end. The byte at index mark is marked; len(b) marks the end, and -1
// nothing.
func seen(b []byte, mark int) template.HTML {
	var out strings.Builder
	for i := 0; i < len(b); {
		r, size := utf8.DecodeRune(b[i:])
		text := shownRune(r, b[i:i+size])
		if i <= mark && mark < i+size {
			text = "<mark>" + text + "</mark>"
		}
		out.WriteString(text)
		if i += size; r == '\n' && i < len(b) && (mark >= 0 || string(b[i:]) != "\n") {
			out.WriteByte('\n')
		}
	}
	if mark == len(b) {
		out.WriteString(`<mark class="end">end</mark>`)
	}
	return template.HTML(out.String())
}

func shownRune(r rune, raw []byte) string {
	if strconv.IsPrint(r) && !(r == utf8.RuneError && len(raw) == 1) {
		return html.EscapeString(string(raw))
	}
	quoted := Quote(raw)
	return "<i>" + quoted[1:len(quoted)-1] + "</i>"
}

// sameBytes counts the bytes at the beginning that both have, up to a whole character.
func sameBytes(a, b []byte) int {
	n := 0
	for n < min(len(a), len(b)) && a[n] == b[n] {
		n++
	}
	for n > 0 && n < len(a) && !utf8.RuneStart(a[n]) {
		n--
	}
	return n
}

// grouped3 writes a number with a comma between thousands.
func grouped3(n int) string {
	digits := strconv.Itoa(n)
	for i := len(digits) - 3; i > 0; i -= 3 {
		digits = digits[:i] + "," + digits[i:]
	}
	return digits
}

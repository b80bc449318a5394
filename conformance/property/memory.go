package property

import (
	"strconv"
	"strings"
)

// A memory knows how sequences end that begin like one that was played: for the text
// of the first steps, see prefixes, what became of them.
type memory map[string]remembered

type remembered struct {
	play *play // the failing play, or nil for none that counts
	ends bool  // nothing behind these steps was played, because the last one failed
}

// add remembers p. Whoever begins with its steps gets result.
func (m memory) add(p, result *play) {
	texts := prefixes(p.steps())
	for i, text := range texts {
		if i == len(texts)-1 && p.failed() {
			m[text] = remembered{play: result, ends: true}
		} else if _, ok := m[text]; !ok {
			m[text] = remembered{}
		}
	}
}

// find returns what becomes of steps, and whether that is known.
func (m memory) find(steps []step) (*play, bool) {
	texts := prefixes(steps)
	for _, text := range texts {
		if r, ok := m[text]; ok && r.ends {
			return r.play, true
		}
	}
	_, ok := m[texts[len(texts)-1]]
	return nil, ok
}

// prefixes returns a text for the first step, for the first two, and so on.
func prefixes(steps []step) []string {
	texts := make([]string, len(steps))
	var text strings.Builder
	for i, s := range steps {
		text.WriteString(strconv.Itoa(s.lane) + " " + s.line + "\n")
		texts[i] = text.String()
	}
	return texts
}

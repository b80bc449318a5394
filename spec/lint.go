package spec

import (
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"
)

// withdrawnTitle is the title of the section that lists the ids that were withdrawn.
const withdrawnTitle = "Withdrawn ids"

var (
	// keywordRE matches every key word of BCP 14, those that the text does without included.
	keywordRE = regexp.MustCompile(`\b(?:MUST|SHOULD|SHALL)(?: NOT)?\b|\b(?:NOT )?RECOMMENDED\b|\b(?:REQUIRED|MAY|OPTIONAL)\b`)
	// quotedRE matches a key word that is only mentioned.
	quotedRE = regexp.MustCompile(`"(?:MUST|MUST NOT|SHOULD|SHOULD NOT|MAY)"`)
	idRE     = regexp.MustCompile(`\b[A-Z]{3}-[0-9]{3}\b`)
	// marksRE matches the end of a normative item: its level and its id.
	marksRE = regexp.MustCompile(`( \(core\))? \[([A-Z]{3}-[0-9]{3})\]$`)
	// bracketRE matches anything that was probably meant as the id of a sentence.
	bracketRE     = regexp.MustCompile(`\[[A-Za-z]+-?[0-9]+\]`)
	backquoteRE   = regexp.MustCompile("`([a-z][a-z0-9-]*)`")
	sideRE        = regexp.MustCompile(`\b(server|client) $`)
	knownKeywords = []Keyword{Must, MustNot, Should, ShouldNot, May}
)

func withdrawnIDs(text string) []string {
	ids := idRE.FindAllString(text, -1)
	for _, m := range backquoteRE.FindAllStringSubmatch(text, -1) {
		ids = append(ids, m[1])
	}
	return ids
}

// normative reads a requirement out of a chunk, or notes why it is none.
func (p *parser) normative(c chunk) {
	bare := quotedRE.ReplaceAllString(c.text, `""`)
	keywords := keywordRE.FindAllStringIndex(bare, -1)
	marks := marksRE.FindStringSubmatch(bare)
	if len(keywords) == 0 {
		if id := bracketRE.FindString(bare); id != "" {
			p.problem(c.line, "id without keyword", excerpt(id+" in "+c.text))
		}
		return
	}
	keyword := Keyword(bare[keywords[0][0]:keywords[0][1]])
	side := sideRE.FindStringSubmatch(bare[:keywords[0][0]])
	switch {
	case c.kind != item:
		p.problem(c.line, "keyword outside an item", excerpt(c.text))
	case len(keywords) > 1:
		p.problem(c.line, "two keywords", excerpt(c.text))
	case !slices.Contains(knownKeywords, keyword):
		p.problem(c.line, "unknown keyword", string(keyword)+" is none of section 2.1")
	case side == nil:
		p.problem(c.line, "no side", "the word before "+string(keyword)+" is neither server nor client: "+excerpt(c.text))
	case marks == nil:
		p.problem(c.line, "keyword without id", excerpt(c.text)+" does not end in an id such as [PUT-001]")
	default:
		level := Full
		if marks[1] != "" {
			level = Core
		}
		p.add(c, Requirement{
			ID: marks[2], Keyword: keyword, Level: level, Side: Side(side[1]), Section: c.section,
			Text: strings.TrimSuffix(c.text, marks[0]),
		})
	}
}

// add appends a requirement after the checks that concern it alone.
func (p *parser) add(c chunk, r Requirement) {
	switch {
	case !strings.HasSuffix(r.Text, "."):
		p.problem(c.line, "no full stop", fmt.Sprintf("%s ends in %q before its marks", r.ID, r.Text[max(0, len(r.Text)-20):]))
	case bracketRE.MatchString(r.Text):
		p.problem(c.line, "two ids", excerpt(c.text))
	case slices.Contains(p.doc.Withdrawn, r.ID):
		p.problem(c.line, "withdrawn id", r.ID+" is listed in Appendix B: take the next free number")
	case slices.ContainsFunc(p.doc.Requirements, func(o Requirement) bool { return o.ID == r.ID }):
		p.problem(c.line, "duplicate id", r.ID)
	default:
		p.doc.Requirements = append(p.doc.Requirements, r)
		p.lines = append(p.lines, c.line)
	}
}

// checkOrder holds the ids of one prefix together, ascending, and without a gap that Appendix B
// does not explain: a sentence that was cut out must not leave its number to the next one.
func (p *parser) checkOrder() {
	last := map[string]int{}
	previous := ""
	for i, r := range p.doc.Requirements {
		prefix, digits, _ := strings.Cut(r.ID, "-")
		number, _ := strconv.Atoi(digits)
		seen, known := last[prefix]
		switch {
		case known && prefix != previous:
			p.problem(p.lines[i], "prefix split", fmt.Sprintf("%s stands apart from the other %s sentences", r.ID, prefix))
		case number <= seen:
			p.problem(p.lines[i], "id out of order", fmt.Sprintf("%s follows %s-%03d", r.ID, prefix, seen))
		}
		for n := seen + 1; n < number; n++ {
			if id := fmt.Sprintf("%s-%03d", prefix, n); !slices.Contains(p.doc.Withdrawn, id) && !p.has(id) {
				p.problem(p.lines[i], "gap in ids", id+" is neither used nor listed in Appendix B")
			}
		}
		last[prefix] = max(seen, number)
		previous = prefix
	}
}

func (p *parser) has(id string) bool {
	return slices.ContainsFunc(p.doc.Requirements, func(r Requirement) bool { return r.ID == id })
}

// checkCitations notes each id that the prose names although no sentence bears it.
func (p *parser) checkCitations() {
	for _, c := range p.chunks {
		if c.section.Title == withdrawnTitle {
			continue
		}
		for _, id := range idRE.FindAllString(marksRE.ReplaceAllString(c.text, ""), -1) {
			if !p.has(id) {
				p.problem(c.line, "unknown id", id+" in "+excerpt(c.text))
			}
		}
	}
}

// excerpt quotes the beginning of a text.
func excerpt(s string) string {
	const most = 80
	if r := []rune(s); len(r) > most {
		s = string(r[:most]) + "…"
	}
	return strconv.Quote(s)
}

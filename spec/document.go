package spec

import (
	"errors"
	"fmt"
	"regexp"
	"strings"
)

// A Document is what [Parse] finds in a specification, each list in the order of the text.
type Document struct {
	Sections     []Section
	Requirements []Requirement
	Blocks       []Block
	// Withdrawn holds the ids of Appendix B: those of requirements as they are, and those of
	// vectors, which the text puts into backquotes.
	Withdrawn []string
}

// A Section is a numbered heading. Its zero value stands for the text before the first one.
type Section struct {
	Number string // such as "4", "4.3" or "Appendix B"
	Title  string
}

// A Block is a fenced block: ABNF, or an example (section 2.3).
type Block struct {
	Line    int // of the opening fence, counted from 1; Lines[i] is on line Line+1+i
	Section Section
	Info    string // what follows the opening fence
	Lines   []string
}

// A Problem is one place where a specification breaks its own rules (section 2.1).
type Problem struct {
	Line   int    // counted from 1
	Rule   string // the broken rule, one of a few fixed phrases
	Detail string // the words at fault
}

func (p *Problem) Error() string {
	return fmt.Sprintf("SPEC.md:%d: %s: %s", p.Line, p.Rule, p.Detail)
}

// Parse reads a specification in the form of SPEC.md. Its error joins a [*Problem] for each broken
// rule; the document then still holds everything that could be read.
func Parse(text string) (Document, error) {
	p := parser{}
	p.split(text)
	for _, c := range p.chunks {
		if c.section.Title == withdrawnTitle && c.kind != heading {
			p.doc.Withdrawn = append(p.doc.Withdrawn, withdrawnIDs(c.text)...)
		}
	}
	for _, c := range p.chunks {
		p.normative(c)
	}
	p.checkOrder()
	p.checkCitations()
	return p.doc, errors.Join(p.problems...)
}

type chunkKind int

const (
	paragraph chunkKind = iota
	item                // a list item, without its "- "
	heading
)

// A chunk is a piece of prose with its line breaks replaced by spaces.
type chunk struct {
	kind    chunkKind
	line    int
	section Section
	text    string
}

type parser struct {
	doc      Document
	chunks   []chunk
	lines    []int // the line of each requirement of doc
	problems []error
}

func (p *parser) problem(line int, rule, detail string) {
	p.problems = append(p.problems, &Problem{Line: line, Rule: rule, Detail: detail})
}

var headingRE = regexp.MustCompile(`^#{1,6} +(?:(Appendix [A-Z]|[0-9]+(?:\.[0-9]+)*)\. +)?(.+)$`)

// split cuts a text into chunks and blocks.
func (p *parser) split(text string) {
	var (
		section Section
		open    bool // the last chunk goes on
		fence   *Block
	)
	for i, line := range strings.Split(text, "\n") {
		number := i + 1
		switch {
		case fence != nil && line == "```":
			p.doc.Blocks = append(p.doc.Blocks, *fence)
			fence = nil
		case fence != nil:
			fence.Lines = append(fence.Lines, line)
		case strings.HasPrefix(line, "```"):
			fence = &Block{Line: number, Section: section, Info: strings.TrimSpace(line[3:])}
			open = false
		case headingRE.MatchString(line):
			m := headingRE.FindStringSubmatch(line)
			if m[1] != "" {
				section = Section{Number: m[1], Title: m[2]}
				p.doc.Sections = append(p.doc.Sections, section)
			}
			p.chunks = append(p.chunks, chunk{heading, number, section, m[2]})
			open = false
		case strings.TrimSpace(line) == "":
			open = false
		case strings.HasPrefix(line, "- "):
			p.chunks = append(p.chunks, chunk{item, number, section, strings.TrimSpace(line[2:])})
			open = true
		case open:
			last := &p.chunks[len(p.chunks)-1]
			last.text += " " + strings.TrimSpace(line)
		default:
			p.chunks = append(p.chunks, chunk{paragraph, number, section, strings.TrimSpace(line)})
			open = true
		}
	}
	if fence != nil {
		p.problem(fence.Line, "block without end", "```"+fence.Info)
	}
}

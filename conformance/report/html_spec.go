package report

import (
	"bytes"
	"fmt"
	"html/template"
	"regexp"
	"slices"
	"strings"

	"github.com/yuin/goldmark"
	"github.com/yuin/goldmark/ast"
	"github.com/yuin/goldmark/extension"
	"github.com/yuin/goldmark/text"

	"github.com/putget-protocol/putget/spec"
)

// A chapter is one of the numbered parts of the specification, as the page shows it.
type chapter struct {
	Number string // such as "4" or "Appendix B"; empty for what stands before the first one
	Anchor string
	Title  string
	Parts  []part
	Tally  []tally // of its sentences that the run was about
}

// Short returns the number as the contents show it, such as "B" for an appendix.
func (c chapter) Short() string { return strings.TrimPrefix(c.Number, "Appendix ") }

// A part is one of: rendered text, a heading, a normative sentence, a block.
type part struct {
	Text     template.HTML
	Heading  *heading
	Sentence *sentence
	Block    *block
}

type heading struct{ Anchor, Number, Title string }

// A block is a fenced block of the text: grammar, or examples that are vectors.
type block struct {
	Kind  string // the first word of what follows the fence
	Title string
	HTML  template.HTML
}

// A specText renders the specification for one report.
type specText struct {
	markdown  goldmark.Markdown
	source    []byte
	cases     map[string]bool // ids of the cases of the report
	sentences map[string]*sentence
	chapters  []chapter
}

// chaptersOf renders the text of the specification, with the sentences in their places.
func chaptersOf(sentences map[string]*sentence, cases map[string]bool) ([]chapter, error) {
	s := specText{
		markdown: goldmark.New(goldmark.WithExtensions(extension.Table)),
		source:   []byte(spec.Text()), cases: cases, sentences: sentences,
		chapters: []chapter{{Anchor: "specification-0"}},
	}
	doc := s.markdown.Parser().Parse(text.NewReader(s.source))
	for n := doc.FirstChild(); n != nil; n = n.NextSibling() {
		if err := s.node(n); err != nil {
			return nil, fmt.Errorf("the specification: %w", err)
		}
	}
	return s.chapters, nil
}

func (s *specText) node(n ast.Node) error {
	switch n := n.(type) {
	case *ast.Heading:
		s.heading(n)
		return nil
	case *ast.FencedCodeBlock:
		b, err := s.block(n)
		if err == nil {
			s.add(part{Block: b})
		}
		return err
	case *ast.List:
		return s.list(n)
	default:
		return s.prose(n)
	}
}

func (s *specText) add(p part) {
	last := &s.chapters[len(s.chapters)-1]
	last.Parts = append(last.Parts, p)
}

var sectionNumber = regexp.MustCompile(`^(Appendix [A-Z]|[0-9]+(?:\.[0-9]+)*)\. +(.+)$`)

func (s *specText) heading(n *ast.Heading) {
	title := string(n.Lines().Value(s.source))
	m := sectionNumber.FindStringSubmatch(title)
	switch {
	case n.Level == 1:
		s.chapters[0].Title = title
	case m != nil && n.Level == 2:
		s.chapters = append(s.chapters, chapter{Number: m[1], Anchor: sectionAnchor(m[1]), Title: m[2]})
	case m != nil:
		s.add(part{Heading: &heading{Anchor: sectionAnchor(m[1]), Number: m[1], Title: m[2]}})
	default:
		s.add(part{Heading: &heading{Title: title}})
	}
}

func sectionAnchor(number string) string {
	return "section-" + strings.ReplaceAll(strings.ToLower(number), " ", "-")
}

var sentenceMark = regexp.MustCompile(`\[([A-Z]{3}-[0-9]{3})\]\s*$`)

// list adds the items of a list that are normative one by one, and all other lists whole.
func (s *specText) list(n *ast.List) error {
	var ids []string
	for item := n.FirstChild(); item != nil; item = item.NextSibling() {
		var raw []byte
		if first := item.FirstChild(); first != nil {
			raw = first.Lines().Value(s.source)
		}
		m := sentenceMark.FindSubmatch(raw)
		if m == nil || s.sentences[string(m[1])] == nil {
			return s.prose(n) // a list has normative items only, or none
		}
		ids = append(ids, string(m[1]))
	}
	for _, id := range ids {
		view := s.sentences[id]
		var out bytes.Buffer
		if err := s.markdown.Convert([]byte(view.text), &out); err != nil {
			return err
		}
		view.HTML = s.linked(out.String(), id)
		s.add(part{Sentence: view})
	}
	return nil
}

func (s *specText) prose(n ast.Node) error {
	var out bytes.Buffer
	if err := s.markdown.Renderer().Render(&out, s.source, n); err != nil {
		return err
	}
	s.add(part{Text: s.linked(out.String(), "")})
	return nil
}

var citation = regexp.MustCompile(`\b[A-Z]{3}-[0-9]{3}\b`)

// linked makes links of the sentences that a text cites. Ids stand in no attribute, as
// the text has no links of its own.
func (s *specText) linked(html, self string) template.HTML {
	return template.HTML(citation.ReplaceAllStringFunc(html, func(id string) string {
		if id == self || s.sentences[id] == nil {
			return id
		}
		return `<a href="#` + id + `">` + id + `</a>`
	}))
}

// block renders a fenced block. The vectors in it are linked to their cases.
func (s *specText) block(n *ast.FencedCodeBlock) (*block, error) {
	info := ""
	if n.Info != nil {
		info = string(n.Info.Segment.Value(s.source))
	}
	head, title, _ := strings.Cut(info, " : ")
	words := strings.Fields(head)
	b := &block{Kind: "text", Title: title}
	if len(words) > 0 {
		b.Kind = words[0]
	}
	lines := strings.Split(strings.TrimSuffix(string(n.Lines().Value(s.source)), "\n"), "\n")
	switch b.Kind {
	case "transcript":
		if i := slices.IndexFunc(words, func(w string) bool { return s.cases["example-"+w] }); i > 0 {
			b.HTML = s.vectorLink(words[i]) + "\n"
		}
		b.HTML += transcriptLines(lines)
	case "request", "reply":
		b.HTML = s.vectorLines(lines)
		b.Title = fmt.Sprintf("%d %s", len(lines), map[bool]string{true: "example", false: "examples"}[len(lines) == 1])
	default:
		b.HTML = template.HTML(template.HTMLEscapeString(strings.Join(lines, "\n")))
	}
	return b, nil
}

func (s *specText) vectorLink(id string) template.HTML {
	return template.HTML(fmt.Sprintf(`<a href="#case-example-%s">%s</a>`, id, id))
}

// vectorLines shows lines each of which begins with the id of a vector and may end in a remark.
func (s *specText) vectorLines(lines []string) template.HTML {
	var out strings.Builder
	for _, line := range lines {
		id, rest, _ := strings.Cut(line, " ")
		body, remark, found := strings.Cut(rest, "  # ")
		if s.cases["example-"+id] {
			out.WriteString(string(s.vectorLink(id)))
		} else {
			template.HTMLEscape(&out, []byte(id))
		}
		out.WriteByte(' ')
		template.HTMLEscape(&out, []byte(body))
		if found {
			out.WriteString("  <em># " + template.HTMLEscapeString(remark) + "</em>")
		}
		out.WriteByte('\n')
	}
	return template.HTML(out.String())
}

var transcriptMark = regexp.MustCompile(`^[A-Z]*[<>]`)

// transcriptLines shows the lines of a session, those of the two sides apart.
func transcriptLines(lines []string) template.HTML {
	var out strings.Builder
	for _, line := range lines {
		class := "in"
		if strings.HasSuffix(transcriptMark.FindString(line), ">") {
			class = "out"
		}
		fmt.Fprintf(&out, "<span class=\"%s\">%s</span>\n", class, template.HTMLEscapeString(line))
	}
	return template.HTML(out.String())
}

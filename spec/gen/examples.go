package main

import (
	"bytes"
	"errors"
	"fmt"
	"regexp"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/putget-protocol/putget/spec"
)

// since is the version with which every vector of today came.
const since = "1.0"

// A fault is a broken rule of section 2.3, not yet bound to a line.
func fault(rule, detail string) *spec.Problem { return &spec.Problem{Rule: rule, Detail: detail} }

// at binds a fault to its line.
func at(line int, err error) error {
	if p, ok := errors.AsType[*spec.Problem](err); ok {
		return &spec.Problem{Line: line, Rule: p.Rule, Detail: p.Detail}
	}
	return err
}

var (
	idRE          = regexp.MustCompile(`^[a-z][a-z0-9]*(-[a-z0-9]+)*$`)
	requirementRE = regexp.MustCompile(`^[A-Z]{3}-[0-9]{3}$`)
	// Decoded numbers have one spelling each, so that they are compared by eye as well.
	valueRE     = regexp.MustCompile(`^-?(0|[1-9][0-9]*)(\.[0-9]+)?(e[+-][0-9]+)?$`)
	timestampRE = regexp.MustCompile(`^(0|-?[1-9][0-9]*)$`)
)

// vectorsOf returns the vectors of a block, none for one of ABNF or Python.
func vectorsOf(b spec.Block, requirements []spec.Requirement) ([]spec.Vector, error) {
	info, title, _ := strings.Cut(b.Info, " : ")
	words := strings.Fields(info)
	if b.Info == "abnf" || b.Info == "python" {
		return nil, nil
	}
	if len(words) == 0 {
		return nil, at(b.Line, fault("unknown kind of block", "a block says whether it is abnf, python, request, reply or transcript"))
	}
	v := spec.Vector{Kind: spec.Kind(words[0]), Title: strings.TrimSpace(title), Since: since}
	words = words[1:]
	switch v.Kind {
	case spec.RequestKind, spec.ReplyKind:
		if title != "" {
			return nil, at(b.Line, fault("wrong title", "the lines of a request or reply block have titles, the block has none"))
		}
	case spec.TranscriptKind:
		if len(words) == 0 || !idRE.MatchString(words[0]) || v.Title == "" {
			return nil, at(b.Line, fault("wrong title", "a transcript block begins as in ```transcript some-id PUT-001 : Some title"))
		}
		v.ID, words = words[0], words[1:]
	default:
		return nil, at(b.Line, fault("unknown kind of block", fmt.Sprintf("%q is none of abnf, python, request, reply and transcript", v.Kind)))
	}
	if err := bind(&v, words, requirements); err != nil {
		return nil, at(b.Line, err)
	}
	if v.Kind == spec.TranscriptKind {
		return transcript(v, b)
	}
	return examples(v, b)
}

// bind fills in what follows from the requirements in the head of a block.
func bind(v *spec.Vector, words []string, requirements []spec.Requirement) error {
	v.Level = spec.Core
	for _, word := range words {
		if word == string(spec.Full) {
			v.Level = spec.Full
			continue
		}
		i := slices.IndexFunc(requirements, func(r spec.Requirement) bool { return r.ID == word })
		switch {
		case !requirementRE.MatchString(word):
			return fault("unknown word", fmt.Sprintf("%q is neither an id nor full", word))
		case i < 0:
			return fault("unknown requirement", word)
		case slices.Contains(v.Requirements, word):
			return fault("duplicate requirement", word)
		case len(v.Requirements) == 0:
			v.Side, v.Result = requirements[i].Side, result(requirements[i].Keyword)
		}
		if requirements[i].Level == spec.Full {
			v.Level = spec.Full
		}
		v.Requirements = append(v.Requirements, word)
	}
	if len(v.Requirements) == 0 {
		return fault("no requirement", "a block of examples names the ids that it shows")
	}
	return nil
}

func result(k spec.Keyword) spec.Result {
	switch k {
	case spec.May:
		return spec.Permitted
	case spec.Should, spec.ShouldNot:
		return spec.Recommended
	default:
		return spec.Required
	}
}

// examples reads the lines of a request block or a reply block.
func examples(head spec.Vector, b spec.Block) ([]spec.Vector, error) {
	var vectors []spec.Vector
	var errs []error
	for i, line := range b.Lines {
		v, err := example(head, line)
		if err != nil {
			errs = append(errs, at(b.Line+1+i, err))
			continue
		}
		vectors = append(vectors, v)
	}
	if len(b.Lines) == 0 {
		errs = append(errs, at(b.Line, fault("empty block", "```"+b.Info)))
	}
	return vectors, errors.Join(errs...)
}

func example(v spec.Vector, line string) (spec.Vector, error) {
	tokens, title, err := lex(line)
	switch {
	case err != nil:
		return v, err
	case title == "":
		return v, fault("wrong title", "a line ends in # and its title")
	case len(tokens) < 3:
		return v, fault("incomplete line", "a line has an id, bytes, a decoded form and # a title")
	case !idRE.MatchString(tokens[0].word):
		return v, fault("wrong id", fmt.Sprintf("%q is not of lower-case words joined by hyphens", tokens[0].word))
	case bytes.Contains(tokens[1].bytes, []byte("${")):
		return v, fault("wrong placeholder", "${ begins a placeholder, and those are for transcripts")
	case tokens[1].bytes == nil:
		return v, fault("no bytes", fmt.Sprintf("%q is neither a JSON string nor hex: and digits", tokens[1].word))
	}
	v.ID, v.Title, v.Bytes = tokens[0].word, title, tokens[1].bytes
	if !utf8.Valid(v.Bytes) {
		v.Flags = append(v.Flags, spec.FlagBinary)
	}
	if v.Kind == spec.ReplyKind {
		v.Reply, err = decodedReply(tokens[2].word, tokens[3:])
		return v, err
	}
	if bytes.Count(v.Bytes, []byte{'\n'}) != 1 || !bytes.HasSuffix(v.Bytes, []byte{'\n'}) {
		return v, fault("no request line", "a request has one LF, at its end")
	}
	v.Request, err = decodedRequest(tokens[2].word, tokens[3:])
	return v, err
}

func decodedRequest(form string, fields []token) (*spec.Request, error) {
	switch {
	case form == "wrong" && len(fields) == 0:
		return &spec.Request{Form: spec.WrongForm}, nil
	case form == "get" && len(fields) == 1 && fields[0].word == "*":
		return &spec.Request{Form: spec.GetAllForm}, nil
	case form == "get" && len(fields) == 1 && len(fields[0].bytes) > 0:
		return &spec.Request{Form: spec.GetForm, Key: fields[0].bytes}, nil
	case form == "put" && len(fields) == 3:
		s, err := sample(fields[0].bytes, fields[1].word, fields[2].word)
		return &spec.Request{Form: spec.PutForm, Key: s.Key, Value: s.Value, Timestamp: s.Timestamp}, err
	}
	return nil, fault("wrong decoded form", `a request is put "key" value timestamp, get "key", get * or wrong`)
}

func decodedReply(form string, fields []token) (*spec.Reply, error) {
	switch {
	case form == "ok" && len(fields)%3 == 0:
		r := &spec.Reply{Form: spec.OKForm, Samples: []spec.Sample{}}
		for f := range slices.Chunk(fields, 3) {
			s, err := sample(f[0].bytes, f[1].word, f[2].word)
			if err != nil {
				return nil, err
			}
			r.Samples = append(r.Samples, s)
		}
		return r, nil
	case form == "error" && !slices.ContainsFunc(fields, func(t token) bool { return len(t.bytes) == 0 }):
		r := &spec.Reply{Form: spec.ErrorForm, Lines: []spec.Bytes{}}
		for _, f := range fields {
			r.Lines = append(r.Lines, f.bytes)
		}
		return r, nil
	case (form == "incomplete" || form == "broken") && len(fields) == 0:
		return &spec.Reply{Form: spec.ReplyForm(form)}, nil
	}
	return nil, fault("wrong decoded form", `a reply is ok ["key" value timestamp]..., error ["text"]..., incomplete or broken`)
}

// sample checks the spelling of the fields, and that the numbers are in range.
func sample(key spec.Bytes, value, timestamp string) (spec.Sample, error) {
	s := spec.Sample{Key: key, Value: spec.Number(value), Timestamp: spec.Number(timestamp)}
	switch {
	case len(key) == 0:
		return s, fault("wrong decoded form", "the key is missing or empty")
	case !valueRE.MatchString(value):
		return s, fault("wrong number", fmt.Sprintf("the decoded value %q is not spelled like 10.0, -0.5 or 5e-324", value))
	case !timestampRE.MatchString(timestamp):
		return s, fault("wrong number", fmt.Sprintf("the decoded timestamp %q has other than digits, or zeros before them", timestamp))
	}
	if err := spec.CheckSample(s.Value, s.Timestamp); err != nil {
		return s, fault("wrong number", err.Error())
	}
	return s, nil
}

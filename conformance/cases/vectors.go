package cases

import (
	"bytes"
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/putget-protocol/putget/conformance/oracle"
	"github.com/putget-protocol/putget/spec"
)

// vectorCases makes a case of each vector that a server can be judged by, grouped by
// section.
func vectorCases() (map[string][]Case, error) {
	vectors, err := spec.Vectors()
	if err != nil {
		return nil, err
	}
	played := make(map[string][]Case)
	plain := make(map[string]int) // request vectors, by requirement
	for _, v := range vectors {
		if _, replaced := Replaced()[v.ID]; replaced || v.Side != spec.Server || v.Kind == spec.ReplyKind {
			continue
		}
		section, ok := sectionOf(v.Requirements[0])
		if !ok {
			return nil, fmt.Errorf("vector %s: no section for %s", v.ID, v.Requirements[0])
		}
		c := vectorCase(v)
		if v.Kind == spec.RequestKind {
			plain[v.Requirements[0]]++
			c.plain = c.plain && plain[v.Requirements[0]] <= mostPlain
		}
		played[section] = append(played[section], c)
	}
	return played, nil
}

// Replaced lists the vectors that show one of several allowed replies, each with
// the case that allows all of them.
func Replaced() map[string]string {
	return map[string]string{"limit-refused": limitLine, "limit-nothing-stored": "limit-nothing-stored"}
}

// sectionOf returns the section to which the requirements of a prefix belong.
func sectionOf(requirement string) (string, bool) {
	sections := map[string]string{
		"FRM": "framing", "LEX": "lexis", "VAL": "values", "TIM": "timestamps", "PUT": "put", "GET": "get",
		"ERR": "errors", "REP": "replies", "CON": "consistency", "SES": "sessions", "LIM": "limits",
	}
	section, ok := sections[strings.SplitN(requirement, "-", 2)[0]]
	return section, ok
}

// exampleID is the id of the case that plays a vector: the vectors are the examples
// of the specification.
func exampleID(vector string) string { return "example-" + vector }

func vectorCase(v spec.Vector) Case {
	c := Case{ID: exampleID(v.ID), Title: v.Title, Requirements: v.Requirements, Level: v.Level, Vector: v.ID, plain: isPlain(v)}
	switch {
	case v.Kind == spec.TranscriptKind:
		c.Run = func(ctx context.Context, s *Session) { playTranscript(ctx, s, v) }
		transcriptData(&c, v)
	case v.Request.Form == spec.WrongForm:
		c.Title = fmt.Sprintf("%q is wrong: %s", []byte(v.Bytes), v.Title)
		c.DependsOn = ids(errorReply, errorSession)
		c.Blames = []Blame{on(v.Requirements[0], oracle.AspectAccepted)}
		c.Run = func(ctx context.Context, s *Session) { playWrong(ctx, s, v) }
	default:
		c.Title = fmt.Sprintf("%q is right: %s", []byte(v.Bytes), v.Title)
		c.Blames = []Blame{content(v.Requirements[0])}
		c.DependsOn = append(ids(replyExact, "value-forms"), leansOn()[v.ID]...)
		c.Run = func(ctx context.Context, s *Session) { playRight(ctx, s, v) }
	}
	return c
}

// mostPlain is how many request vectors of one requirement are delivered in every way;
// how bytes arrive matters alike to all of them.
const mostPlain = 5

// isPlain reports whether the requests of a vector may be delivered in any way, and so
// again and again: they do not ask for everything, which may be much.
func isPlain(v spec.Vector) bool {
	if v.Kind == spec.RequestKind {
		return true
	}
	return v.Delivery == "" && !slices.ContainsFunc(v.Steps, func(step spec.Step) bool {
		line := string(step.Write(func(name string, _ int) string { return name }))
		return step.ExpectSilence || step.HalfClose || step.Close || len(line) > oracle.MaxLine || strings.HasPrefix(line, "get *")
	})
}

// leansOn names the cases whose features a vector uses besides its own.
func leansOn() map[string][]string {
	return map[string][]string{
		"request-crlf-after-space": {"lex-spaces-ends"},
		"request-value-point-exp":  {"value-sides"},
		"request-value-end-exp":    {"value-sides"},
		"request-star-put":         {"lex-key-part"},
		"request-time-minus-zero":  {"time-edges"},
		"request-time-plus-zero":   {"time-edges"},
		"request-time-neg-zeros":   {"time-edges"},
	}
}

// playRight sends a right request with fresh keys in place of its own: one that ends
// like it, and one that begins like it where that can matter. A get finds a sample.
func playRight(ctx context.Context, s *Session, v spec.Vector) {
	a := s.Conn(ctx, "A")
	line := string(bytes.TrimSuffix(v.Bytes, []byte("\n")))
	if v.Request.Form == spec.GetAllForm {
		for turn := range s.turns(line) {
			s.take(turn, line)
			a.Ask(ctx, line)
		}
		return
	}
	own := string(v.Request.Key)
	keys := []string{s.Key(own)}
	if first := own[0]; first != '_' && (first < '0' || first > 'z') {
		keys = append(keys, own+"."+s.look.KeyPrefix)
	}
	const word = len("put") // the key may be spelled like the word before it
	at := word + strings.Index(line[word:], own)
	lineOf := func(key string) string { return line[:at] + key + line[at+len(own):] }
	for _, plain := range keys {
		for turn := range s.turns(lineOf(plain)) {
			key := plain
			if turn > 0 { // what was put before proves nothing
				key = strings.Replace(plain, s.look.KeyPrefix, fmt.Sprintf("%s.%d", s.look.KeyPrefix, turn), 1)
			}
			if v.Request.Form == spec.GetForm {
				a.Put(ctx, key, "1.5", "7")
			}
			s.take(turn, lineOf(key))
			a.Ask(ctx, lineOf(key))
			a.Get(ctx, key)
		}
	}
}

// playWrong sends a wrong request, and sees to it that it stored nothing and that
// the session goes on.
func playWrong(ctx context.Context, s *Session, v spec.Vector) {
	cpu, a := s.Key("cpu"), s.Conn(ctx, "A")
	line := strings.ReplaceAll(string(bytes.TrimSuffix(v.Bytes, []byte("\n"))), "palm.cpu", cpu)
	a.Put(ctx, cpu, "0.5", "6")
	for turn := range s.turns(line) {
		s.take(turn, line)
		a.Refused(ctx, line)
	}
	a.Get(ctx, cpu, samples("ERR-007"))
}

// playTranscript plays the client's part of a transcript.
func playTranscript(ctx context.Context, s *Session, v spec.Vector) {
	due := make(map[string]string) // connection -> what was sent and not answered
	var parts []string
	for i, step := range v.Steps {
		name := step.Connection
		if name == "" {
			name = "A"
		}
		c := s.Conn(ctx, name)
		switch {
		case len(step.Send) > 0:
			text := string(step.Write(s.vectorKey))
			due[name] += text
			parts = append(parts, text)
			if next := i + 1; next < len(v.Steps) && len(v.Steps[next].Send) > 0 && v.Steps[next].Connection == step.Connection {
				continue // pieces of one request go out one after the other
			}
			c.Send(ctx, parts...)
			parts = nil
		case len(step.Expect) > 0:
			line, rest, _ := strings.Cut(due[name], "\n")
			due[name] = rest
			reply := c.answer(ctx, line, rest != "")
			if v.Result == spec.Recommended {
				c.worded(reply, oracle.AspectValueWording, oracle.AspectTimestampWording)
			}
		case step.ExpectSilence:
			c.Silence(ctx, anything(v.Requirements[0]))
		case step.ExpectClosed:
			c.End(ctx)
		case step.HalfClose:
			c.HalfClose(ctx)
		case step.Close:
			c.Close()
		}
	}
}

// vectorKey is the key for a placeholder.
func (s *Session) vectorKey(name string, length int) string {
	if length > 0 {
		return s.LongKey(name, length)
	}
	return s.Key(name)
}

// coreWrong names the cases of the wrong forms of level core.
func coreWrong() []string {
	return ids("error-word", "error-get-alone", "error-put-none", "error-put-one", "error-put-two", "error-put-four", "value-letters", "time-no-integer")
}

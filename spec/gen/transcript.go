package main

import (
	"bytes"
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/putget-protocol/putget/spec"
)

var (
	// lineRE matches a line of a transcript: connection, direction, content.
	lineRE = regexp.MustCompile(`^([A-Z]?)([<>])(?: (.*))?$`)
	// directiveRE matches a directive, with the content behind it.
	directiveRE   = regexp.MustCompile(`^\(([a-z-]+)(?: ([1-9][0-9]{0,6}))?\)(?: (.*))?$`)
	placeholderRE = regexp.MustCompile(`\$\{[a-z][a-z0-9_.]*(?::[1-9][0-9]*)?\}`)
)

// A reader reads the lines of one transcript.
type reader struct {
	v       spec.Vector
	lengths map[string]string       // of placeholders, by their names: what follows the name
	joined  map[string][]spec.Piece // by connection, what waits for the next line
	inLine  map[string]bool         // by connection, whether a part of a line was sent
	open    *spec.Reply             // the reply that has begun
	openOn  string                  // its connection
}

func transcript(v spec.Vector, b spec.Block) ([]spec.Vector, error) {
	r := &reader{v: v, lengths: map[string]string{}, joined: map[string][]spec.Piece{}, inLine: map[string]bool{}}
	for i, line := range b.Lines {
		if err := r.line(line); err != nil {
			return nil, at(b.Line+1+i, err)
		}
	}
	if err := r.end(); err != nil {
		return nil, at(b.Line, err)
	}
	return []spec.Vector{r.v}, nil
}

func (r *reader) line(line string) error {
	m := lineRE.FindStringSubmatch(line)
	switch {
	case m == nil:
		return fault("no transcript line", fmt.Sprintf("%q begins with neither > nor <, or lacks the SP behind it", line))
	case strings.HasSuffix(line, " "):
		return fault("space at the end", `an editor may drop it: write \x20`)
	case r.open != nil && (m[2] == ">" || m[1] != r.openOn):
		return fault("unfinished reply", "a reply ends in an empty line before anything else happens")
	}
	if err := r.placeholders(m[3]); err != nil {
		return err
	}
	if m[2] == ">" {
		return r.send(m[1], m[3])
	}
	return r.receive(m[1], m[3])
}

// placeholders checks that one name always has the same length, and that ${ begins nothing else.
func (r *reader) placeholders(content string) error {
	found := placeholderRE.FindAllString(content, -1)
	if len(found) != strings.Count(content, "${") {
		return fault("wrong placeholder", fmt.Sprintf("%q: a placeholder is ${name} or ${name:1024}", content))
	}
	for _, p := range found {
		name, length, _ := strings.Cut(p, ":")
		name = strings.TrimSuffix(name, "}")
		if before, seen := r.lengths[name]; seen && before != length {
			return fault("wrong placeholder", p+" had another length before")
		}
		r.lengths[name] = length
	}
	return nil
}

// A line to be sent, with what its directives say.
type outgoing struct {
	content    string
	part, join bool
	pad        int
	end        string // half-close or close, which stand alone
}

// directives takes the directives off the beginning of a line.
func directives(content string) (outgoing, error) {
	var o outgoing
	for strings.HasPrefix(content, "(") {
		m := directiveRE.FindStringSubmatch(content)
		if m == nil {
			return o, fault("unknown directive", fmt.Sprintf(`%q: write \x28 for a line that begins with a parenthesis`, content))
		}
		alone := m[3] == "" && o == (outgoing{})
		switch {
		case m[1] == "part" && m[2] == "" && !o.join:
			o.part = true
		case m[1] == "join" && m[2] == "" && !o.part:
			o.join = true
		case m[1] == "pad" && m[2] != "":
			o.pad, _ = strconv.Atoi(m[2]) // few digits, as the expression says
		case (m[1] == "half-close" || m[1] == "close") && m[2] == "" && alone:
			o.end = m[1]
		default:
			return o, fault("unknown directive", fmt.Sprintf("%q: there are (part) or (join), (pad N), and alone (half-close) or (close)", content))
		}
		content = m[3]
	}
	o.content = content
	return o, nil
}

// send reads what stands behind ">".
func (r *reader) send(connection, content string) error {
	o, err := directives(content)
	switch {
	case err != nil:
		return err
	case o.end != "":
		return r.finish(connection, o.end)
	case o.part && o.content == "":
		return fault("empty part", "(part) sends what follows it")
	case o.pad != 0 && r.inLine[connection]:
		return fault("unknown directive", "(pad N) fills up a whole line, not the rest of one")
	}
	raw, err := unescape(o.content)
	if err != nil {
		return err
	}
	write := join(r.joined[connection], pieces(raw)...)
	if o.pad != 0 {
		write = join(write, spec.Piece{Pad: o.pad})
	}
	if !o.part {
		write = join(write, spec.Piece{Bytes: spec.Bytes("\n")})
	}
	r.inLine[connection] = o.part
	delete(r.joined, connection)
	if o.join {
		r.joined[connection] = write
	} else {
		r.step(spec.Step{Connection: connection, Send: write})
	}
	if o.join || o.part {
		r.v.Delivery = "fixed"
	}
	return nil
}

func (r *reader) finish(connection, how string) error {
	if r.joined[connection] != nil {
		return fault("unfinished join", "nothing follows (join) before ("+how+")")
	}
	r.step(spec.Step{Connection: connection, HalfClose: how == "half-close", Close: how == "close"})
	return nil
}

// receive reads what stands behind "<".
func (r *reader) receive(connection, content string) error {
	switch {
	case r.joined[connection] != nil:
		return fault("unfinished join", "nothing follows (join) before a reply")
	case r.open != nil && content == "":
		r.step(spec.Step{Connection: connection, Expect: []spec.Reply{*r.open}})
		r.open = nil
	case r.open != nil && r.open.Form == spec.ErrorForm:
		text, err := unescape(content)
		r.open.Lines = append(r.open.Lines, text)
		return err
	case r.open != nil && content == "...":
		r.open.Others = true
	case r.open != nil:
		return r.sample(content)
	case content == "(silence)":
		r.step(spec.Step{Connection: connection, ExpectSilence: true})
	case content == "(closed)":
		r.step(spec.Step{Connection: connection, ExpectClosed: true})
	case content == "ok":
		r.open, r.openOn = &spec.Reply{Form: spec.OKForm, Samples: []spec.Sample{}}, connection
	case content == "error":
		r.open, r.openOn = &spec.Reply{Form: spec.ErrorForm, Lines: []spec.Bytes{}}, connection
	default:
		return fault("no reply", fmt.Sprintf("%q is neither a status nor (silence) or (closed)", content))
	}
	return nil
}

func (r *reader) sample(content string) error {
	fields := strings.Split(content, " ")
	if len(fields) != 3 {
		return fault("wrong sample line", fmt.Sprintf("%q has not three fields with one SP between them", content))
	}
	key, err := unescape(fields[0])
	if err != nil {
		return err
	}
	if !utf8.Valid(key) {
		return fault("wrong sample line", fmt.Sprintf("the key %q is not UTF-8", key))
	}
	s, err := sample(key, fields[1], fields[2])
	r.open.Samples = append(r.open.Samples, s)
	return err
}

func (r *reader) step(s spec.Step) { r.v.Steps = append(r.v.Steps, s) }

// end checks what only the whole transcript shows, and sets the flags.
func (r *reader) end() error {
	switch {
	case r.open != nil:
		return fault("unfinished reply", "the last reply of the block has no empty line")
	case len(r.joined) > 0:
		return fault("unfinished join", "nothing follows the last (join)")
	case len(r.v.Steps) == 0:
		return fault("empty block", r.v.ID)
	}
	names := map[string]bool{}
	for _, s := range r.v.Steps {
		names[s.Connection] = true
	}
	if len(names) > 1 && names[""] {
		return fault("unnamed connection", "either every line names its connection or none does")
	}
	has := func(f func(spec.Step) bool) bool { return slices.ContainsFunc(r.v.Steps, f) }
	binary := func(p spec.Piece) bool { return !utf8.Valid(p.Bytes) }
	for _, f := range []struct {
		flag spec.Flag
		on   bool
	}{
		{spec.FlagBinary, has(func(s spec.Step) bool { return slices.ContainsFunc(s.Send, binary) })},
		{spec.FlagConnections, len(names) > 1},
		{spec.FlagHalfClose, has(func(s spec.Step) bool { return s.HalfClose })},
		{spec.FlagSilence, has(func(s spec.Step) bool { return s.ExpectSilence })},
	} {
		if f.on {
			r.v.Flags = append(r.v.Flags, f.flag)
		}
	}
	return nil
}

// pieces cuts bytes where UTF-8 begins and ends, so that text stays readable beside other bytes.
func pieces(b spec.Bytes) []spec.Piece {
	var out []spec.Piece
	for len(b) > 0 {
		n := prefix(b, true)
		if n == 0 {
			n = prefix(b, false)
		}
		out = append(out, spec.Piece{Bytes: bytes.Clone(b[:n])})
		b = b[n:]
	}
	return out
}

// prefix returns the length of the longest prefix of b that is all UTF-8, or all not.
func prefix(b []byte, valid bool) int {
	n := 0
	for n < len(b) {
		r, size := utf8.DecodeRune(b[n:])
		if (r != utf8.RuneError || size > 1) != valid {
			break
		}
		n += size
	}
	return n
}

// join appends pieces, and merges those of text.
func join(to []spec.Piece, more ...spec.Piece) []spec.Piece {
	for _, p := range more {
		last := len(to) - 1
		if last >= 0 && p.Pad == 0 && to[last].Pad == 0 && utf8.Valid(p.Bytes) && utf8.Valid(to[last].Bytes) {
			to[last].Bytes = append(to[last].Bytes, p.Bytes...)
			continue
		}
		to = append(to, p)
	}
	return to
}

package report

import (
	"fmt"
	"slices"
	"strings"

	"github.com/putget-protocol/putget/spec"
)

// An Explanation says what a sentence of the specification is there for.
type Explanation struct {
	Why   string    // what goes wrong between two programs where it is broken, as one sentence
	Right []Example // short sessions that keep to it; never empty
	Wrong []Example // short sessions that break it; of a permission: that go beyond it
}

// An Example is a short session, or a single reply. Its lines are:
//
//	> "put cpu 1.5 7\n"               sent to the server, in one write
//	> (pad 4096) "get cpu\n"          the same, its first line filled up with SP to 4,096 bytes
//	< "ok\n\n"                        sent by the server
//	> half-close                      the client ends its sending side
//	< closed                          the server ends the connection; also: reset
//	< silence                         nothing comes, however long one waits
//	(the storage fails)               a remark
//
// The name of the connection stands before the mark where there are several, and
// ${cpu:1024} for a key of so many bytes. Those of an example on clients begin with what
// its user calls, and end in what comes of it:
//
//	call get("cpu")                   also: call Client("127.0.0.1", 8888)
//	> connect                         the client makes its connection
//	< refused                         and gets none
//	-> {"cpu": [(7, 1.5)]}            also: nothing, a client, own error, the name of a bare one, no answer
type Example struct {
	Note  string
	Lines []string
}

// How many examples of each kind a sentence has at most.
const (
	mostRight = 2
	mostWrong = 2
)

// Explain returns the explanation of a requirement; it is empty when there is no such
// requirement. What the vectors of the specification show comes from there; the rest is
// written by hand. The error says that the vectors cannot be read.
func Explain(id string) (Explanation, error) {
	var e Explanation
	i := slices.IndexFunc(lessons(), func(l lesson) bool { return l.id == id })
	if i < 0 {
		return e, nil
	}
	l := lessons()[i]
	e.Why = l.why
	e.Right, e.Wrong = byHand(l.right), byHand(l.wrong)
	vectors, err := spec.Vectors()
	if err != nil {
		return Explanation{}, err
	}
	for _, v := range about(id, vectors) {
		if bindsClients(id) {
			e.Right = append(e.Right, fromReply(v)...)
			continue
		}
		right, wrong := fromVector(v)
		e.Right = append(e.Right, right...)
		if len(l.wrong) == 0 {
			e.Wrong = append(e.Wrong, wrong...)
		}
	}
	e.Right = e.Right[:min(len(e.Right), mostRight)]
	e.Wrong = e.Wrong[:min(len(e.Wrong), mostWrong)]
	return e, nil
}

// about returns the vectors of a sentence, those first that are there for its sake.
func about(id string, vectors []spec.Vector) []spec.Vector {
	var first, others []spec.Vector
	for _, v := range vectors {
		switch slices.Index(v.Requirements, id) {
		case -1:
		case 0:
			first = append(first, v)
		default:
			others = append(others, v)
		}
	}
	return append(first, others...)
}

// A lesson is what is written by hand about a sentence. Each example is a note and the
// lines of its session; wrong ones take the place of those made from vectors.
type lesson struct {
	id, why      string
	right, wrong []string
}

func lessons() []lesson {
	return slices.Concat(
		framingLessons(), lexisLessons(), keyLessons(), valueLessons(), timestampLessons(),
		putLessons(), getLessons(), getAllLessons(), errorLessons(),
		formLessons(), numberLessons(), failureLessons(),
		consistencyLessons(), sessionLessons(), limitLessons(), clientLessons(),
	)
}

func byHand(texts []string) []Example {
	var out []Example
	for _, text := range texts {
		lines := strings.Split(text, "\n")
		out = append(out, Example{Note: lines[0], Lines: lines[1:]})
	}
	return out
}

const (
	emptyOK      = `< "ok\n\n"`
	wrongCommand = `< "error\nwrong command\n\n"`
)

// fromVector makes examples of a vector: what it shows, and what a server does that
// takes it the other way.
func fromVector(v spec.Vector) (right, wrong []Example) {
	sent := "> " + Quote(v.Bytes)
	switch {
	case v.Kind == spec.TranscriptKind:
		return []Example{{Note: v.Title, Lines: transcript(v.Steps)}}, nil
	case v.Kind == spec.ReplyKind && (v.Reply.Form == spec.OKForm || v.Reply.Form == spec.ErrorForm):
		return []Example{{Note: v.Title, Lines: []string{"< " + Quote(v.Bytes)}}}, nil
	case v.Kind == spec.ReplyKind:
		return nil, []Example{{Note: v.Title, Lines: []string{"< " + Quote(v.Bytes)}}}
	case v.Request.Form == spec.WrongForm:
		return []Example{{v.Title, []string{sent, wrongCommand}}}, []Example{{"taken for a right request", []string{sent, emptyOK}}}
	default:
		return []Example{{v.Title, []string{sent, emptyOK}}}, []Example{{"taken for a wrong request", []string{sent, wrongCommand}}}
	}
}

// transcript writes the steps of a vector down as the lines of an example.
func transcript(steps []spec.Step) []string {
	var lines []string
	for _, s := range steps {
		line := ""
		switch {
		case len(s.Send) > 0:
			line = "> " + sending(s)
		case len(s.Expect) > 0:
			line = "< " + Quote(replyBytes(s.Expect[0]))
		case s.ExpectSilence:
			line = "(nothing comes yet)"
		case s.ExpectClosed:
			line = "< closed"
		case s.HalfClose:
			line = "> half-close"
		default:
			line = "> close"
		}
		lines = append(lines, s.Connection+line)
	}
	return lines
}

// sending writes down what a step sends. At most its first line is padded.
func sending(s spec.Step) string {
	var out []byte
	pad := ""
	for _, piece := range s.Send {
		if piece.Pad > 0 {
			pad = fmt.Sprintf("(pad %d) ", piece.Pad)
			continue
		}
		out = append(out, named(piece.Bytes)...)
	}
	return pad + Quote(out)
}

// named puts bare names in place of placeholders, but for those with a length.
func named(b spec.Bytes) []byte {
	return b.Fill(func(name string, length int) string {
		if length > 0 {
			return fmt.Sprintf("${%s:%d}", name, length)
		}
		return name
	})
}

func replyBytes(r spec.Reply) []byte {
	out := []byte(r.Form + "\n")
	for _, s := range r.Samples {
		out = fmt.Appendf(out, "%s %s %s\n", named(s.Key), s.Value, s.Timestamp)
	}
	for _, line := range r.Lines {
		out = fmt.Appendf(out, "%s\n", []byte(line))
	}
	return append(out, '\n')
}

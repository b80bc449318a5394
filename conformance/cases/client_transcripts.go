package cases

import (
	"bytes"
	"cmp"
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/putget-protocol/putget/conformance/oracle"
	"github.com/putget-protocol/putget/spec"
)

// A turn is one call of a transcript: the request that it sends, and what answers it.
type turn struct {
	line   []byte // without its LF
	reply  spec.Reply
	closed bool // the connection ends instead of a reply
	silent bool // nothing comes instead
}

// turnsOf reads the calls of a transcript. It reports false when they cannot be made
// one at a time.
func turnsOf(v spec.Vector) ([]turn, bool) {
	var turns []turn
	for i, step := range v.Steps {
		if len(step.Send) == 0 {
			continue
		}
		line, ended := bytes.CutSuffix(step.Write(transcriptKey), []byte("\n"))
		if !ended || bytes.ContainsRune(line, '\n') || i+1 >= len(v.Steps) {
			return nil, false
		}
		next := v.Steps[i+1]
		t := turn{line: line, closed: next.ExpectClosed, silent: next.ExpectSilence}
		if len(next.Expect) > 0 {
			t.reply = next.Expect[0]
		} else if !t.closed && !t.silent {
			return nil, false
		}
		turns = append(turns, t)
	}
	return turns, len(turns) > 0
}

// transcriptKey is the key for a placeholder: a client has a server of its own.
func transcriptKey(name string, length int) string {
	if length == 0 {
		return name
	}
	return name + "." + strings.Repeat("x", max(0, length-len(name)-1))
}

// clientTranscript makes the case of a transcript that shows what a client does, and
// reports whether it can be played.
func clientTranscript(c *Case, v spec.Vector) bool {
	turns, ok := turnsOf(v)
	if !ok || len(c.Requirements) == 0 {
		return false
	}
	if slices.ContainsFunc(turns, func(t turn) bool { return t.silent }) {
		c.Needs = ids(clientTimeout)
	}
	if c.Is("CLI-026") {
		c.DependsOn = pieceIDs()
	}
	keeps := c.Is("CLI-003") || c.Is("CLI-021")
	requirement := c.Requirements[0]
	c.Drive = func(ctx context.Context, d *Drive) { d.playTurns(ctx, turns, requirement, keeps) }
	return true
}

// playTurns makes the calls of a transcript; keeps says that it shows how a client uses
// one connection for them. What a call returns is a matter of the sentence that is
// about just that.
func (d *Drive) playTurns(ctx context.Context, turns []turn, requirement string, keeps bool) {
	if slices.ContainsFunc(turns, func(t turn) bool { return t.silent }) {
		if !d.openToWait(ctx) {
			return
		}
	} else {
		d.Open(ctx)
	}
	if requirement == "CLI-026" {
		if !d.readsShort(ctx) {
			return
		}
		d.pieces = true
	}
	var before *lane
	for _, t := range turns {
		x, right := d.playTurn(ctx, t, requirement, "")
		if !right {
			return
		}
		if keeps {
			id := "CLI-003"
			if requirement != id {
				id = "CLI-021"
			}
			if before = d.sameLane(x, before, id); before == nil {
				return
			}
			if t.reply.Form == spec.ErrorForm {
				requirement = "CLI-021" // by which the next call is to be as good as any
			}
		}
	}
}

// playTurn makes one call, and reports whether it went as it is to. A call that fails and
// sends nothing breaks the requirement unsent, where one is named.
func (d *Drive) playTurn(ctx context.Context, t turn, requirement, unsent string) (*exchange, bool) {
	request, ok := oracle.ParseRequest(t.line)
	if !ok {
		d.stop(fmt.Errorf("%q is no request", t.line))
		return nil, false
	}
	op, args := callOf(request)
	s, failing := scriptOf(t)
	x := d.call(ctx, op, args, s)
	if x == nil {
		return nil, false
	}
	if failing != "" {
		return x, gaveUp(x, s) || d.checkRequest(x, failing) && d.failsCleanly(x, failing)
	}
	id := shownBy(&t.reply)
	if op == "put" {
		id = "CLI-014"
	}
	if requirement == "CLI-021" || requirement == "CLI-026" {
		id = requirement
	}
	unsent = cmp.Or(unsent, id)
	if op == "put" {
		return x, d.checkRequest(x, unsent) && d.returned(x, "the call to return nothing", id) && d.isNothing(x, id)
	}
	want := mappingOf(samplesOf(&t.reply)...)
	return x, d.checkRequest(x, unsent) && d.returned(x, want.String(), id) && d.isMapping(x, want, id)
}

// playRequest makes the call that sends a line, and answers it.
func (d *Drive) playRequest(ctx context.Context, line []byte, requirement string) {
	d.Open(ctx)
	t := turn{line: bytes.TrimSuffix(line, []byte("\n")), reply: spec.Reply{Form: spec.OKForm, Samples: []spec.Sample{}}}
	d.playTurn(ctx, t, "", requirement)
}

// callOf returns the call that sends a request.
func callOf(r oracle.Request) (op string, args []any) {
	switch {
	case r.Verb == oracle.Put:
		return "put", putArgs(r.Key, number(oracle.FormatValue(r.Value)), number(oracle.FormatTimestamp(r.Timestamp)))
	case r.All:
		return "get", []any{"*"}
	default:
		return "get", []any{r.Key}
	}
}

// scriptOf returns what answers a call, and the sentence by which the call is to fail,
// or "".
func scriptOf(t turn) (s script, failing string) {
	switch {
	case t.closed:
		return script{end: closes}, "CLI-023"
	case t.silent:
		return script{takes: waits}, "CLI-024"
	case t.reply.Form == spec.ErrorForm:
		var text strings.Builder
		for _, line := range t.reply.Lines {
			text.Write(line)
			text.WriteString("\n")
		}
		return whole("error\n" + text.String() + "\n"), "CLI-020"
	default:
		return script{parts: []string{okReply(samplesOf(&t.reply)...)}, held: len(t.reply.Samples) == 0}, ""
	}
}

package cases

import (
	"context"
	"fmt"
	"strconv"
	"strings"

	"github.com/putget-protocol/putget/conformance/oracle"
	"github.com/putget-protocol/putget/spec"
)

// clientVectorCases makes a case of each vector that a client can be judged by, grouped
// by section.
func clientVectorCases() (map[string][]Case, error) {
	vectors, err := spec.Vectors()
	if err != nil {
		return nil, err
	}
	played := make(map[string][]Case)
	for _, v := range vectors {
		c, ok := clientVectorCase(v)
		if !ok {
			continue
		}
		section, ok := clientSectionOf(c.Requirements[0])
		if !ok {
			return nil, fmt.Errorf("vector %s: no section for %s", v.ID, c.Requirements[0])
		}
		played[section] = append(played[section], c)
	}
	return played, nil
}

// clientSectionOf returns the section to which a requirement on clients belongs.
func clientSectionOf(requirement string) (string, bool) {
	number, isClient := strings.CutPrefix(requirement, "CLI-")
	n, err := strconv.Atoi(number)
	switch {
	case !isClient, err != nil:
		return "", false
	case n <= 4:
		return "connection", true
	case n <= 10:
		return "requests", true
	case n <= 13:
		return "arguments", true
	case n <= 19:
		return "results", true
	case n <= 21:
		return "errors", true
	case n == 23:
		return "loss", true
	case n == 24:
		return "timeout", true
	case n == 25, n == 26:
		return "pieces", true
	case n == 28, n == 29:
		return "unasked", true
	case n == 30, n == 31:
		return "afterwards", true
	case n == 32:
		return "wording", true
	default:
		return "form", true
	}
}

// clientVectorCase makes a case of a vector, and reports whether a client can be judged
// by it: by every reply, and by what clients send.
func clientVectorCase(v spec.Vector) (Case, bool) {
	c := Case{ID: exampleID(v.ID), Title: v.Title, Vector: v.ID}
	for _, id := range v.Requirements {
		if r, ok := spec.Find(id); ok && r.Side == spec.Client {
			c.Requirements = append(c.Requirements, id)
		}
	}
	if v.Level == spec.Full {
		c.Level = spec.Full
	}
	switch {
	case v.Kind == spec.ReplyKind:
		replyVector(&c, v)
	case v.Side != spec.Client:
		return Case{}, false
	case v.Kind == spec.RequestKind && v.Request.Form != spec.WrongForm:
		c.Title = fmt.Sprintf("%q is sent, in this or another wording of its numbers: %s", []byte(v.Bytes), v.Title)
		c.Drive = func(ctx context.Context, d *Drive) { d.playRequest(ctx, v.Bytes, c.Requirements[0]) }
	case v.Kind == spec.TranscriptKind:
		return c, clientTranscript(&c, v)
	default:
		return Case{}, false // what is never sent cannot be told from bytes: see argumentCases
	}
	return c, true
}

// replyVector makes the case of a reply. One that no requirement on clients is named
// for is a matter of that which it shows.
func replyVector(c *Case, v spec.Vector) {
	c.Title = fmt.Sprintf("%s is %s: %s", short(v.Bytes), v.Reply.Form, v.Title)
	if len(c.Requirements) == 0 {
		c.Requirements = ids(shownBy(v.Reply))
	}
	first := c.Requirements[0]
	c.DependsOn = leansOnForm(first)
	if len(v.Bytes) > mostAtCore {
		c.Level = spec.Full
	}
	reply := string(v.Bytes)
	if first == "CLI-014" { // which is about puts, the others about gets
		c.Requirements = c.Requirements[:1]
		c.Drive = func(ctx context.Context, d *Drive) {
			d.Open(ctx)
			d.Put(ctx, cpu, "1.5", "7", whole(reply), first)
		}
		return
	}
	c.Drive = func(ctx context.Context, d *Drive) {
		d.Open(ctx)
		switch v.Reply.Form {
		case spec.OKForm:
			samples := samplesOf(v.Reply)
			d.Get(ctx, keyOf(samples), whole(reply), mappingOf(samples...), first)
		case spec.ErrorForm:
			d.GetFails(ctx, cpu, whole(reply), first)
		case spec.IncompleteForm:
			d.GetFails(ctx, cpu, cut(reply), first)
		default:
			d.GetFails(ctx, cpu, broken(reply), first)
		}
	}
}

// mostAtCore bounds the replies by which a client is judged at level core, in bytes.
const mostAtCore = 1024

// shownBy is the requirement on clients that a reply shows.
func shownBy(r *spec.Reply) string {
	switch {
	case r.Form == spec.OKForm && len(r.Samples) == 0:
		return "CLI-017"
	case r.Form == spec.OKForm:
		return "CLI-015"
	case r.Form == spec.ErrorForm:
		return "CLI-020"
	case r.Form == spec.IncompleteForm:
		return "CLI-023"
	default:
		return "CLI-022"
	}
}

// samplesOf returns the samples of a reply, with keys in place of its placeholders.
func samplesOf(r *spec.Reply) []oracle.Sample {
	var samples []oracle.Sample
	for _, s := range r.Samples {
		key := string(s.Key.Fill(transcriptKey))
		samples = append(samples, oracle.Sample{Key: key, Value: s.Value.Float64(), Timestamp: s.Timestamp.Int64()})
	}
	return samples
}

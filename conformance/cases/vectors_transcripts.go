package cases

import (
	"maps"
	"slices"

	"github.com/putget-protocol/putget/conformance/oracle"
	"github.com/putget-protocol/putget/spec"
)

// A trait is what a transcript needs said beside its steps: whom it blames, and what it
// leans on.
type trait struct {
	dependsOn []string
	blames    []Blame // nil for the table of defaults
}

// transcriptData says whom a transcript blames, and what it leans on. One of which
// nothing is said blames its first requirement.
func transcriptData(c *Case, v spec.Vector) {
	first := v.Requirements[0]
	c.Blames = []Blame{unasked(first), content(first)}
	if t, ok := traits()[v.ID]; ok {
		c.Blames, c.DependsOn = t.blames, t.dependsOn
	}
	if slices.Contains(v.Flags, spec.FlagConnections) {
		c.Needs = ids(TwoSessions)
		c.DependsOn = append(c.DependsOn, "consistency-store", "put-last-wins")
	}
}

// traits returns what is said of transcripts, by the ids of their vectors.
func traits() map[string]trait {
	all := make(map[string]trait)
	for _, some := range []map[string]trait{framingTraits(), lexisTraits(), requestTraits(), replyTraits()} {
		maps.Copy(all, some)
	}
	return all
}

// of is a trait.
func of(dependsOn []string, blames ...Blame) trait { return trait{dependsOn, blames} }

func framingTraits() map[string]trait {
	const oneHalfClose, idleClose = "frame-half-close-one", "frame-close-idle"
	return map[string]trait{
		"frame-split-inside":      of(ids(frameSplit, "lex-key-unicode", "example-request-crlf"), unasked("FRM-003"), content("FRM-003")),
		"frame-pipeline":          of(nil, content("FRM-004")),
		"frame-pipeline-part":     of(ids(frameSplit, framePipeline), unasked("FRM-003"), content("FRM-003")),
		"frame-pipeline-wrong":    of(ids(framePipeline, errorReply, errorSession, "value-letters"), content("FRM-005")),
		"frame-pipeline-errors":   of(ids(framePipeline, errorReply, errorSession, "error-word", "error-put-two"), content("FRM-005")),
		"frame-half-close":        of(ids(framePipeline, oneHalfClose), content("FRM-007")),
		"frame-half-close-idle":   of(ids(idleClose), content("FRM-008")),
		"frame-unfinished":        of(ids("get-unknown", idleClose), unasked("FRM-006"), content("FRM-006")),
		"frame-unfinished-behind": of(ids("example-frame-unfinished", oneHalfClose), unasked("FRM-006"), on("FRM-006", oracle.AspectExtraSample)),
	}
}

func lexisTraits() map[string]trait {
	wrongBytes := ids(errorReply, errorSession)
	return map[string]trait{
		"lex-session-in-order": of(wrongBytes, on("LEX-008", oracle.AspectAccepted), content("LEX-009")),
		"lex-session-nul":      of(wrongBytes, on("LEX-006", oracle.AspectAccepted), content("LEX-009")),
		"lex-key-hundred":      of(ids("lex-key-part", "lex-key-lengths"), content("LEX-004")),
		"lex-key-bytes":        of(ids("get-only", "lex-key-part"), samples("LEX-011")),
		"lex-key-end":          of(ids("get-only", "lex-key-part"), samples("LEX-011")),
		"lex-no-normalisation": of(ids("get-unknown", "lex-key-unicode"), unasked("LEX-012"), content("LEX-012")),
		"lex-no-singleton":     of(ids("lex-key-unicode", "lex-normal-forms"), content("LEX-012")),
		"lex-star-no-pattern":  of(ids("get-unknown", "lex-star-inside"), content("LEX-014")),
		"time-one":             of(ids("put-last-wins"), unasked("TIM-003"), content("TIM-003")),
		"time-negative":        of(ids("time-edges", getOrder, "get-order-numbers"), content("TIM-002")),
	}
}

// requestTraits are of those about put, get and wrong requests. Where the table of
// defaults says best whom to blame, they blame nobody.
func requestTraits() map[string]trait {
	return map[string]trait{
		"session-whole":  of(ids(putStored, getOrder, "get-unknown", "get-all-order", errorReply, errorSession)),
		"put-replace":    of(ids("put-last-wins", "put-others"), on("PUT-003", oracle.AspectValue, oracle.AspectDuplicate)),
		"put-same":       of(ids("put-twice"), on("PUT-003", oracle.AspectValue, oracle.AspectDuplicate)),
		"put-neighbour":  of(ids("put-last-wins", "put-others", "put-other-keys"), samples("PUT-004")),
		"get-ascending":  of(ids(putStored, "get-unknown")),
		"get-nothing":    of(ids("get-unknown", "get-only")),
		"get-all":        of(ids("get-all", "get-all-order"), samples("GET-005")),
		"error-harmless": of(append(coreWrong(), errorReply, errorSession, errorStored), samples("ERR-007")),
		"error-in-a-row": of(append(coreWrong(), errorReply, errorSession)),
	}
}

// replyTraits are of the other chapters.
func replyTraits() map[string]trait {
	return map[string]trait{
		"reply-exact":            of(ids(replyExact), on("REP-006", oracle.AspectValue)),
		"reply-shortest":         of(ids(replyExact), on("REP-006", oracle.AspectValue)),
		"reply-unasked":          of(ids("reply-unasked"), on("REP-003", Unasked, Twice)),
		"reply-long":             of(ids("reply-large", "example-limit-key")),
		"reply-error-unseen":     of(append(coreWrong(), errorReply, errorSession, errorStored, "reply-refused-never"), samples("REP-012")),
		"consistency-sessions":   of(nil, on("CON-001", oracle.AspectValue), samples("CON-002")),
		"consistency-outlives":   of(nil, samples("CON-002")),
		"consistency-everything": of(ids("get-all"), samples("CON-002")),
		"session-silent":         of(nil, service("SES-004"), samples("CON-002")),
		"session-half-sent":      of(ids(frameSplit), unasked("SES-005"), content("SES-005")),
		"session-half-closed":    of(ids("session-reset", sessionHalfSent, "example-frame-unfinished"), content("SES-005")),
		"limit-line":             of(ids("get-unknown", "lex-spaces-ends"), unasked("LIM-002"), content("LIM-002")),
		"limit-line-put":         of(ids("lex-spaces-ends", "limit-line-put"), unasked("LIM-002"), content("LIM-002")),
		"limit-key":              of(ids("lex-key-part", "lex-key-characters"), unasked("LIM-001"), content("LIM-001")),
	}
}

// Package oracle is the model by which the judge judges: from the requests so
// far it says which replies the specification allows.
//
// It answers three questions. [ParseRequest] says what a line means, [ParseReply]
// whether bytes are one reply and what it holds, and a [Model] which replies are
// allowed to a request, given what was sent and answered before. The answer to
// the last is an [Allowed]: a set, because the specification leaves freedom
// (wording of numbers, order of keys, puts of unknown outcome), and so must
// whoever judges by it.
//
// Everything here is written to be obviously right rather than fast, and uses
// the standard library alone. It shares no line with the codec of the project
// (spec/wire), so that a mistake in one of them shows as a disagreement. It does
// no I/O, starts no goroutine and knows nothing of levels: at both of them the
// same wordings of numbers are right (REP-007), and a caller that judges less
// at one level asks for less, for example with [AllOwn] instead of [All].
//
// Grammar and requirement ids are those of spec/SPEC.md.
package oracle

// Package spec carries the specification of PutGet: its text, its requirements and its test vectors.
//
// SPEC.md is the source of all three. [Requirements] reads the normative sentences out of it, and
// the program in spec/gen copies its examples into vectors/ and records the hash of every sentence
// in requirements.lock, so that a changed sentence shows in review.
//
// Everything is embedded; no function touches the file system, and all of them may be called
// concurrently. To decode or encode the protocol itself, see package spec/wire.
package spec

import _ "embed" // for SPEC.md

//go:generate go run ./gen

// Version is the version of the protocol that the text specifies.
const Version = "1.0"

//go:embed SPEC.md
var text string

// Text returns the specification, in Markdown, as UTF-8 with LF at the end of each line.
func Text() string { return text }

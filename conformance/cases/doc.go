// Package cases holds the cases of the judge: each is data and a function that
// talks to a target and records what it saw.
//
// A [Case] says which sentences of spec/SPEC.md it is about; [All] lists the cases in
// the order of the text. [Case.Look] runs one and returns an [Outcome]: what was
// sent and received, which replies were not allowed, and which sentence each of
// them breaks. It gives no verdict. Deadlines, prerequisites, second looks and
// verdicts are the business of package conformance.
//
// What a reply may be is asked of package oracle; nothing here knows more of the
// protocol than the bytes to send and whom to blame. Blame is exact: the kind of the
// request, its form and the symptom choose one sentence (see [Blame]), so that one
// fault of a target is reported as one.
//
// Every case takes fresh keys and connections of its own, and none needs an empty
// store or the success of another one, but for those in Needs.
package cases

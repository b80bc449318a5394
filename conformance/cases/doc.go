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
// [AllClient] lists the cases on clients. They turn the table: a case makes calls through
// a [Caller], the process that drives a client, and plays to each call the script of a
// server, whichever connection the request comes over (see [Drive]). A part of a reply is
// held back until the client has taken the one before, or has answered without it, and
// never for a time alone.
//
// Every case on servers takes fresh keys and connections of its own, and none needs an empty
// store or the success of another one, but for those in Needs.
package cases

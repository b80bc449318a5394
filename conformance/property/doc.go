// Package property finds faults of a target that nobody wrote a case for: it
// generates what to ask, and judges the answers by what follows from them.
//
// [CheckModel] generates sequences of requests, plays each over a few connections
// with one request outstanding at a time, and checks every reply against the set
// that oracle.Model allows. A failing sequence is shrunk to the shortest one that
// fails in the same way, and comes with the seed that generates it again.
//
// [CheckLinearizable] lets several clients put and get the same few series at the
// same time, and asks whether any order of the operations explains what they saw
// ([CheckHistory], which is pure). An outcome that nobody knows stays open, and a
// question that could not be settled in time is [Unknown], never [OK].
//
// Whom to blame for a failure, and whether to believe one that came from a timeout,
// is for the caller to say. Neither check needs an empty store: keys are fresh, and
// the samples of others are skipped in the replies to "get *" before anything
// judges them.
//
// The generated sequences come from pgregory.net/rapid, whose options are flags of
// the process. They are set for one sequence at a time, under a lock, and restored
// after it. A program that checks properties of its own with rapid must not do so
// while CheckModel runs.
package property

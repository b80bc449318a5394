// Package conformance judges servers of the PutGet protocol by spec/SPEC.md.
//
// [Run] judges one target, an address or a command that it starts, and returns a
// report; the program in cmd/putget-conform is a thin front of it. A [Runner] does
// the same case by case, for fronts with a runner of their own, such as the Ginkgo
// suite in the tests of this package. Both give the same verdicts.
//
// A run begins with a sanity case: a target that does not answer one put and one get
// is not worth the rest, which is then blocked. Deadlines follow the latency that
// was seen there. Cases of level core come first, then those of level full, each
// with fresh keys on connections of its own. Whatever may be a matter of time is
// looked at again, with much more patience, before it is called a failure. A target
// that dies is named as dead by the case that killed it, started again if it is
// ours, and judged further.
//
// Nothing here knows the codec, the server or the client of this project: what a
// reply may be comes from oracle, and everything else over TCP.
package conformance

// Package wire encodes and decodes the messages of PutGet 1.0, as spec/SPEC.md
// defines them. Requirement ids such as [LEX-001] and section numbers (section 4) refer
// to that document.
//
// The functions here are pure: they look at bytes, never at a connection, and
// keep nothing of what they are given. Whoever owns the connection finds
// the lines, owns the buffers, bounds their size and keeps the clocks.
//
// # Which function
//
// A server gives each line to [ParseRequest] and builds its replies with
// [AppendOK], [AppendSample], [AppendEnd] and [AppendError]. A client asks
// [CheckKey] and [CheckValue], builds its requests with [AppendPut],
// [AppendGet] and [AppendGetAll], and gives what comes back to a
// [ReplyDecoder]. A program that takes numbers from people reads them with
// [ParseValue] and [ParseTimestamp], so that they mean the same everywhere.
//
// # Strictness
//
// What is decoded is the grammar of section 12 and nothing else, in both directions.
// Whatever is refused is refused with a [*SyntaxError], which holds the offset of
// the byte and the rule of the grammar that it breaks.
//
// # Cost
//
// Decoding a right request line of any length allocates nothing, encoding
// allocates only when dst has no room left, and an error costs one allocation
// (a value out of range: a few). Measured with Go 1.26.8 on one core of a small
// cloud machine: 60 ns and 0 allocations to decode the put line
// "put palm.cpu 23.7 1503319740", 60 µs and 0 allocations to encode a reply of
// 1,000 samples. BenchmarkParsePut and BenchmarkAppendReply1000 measure it anew.
//
// # Concurrency
//
// All functions may be called by many goroutines at once, as long as nobody
// writes to the bytes that they read. A ReplyDecoder belongs to one goroutine at a time.
package wire

// Package client speaks the PutGet protocol as a client: it puts samples into
// the series of a PutGet server and gets them back.
//
// [Dial] connects, and the [Client] keeps that one connection for all its
// requests. [Client.Put] stores a sample, [Client.Get] returns a series and
// [Client.GetAll] all of them. [Client.PutAll] puts many samples that are at
// hand, a [Batch] puts a stream of them.
//
// # Concurrency
//
// A Client is safe for concurrent use. Calls do not wait for each other:
// requests that come while a write is under way leave together in the next
// one, and replies are handed out in the order of the requests.
//
// # Errors
//
// Four kinds of error tell what is left usable. Find them with [errors.AsType].
//
//   - [*ArgumentError]: nothing was sent; the client is in order.
//   - [*ServerError]: the server refused the request; the client is in order.
//   - [*ProtocolError]: the connection is out of step or lost, and the client
//     is dead. Every later call returns one too, with the same reason: make a
//     new client. Sent tells whether the call's own request may have got out, so
//     that a put may have been stored.
//   - [ErrClosed]: the client was closed.
//
// A [*DialError] says that there was no connection in the first place.
//
// # Contexts and timeouts
//
// A call returns as soon as its context ends, with an error that wraps
// [context.Cause]. What that leaves of the client depends on how far the call came:
//
//   - Its request was not yet handed to a write: the request is taken back,
//     nothing of it is sent, and the client is in order. So it is when the
//     context had ended before the call.
//   - Its request was handed to a write, in part or in full: its reply is
//     still due and nobody waits for it, so the connection is out of step (CLI-030).
//     The client is dead, for every other call as well; the error is
//     a [*ProtocolError].
//
// Whoever wants to give up single calls and keep the others uses a client of
// its own for them. Apart from contexts, [Config.Timeout] bounds how long an
// outstanding request sees no byte from the server.
//
// Ids in parentheses, such as CLI-030, are those of the requirements in spec/SPEC.md.
package client

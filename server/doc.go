// Package server serves the PutGet protocol (spec/SPEC.md) over any
// [net.Listener], on top of any [Store].
//
// A request travels one way through four parts, and no part looks back:
//
//   - the connection handler (conn.go) moves bytes and finds the lines in them;
//     nothing else here knows that a network exists;
//   - the parser, package spec/wire, decodes a line and encodes replies;
//   - the executor (executor.go) stands between parser and store: it carries
//     out requests and words the replies;
//   - the [Store] keeps the samples. Package server/memory has the default one;
//     package server/storetest checks any other.
//
// Each connection has one goroutine. It parses all complete lines of a read,
// gives puts that follow one another to the store as one batch, and answers
// everything in one write.
//
//	store := memory.New()
//	srv, err := server.New(server.Config{Store: store})
//	…
//	go srv.Serve(listener)
//	…
//	err = srv.Shutdown(ctx)
package server

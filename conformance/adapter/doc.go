// Package adapter is the contract between the judge and a client: JSON lines, one call
// and one answer at a time, described in conformance/ADAPTERS.md.
//
// It has both ends of it. A Go author puts his client behind the contract with [Main];
// the judge words its calls with [AppendCall] and reads what comes back with
// [ParseAnswer]. The package imports the standard library alone.
package adapter

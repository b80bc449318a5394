// Package fuzz is where the codec of the project (spec/wire) and the model of the
// judge (conformance/oracle) meet. They were written apart from each other from
// spec/SPEC.md, and a disagreement between them is a finding: one of them, or the
// text, is wrong. The package has nothing but tests.
//
// Each property is a plain function check…(t, input), and is run three ways:
//
//   - on the committed seeds in testdata/fuzz, by plain `go test`. The name of a
//     seed says the verdict that the specification asks for: right-… or wrong-….
//     There is one at each edge of each rule of the grammar, so that a parser that
//     takes more than the grammar, or less, fails here;
//   - on lines and replies generated from the grammar, by one edit of a right one, and
//     raw, by rapid, which reduces what fails;
//   - on what the native fuzzer finds: `go test ./fuzz -fuzz '^FuzzRequest$'`, or
//     `make fuzz` for all targets. It writes what fails to testdata/fuzz; rename
//     that file by its verdict and commit it.
package fuzz

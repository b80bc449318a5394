// Package mutant is a server of the PutGet protocol that is right, and a list of
// faults that each break one rule of it in one place. It is there to judge the judge:
// the right server must pass, and each [Fault] must be found and blamed on the
// sentence that it breaks.
//
// Every decision of the server is a function in a [Behaviour]; a fault replaces one
// of them, or two. Several faults can be switched on at once.
//
// The server is made of package oracle and shares no line with the server of this
// project. It is written to be plainly right and is not fast.
package mutant

// Package mutant is a server and a client of the PutGet protocol that are right, and
// lists of faults that each break one rule of them in one place. They are there to
// judge the judge: the right ones must pass, and each [Fault] and [ClientFault] must be
// found and blamed on the sentence that it breaks.
//
// Every decision of the server is a function in a [Behaviour], and every one of the
// client a function in a [ClientBehaviour]; a fault replaces one of them, or two.
// Several faults can be switched on at once.
//
// Both are made of package oracle and share no line with the server and the client of
// this project. They are written to be plainly right and are not fast.
package mutant

// Package peer is the judge's end of a connection: raw TCP that sends exactly the
// bytes it is told to, reads replies and records every byte with its time.
//
// A [Recorder] belongs to one case. Each [Conn] of the case has a logical name, a
// lane ("A", "B"), under which its events stand in the recorder. A Conn knows
// framing (oracle.ReplyEnd) and nothing else of the protocol; whether a reply is
// right is for oracle to say.
//
// Nothing runs in the background. A connection is read only while one of the Read
// methods runs, so a Conn on which none is called is a peer that does not read,
// and the events of the other end are seen when they are looked for. Every
// blocking method takes a context, and reports its end as a typed [Error] that
// holds what came until then.
//
// Whatever the other end sends, and however long, a read ends with its context and
// takes in a bounded number of bytes; a recorder keeps of endless bytes the beginning
// of each piece.
//
// "No answer" is a heavy word on a busy machine: when the time is over, what lies
// in the kernel's buffer is looked at once more before it is said.
package peer

// Package target has what the judge judges: an address that somebody else serves
// ([Attach]), or a command that is started, watched, restarted and cleaned up here
// ([Exec]).
//
// A command runs in a process group of its own, and nothing of it outlives the
// run: not the command, not its children, not when the judge itself is killed.
// On Linux that holds also for a child that left the group; elsewhere such a child
// survives.
package target

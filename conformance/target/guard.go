package target

import (
	"fmt"
	"io"
	"os/exec"
	"syscall"
)

// guardScript kills a process group, and whatever inherited its mark, when its standard
// input ends without a word of dismissal. The kernel closes that pipe however the
// judge dies. It looks for the mark several times, as what was not found yet may have
// forked meanwhile.
const guardScript = `trap '' HUP INT TERM
read -r group mark || exit 0
read -r word && exit 0
kill -s KILL -- "-$group"
for round in 1 2 3; do
	found=$(grep -ls -e "$mark" /proc/[0-9]*/environ)
	[ -n "$found" ] || exit 0
	for environ in $found; do
		pid=${environ#/proc/}
		kill -s KILL "${pid%/environ}"
	done
done`

// A guard is a little process that outlives the judge by a moment, in order to
// kill what the judge could not: a signal that kills the judge leaves it no time
// to clean up, and Pdeathsig reaches the shell alone, not what the shell runs.
type guard struct {
	cmd *exec.Cmd
	in  io.WriteCloser
}

func newGuard() (*guard, error) {
	cmd := exec.Command("sh", "-c", guardScript)
	cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true} // a Ctrl-C at the terminal is not for it
	in, err := cmd.StdinPipe()
	if err != nil {
		return nil, fmt.Errorf("making a pipe for the guard process: %w", err)
	}
	if err := cmd.Start(); err != nil {
		return nil, fmt.Errorf("starting the guard process: %w", err)
	}
	return &guard{cmd: cmd, in: in}, nil
}

// watch names the group and the mark of a run. A guard that is gone is no reason to
// fail: it was the second line.
func (g *guard) watch(group int, mark string) { fmt.Fprintln(g.in, group, mark) }

// dismiss ends the guard without harm to the group that it watched, if any.
func (g *guard) dismiss() {
	io.WriteString(g.in, "0\ndismissed\n") // before watch, the first line is the group's
	g.in.Close()
	g.cmd.Wait()
}

package target

import (
	"errors"
	"syscall"

	"golang.org/x/sys/unix"
)

// groupOfItsOwn makes the command the leader of a process group.
func groupOfItsOwn() *syscall.SysProcAttr {
	return &syscall.SysProcAttr{Setpgid: true}
}

// awaitExit returns when the process has ended, and leaves it unreaped.
func awaitExit(pid int) {
	kq, err := unix.Kqueue()
	if err != nil {
		return
	}
	defer unix.Close(kq)
	var change unix.Kevent_t
	unix.SetKevent(&change, pid, unix.EVFILT_PROC, unix.EV_ADD|unix.EV_ONESHOT)
	change.Fflags = unix.NOTE_EXIT
	for {
		_, err := unix.Kevent(kq, []unix.Kevent_t{change}, make([]unix.Kevent_t, 1), nil)
		if !errors.Is(err, unix.EINTR) { // ESRCH: it has ended already
			return
		}
	}
}

// newMark returns a variable that nobody looks for.
func newMark() string { return "PUTGET_CONFORM_TARGET=1" }

// killStrays does nothing: children that left the group cannot be found here.
func killStrays(string) {}

package target

import (
	"bytes"
	"errors"
	"math/rand/v2"
	"os"
	"strconv"
	"syscall"

	"golang.org/x/sys/unix"
)

// groupOfItsOwn makes the command the leader of a process group, and has the
// kernel kill it when the judge dies.
func groupOfItsOwn() *syscall.SysProcAttr {
	return &syscall.SysProcAttr{Setpgid: true, Pdeathsig: syscall.SIGKILL}
}

// awaitExit returns when the process has ended, and leaves it unreaped.
func awaitExit(pid int) {
	for {
		err := unix.Waitid(unix.P_PID, pid, nil, unix.WEXITED|unix.WNOWAIT, nil)
		if !errors.Is(err, unix.EINTR) {
			return
		}
	}
}

// newMark returns an environment variable by which the processes of one run can be
// found again, wherever they went. Its name is new each time, so that a judge that
// is a target itself does not hide the mark of the judge above it.
func newMark() string {
	return "PUTGET_CONFORM_TARGET_" + strconv.FormatUint(rand.Uint64(), 36) + "=1"
}

// killStrays kills every process that inherited mark: children that left the group
// of the command, as daemons do. It looks again until it finds none, because one
// that was not found yet may have forked meanwhile.
func killStrays(mark string) {
	const rounds = 10
	for range rounds {
		pids := withMark(mark)
		if len(pids) == 0 {
			return
		}
		for _, pid := range pids {
			syscall.Kill(pid, syscall.SIGKILL) // it may be gone already
		}
	}
}

// withMark returns the processes in whose environment mark stands.
func withMark(mark string) []int {
	var pids []int
	for _, pid := range processes() {
		environ, err := os.ReadFile(procFile(pid, "environ")) // fails for processes of others; they are not ours
		if err == nil && hasVariable(environ, mark) {
			pids = append(pids, pid)
		}
	}
	return pids
}

// processes returns the processes there are, nil where that cannot be known. It reads
// one folder: to match a pattern would read the folder of each process as well, and a
// run looks often.
func processes() []int {
	proc, err := os.Open("/proc")
	if err != nil {
		return nil
	}
	defer proc.Close()
	names, _ := proc.Readdirnames(-1) // with an error come those that were read before it
	var pids []int
	for _, name := range names {
		if pid, err := strconv.Atoi(name); err == nil {
			pids = append(pids, pid)
		}
	}
	return pids
}

// procFile returns the path of a file of proc(5) about a process.
func procFile(pid int, name string) string { return "/proc/" + strconv.Itoa(pid) + "/" + name }

func hasVariable(environ []byte, variable string) bool {
	for v := range bytes.SplitSeq(environ, []byte{0}) {
		if string(v) == variable {
			return true
		}
	}
	return false
}

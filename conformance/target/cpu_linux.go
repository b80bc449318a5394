package target

import (
	"bytes"
	"os"
	"strconv"
	"time"
)

// tick is the unit in which Linux tells programs of CPU time (USER_HZ), on all machines
// on which Go runs.
const tick = 10 * time.Millisecond

// cpu adds up what the processes of the group have used, with that of children which
// they have waited for.
func (r *run) cpu() (used time.Duration, ok bool) {
	for _, pid := range processes() {
		stat, err := os.ReadFile(procFile(pid, "stat"))
		if err != nil {
			continue // it has ended meanwhile
		}
		if group, ticks := parseStat(stat); group == r.pid {
			used += time.Duration(ticks) * tick
			ok = true
		}
	}
	return used, ok && !r.hasDied()
}

// parseStat returns the process group of a process and its CPU time in ticks, its own and
// that of children which it has waited for; zeros for what is no stat file of proc(5).
func parseStat(stat []byte) (group, ticks int) {
	// The second field is a name in parentheses, which may hold anything.
	end := bytes.LastIndexByte(stat, ')')
	if end < 0 {
		return 0, 0
	}
	fields := bytes.Fields(stat[end+1:])
	const groupAt, firstTime, lastTime = 2, 11, 14 // counted from the third field of the file
	if len(fields) <= lastTime {
		return 0, 0
	}
	group, err := strconv.Atoi(string(fields[groupAt]))
	if err != nil {
		return 0, 0
	}
	for _, field := range fields[firstTime : lastTime+1] {
		n, err := strconv.Atoi(string(field))
		if err != nil {
			return 0, 0
		}
		ticks += n
	}
	return group, ticks
}

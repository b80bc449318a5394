package report

import (
	"fmt"
	"slices"
	"strings"
)

// A turnLane is a connection that takes turns with others. Its times are seconds since
// the line of shell began; each write has a second of its own.
type turnLane struct {
	name       string
	begin, end int
	halfClosed bool
	writes     []write
}

type write struct {
	at   int
	data []byte
}

// turnsOf places what each connection does. The steps are such as lanesOf can sort.
func turnsOf(steps []Step) []turnLane {
	var lanes []turnLane
	now := 0
	for i, s := range steps {
		at := slices.IndexFunc(lanes, func(l turnLane) bool { return l.name == s.Connection })
		switch {
		case s.Kind == "dialed" && at < 0:
			lanes = append(lanes, turnLane{name: s.Connection, begin: now, end: -1})
		case at < 0 || lanes[at].end >= 0:
		case s.Kind == "sent":
			lanes[at].writes = append(lanes[at].writes, write{now, s.Bytes})
			now++
		case s.Kind == "left":
			lanes[at].end = now
		case s.Kind == "half-closed":
			lanes[at].end, lanes[at].halfClosed = now, true
			if unanswered(steps[:i], s.Connection) {
				lanes[at].end = now - 1 // right behind the last write
			}
		}
	}
	for i := range lanes {
		if lanes[i].end < 0 {
			lanes[i].end = now
		}
	}
	return lanes
}

// shell returns the command for the lane, which goes on in the background.
func (l turnLane) shell(to, prefix string) string {
	var commands []string
	now, longest := l.begin, 0
	wait := func(until int) {
		if until <= now {
			return
		}
		commands = append(commands, fmt.Sprintf("sleep %d", until-now))
		longest = max(longest, until-now)
		now = until
	}
	for _, w := range l.writes {
		wait(w.at)
		commands = append(commands, "printf "+printfText(w.data, prefix))
	}
	wait(l.end)
	if len(commands) == 0 {
		commands = []string{"sleep 1"}
	}
	nc := "nc"
	if l.halfClosed {
		nc = "nc -N"
	}
	text := fmt.Sprintf("{ %s; } | %s -w %d %s", strings.Join(commands, "; "), nc, longest+afterwards, to)
	if l.begin > 0 {
		text = fmt.Sprintf("(sleep %d; %s)", l.begin, text)
	}
	return text + " &"
}

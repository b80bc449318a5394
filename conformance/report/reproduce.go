package report

import (
	"fmt"
	"net"
	"regexp"
	"slices"
	"strings"

	"github.com/putget-protocol/putget/spec"
)

// Bounds of what a line of shell is asked to send.
const (
	mostAgainBytes  = 1500
	mostAgainWrites = 24
	mostAgainLanes  = 3
)

// A Reproduction is what is needed to show a failure again.
type Reproduction struct {
	Addr string // of the target, "host:port"
	// Flag and Source are how the judge was told of a target that it started, such as
	// "--exec" and a command, or "--python" and a file. None mean "--addr" and Addr.
	Flag, Source string

	Level     spec.Level
	Case      string // that saw the failure
	Seed      string // of what was generated, or ""
	KeyPrefix string // with which its keys begin
	Steps     []Step // from the beginning of the case
}

// Shell returns one line of shell that shows the failure again: with printf and nc
// where they can do it, each write a second after the one before, and with a fresh word
// in place of the key prefix, so that it can be run again and again. What they cannot do
// (many connections, resets, a lot of bytes) the judge does: then the line runs the case,
// and ends in a remark that says why.
func (r Reproduction) Shell() string {
	lanes, turns, why := lanesOf(r.Steps)
	host, port, err := net.SplitHostPort(r.Addr)
	if err != nil {
		why = "the address has no port"
	}
	if why != "" {
		return r.judge() + " # " + why
	}
	const fresh = "k=k$(date +%s); "
	var commands []string
	if turns {
		for _, l := range turnsOf(r.Steps) {
			commands = append(commands, l.shell(host+" "+port, r.KeyPrefix))
		}
		return fresh + strings.Join(commands, " ") + " wait"
	}
	for i, l := range lanes {
		commands = append(commands, l.shell(host+" "+port, r.KeyPrefix, lanes[i+1:]))
	}
	line := fresh + strings.Join(commands, "; ")
	if slices.ContainsFunc(lanes[:len(lanes)-1], func(l againLane) bool { return !l.left }) {
		line += "; wait"
	}
	return line
}

// judge returns the line that runs the case alone.
func (r Reproduction) judge() string {
	where := "--addr " + r.Addr
	if r.Flag != "" {
		where = r.Flag + " " + shellQuote(r.Source)
	}
	line := fmt.Sprintf("putget-conform server %s --level %s --run %s", where, r.Level, r.Case)
	if r.Seed != "" {
		line += " --seed " + r.Seed
	}
	return line + " -v"
}

func shellQuote(text string) string { return "'" + strings.ReplaceAll(text, "'", `'\''`) + "'" }

// An againLane is a connection with what is sent over it, without a break by others.
type againLane struct {
	name       string
	writes     [][]byte
	halfClosed bool
	atOnce     bool // half-closed before anything came back
	left       bool // it ended before the next one began
}

// seconds is how long the lane takes to send, a second for each write.
func (l againLane) seconds() int { return max(1, len(l.writes)) }

// lanesOf sorts steps by connection, and says whether these take turns, or why nc cannot
// do the same.
func lanesOf(steps []Step) (lanes []againLane, turns bool, why string) {
	names := make(map[string]bool)
	for _, s := range steps {
		names[s.Connection] = true
	}
	if len(names) > mostAgainLanes {
		return nil, false, fmt.Sprintf("it uses %d connections or more", len(names))
	}
	bytes, writes := 0, 0
	for i, s := range steps {
		at := slices.IndexFunc(lanes, func(l againLane) bool { return l.name == s.Connection })
		last := len(lanes) - 1
		switch {
		case s.Kind == "dialed" && at < 0:
			lanes = append(lanes, againLane{name: s.Connection})
		case s.Kind == "cut":
			return nil, false, "nc cannot reset a connection"
		case s.Kind == "left" && at >= 0:
			lanes[at].left = true
		case s.Kind == "half-closed" && at >= 0:
			lanes[at].halfClosed, lanes[at].atOnce = true, unanswered(steps[:i], s.Connection)
		case s.Kind == "sent" && at < 0:
			return nil, false, "only its last steps are known"
		case s.Kind == "sent" && lanes[at].left:
			return nil, false, "it sends after it has left"
		case s.Kind == "sent":
			turns = turns || at != last
			lanes[at].writes = append(lanes[at].writes, s.Bytes)
			bytes += max(len(s.Bytes), s.Size)
			writes++
		}
	}
	switch {
	case len(steps) == 0:
		return nil, false, "its steps are not known"
	case writes == 0:
		return nil, false, "nothing was sent"
	case bytes > mostAgainBytes || writes > mostAgainWrites:
		return nil, false, fmt.Sprintf("it sends %d bytes in %d writes", bytes, writes)
	}
	return leftBehind(lanes, steps), turns, ""
}

// unanswered reports whether the last step of a connection sent something.
func unanswered(steps []Step, connection string) bool {
	for _, s := range slices.Backward(steps) {
		if s.Connection == connection {
			return s.Kind == "sent"
		}
	}
	return false
}

// leftBehind marks as left only those lanes that we ended before the next one began.
func leftBehind(lanes []againLane, steps []Step) []againLane {
	for i := range lanes[:len(lanes)-1] {
		left := slices.IndexFunc(steps, func(s Step) bool {
			return s.Connection == lanes[i].name && (s.Kind == "left" || s.Kind == "half-closed")
		})
		next := slices.IndexFunc(steps, func(s Step) bool { return s.Connection == lanes[i+1].name && s.Kind == "dialed" })
		lanes[i].left = 0 <= left && left < next
	}
	return lanes
}

// afterwards is for how many seconds without a byte nc waits when all is sent. Without
// a bound some of its kinds wait for the other side to close.
const afterwards = 2

// shell returns the commands for the lane. One that stays open goes on behind the later
// ones, until they have ended.
func (l againLane) shell(to, prefix string, later []againLane) string {
	hold := 0
	if len(later) > 0 && !l.left {
		for _, other := range later {
			hold += other.seconds() + afterwards
		}
	}
	nc := fmt.Sprintf("nc -w %d %s", hold+afterwards, to)
	if l.halfClosed {
		nc = "nc -N" + strings.TrimPrefix(nc, "nc")
	}
	sends := l.sends(prefix)
	if hold == 0 {
		if len(sends) == 0 {
			sends = []string{"sleep 1"}
		}
		return "{ " + strings.Join(sends, "; ") + "; } | " + nc
	}
	sends = append(sends, fmt.Sprintf("sleep %d", hold))
	return fmt.Sprintf("{ %s; } | %s & sleep %d", strings.Join(sends, "; "), nc, l.seconds())
}

// sends returns the commands that print what the lane sends, each write a second after
// the one before. The end comes a second after the last one, or at once if it did.
func (l againLane) sends(prefix string) []string {
	texts := make([]string, len(l.writes))
	for i, data := range l.writes {
		texts[i] = printfText(data, prefix)
	}
	last := len(texts) - 1
	switch {
	case last < 0:
		return nil
	case last == 0 && l.atOnce:
		return []string{"printf " + texts[0]}
	case last == 0:
		return []string{"printf " + texts[0], "sleep 1"}
	case l.atOnce:
		return []string{"for l in " + strings.Join(texts[:last], " ") + `; do printf "$l"; sleep 1; done`, "printf " + texts[last]}
	default:
		return []string{"for l in " + strings.Join(texts, " ") + `; do printf "$l"; sleep 1; done`}
	}
}

// printfText returns data as a format of printf in double quotes, with $k in place of
// prefix. Whatever a shell or printf could take for its own is an octal escape.
func printfText(data []byte, prefix string) string {
	parts := []string{string(data)}
	if prefix != "" {
		parts = strings.Split(string(data), prefix)
	}
	var b strings.Builder
	b.WriteByte('"')
	for i, part := range parts {
		if i > 0 {
			b.WriteString("${k}")
		}
		for j := range len(part) {
			if b.Len() == 1 && part[j] == '-' {
				b.WriteString(`\055`) // no option of printf
				continue
			}
			writePrintf(&b, part[j])
		}
	}
	b.WriteByte('"')
	// The braces are needed only where the name would go on.
	return bareName.ReplaceAllString(b.String(), "$$k$1")
}

func writePrintf(b *strings.Builder, c byte) {
	switch {
	case c == '\n':
		b.WriteString(`\n`)
	case c == '\r':
		b.WriteString(`\r`)
	case c == '\t':
		b.WriteString(`\t`)
	case c == '%':
		b.WriteString("%%")
	case c < ' ' || c > '~' || strings.IndexByte("\\\"$`!", c) >= 0:
		fmt.Fprintf(b, `\%03o`, c)
	default:
		b.WriteByte(c)
	}
}

var bareName = regexp.MustCompile(`\$\{k\}([^A-Za-z0-9_])`)

package report

import (
	"fmt"
	"regexp"
	"strings"
	"time"

	"github.com/putget-protocol/putget/spec"
)

// Bounds of what is shown to be typed by hand.
const (
	mostHandCalls = 8
	mostHandBytes = 600
	handPort      = "8888"
	// soon is how long after a call its server ends a connection, if it is to.
	soon = 250 * time.Millisecond
)

// A ClientReproduction is what is needed to show a failure of a client again.
type ClientReproduction struct {
	Flag   string // of putget-conform that names the client: "--exec", "--python" or "--node"
	Source string // the value of the flag
	Level  spec.Level
	Case   string // that saw the failure
	Seed   string // of what was generated, or ""
	Steps  []Step // from the beginning of the case
}

// Shell returns one line of shell that judges the client in the case alone.
func (r ClientReproduction) Shell() string {
	line := fmt.Sprintf("putget-conform client %s %s --level %s --run %s", r.Flag, shellQuote(r.Source), r.Level, r.Case)
	if r.Seed != "" {
		line += " --seed " + r.Seed
	}
	return line + " -v"
}

// ByHand returns lines that show the failure without the judge. Where nc can play the
// scripted server it is one line of shell, in which server and adapter take turns by the
// second; else the program to be called and, below it, what to type into it, which needs a
// server as the steps show it. Nil when the calls are not known or too many.
func (r ClientReproduction) ByHand() []string {
	h, ok := handOf(r.Steps)
	if !ok {
		return nil
	}
	program := r.Source
	if r.Flag != "--exec" {
		program = fmt.Sprintf("putget-conform adapter %s %s", r.Flag, shellQuote(r.Source))
	}
	if h.plain {
		return []string{h.server() + " & " + h.calls() + " | " + program}
	}
	lines := []string{program}
	for _, c := range h.turns {
		lines = append(lines, c.line)
	}
	return lines
}

// A hand is a case as it is played by hand.
type hand struct {
	turns []turn
	plain bool // nc can be the server
	ends  bool // the server ends the connection after its last reply
}

// A turn is one call, and what the server sends meanwhile.
type turn struct {
	line  string // of the adapter
	reply []byte // nil for nothing
}

var openPort = regexp.MustCompile(`^(\{"op":"open","args":\["127\.0\.0\.1",)[0-9]+`)

// handOf reads a hand off steps; ok is false when there is none to show.
func handOf(steps []Step) (h hand, ok bool) {
	h.plain = true
	connections, bytes := 0, 0
	pending, since := false, Micros(0)
	for _, s := range steps {
		last := len(h.turns) - 1
		switch s.Kind {
		case called:
			pending, since = true, s.At
			h.turns = append(h.turns, turn{line: openPort.ReplaceAllString(s.Note, "${1}"+handPort)})
		case answered:
			pending = false
		case "accepted":
			connections++
		case "sent":
			bytes += max(len(s.Bytes), s.Size)
			if last < 0 || h.ends {
				h.plain = false
				continue
			}
			h.turns[last].reply = append(h.turns[last].reply, s.Bytes...)
		case "left", "half-closed":
			// What comes much later is the end of the look.
			h.ends = h.ends || pending && s.At-since < Micros(soon)
		case "cut":
			h.plain = false // nc resets nothing
		}
	}
	h.plain = h.plain && connections == 1 && bytes <= mostHandBytes
	for _, t := range h.turns {
		ok = ok || strings.HasPrefix(t.line, `{"op":"open"`)
		if len(t.line) > mostHandBytes {
			return hand{}, false
		}
	}
	return h, ok && len(h.turns) <= mostHandCalls
}

// calls returns the commands that make the calls, a second each.
func (h hand) calls() string {
	var b strings.Builder
	b.WriteString("{ ")
	for _, t := range h.turns {
		b.WriteString("sleep 1; echo " + shellQuote(t.line) + "; ")
	}
	return b.String() + "sleep 9; }"
}

// server returns the commands of a server that answers each call a second after it.
func (h hand) server() string {
	var b strings.Builder
	b.WriteString("{ ")
	now := 0
	for i, t := range h.turns {
		if t.reply == nil {
			continue
		}
		fmt.Fprintf(&b, "sleep %d; printf %s; ", i+2-now, printfText(t.reply, ""))
		now = i + 2
	}
	if h.ends {
		return fmt.Sprintf("%ssleep %d; } | nc -N -l 127.0.0.1 %s", b.String(), max(1, len(h.turns)+1-now), handPort)
	}
	return b.String() + "sleep 9; } | nc -l 127.0.0.1 " + handPort
}

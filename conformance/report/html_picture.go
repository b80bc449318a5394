package report

import (
	"cmp"
	"fmt"
	"slices"

	"github.com/putget-protocol/putget/spec"
)

// How many steps of a case the page shows: of one that passed its first ones, of another
// those up to the fault, and of these only the last beside a sentence.
const (
	pageSteps   = 24
	pageFaulty  = 40
	pageFinding = 14
)

// pageLanes is how many connections have a lane of their own; further ones share them.
const pageLanes = 6

// A picture is a transcript as it is drawn: two lines of life, a lane for each
// connection, and time downwards.
type picture struct {
	Left, Right string // who is on which side: the judge stands for the other program
	Lanes       int
	Before      int // steps that were left out before the ones shown, and behind them
	After       int
	Steps       []drawn
}

// A drawn is a step of a picture.
type drawn struct {
	At    string // milliseconds
	Lane  int
	Name  string // of the connection; empty for a call
	Class string // "out" from left to right, "in" from right to left, "on" neither
	Doer  string // who did it, for those who do not see the arrow
	Text  string // what was done, when it was not to send bytes
	Bytes *extract
}

// drawSteps draws the first most steps, or the last most when they lead to a fault.
func drawSteps(steps []Step, side spec.Side, most int, last bool) picture {
	p := picture{Left: "judge", Right: "server"}
	if side == spec.Client {
		p = picture{Left: "client", Right: "judge"}
	}
	switch rest := len(steps) - most; {
	case rest <= 0:
	case last:
		p.Before, steps = rest, steps[rest:]
	default:
		p.After, steps = rest, steps[:most]
	}
	var lanes []string
	for _, s := range steps {
		d := drawStep(s, side)
		if d.Name != "" {
			at := slices.Index(lanes, d.Name)
			if at < 0 {
				at = len(lanes)
				lanes = append(lanes, d.Name)
			}
			d.Lane = at % pageLanes
		}
		p.Steps = append(p.Steps, d)
	}
	p.Lanes = max(1, min(len(lanes), pageLanes))
	return p
}

func drawStep(s Step, side spec.Side) drawn {
	d := drawn{At: fmt.Sprintf("%.1f", float64(s.At.Duration().Microseconds())/1000), Name: s.Connection, Class: "on"}
	if _, ok := adapterStep(s); ok {
		d.Name, d.Class, d.Doer, d.Text = "", "on call", "user:", callText(s.Note)
		if s.Kind == answered {
			d.Class, d.Doer, d.Text = "on answer", "client:", answerText(s.Note)
		}
		d.Text = shorten(d.Text, pageBytes)
		return d
	}
	target, words := "server", serverSteps()
	if side == spec.Client {
		target, words = "client", clientSteps()
	}
	w, known := words[s.Kind]
	if !known {
		d.Text = shorten(cmp.Or(s.Note, s.Kind), pageBytes)
		return d
	}
	d.Class, d.Text, d.Doer = "out", w.text, "judge:"
	if w.byTarget {
		d.Doer = target + ":"
	}
	if w.byTarget == (side == spec.Server) {
		d.Class = "in"
	}
	if s.Bytes != nil {
		e := beginning(s.Bytes, s.Size)
		d.Bytes = &e
	} else if s.Note != "" && s.Kind != "dialed" && s.Kind != "accepted" {
		d.Text += " (" + shorten(s.Note, pageBytes) + ")"
	}
	return d
}

// A stepWord says who does a step of a kind, and what it is.
type stepWord struct {
	byTarget bool
	text     string
}

func serverSteps() map[string]stepWord {
	return map[string]stepWord{
		"dialed": {false, "connects"}, "sent": {false, ""}, "half-closed": {false, "ends its sending side"},
		"left": {false, "closes"}, "cut": {false, "resets"}, "received": {true, ""}, "closed": {true, "closes"},
		"reset": {true, "resets"}, "refused": {true, "refuses the connection"},
	}
}

func clientSteps() map[string]stepWord {
	return map[string]stepWord{
		"accepted": {true, "connects"}, "received": {true, ""}, "closed": {true, "closes"}, "reset": {true, "resets"},
		"sent": {false, ""}, "half-closed": {false, "ends its sending side"}, "left": {false, "closes"}, "cut": {false, "resets"},
		"refused": {false, "refuses the connection"},
	}
}

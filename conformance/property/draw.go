package property

import (
	"slices"
	"strings"

	"pgregory.net/rapid"

	"github.com/putget-protocol/putget/conformance/oracle"
)

// A step is one request of a sequence, as drawn.
type step struct {
	lane int    // which connection, from 0
	line string // without LF, with the word unique in its keys
}

// A sequence is what is played against a target, one request at a time.
type sequence struct {
	all   bool // it may hold requests for everything
	steps []step
}

// Bounds of a sequence. A burst is a run of steps of which most are about one key.
const (
	maxBursts  = 6
	maxOfBurst = 8
	maxGetAll  = 2
)

// A kind of step.
type kind int

const (
	put kind = iota
	get
	wrong
	getAll
)

// A drawer draws sequences. All that it draws depends on the level, the number of
// connections and the bits that rapid gives it, so a seed stands for a sequence.
type drawer struct {
	rarely    *rapid.Generator[bool] // once in eight
	sometimes *rapid.Generator[bool] // once in four
	keys      *rapid.Generator[[]string]
	times     *rapid.Generator[[]string]
	kinds     map[bool]*rapid.Generator[kind] // by whether there may be requests for everything
	lane      *rapid.Generator[int]
	value     *rapid.Generator[string]
	layout    *rapid.Generator[layout]
	wrong     *rapid.Generator[string] // nil when there are none
}

func newDrawer(level Level, connections int) drawer {
	words := vocabularyOf(level)
	// Each kind of step is there as often as its weight, and they are mixed, as rapid
	// prefers what comes first.
	kinds := slices.Repeat([]kind{put, get, put, get, put}, 3)
	d := drawer{
		rarely:    rapid.SampledFrom(append(make([]bool, 7), true)),
		sometimes: rapid.SampledFrom(append(make([]bool, 3), true)),
		keys:      rapid.SampledFrom(words.keys),
		times:     rapid.SampledFrom(words.timestamps),
		lane:      rapid.IntRange(0, connections-1),
		value:     rapid.SampledFrom(words.values),
		layout:    rapid.SampledFrom(words.lines),
	}
	if len(words.wrong) > 0 {
		kinds = append(kinds, wrong, wrong)
		d.wrong = rapid.SampledFrom(words.wrong)
	}
	d.kinds = map[bool]*rapid.Generator[kind]{
		false: rapid.SampledFrom(kinds),
		true:  rapid.SampledFrom(append(slices.Clone(kinds), getAll, getAll)),
	}
	return d
}

// draw draws a sequence. Requests for everything are expensive when others have put
// much, so that only one sequence in eight may hold any, and each very few.
func (d drawer) draw(t *rapid.T) sequence {
	all := d.rarely.Draw(t, "all")
	one := scene{
		drawer:    d,
		kind:      d.kinds[all],
		key:       rapid.SampledFrom(d.keys.Draw(t, "keys")),
		timestamp: rapid.SampledFrom(d.times.Draw(t, "timestamps")),
	}
	bursts := rapid.SliceOfN(rapid.Custom(one.burst), 1, maxBursts).Draw(t, "bursts")
	return sequence{all: all, steps: fewGetAll(slices.Concat(bursts...))}
}

// A scene is what the steps of one sequence have in common.
type scene struct {
	drawer
	kind      *rapid.Generator[kind]
	key       *rapid.Generator[string]
	timestamp *rapid.Generator[string]
}

// burst draws a run of steps with a key in common.
func (s scene) burst(t *rapid.T) []step {
	home := s.key.Draw(t, "home")
	one := rapid.Custom(func(t *rapid.T) step { return s.step(t, home) })
	return rapid.SliceOfN(one, 1, maxOfBurst).Draw(t, "burst")
}

func (s scene) step(t *rapid.T, home string) step {
	k := s.kind.Draw(t, "kind")
	lane := s.lane.Draw(t, "connection")
	key := home
	if s.sometimes.Draw(t, "away") {
		key = s.key.Draw(t, "key")
	}
	return step{lane: lane, line: s.line(t, k, unique+"."+key)}
}

func (s scene) line(t *rapid.T, k kind, key string) string {
	switch k {
	case get:
		return s.lay(t, "get", key)
	case getAll:
		return s.lay(t, "get", "*")
	case wrong:
		template := s.wrong.Draw(t, "wrong")
		tokens := strings.NewReplacer("KEY", key, "VALUE", s.value.Draw(t, "value"), "TIME", s.timestamp.Draw(t, "timestamp"))
		return tokens.Replace(template)
	default:
		return s.lay(t, "put", key, s.value.Draw(t, "value"), s.timestamp.Draw(t, "timestamp"))
	}
}

// lay writes the tokens of a right request into a line.
func (s scene) lay(t *rapid.T, tokens ...string) string {
	l := s.layout.Draw(t, "layout")
	return l.before + strings.Join(tokens, l.between) + l.after
}

// fewGetAll leaves out the requests for everything above their number.
func fewGetAll(steps []step) []step {
	n := 0
	return slices.DeleteFunc(steps, func(s step) bool {
		if isGetAll(s.line) {
			n++
			return n > maxGetAll
		}
		return false
	})
}

func isGetAll(line string) bool {
	req, _ := oracle.ParseRequest([]byte(line))
	return req.All
}

package cases

import (
	"context"
	"slices"

	"github.com/putget-protocol/putget/spec"
)

// A Case is one check of a target.
type Case struct {
	ID    string // lower-case words joined by "-"; never used again for another case
	Title string // what the case shows, as a sentence without a full stop
	// Section groups the cases of one chapter, such as "put"; [Sections] lists them.
	Section string
	// Requirements are the ids of the sentences that the case is about, the first
	// one above all. A failure may still break another sentence.
	Requirements []string
	// Level is core only when the case stays within the bounds of section 2.2.
	Level spec.Level
	Side  spec.Side
	// Needs names cases without whose success this one cannot run: then it is blocked.
	Needs []string
	// DependsOn names cases whose failure may show here too. The case runs all the
	// same, and a failure with the symptom of one of theirs is taken to follow from it.
	DependsOn []string
	// BuildsOn names cases without whose success this one proves nothing of its own:
	// whatever it shows when one of them fails follows from that. It runs all the same.
	BuildsOn []string
	// Alone says that nothing else may run meanwhile, as the case makes load.
	Alone bool
	// Waits says that the case mostly waits, so that it should begin before those that
	// may run beside it.
	Waits bool
	// Observes says that the case notes facts and judges nothing. It may be cruel to
	// the target, so it runs after everything that is judged.
	Observes bool
	// Vector is the id of the vector of the specification that the case plays, or "".
	Vector string
	// plain says that the case plays a vector whose requests may be delivered in any way.
	plain bool
	// Blames come before the table of defaults, and after those of a single request.
	Blames []Blame
	// Run looks at a server. It is nil when Side is client.
	Run func(ctx context.Context, s *Session)
	// Drive looks at a client. It is nil when Side is server.
	Drive func(ctx context.Context, d *Drive)
}

// A Section is the cases of one chapter.
type Section struct {
	Name  string
	Cases []Case
}

// Names of cases that others lean on.
const (
	// SanityFirst decides whether anything else is worth running.
	SanityFirst = "sanity-first"
	// EmptyStore is also looked at before the first case, when nothing is stored.
	EmptyStore = "get-all-empty"
	// SanityLast says whether the target survived.
	SanityLast = "sanity-last"
	// TwoSessions shows that two connections are served at once.
	TwoSessions = "session-two"
)

// Delivery is the name of the section whose cases deliver the requests of the others in
// other ways, and the largest reply. The former look at what has passed, and the latter
// makes much else slow, so they run after everything else that is judged (see
// Look.Passed).
const Delivery = "delivery"

// Generated is the name of the section whose cases make up what they ask.
const Generated = "generated"

// Sections returns all sections with their cases, in the order of the text; the
// cases that play a vector stand at the end of their section. The first section
// holds the two sanity cases; behind those of the text come the generated ones, those of
// delivery, and at last the observations. The error says that
// the vectors of the specification cannot be read.
func Sections() ([]Section, error) {
	sections := []Section{
		{"sanity", sanityCases()},
		{"framing", framingCases()},
		{"lexis", lexisCases()},
		{"values", valueCases()},
		{"timestamps", timestampCases()},
		{"put", putCases()},
		{"get", getCases()},
		{"errors", errorCases()},
		{"replies", replyCases()},
		{"consistency", consistencyCases()},
		{"sessions", append(sessionCases(), besideCases()...)},
		{"limits", limitCases()},
		{Generated, generatedCases()},
		{Delivery, nil},
		{"observed", observationCases()},
	}
	played, err := vectorCases()
	if err != nil {
		return nil, err
	}
	levels := make(map[string]spec.Level)
	for _, r := range spec.Requirements() {
		levels[r.ID] = r.Level
	}
	byCharacter, near := characterCases(), nearCases()
	for i := range sections {
		s := &sections[i]
		s.Cases = append(s.Cases, byCharacter[s.Name]...)
		s.Cases = append(s.Cases, near[s.Name]...)
		if s.Name == Delivery {
			s.Cases = append(deliveryCases(sections[:i]), largestCase(), manyKeysCase())
		}
		s.Cases = append(s.Cases, played[s.Name]...)
		for j := range s.Cases {
			s.Cases[j].complete(s.Name, levels)
		}
	}
	return sections, nil
}

// All returns the cases of [Sections] one after the other.
func All() ([]Case, error) { return flat(Sections()) }

// flat returns the cases of sections one after the other, or err.
func flat(sections []Section, err error) ([]Case, error) {
	if err != nil {
		return nil, err
	}
	var all []Case
	for _, s := range sections {
		all = append(all, s.Cases...)
	}
	return all, nil
}

// complete fills in what follows from the rest: a case is of level core when every
// requirement is.
func (c *Case) complete(section string, levels map[string]spec.Level) {
	c.Section = section
	c.Side = spec.Server
	c.leanOnBasics()
	c.takeLevel(levels)
}

// takeLevel gives a case that has no level of its own that of its requirements.
func (c *Case) takeLevel(levels map[string]spec.Level) {
	if c.Level != "" {
		return
	}
	c.Level = spec.Core
	for _, id := range c.Requirements {
		if levels[id] != spec.Core {
			c.Level = spec.Full
		}
	}
}

// Is reports whether the case is about a requirement.
func (c Case) Is(requirement string) bool { return slices.Contains(c.Requirements, requirement) }

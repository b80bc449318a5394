package report

// An Outcome is what a run as a whole says. The set is closed.
type Outcome string

// The outcomes.
const (
	// Conforms: see Report.Conformant.
	Conforms Outcome = "conformant"
	// Accepts: nothing failed but what was known to, see Report.Accepted.
	Accepts Outcome = "accepted"
	// Breaks: the target was shown not to conform, see [Report.Broken].
	Breaks Outcome = "not conformant"
	// NoVerdict: nothing can be said, be it for an interruption or for trouble of the
	// judge's own.
	NoVerdict Outcome = "no verdict"
)

// Outcome returns what the run as a whole says. A run that was interrupted after it had
// seen a failure says that the target does not conform.
func (r *Report) Outcome() Outcome {
	switch {
	case r.Conformant:
		return Conforms
	case r.Accepted:
		return Accepts
	case r.Broken():
		return Breaks
	default:
		return NoVerdict
	}
}

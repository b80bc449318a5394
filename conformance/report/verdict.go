package report

import "github.com/putget-protocol/putget/spec"

// A Verdict is what a run says of a case, or of a requirement. The set is closed.
type Verdict string

// The verdicts.
const (
	// Pass: every reply was an allowed one.
	Pass Verdict = "pass"
	// Fail: the target broke a sentence with MUST or MUST NOT.
	Fail Verdict = "fail"
	// Warn: the target did not do what a sentence with SHOULD asks for.
	Warn Verdict = "warn"
	// Observed: a fact was noted. It is neither right nor wrong.
	Observed Verdict = "observed"
	// Unsupported: the target does not have what the case is about, and need not.
	Unsupported Verdict = "unsupported"
	// Blocked: the case did not run, or could tell nothing, because of an earlier failure.
	Blocked Verdict = "blocked"
	// Crashed: the target died while the case ran.
	Crashed Verdict = "crashed"
	// Error: the judge had trouble of its own. This says nothing of the target.
	Error Verdict = "error"
	// Untested is said of requirements only: no case of this run was about it.
	Untested Verdict = "untested"
)

// Verdicts returns every Verdict, in the order of their declaration.
func Verdicts() []Verdict {
	return []Verdict{Pass, Fail, Warn, Observed, Unsupported, Blocked, Crashed, Error, Untested}
}

// OfKeyword returns what the breach of a sentence with that key word is: [Warn]
// for SHOULD and SHOULD NOT, [Fail] for all others.
func OfKeyword(k spec.Keyword) Verdict {
	if k == spec.Should || k == spec.ShouldNot {
		return Warn
	}
	return Fail
}

// Counts says how many cases ended with which verdict.
type Counts struct {
	Pass        int `json:"pass"`
	Fail        int `json:"fail"`
	Warn        int `json:"warn"`
	Observed    int `json:"observed"`
	Unsupported int `json:"unsupported"`
	Blocked     int `json:"blocked"`
	Crashed     int `json:"crashed"`
	Error       int `json:"error"`
}

// Add counts one more case. It ignores a verdict that no case can have.
func (c *Counts) Add(v Verdict) {
	if n := c.field(v); n != nil {
		*n++
	}
}

// Of returns the number of cases with a verdict.
func (c Counts) Of(v Verdict) int {
	if n := c.field(v); n != nil {
		return *n
	}
	return 0
}

// Judged returns the number of cases that ran and said something of the target.
func (c Counts) Judged() int { return c.Pass + c.Fail + c.Warn + c.Unsupported + c.Crashed }

func (c *Counts) field(v Verdict) *int {
	switch v {
	case Pass:
		return &c.Pass
	case Fail:
		return &c.Fail
	case Warn:
		return &c.Warn
	case Observed:
		return &c.Observed
	case Unsupported:
		return &c.Unsupported
	case Blocked:
		return &c.Blocked
	case Crashed:
		return &c.Crashed
	case Error:
		return &c.Error
	default:
		return nil
	}
}

package cases

import (
	"bytes"
	"slices"

	"github.com/putget-protocol/putget/conformance/oracle"
	"github.com/putget-protocol/putget/conformance/peer"
)

// AfterWrong is the sentence that a target breaks which a wrong request has killed.
const AfterWrong = "ERR-009"

// Crash returns the failure of a target that died during a look: how tells of its
// end. A wrong request that killed it broke AfterWrong, anything else SES-001.
func Crash(out Outcome, how string) Failure {
	f := Failure{Requirement: "SES-001", Symptom: Crashed, Want: "the target to go on serving", Detail: "the target died: " + how}
	for _, e := range slices.Backward(out.Events) {
		if e.Kind != peer.Sent {
			continue
		}
		f.Conn = e.Conn
		// Of several requests in one write any may have done it.
		for line := range bytes.SplitSeq(bytes.TrimSuffix(e.Data, []byte("\n")), []byte("\n")) {
			f.Request = append(bytes.Clone(line), '\n')
			if _, right := oracle.ParseRequest(line); !right || len(line) > oracle.MaxLine {
				f.Requirement = AfterWrong
				return f
			}
		}
		return f
	}
	return f
}

// LaterCrash is Crash for a target that died a while after a look: of the last wrong
// request that was sent, if any was.
func LaterCrash(out Outcome, how string) Failure {
	for i, e := range slices.Backward(out.Events) {
		if e.Kind != peer.Sent {
			continue
		}
		before := out
		before.Events = out.Events[:i+1]
		if f := Crash(before, how); f.Requirement == AfterWrong {
			return f
		}
	}
	return Crash(out, how)
}

// Death returns the failure of a target that died without anybody knowing of what: no
// request is to blame, but no session outlived it.
func Death(how string) Failure {
	return Failure{Requirement: "SES-001", Symptom: Crashed, Want: "the target to go on serving", Detail: "the target died: " + how}
}

// WithoutEnds returns the failures that a target's death does not explain.
func (o Outcome) WithoutEnds() []Failure {
	return slices.DeleteFunc(slices.Clone(o.Failures), func(f Failure) bool {
		switch f.Symptom {
		case Closed, NotServed, Crashed, oracle.AspectNoReply, oracle.AspectTruncated, oracle.AspectTerminator:
			return true
		default:
			return false
		}
	})
}

package cases

import (
	"bytes"
	"context"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/putget-protocol/putget/conformance/oracle"
	"github.com/putget-protocol/putget/conformance/peer"
	"github.com/putget-protocol/putget/conformance/property"
)

// history lets sessions put and get at the same time. With strict every history that
// is not linearizable is a failure, else only one that shows a stale reply, which is
// wrong at level core too.
func (s *Session) history(ctx context.Context, strict bool) {
	cfg := property.HistoryConfig{Target: s.propertyTarget(property.Core), Seed: s.look.Seed, Budget: s.budget(), CheckBudget: historyCheck, Operations: mostOperations}
	if s.isUsual() {
		cfg.Operations = usualOperations
	}
	h, err := property.CheckLinearizable(ctx, cfg)
	if s.broke(ctx, err) {
		return
	}
	s.Observe("seed", strconv.FormatUint(h.Seed, 10))
	s.Observe("operations", strconv.Itoa(h.Operations))
	s.Observe("unknown outcomes", strconv.Itoa(h.Open))
	for _, fault := range h.Faults {
		s.fault(fault)
	}
	switch h.Verdict {
	case property.OK:
	case property.Illegal:
		s.illegal(h, strict)
	default:
		why := "no operations were made within " + cfg.Budget.String()
		if len(h.Unsettled) > 0 {
			why = fmt.Sprintf("whether the histories of %d keys are linearizable could not be settled within %s", len(h.Unsettled), historyCheck)
		}
		s.unsettled(why)
	}
}

// fault records a reply that is wrong whatever the order was.
func (s *Session) fault(fault property.Fault) {
	f := Failure{
		Symptom: fault.Mismatch.Aspect, Conn: fault.Client, Request: []byte(fault.Line + "\n"), Reply: []byte(fault.Reply),
		Offset: fault.Mismatch.Offset, Want: fault.Mismatch.Want, Detail: join(fault.Mismatch.Detail, "other sessions put and got the same keys at the same time"),
	}
	switch fault.Reason {
	case peer.ReasonRefused:
		f.Symptom = NotServed
	case peer.ReasonClosed, peer.ReasonReset:
		if fault.Reply == "" {
			f.Symptom = Closed
		}
	case peer.ReasonTimeout:
		s.slow()
	}
	k := getKnown
	switch {
	case strings.HasPrefix(fault.Line, oracle.Put):
		k = put
	case fault.Line == "get *":
		k = getAll
	}
	f.Requirement = s.blame(k, f.Request, f.Symptom)
	s.fail(f, false)
}

// illegal records a history that no order of its operations explains.
func (s *Session) illegal(h property.History, strict bool) {
	v := h.Violation
	stale, symptom, is := staleGet(v.Operations)
	if !is && !strict {
		s.Observe("linearizable", "no, but no reply is stale: level core asks for no more")
		return
	}
	f := Failure{
		Requirement: "CON-003", Symptom: oracle.AspectValue, Want: "one order of the operations that explains every reply",
		Detail: fmt.Sprintf("the %d operations shown, of which each took effect at one instant between its request and its reply, cannot have come in any order (seed %d)", len(v.Operations), h.Seed),
	}
	if is {
		f.Requirement, f.Symptom = "CON-001", symptom
		f.Want = "every put that was answered with ok before the get was sent"
	}
	last := v.Operations[len(v.Operations)-1]
	if is {
		last = stale
	}
	f.Conn = last.Client
	f.Request, f.Reply = texts(v, last)
	s.show(v.Events(), s.look.KeyPrefix)
	var page bytes.Buffer
	err := h.Visualize(&page)
	s.attach(Artifact{Name: s.c.ID + ".html", Bytes: page.Bytes()}, err)
	s.fail(f, true)
}

// texts returns the request and the reply of an operation as its violation shows them.
func texts(v *property.Violation, o property.Operation) (request, reply []byte) {
	for _, e := range v.Events() {
		switch {
		case e.Conn == o.Client && e.Kind == peer.Sent && e.At == o.Call:
			request = e.Data
		case e.Conn == o.Client && e.Kind == peer.Received && e.At == o.Return:
			reply = e.Data
		}
	}
	return request, reply
}

// staleGet returns a get that does not show a put which was answered before it was
// sent, and which no other put can have replaced: at its timestamp it shows nothing,
// or what a put had put that was answered before that one was sent.
func staleGet(operations []property.Operation) (get property.Operation, symptom Symptom, is bool) {
	for _, get := range operations {
		if get.Put {
			continue
		}
		for _, put := range operations {
			if !put.Put || put.Open || put.Return >= get.Call {
				continue
			}
			i := slices.IndexFunc(get.Samples, func(s oracle.Sample) bool { return s.Timestamp == put.Timestamp })
			switch {
			case i < 0:
				return get, oracle.AspectMissingSample, true
			case isOlder(operations, put, get.Samples[i].Value):
				return get, oracle.AspectValue, true
			}
		}
	}
	return property.Operation{}, "", false
}

// isOlder reports whether a value was put at the timestamp of put, and answered, before
// that one was sent.
func isOlder(operations []property.Operation, put property.Operation, value float64) bool {
	return slices.ContainsFunc(operations, func(o property.Operation) bool {
		return o.Put && !o.Open && o.Timestamp == put.Timestamp && o.Value == value && o.Return < put.Call
	})
}

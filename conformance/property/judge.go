package property

import (
	"strings"

	"github.com/putget-protocol/putget/conformance/oracle"
	"github.com/putget-protocol/putget/conformance/peer"
)

// A judge tells the answers that have a place in a history from those that are wrong
// whatever the order was.
type judge struct {
	plan    plan
	allowed map[string]oracle.Allowed // the replies to a get of each key
	all     oracle.Allowed            // and to one of everything
	put     map[oracle.Sample]bool    // all samples that may be stored at some time
}

// newJudge learns from all answers what can be stored at all: what was sent and not
// refused.
func newJudge(p plan, answers []answer) *judge {
	j := &judge{plan: p, allowed: make(map[string]oracle.Allowed), put: make(map[oracle.Sample]bool)}
	cells := make(map[string][]oracle.Cell)
	for _, key := range p.keys {
		for _, timestamp := range planTimestamps {
			cells[key] = append(cells[key], oracle.Cell{Timestamp: timestamp, Optional: true})
		}
	}
	for _, a := range answers {
		if a.request.Verb != oracle.Put || !a.sent || isRefused(a) {
			continue
		}
		s := sampleOf(a.request)
		j.put[s] = true
		for i := range cells[s.Key] {
			if c := &cells[s.Key][i]; c.Timestamp == s.Timestamp {
				c.Values = append(c.Values, s.Value)
			}
		}
	}
	for key, c := range cells {
		j.allowed[key] = oracle.SeriesOf(key, c...)
	}
	j.all = oracle.AllOf(func(key string) bool { return strings.HasPrefix(key, p.prefix) }, cells)
	return j
}

func sampleOf(req oracle.Request) oracle.Sample {
	return oracle.Sample{Key: req.Key, Value: req.Value, Timestamp: req.Timestamp}
}

// isRefused reports whether a put was answered with an error that settles it: it never
// takes effect (REP-012).
func isRefused(a answer) bool {
	return a.reason == "" && oracle.AnyError().Check(a.reply) == nil && oracle.UnknownOutcome().Check(a.reply) != nil
}

// look returns the operations that an answer stands for, and the fault that it shows.
func (j *judge) look(a answer) ([]Operation, *Fault) {
	m := j.check(a)
	operations := j.operations(a)
	if m == nil {
		return operations, nil
	}
	return operations, &Fault{
		Client:   a.client,
		Line:     strings.TrimSuffix(a.request.Line(), "\n"),
		Reply:    string(a.reply),
		Mismatch: m,
		Reason:   a.reason,
	}
}

// check judges an answer by itself.
func (j *judge) check(a answer) *oracle.Mismatch {
	allowed := j.allowed[a.request.Key]
	switch {
	case a.cut:
		return nil
	case !a.sent:
		return &oracle.Mismatch{Want: "a connection", Aspect: oracle.AspectNoReply, Detail: "none was made"}
	case a.request.Verb == oracle.Put:
		allowed = oracle.Union(oracle.OKEmpty(), oracle.UnknownOutcome(), oracle.Closed())
	case a.request.All:
		allowed = j.all
	}
	m := allowed.Check(a.reply)
	if a.reason == peer.ReasonClosed || a.reason == peer.ReasonReset {
		m = allowed.CheckEnd(a.reply)
	}
	if m != nil && m.Aspect == oracle.AspectValue {
		m.Want = "a value that was put at this timestamp, and not refused" // not a list of them all
	}
	return m
}

// operations returns what an answer tells of the series.
func (j *judge) operations(a answer) []Operation {
	o := Operation{Client: a.client, Key: a.request.Key, All: a.request.All, Call: a.call, Return: a.ending}
	if a.request.Verb == oracle.Put {
		o.Put, o.Value, o.Timestamp = true, a.request.Value, a.request.Timestamp
		o.Open = a.reason != "" || oracle.OKEmpty().Check(a.reply) != nil
		if !a.sent || isRefused(a) {
			return nil
		}
		return []Operation{o}
	}
	byKey, ok := j.samples(a)
	if !ok {
		return nil
	}
	keys := []string{a.request.Key}
	if a.request.All {
		keys = j.plan.keys
	}
	operations := make([]Operation, len(keys))
	for i, key := range keys {
		operations[i] = o
		operations[i].Key, operations[i].Samples = key, byKey[key]
	}
	return operations
}

// samples returns what a get shows of each key, if it can be a state of the series:
// every sample was put at some time, and no timestamp stands there twice. The order of
// its lines does not matter here; it is a fault by itself.
func (j *judge) samples(a answer) (map[string][]oracle.Sample, bool) {
	if a.reason != "" {
		return nil, false
	}
	reply, m := oracle.ParseReply(a.reply)
	if m != nil || !reply.OK {
		return nil, false
	}
	type place struct {
		key       string
		timestamp int64
	}
	seen := make(map[place]bool)
	byKey := make(map[string][]oracle.Sample)
	for _, s := range reply.Samples {
		at := place{s.Key, s.Timestamp}
		if !j.put[s] || seen[at] || !a.request.All && s.Key != a.request.Key {
			return nil, false
		}
		seen[at] = true
		byKey[s.Key] = append(byKey[s.Key], s)
	}
	return byKey, true
}

package cases

import (
	"context"
	"slices"

	"github.com/putget-protocol/putget/conformance/adapter"
	"github.com/putget-protocol/putget/spec"
)

// Names of cases on clients that others lean on.
const (
	// ClientSanity decides whether anything else is worth running against a client.
	ClientSanity = "client-sanity"
	clientOpen   = "client-open"
	// clientTimeout shows that a client takes a timeout.
	clientTimeout = "client-open-timeout"
	oneConnection = "client-one-connection"
	putBytes      = "client-put-bytes"
	getBytes      = "client-get-bytes"
	putReturns    = "client-put-returns"
	getOne        = "client-get-one"
	getSeveral    = "client-get-several"
	getKeys       = "client-get-keys"
)

// ClientSections returns the cases that judge clients, as [Sections] does those that
// judge servers. The error says that the vectors of the specification cannot be read.
func ClientSections() ([]Section, error) {
	sections := []Section{
		{"sanity", clientSanityCases()},
		{"connection", connectionCases()},
		{"requests", requestCases()},
		{"arguments", argumentCases()},
		{"results", resultCases()},
		{"errors", clientErrorCases()},
		{"form", clientFormCases()},
		{"loss", lossCases()},
		{"timeout", timeoutCases()},
		{"pieces", pieceCases()},
		{"unasked", unaskedCases()},
		{"afterwards", afterwardsCases()},
		{"wording", wordingCases()},
		{"observed", clientObservationCases()},
	}
	played, err := clientVectorCases()
	if err != nil {
		return nil, err
	}
	levels := make(map[string]spec.Level)
	for _, r := range spec.Requirements() {
		levels[r.ID] = r.Level
	}
	for i := range sections {
		s := &sections[i]
		s.Cases = append(s.Cases, played[s.Name]...)
		for j := range s.Cases {
			s.Cases[j].completeClient(s.Name, levels)
		}
	}
	return sections, nil
}

// AllClient returns the cases of [ClientSections] one after the other.
func AllClient() ([]Case, error) { return flat(ClientSections()) }

// completeClient fills in what follows from the rest.
func (c *Case) completeClient(section string, levels map[string]spec.Level) {
	c.Section = section
	c.Side = spec.Client
	c.takeLevel(levels)
	if c.Observes || slices.Contains(clientBasics(), c.ID) {
		return
	}
	for _, id := range clientBasics() {
		if !slices.Contains(c.DependsOn, id) {
			c.DependsOn = append(slices.Clip(c.DependsOn), id)
		}
	}
	switch section {
	case "arguments": // what must not be sent is told by what is sent otherwise
		c.BuildsOn = append(slices.Clip(c.BuildsOn), putBytes, getBytes)
	case "pieces": // what comes of a reply in pieces is held against what comes of a whole one
		c.BuildsOn = append(slices.Clip(c.BuildsOn), putReturns, getOne)
	}
}

// clientBasics are the cases on which every other one on clients leans.
func clientBasics() []string {
	return ids(ClientSanity, clientOpen, oneConnection, putBytes, getBytes, putReturns, getOne, getSeveral, getKeys)
}

func clientSanityCases() []Case {
	return []Case{{
		ID: ClientSanity, Title: "One get and one put: a client of which neither returns is not worth more calls",
		Requirements: ids("CLI-015", "CLI-014"),
		Drive:        isClient,
	}}
}

// isClient sees whether anything works at all. What the calls return, and whether both
// of them return, is judged by other cases.
func isClient(ctx context.Context, d *Drive) {
	d.Open(ctx)
	one := at(cpu, 1.5, 1503319740)
	x := d.call(ctx, "get", []any{cpu}, whole(okReply(one)))
	y := d.call(ctx, "put", putArgs(cpu, "2.5", "1503319741"), whole(okEmpty))
	if x == nil || x.is(adapter.OK) || y != nil && y.is(adapter.OK) {
		return
	}
	d.returned(x, mappingOf(one).String(), "CLI-015")
}

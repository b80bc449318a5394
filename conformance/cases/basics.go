package cases

import "slices"

// basics are the cases on which every other one leans besides those that it names:
// whoever fails one of them shows the same symptom wherever that is used. They lean
// on one another alone, so they are judged first.
func basics() []string {
	return ids(ManySessions, "put-reply", putStored, "put-twice", "put-last-wins", "put-others", "get-known", "get-unknown", "get-only",
		getOrder, "get-all", "get-all-order", errorReply, errorSession, "error-others", "session-many-requests",
		"lex-key-characters", "value-forms", "time-range")
}

// leanOnBasics adds the basics to what a judged case depends on.
func (c *Case) leanOnBasics() {
	first := c.Section == "sanity" && c.ID != SanityLast || c.Observes || slices.Contains(basics(), c.ID)
	if first {
		return
	}
	for _, id := range basics() {
		if !slices.Contains(c.DependsOn, id) {
			c.DependsOn = append(slices.Clip(c.DependsOn), id)
		}
	}
}

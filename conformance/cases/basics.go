package cases

import "slices"

// basics are the cases on which every other one leans besides those that it names:
// whoever fails one of them shows the same symptom wherever that is used. Each of them
// leans on those before it alone, so they are judged first, and in this order.
func basics() []string {
	return ids(ManySessions, "put-reply", putStored, "put-twice", "put-last-wins", "put-others", "put-equal-values", "get-known", "get-unknown", "get-only",
		getOrder, "get-all", "get-all-order", errorReply, errorSession, "error-others", "session-many-requests",
		"lex-key-characters", "value-forms", "time-range")
}

// leanOnBasics adds the basics to what a judged case depends on.
func (c *Case) leanOnBasics() {
	if c.Section == "sanity" && c.ID != SanityLast || c.ID == ManySessions || c.Observes {
		return
	}
	for _, id := range basics() {
		if id == c.ID {
			return
		}
		if !slices.Contains(c.DependsOn, id) {
			c.DependsOn = append(slices.Clip(c.DependsOn), id)
		}
	}
}

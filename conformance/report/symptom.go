package report

// symptomWords says a symptom in words that need no table.
func symptomWords(symptom string) string {
	words := map[string]string{
		"no-reply":          "no reply",
		"not-a-reply":       "no reply by its form",
		"status":            "another status",
		"line-end":          "CR at the end of a line",
		"terminator":        "the empty line is missing",
		"truncated":         "cut short",
		"trailing":          "more bytes than the reply",
		"field-separator":   "another separator than one space",
		"field-count":       "not three fields",
		"key-syntax":        "a key that is none",
		"value-syntax":      "a value that is none",
		"timestamp-syntax":  "a timestamp that is none",
		"refused":           "refused",
		"accepted":          "accepted",
		"error-text":        "another text",
		"value":             "another value",
		"timestamp":         "another timestamp",
		"order":             "not in order",
		"duplicate":         "a timestamp twice",
		"missing-sample":    "a sample is missing",
		"lost-sample":       "an older sample is missing",
		"extra-sample":      "a sample too many",
		"foreign-key":       "a sample of another key",
		"grouping":          "keys are mixed",
		"value-wording":     "a longer wording than needed",
		"timestamp-wording": "a longer wording than needed",
		"closed":            "the connection ended",
		"still-open":        "the connection stays open",
		"unasked":           "bytes that nobody asked for",
		"twice":             "a reply that nobody asked for",
		"not-served":        "no connection",
		"crashed":           "the target died",
	}
	if text, ok := words[symptom]; ok {
		return text
	}
	if text, ok := clientWords()[symptom]; ok {
		return text
	}
	return symptom
}

// clientWords are those for the symptoms of clients.
func clientWords() map[string]string {
	return map[string]string{
		"bare-error":       "a bare error, where the client's own was due",
		"value-returned":   "a value, where the client's own error was due",
		"hangs":            "no answer: it hangs",
		"spins":            "no answer: it spins, and burns CPU time",
		"died":             "the process ended",
		"error-raised":     "its own error, where a result was due",
		"early-answer":     "answered before the reply was whole",
		"pieces":           "another answer when the reply comes in pieces",
		"nothing-sent":     "nothing was sent",
		"sent-anyway":      "sent, where nothing was to be",
		"wrong-line":       "another line than the one due",
		"wrong-value":      "another value was sent",
		"wrong-timestamp":  "another timestamp was sent",
		"not-connected":    "no connection was made",
		"new-connection":   "another connection than before",
		"used-again":       "a connection out of step was used again",
		"dropped":          "bytes were dropped in silence",
		"result-form":      "a result of another form",
		"result-keys":      "other keys than those of the reply",
		"result-samples":   "more or fewer samples than the reply",
		"result-order":     "not in order",
		"result-value":     "another value than that of the reply",
		"result-timestamp": "another timestamp than that of the reply",
	}
}

// whatIsWrong says the symptom and names the request.
func whatIsWrong(f Failure) string {
	what := symptomWords(f.Symptom)
	if len(f.Request) == 0 {
		return what
	}
	switch f.Symptom {
	case "no-reply":
		what += " to "
	case "trailing", "unasked", "twice":
		what += ", behind the reply to "
	default:
		if len(f.Reply) > 0 {
			what += ", in the reply to "
		} else {
			what += ", where a reply was due to "
		}
	}
	return what + quoteFit(f.Request, f.RequestSize, columns-len(fieldIndent)-len(what))
}

package cases

import (
	"bytes"
	"slices"

	"github.com/putget-protocol/putget/conformance/oracle"
	"github.com/putget-protocol/putget/spec"
)

// A Symptom is what is wrong: an aspect of a reply as oracle sees it, or one of the
// constants here.
type Symptom = oracle.Aspect

// What can go wrong beside the content of a reply.
const (
	// Closed: the connection ended where a reply was due.
	Closed Symptom = "closed"
	// StillOpen: the connection was to end and did not.
	StillOpen Symptom = "still-open"
	// Unasked: bytes came that are no part of a reply that was due.
	Unasked Symptom = "unasked"
	// Twice: a whole reply came that no request asked for.
	Twice Symptom = "twice"
	// Lost: a sample is gone that is not the one put last.
	Lost Symptom = "lost-sample"
	// NotServed: no connection could be made, though the target runs.
	NotServed Symptom = "not-served"
	// Crashed: the target died.
	Crashed Symptom = "crashed"
)

// A Blame says which sentence is broken when a symptom shows.
type Blame struct {
	ID       string
	Symptoms []Symptom // nil: all
}

// on blames a requirement for some symptoms.
func on(id string, symptoms ...Symptom) Blame { return Blame{ID: id, Symptoms: symptoms} }

// content blames a requirement for a request not being answered, or answered as if
// it had been another. The form of replies, the order of samples and what comes
// unasked keep to the table of defaults.
func content(id string) Blame {
	return on(id,
		oracle.AspectNoReply, Closed, NotServed, oracle.AspectRefused, oracle.AspectAccepted,
		oracle.AspectValue, oracle.AspectTimestamp, oracle.AspectDuplicate,
		oracle.AspectMissingSample, Lost, oracle.AspectExtraSample, oracle.AspectForeignKey)
}

// unasked blames a requirement for replies that come too early or too often.
func unasked(id string) Blame { return on(id, Unasked, Twice) }

// samples blames a requirement for what a reply shows of the store.
func samples(id string) Blame {
	return on(id,
		oracle.AspectValue, oracle.AspectTimestamp, oracle.AspectDuplicate,
		oracle.AspectMissingSample, Lost, oracle.AspectExtraSample, oracle.AspectForeignKey)
}

// anything blames a requirement whatever is wrong.
func anything(id string) Blame { return Blame{ID: id} }

// service blames a requirement for there being no answer.
func service(id string) Blame { return on(id, oracle.AspectNoReply, Closed, NotServed) }

// diverges reports whether, after a symptom, the store is no longer what the judge
// takes it for, so that what follows would be blamed in vain.
func diverges(symptom Symptom) bool {
	return slices.Contains(content("").Symptoms, symptom)
}

// Shifts reports whether, after a symptom, what comes is taken for the reply to another
// request than it is.
func Shifts(symptom Symptom) bool {
	return symptom == Twice || symptom == Unasked || symptom == oracle.AspectTrailing
}

// Class joins the symptoms that are one and the same to whoever waits for a reply, and
// differ only in how a target fails to send it. Other symptoms are their own class.
func Class(symptom Symptom) Symptom {
	switch symptom {
	case Closed, NotServed:
		return oracle.AspectNoReply
	case oracle.AspectTerminator:
		return oracle.AspectTruncated
	case Lost:
		return oracle.AspectMissingSample
	case Spins:
		return Hangs // whether a process idles or not can hang on the machine
	default:
		return symptom
	}
}

// A kind of request, as far as it decides whom to blame.
type kind int

const (
	put kind = iota + 1
	getKnown
	getUnknown // of a key without samples
	getAll
	wrong
)

// blameFor returns the requirement that is broken when symptom shows in the reply to
// a request: by the blames given, in their order, else by the table of defaults.
func blameFor(k kind, line []byte, symptom Symptom, blames ...Blame) string {
	for _, b := range blames {
		if b.Symptoms == nil || slices.Contains(b.Symptoms, symptom) {
			return b.ID
		}
	}
	if id := blameByForm(k, line, symptom); id != "" {
		return id
	}
	if id := ofKind(k)[symptom]; id != "" {
		return id
	}
	if id := ofEveryKind()[symptom]; id != "" {
		return id
	}
	return "REP-002"
}

// blameAtCore is blameFor where only sentences of level core may be blamed: when that
// is none of them, the table of defaults says which is next.
func blameAtCore(k kind, line []byte, symptom Symptom, blames ...Blame) string {
	for _, id := range []string{blameFor(k, line, symptom, blames...), ofKind(k)[symptom], ofEveryKind()[symptom]} {
		if q, ok := spec.Find(id); ok && q.Level == spec.Core {
			return id
		}
	}
	return "REP-002"
}

// blameByForm blames the sentence that makes a line right or wrong, where the
// target seems to think otherwise.
func blameByForm(k kind, line []byte, symptom Symptom) string {
	form := formOf(bytes.TrimSuffix(line, []byte("\n")))
	switch {
	case k > 0 && k != wrong && form == "" && symptom == oracle.AspectRefused:
		return unusual(bytes.TrimSuffix(line, []byte("\n")))
	case k == 0, form == "":
		return "" // no request was due an answer, or a plain one was
	case k == wrong && symptom == oracle.AspectAccepted:
		return form
	case k == wrong && form == "ERR-006" && symptom == oracle.AspectNoReply:
		return form
	case k == wrong && goesOnBy(form) == "LEX-009":
		switch symptom {
		case oracle.AspectNoReply:
			return form
		case Closed:
			return "LEX-009"
		}
	case k != wrong:
		switch symptom {
		case oracle.AspectRefused, oracle.AspectNoReply, Closed, oracle.AspectMissingSample,
			oracle.AspectValue, oracle.AspectTimestamp, oracle.AspectForeignKey, oracle.AspectDuplicate:
			return form
		}
	}
	return ""
}

// goesOnBy returns the sentence by which the session goes on after a wrong request
// of a form.
func goesOnBy(form string) string {
	if form == "LEX-006" || form == "LEX-008" {
		return "LEX-009"
	}
	return "ERR-008"
}

// ofEveryKind is the last resort: what a symptom breaks whatever the request was.
func ofEveryKind() map[Symptom]string {
	return map[Symptom]string{
		oracle.AspectNoReply:          "REP-001",
		oracle.AspectTrailing:         "REP-003",
		oracle.AspectFieldSeparator:   "REP-004",
		oracle.AspectFieldCount:       "REP-004",
		oracle.AspectValueSyntax:      "REP-005",
		oracle.AspectTimestampSyntax:  "REP-005",
		oracle.AspectGrouping:         "GET-007",
		oracle.AspectValueWording:     "REP-008",
		oracle.AspectTimestampWording: "REP-009",
		Closed:                        "SES-001",
		Unasked:                       "REP-003",
		Twice:                         "REP-001",
		StillOpen:                     "FRM-008",
		NotServed:                     "SES-002",
		Crashed:                       "ERR-009",
	}
}

// ofKind is what a symptom breaks in the reply to one kind of request.
func ofKind(k kind) map[Symptom]string {
	switch k {
	case put:
		return map[Symptom]string{
			oracle.AspectRefused:     "PUT-001",
			oracle.AspectTrailing:    "PUT-001",
			oracle.AspectExtraSample: "PUT-001",
		}
	case getKnown, getUnknown, getAll:
		ids := map[Symptom]string{
			oracle.AspectRefused:       "GET-001",
			oracle.AspectTruncated:     "REP-010",
			oracle.AspectValue:         "REP-006",
			oracle.AspectTimestamp:     "PUT-002",
			oracle.AspectMissingSample: "PUT-002",
			Lost:                       "PUT-004",
			oracle.AspectDuplicate:     "PUT-003",
			oracle.AspectExtraSample:   "GET-001",
			oracle.AspectForeignKey:    "GET-003",
			oracle.AspectOrder:         "GET-004",
		}
		switch k {
		case getUnknown:
			ids[oracle.AspectRefused] = "GET-002"
			ids[oracle.AspectExtraSample] = "GET-002"
		case getAll:
			ids[oracle.AspectRefused] = "GET-005"
			ids[oracle.AspectMissingSample] = "GET-005"
			ids[oracle.AspectExtraSample] = "GET-005"
			ids[oracle.AspectOrder] = "GET-006"
		}
		return ids
	case wrong:
		return map[Symptom]string{
			oracle.AspectErrorText:  "ERR-001",
			oracle.AspectNoReply:    "ERR-001",
			oracle.AspectTerminator: "ERR-001",
			oracle.AspectTruncated:  "ERR-001",
			oracle.AspectTrailing:   "ERR-001",
			oracle.AspectStatus:     "ERR-001",
			oracle.AspectNotAReply:  "ERR-001",
			oracle.AspectLineEnd:    "ERR-001",
			Closed:                  "ERR-008",
		}
	default:
		return nil
	}
}

package oracle

import "fmt"

// An Aspect names what is wrong with a reply, so that a case can blame the one
// requirement that was broken. The set is closed; [Aspects] lists it.
type Aspect string

// Aspects of a reply that has not the form of a reply, or of one that says too
// little.
const (
	// AspectNoReply: not one byte came.
	AspectNoReply Aspect = "no-reply"
	// AspectNotAReply: the first line resembles neither status (REP-002).
	AspectNotAReply Aspect = "not-a-reply"
	// AspectStatus: the first line resembles a status but is none, as "OK" and
	// "okay" do, or has something behind the status.
	AspectStatus Aspect = "status"
	// AspectLineEnd: CR before the LF of a line.
	AspectLineEnd Aspect = "line-end"
	// AspectTerminator: all that was due came, but for the empty line.
	AspectTerminator Aspect = "terminator"
	// AspectTruncated: the reply stops in the middle of a line, or before the
	// samples that were due.
	AspectTruncated Aspect = "truncated"
	// AspectTrailing: bytes behind the end of the reply (REP-001, REP-003).
	AspectTrailing Aspect = "trailing"
)

// Aspects of a single sample line.
const (
	// AspectFieldSeparator: something other than one SP between two fields, or
	// anything before the first or behind the last (REP-004).
	AspectFieldSeparator Aspect = "field-separator"
	// AspectFieldCount: fewer or more than three fields.
	AspectFieldCount Aspect = "field-count"
	// AspectKeySyntax: the first field is no key.
	AspectKeySyntax Aspect = "key-syntax"
	// AspectValueSyntax: the second field is no value (REP-005).
	AspectValueSyntax Aspect = "value-syntax"
	// AspectTimestampSyntax: the third field is no timestamp (REP-005).
	AspectTimestampSyntax Aspect = "timestamp-syntax"
)

// Aspects of the content of a reply that has the right form.
const (
	// AspectRefused: an error where ok was due.
	AspectRefused Aspect = "refused"
	// AspectAccepted: ok where an error was due.
	AspectAccepted Aspect = "accepted"
	// AspectErrorText: an error was due, but with another text (ERR-001).
	AspectErrorText Aspect = "error-text"
	// AspectValue: another value at the timestamp (PUT-002, PUT-003, REP-006).
	AspectValue Aspect = "value"
	// AspectTimestamp: another timestamp beside the value that was put.
	AspectTimestamp Aspect = "timestamp"
	// AspectOrder: a sample stands behind one with a later timestamp (GET-004).
	AspectOrder Aspect = "order"
	// AspectDuplicate: a timestamp that this series has shown before (PUT-003).
	AspectDuplicate Aspect = "duplicate"
	// AspectMissingSample: a sample that was due is not there.
	AspectMissingSample Aspect = "missing-sample"
	// AspectExtraSample: a sample that nobody put, or that was refused.
	AspectExtraSample Aspect = "extra-sample"
	// AspectForeignKey: a sample of a key that was not asked for (GET-003).
	AspectForeignKey Aspect = "foreign-key"
	// AspectGrouping: the samples of one key do not stand together (GET-007).
	AspectGrouping Aspect = "grouping"
	// AspectValueWording: a value in a longer wording than it needs (REP-008).
	AspectValueWording Aspect = "value-wording"
	// AspectTimestampWording: a timestamp with plus sign or zeros (REP-009).
	AspectTimestampWording Aspect = "timestamp-wording"
)

// Aspects returns every Aspect, in the order of their declaration.
func Aspects() []Aspect {
	return []Aspect{
		AspectNoReply, AspectNotAReply, AspectStatus, AspectLineEnd,
		AspectTerminator, AspectTruncated, AspectTrailing,
		AspectFieldSeparator, AspectFieldCount,
		AspectKeySyntax, AspectValueSyntax, AspectTimestampSyntax,
		AspectRefused, AspectAccepted, AspectErrorText,
		AspectValue, AspectTimestamp, AspectOrder, AspectDuplicate,
		AspectMissingSample, AspectExtraSample, AspectForeignKey,
		AspectGrouping, AspectValueWording, AspectTimestampWording,
	}
}

// A Mismatch says where and how a reply leaves what is allowed. It is no error:
// nil means that nothing is wrong, and whoever asked decides what follows.
type Mismatch struct {
	// Offset is the index of the first byte of the reply that differs or is not
	// allowed there. It is the length of the reply when that is too short.
	Offset int
	// Want says for a reader what was due at Offset.
	Want string
	// Aspect says what is wrong.
	Aspect Aspect
	// Detail says for a reader what is there instead, and what follows from it.
	// Empty when Want says it all.
	Detail string
}

// String returns the mismatch as one line.
func (m *Mismatch) String() string {
	if m == nil {
		return "no mismatch"
	}
	text := fmt.Sprintf("%s at byte %d: want %s", m.Aspect, m.Offset, m.Want)
	if m.Detail != "" {
		text += "; " + m.Detail
	}
	return text
}

// Incomplete reports whether the reply is right as far as it goes: with more
// bytes behind it, it could still have become an allowed one.
func (m *Mismatch) Incomplete() bool {
	switch m.Aspect {
	case AspectNoReply, AspectTruncated, AspectTerminator:
		return true
	default:
		return false
	}
}

package oracle

import "bytes"

// A Sample is one line of data in a reply: a value of a key at a timestamp.
type Sample struct {
	Key       string
	Value     float64
	Timestamp int64
}

// Line returns the sample as a server should write it (REP-008, REP-009), with
// its LF.
func (s Sample) Line() string {
	return s.Key + " " + FormatValue(s.Value) + " " + FormatTimestamp(s.Timestamp) + "\n"
}

// A Reply is what a whole reply holds.
type Reply struct {
	OK      bool     // the status: ok, or else error
	Samples []Sample // of an ok reply, as they came; nil when there are none
	Text    []string // of an error reply, a string a line, without LF, as bytes came; nil when there are none
}

// ParseReply decodes exactly one whole reply. A Mismatch says where b leaves the
// form of spec/SPEC.md, section 6; the Reply is then the zero Reply. Bytes that
// are only the beginning of a reply differ from right ones at their end, see
// [Mismatch.Incomplete].
func ParseReply(b []byte) (Reply, *Mismatch) {
	f := scan(b)
	if m := f.fault(everyLine); m != nil {
		return Reply{}, m
	}
	r := Reply{OK: f.status == statusOK}
	for _, l := range f.lines {
		if r.OK {
			r.Samples = append(r.Samples, l.sample)
		} else {
			r.Text = append(r.Text, l.text)
		}
	}
	return r, nil
}

// ReplyEnd returns the length of the first whole reply in b, up to and including
// its empty line, or -1 when b does not hold a whole one yet. It frames and
// judges nothing. The first line is taken for the status even when it is empty,
// so that a server that sends an empty line too many is seen to do so at the
// beginning of its next reply.
func ReplyEnd(b []byte) int {
	i := bytes.Index(b, []byte("\n\n"))
	if i < 0 {
		return -1
	}
	return i + 2
}

package wire

// The texts of error replies that have a meaning of their own. Any other text
// says that a right request was not carried out [REP-011].
const (
	// WrongCommand answers a line that is no request [ERR-001].
	WrongCommand = "wrong command"

	// UnknownOutcome answers a put of which the server cannot know whether it
	// took effect [REP-013].
	UnknownOutcome = "unknown outcome"
)

// AppendOK appends the status line of a request that was carried out. Sample
// lines follow, if there are any, and then the end: see [AppendSample], [AppendEnd].
func AppendOK(dst []byte) []byte {
	return append(dst, "ok\n"...)
}

// AppendSample appends one sample line [REP-004]. It is the caller's duty that
// [CheckKey] accepts key and [CheckValue] accepts value.
func AppendSample[T Text](dst []byte, key T, value float64, timestamp int64) []byte {
	dst = append(dst, key...)
	dst = append(dst, ' ')
	dst = AppendValue(dst, value)
	dst = append(dst, ' ')
	dst = AppendTimestamp(dst, timestamp)
	return append(dst, '\n')
}

// AppendEnd appends the empty line that ends every reply.
func AppendEnd(dst []byte) []byte {
	return append(dst, '\n')
}

// AppendError appends a whole error reply: status line, text and end. A server
// gives one line of text. Of a text that has several, separated by LF, the empty
// lines are left out, because an empty line would end the reply; an
// empty text gives a reply without text lines.
func AppendError[T Text](dst []byte, text T) []byte {
	dst = append(dst, "error\n"...)
	for i := range len(text) {
		if text[i] != '\n' || !endsLine(dst) {
			dst = append(dst, text[i])
		}
	}
	if !endsLine(dst) {
		dst = append(dst, '\n')
	}
	return AppendEnd(dst)
}

// endsLine reports whether b, which is not empty, ends in LF.
func endsLine(b []byte) bool {
	return b[len(b)-1] == '\n'
}

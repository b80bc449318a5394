package report

// clientHelps are about clients (section 10), for the author of one.
func clientHelps() []help {
	return []help{
		{"CLI-001", "the constructor demands a timeout, or takes it by its name alone or in another place than the third"},
		{"CLI-002", "the connection is made by the first put or get: make it in the constructor"},
		{"CLI-003", "each method opens a socket of its own: open one in the constructor and keep it until the client is closed"},
		{"CLI-004", "the constructor connects outside the try block that turns errors of the socket into the client's own"},
		{"CLI-005", "the line is put together with its fields in another order, with spaces or CR too many, or without its LF"},
		{"CLI-006", "the line lacks its LF, ends in CR LF, or holds a space too many; or * is sent as something else"},
		{"CLI-007", "the value is formatted with %f or %g, or made an integer: the shortest form that reads back keeps every digit"},
		{"CLI-008", "timestamp or now() takes 0 for no timestamp: compare with the absence itself, such as None"},
		{"CLI-009", "the default was computed when the function was defined, or is a float or milliseconds: compute whole seconds in each call"},
		{"CLI-010", "timestamps below 0 are refused, or lose their sign"},
		{"CLI-011", "the key is not looked at before it is sent: refuse the empty one, white space, control characters and * in a put"},
		{"CLI-012", "nan and infinity are formatted like any other value: check that the value is finite"},
		{"CLI-013", "the timestamp is formatted as it is: check that it is an integer, and that 64 bits hold it"},
		{"CLI-014", "put returns the reply or True, takes ok for an error, or does not read its reply at all"},
		{"CLI-015", "a line is key, value, timestamp and a pair is timestamp, value; values are left as text, or only one record of a key is kept"},
		{"CLI-016", "pairs come back in the order of the lines, or sorted as text or by value: sort each list by its integers"},
		{"CLI-017", "an empty reply is taken for an error, or its lines are taken apart without looking whether there are any"},
		{"CLI-018", "the value is read by the integer parser when it has no point, or by a pattern that demands one"},
		{"CLI-019", "strip('ok') takes letters off both ends, not a word: cut off the status line, and search for nothing in the rest"},
		{"CLI-020", "only one text of errors is known, or the reply is searched for ok: look at the first line alone"},
		{"CLI-021", "the connection is closed when an error is raised, or the text of the error is left unread"},
		{"CLI-022", "the parser's own exception gets out, bad lines are skipped, or fields behind the third are ignored: count, convert, and catch"},
		{"CLI-023", "an empty read is the end of the stream: raise the own error, whatever has come; it is no reply, and reading on spins"},
		{"CLI-024", "the timeout is not set on the socket, or its exception gets out as it is: catch it and raise the own error"},
		{"CLI-025", "one read is not one reply: read until the empty line has come, and decode only then"},
		{"CLI-026", "one read of a fixed size is taken for the whole: read until the empty line has come, however long that takes"},
		{"CLI-027", "split(), float() and int() of the language take more than the grammar does: check the line before they see it"},
		{"CLI-028", "the buffer is emptied when a reply is whole: keep what stands behind it"},
		{"CLI-029", "the buffer is emptied before a request is sent: what is in it was never asked for, and that is an error"},
		{"CLI-030", "the socket is kept after a failure: close it, as what still comes there would be taken for the next reply"},
		{"CLI-031", "the socket that was closed is used again, and its bare error gets out: look whether there is one, and connect or raise"},
		{"CLI-032", "numbers are matched by a pattern of one's own that is too narrow, or a value without point is not expected"},
	}
}

package report

import "slices"

// Help returns what usually causes the breach of a requirement, as one sentence
// for the author of a server or, where it binds those, of a client; "" when nothing useful
// is known.
func Help(id string) string {
	for _, h := range helps() {
		if h.id == id {
			return h.text
		}
	}
	return ""
}

type help struct{ id, text string }

func helps() []help {
	return slices.Concat(lineHelps(), numberHelps(), commandHelps(), replyHelps(), sessionHelps(), clientHelps())
}

// lineHelps are about lines, words and keys (sections 3, 4.1 to 4.3).
func lineHelps() []help {
	return []help{
		{"FRM-001", "the bytes of one recv were taken for a request without looking for the LF"},
		{"FRM-002", "the line is split at LF and the CR before it stays in the last token"},
		{"FRM-003", "one recv is not one request: keep what has come in a buffer until its LF is there"},
		{"FRM-004", "one recv is not one request: take every complete line out of the buffer, and answer each by itself"},
		{"FRM-005", "the whole buffer is parsed at once, or dropped when one line of it is wrong"},
		{"FRM-006", "the rest of the buffer is parsed as a request when recv returns nothing"},
		{"FRM-007", "the connection is closed as soon as recv returns nothing, before all lines of the buffer are answered"},
		{"FRM-008", "an empty recv is the end of the stream, not a reason to wait or to read again"},
		{"LEX-001", "split(' ') gives empty tokens between two spaces: drop them"},
		{"LEX-002", "strip the spaces at both ends before the line is split, or drop the empty tokens"},
		{"LEX-003", "the command word is compared without regard to case, or by its beginning"},
		{"LEX-004", "a pattern for keys is too narrow"},
		{"LEX-005", "the line is decoded as ASCII or Latin-1, or split at white space by a function with a table of its own"},
		{"LEX-006", "split() and strip() without arguments take tabs and other control characters for spaces"},
		{"LEX-007", "split() without arguments separates at every white space of Unicode, not at SP alone"},
		{"LEX-008", "the bytes are decoded with errors ignored or replaced, or the exception of the decoder is not caught"},
		{"LEX-009", "decoding raised an exception that ended the session, or its answers: catch it for the line alone"},
		{"LEX-010", "the decoder drops a byte order mark: it is meant for files, not for lines"},
		{"LEX-011", "keys are searched as substrings or prefixes, or folded to one case"},
		{"LEX-012", "keys are normalised before they are stored or looked up"},
		{"LEX-013", "put does not check for *, which means all keys and is none"},
		{"LEX-014", "keys are matched as patterns, or every key that contains a star is taken for *"},
	}
}

// numberHelps are about values and timestamps (sections 4.4 and 4.5).
func numberHelps() []help {
	return []help{
		{"VAL-001", "a pattern for values is too narrow; the float parser of most languages takes all of these"},
		{"VAL-002", "a pattern for values demands digits on both sides of the point, or does not know plus"},
		{"VAL-003", "values are parsed by hand, or kept in single precision or as a decimal type"},
		{"VAL-004", "the parser reports underflow, which is no error here"},
		{"VAL-005", "the value is stored as text without being parsed, or the parser's exception is not caught"},
		{"VAL-006", "the float parser returns infinity instead of an error: check that the value is finite"},
		{"VAL-007", "the float parser of the language takes more than the grammar does: match the grammar first"},
		{"TIM-001", "timestamps are limited to 32 bits, or zero is taken for no timestamp"},
		{"TIM-002", "timestamps are unsigned, or parsed as floating-point numbers"},
		{"TIM-003", "timestamps are kept and compared as text: convert them to integers"},
		{"TIM-004", "the timestamp is stored as text, or parsed as a float and cut off"},
		{"TIM-005", "the integers of the language have no bounds, or wrap around: check the range"},
		{"TIM-006", "the integer parser of the language takes more than the grammar does: match the grammar first"},
	}
}

// commandHelps are about put, get and wrong requests (section 5).
func commandHelps() []help {
	return []help{
		{"PUT-001", "the reply to put is two bytes and two LF, and nothing else"},
		{"PUT-002", "the sample is not stored, or stored under another key or timestamp"},
		{"PUT-003", "samples are appended to a list: a store maps each timestamp of a key to one value"},
		{"PUT-004", "a put replaces the list of the key instead of one sample in it"},
		{"GET-001", "samples are lost on the way from the store to the reply"},
		{"GET-002", "a get of an unknown key is not an error: the reply is ok without lines"},
		{"GET-003", "keys are searched as substrings, or the reply to get * is sent for every get"},
		{"GET-004", "samples come back in the order of arrival, or sorted as text: sort by the integer"},
		{"GET-005", "get * looks for a key named *, or stops at the first key"},
		{"GET-006", "sorting is done for the get of one key and forgotten for get *"},
		{"GET-007", "samples are kept in one list for all keys"},
		{"GET-008", "any order of keys is right; only the samples within a key have an order"},
		{"ERR-001", "the text is exactly: error, LF, wrong command, LF, LF"},
		{"ERR-002", "commands are recognised by their first letters"},
		{"ERR-003", "the key is looked for behind a space that is not there"},
		{"ERR-004", "the number of tokens is not checked before they are used"},
		{"ERR-005", "the number of tokens is not checked, and what stands behind get is taken for the key"},
		{"ERR-006", "an empty line is skipped, or taken for the end of the session"},
		{"ERR-007", "the sample is stored before the request is checked to its end"},
		{"ERR-008", "an exception of the parser ended the session: catch it and answer the error"},
		{"ERR-009", "an exception of the parser ended the program: catch it and answer the error"},
	}
}

// replyHelps are about what a server sends (section 6).
func replyHelps() []help {
	return []help{
		{"REP-001", "a request is answered twice or not at all on some path of the handler"},
		{"REP-002", "a reply is a status line, its lines, and one empty line: look for a missing or an additional LF"},
		{"REP-003", "a greeting, a prompt or a log line is written to the connection"},
		{"REP-004", "the fields are joined with something other than one space, or a space is left at the end of the line"},
		{"REP-005", "a number is printed in the format of the language, or as the text that a client sent"},
		{"REP-006", "values are rounded when they are printed, or kept in single precision: print the shortest form that reads back"},
		{"REP-007", "any wording of the grammar is right; the language prints one that is not in it"},
		{"REP-008", "whole numbers are printed without a point, or the text of the put is echoed"},
		{"REP-009", "the text of the put is echoed: print the integer"},
		{"REP-010", "send may write only a part: go on until everything is written"},
		{"REP-011", "an error of the store is swallowed, or answered as if the request had been wrong"},
		{"REP-012", "the put is stored before it is checked, or retried later"},
		{"REP-013", "a store that timed out is reported as failed or as done, though it may be either"},
		{"REP-014", "the status was sent before the samples were read: read them first, or close the connection"},
		{"REP-015", "a put without a reply may have taken effect: both are right, another value is not"},
	}
}

// sessionHelps are about how a server lives (sections 7 to 9).
func sessionHelps() []help {
	return []help{
		{"CON-001", "puts are answered before they are stored, or served from a cache"},
		{"CON-002", "the store belongs to the handler of one connection instead of the server"},
		{"CON-003", "the store is read and written by several threads without a lock"},
		{"CON-004", "the series is read while it is written: copy it under the lock"},
		{"CON-005", "the map of all keys is walked while it is written: lock it, or copy it"},
		{"SES-001", "the connection is closed after the first reply"},
		{"SES-002", "accept waits until a session has ended, or the number of threads or of the backlog is small"},
		{"SES-003", "the number of threads or of open files is small"},
		{"SES-004", "the server reads from one connection until it ends: use a thread, a task or a selector for each"},
		{"SES-005", "the server waits for the rest of a line, or for room to write, while others wait for it"},
		{"SES-006", "a connection above the limit is told so: close it silently, or leave it in the backlog"},
		{"SES-007", "a short timeout on the socket ends idle sessions"},
		{"SES-008", "a connection that is idle for long may be closed, silently: a notice is no reply"},
		{"LIM-001", "the buffer for a key is too small"},
		{"LIM-002", "the buffer for a line is too small, and the rest of the line is taken for another request"},
		{"LIM-003", "a longer line may be refused, but not ignored: one error, as for a wrong request"},
		{"LIM-004", "each piece of a long line is answered, or the connection is closed without the error"},
		{"LIM-005", "the beginning of a line that is too long is carried out"},
		{"LIM-006", "the rest of a refused line is taken for another request"},
		{"LIM-007", "closing with unread bytes in the buffer resets the connection: half-close, read on for a while, then close"},
		{"LIM-008", "once the connection is to be closed nothing more needs an answer, but it must be closed"},
	}
}

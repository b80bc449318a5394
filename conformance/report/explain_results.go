package report

import "slices"

// resultLessons are about what a client returns (section 10.3).
func resultLessons() []lesson {
	return []lesson{
		{"CLI-014", "there is nothing to say of a put that went well, and what one client returns another does not", []string{`
call put("cpu", 1.5, 7)
> "put cpu 1.5 7\n"
< "ok\n\n"
-> nothing`}, []string{`the reply is returned
call put("cpu", 1.5, 7)
> "put cpu 1.5 7\n"
< "ok\n\n"
-> "ok\n\n"`}},
		{"CLI-015", "callers compute with the result: text and pairs the wrong way round fail far from here", []string{`
call get("*")
> "get *\n"
< "ok\ncpu 1.5 7\nrain 2.5 7\ncpu 3.5 8\n\n"
-> {"cpu": [(7, 1.5), (8, 3.5)], "rain": [(7, 2.5)]}`}, []string{`the pair is the wrong way round
call get("cpu")
> "get cpu\n"
< "ok\ncpu 1.5 7\n\n"
-> {"cpu": [(1.5, 7)]}`, `text
call get("cpu")
> "get cpu\n"
< "ok\ncpu 1.5 7\n\n"
-> {"cpu": [("7", "1.5")]}`}},
		{"CLI-016", "callers draw the list, or take its last pair for the latest; not every server sorts", []string{`
call get("cpu")
> "get cpu\n"
< "ok\ncpu 2.5 10\ncpu 1.5 9\n\n"
-> {"cpu": [(9, 1.5), (10, 2.5)]}`}, []string{`as received
call get("cpu")
> "get cpu\n"
< "ok\ncpu 2.5 10\ncpu 1.5 9\n\n"
-> {"cpu": [(10, 2.5), (9, 1.5)]}`}},
		{"CLI-017", "no samples yet is where every key begins", []string{`
call get("cpu")
> "get cpu\n"
< "ok\n\n"
-> {}`}, []string{`
call get("cpu")
> "get cpu\n"
< "ok\n\n"
-> own error`}},
		{"CLI-018", "servers write a whole value in either way", nil, []string{`the integer parser meets a point
call get("cpu")
> "get cpu\n"
< "ok\ncpu 10.0 7\n\n"
-> ValueError`}},
		{"CLI-019", "a key that comes back as another one is another metric", nil, []string{`the letters of ok are stripped
call get("kok.cpu")
> "get kok.cpu\n"
< "ok\nkok.cpu 1.5 7\n\n"
-> {".cpu": [(7, 1.5)]}`}},
	}
}

// failingLessons are about replies at which a client fails (section 10.3).
func failingLessons() []lesson {
	return slices.Concat(refusedLessons(), endedLessons(), pieceLessons())
}

// refusedLessons are about errors, and what is no reply.
func refusedLessons() []lesson {
	return []lesson{
		{"CLI-020", "a put that was refused and looks stored is lost", []string{`
call put("cpu", 1.5, 7)
> "put cpu 1.5 7\n"
< "error\nstorage failed\n\n"
-> own error`}, []string{`an ok is found in the text
call put("cpu", 1.5, 7)
> "put cpu 1.5 7\n"
< "error\nbroken pipe\n\n"
-> nothing`}},
		{"CLI-021", "an error is about one request; the next one is another", []string{`
call get("cpu")
> "get cpu\n"
< "error\nwrong command\n\n"
-> own error
call get("cpu")
> "get cpu\n"
< "ok\n\n"
-> {}`}, []string{`nothing works behind an error
call get("cpu")
> "get cpu\n"
< "error\nwrong command\n\n"
-> own error
call get("cpu")
-> own error`}},
		{"CLI-022", "what cannot be read must not look like data, nor like a fault of the caller", []string{`three fields, and not two
call get("cpu")
> "get cpu\n"
< "ok\ncpu 1.5\n\n"
-> own error`}, []string{`the line is skipped
call get("cpu")
> "get cpu\n"
< "ok\ncpu one 7\n\n"
-> {}`, `the error of the parser gets out
call get("cpu")
> "get cpu\n"
< "ok\ncpu one 7\n\n"
-> ValueError`}},
	}
}

// endedLessons are about servers that end or fall silent.
func endedLessons() []lesson {
	return []lesson{
		{"CLI-023", "half a series looks like a whole one, and a server that is gone like one that has nothing", []string{`
call get("cpu")
> "get cpu\n"
< "ok\ncpu 1.5 7\n"
< closed
-> own error`}, []string{`what has come is taken for all
call get("cpu")
> "get cpu\n"
< "ok\ncpu 1.5 7\n"
< closed
-> {"cpu": [(7, 1.5)]}`, `it reads on and on at the end of the stream
call get("cpu")
> "get cpu\n"
< closed
-> no answer`}},
		{"CLI-024", "one server that hangs would hang every program that measures", []string{`
call get("cpu")
> "get cpu\n"
< silence
-> own error`}, []string{`
call get("cpu")
> "get cpu\n"
< silence
-> no answer`, `the error of the socket gets out
call get("cpu")
> "get cpu\n"
< silence
-> TimeoutError`}},
	}
}

// pieceLessons are about pieces, sizes and the grammar.
func pieceLessons() []lesson {
	return []lesson{
		{"CLI-025", "TCP carries a stream of bytes: where it is cut, between writes, segments and reads, is decided by chance", []string{`
call get("cpu")
> "get cpu\n"
< "ok\ncpu 1.5 7\n"
< "\n"
-> {"cpu": [(7, 1.5)]}`}, []string{`it does not wait for the rest
call get("cpu")
> "get cpu\n"
< "ok\ncpu 1."
-> {"cpu": []}`}},
		{"CLI-026", "series grow; what works in the first week must work in the second year", []string{`
call get("cpu")
> "get cpu\n"
(a reply with 10,000 samples comes)
-> a mapping with 10,000 samples`}, []string{`only the first read counts
call get("cpu")
> "get cpu\n"
(a reply with 10,000 samples comes)
-> a mapping with 61 samples`}},
		{"CLI-027", "what one client reads and another does not, no server can rely on", nil, []string{`another case of the status
call get("cpu")
> "get cpu\n"
< "OK\n\n"
-> {}`}},
	}
}

// endLessons are about what follows the reply, and the end of order (section 10.3).
func endLessons() []lesson { return slices.Concat(countLessons(), brokenLessons()) }

// countLessons are about replies and requests that do not go in pairs.
func countLessons() []lesson {
	return []lesson{
		{"CLI-028", "replies come in the order of the requests, and one read may bring two", []string{`
call put("cpu", 1.5, 7)
call get("cpu")
> "put cpu 1.5 7\nget cpu\n"
< "ok\n\nok\ncpu 1.5 7\n\n"
-> nothing
-> {"cpu": [(7, 1.5)]}`}, []string{`what stands behind the first reply is thrown away
call put("cpu", 1.5, 7)
call get("cpu")
> "put cpu 1.5 7\nget cpu\n"
< "ok\n\nok\ncpu 1.5 7\n\n"
-> nothing
-> no answer`}},
		{"CLI-029", "a reply that nobody asked for says that the two have lost count of each other", []string{`
< "ok\ncpu 9.5 7\n\n"
call get("cpu")
-> own error`}, []string{`dropped
< "ok\ncpu 9.5 7\n\n"
call get("cpu")
> "get cpu\n"
< "ok\ncpu 1.5 7\n\n"
-> {"cpu": [(7, 1.5)]}`}},
	}
}

// brokenLessons are about connections that are of no use any more, and wordings.
func brokenLessons() []lesson {
	return []lesson{
		{"CLI-030", "what still comes would be taken for the reply to another request", []string{`
call get("cpu")
A> "get cpu\n"
A< silence
-> own error
call get("rain")
B> connect
B> "get rain\n"
B< "ok\n\n"
-> {}`}, []string{`the reply that was late is taken for the next
call get("cpu")
A> "get cpu\n"
A< silence
-> own error
call get("rain")
A> "get rain\n"
A< "ok\ncpu 1.5 7\n\n"
-> {"cpu": [(7, 1.5)]}`}},
		{"CLI-031", "callers meet one kind of error, whatever has happened before", []string{`
call get("cpu")
> "get cpu\n"
< closed
-> own error
call get("cpu")
-> own error`}, []string{`the closed socket is used
call get("cpu")
> "get cpu\n"
< closed
-> own error
call get("cpu")
-> OSError`}},
		{"CLI-032", "each server writes numbers as its language does", nil, []string{`an exponent is no number to it
call get("cpu")
> "get cpu\n"
< "ok\ncpu 1.5E+3 7\n\n"
-> own error`}},
	}
}

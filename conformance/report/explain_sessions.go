package report

// consistencyLessons are about consistency (section 7).
func consistencyLessons() []lesson {
	return []lesson{
		{"CON-001", "one program puts, another one reads what it was told is there", nil, []string{`from a cache
A> "get cpu\n"
A< "ok\n\n"
B> "put cpu 1.5 7\n"
B< "ok\n\n"
A> "get cpu\n"
A< "ok\n\n"`}},
		{"CON-002", "clients meet in the store: one measures, another one draws", nil, []string{`each connection has a store of its own
A> "put cpu 1.5 7\n"
A< "ok\n\n"
B> "get cpu\n"
B< "ok\n\n"`}},
		{"CON-003", "clients could not tell which of two values is the later one", nil, []string{`the later of two puts is seen without the earlier
A> "put cpu 1.5 7\n"
A< "ok\n\n"
A> "put cpu 2.5 8\n"
A< "ok\n\n"
B> "get cpu\n"
B< "ok\ncpu 2.5 8\n\n"`}},
		{"CON-004", "a reply made of two states shows a series that never was", []string{`the state between the two puts
B> "get cpu\n"
A> "put cpu 1.5 7\n"
A< "ok\n\n"
A> "put cpu 2.5 8\n"
A< "ok\n\n"
B< "ok\ncpu 1.5 7\n\n"`}, []string{`the later of the two puts without the earlier
B> "get cpu\n"
A> "put cpu 1.5 7\n"
A< "ok\n\n"
A> "put cpu 2.5 8\n"
A< "ok\n\n"
B< "ok\ncpu 2.5 8\n\n"`}},
		{"CON-005", "a series in it that never was is as wrong as in the reply to a get of one key", []string{`a put during the get is seen or not
B> "get *\n"
A> "put cpu 1.5 7\n"
A< "ok\n\n"
B< "ok\ncpu 1.5 7\n\n"`}, []string{`the later of two puts without the earlier
B> "get *\n"
A> "put cpu 1.5 7\n"
A< "ok\n\n"
A> "put cpu 2.5 8\n"
A< "ok\n\n"
B< "ok\ncpu 2.5 8\n\n"`}},
	}
}

// sessionLessons are about sessions (section 8).
func sessionLessons() []lesson {
	return []lesson{
		{"SES-001", "clients keep one connection for all their requests", nil, []string{`closed after the first reply
> "put cpu 1.5 7\n"
< "ok\n\n"
> "get cpu\n"
< closed`}},
		{"SES-002", "every machine that measures holds a connection", []string{`the 50th of 50 open connections
50> "put cpu 1.5 7\n"
50< "ok\n\n"`}, []string{`the 50th of 50 open connections
50> "put cpu 1.5 7\n"
50< silence`}},
		{"SES-003", "every machine that measures holds a connection, and there are many machines", []string{`the 200th of 200 open connections
200> "put cpu 1.5 7\n"
200< "ok\n\n"`}, []string{`the 200th of 200 open connections
200> "put cpu 1.5 7\n"
200< closed`}},
		{"SES-004", "most connections are silent most of the time", nil, []string{`B waits until A leaves
A> "put cpu 1.5 7\n"
A< "ok\n\n"
B> "get cpu\n"
B< silence`}},
		{"SES-005", "one client that hangs would stop the measurements of all", nil, []string{`
A> "put cpu 1.5"
B> "put cpu 2.5 7\n"
B< silence`}},
		{"SES-006", "a client would take the notice for the reply to its first request", []string{`one connection too many
201< closed`}, []string{`one connection too many
201< "error\ntoo many connections\n\n"
201< closed`}},
		{"SES-007", "a client that measures once a minute would find its connection gone each time", nil, []string{`
> "put cpu 1.5 7\n"
< "ok\n\n"
(10 seconds pass)
< closed`}},
		{"SES-008", "clients vanish without a word, and their connections would be kept for ever", []string{`
> "put cpu 1.5 7\n"
< "ok\n\n"
(60 seconds pass)
< closed`}, []string{`it ends without a notice
> "put cpu 1.5 7\n"
< "ok\n\n"
(60 seconds pass)
< "error\ntimeout\n\n"
< closed`}},
	}
}

// limitLessons are about limits (section 9).
func limitLessons() []lesson {
	return []lesson{
		{"LIM-001", "a client must know what it can rely on; keys made of paths are long", nil, []string{`
> "put ${cpu:1024} 1.5 7\n"
< "error\nwrong command\n\n"`}},
		{"LIM-002", "a client must know what it can rely on", nil, []string{`the rest is taken for another line
> (pad 4096) "get cpu\n"
< "ok\n\nerror\nwrong command\n\n"`}},
		{"LIM-003", "a line without end would fill the memory of the server", nil, []string{`it is refused with an error, not ignored
> (pad 65536) "get cpu\n"
< silence`}},
		{"LIM-004", "clients count replies: one for each line, however the server reads it", nil, []string{`each piece is answered
> (pad 65536) "get cpu\n"
< "error\nwrong command\n\nerror\nwrong command\n\n"`, `another text
> (pad 65536) "get cpu\n"
< "error\nline too long\n\n"`}},
		{"LIM-005", "the client was told that nothing was done", nil, []string{`the beginning of the line is carried out
A> (pad 65536) "put cpu 1.5 7\n"
A< "error\nwrong command\n\n"
B> "get cpu\n"
B< "ok\ncpu 1.5 7\n\n"`}},
		{"LIM-006", "the rest of a line may look like a request, and was never meant as one", nil, []string{`the rest is taken for another line
> (pad 65536) "get cpu\n"
< "error\nwrong command\n\n"
> "put cpu 1.5 7\n"
< "error\nwrong command\n\nok\n\n"`}},
		{"LIM-007", "a reset throws away what the client has not read yet, and the error is what it needs", []string{`
> (pad 65536) "get cpu\n"
< "error\nwrong command\n\n"
< closed`}, []string{`closed with the rest of the line unread
> (pad 65536) "get cpu\n"
< reset`}},
		{"LIM-008", "a server that gives up a line need not look for its end", []string{`
> (pad 65536) "get cpu\nput cpu 1.5 7\n"
< "error\nwrong command\n\n"
< closed`}, []string{`what is not answered must end
> (pad 65536) "get cpu\nput cpu 1.5 7\n"
< "error\nwrong command\n\n"
< silence`}},
	}
}

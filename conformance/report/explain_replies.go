package report

// putLessons are about put (section 5.1).
func putLessons() []lesson {
	return []lesson{
		{"PUT-001", "the client reads two lines; a third would be taken for the reply to its next request", nil, []string{`an empty line too many
> "put cpu 1.5 7\n"
< "ok\n\n\n"`, `the empty line is missing
> "put cpu 1.5 7\n"
< "ok\n"
< silence`}},
		{"PUT-002", "a client that has read ok drops its own copy of the sample", nil, []string{`answered, and not stored
> "put cpu 1.5 7\n"
< "ok\n\n"
> "get cpu\n"
< "ok\n\n"`}},
		{"PUT-003", "a client repeats a put whose reply it lost; that must not count twice", nil, []string{`both are kept
> "put cpu 1.5 7\n"
< "ok\n\n"
> "put cpu 9.5 7\n"
< "ok\n\n"
> "get cpu\n"
< "ok\ncpu 1.5 7\ncpu 9.5 7\n\n"`, `the first one wins
> "put cpu 1.5 7\n"
< "ok\n\n"
> "put cpu 9.5 7\n"
< "ok\n\n"
> "get cpu\n"
< "ok\ncpu 1.5 7\n\n"`}},
		{"PUT-004", "a store that loses what was acknowledged long ago is no store", nil, []string{`the second put replaces the whole series
> "put cpu 1.5 7\n"
< "ok\n\n"
> "put cpu 2.5 8\n"
< "ok\n\n"
> "get cpu\n"
< "ok\ncpu 2.5 8\n\n"`}},
	}
}

// getLessons are about the get of one key (section 5.2).
func getLessons() []lesson {
	return []lesson{
		{"GET-001", "what was stored is there to be read", nil, []string{`only the latest sample is shown
> "put cpu 1.5 7\n"
< "ok\n\n"
> "put cpu 2.5 8\n"
< "ok\n\n"
> "get cpu\n"
< "ok\ncpu 2.5 8\n\n"`}},
		{"GET-002", "a key without samples is the usual beginning, not a mistake of the client", nil, []string{`
> "get cpu\n"
< "error\nwrong command\n\n"`}},
		{"GET-003", "whoever asks for one metric would draw another one into its curve", nil, []string{`a longer key is found too
> "put cpu 1.5 7\n"
< "ok\n\n"
> "put cpu.total 2.5 7\n"
< "ok\n\n"
> "get cpu\n"
< "ok\ncpu 1.5 7\ncpu.total 2.5 7\n\n"`}},
		{"GET-004", "clients draw a curve, or take the last line for the latest, without sorting", nil, []string{`in the order of arrival
> "put cpu 1.5 10\n"
< "ok\n\n"
> "put cpu 2.5 9\n"
< "ok\n\n"
> "get cpu\n"
< "ok\ncpu 1.5 10\ncpu 2.5 9\n\n"`, `sorted as text
> "put cpu 1.5 9\n"
< "ok\n\n"
> "put cpu 2.5 10\n"
< "ok\n\n"
> "get cpu\n"
< "ok\ncpu 2.5 10\ncpu 1.5 9\n\n"`}},
	}
}

// getAllLessons are about the get of every key (section 5.2).
func getAllLessons() []lesson {
	return []lesson{
		{"GET-005", "it is the only way to learn which keys there are", nil, []string{`the star is looked up as a key
> "put cpu 1.5 7\n"
< "ok\n\n"
> "get *\n"
< "ok\n\n"`}},
		{"GET-006", "the same series must not look different by how it was asked for", nil, []string{`
> "put cpu 2.5 8\n"
< "ok\n\n"
> "put cpu 1.5 7\n"
< "ok\n\n"
> "get *\n"
< "ok\ncpu 2.5 8\ncpu 1.5 7\n\n"`}},
		{"GET-007", "a client can then handle one series after the other without holding all of them", nil, []string{`two keys are mixed
> "put cpu 1.5 7\n"
< "ok\n\n"
> "put rain 0.5 7\n"
< "ok\n\n"
> "put cpu 2.5 8\n"
< "ok\n\n"
> "get *\n"
< "ok\ncpu 1.5 7\nrain 0.5 7\ncpu 2.5 8\n\n"`}},
		{"GET-008", "a hash table has no order, and no client needs one", []string{`
> "put cpu 1.5 7\n"
< "ok\n\n"
> "put rain 0.5 7\n"
< "ok\n\n"
> "get *\n"
< "ok\nrain 0.5 7\ncpu 1.5 7\n\n"`}, []string{`the samples of a key have an order all the same
> "put cpu 1.5 7\n"
< "ok\n\n"
> "put cpu 2.5 8\n"
< "ok\n\n"
> "get *\n"
< "ok\ncpu 2.5 8\ncpu 1.5 7\n\n"`}},
	}
}

// errorLessons are about wrong requests (section 5.3).
func errorLessons() []lesson {
	return []lesson{
		{"ERR-001", "clients know this one text; any other means that a right request was not carried out", []string{`
> "got cpu\n"
< "error\nwrong command\n\n"`}, []string{`another text
> "got cpu\n"
< "error\nunknown command\n\n"`, `the empty line is missing
> "got cpu\n"
< "error\nwrong command\n"
< silence`}},
		{"ERR-002", "a slip of the finger would be carried out as something else", nil, nil},
		{"ERR-003", "no key was named, so there is nothing to look up", nil, nil},
		{"ERR-004", "a put that lacks a field, or has one too many, says something else than its author meant", nil, nil},
		{"ERR-005", "a key with a space in it would be answered with the samples of its first word", nil, []string{`the second argument is ignored
> "put cpu 1.5 7\n"
< "ok\n\n"
> "get cpu rain\n"
< "ok\ncpu 1.5 7\n\n"`, `an empty key is looked up
> "get \n"
< "ok\n\n"`}},
		{"ERR-006", "a client counts one reply for each line that it sent", nil, []string{`the line is skipped
> "\n"
< silence`, `it ends the session
> "\n"
< closed`}},
		{"ERR-007", "the client was told that nothing was done", nil, []string{`refused, and stored
> "put cpu 2.5 7 9\n"
< "error\nwrong command\n\n"
> "get cpu\n"
< "ok\ncpu 2.5 7\n\n"`}},
		{"ERR-008", "the same connection carries the good requests of the same client", nil, []string{`
> "got cpu\n"
< "error\nwrong command\n\n"
< closed`}},
		{"ERR-009", "one client's mistake would stop the measurements of all", nil, []string{`the program ends
A> "got cpu\n"
A< closed
B> "get cpu\n"
B< closed`}},
	}
}

// formLessons are about the form of replies (section 6).
func formLessons() []lesson {
	return []lesson{
		{"REP-001", "clients count replies: one too many or too few, and every later one belongs to another request", []string{`
> "get cpu\n"
< "ok\n\n"`}, []string{`answered twice
> "got cpu\n"
< "error\nwrong command\n\nerror\nwrong command\n\n"`, `not answered
> "got cpu\n"
< silence`}},
		{"REP-002", "the empty line is the only sign by which a client knows that a reply is whole", nil, nil},
		{"REP-003", "a client would take it for the reply to its first request, or its next one", []string{`nothing comes before the first request
> "get cpu\n"
< "ok\n\n"`}, []string{`a greeting
< "welcome\n"
> "get cpu\n"
< "ok\n\n"`}},
		{"REP-004", "clients split a line at its spaces and count the fields", []string{`
> "put cpu 1.5 7\n"
< "ok\n\n"
> "get cpu\n"
< "ok\ncpu 1.5 7\n\n"`}, nil},
		{"REP-005", "clients of all languages read these numbers, and only what all of them read can be sent", []string{`
> "put cpu 1.5 7\n"
< "ok\n\n"
> "get cpu\n"
< "ok\ncpu 1.5 7\n\n"`}, nil},
	}
}

// numberLessons are about numbers in replies, and their size (section 6).
func numberLessons() []lesson {
	return []lesson{
		{"REP-006", "a number that comes back as another one cannot be trusted", nil, []string{`printed with six digits
> "put cpu 0.123456789 7\n"
< "ok\n\n"
> "get cpu\n"
< "ok\ncpu 0.123457 7\n\n"`}},
		{"REP-007", "each language prints numbers in its own way, and clients read them all", nil, []string{`hexadecimal is in no grammar
> "put cpu 10 7\n"
< "ok\n\n"
> "get cpu\n"
< "ok\ncpu 0xa 7\n\n"`}},
		{"REP-008", "people read replies too, and a point says that a value is no integer", nil, []string{`without a point
> "put cpu 10 7\n"
< "ok\n\n"
> "get cpu\n"
< "ok\ncpu 10 7\n\n"`}},
		{"REP-009", "people read replies too, and a timestamp has one usual spelling", nil, []string{`as it was sent
> "put cpu 1.5 +7\n"
< "ok\n\n"
> "get cpu\n"
< "ok\ncpu 1.5 +7\n\n"`}},
		{"REP-010", "a series grows, and one day its reply no longer fits into one write", []string{`
> "put cpu 1.5 7\n"
< "ok\n\n"
> "put cpu 2.5 8\n"
< "ok\n\n"
> "get cpu\n"
< "ok\ncpu 1.5 7\ncpu 2.5 8\n\n"`}, []string{`cut off at the size of a buffer
> "put cpu 1.5 7\n"
< "ok\n\n"
> "put cpu 2.5 8\n"
< "ok\n\n"
> "get cpu\n"
< "ok\ncpu 1.5 7\ncpu 2"
< silence`}},
	}
}

// failureLessons are about a server that cannot carry out a request (section 6).
func failureLessons() []lesson {
	return []lesson{
		{"REP-011", "the client must learn that its request was right and that it may try again", []string{`
> "put cpu 1.5 7\n"
(the storage fails)
< "error\nstorage failed\n\n"`}, []string{`the fault is put on the client
> "put cpu 1.5 7\n"
(the storage fails)
< "error\nwrong command\n\n"`}},
		{"REP-012", "the client was told that nothing was stored, and may have put something else elsewhere", []string{`
> "put cpu 1.5\n"
< "error\nwrong command\n\n"
> "get cpu\n"
< "ok\n\n"`}, []string{`
> "put cpu high 7\n"
< "error\nwrong command\n\n"
> "get cpu\n"
< "ok\ncpu 0.0 7\n\n"`}},
		{"REP-013", "ok or a refusal would be a guess, and the client would rely on it", []string{`
> "put cpu 1.5 7\n"
(the storage fails)
< "error\nunknown outcome\n\n"`, `
> "put cpu 1.5 7\n"
(the storage fails)
< closed`}, []string{`a guess
> "put cpu 1.5 7\n"
(the storage fails)
< "ok\n\n"`}},
		{"REP-014", "whatever follows would be read as a part of the reply that was begun", []string{`
> "put cpu 1.5 7\n"
< "ok\n\n"
> "get cpu\n"
(the storage fails)
< "ok\ncpu 1.5"
< closed`}, []string{`an error in the midst of the data
> "put cpu 1.5 7\n"
< "ok\n\n"
> "get cpu\n"
(the storage fails)
< "ok\nerror\nstorage failed\n\n"`}},
		{"REP-015", "whoever loses a connection before the reply cannot know, so both must be possible", []string{`
A> "put cpu 1.5 7\n"
(the storage fails)
A< closed
B> "get cpu\n"
B< "ok\ncpu 1.5 7\n\n"`, `
A> "put cpu 1.5 7\n"
(the storage fails)
A< closed
B> "get cpu\n"
B< "ok\n\n"`}, []string{`another value than the one that was put
A> "put cpu 1.5 7\n"
(the storage fails)
A< closed
B> "get cpu\n"
B< "ok\ncpu 0.0 7\n\n"`}},
	}
}

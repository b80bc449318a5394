package report

// framingLessons are about framing (section 3).
func framingLessons() []lesson {
	return []lesson{
		{"FRM-001", "a line that is answered before it has ended may be another request than the one that is being sent", nil, []string{`
> "put cpu 1.5 10"
< "ok\n\n"
> "0\n"
< "ok\n\n"`}},
		{"FRM-002", "telnet and many libraries end a line with CR LF, and their users cannot see the CR", nil, nil},
		{"FRM-003", "TCP carries a stream of bytes: where it is cut, between writes, segments and reads, is decided by chance", nil, []string{`each piece is taken for a line
> "pu"
> "t cpu 1.5 7\n"
< "error\nwrong command\n\n"
< "ok\n\n"`}},
		{"FRM-004", "clients send many requests without waiting for each reply, and count the replies to know which is which", nil, []string{`only the first is answered
> "put cpu 1.5 7\nput cpu 2.5 8\nget cpu\n"
< "ok\n\n"
< silence`, `the replies are merged into one
> "put cpu 1.5 7\nput cpu 2.5 8\nget cpu\n"
< "ok\ncpu 1.5 7\ncpu 2.5 8\n\n"`}},
		{"FRM-005", "one bad line among many good ones would cost the good ones too", nil, []string{`one error for all of it
> "put cpu 1.5 7\nput cpu one 8\nget cpu\n"
< "error\nwrong command\n\n"
< silence`}},
		{"FRM-006", "what was cut off may read as another value than the one that was meant", nil, []string{`the rest is carried out
A> "put cpu 1.5 7"
A> half-close
A< "ok\n\n"
A< closed`}},
		{"FRM-007", "clients such as nc end their side at once and then wait for the replies", nil, []string{`the replies are lost
> "put cpu 1.5 7\nget cpu\n"
> half-close
< closed`}},
		{"FRM-008", "a client that waits for the end would wait for ever, and the server would collect dead connections", nil, []string{`the connection stays open
> "get cpu\n"
> half-close
< "ok\n\n"
< silence`}},
	}
}

// lexisLessons are about spaces, words and the characters of keys (sections 4.1 to 4.3).
func lexisLessons() []lesson {
	return []lesson{
		{"LEX-001", "requests are typed by hand and printed in columns", nil, nil},
		{"LEX-002", "a space at an end cannot be seen, and does no harm", nil, nil},
		{"LEX-003", "what one server takes and another does not, no client can rely on", nil, nil},
		{"LEX-004", "these are the keys that every client uses", nil, nil},
		{"LEX-005", "names of machines and metrics are not all English", nil, nil},
		{"LEX-006", "a control character in a key would drive the terminal that shows it, or forge another line", nil, nil},
		{"LEX-007", "a key with a space that looks like another one would come back as two fields", nil, nil},
		{"LEX-008", "a key that is not UTF-8 cannot be shown or compared by other programs", nil, nil},
		{"LEX-009", "one client that sends rubbish should not need a new connection, and no other client should notice", nil, []string{`the session ends
> "get \xff\xfe\n"
< closed`, `the next request is spoilt
> "get \xff\xfe\n"
< "error\nwrong command\n\n"
> "put cpu 1.5 7\n"
< "error\nwrong command\n\n"`}},
	}
}

// keyLessons are about what is one key and what is another (section 4.3).
func keyLessons() []lesson {
	return []lesson{
		{"LEX-010", "it is an ordinary character of a key elsewhere, so one rule must hold for it", nil, nil},
		{"LEX-011", "two metrics whose names look alike would mix their samples", nil, []string{`a key answers for another that begins with it
> "put cpu.total 2.5 7\n"
< "ok\n\n"
> "get cpu\n"
< "ok\ncpu.total 2.5 7\n\n"`, `case is folded
> "put cpu 1.5 7\n"
< "ok\n\n"
> "get CPU\n"
< "ok\ncpu 1.5 7\n\n"`}},
		{"LEX-012", "a client finds its key again by its bytes", nil, []string{`two spellings are taken for one
> "put caf\u00e9 1.5 7\n"
< "ok\n\n"
> "get cafe\u0301\n"
< "ok\ncaf\u00e9 1.5 7\n\n"`}},
		{"LEX-013", "a sample under that key could never be asked for: get * asks for all", nil, nil},
		{"LEX-014", "a client that asks for one key must not get others", nil, []string{`the star is taken for a pattern
> "put palm.cpu 1.5 7\n"
< "ok\n\n"
> "get palm.*\n"
< "ok\npalm.cpu 1.5 7\n\n"`}},
	}
}

// valueLessons are about values (section 4.4).
func valueLessons() []lesson {
	return []lesson{
		{"VAL-001", "these are the forms in which programs print numbers", nil, nil},
		{"VAL-002", "these forms are numbers too, and some languages print them", nil, nil},
		{"VAL-003", "a number that comes back as another one cannot be trusted", nil, []string{`kept in single precision
> "put cpu 0.1 7\n"
< "ok\n\n"
> "get cpu\n"
< "ok\ncpu 0.10000000149011612 7\n\n"`}},
		{"VAL-004", "a value too small to be told from zero is still a measurement", nil, nil},
		{"VAL-005", "text that is stored as a number breaks whoever reads it later, far from the cause", nil, nil},
		{"VAL-006", "infinity cannot be written in a reply, so such a sample could not be sent back", nil, nil},
		{"VAL-007", "each language has number forms of its own; only the common ones can be exchanged", nil, nil},
	}
}

// timestampLessons are about timestamps (section 4.5).
func timestampLessons() []lesson {
	return []lesson{
		{"TIM-001", "these are the seconds from 1970 to 2100, the ones in use", nil, nil},
		{"TIM-002", "measurements older than 1970, and counters of other kinds, have timestamps too", nil, nil},
		{"TIM-003", "two spellings that are kept apart leave two samples for one second", nil, []string{`kept as text
> "put cpu 1.5 7\n"
< "ok\n\n"
> "put cpu 2.5 007\n"
< "ok\n\n"
> "get cpu\n"
< "ok\ncpu 2.5 007\ncpu 1.5 7\n\n"`}},
		{"TIM-004", "a timestamp that is cut off or kept as text puts the sample in another second, or in none", nil, nil},
		{"TIM-005", "a number that wraps around or is cut to fit is another time", nil, nil},
		{"TIM-006", "each language has number forms of its own; only the common ones can be exchanged", nil, nil},
	}
}

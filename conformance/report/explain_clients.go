package report

import "slices"

// clientLessons are about clients (section 10).
func clientLessons() []lesson {
	return slices.Concat(connectionLessons(), argumentLessons(), refusedArgumentLessons(), resultLessons(), failingLessons(), endLessons())
}

// connectionLessons are about the connection of a client (section 10.1).
func connectionLessons() []lesson {
	return []lesson{
		{"CLI-001", "whoever swaps one client for another must not have to change how it is made", []string{`
call Client("127.0.0.1", 8888)
> connect
-> a client`, `with a timeout
call Client("127.0.0.1", 8888, 5)
> connect
-> a client`}, []string{`it cannot do without a timeout
call Client("127.0.0.1", 8888)
-> TypeError`}},
		{"CLI-002", "a wrong address shows where the client is made, not in the first measurement", []string{`
call Client("127.0.0.1", 8888)
> connect
-> a client`}, []string{`it connects when it is first used
call Client("127.0.0.1", 8888)
-> a client
call get("cpu")
> connect
> "get cpu\n"
< "ok\n\n"
-> {}`}},
		{"CLI-003", "a connection for each call costs several times what the call does, and leaves a port behind", []string{`
A> "put cpu 1.5 7\n"
A< "ok\n\n"
A> "get cpu\n"
A< "ok\ncpu 1.5 7\n\n"`}, []string{`a connection for each call
A> "put cpu 1.5 7\n"
A< "ok\n\n"
B> "get cpu\n"
B< "ok\ncpu 1.5 7\n\n"`}},
		{"CLI-004", "callers handle the error of the client; they do not know what sockets it is made of", []string{`
call Client("127.0.0.1", 1)
> connect
< refused
-> own error`}, []string{`the error of the socket gets out
call Client("127.0.0.1", 1)
> connect
< refused
-> ConnectionRefusedError`, `as if nothing had happened
call Client("127.0.0.1", 1)
> connect
< refused
-> a client`}},
	}
}

// argumentLessons are about what a client sends (section 10.2).
func argumentLessons() []lesson {
	return []lesson{
		{"CLI-005", "servers differ in what else they take; all of them take this", []string{`
call put("cpu", 1.5, 7)
> "put cpu 1.5 7\n"
< "ok\n\n"
-> nothing`}, []string{`value and timestamp have changed places
call put("cpu", 1.5, 7)
> "put cpu 7 1.5\n"`, `two spaces
call put("cpu", 1.5, 7)
> "put cpu  1.5 7\n"`}},
		{"CLI-006", "servers differ in what else they take; all of them take this", []string{`
call get("*")
> "get *\n"
< "ok\n\n"
-> {}`}, []string{`CR LF at the end
call get("cpu")
> "get cpu\r\n"`}},
		{"CLI-007", "what is rounded on the way out is wrong for ever in the store", []string{`
call put("cpu", 0.1234567890123456, 7)
> "put cpu 0.1234567890123456 7\n"
< "ok\n\n"
-> nothing`}, []string{`six digits
call put("cpu", 0.1234567890123456, 7)
> "put cpu 0.123457 7\n"`}},
		{"CLI-008", "a sample at another time than the one that was given is a wrong sample", []string{`
call put("cpu", 1.5, 0)
> "put cpu 1.5 0\n"
< "ok\n\n"
-> nothing`}, []string{`0 is taken for no timestamp
(the time is 1795535048)
call put("cpu", 1.5, 0)
> "put cpu 1.5 1795535048\n"`}},
		{"CLI-009", "most measurements are of now, and of whole seconds", []string{`
(the time is 1795535048)
call put("cpu", 1.5)
> "put cpu 1.5 1795535048\n"
< "ok\n\n"
-> nothing`}, []string{`a fraction of a second
(the time is 1795535048)
call put("cpu", 1.5)
> "put cpu 1.5 1795535048.25\n"`, `the time at which the program was started, an hour ago
(the time is 1795535048)
call put("cpu", 1.5)
> "put cpu 1.5 1795531448\n"`}},
		{"CLI-010", "what was measured before 1970 is older than others, not wrong", []string{`
call put("rain", 2.5, -5)
> "put rain 2.5 -5\n"
< "ok\n\n"
-> nothing`}, []string{`
call put("rain", 2.5, -5)
-> own error`}},
	}
}

// refusedArgumentLessons are about what a client must not send (section 10.2).
func refusedArgumentLessons() []lesson {
	return []lesson{
		{"CLI-011", "whoever names the metrics could send requests of his own, or would get the sample of another key", []string{`
call put("palm cpu", 1.5, 7)
-> own error`}, []string{`one call makes two requests
call put("a 1 2\nput b", 1.5, 7)
> "put a 1 2\nput b 1.5 7\n"`, `
call get("palm cpu")
> "get palm cpu\n"`}},
		{"CLI-012", "a server refuses it, or, worse, stores what no other client can read", []string{`
call put("cpu", nan, 7)
-> own error`}, []string{`
call put("cpu", inf, 7)
> "put cpu inf 7\n"`}},
		{"CLI-013", "a server refuses it, or stores it at another time", []string{`
call put("cpu", 1.5, 9223372036854775808)
-> own error`}, []string{`
call put("cpu", 1.5, 9223372036854775808)
> "put cpu 1.5 9223372036854775808\n"`, `a fraction of a second
call put("cpu", 1.5, 7.5)
> "put cpu 1.5 7.5\n"`}},
	}
}

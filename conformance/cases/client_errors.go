package cases

import "context"

// clientErrorCases are about error replies.
func clientErrorCases() []Case {
	return []Case{
		errorReplyCase("client-error-get", "An error in reply to a get", "get", wrongCommand),
		errorReplyCase("client-error-put", "An error in reply to a put", "put", wrongCommand),
		errorReplyCase("client-error-other", "An error with another text", "get", "error\nstorage failed\n\n"),
		errorReplyCase("client-error-other-put", "An error with another text in reply to a put", "put", "error\nunknown outcome\n\n"),
		errorReplyCase("client-error-no-text", "An error without text", "get", "error\n\n"),
		errorReplyCase("client-error-no-text-put", "An error without text in reply to a put", "put", "error\n\n"),
		errorReplyCase("client-error-lines", "An error with several lines of text", "get", "error\nstorage failed\ntry later\n\n"),
		errorReplyCase("client-error-ok", "An error whose text is ok", "get", "error\nok\n\n"),
		errorReplyCase("client-error-ok-put", "An error whose text contains ok, in reply to a put", "put", "error\nit is not ok at all\n\n"),
		errorReplyCase("client-error-sample", "An error whose text looks like a sample", "get", "error\npalm.cpu 1.5 7\n\n"),
		full(errorReplyCase("client-error-bytes", "An error whose text is not UTF-8", "get", "error\ncaf\xe9 \xff\xfe\n\n")),
		stillUsable("client-after-error-get", "A get behind an error", "get", wrongCommand),
		stillUsable("client-after-error-put", "A get behind the error of a put", "put", wrongCommand),
		stillUsable("client-after-error-no-text", "A get behind an error without text", "get", "error\n\n"),
		stillUsable("client-after-error-lines", "A get behind an error with several lines", "get", "error\nstorage failed\ntry later\n\n"),
	}
}

// errorReplyCase is a case of one call that is answered with an error.
func errorReplyCase(id, title, op, reply string) Case {
	return Case{
		ID: id, Title: title, Requirements: ids("CLI-020"),
		Drive: func(ctx context.Context, d *Drive) {
			d.Open(ctx)
			d.failsFor(ctx, op, whole(reply), "CLI-020")
		},
	}
}

// failsFor makes a get or a put that is to fail cleanly.
func (d *Drive) failsFor(ctx context.Context, op string, s script, requirement string) bool {
	if op == "put" {
		return d.PutFails(ctx, cpu, "1.5", "7", s, requirement)
	}
	return d.GetFails(ctx, cpu, s, requirement)
}

// stillUsable is a case of a call that is answered with an error, and of right ones
// behind it, over the same connection.
func stillUsable(id, title, op, reply string) Case {
	return Case{
		ID: id, Title: title + " has its own reply, over the same connection",
		Requirements: ids("CLI-021"),
		Drive: func(ctx context.Context, d *Drive) {
			d.Open(ctx)
			x := d.call(ctx, op, argsFor(op), whole(reply))
			if x == nil || !d.checkRequest(x, "CLI-020") || !d.failsCleanly(x, "CLI-020") {
				return
			}
			for range 2 {
				want := mappingOf(at(wind, 2.5, 8))
				y := d.call(ctx, "get", []any{wind}, whole(okReply(at(wind, 2.5, 8))))
				right := y != nil && d.checkRequest(y, "CLI-021") && d.returned(y, want.String(), "CLI-021") && d.isMapping(y, want, "CLI-021")
				if !right || d.sameLane(y, x.lane, "CLI-021") == nil {
					return
				}
			}
		},
	}
}

// argsFor are the arguments of a call whose reply is what matters.
func argsFor(op string) []any {
	if op == "put" {
		return putArgs(cpu, "1.5", "7")
	}
	return []any{cpu}
}

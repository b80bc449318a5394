package cases

import (
	"context"
	"strings"
)

// clientFormCases are about replies that break the form, beyond the vectors of the
// specification.
func clientFormCases() []Case {
	return []Case{
		brokenReply("client-put-status-other", "A put answered with another word than ok", "put", "CLI-022", "okay\n\n", "fine\n\n", "okok\n\n"),
		brokenReply("client-put-status-missing", "A put answered without a status", "put", "CLI-022", "\n\n", "palm.cpu 1.5 7\n\n"),
		brokenReply("client-get-status-other", "A get answered with another word than ok", "get", "CLI-022", "okay\npalm.cpu 1.5 7\n\n", "fine\n\n", "no ok\n\n"),
		brokenReply("client-get-fields-few", "A sample line with too few fields", "get", "CLI-022", "ok\npalm.cpu\n\n", "ok\npalm.cpu 1.5\n\n"),
		brokenReply("client-get-fields-many", "A sample line with too many fields", "get", "CLI-022", "ok\npalm.cpu 1.5 7 8\n\n", "ok\npalm.cpu 1.5 7 now\n\n"),
		brokenReply("client-get-value-letters", "A value that is no number", "get", "CLI-022", "ok\npalm.cpu high 7\n\n"),
		brokenReply("client-get-time-letters", "A timestamp that is no number", "get", "CLI-022", "ok\npalm.cpu 1.5 now\n\n"),
		brokenReply("client-get-broken-last", "A sample line that breaks the form behind one that does not", "get", "CLI-022",
			"ok\npalm.cpu 1.5 7\npalm.cpu high 8\n\n", "ok\npalm.cpu 1.5 7\npalm.cpu 2.5\n\n"),
		brokenReply("client-put-status-case", "A put answered with OK", "put", "CLI-027", "OK\n\n"),
		brokenReply("client-put-crlf", "A put answered with CR LF", "put", "CLI-027", "ok\r\n\r\n"),
		brokenReply("client-get-numbers", "A number that is one in some languages, and not in the grammar", "get", "CLI-027",
			"ok\npalm.cpu inf 7\n\n", "ok\npalm.cpu 1_000 7\n\n", "ok\npalm.cpu 1.5 1_000\n\n", "ok\npalm.cpu 1.5f 7\n\n", "ok\npalm.cpu 0x1p-2 7\n\n", "ok\npalm.cpu 1.5 0x7\n\n", "ok\npalm.cpu 1.5 1e3\n\n"),
	}
}

// brokenReply is a case of replies that break the form, each to a client of its own.
func brokenReply(id, title, op, requirement string, replies ...string) Case {
	return Case{
		ID: id, Title: title, Requirements: ids(requirement), DependsOn: leansOnForm(requirement),
		Drive: func(ctx context.Context, d *Drive) {
			for _, reply := range replies {
				if d.failed() {
					return
				}
				d.Open(ctx)
				d.failsFor(ctx, op, broken(reply), requirement)
			}
		},
	}
}

// leansOnForm: who drops what is not of the form, or fails in some other way at it,
// does so whatever breaks it.
func leansOnForm(requirement string) []string {
	if requirement != "CLI-027" {
		return nil
	}
	return ids("client-put-status-other", "client-get-status-other", "client-get-fields-few", "client-get-value-letters", "client-get-time-letters")
}

// broken is the script of a reply that breaks the form. A client may read up to the
// empty line before it looks; where there is none the end of the stream stands for it.
func broken(reply string) script {
	if strings.Contains(reply, "\n\n") {
		return whole(reply)
	}
	return cut(reply)
}

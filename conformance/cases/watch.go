package cases

import (
	"bytes"
	"context"
	"fmt"
	"strings"
	"time"

	"github.com/putget-protocol/putget/conformance/oracle"
	"github.com/putget-protocol/putget/conformance/peer"
)

// watch takes in whatever comes and says in a few words what it is.
func (c *Conn) watch(ctx context.Context) string {
	if c.peer == nil {
		return "no connection"
	}
	got, reason := c.take(ctx)
	end := ""
	switch reason {
	case peer.ReasonClosed:
		end = "connection closed"
	case peer.ReasonReset:
		end = "connection reset"
	}
	if len(got) == 0 {
		if end == "" {
			return "no answer"
		}
		return end
	}
	return strings.TrimSuffix(describe(got)+", "+end, ", ")
}

// take reads until nothing has come for a while, or the connection ends, which the
// reason tells.
func (c *Conn) take(ctx context.Context) ([]byte, peer.Reason) {
	var got []byte
	wait := c.s.look.Patience // for the first bytes; those that follow are near
	until := time.Now().Add(wait + beyondTime)
	for ctx.Err() == nil && len(got) < leastRoom && time.Now().Before(until) {
		more, err := c.peer.ReadQuiet(ctx, wait)
		got = append(got, more...)
		if len(more) == 0 {
			return got, peer.ReasonOf(err)
		}
		wait = c.s.look.Quiet
	}
	return got, ""
}

// describe says what bytes are: which replies, or what else.
func describe(got []byte) string {
	var words []string
	for len(got) > 0 {
		n := oracle.ReplyEnd(got)
		if n < 0 {
			words = append(words, "the unfinished "+short(got))
			break
		}
		words = append(words, describeReply(got[:n]))
		got = got[n:]
	}
	if len(words) == 1 {
		return words[0]
	}
	return fmt.Sprintf("%d replies: %s", len(words), strings.Join(words, ", "))
}

func describeReply(reply []byte) string {
	switch {
	case string(reply) == "ok\n\n":
		return "ok"
	case oracle.WrongCommand().Check(reply) == nil:
		return "error"
	case bytes.HasPrefix(reply, []byte("ok\n")):
		return "ok with " + short(bytes.TrimRight(reply[len("ok\n"):], "\n"))
	case bytes.HasPrefix(reply, []byte("error\n")):
		return "error with the text " + short(bytes.TrimRight(reply[len("error\n"):], "\n"))
	default:
		return "no reply: " + short(reply)
	}
}

func short(b []byte) string {
	const most = 60
	if len(b) > most {
		return fmt.Sprintf("%q...", b[:most])
	}
	return fmt.Sprintf("%q", b)
}

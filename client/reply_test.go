package client_test

import (
	"errors"
	"fmt"
	"io"
	"math"
	"reflect"
	"strings"
	"testing"
	"testing/synctest"

	"github.com/putget-protocol/putget/client"
	"github.com/putget-protocol/putget/spec/wire"
)

func TestGet(t *testing.T) {
	tests := []struct {
		name, key, reply string
		want             []client.Sample
	}{
		{"None", "k", "ok\n\n", nil},
		{"Ascending", "k", "ok\nk 1.5 7\nk 2.5 8\n\n", []client.Sample{sample(7, 1.5), sample(8, 2.5)}},
		{"Descending", "k", "ok\nk 2.5 8\nk 1.5 7\nk 0.5 -7\n\n", []client.Sample{sample(-7, 0.5), sample(7, 1.5), sample(8, 2.5)}},
		{"AsNumbersNotAsText", "k", "ok\nk 1 10\nk 2 9\nk 3 -10\nk 4 -9\n\n", []client.Sample{sample(-10, 3), sample(-9, 4), sample(9, 2), sample(10, 1)}},
		{"EqualTimestampsKeepTheirOrder", "k", "ok\nk 5 8\nk 3 7\nk 1 7\nk 2 7\n\n", []client.Sample{sample(7, 3), sample(7, 1), sample(7, 2), sample(8, 5)}},
		{"ExtremeTimestamps", "k", "ok\nk 1 9223372036854775807\nk 2 -9223372036854775808\n\n", []client.Sample{sample(math.MinInt64, 2), sample(math.MaxInt64, 1)}},
		{"AnyWording", "k", "ok\nk +1E1 +007\nk .5 8\nk 5. 9\n\n", []client.Sample{sample(7, 10), sample(8, 0.5), sample(9, 5)}},
		{"ExactValues", "k", "ok\nk 0.30000000000000004 1\nk 9007199254740993 2\nk 5e-324 3\n\n", []client.Sample{sample(1, 0.30000000000000004), sample(2, 1<<53), sample(3, 5e-324)}},
		{"KeyOfTheLettersOfOK", "ok", "ok\nok 1.5 7\n\n", []client.Sample{sample(7, 1.5)}},
		{"KeyThatContainsError", "error.rate", "ok\nerror.rate 1.5 7\n\n", []client.Sample{sample(7, 1.5)}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			c := dial(t, client.Config{}, func(p *peer) {
				p.expect("get " + tt.key + "\n")
				p.send(tt.reply)
			})
			got, err := c.Get(t.Context(), tt.key)
			if err != nil || !reflect.DeepEqual(got, tt.want) {
				t.Errorf("got %v, %v, want %v", got, err, tt.want)
			}
		})
	}
}

func TestGetAll(t *testing.T) {
	tests := []struct {
		name, reply string
		want        map[string][]client.Sample
	}{
		{"None", "ok\n\n", map[string][]client.Sample{}},
		{"Grouped", "ok\na 2 2\na 1 1\nok 3 3\n\n", map[string][]client.Sample{"a": {sample(1, 1), sample(2, 2)}, "ok": {sample(3, 3)}}},
		{"Mixed", "ok\na 2 2\nb 3 3\na 1 1\nb 1 1\na 0 0\n\n", map[string][]client.Sample{"a": {sample(0, 0), sample(1, 1), sample(2, 2)}, "b": {sample(1, 1), sample(3, 3)}}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			c := dial(t, client.Config{}, func(p *peer) {
				p.expect("get *\n")
				p.send(tt.reply)
			})
			got, err := c.GetAll(t.Context())
			if err != nil || !reflect.DeepEqual(got, tt.want) {
				t.Errorf("got %v, %v, want %v", got, err, tt.want)
			}
		})
	}
}

func TestServerError(t *testing.T) {
	tests := []struct {
		name, reply string
		want        []string
	}{
		{"NoText", "error\n\n", nil},
		{"WrongCommand", "error\nwrong command\n\n", []string{wire.WrongCommand}},
		{"SeveralLines", "error\nstorage failed\ntry later\n\n", []string{"storage failed", "try later"}},
		{"LooksLikeOK", "error\nok\n\n", []string{"ok"}},
		{"LooksLikeASample", "error\nk 1.5 7\n\n", []string{"k 1.5 7"}},
		{"AnyBytes", "error\n \xff\r\n\n", []string{" \xff\r"}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			c := dial(t, client.Config{}, func(p *peer) {
				p.expect("put k 1.5 7\n")
				p.send(tt.reply)
				p.expect("get k\n")
				p.send(tt.reply)
				p.expect("get *\n")
				p.send(tt.reply)
				p.expect("get k\n")
				p.send("ok\nk 2.5 8\n\n")
			})
			putErr := c.Put(t.Context(), "k", 1.5, 7)
			_, getErr := c.Get(t.Context(), "k")
			_, allErr := c.GetAll(t.Context())
			for _, err := range []error{putErr, getErr, allErr} {
				got, ok := errors.AsType[*client.ServerError](err)
				if !ok || !reflect.DeepEqual(got.Text, tt.want) {
					t.Errorf("got %v, want a ServerError of %q", err, tt.want)
				}
			}
			if got, err := c.Get(t.Context(), "k"); err != nil || len(got) != 1 || got[0] != sample(8, 2.5) {
				t.Errorf("after the refusals: got %v, %v", got, err)
			}
		})
	}
}

// call makes the call that request names.
func call(t *testing.T, c *client.Client, request string) error {
	var err error
	switch request {
	case "put k 1.0 2\n":
		err = c.Put(t.Context(), "k", 1, 2)
	case "get k\n":
		_, err = c.Get(t.Context(), "k")
	case "get *\n":
		_, err = c.GetAll(t.Context())
	default:
		t.Fatalf("no call for %q", request)
	}
	return err
}

// wantDead fails the test unless the client is dead for the reason of err, and err
// is of a request that was sent.
func wantDead(t *testing.T, c *client.Client, err error) {
	t.Helper()
	first, ok := errors.AsType[*client.ProtocolError](err)
	if !ok || !first.Sent {
		t.Fatalf("got %v, want a ProtocolError of a sent request", err)
	}
	select {
	case <-c.Done():
	default:
		t.Error("the client is not done")
	}
	_, getErr := c.Get(t.Context(), "later")
	later := map[string]error{
		"Put": c.Put(t.Context(), "later", 1, 2), "Get": getErr, "Err": c.Err(),
		"Batch": c.NewBatch(nil).Put(t.Context(), point("later", 1, 2)),
	}
	for name, err := range later {
		got, ok := errors.AsType[*client.ProtocolError](err)
		if !ok || got.Sent || got.Err != first.Err {
			t.Errorf("later %s: got %v, want that nothing was sent because of: %v", name, err, first.Err)
		}
	}
}

func TestBrokenReplies(t *testing.T) {
	syntax := func(err error) bool { _, ok := errors.AsType[*wire.SyntaxError](err); return ok }
	is := func(want error) func(error) bool { return func(err error) bool { return errors.Is(err, want) } }
	tests := []struct {
		name, request, reply string
		reason               func(error) bool
	}{
		{"NoStatus", "get k\n", "k 1.5 7\n\n", syntax},
		{"StatusUpperCase", "put k 1.0 2\n", "OK\n\n", syntax},
		{"StatusOkay", "put k 1.0 2\n", "okay\n\n", syntax},
		{"StatusEmpty", "put k 1.0 2\n", "\nok\n\n", syntax},
		{"CRLF", "put k 1.0 2\n", "ok\r\n\r\n", syntax},
		{"TwoSpaces", "get k\n", "ok\nk  1.5 7\n\n", syntax},
		{"TwoFields", "get k\n", "ok\nk 1.5\n\n", syntax},
		{"FourFields", "get k\n", "ok\nk 1.5 7 8\n\n", syntax},
		{"NaN", "get k\n", "ok\nk nan 7\n\n", syntax},
		{"ValueOverflow", "get *\n", "ok\nk 1e999 7\n\n", syntax},
		{"TimestampFraction", "get *\n", "ok\nk 1.5 7.0\n\n", syntax},
		{"TimestampOverflow", "get k\n", "ok\nk 1.5 9223372036854775808\n\n", syntax},
		{"StarKey", "get *\n", "ok\n* 1.5 7\n\n", syntax},
		{"OtherProtocol", "get k\n", "HTTP/1.1 400 Bad Request\r\nConnection: close\r\n\r\n", syntax},
		{"OtherKey", "get k\n", "ok\nkk 1.5 7\n\n", is(client.ErrUnaskedSample)},
		{"SampleAfterPut", "put k 1.0 2\n", "ok\nk 1.0 2\n\n", is(client.ErrUnaskedSample)},
		{"LineTooLong", "get k\n", "ok\n" + strings.Repeat("k", 1<<20) + " 1 2\n\n", is(client.ErrLineTooLong)},
		{"LineWithoutEnd", "get k\n", strings.Repeat("k", 1<<20+1), is(client.ErrLineTooLong)},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			c := dial(t, client.Config{}, func(p *peer) {
				p.expect(tt.request)
				io.WriteString(p.conn, tt.reply) // may fail: the client leaves as soon as it knows
				io.Copy(io.Discard, p.br)        // ends: the client closes the connection
			})
			err := call(t, c, tt.request)
			if !tt.reason(err) {
				t.Errorf("got %v", err)
			}
			wantDead(t, c, err)
		})
	}
}

func TestMaxLine(t *testing.T) {
	line := func(n int) string { return strings.Repeat("k", n-4) + " 1 2" }
	tests := []struct {
		name          string
		max, longest  int // of the client; of the reply's lines
		piece         int
		wantLineError bool
	}{
		{"Exact", 100, 100, 1000, false},
		{"OneMore", 100, 101, 1000, true},
		{"ExactByteByByte", 100, 100, 1, false},
		{"OneMoreByteByByte", 100, 101, 1, true},
		{"Default", 0, 1 << 20, 5000, false},
		{"DefaultOneMore", 0, 1<<20 + 1, 5000, true},
		{"NoBound", -1, 5 << 20, 1 << 20, false},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			c := dial(t, client.Config{MaxLine: tt.max}, func(p *peer) {
				p.expect("get *\n")
				reply := "ok\n" + line(tt.longest) + "\n\n"
				for piece := range pieces(reply, tt.piece) {
					if _, err := io.WriteString(p.conn, piece); err != nil {
						break // the client may leave
					}
				}
				io.Copy(io.Discard, p.br)
			})
			got, err := c.GetAll(t.Context())
			if errors.Is(err, client.ErrLineTooLong) != tt.wantLineError || !tt.wantLineError && (err != nil || len(got) != 1) {
				t.Errorf("got %d keys, %v", len(got), err)
			}
		})
	}
}

// pieces cuts s into pieces of n bytes.
func pieces(s string, n int) func(yield func(string) bool) {
	return func(yield func(string) bool) {
		for len(s) > 0 {
			k := min(n, len(s))
			if !yield(s[:k]) {
				return
			}
			s = s[k:]
		}
	}
}

// Every way to cut the replies to three pipelined requests in two gives the same
// results.
func TestRepliesSplitAnywhere(t *testing.T) {
	const replies = "ok\nk 2.5 8\nk 1.5 7\n\nerror\nwrong command\n\nok\nk 3.5 9\n\n"
	for cut := range len(replies) + 1 {
		synctest.Test(t, func(t *testing.T) {
			c, p := pipe(t, client.Config{})
			results := make([]string, 3)
			for i := range results {
				go func() {
					got, err := c.Get(t.Context(), "k")
					refusal, refused := errors.AsType[*client.ServerError](err)
					switch {
					case refused:
						results[i] = strings.Join(refusal.Text, ",")
					default:
						results[i] = fmt.Sprint(got, err)
					}
				}()
				p.expect("get k\n") // the order of the calls is that of the replies
			}
			p.send(replies[:cut])
			synctest.Wait()
			p.send(replies[cut:])
			synctest.Wait()
			want := []string{"[{7 1.5} {8 2.5}] <nil>", "wrong command", "[{9 3.5}] <nil>"}
			if !reflect.DeepEqual(results, want) {
				t.Errorf("cut at %d: got %q, want %q", cut, results, want)
			}
		})
	}
}

func TestReplyByteByByte(t *testing.T) {
	c := dial(t, client.Config{}, func(p *peer) {
		p.expect("get k\n")
		for piece := range pieces("ok\nk 2.5 8\nk 1.5 7\n\n", 1) {
			p.send(piece)
		}
	})
	got, err := c.Get(t.Context(), "k")
	if want := []client.Sample{sample(7, 1.5), sample(8, 2.5)}; err != nil || !reflect.DeepEqual(got, want) {
		t.Errorf("got %v, %v, want %v", got, err, want)
	}
}

func TestReplyOfAnySize(t *testing.T) {
	const n = 300_000
	var reply strings.Builder
	reply.WriteString("ok\n")
	for i := range n {
		fmt.Fprintf(&reply, "palm.cpu %d.5 %d\n", n-i, n-i)
	}
	reply.WriteString("\n")
	c := dial(t, client.Config{}, func(p *peer) {
		p.expect("get palm.cpu\n")
		p.send(reply.String())
		p.expect("get palm.cpu\n")
		p.send("ok\n\n")
	})
	got, err := c.Get(t.Context(), "palm.cpu")
	if err != nil || len(got) != n || got[0] != sample(1, 1.5) || got[n-1] != sample(n, n+0.5) {
		t.Errorf("got %d samples, %v, want %d", len(got), err, n)
	}
	if _, err := c.Get(t.Context(), "palm.cpu"); err != nil {
		t.Error(err)
	}
}

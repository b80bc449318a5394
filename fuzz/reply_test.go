package fuzz_test

import (
	"bytes"
	"errors"
	"fmt"
	"slices"
	"testing"

	"pgregory.net/rapid"

	"github.com/putget-protocol/putget/conformance/oracle"
	"github.com/putget-protocol/putget/spec"
	"github.com/putget-protocol/putget/spec/wire"
)

func FuzzReplies(f *testing.F) {
	for _, vector := range vectors(f, spec.ReplyKind) {
		f.Add([]byte(vector.Bytes))
	}
	f.Fuzz(func(t *testing.T, stream []byte) { checkReplies(t, stream) })
}

func TestGeneratedReplies(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		for range 10 {
			checkReplies(t, replyBytes().Draw(t, "reply"))
		}
		checkReplies(t, bytes.Join(rapid.SliceOfN(replyBytes(), 2, 5).Draw(t, "replies"), nil))
	})
}

// checkReplies holds for all bytes that a server may send: replies, one after
// the other, and then perhaps others.
func checkReplies(t testingT, stream []byte) {
	t.Helper()
	whole := checkWhole(t, stream)
	for _, cuts := range waysToCut(len(stream)) {
		if got := decodeInPieces(stream, cuts); !got.equal(whole) {
			t.Fatalf("%q cut at %v decodes to %+v, as a whole to %+v", stream, cuts, got, whole)
		}
	}
}

// checkWhole is checkReplies for bytes that arrive all at once.
func checkWhole(t testingT, stream []byte) decoding {
	t.Helper()
	whole := decodeInPieces(stream, nil)
	checkAgainstOracle(t, stream, whole)
	if whole.err != nil {
		checkError(t, whole.err, stream[whole.taken:])
	}
	return whole
}

// A decoding is what a ReplyDecoder made of some bytes.
type decoding struct {
	replies []oracle.Reply // those that came to their end
	open    bool           // another one had begun
	taken   int            // bytes, until the error or the end of what was there
	err     error          // nil if the decoder would have gone on
}

func (d decoding) equal(other decoding) bool {
	return slices.EqualFunc(d.replies, other.replies, sameReply) && d.open == other.open && d.taken == other.taken &&
		(d.err == nil) == (other.err == nil) && (d.err == nil || d.err.Error() == other.err.Error())
}

// decodeInPieces decodes stream as if it arrived cut into pieces at the given
// indexes. Each call of Next gets a copy that is overwritten afterwards, as
// the buffer of a connection is.
func decodeInPieces(stream []byte, cuts []int) decoding {
	var (
		d   wire.ReplyDecoder
		got decoding
	)
	reply := oracle.Reply{}
	for _, arrived := range append(slices.Clone(cuts), len(stream)) {
		for {
			buffer := bytes.Clone(stream[got.taken:arrived])
			ev, n, err := d.Next(buffer)
			if errors.Is(err, wire.ErrIncomplete) {
				break
			}
			if err != nil {
				got.err = err
				if _, n, again := d.Next([]byte("ok\n")); n != 0 || again != err {
					got.err = fmt.Errorf("%v, and then %d bytes taken with error %v", err, n, again)
				}
				return got
			}
			got.taken += n
			got.open = ev.Kind != wire.EndOfReply
			if reply = addEvent(reply, ev); !got.open {
				got.replies = append(got.replies, reply)
				reply = oracle.Reply{}
			}
			clear(buffer)
		}
	}
	return got
}

// addEvent adds one event to the reply under way, as the oracle would say it.
func addEvent(reply oracle.Reply, ev wire.Event) oracle.Reply {
	switch ev.Kind {
	case wire.OKStatus:
		reply.OK = true
	case wire.SampleLine:
		reply.Samples = append(reply.Samples, oracle.Sample{Key: string(ev.Key), Value: ev.Value, Timestamp: ev.Timestamp})
	case wire.TextLine:
		reply.Text = append(reply.Text, string(ev.Text))
	}
	return reply
}

// checkAgainstOracle walks over the replies in stream as the oracle frames them.
func checkAgainstOracle(t testingT, stream []byte, got decoding) {
	t.Helper()
	one := got.err == nil && !got.open && len(got.replies) == 1 && got.taken == len(stream)
	if _, mismatch := oracle.ParseReply(stream); (mismatch == nil) != one {
		t.Fatalf("%q: as one reply the oracle says %v, the codec decodes %+v", stream, mismatch, got)
	}
	rest, count := stream, 0
	for {
		end := oracle.ReplyEnd(rest)
		if end < 0 {
			break
		}
		want, mismatch := oracle.ParseReply(rest[:end])
		switch {
		case mismatch != nil && (got.err == nil || len(got.replies) != count):
			t.Fatalf("%q: the oracle says %v, the codec decodes %+v", rest[:end], mismatch, got)
		case mismatch != nil:
			return
		case len(got.replies) <= count:
			t.Fatalf("%q: the oracle decodes %+v, the codec says %v", rest[:end], want, got.err)
		case !sameReply(got.replies[count], want):
			t.Errorf("%q: the oracle decodes %+v, the codec %+v", rest[:end], want, got.replies[count])
		}
		rest, count = rest[end:], count+1
	}
	if len(got.replies) != count {
		t.Fatalf("%q: the oracle sees %d whole replies, the codec %d", stream, count, len(got.replies))
	}
}

// waysToCut returns ways to cut n bytes into pieces: byte by byte, at each place
// into two, and for a few bytes at each two places into three.
func waysToCut(n int) [][]int {
	const all, threes = 150, 24
	every := make([]int, 0, n)
	var ways [][]int
	step := max(1, n/all)
	for i := 0; i < n; i += step {
		every = append(every, i)
		ways = append(ways, []int{i})
		for j := i; j < n && n <= threes; j++ {
			ways = append(ways, []int{i, j})
		}
	}
	return append(ways, every)
}

func sameReply(a, b oracle.Reply) bool {
	return a.OK == b.OK && slices.Equal(a.Text, b.Text) &&
		slices.EqualFunc(a.Samples, b.Samples, func(a, b oracle.Sample) bool {
			return a.Key == b.Key && sameBits(a.Value, b.Value) && a.Timestamp == b.Timestamp
		})
}

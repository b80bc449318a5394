package server_test

import (
	"strings"
	"testing"

	"github.com/putget-protocol/putget/server"
)

const (
	ok    = "ok\n\n"
	wrong = "error\nwrong command\n\n"
)

// A step is what arrives in one read, and what has to be sent before anything
// else arrives.
type step struct{ send, want string }

// padded fills line up with SP to n bytes.
func padded(line string, n int) string { return line + strings.Repeat(" ", n-len(line)) }

// framings are sessions on an empty store with the default limits.
func framings() map[string][]step {
	long := padded("get a", 4096)
	return map[string][]step{
		"WholeLines":          {{"get a\n", ok}, {"put a 1 2\n", ok}, {"get a\n", "ok\na 1.0 2\n\n"}},
		"HalfLine":            {{"get a", ""}, {"\n", ok}},
		"BytesOneByOne":       {{"p", ""}, {"ut a 1", ""}, {" ", ""}, {"7", ""}, {"\n", ok}, {"get a\n", "ok\na 1.0 7\n\n"}},
		"TwoLines":            {{"put a 1 2\nget a\n", ok + "ok\na 1.0 2\n\n"}},
		"WrongAmongRight":     {{"put a 1 2\nput b x 2\nput c 1 2\nget b\n", ok + wrong + ok + ok}},
		"LineAndHalf":         {{"get a\nget", ok}, {" a\n", ok}},
		"EmptyLines":          {{"\n\r\n \n", wrong + wrong + wrong}, {"get a\n", ok}},
		"OneCRDropped":        {{"get a\r\n", ok}},
		"CRAlone":             {{"get a\r", ""}, {"\n", ok}},
		"TwoCRs":              {{"get a\r\r\n", wrong}},
		"CRInside":            {{"get a\rb\n", wrong}},
		"NotUTF8":             {{"get \xff\xfe\n", wrong}, {"get a\n", ok}},
		"LongestLine":         {{long + "\n", ok}},
		"LongestLineCR":       {{long + "\r\n", ok}},
		"LongestLineCRApart":  {{long, ""}, {"\r", ""}, {"\n", ok}},
		"LongestLineTwoCRs":   {{long + "\r\r\n", wrong}},
		"LongestPutByPiece":   {{padded("put a 1 2", 4000), ""}, {strings.Repeat(" ", 96), ""}, {"\r\n", ok}},
		"OneOver":             {{long + " \n", wrong}, {"get a\n", ok}},
		"OneOverCR":           {{long + " \r\n", wrong}, {"get a\n", ok}},
		"OneOverUnfinished":   {{long + "x", wrong}, {"more", ""}, {"\nget a\n", ok}},
		"CRThenMore":          {{long + "\r", ""}, {"x", wrong}, {"\nget a\n", ok}},
		"CRTwiceUnfinished":   {{long + "\r\r", wrong}, {"\n", ""}, {"get a\n", ok}},
		"OverInPieces":        {{padded("put a 1 2", 3000), ""}, {padded("", 3000), wrong}, {padded("", 60000), ""}, {" \nget a\n", ok}},
		"OverStoresNothing":   {{padded("put a 1 2", 4097) + "\n", wrong}, {"get a\n", ok}},
		"RestIsNoRequest":     {{padded("put a 1 2", 5000), wrong}, {"put b 1 2\n", ""}, {"get *\n", ok}},
		"OverTwice":           {{long + "x\n" + long + "y\n", wrong + wrong}},
		"OverAmongOthers":     {{"put a 1 2\n" + long + "x\nget a\n", ok + wrong + "ok\na 1.0 2\n\n"}},
		"LongKey":             {{"put " + strings.Repeat("k", 4000) + " 1 2\n", ok}, {"get a\n", ok}},
		"MegabyteInOneLine":   {{strings.Repeat("x", 1<<20), wrong}, {"\nget a\n", ok}},
		"PutsThenHalf":        {{"put a 1 1\nput a 2 2\nput a 3", ok + ok}, {" 3\nget a\n", ok + "ok\na 1.0 1\na 2.0 2\na 3.0 3\n\n"}},
		"SpacesAndStar":       {{"  get   *  \n", ok}, {"put * 1 2\n", wrong}},
		"OnlyOneReplyEach":    {{"got a\nget\nput a\nput a 1\nput a 1 2 3\n", wrong + wrong + wrong + wrong + wrong}},
		"LastValueWinsInRead": {{"put a 1 1\nput a 2 1\nput a 3 1\nget a\n", ok + ok + ok + "ok\na 3.0 1\n\n"}},
	}
}

func TestFraming(t *testing.T) {
	for name, steps := range framings() {
		t.Run(name, func(t *testing.T) {
			inBubble(t, server.Config{}, func(b *bubble) {
				p := b.connect()
				for _, s := range steps {
					p.send(s.send)
					p.want(s.want)
				}
			})
		})
	}
}

// TestFramingByteByByte sends each session one byte at a time; the replies have
// to be the same.
func TestFramingByteByByte(t *testing.T) {
	for name, steps := range framings() {
		if name == "MegabyteInOneLine" {
			continue // the same as OverInPieces, but takes its time
		}
		t.Run(name, func(t *testing.T) {
			inBubble(t, server.Config{}, func(b *bubble) {
				p := b.connect()
				for _, s := range steps {
					for i := range s.send {
						p.send(s.send[i : i+1])
					}
					p.want(s.want)
				}
			})
		})
	}
}

// TestLineLimits sends a line of n bytes to servers with other limits.
func TestLineLimits(t *testing.T) {
	tests := []struct {
		name    string
		maxLine int
		n       int
		want    string
	}{
		{"SmallTaken", 10, 10, ok},
		{"SmallRefused", 10, 11, wrong},
		{"LargeTaken", 100_000, 100_000, ok},
		{"LargeRefused", 100_000, 100_001, wrong},
		{"NoLimit", -1, 1_000_000, ok},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			inBubble(t, server.Config{MaxLine: tt.maxLine}, func(b *bubble) {
				p := b.connect()
				for range 3 {
					p.send(padded("get a", tt.n) + "\r\n")
					p.want(tt.want)
					p.send("get a\n")
					p.want(ok)
				}
			})
		})
	}
}

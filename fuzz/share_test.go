package fuzz_test

import (
	"testing"

	"pgregory.net/rapid"

	"github.com/putget-protocol/putget/conformance/oracle"
)

// A generator that makes nearly nothing but wrong lines would test the refusals
// alone, and one of right lines alone no refusal. The oracle judges, over fixed
// seeds, so that the shares are the same in every run.
func TestShareOfRightOnes(t *testing.T) {
	isRequest := func(line []byte) bool {
		_, right := oracle.ParseRequest(line)
		return right
	}
	isReply := func(b []byte) bool {
		_, mismatch := oracle.ParseReply(b)
		return mismatch == nil
	}
	tests := []struct {
		name            string
		g               *rapid.Generator[[]byte]
		isRight         func([]byte) bool
		atLeast, atMost int // percent
	}{
		{"Requests", requestLine(), isRequest, 30, 80},
		{"Replies", replyBytes(), isReply, 30, 80},
		{"RightRequests", asBytes(rightLine()), isRequest, 95, 100},
		{"RightReplies", asBytes(rightReply()), isReply, 95, 100},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			const n = 1000
			right := 0
			for seed := range n {
				if tt.isRight(tt.g.Example(seed)) {
					right++
				}
			}
			t.Logf("%d of %d are right", right, n)
			if percent := right * 100 / n; percent < tt.atLeast || percent > tt.atMost {
				t.Errorf("%d of %d are right, want %d to %d %%", right, n, tt.atLeast, tt.atMost)
			}
		})
	}
}

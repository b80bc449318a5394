package cases_test

import (
	"bufio"
	"bytes"
	"encoding/json"
	"io"
	"net"
	"slices"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/putget-protocol/putget/conformance/cases"
	"github.com/putget-protocol/putget/conformance/mutant"
	"github.com/putget-protocol/putget/conformance/oracle"
	"github.com/putget-protocol/putget/spec"
)

// lookFull runs a case at level full, with eight conversations side by side.
func lookFull(t *testing.T, id, addr string, passed func(string) bool) cases.Outcome {
	t.Helper()
	every := all(t)
	i := slices.IndexFunc(every, func(c cases.Case) bool { return c.ID == id })
	if i < 0 {
		t.Fatalf("there is no case %s", id)
	}
	l := look(addr, "pgfull")
	l.Level, l.Width, l.Seed, l.Passed = spec.Full, 8, 1, passed
	out := every[i].Look(t.Context(), l)
	if out.Err != nil || out.Interrupted {
		t.Fatalf("%s: %v, interrupted: %v", id, out.Err, out.Interrupted)
	}
	return out
}

// taking returns a fault that changes what one read brings, and the lines that it ends.
func taking(read func([]byte) []byte, lines func([]mutant.Event) []mutant.Event) mutant.Fault {
	return mutant.Fault{ID: "test", Apply: func(b *mutant.Behaviour) {
		take := b.Take
		b.Take = func(s *mutant.Session, data []byte) []mutant.Event { return lines(take(s, read(slices.Clone(data)))) }
	}}
}

// cutCharacters loses a character that comes in two reads, and nothing else that is
// right UTF-8.
func cutCharacters(data []byte) []byte {
	for i := max(0, len(data)-utf8.UTFMax+1); i < len(data); i++ {
		if utf8.RuneStart(data[i]) && data[i] >= 0xC2 && data[i] < 0xF5 && !utf8.FullRune(data[i:]) {
			return append(data[:i], '?')
		}
	}
	return data
}

// dropBehindWrong drops what came with a wrong request and behind it.
func dropBehindWrong(events []mutant.Event) []mutant.Event {
	for i, e := range events {
		if _, right := oracle.ParseRequest(e.Line); !right {
			return events[:i+1]
		}
	}
	return events
}

func asItIs[T any](v T) T { return v }

func TestDeliveryFindsWhatWholeRequestsHide(t *testing.T) {
	tests := []struct {
		name, id, requirement, mode string
		fault                       mutant.Fault
	}{
		{"CharacterCut", "delivery-split-lexis", "FRM-003", "in two pieces", taking(cutCharacters, asItIs)},
		{"CharacterByteByByte", "delivery-bytes-lexis", "FRM-003", "byte by byte", taking(cutCharacters, asItIs)},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			out := lookFull(t, tt.id, serve(t, tt.fault), nil)
			if len(out.Failures) == 0 {
				t.Fatalf("nothing failed; facts %v", out.Facts)
			}
			f := out.Failures[0]
			if f.Requirement != tt.requirement || !strings.Contains(f.Mode, tt.mode) || !strings.Contains(f.Detail, "sent whole, it is answered as it should be") {
				t.Errorf("%s, mode %q, %s; want %s, %q", f.Requirement, f.Mode, f.Detail, tt.requirement, tt.mode)
			}
			if len(out.Events) == 0 || !strings.HasPrefix(out.KeyPrefix, "pgfull.") {
				t.Errorf("%d events, keys begin with %q: not those of the conversation that failed", len(out.Events), out.KeyPrefix)
			}
		})
	}
}

// A wrong request that spoils those behind it is found by its neighbours.
func TestDeliveryBlamesWhoeverIsSpoilt(t *testing.T) {
	// What is dropped behind a wrong request is answered with the wrong reply, so that
	// nothing has to be waited for.
	fault := taking(asItIs[[]byte], func(events []mutant.Event) []mutant.Event {
		kept := dropBehindWrong(events)
		for range len(events) - len(kept) {
			kept = append(kept, mutant.Event{Line: []byte("spoilt")})
		}
		return kept
	})
	out := lookFull(t, "delivery-joined-lexis", serve(t, fault), nil)
	if len(out.Failures) == 0 || out.Failures[0].Requirement != "FRM-005" || !strings.Contains(out.Failures[0].Mode, "in one write") {
		t.Errorf("failures %+v, want FRM-005, in one write", out.Failures)
	}
}

// What fails when it is sent whole as well is no fault of the mode. The verdict is the
// same whether the case of the request was judged before or not.
func TestDeliveryLeavesARequestsOwnFaultToItsCase(t *testing.T) {
	upper := mutant.Fault{ID: "test", Apply: func(b *mutant.Behaviour) {
		parse := b.Parse
		b.Parse = func(line []byte) (oracle.Request, bool) {
			return parse(bytes.Replace(line, []byte("PUT"), []byte("put"), 1))
		}
	}}
	known := func(id string) bool { return id != "lex-command-case" && id != "example-request-upper-case" }
	for _, passed := range []func(string) bool{nil, known} {
		out := lookFull(t, "delivery-split-lexis", serve(t, upper), passed)
		if len(out.Failures) != 0 || out.Unsettled != "" || len(out.Facts) != 2 {
			t.Errorf("failures %+v, unsettled %q, facts %v; want none, and a fact that cases were left out", out.Failures, out.Unsettled, out.Facts)
		}
	}
	none := lookFull(t, "delivery-split-lexis", serve(t, upper), func(string) bool { return false })
	if none.Unsettled == "" {
		t.Errorf("a case of delivery that delivered nothing is settled; facts %v", none.Facts)
	}
}

func TestDeliveryCountsItsSplits(t *testing.T) {
	out := lookFull(t, "delivery-split-numbers", serve(t), nil)
	if len(out.Failures) > 0 || len(out.Facts) == 0 || out.Facts[0].Name != "splits" || len(out.Facts[0].Value) < 2 {
		t.Errorf("failures %+v, facts %v; want some splits", out.Failures, out.Facts)
	}
}

// A counterexample can be played by any runner of vectors.
func TestCounterexampleIsAVectorFile(t *testing.T) {
	fault, ok := mutant.Find("arrival-order")
	if !ok {
		t.Fatal("there is no such mutant any more")
	}
	out := lookFull(t, "generated-plain", serve(t, fault), nil)
	if len(out.Failures) != 1 || out.Failures[0].Requirement != "GET-004" || len(out.Artifacts) != 1 {
		t.Fatalf("failures %+v, %d artifacts; want one of GET-004, and one", out.Failures, len(out.Artifacts))
	}
	text := out.Artifacts[0].Bytes
	var file spec.VectorFile
	dec := json.NewDecoder(bytes.NewReader(text))
	dec.DisallowUnknownFields()
	if err := dec.Decode(&file); err != nil {
		t.Fatal(err)
	}
	if v := file.Vectors[0]; len(v.Steps) < 6 || v.Requirements[0] != "GET-004" || bytes.Contains(text, []byte("pgfull")) {
		t.Errorf("want three requests and their replies about GET-004, with logical keys:\n%s", text)
	}
}

// accept handles each connection to a listener of its own, and returns the address.
func accept(t *testing.T, handle func(net.Conn)) string {
	t.Helper()
	ln, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { ln.Close() })
	go func() {
		for {
			nc, err := ln.Accept()
			if err != nil {
				return
			}
			go handle(nc)
		}
	}()
	return ln.Addr().String()
}

// A target that takes in nobody, whatever is sent, is blamed for that.
func TestTargetThatTurnsEverybodyAway(t *testing.T) {
	addr := accept(t, func(nc net.Conn) { nc.Close() })
	for _, id := range []string{"put-stored", "error-reply", "value-forms", "lex-key-characters"} {
		out := lookFull(t, id, addr, nil)
		if len(out.Failures) != 1 || out.Failures[0].Requirement != "SES-002" || out.Failures[0].Symptom != cases.NotServed {
			t.Errorf("%s: failures %+v, want one of SES-002", id, out.Failures)
		}
	}
}

// A target that reads on while it writes, and takes the end of the requests for the end
// of the session, loses what it has not written yet.
func TestHalfCloseBehindLargeReplies(t *testing.T) {
	right := serve(t)
	if out := lookFull(t, "frame-half-close-large", serve(t), nil); len(out.Failures) > 0 {
		t.Errorf("failures %+v on a right server", out.Failures)
	}
	addr := accept(t, func(nc net.Conn) { forward(nc, right) })
	out := lookFull(t, "frame-half-close-large", addr, nil)
	if len(out.Failures) != 1 || out.Failures[0].Requirement != "FRM-007" {
		t.Errorf("failures %+v, want one of FRM-007", out.Failures)
	}
}

// forward passes lines on to a server and its replies back, and closes both connections
// when the client has ended its side.
func forward(nc net.Conn, addr string) {
	defer nc.Close()
	behind, err := net.Dial("tcp", addr)
	if err != nil {
		return
	}
	defer behind.Close()
	go io.Copy(nc, behind) // ends with the connections
	for r := bufio.NewReader(nc); ; {
		line, err := r.ReadString('\n')
		if err != nil {
			return
		}
		io.WriteString(behind, line)
	}
}

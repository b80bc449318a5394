package main_test

import (
	"fmt"
	"net"
	"strings"
	"testing"
)

// The client behind the contract of the judge, as a process.
func TestAdapter(t *testing.T) {
	addr := answer(t, map[string]string{
		"put a 0.5 -7":            "ok\n\n",
		"put a 5.0 0":             "ok\n\n",
		"get a":                   "ok\na 5 2\na 0.5 -1\n\n",
		"get *":                   "ok\nb 1 9223372036854775807\na 1e300 0\n\n",
		"get é":                   "ok\n\n",
		"get refused":             "error\nno\n\n",
		"get broken":              "nothing\n\n",
		"put a 1.5 1503319740123": "ok\n\n",
	})
	_, port, err := net.SplitHostPort(addr)
	if err != nil {
		t.Fatal(err)
	}
	tests := []struct{ call, want string }{
		{`{"op":"open","args":["127.0.0.1",` + port + `]}`, `{"ok":null}`},
		{`{"op":"put","args":["a",0.5,-7]}`, `{"ok":null}`},
		{`{"op":"put","args":["a",5,0]}`, `{"ok":null}`},
		{`{"op":"get","args":["a"]}`, `{"ok":{"a":[[-1,0.5],[2,5.0]]}}`},
		{`{"op":"get","args":["\u00e9"]}`, `{"ok":{}}`},
		{`{"op":"get","args":["refused"]}`, `{"error":"client: get \"refused\": the server refused the request: \"no\""}`},
		{`{"op":"put","args":["a b",1.5,0]}`, `{"error":`},
		{`{"op":"put","args":["a",1e999,0]}`, `{"error":`},
		{`{"op":"put","args":["a",1.5,9223372036854775808]}`, `{"error":`},
		{`{"op":"put","args":["a",1.5,1503319740123]}`, `{"ok":null}`},
		{`{"op":"get","args":["broken"]}`, `{"error":`},
		{`{"op":"get","args":["a"]}`, `{"error":`},
		{`{"op":"open","args":["127.0.0.1",1,0.5]}`, `{"error":"client: connect to 127.0.0.1:1: connect: connection refused"}`},
		{`{"op":"open","args":["127.0.0.1",` + port + `,2]}`, `{"ok":null}`},
		{`{"op":"get","args":["a"]}`, `{"ok":{"a":[[-1,0.5],[2,5.0]]}}`},
	}
	var calls strings.Builder
	for _, tt := range tests {
		fmt.Fprintln(&calls, tt.call)
	}
	got := putget(t, "", calls.String(), "adapter")
	if got.code != 0 || got.stderr != "" {
		t.Errorf("it ended with %d and printed %q", got.code, got.stderr)
	}
	answers := strings.Split(got.stdout, "\n")
	if len(answers) != len(tests)+1 {
		t.Fatalf("got %d answers to %d calls: %q", len(answers)-1, len(tests), answers)
	}
	for i, tt := range tests {
		if !strings.HasPrefix(answers[i], tt.want) {
			t.Errorf("%s is answered with %s; want %s", tt.call, answers[i], tt.want)
		}
	}
}

// Without a timestamp the present second is sent. All series come in one answer.
func TestAdapterDefaults(t *testing.T) {
	addr, requests := acknowledge(t)
	_, port, err := net.SplitHostPort(addr)
	if err != nil {
		t.Fatal(err)
	}
	got := putget(t, "", `{"op":"open","args":["127.0.0.1",`+port+`]}
{"op":"put","args":["a",5.0]}
{"op":"get","args":["*"]}
`, "adapter")
	if got.code != 0 || got.stdout != `{"ok":null}`+"\n"+`{"ok":null}`+"\n"+`{"ok":{}}`+"\n" {
		t.Errorf("it ended with %d, answered %q and printed %q", got.code, got.stdout, got.stderr)
	}
	var timestamp int64
	sent := requests()
	if n, err := fmt.Sscanf(sent[0], "put a 5.0 %d", &timestamp); n != 1 || err != nil || timestamp < 1_500_000_000 {
		t.Errorf("the server received %q; want the present second", sent[0])
	}
	if sent[1] != "get *" {
		t.Errorf("the server received %q", sent[1])
	}
}

func TestAdapterIsHidden(t *testing.T) {
	if got := putget(t, "", "", "--help"); strings.Contains(got.stdout, "adapter") {
		t.Errorf("the help names a command that is of no use to its reader:\n%s", got.stdout)
	}
	if got := putget(t, "", "", "adapter", "--help"); !strings.Contains(got.stdout, "conformance/ADAPTERS.md") {
		t.Errorf("its own help says\n%s", got.stdout)
	}
}

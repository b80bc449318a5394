package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/putget-protocol/putget/conformance/mutant"
	"github.com/putget-protocol/putget/conformance/oracle"
	"github.com/putget-protocol/putget/conformance/report"
	"github.com/putget-protocol/putget/spec"
)

// clientVariable lets this binary be the adapter that --exec starts: of the right client,
// or of one with the fault that is named. "ends" is none.
const clientVariable = "PUTGET_TEST_CLIENT"

// beClient answers the calls of the judge and ends.
func beClient(kind string) {
	a := mutant.NewAdapter()
	f, isFault := mutant.FindClientFault(kind)
	if kind == "useless" {
		f, isFault = useless(), true
	}
	switch {
	case isFault:
		a = mutant.NewAdapter(f)
	case kind != "right":
		fmt.Fprintln(os.Stderr, "no module named", kind)
		os.Exit(3)
	}
	if err := a.Run(context.Background(), os.Stdin, os.Stdout); err != nil {
		fmt.Fprintln(os.Stderr, "the client of the test:", err)
		os.Exit(1)
	}
	os.Exit(0)
}

// useless makes a client that takes every reply for a broken one.
func useless() mutant.ClientFault {
	return mutant.ClientFault{ID: "useless", Apply: func(b *mutant.ClientBehaviour) {
		b.Decode = func(*mutant.Client, []byte) (oracle.Reply, error) { return oracle.Reply{}, errors.New("no reply") }
	}}
}

// adapterOf is the command by which --exec starts this binary as an adapter.
func adapterOf(t *testing.T, kind string) string {
	t.Helper()
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	return fmt.Sprintf("%s=%s exec '%s'", clientVariable, kind, self)
}

func TestExitCodesOfClients(t *testing.T) {
	const some = "CLI-00[35]"
	list := filepath.Join(t.TempDir(), "known.txt")
	if err := os.WriteFile(list, []byte("CLI-003 it is to be so for now\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	tests := []struct {
		name string
		args []string
		want int
		text string // that is printed
	}{
		{"Conformant", []string{"--exec", adapterOf(t, "right"), "--run", some}, 0, "CONFORMANT at level core"},
		{"NotConformant", []string{"--exec", adapterOf(t, "connection-per-call"), "--run", some}, 1, "FAIL      CLI-003"},
		{"KnownFailing", []string{"--exec", adapterOf(t, "connection-per-call"), "--run", some, "--known-failing", list}, 0, "ACCEPTED"},
		{"KnownPassing", []string{"--exec", adapterOf(t, "right"), "--run", some, "--known-failing", list}, 1, "take it off the list"},
		{"Blocked", []string{"--exec", adapterOf(t, "useless")}, 1, "blocked"},
		{"FailFast", []string{"--exec", adapterOf(t, "error-bare"), "--fail-fast"}, 1, "not begun"},
		{"NotRun", []string{"--exec", adapterOf(t, "putget")}, 3, "no module named putget"},
		{"NoSuchCommand", []string{"--exec", "exec no-such-program"}, 3, "no-such-program"},
		{"NoClient", nil, 2, "Exec, Python and Node"},
		{"NoSuchFile", []string{"--python", "no-such-file.py"}, 2, "no-such-file.py"},
		{"Address", []string{"--addr", "127.0.0.1:1"}, 2, "--addr"},
		{"NothingRan", []string{"--exec", "true", "--run", "XYZ-*"}, 4, "no case"},
		{"CaseOfServers", []string{"--exec", "true", "--run", "put-replace"}, 4, "no case"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			out, got := call(t.Context(), append([]string{"client", "--level", "core"}, tt.args...)...)
			if got != tt.want || !strings.Contains(out, tt.text) {
				t.Errorf("exit code %d, want %d; printed, want %q in it:\n%s", got, tt.want, tt.text, out)
			}
		})
	}
}

func TestUsageOfClients(t *testing.T) {
	tests := []struct {
		args string
		want int
		text string
		not  string // is not printed
	}{
		{"client --help", 0, "--python FILE", "--addr"},
		{"adapter --help", 0, `{"op":"open"`, "--level"},
		{"adapter", 2, "Exec, Python and Node", "panic"},
		{"list", 0, "client-sanity", "panic"},
		{"list --side client", 0, "CLI-005", "FRM-004"},
		{"list --side server", 0, "FRM-004", "CLI-005"},
		{"list cases --side client --level core", 0, "observe-client", "client-time-negative"},
		{"list requirements --side client", 0, "CLI-032", "REP-001"},
		{"list --side both", 2, "server or client", "CLI-005"},
		{"explain CLI-023", 0, "Cases:", "No case"},
		{"explain CLI-028", 0, "No case: a client is driven by one call at a time", "Cases:"},
		{"explain client-sanity", 0, "client, section", "server"},
	}
	for _, tt := range tests {
		t.Run(tt.args, func(t *testing.T) {
			out, got := call(t.Context(), strings.Fields(tt.args)...)
			if got != tt.want || !strings.Contains(out, tt.text) || strings.Contains(out, tt.not) {
				t.Errorf("exit code %d, want %d; printed, want %q in it and not %q:\n%s", got, tt.want, tt.text, tt.not, out)
			}
		})
	}
}

// The files hold what the text says.
func TestFilesOfClients(t *testing.T) {
	dir := t.TempDir()
	file, junit, folder := filepath.Join(dir, "report.json"), filepath.Join(dir, "report.xml"), filepath.Join(dir, "more")
	out, got := call(t.Context(), "client", "--exec", adapterOf(t, "connection-per-call"), "--level", "core", "--run", "CLI-003", "--seed", "7",
		"--json", file, "--junit", junit, "--artifacts", folder)
	if got != exitNotConformant {
		t.Fatalf("exit code %d:\n%s", got, out)
	}
	data, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	var rep report.Report
	if err := json.Unmarshal(data, &rep); err != nil || rep.Side != spec.Client || len(rep.Findings) != 1 || rep.Findings[0].Requirement != "CLI-003" {
		t.Errorf("%v, side %s, findings %+v", err, rep.Side, rep.Findings)
	}
	xml, err := os.ReadFile(junit)
	if err != nil || !bytes.Contains(xml, []byte(`type="CLI-003"`)) {
		t.Errorf("%v\n%s", err, xml)
	}
	if _, err := os.Stat(folder); err != nil {
		t.Error(err)
	}
	// The line that shows it again does so.
	_, line, found := strings.Cut(out, "again     putget-conform ")
	line, _, _ = strings.Cut(line, " --exec")
	if !found || line != "client" || !strings.Contains(out, "--level core --run "+rep.Findings[0].Case+" --seed 7 -v\n") {
		t.Errorf("the text holds no line to run it again:\n%s", out)
	}
}

// A person can talk to an adapter.
func TestAdapterByHand(t *testing.T) {
	addr := server(t, "")
	_, port, _ := strings.Cut(addr, ":")
	calls := `{"op":"open","args":["127.0.0.1",` + port + `]}` + "\n" + `{"op":"put","args":["cpu",0.5,1]}` + "\n" + `{"op":"get","args":["cpu"]}` + "\n"
	var out, errOut bytes.Buffer
	err := run(t.Context(), []string{"adapter", "--exec", adapterOf(t, "right")}, strings.NewReader(calls), &out, &errOut)
	want := `{"ok":null}` + "\n" + `{"ok":null}` + "\n" + `{"ok":{"cpu":[[1,0.5]]}}` + "\n"
	if err != nil || out.String() != want || errOut.Len() > 0 {
		t.Errorf("%v: it answers %q, want %q; and prints %q", err, out.String(), want, errOut.String())
	}
}

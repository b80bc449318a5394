package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// listFile writes a list of what is known to fail.
func listFile(t *testing.T, text string) string {
	t.Helper()
	name := filepath.Join(t.TempDir(), "known")
	if err := os.WriteFile(name, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	return name
}

// The runs are of a few cases: one that fails on arrival-order by GET-004, others that
// pass.
func TestKnownFailing(t *testing.T) {
	tests := []struct {
		name  string
		fault string
		list  string
		want  int
		texts []string // that are printed
	}{
		{"Requirement", "arrival-order", "GET-004 sorting comes later\n", 0, []string{"NOT CONFORMANT", "Known to fail:", "GET-004 sorting comes later", "ACCEPTED"}},
		{"Cases", "arrival-order", "get-order-numbers in work\nget-order-random\tin work\n", 0, []string{"get-order-random in work", "ACCEPTED"}},
		{"OneOfTwoCases", "arrival-order", "get-order-numbers in work\n", 1, []string{"get-order-numbers in work", "NOT CONFORMANT"}},
		{"Remarks", "arrival-order", "# a remark\n\r\n   GET-004  in work   \r\n", 0, []string{"GET-004 in work"}},
		{"SomethingElseFails", "arrival-order", "PUT-001 in work\n", 1, []string{"PUT-001 in work; it passed", "GET-004"}},
		{"Passes", "", "GET-004 in work\n", 1, []string{"GET-004 in work; it passed, which was not expected: take it off the list"}},
		{"CasePasses", "", "get-order-numbers in work\n", 1, []string{"get-order-numbers in work; it passed"}},
		{"NotJudged", "arrival-order", "GET-004 in work\nFRM-004 pipelining comes later\n", 0, []string{"untested", "FRM-004 pipelining comes later"}},
		{"Empty", "", "\n", 0, []string{"CONFORMANT"}},
		{"UnknownID", "", "GET-004 in work\n\nGET-999 whatever\n", 2, []string{"known: ", "line 3: ", `neither a requirement nor a case "GET-999"`}},
		{"NoReason", "", "# list\nGET-004\n", 2, []string{"line 2: GET-004 has no reason"}},
		{"Twice", "", "GET-004 in work\nput-reply x\nGET-004 in work\n", 2, []string{"line 3: GET-004 is in line 1 already"}},
		{"NoText", "", strings.Repeat("x", 1<<17), 2, []string{"token too long"}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			out, got := call(t.Context(), "server", "--level", "core", "--addr", server(t, tt.fault), "--run", "get-order-[nr]*", "--run", "put-reply", "--known-failing", listFile(t, tt.list))
			if got != tt.want {
				t.Errorf("exit code %d, want %d; printed:\n%s", got, tt.want, out)
			}
			words := strings.Join(strings.Fields(out), " ") // lines are wrapped
			for _, text := range tt.texts {
				if !strings.Contains(words, text) {
					t.Errorf("there is no %q in\n%s", text, out)
				}
			}
		})
	}
}

func TestKnownFailingFileThatCannotBeRead(t *testing.T) {
	for name, file := range map[string]string{"Missing": filepath.Join(t.TempDir(), "known"), "Folder": t.TempDir()} {
		t.Run(name, func(t *testing.T) {
			out, got := call(t.Context(), "server", "--addr", "127.0.0.1:1", "--known-failing", file)
			if got != exitUsage || !strings.Contains(out, file) {
				t.Errorf("exit code %d, want %d; printed, want %q in it:\n%s", got, exitUsage, file, out)
			}
		})
	}
}

package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// GitHub's runner reads commands in the output: those are ours, and no line of a target
// is taken for one.
func TestOutputForGitHub(t *testing.T) {
	summary := filepath.Join(t.TempDir(), "summary.md")
	if err := os.WriteFile(summary, []byte("of a step before\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	t.Setenv("GITHUB_STEP_SUMMARY", summary)
	out, code := call(t.Context(), "server", "--output", "github", "--level", "core", "--run", "GET-004", "--addr", server(t, "arrival-order"))
	if code != exitNotConformant {
		t.Errorf("exit code %d:\n%s", code, out)
	}
	commands := commandsOf(out)
	if len(commands) != 1 || !strings.HasPrefix(commands[0], "::error title=PutGet%3A GET-004 ") || strings.Contains(commands[0], "\r") {
		t.Errorf("the commands are %q in:\n%s", commands, out)
	}
	if !strings.Contains(out, "NOT CONFORMANT at level core") {
		t.Errorf("the text is missing:\n%s", out)
	}
	data, err := os.ReadFile(summary)
	text := string(data)
	if err != nil || !strings.HasPrefix(text, "of a step before\n## PutGet") || !strings.Contains(text, "<details><summary>FAIL GET-004") {
		t.Errorf("%v: the summary is\n%s", err, text)
	}
}

func TestOutputForGitHubWhenNothingWasJudged(t *testing.T) {
	t.Setenv("GITHUB_STEP_SUMMARY", "")
	out, code := call(t.Context(), "server", "--output", "github", "--exec", "echo ::error::not ours; echo {port}; exit 7")
	commands := commandsOf(out)
	if code != exitTrouble || len(commands) != 1 || !strings.HasPrefix(commands[0], "::error title=PutGet%3A nothing was judged::") {
		t.Errorf("exit code %d, the commands are %q in:\n%s", code, commands, out)
	}
}

func TestOutputIsTextOrGitHub(t *testing.T) {
	if out, code := call(t.Context(), "server", "--output", "gitlab", "--addr", "127.0.0.1:1"); code != exitUsage || !strings.Contains(out, "text or github") {
		t.Errorf("exit code %d:\n%s", code, out)
	}
}

// commandsOf reads the output as GitHub's runner does: between stop-commands and its token
// nothing is a command.
func commandsOf(out string) []string {
	var commands []string
	token := ""
	for line := range strings.Lines(out) {
		line = strings.TrimSpace(line)
		switch {
		case token != "":
			if line == "::"+token+"::" {
				token = ""
			}
		case strings.HasPrefix(line, "::stop-commands::"):
			token = strings.TrimPrefix(line, "::stop-commands::")
		case strings.HasPrefix(line, "::"):
			commands = append(commands, line)
		}
	}
	return commands
}

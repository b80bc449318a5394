package main

import (
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/putget-protocol/putget/conformance/report"
)

// files are the flags for every file that the program can write into a folder.
func files(dir string) []string {
	return []string{"--json", filepath.Join(dir, "report.json"), "--junit", filepath.Join(dir, "report.xml"), "--artifacts", filepath.Join(dir, "artifacts")}
}

func names(t *testing.T, dir string) string {
	t.Helper()
	entries, err := os.ReadDir(dir)
	if err != nil {
		t.Fatal(err)
	}
	var all []string
	for _, e := range entries {
		all = append(all, e.Name())
	}
	return strings.Join(all, " ")
}

// Ctrl-C, and what a supervisor sends, end the run soon; all that was seen is written,
// and the target is gone.
func TestSignalEndsTheRunInOrder(t *testing.T) {
	for _, sig := range []syscall.Signal{syscall.SIGINT, syscall.SIGTERM} {
		t.Run(sig.String(), func(t *testing.T) {
			t.Parallel()
			dir := t.TempDir()
			command, pid := named(t, "slow")
			p := start(t, dir, append([]string{"server", "--exec", command}, files(dir)...)...)
			p.until(t, "put-reply")
			if err := p.cmd.Process.Signal(sig); err != nil {
				t.Fatal(err)
			}
			began := time.Now()
			stdout, stderr, code := p.end(t)
			if code != exitTrouble || !strings.Contains(stderr, "interrupted") || !strings.Contains(stdout, "NO VERDICT") {
				t.Errorf("exit code %d; printed:\n%s%s", code, stdout, stderr)
			}
			// The run would take a minute; a busy machine may take its time to end it.
			if d := time.Since(began); d > 20*time.Second {
				t.Errorf("the run ended %s after the signal", d)
			}
			wantGone(t, pid)
			if rep := readReport(t, filepath.Join(dir, "report.json"), stdout); !rep.Interrupted || len(rep.Cases) == 0 || rep.Broken() {
				t.Errorf("interrupted %v, broken %v, %d cases", rep.Interrupted, rep.Broken(), len(rep.Cases))
			}
			if got := names(t, dir); got != "artifacts report.json report.xml" {
				t.Errorf("the folder holds %s", got)
			}
			isJUnit(t, filepath.Join(dir, "report.xml"))
		})
	}
}

// A judge that is killed writes nothing, breaks nothing that is there, and leaves no
// target behind.
func TestKilledJudgeLeavesNothing(t *testing.T) {
	dir := t.TempDir()
	old := filepath.Join(dir, "report.json")
	if err := os.WriteFile(old, []byte("old"), 0o600); err != nil {
		t.Fatal(err)
	}
	command, pid := named(t, "slow")
	p := start(t, dir, append([]string{"server", "--exec", command}, files(dir)...)...)
	p.until(t, "put-reply")
	if err := p.cmd.Process.Kill(); err != nil {
		t.Fatal(err)
	}
	if _, _, code := p.end(t); code != -1 {
		t.Errorf("exit code %d", code)
	}
	wantGone(t, pid)
	if data, err := os.ReadFile(old); err != nil || string(data) != "old" {
		t.Errorf("the old report holds %q, %v", data, err)
	}
	if got := names(t, dir); got != "report.json" {
		t.Errorf("the folder holds %s", got)
	}
}

// Whoever ends the text early, such as head, still gets the files and the exit code.
func TestTextThatNobodyReads(t *testing.T) {
	dir := t.TempDir()
	command, pid := named(t, "arrival-order")
	p := start(t, dir, append([]string{"server", "--exec", command, "--level", "core", "--run", "get"}, files(dir)...)...)
	p.until(t, "sanity-first")
	p.stdout.Close() // the last reader goes
	if _, stderr, code := p.end(t); code != exitNotConformant {
		t.Errorf("exit code %d: %s", code, stderr)
	}
	wantGone(t, pid)
	if rep := readReport(t, filepath.Join(dir, "report.json"), ""); rep.Counts.Fail == 0 {
		t.Errorf("the report is %+v", rep.Counts)
	}
}

// The files are whole also when the target has died, again and again, or for good.
func TestFilesOfATargetThatDies(t *testing.T) {
	for _, how := range []string{"Started", "Attached"} {
		t.Run(how, func(t *testing.T) {
			dir, target := t.TempDir(), []string{"--exec", targetCommand(t, "wrong-kills")}
			if how == "Attached" {
				target = []string{"--addr", server(t, "wrong-kills")}
			}
			args := append([]string{"server", "--level", "core", "--run", "errors", "--run", "put"}, target...)
			out, code := call(t.Context(), append(args, files(dir)...)...)
			if code != exitNotConformant {
				t.Errorf("exit code %d; printed:\n%s", code, out)
			}
			rep := readReport(t, filepath.Join(dir, "report.json"), out)
			if rep.Counts.Crashed == 0 || (rep.Target.Restarts > 0) != (how == "Started") {
				t.Errorf("%d crashed, %d restarts", rep.Counts.Crashed, rep.Target.Restarts)
			}
			isOfSchema(t, filepath.Join(dir, "report.json"))
			isJUnit(t, filepath.Join(dir, "report.xml"))
			if how == "Attached" {
				return
			}
			text, err := os.ReadFile(filepath.Join(dir, "artifacts", "target-output.txt"))
			if err != nil || !strings.Contains(string(text), "serving at 127.0.0.1:") {
				t.Errorf("the output of the target is %q, %v", text, err)
			}
			if c := firstCrash(rep); !strings.Contains(c.Reason, "serving at") {
				t.Errorf("%s crashed it, and nothing says what it printed: %q", c.ID, c.Reason)
			}
		})
	}
}

func firstCrash(rep *report.Report) report.Case {
	for _, c := range rep.Cases {
		if c.Verdict == report.Crashed {
			return c
		}
	}
	return report.Case{}
}

package conformance_test

import (
	"bufio"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/putget-protocol/putget/spec"
)

// The vectors have a second reader, which shares no code with the judge: the runner in
// plain Python that travels with them.

const reference = "putgetd"

// playInPython plays the vectors in a folder against a server, and returns what the
// runner printed and its exit code.
func playInPython(t *testing.T, folder, addr string, more ...string) (string, int) {
	t.Helper()
	host, port, err := net.SplitHostPort(addr)
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithTimeout(t.Context(), 5*time.Minute)
	defer cancel()
	args := append([]string{"-W", "error", filepath.Join(folder, "runner.py"), host, port}, more...)
	out, err := exec.CommandContext(ctx, "python3", args...).CombinedOutput()
	exit, ended := errors.AsType[*exec.ExitError](err)
	switch {
	case err == nil:
		return string(out), 0
	case ended && ctx.Err() == nil:
		return string(out), exit.ExitCode()
	}
	t.Fatalf("python3: %v\n%s", err, out)
	return "", 0
}

// startReference builds and starts the server of this project, as a program.
func startReference(t *testing.T) (addr string) {
	t.Helper()
	watchSources(t)
	program := filepath.Join(t.TempDir(), reference)
	if out, err := exec.CommandContext(t.Context(), "go", "build", "-o", program, module+"/server/cmd/"+reference).CombinedOutput(); err != nil {
		t.Fatalf("go build: %v\n%s", err, out)
	}
	cmd := exec.Command(program, "--addr", "127.0.0.1:0")
	out, err := cmd.StdoutPipe()
	if err == nil {
		err = cmd.Start()
	}
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		cmd.Process.Signal(os.Interrupt)
		cmd.Wait()
	})
	line, err := bufio.NewReader(out).ReadString('\n')
	addr, found := strings.CutPrefix(strings.TrimSpace(line), "listening on ")
	if err != nil || !found {
		t.Fatalf("%s said %q, %v, and not where it listens", reference, line, err)
	}
	return addr
}

// vectorsFolder writes the vectors into a folder, each file changed by change.
func vectorsFolder(t *testing.T, change func(name, data string) string) string {
	t.Helper()
	folder := t.TempDir()
	if err := os.CopyFS(folder, spec.FS()); err != nil {
		t.Fatal(err)
	}
	files, err := filepath.Glob(filepath.Join(folder, "*.json"))
	if err != nil || len(files) == 0 {
		t.Fatalf("%d files in %s, %v", len(files), folder, err)
	}
	for _, file := range files {
		data, err := os.ReadFile(file)
		if err == nil {
			err = os.WriteFile(file, []byte(change(filepath.Base(file), string(data))), 0o644)
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	return folder
}

func asTheyAre(_, data string) string { return data }

// played counts the vectors that the runner plays at full.
func played(t *testing.T) int {
	t.Helper()
	vectors, err := spec.Vectors()
	if err != nil {
		t.Fatal(err)
	}
	return len(slices.DeleteFunc(vectors, func(v spec.Vector) bool {
		return v.Result == spec.Permitted || v.Kind != spec.ReplyKind && v.Side == spec.Client
	}))
}

func TestPythonRunner(t *testing.T) {
	t.Parallel()
	folder, addr := vectorsFolder(t, asTheyAre), startReference(t)
	for range 2 { // the second time in a store that is full of the first
		out, code := playInPython(t, folder, addr)
		if want := fmt.Sprintf("%d vectors, 0 failed\n", played(t)); code != 0 || out != want {
			t.Errorf("exit code %d, %q, want 0 and %q", code, out, want)
		}
	}
	if out, code := playInPython(t, folder, addr, "core"); code != 0 || !strings.HasSuffix(out, " vectors, 0 failed\n") {
		t.Errorf("at core: exit code %d, %q", code, out)
	}
}

// The runner finds what is broken, and names the requirement.
func TestPythonRunnerFindsFaults(t *testing.T) {
	t.Parallel()
	folder := vectorsFolder(t, asTheyAre)
	for fault, requirement := range map[string]string{
		"arrival-order": "GET-004", "first-of-segment": "FRM-004", "keeps-cr": "FRM-002", "first-letters": "ERR-002",
		"never-closes": "FRM-008", "greets": "REP-003", "error-three-newlines": "ERR-001",
	} {
		t.Run(fault, func(t *testing.T) {
			t.Parallel()
			out, code := playInPython(t, folder, serve(t, fault))
			if code != 1 || !strings.Contains(out, requirement) || !strings.Contains(out, "FAIL ") {
				t.Errorf("exit code %d, and not a word of %s:\n%.2000s", code, requirement, out)
			}
		})
	}
}

// A file that is not that of the manifest is damaged, and a vector that means something
// else fails.
func TestPythonRunnerFindsDamage(t *testing.T) {
	t.Parallel()
	addr := serve(t)
	damage := func(name, data string) string {
		if name != "06-replies.json" {
			return data
		}
		return strings.Replace(data, `"value":"23.7","timestamp":"1150864247"`, `"value":"23.8","timestamp":"1150864247"`, 1)
	}
	out, code := playInPython(t, vectorsFolder(t, damage), addr)
	if code != 2 || !strings.Contains(out, "06-replies.json") {
		t.Errorf("a changed file: exit code %d, %q", code, out)
	}

	folder := vectorsFolder(t, damage)
	renewManifest(t, folder)
	out, code = playInPython(t, folder, addr)
	if code != 1 || !strings.Contains(out, "FAIL reply-ok-one (REP-002)") || !strings.HasSuffix(out, ", 1 failed\n") {
		t.Errorf("a changed vector: exit code %d, %q", code, out)
	}
}

// renewManifest makes the manifest that of the files that are there.
func renewManifest(t *testing.T, folder string) {
	t.Helper()
	m, err := spec.ReadManifest()
	if err != nil {
		t.Fatal(err)
	}
	for i := range m.Files {
		data, err := os.ReadFile(filepath.Join(folder, m.Files[i].Name))
		if err != nil {
			t.Fatal(err)
		}
		sum := sha256.Sum256(data)
		m.Files[i].SHA256 = hex.EncodeToString(sum[:])
	}
	data, err := json.Marshal(m)
	if err == nil {
		err = os.WriteFile(filepath.Join(folder, "manifest.json"), data, 0o644)
	}
	if err != nil {
		t.Fatal(err)
	}
}

func TestPythonRunnerWithoutServer(t *testing.T) {
	t.Parallel()
	ln, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	addr := ln.Addr().String()
	ln.Close()
	if out, code := playInPython(t, vectorsFolder(t, asTheyAre), addr); code != 2 || !strings.Contains(out, "refused") {
		t.Errorf("exit code %d, %q", code, out)
	}
}

package adapter_test

import (
	"bytes"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"strings"
	"testing"
	"time"

	"github.com/putget-protocol/putget/conformance/adapter"
)

// asAdapter makes the test binary an adapter for a client that prints.
const asAdapter = "ADAPTER_TEST_AS_ADAPTER"

func TestMain(m *testing.M) {
	if os.Getenv(asAdapter) != "" {
		adapter.Main(dialLoud)
		return
	}
	os.Exit(m.Run())
}

func dialLoud(string, int, time.Duration) (loud, error) { return loud{}, nil }

type loud struct{ *fake }

func (loud) Get(key string) (map[string][]adapter.Sample, error) {
	fmt.Println("printed for", key)
	child := exec.Command("echo", "printed by a child")
	child.Stdout = os.Stdout
	err := child.Run()
	samples := make([]adapter.Sample, 50_000)
	for i := range samples {
		samples[i] = adapter.Sample{Timestamp: int64(i), Value: 0.1}
	}
	return map[string][]adapter.Sample{key: samples}, err
}

// adapterProcess returns the test binary as an adapter.
func adapterProcess(t *testing.T) (cmd *exec.Cmd, stdout, stderr *bytes.Buffer) {
	t.Helper()
	cmd = exec.CommandContext(t.Context(), os.Args[0])
	cmd.Env = append(os.Environ(), asAdapter+"=1", "GORACE=atexit_sleep_ms=0")
	stdout, stderr = new(bytes.Buffer), new(bytes.Buffer)
	cmd.Stdout, cmd.Stderr = stdout, stderr
	return cmd, stdout, stderr
}

// What a client prints goes to standard error, and the end of the input is exit status
// 0.
func TestMainKeepsPrintsAway(t *testing.T) {
	cmd, stdout, stderr := adapterProcess(t)
	cmd.Stdin = strings.NewReader(open + `{"op":"get","args":["a"]}` + "\n")
	if err := cmd.Run(); err != nil {
		t.Fatalf("%v; it printed %q", err, stderr)
	}
	if got := stderr.String(); got != "printed for a\nprinted by a child\n" {
		t.Errorf("standard error holds %q", got)
	}
	lines := strings.SplitAfter(stdout.String(), "\n")
	if len(lines) != 3 || lines[0] != `{"ok":null}`+"\n" {
		t.Fatalf("standard output holds %d lines, the first %.80q", len(lines), lines[0])
	}
	a, err := adapter.ParseAnswer([]byte(lines[1]))
	if err != nil {
		t.Fatal(err)
	}
	all, err := a.Series()
	if err != nil || len(all["a"]) != 50_000 || all["a"][49_999] != (adapter.Pair{Timestamp: "49999", Value: "0.1"}) {
		t.Errorf("got %d pairs, %v; want 50000", len(all["a"]), err)
	}
}

func TestMainFailsWithoutInput(t *testing.T) {
	cmd, _, stderr := adapterProcess(t)
	folder, err := os.Open(t.TempDir()) // a folder cannot be read
	if err != nil {
		t.Fatal(err)
	}
	defer folder.Close()
	cmd.Stdin = folder
	exit, ok := errors.AsType[*exec.ExitError](cmd.Run())
	if !ok || exit.ExitCode() != 1 || !strings.Contains(stderr.String(), "adapter: reading a call") {
		t.Errorf("it ended with %v and printed %q; want exit status 1 and the reason", exit, stderr)
	}
}

package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"net"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/putget-protocol/putget/conformance/report"
	"github.com/putget-protocol/putget/conformance/report/matrix"
)

// programVariable lets this binary be the program, as matrix --run starts it.
const programVariable = "PUTGET_TEST_PROGRAM"

// fewCases makes a judge that matrix --run starts judge only what matches one of these
// patterns, so that the test is short.
const fewCases = "PUTGET_TEST_CASES"

// beProgram is the program with its real main, but for the cases that it runs.
func beProgram() {
	for pattern := range strings.FieldsSeq(os.Getenv(fewCases)) {
		os.Args = append(os.Args, "--run", pattern)
	}
	main()
}

// listTargets writes a list of targets and lets the program that is started be this
// binary.
func listTargets(t *testing.T, cases string, targets ...map[string]string) string {
	t.Helper()
	t.Setenv(programVariable, "1")
	t.Setenv(fewCases, cases)
	data, err := json.Marshal(map[string]any{"targets": targets})
	if err != nil {
		t.Fatal(err)
	}
	name := filepath.Join(t.TempDir(), "targets.json")
	if err := os.WriteFile(name, data, 0o600); err != nil {
		t.Fatal(err)
	}
	return name
}

// One target hangs, one cannot be started, one ends the judge's patience: the others are
// judged, and the matrix is made of all.
func TestMatrixRunJudgesEveryTarget(t *testing.T) {
	dir := t.TempDir()
	page, md, reports := filepath.Join(dir, "m.html"), filepath.Join(dir, "m.md"), filepath.Join(dir, "reports")
	list := listTargets(t, "GET-00[1-4] CLI-003",
		map[string]string{"name": "broken", "level": "core", "exec": targetCommand(t, "arrival-order")},
		map[string]string{"name": "hangs", "level": "core", "exec": "echo {port}; exec sleep 100", "limit": "2s"},
		map[string]string{"name": "right", "level": "core", "exec": targetCommand(t, "")},
		map[string]string{"name": "cannot", "level": "core", "exec": "echo no such thing {port}; exit 7"},
		map[string]string{"name": "attached", "level": "core", "addr": server(t, "")},
		map[string]string{"name": "caller", "side": "client", "level": "core", "exec": adapterOf(t, "right")},
	)
	out, code := call(t.Context(), "matrix", "--run", list, "--jobs", "6", "--html", page, "--markdown", md, "--reports", reports)
	if code != exitTrouble || !strings.Contains(out, "2 of 6 targets were not judged to the end") {
		t.Errorf("exit code %d:\n%s", code, out)
	}
	for _, want := range []string{"attached", "GET-004", "Clients", "not judged: hangs: stopped after 2s", "not judged: cannot: "} {
		if !strings.Contains(out, want) {
			t.Errorf("the text lacks %q:\n%s", want, out)
		}
	}
	if strings.Contains(out, "\x1b") {
		t.Errorf("the text for a pipe holds a bar: %q", out)
	}
	entries, err := matrix.Read(reports)
	if err != nil || len(entries) != 4 {
		t.Errorf("%d reports are kept, %v; want 4", len(entries), err)
	}
	for _, name := range []string{page, md} {
		data, err := os.ReadFile(name)
		if err != nil || !bytes.Contains(data, []byte("attached")) || !bytes.Contains(data, []byte("GET-004")) {
			t.Errorf("%s: %v\n%s", name, err, data)
		}
	}
	noStrangers(t, reports)
}

// noStrangers sees that a folder holds reports alone.
func noStrangers(t *testing.T, dir string) {
	t.Helper()
	files, err := os.ReadDir(dir)
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range files {
		if !strings.HasSuffix(f.Name(), "-core.json") {
			t.Errorf("%s is left in the folder of the reports", f.Name())
		}
	}
}

// A second run into the same folder shows what changed since the first.
func TestMatrixRunShowsWhatChanged(t *testing.T) {
	reports := filepath.Join(t.TempDir(), "reports")
	for _, run := range []struct{ fault, want string }{
		{"arrival-order", "not conformant"},
		{"", " better, 0 worse"},
	} {
		list := listTargets(t, "GET-00[1-4] CLI-003", map[string]string{"name": "it", "level": "core", "exec": targetCommand(t, run.fault)})
		out, code := call(t.Context(), "matrix", "--run", list, "--reports", reports)
		if code != exitConformant || !strings.Contains(out, run.want) {
			t.Errorf("exit code %d, want %q in:\n%s", code, run.want, out)
		}
	}
	noStrangers(t, reports)
}

// Ctrl-C stops every judge, the targets are gone, and what was there from before stays.
func TestMatrixRunCanBeInterrupted(t *testing.T) {
	ln, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer ln.Close()
	ctx, cancel := context.WithCancel(t.Context())
	go func() { // the targets are up: their judges wait for an answer
		for range 2 {
			if conn, err := ln.Accept(); err == nil {
				defer conn.Close()
			}
		}
		cancel()
	}()
	addr := ln.Addr().String()
	list := listTargets(t, "", map[string]string{"name": "a", "level": "core", "addr": addr}, map[string]string{"name": "b", "level": "core", "addr": addr},
		map[string]string{"name": "c", "level": "core", "addr": addr})
	reports := t.TempDir()
	began := time.Now()
	out, code := call(ctx, "matrix", "--run", list, "--jobs", "2", "--reports", reports)
	if code != exitTrouble || !strings.Contains(out, "interrupted: context canceled") || strings.Count(out, "interrupted") < 4 {
		t.Errorf("exit code %d after %s:\n%s", code, time.Since(began), out)
	}
	noStrangers(t, reports)
}

func TestMatrixOfFiles(t *testing.T) {
	dir := t.TempDir()
	for name, fault := range map[string]string{"right": "", "wrong": "arrival-order"} {
		call(t.Context(), "server", "--level", "core", "--run", "GET-004", "--addr", server(t, fault), "--name", name, "--json", filepath.Join(dir, name+".json"))
	}
	none := t.TempDir()
	tests := []struct {
		name string
		args []string
		want int
		text string
	}{
		{"Folder", []string{dir}, 0, "right"},
		{"Files", []string{filepath.Join(dir, "wrong.json"), filepath.Join(dir, "right.json")}, 0, "GET-004"},
		{"Page", []string{dir, "--html", filepath.Join(none, "m.html")}, 0, "right"},
		{"NoPlace", []string{dir, "--html", filepath.Join(none, "no", "m.html")}, 3, "no such file"},
		{"Nothing", nil, 2, "want reports"},
		{"Empty", []string{t.TempDir()}, 2, "no report in"},
		{"Missing", []string{filepath.Join(dir, "no.json")}, 2, "no such file"},
		{"NoTargets", []string{"--run", filepath.Join(dir, "right.json")}, 2, "unknown field"},
		{"ReportsOfNothing", []string{dir, "--reports", none}, 2, "not given"},
		{"Jobs", []string{dir, "--jobs", "0"}, 2, "more than 0"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			out, got := call(t.Context(), append([]string{"matrix"}, tt.args...)...)
			if got != tt.want || !strings.Contains(out, tt.text) {
				t.Errorf("exit code %d, want %d; printed, want %q in it:\n%s", got, tt.want, tt.text, out)
			}
		})
	}
}

func TestBadge(t *testing.T) {
	dir := t.TempDir()
	file, svg, endpoint := filepath.Join(dir, "r.json"), filepath.Join(dir, "b.svg"), filepath.Join(dir, "b.json")
	call(t.Context(), "server", "--level", "core", "--run", "GET-004", "--addr", server(t, "arrival-order"), "--json", file)
	if out, code := call(t.Context(), "badge", file, "--svg", svg, "--endpoint", endpoint); code != 0 {
		t.Fatalf("exit code %d:\n%s", code, out)
	}
	picture, err := os.ReadFile(svg)
	data, err2 := os.ReadFile(endpoint)
	if err := errors.Join(err, err2); err != nil || !bytes.Contains(picture, []byte("1 of ")) || !bytes.Contains(data, []byte(`"schemaVersion": 1`)) {
		t.Errorf("%v\n%s\n%s", err, picture, data)
	}
	for _, args := range [][]string{{"badge", file}, {"badge"}, {"badge", svg, "--svg", svg}, {"badge", filepath.Join(dir, "no.json"), "--svg", svg}} {
		if out, code := call(t.Context(), args...); code != exitUsage {
			t.Errorf("%v: exit code %d:\n%s", args, code, out)
		}
	}
	if after, err := os.ReadFile(svg); err != nil || !bytes.Equal(after, picture) {
		t.Errorf("the picture has changed: %v", err)
	}
}

// The name of a target is in its report.
func TestNameOfATarget(t *testing.T) {
	file := filepath.Join(t.TempDir(), "r.json")
	call(t.Context(), "server", "--level", "core", "--run", "GET-004", "--addr", server(t, ""), "--name", "It is", "--json", file)
	rep, err := matrix.ReadReport(file)
	if err != nil || rep.Target.Name != "It is" || rep.Outcome() != report.Conforms {
		t.Errorf("%v, %+v", err, rep)
	}
}

package report_test

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/putget-protocol/putget/conformance/report"
	"github.com/putget-protocol/putget/spec"
)

func step(conn, kind, text string) report.Step {
	s := report.Step{Connection: conn, Kind: kind}
	if text != "" {
		s.Bytes = report.Bytes(text)
	}
	return s
}

func shell(steps ...report.Step) string {
	return report.Reproduction{
		Addr: "127.0.0.1:8888", Level: spec.Core, Case: "get-order", KeyPrefix: "pgx.1", Steps: steps,
	}.Shell()
}

// runShell runs a line of shell with an nc of ours, and returns what each nc was given,
// a text a connection, and with what arguments.
func runShell(t *testing.T, sh, line string) (sent, arguments []string) {
	t.Helper()
	dir := t.TempDir()
	programs := map[string]string{
		"nc":    "n=$(ls \"$OUT\" | wc -l)\necho \"$*\" >\"$OUT/$n.args\"\ncat >\"$OUT/$n.sent\"\n",
		"sleep": "exit 0\n",
	}
	for name, text := range programs {
		if err := os.WriteFile(filepath.Join(dir, name), []byte("#!/bin/sh\n"+text), 0o700); err != nil {
			t.Fatal(err)
		}
	}
	out := t.TempDir()
	cmd := exec.Command(sh, "-c", line)
	cmd.Env = append(os.Environ(), "PATH="+dir+":"+os.Getenv("PATH"), "OUT="+out)
	if text, err := cmd.CombinedOutput(); err != nil || len(text) > 0 {
		t.Fatalf("%s: %v\n%s", line, err, text)
	}
	for _, kind := range []struct {
		pattern string
		into    *[]string
	}{{"*.sent", &sent}, {"*.args", &arguments}} {
		names, err := filepath.Glob(filepath.Join(out, kind.pattern))
		if err != nil {
			t.Fatal(err)
		}
		for _, name := range names {
			data, err := os.ReadFile(name)
			if err != nil {
				t.Fatal(err)
			}
			*kind.into = append(*kind.into, string(data))
		}
	}
	return sent, arguments
}

// shells returns the shells of this machine; sh is always there.
func shells() []string {
	found := []string{"sh"}
	for _, name := range []string{"dash", "bash", "ksh", "zsh"} {
		if _, err := exec.LookPath(name); err == nil {
			found = append(found, name)
		}
	}
	return found
}

// What the line of shell sends is what the case sent, but for the fresh keys.
func TestShellSendsTheSameBytes(t *testing.T) {
	var all []byte
	for c := range 256 {
		all = append(all, byte(c))
	}
	tests := []struct {
		name   string
		writes []string
	}{
		{"OneWrite", []string{"put pgx.1.cpu 1.5 7\nget pgx.1.cpu\r\n"}},
		{"Writes", []string{"put pgx.1.cpu 1.5 7\n", "get pgx.1cpu\n", "get pgx.1_\n"}},
		{"Shell", []string{"get pgx.1$HOME`id`$(id)\"'\\n!!%s%d~*?&;|<>\n"}},
		{"Escapes", []string{"get \\101\\x41\\c\\\n", "0\n", "-n\n", "--\n"}},
		{"DigitsBehindAnEscape", []string{"get \x01234\n"}},
		{"EveryByte", []string{string(all)}},
		{"NotUTF8", []string{"get pgx.1\xff\xfe\n"}},
	}
	for _, sh := range shells() {
		for _, tt := range tests {
			t.Run(sh+tt.name, func(t *testing.T) {
				steps := []report.Step{step("A", "dialed", "")}
				for _, text := range tt.writes {
					steps = append(steps, step("A", "sent", text))
				}
				got, arguments := runShell(t, sh, "k=K; "+strings.TrimPrefix(shell(steps...), "k=k$(date +%s); "))
				want := strings.ReplaceAll(strings.Join(tt.writes, ""), "pgx.1", "K")
				if len(got) != 1 || got[0] != want || arguments[0] != "-w 2 127.0.0.1 8888\n" {
					t.Errorf("nc %q was given %q, want %q", arguments, got, want)
				}
			})
		}
	}
}

func TestShellKeepsConnectionsOpen(t *testing.T) {
	silent, a, b := step("A", "dialed", ""), step("A", "sent", "put pgx.1 1.5 7\n"), step("B", "sent", "get pgx.1\n")
	dialB, left := step("B", "dialed", ""), step("A", "left", "")
	tests := []struct {
		name  string
		steps []report.Step
		want  string
	}{
		{"OneAfterTheOther", []report.Step{silent, a, left, dialB, b}, `{ printf "put $k 1.5 7\n"; sleep 1; } | nc -w 2 127.0.0.1 8888; { printf "get $k\n"; sleep 1; } | nc -w 2 127.0.0.1 8888`},
		{"AtOnce", []report.Step{silent, a, dialB, b, left}, `{ printf "put $k 1.5 7\n"; sleep 1; sleep 3; } | nc -w 5 127.0.0.1 8888 & sleep 1; { printf "get $k\n"; sleep 1; } | nc -w 2 127.0.0.1 8888; wait`},
		{"BesideASilentOne", []report.Step{silent, dialB, b, left}, `{ sleep 3; } | nc -w 5 127.0.0.1 8888 & sleep 1; { printf "get $k\n"; sleep 1; } | nc -w 2 127.0.0.1 8888; wait`},
		{"HalfCloseAndAnother", []report.Step{silent, a, step("A", "half-closed", ""), dialB, b, left}, `{ printf "put $k 1.5 7\n"; } | nc -N -w 2 127.0.0.1 8888; { printf "get $k\n"; sleep 1; } | nc -w 2 127.0.0.1 8888`},
		{"HalfCloseBehindTheReply", []report.Step{silent, a, step("A", "received", "ok\n\n"), step("A", "half-closed", "")}, `{ printf "put $k 1.5 7\n"; sleep 1; } | nc -N -w 2 127.0.0.1 8888`},
		{"HalfCloseOfWrites", []report.Step{silent, a, a, step("A", "half-closed", "")}, `{ for l in "put $k 1.5 7\n"; do printf "$l"; sleep 1; done; printf "put $k 1.5 7\n"; } | nc -N -w 2 127.0.0.1 8888`},
		{"InTurns", []report.Step{silent, a, dialB, b, a, b, step("A", "half-closed", "")}, `{ printf "put $k 1.5 7\n"; sleep 2; printf "put $k 1.5 7\n"; sleep 1; } | nc -N -w 4 127.0.0.1 8888 & (sleep 1; { printf "get $k\n"; sleep 2; printf "get $k\n"; sleep 1; } | nc -w 4 127.0.0.1 8888) & wait`},
		{"InTurnsBothOpen", []report.Step{silent, dialB, a, b}, `{ printf "put $k 1.5 7\n"; sleep 2; } | nc -w 4 127.0.0.1 8888 & { sleep 1; printf "get $k\n"; sleep 1; } | nc -w 3 127.0.0.1 8888 & wait`},
		{"InTurnsAndGone", []report.Step{silent, dialB, a, left, b, step("B", "half-closed", "")}, `{ printf "put $k 1.5 7\n"; sleep 1; } | nc -w 3 127.0.0.1 8888 & { sleep 1; printf "get $k\n"; } | nc -N -w 3 127.0.0.1 8888 & wait`},
		{"HalfClose", []report.Step{silent, a, step("A", "half-closed", "")}, `{ printf "put $k 1.5 7\n"; } | nc -N -w 2 127.0.0.1 8888`},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if got := strings.TrimPrefix(shell(tt.steps...), "k=k$(date +%s); "); got != tt.want {
				t.Errorf("got  %s\nwant %s", got, tt.want)
			}
			if out, err := exec.Command("sh", "-n", "-c", tt.want).CombinedOutput(); err != nil {
				t.Errorf("%v: %s", err, out)
			}
		})
	}
}

func TestShellLeavesToTheJudgeWhatNcCannotDo(t *testing.T) {
	dial := step("A", "dialed", "")
	tests := []struct {
		name  string
		steps []report.Step
		why   string
	}{
		{"AfterIt", []report.Step{dial, step("A", "left", ""), step("A", "sent", "a")}, "it sends after it has left"},
		{"Reset", []report.Step{dial, step("A", "sent", "a"), step("A", "cut", "")}, "nc cannot reset a connection"},
		{"Cut", []report.Step{step("A", "sent", "a")}, "only its last steps are known"},
		{"TooMuch", []report.Step{dial, step("A", "sent", strings.Repeat("x", 5000))}, "it sends 5000 bytes in 1 writes"},
		{"Connections", []report.Step{dial, step("B", "dialed", ""), step("C", "dialed", ""), step("D", "dialed", ""), step("D", "sent", "x")}, "it uses 4 connections or more"},
		{"Nothing", []report.Step{dial}, "nothing was sent"},
		{"NoSteps", nil, "its steps are not known"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			want := "putget-conform server --addr 127.0.0.1:8888 --level core --run get-order -v # " + tt.why
			if got := shell(tt.steps...); got != want {
				t.Errorf("got  %q\nwant %q", got, want)
			}
		})
	}
	for flag, source := range map[string]string{"--exec": "python3 'my server.py' {port}", "--python": "my folder/it's.py"} {
		t.Run(flag, func(t *testing.T) {
			r := report.Reproduction{Addr: "127.0.0.1:1", Flag: flag, Source: source, Level: spec.Full, Case: "x", Seed: "7"}
			want := "putget-conform server " + flag + " '" + strings.ReplaceAll(source, "'", `'\''`) + "' --level full --run x --seed 7 -v # its steps are not known"
			if got := r.Shell(); got != want {
				t.Errorf("got  %q\nwant %q", got, want)
			}
		})
	}
}

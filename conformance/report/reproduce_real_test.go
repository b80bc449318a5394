package report_test

import (
	"context"
	"flag"
	"fmt"
	"io"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/putget-protocol/putget/conformance"
	"github.com/putget-protocol/putget/conformance/report"
)

// asNC in the environment makes this binary an nc, for machines that have none.
const asNC = "REPORT_TEST_NC=1"

func TestMain(m *testing.M) {
	if slices.Contains(os.Environ(), asNC) {
		if err := netcat(os.Args[1:]); err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(1)
		}
		os.Exit(0)
	}
	os.Exit(m.Run())
}

// netcat does what nc -N -w does.
func netcat(args []string) error {
	flags := flag.NewFlagSet("nc", flag.ContinueOnError)
	halfClose, wait := flags.Bool("N", false, ""), flags.Int("w", 0, "")
	if err := flags.Parse(args); err != nil {
		return err
	}
	conn, err := net.Dial("tcp", net.JoinHostPort(flags.Arg(0), flags.Arg(1)))
	if err != nil {
		return err
	}
	defer conn.Close()
	sent := make(chan error, 1)
	go func() {
		_, err := io.Copy(conn, os.Stdin)
		if err == nil && *halfClose {
			err = conn.(*net.TCPConn).CloseWrite()
		}
		sent <- err
	}()
	var ended error // of the sending side
	came, idle := make([]byte, 4096), time.Duration(*wait)*time.Second
	for {
		conn.SetReadDeadline(time.Now().Add(idle)) // what fails here fails in Read too
		n, err := conn.Read(came)
		os.Stdout.Write(came[:n])
		select {
		case ended = <-sent:
			sent = nil
		default:
		}
		if err == nil || sent != nil && os.IsTimeout(err) {
			continue
		}
		if err == io.EOF || os.IsTimeout(err) {
			return ended
		}
		return err
	}
}

// ncFolder returns a folder with an nc of ours.
func ncFolder(t *testing.T) string {
	t.Helper()
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	script := fmt.Sprintf("#!/bin/sh\n%s exec '%s' \"$@\"\n", asNC, self)
	if err := os.WriteFile(filepath.Join(dir, "nc"), []byte(script), 0o700); err != nil {
		t.Fatal(err)
	}
	return dir
}

// freshRE matches how keys begin, in a report and in what a line of shell prints.
var freshRE = regexp.MustCompile(`\bpg[0-9a-z]+\.[0-9a-z]+|\bk[0-9]{10}`)

func withoutFresh(text string) string { return freshRE.ReplaceAllString(text, "K") }

// Whoever runs the line of a finding sees the wrong bytes that the finding shows.
func TestShellShowsTheWrongBytes(t *testing.T) {
	tests := []struct {
		name, fault, run string
		without          bool // the sample does not come, neither then nor again
	}{
		{name: "Sample", fault: "keeps-both", run: "put-last-wins"},
		{name: "Order", fault: "arrival-order", run: "get-order-numbers"},
		{name: "Word", fault: "first-letters", run: "error-word"},
		{name: "Text", fault: "other-error", run: "error-reply"},
		{name: "Byte", fault: "latin1-keys", run: "LEX-008"},
		{name: "Store", fault: "own-store", run: "consistency-store"},
		{name: "HalfClosed", fault: "half-close-drops", run: "FRM-007", without: true},
	}
	folders := map[string]string{"OurNC": ncFolder(t)}
	if _, err := exec.LookPath("nc"); err == nil {
		folders["NC"] = ""
	}
	for how, folder := range folders {
		for _, tt := range tests {
			t.Run(tt.name+how, func(t *testing.T) {
				t.Parallel()
				f := findingOf(t, tt.fault, tt.run)
				line, remark, _ := strings.Cut(f.Again, " # ")
				if !strings.Contains(line, "| nc ") {
					t.Fatalf("the line is %q: %s", line, remark)
				}
				got := withoutFresh(runAgain(t, folder, line))
				want := withoutFresh(string(f.Failure.Reply))
				if tt.without && (want != "" || strings.Contains(got, "K.cpu")) || !tt.without && (want == "" || !strings.HasSuffix(got, want)) {
					t.Errorf("%s\nprints %q, want %q at its end", line, got, want)
				}
			})
		}
	}
}

// findingOf judges a server with a fault by a few cases, and returns the first finding.
func findingOf(t *testing.T, fault, run string) report.Finding {
	t.Helper()
	rep := judge(t, conformance.Config{Addr: serve(t, fault), Run: []string{run}})
	if len(rep.Findings) == 0 {
		t.Fatalf("nothing is found; %d cases ran", len(rep.Cases))
	}
	return rep.Findings[0]
}

func runAgain(t *testing.T, folder, line string) string {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	cmd := exec.CommandContext(ctx, "sh", "-c", line)
	cmd.Env = append(os.Environ(), "PATH="+folder+":"+os.Getenv("PATH"))
	out, err := cmd.Output()
	if err != nil {
		t.Fatalf("%s: %v", line, err)
	}
	return string(out)
}

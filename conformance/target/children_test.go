package target_test

import (
	"bufio"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"slices"
	"strconv"
	"strings"
	"syscall"
	"testing"

	"github.com/putget-protocol/putget/conformance/target"
)

// isGone reports whether a process has ended, be it reaped or not.
func isGone(pid int) bool {
	if errors.Is(syscall.Kill(pid, 0), syscall.ESRCH) {
		return true
	}
	stat, err := os.ReadFile(fmt.Sprintf("/proc/%d/stat", pid))
	if err != nil {
		return errors.Is(err, os.ErrNotExist) && isDir("/proc/self")
	}
	_, after, _ := strings.Cut(string(stat), ") ")
	return strings.HasPrefix(after, "Z")
}

func isDir(name string) bool {
	info, err := os.Stat(name)
	return err == nil && info.IsDir()
}

// childPrinted waits until the child of p has been named.
func childPrinted(t *testing.T, p *target.Process) int {
	t.Helper()
	eventually(t, "the naming of the child", func() bool {
		return slices.ContainsFunc(p.Output(), func(line string) bool { return strings.HasPrefix(line, "child ") })
	})
	return childOf(t, p.Output())
}

// childOf returns the process id that a helper printed.
func childOf(t *testing.T, lines []string) int {
	t.Helper()
	for _, line := range lines {
		if rest, ok := strings.CutPrefix(line, "child "); ok {
			pid, err := strconv.Atoi(rest)
			if err != nil {
				t.Fatal(err)
			}
			return pid
		}
	}
	t.Fatalf("no child in %q", lines)
	return 0
}

func TestChildrenAreGone(t *testing.T) {
	t.Run("Close", func(t *testing.T) {
		p := started(t, target.ExecConfig{}, command("parent", "{addr}"))
		pid := childPrinted(t, p)
		p.Close()
		eventually(t, "the end of the child", func() bool { return isGone(pid) })
	})
	// The second takes off its mark as well, so that only its group tells whose it is.
	for _, helper := range []string{"abandon", "disown"} {
		t.Run("ParentDies/"+helper, func(t *testing.T) {
			p := newProcess(t, target.ExecConfig{}, command(helper, "{addr}"))
			e, ok := errors.AsType[*target.StartError](p.Start(t.Context()))
			if !ok || e.Exit == nil || e.Exit.Code != 0 {
				t.Fatalf("Start = %v; want a StartError with exit status 0", e)
			}
			pid := childOf(t, e.Output)
			eventually(t, "the end of the child", func() bool { return isGone(pid) })
		})
	}
}

// killedJudge runs a judge with these arguments, kills it when its target is ready,
// and returns what it printed and the address of the target.
func killedJudge(t *testing.T, args ...string) (lines []string, addr string) {
	t.Helper()
	cmd := exec.Command(os.Args[0], args...)
	cmd.Env = append(os.Environ(), helperVariable+"=judge")
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { cmd.Wait() })
	defer cmd.Process.Kill()
	for scanner := bufio.NewScanner(out); scanner.Scan(); {
		lines = append(lines, scanner.Text())
		if addr, ok := strings.CutPrefix(scanner.Text(), "address "); ok {
			return lines, addr
		}
	}
	t.Fatalf("the judge printed %q", lines)
	return nil, ""
}

func wantUnreachable(t *testing.T, addr string) {
	t.Helper()
	eventually(t, "the end of the target", func() bool {
		_, unreachable := errors.AsType[*target.UnreachableError](target.Attach(addr).Probe(t.Context()))
		return unreachable
	})
}

// A judge that is killed cannot clean up. Nothing of its target may survive all the
// same, the child of the target included.
func TestNothingSurvivesAKilledJudge(t *testing.T) {
	lines, addr := killedJudge(t, "parent")
	pid := childOf(t, lines)
	eventually(t, "the end of the target's child", func() bool { return isGone(pid) })
	wantUnreachable(t, addr)
}

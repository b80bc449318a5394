package target_test

import (
	"errors"
	"syscall"
	"testing"
	"time"

	"github.com/putget-protocol/putget/conformance/target"
)

// A child that left the group is found by the mark in its environment.
func TestStraysAreGone(t *testing.T) {
	t.Run("Close", func(t *testing.T) {
		p := started(t, target.ExecConfig{Grace: 50 * time.Millisecond}, command("daemon", "{addr}"))
		pid := childPrinted(t, p)
		if isGone(pid) {
			t.Fatal("the child was gone before Close")
		}
		p.Close()
		eventually(t, "the end of the child", func() bool { return isGone(pid) })
	})
	t.Run("ParentDies", func(t *testing.T) {
		p := newProcess(t, target.ExecConfig{}, command("daemonize", "{addr}"))
		e, ok := errors.AsType[*target.StartError](p.Start(t.Context()))
		if !ok {
			t.Fatalf("Start = %v; want a StartError", e)
		}
		pid := childOf(t, e.Output)
		eventually(t, "the end of the child", func() bool { return isGone(pid) })
	})
}

// A child that took off its mark too cannot be found. It holds the output, and Close
// returns all the same.
func TestCloseDoesNotWaitForAFugitive(t *testing.T) {
	p := started(t, target.ExecConfig{Grace: 50 * time.Millisecond}, command("fugitive", "{addr}"))
	pid := childPrinted(t, p)
	p.Close()
	if p.Alive() {
		t.Error("Alive = true after Close")
	}
	if isGone(pid) {
		t.Error("the child was found: this test shows nothing any more")
	}
	if err := syscall.Kill(pid, syscall.SIGKILL); err != nil {
		t.Error(err)
	}
}

// Also when the guard was killed first, the kernel ends the command itself.
func TestTheCommandDoesNotSurviveWithoutGuard(t *testing.T) {
	_, addr := killedJudge(t, "serve", "unguarded")
	wantUnreachable(t, addr)
}

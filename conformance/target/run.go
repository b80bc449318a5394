package target

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"runtime"
	"sync"
	"syscall"
	"time"
)

// A run is one life of a command, from its start to the end of its last child.
type run struct {
	pid    int // of the shell, and the id of its process group
	mark   string
	output *output
	died   chan struct{} // closed when all is over; exit is set then
	exit   Exit

	asked  chan struct{} // closed when stop was called
	forced chan struct{} // closed when the grace of stop is over

	mu     sync.Mutex // guards reaped, and is held while the group is signalled
	reaped bool       // the shell's id may belong to another process now
}

// streams are what a command has as standard input and output: files that the caller
// closes. Where one is nil the input is empty, and the output goes to that of the run,
// as standard error always does.
type streams struct{ in, out *os.File }

// begin starts a command.
func begin(command string, cfg ExecConfig, std streams) (*run, error) {
	guard, err := newGuard()
	if err != nil {
		return nil, err
	}
	pr, pw, err := os.Pipe()
	if err != nil {
		guard.dismiss()
		return nil, fmt.Errorf("making a pipe for the output: %w", err)
	}
	mark := newMark()
	cmd := exec.Command("sh", "-c", command)
	cmd.Dir = cfg.Dir
	cmd.Env = append(append(os.Environ(), cfg.Env...), mark)
	cmd.Stdout, cmd.Stderr = pw, pw
	if std.in != nil {
		cmd.Stdin = std.in
	}
	if std.out != nil {
		cmd.Stdout = std.out
	}
	cmd.SysProcAttr = groupOfItsOwn()

	r := &run{
		mark:   mark,
		output: newOutput(),
		died:   make(chan struct{}),
		asked:  make(chan struct{}),
		forced: make(chan struct{}),
	}
	started := make(chan error)
	go r.live(cmd, pr, pw, guard, started)
	if err := <-started; err != nil {
		return nil, err
	}
	return r, nil
}

// live starts the command and stays with it until everything of it is gone. It
// keeps its thread to itself, because the kernel takes the end of the thread that
// started a process for the death of its parent (Pdeathsig).
func (r *run) live(cmd *exec.Cmd, pr, pw *os.File, guard *guard, started chan<- error) {
	runtime.LockOSThread()
	defer runtime.UnlockOSThread()
	defer pr.Close()
	err := cmd.Start()
	pw.Close()
	if err != nil {
		guard.dismiss()
		started <- err
		return
	}
	r.pid = cmd.Process.Pid
	guard.watch(r.pid, r.mark)
	go r.output.collect(pr)
	started <- nil

	awaitExit(r.pid)
	select {
	case <-r.asked:
		// The shell may be gone before its children have ended in order.
		select {
		case <-r.output.done:
		case <-r.forced:
		}
	default:
	}
	r.reap(cmd)
	killStrays(r.mark)
	guard.dismiss()
	r.drain(pr)
	close(r.died)
}

// reap kills what is left of the group and takes the exit status. As long as the
// shell is not reaped, no other process or group can have its id.
func (r *run) reap(cmd *exec.Cmd) {
	r.signal(syscall.SIGKILL)
	r.mu.Lock()
	r.reaped = true
	r.mu.Unlock()
	cmd.Wait() // its error is the exit status, which is looked at below
	r.exit.Code = cmd.ProcessState.ExitCode()
	if status, ok := cmd.ProcessState.Sys().(syscall.WaitStatus); ok && status.Signaled() {
		r.exit.Signal = status.Signal()
	}
	select {
	case <-r.asked:
		r.exit.ByUs = true
	default:
	}
}

// drain waits for the last output. Only a process that escaped can still hold the
// pipe; it is not waited for.
func (r *run) drain(pr *os.File) {
	const longest = time.Second
	select {
	case <-r.output.done:
	case <-time.After(longest):
		pr.Close()
		<-r.output.done
	}
}

func (r *run) hasDied() bool {
	select {
	case <-r.died:
		return true
	default:
		return false
	}
}

// stop ends the run and returns when all of it is gone.
func (r *run) stop(grace time.Duration) {
	if r.hasDied() {
		return
	}
	close(r.asked)
	if grace > 0 {
		r.signal(syscall.SIGTERM)
		timer := time.NewTimer(grace)
		defer timer.Stop()
		select {
		case <-r.died:
			return
		case <-timer.C:
		}
	}
	close(r.forced)
	r.signal(syscall.SIGKILL)
	<-r.died
}

// signal signals the whole group, unless its id is free again.
func (r *run) signal(sig syscall.Signal) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if !r.reaped {
		syscall.Kill(-r.pid, sig) // the group may be gone already, which is as good
	}
}

// awaitReady waits until the command accepts a connection.
func (r *run) awaitReady(ctx context.Context, addr string, timeout time.Duration) error {
	if timeout > 0 {
		var cancel context.CancelFunc
		ctx, cancel = context.WithTimeoutCause(ctx, timeout, fmt.Errorf("it did not accept a connection within %s", timeout))
		defer cancel()
	}
	const longest = 50 * time.Millisecond
	for pause := time.Millisecond; ; pause = min(2*pause, longest) {
		err := probe(ctx, addr)
		if r.hasDied() {
			return fmt.Errorf("it ended before it accepted a connection: %v", r.exit)
		}
		if err == nil {
			return nil
		}
		select {
		case <-r.died: // reported above
		case <-time.After(pause):
		case <-ctx.Done():
			return fmt.Errorf("%w; the last try: %w", context.Cause(ctx), err)
		}
	}
}

package target

import (
	"context"
	"errors"
	"fmt"
	"net"
	"os/exec"
	"strings"
	"sync"
	"syscall"
	"time"
)

// Defaults of an [ExecConfig].
const (
	DefaultHost         = "127.0.0.1"
	DefaultStartTimeout = 30 * time.Second
	DefaultGrace        = 3 * time.Second
)

// An ExecConfig says how [Exec] runs a command. The zero value is ready.
type ExecConfig struct {
	// Host is where the command is to listen. Zero means DefaultHost.
	Host string

	// Addr, "host:port", is where the command listens whatever it is told. Zero means
	// a free port of Host, another one at each start, which the command must be
	// told by a placeholder.
	Addr string

	// StartTimeout bounds the wait for the first accepted connection. Zero means
	// DefaultStartTimeout, a negative value no bound but the context's.
	StartTimeout time.Duration

	// Grace is the time between SIGTERM and SIGKILL. Zero means DefaultGrace, a
	// negative value SIGKILL at once.
	Grace time.Duration

	// Env is added to the environment of this process, as "NAME=value".
	Env []string

	// Dir is the working directory. Zero means that of this process.
	Dir string
}

// A Process is a target that is a command run here.
type Process struct {
	command string
	shown   string // the command, as errors name it
	program string // that must be there; empty when that is for the shell to find out
	cfg     ExecConfig

	life sync.Mutex // held while starting and closing

	mu      sync.Mutex // guards the fields below
	addr    string
	current *run // of the last start; nil before the first
}

var _ Target = (*Process)(nil)

// Exec returns the target that command is. It is run by sh -c, with {host}, {port}
// and {addr} ("host:port") replaced wherever they stand; Start runs it. It must
// stay in the foreground: the target is dead when the shell has ended. Standard
// input is empty. The error says that the command cannot be told its port.
func Exec(command string, cfg ExecConfig) (*Process, error) {
	if cfg.Host == "" {
		cfg.Host = DefaultHost
	}
	if cfg.StartTimeout == 0 {
		cfg.StartTimeout = DefaultStartTimeout
	}
	if cfg.Grace == 0 {
		cfg.Grace = DefaultGrace
	}
	cfg.Env = append([]string(nil), cfg.Env...)
	if strings.TrimSpace(command) == "" {
		return nil, errors.New("the command is empty")
	}
	if cfg.Addr == "" && !strings.Contains(command, "{port}") && !strings.Contains(command, "{addr}") {
		return nil, fmt.Errorf("the command %q has neither {port} nor {addr}, so it cannot be told where to listen; add one of them, or give the fixed address at which it listens", command)
	}
	return &Process{command: command, shown: command, cfg: cfg}, nil
}

// Addr returns where the command was told to listen at the last start.
func (p *Process) Addr() string {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.addr
}

// Start runs the command and waits until it accepts a connection. The error is a
// [StartError].
func (p *Process) Start(ctx context.Context) error {
	p.life.Lock()
	defer p.life.Unlock()
	return p.start(ctx)
}

// Restart closes the target and starts it anew, at another port unless the address
// is fixed.
func (p *Process) Restart(ctx context.Context) error {
	p.life.Lock()
	defer p.life.Unlock()
	p.stop()
	return p.start(ctx)
}

// Close ends the command and everything that it started: SIGTERM to its group,
// SIGKILL after the grace.
func (p *Process) Close() {
	p.life.Lock()
	defer p.life.Unlock()
	p.stop()
}

// Probe makes a connection and closes it. The error is an [UnreachableError].
func (p *Process) Probe(ctx context.Context) error { return probe(ctx, p.Addr()) }

// Alive reports whether the command runs.
func (p *Process) Alive() bool {
	r := p.run()
	return r != nil && !r.hasDied()
}

// Died returns a channel that is closed when the command has ended.
func (p *Process) Died() <-chan struct{} {
	if r := p.run(); r != nil {
		return r.died
	}
	return nil
}

// Exit tells how the command ended, and whether it did.
func (p *Process) Exit() (Exit, bool) {
	if r := p.run(); r != nil && r.hasDied() {
		return r.exit, true
	}
	return Exit{}, false
}

// Output returns the last lines that the command printed.
func (p *Process) Output() []string {
	if r := p.run(); r != nil {
		return r.output.lines()
	}
	return nil
}

func (p *Process) run() *run {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.current
}

// stop ends the present run, if there is one. The caller holds life.
func (p *Process) stop() {
	if r := p.run(); r != nil {
		r.stop(p.cfg.Grace)
	}
}

// start runs the command, again at another port when something else has taken the
// one that was chosen. The caller holds life.
func (p *Process) start(ctx context.Context) error {
	if p.Alive() {
		return &StartError{Command: p.shown, Addr: p.Addr(), Err: errors.New("it runs already")}
	}
	const attempts = 5
	for attempt := 1; ; attempt++ {
		err := p.startOnce(ctx)
		if err == nil {
			return nil
		}
		if attempt == attempts || p.cfg.Addr != "" || ctx.Err() != nil || !isTaken(p.Addr()) {
			return err
		}
	}
}

func (p *Process) startOnce(ctx context.Context) error {
	if p.program != "" {
		if _, err := exec.LookPath(p.program); err != nil {
			return &StartError{Command: p.shown, Err: fmt.Errorf("%s is not there (%w); install it, or start the server with a command of its own", p.program, err)}
		}
	}
	addr, err := p.chooseAddr(ctx)
	if err != nil {
		return &StartError{Command: p.shown, Addr: addr, Err: err}
	}
	command, err := fill(p.command, addr)
	if err != nil {
		return &StartError{Command: p.shown, Addr: addr, Err: err}
	}
	shown, err := fill(p.shown, addr)
	if err != nil {
		return &StartError{Command: p.shown, Addr: addr, Err: err}
	}
	r, err := begin(command, p.cfg, streams{})
	if err != nil {
		return &StartError{Command: shown, Err: err}
	}
	p.mu.Lock()
	p.addr, p.current = addr, r
	p.mu.Unlock()
	if err := r.awaitReady(ctx, addr, p.cfg.StartTimeout); err != nil {
		failed := &StartError{Command: shown, Addr: addr, Err: err}
		if r.hasDied() {
			failed.Exit = &r.exit
		}
		r.stop(p.cfg.Grace)
		failed.Output = r.output.lines()
		return failed
	}
	return nil
}

// chooseAddr returns the fixed address, if nothing listens there yet, or one with a
// free port.
func (p *Process) chooseAddr(ctx context.Context) (string, error) {
	if p.cfg.Addr == "" {
		return freeAddr(p.cfg.Host)
	}
	if probe(ctx, p.cfg.Addr) == nil {
		return p.cfg.Addr, errors.New("something else listens at this address already")
	}
	return p.cfg.Addr, nil
}

// fill replaces the placeholders of a command.
func fill(command, addr string) (string, error) {
	host, port, err := net.SplitHostPort(addr)
	if err != nil {
		return "", fmt.Errorf("the address %q is not host:port: %w", addr, err)
	}
	return strings.NewReplacer("{host}", host, "{port}", port, "{addr}", addr).Replace(command), nil
}

// An Exit is how a command ended.
type Exit struct {
	Code   int            // its exit status; -1 when a signal ended it
	Signal syscall.Signal // that signal; 0 when it ended by itself
	ByUs   bool           // Close or Restart ended it
}

// String returns the exit in words.
func (e Exit) String() string {
	text := fmt.Sprintf("exit status %d", e.Code)
	const shellAdds = 128 // to the number of the signal that ended what it ran
	switch {
	case e.Signal != 0:
		text = fmt.Sprintf("killed by signal %d (%v)", int(e.Signal), e.Signal)
	case e.Code > shellAdds && e.Code < shellAdds+65:
		text += fmt.Sprintf(", which is how a shell reports signal %d (%v)", e.Code-shellAdds, syscall.Signal(e.Code-shellAdds))
	}
	if e.ByUs {
		text += ", ended by the judge"
	}
	return text
}

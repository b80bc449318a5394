package target

import (
	"context"
	_ "embed"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"strings"
	"time"
)

var (
	// clientLauncher is the program that puts the Client of a Python file behind the
	// contract. It stands behind loader.
	//
	//go:embed launch_client.py
	clientLauncher string

	// nodeLauncher is the same for Node.js.
	//
	//go:embed launch_client.mjs
	nodeLauncher string
)

// DefaultAdapterGrace is the Grace of an [AdapterConfig] that names none.
const DefaultAdapterGrace = time.Second

// An AdapterConfig says how an adapter is run. The zero value is ready.
type AdapterConfig struct {
	// Grace is the time that an adapter has to end by itself when its input ends.
	// Zero means DefaultAdapterGrace, a negative value none.
	Grace time.Duration

	// Env is added to the environment of this process, as "NAME=value".
	Env []string

	// Dir is the working directory. Zero means that of this process.
	Dir string
}

// An Adapter is a command that puts a client behind the contract of package
// [github.com/putget-protocol/putget/conformance/adapter]. Its methods are safe for
// concurrent use, and the processes that it starts are independent of each other.
type Adapter struct {
	command string
	shown   string // the command, as errors name it
	program string // that must be there; empty when that is for the shell to find out
	cfg     AdapterConfig
}

// AdapterExec returns the adapter that a command is. It is run by sh -c. The error says
// that the command is empty.
func AdapterExec(command string, cfg AdapterConfig) (*Adapter, error) {
	if strings.TrimSpace(command) == "" {
		return nil, errors.New("the command of the adapter is empty")
	}
	if cfg.Grace == 0 {
		cfg.Grace = DefaultAdapterGrace
	}
	cfg.Env = append([]string(nil), cfg.Env...)
	return &Adapter{command: command, shown: command, cfg: cfg}, nil
}

// behindStreams gives the standard streams to the client, which may print what it likes,
// also below its language and in its children: calls come on descriptor 3, and answers
// go to 4.
const behindStreams = `exec 3<&0 4>&1 </dev/null >&2
`

// AdapterPython returns the adapter for the class Client of a Python file, which is
// imported by a python3 from PATH. The file may import its neighbours, relatively too,
// and finds an event loop ready. Results may be awaitable. An error is the client's own
// if it is a ClientError, or an instance of a class whose name ends in Error and which
// is defined in the file or beside it. The error says that the file cannot be read.
func AdapterPython(file string, cfg AdapterConfig) (*Adapter, error) {
	absolute, err := absoluteFile(file, "the Python file that has the class Client")
	if err != nil {
		return nil, err
	}
	cfg.Env = append([]string{launcherVariable + "=" + loader + clientLauncher, fileVariable + "=" + absolute}, cfg.Env...)
	a, err := AdapterExec(behindStreams+pythonCommand, cfg)
	if err != nil {
		return nil, err
	}
	a.shown, a.program = "the Client of "+file, "python3"
	return a, nil
}

// AdapterNode returns the adapter for the Client that a file for Node.js exports, as
// CommonJS or ES module, which is imported by a node from PATH. Results may be promises,
// and so may a property ready of the client, which is awaited when the client is made.
// An error is the client's own if its class is exported, as ClientError or with a name
// that ends in Error, or stands in the file with such a name. The error says that
// the file cannot be read.
func AdapterNode(file string, cfg AdapterConfig) (*Adapter, error) {
	absolute, err := absoluteFile(file, "the file that exports the class Client")
	if err != nil {
		return nil, err
	}
	cfg.Env = append([]string{launcherVariable + "=" + nodeLauncher, fileVariable + "=" + absolute}, cfg.Env...)
	a, err := AdapterExec(behindStreams+`exec node --input-type=module -e "$`+launcherVariable+`" -- "$`+fileVariable+`"`, cfg)
	if err != nil {
		return nil, err
	}
	a.shown, a.program = "the Client of "+file, "node"
	return a, nil
}

// String names the adapter in messages: the command, or the file whose Client it is.
func (a *Adapter) String() string { return a.shown }

// Start runs the adapter: one process, in a process group of its own, which is gone with
// all its children after Close, and also when this process is killed. Close must be
// called. The context bounds the start, not the life. An adapter has no sign of being
// ready but its first answer, so Start does not wait for one. The error is a
// [StartError]: the program that the adapter needs is not there, or the system started
// no process.
func (a *Adapter) Start(ctx context.Context) (*Caller, error) {
	if err := ctx.Err(); err != nil {
		return nil, &StartError{Command: a.shown, Err: context.Cause(ctx)}
	}
	if err := a.look(); err != nil {
		return nil, err
	}
	c, err := newCaller(a)
	if err != nil {
		return nil, &StartError{Command: a.shown, Err: err}
	}
	return c, nil
}

// look finds the program that an adapter needs.
func (a *Adapter) look() error {
	if a.program == "" {
		return nil
	}
	if _, err := exec.LookPath(a.program); err != nil {
		return &StartError{Command: a.shown, Err: fmt.Errorf("%s is not there (%w); install it, or run the client behind an adapter of your own", a.program, err)}
	}
	return nil
}

// Run runs the adapter for a person who types the calls: they come from stdin, the
// answers go to stdout, and what the client prints goes to stderr. It returns when the
// adapter has ended, or ended it because ctx did. The error is a [StartError], or an
// [exec.ExitError].
func (a *Adapter) Run(ctx context.Context, stdin io.Reader, stdout, stderr io.Writer) error {
	if err := a.look(); err != nil {
		return err
	}
	cmd := exec.CommandContext(ctx, "sh", "-c", a.command)
	cmd.Dir = a.cfg.Dir
	cmd.Env = append(os.Environ(), a.cfg.Env...)
	// Pipes in any case: not every program can read a terminal on another descriptor.
	cmd.Stdin = struct{ io.Reader }{stdin}
	cmd.Stdout = struct{ io.Writer }{stdout}
	cmd.Stderr = stderr
	cmd.WaitDelay = time.Second // for a stdin that does not end when the adapter does
	err := cmd.Run()
	if errors.Is(err, exec.ErrWaitDelay) {
		return nil
	}
	return err
}

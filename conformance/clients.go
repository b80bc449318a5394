package conformance

import (
	"context"
	"errors"
	"slices"
	"strconv"
	"sync"
	"time"

	"github.com/putget-protocol/putget/conformance/adapter"
	"github.com/putget-protocol/putget/conformance/cases"
	"github.com/putget-protocol/putget/conformance/peer"
	"github.com/putget-protocol/putget/conformance/report"
	"github.com/putget-protocol/putget/conformance/target"
	"github.com/putget-protocol/putget/spec"
)

// checkClient finds what does not fit a Config with Side client.
func (c Config) checkClient() error {
	given := 0
	for _, source := range []string{c.Exec, c.Python, c.Node} {
		if source != "" {
			given++
		}
	}
	switch {
	case c.Addr != "":
		return &ConfigError{"Addr", errors.New("a client has no address: give the command of its adapter, or the Python or Node.js file that it is in")}
	case given != 1:
		return &ConfigError{"Exec, Python and Node", errors.New("want exactly one of the three: the command of an adapter, a Python file, or a file for Node.js")}
	default:
		return nil
	}
}

// registry returns every case of the side that is judged.
func (c Config) registry() ([]cases.Case, error) {
	if c.Side == spec.Client {
		return cases.AllClient()
	}
	return cases.All()
}

// Adapter returns the adapter of a Config whose Side is client, for whoever wants to
// talk to it by hand. The error is a [ConfigError].
func (c Config) Adapter() (*target.Adapter, error) {
	if err := c.checkClient(); err != nil {
		return nil, err
	}
	field, start, source := "Exec", target.AdapterExec, c.Exec
	switch {
	case c.Python != "":
		field, start, source = "Python", target.AdapterPython, c.Python
	case c.Node != "":
		field, start, source = "Node", target.AdapterNode, c.Node
	}
	a, err := start(source, target.AdapterConfig{})
	if err != nil {
		return nil, &ConfigError{field, err}
	}
	return a, nil
}

// clients is the target of a run that judges a client: there is none to connect to, but a
// process for each look. Start only sees whether they can run at all; nothing is ever
// dead, as the next look has a process of its own.
type clients struct {
	adapter  *target.Adapter
	patience time.Duration // for the first answer of all

	mu       sync.Mutex // guards the fields below
	starting time.Duration
	answer   time.Duration
	output   []string
}

// mostStarting is how long the first process may take to its first answer, before Slow:
// its command may have to compile it first.
const mostStarting = 20 * time.Second

// most of the lines that adapters wrote to standard error are kept, the last ones.
const mostClientOutput = 200

func (*clients) Addr() string                     { return "" }
func (*clients) Restart(context.Context) error    { return target.ErrNotOurs }
func (*clients) Probe(context.Context) error      { return nil }
func (*clients) Alive() bool                      { return true }
func (*clients) Died() <-chan struct{}            { return nil }
func (*clients) Exit() (exit target.Exit, _ bool) { return exit, false }
func (*clients) Close()                           {}

// Output returns what the processes wrote to standard error, one process after the other.
func (c *clients) Output() []string {
	c.mu.Lock()
	defer c.mu.Unlock()
	return slices.Clone(c.output)
}

// Start opens a client once, against a listener that never answers, and so learns how
// long a process takes until it is of use. The error says that the adapter cannot be
// run. A client that does not come back is none: that is for the cases to see.
func (c *clients) Start(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(ctx, c.patience)
	defer cancel()
	ln, err := peer.Listen(peer.NewRecorder())
	if err != nil {
		return err
	}
	defer ln.Close()
	p, err := c.start(ctx)
	if err != nil {
		return err
	}
	defer p.Close()
	_, err = p.Call(ctx, "open", "127.0.0.1", ln.Port(), int(DefaultTimeout.Seconds()))
	_, ended := errors.AsType[*target.NotRunError](err)
	_, garbled := errors.AsType[*target.BadAnswerError](err)
	if ended || garbled || errors.Is(err, context.Canceled) {
		return err
	}
	return nil
}

// start starts a process whose times are noted.
func (c *clients) start(ctx context.Context) (cases.Caller, error) {
	p, err := c.adapter.Start(ctx)
	if err != nil {
		return nil, err
	}
	return &timedCaller{Caller: p, clients: c}, nil
}

// times returns how long processes took to their first answer, and how long calls took
// after it, at most.
func (c *clients) times() (starting, answer time.Duration) {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.starting, c.answer
}

// A timedCaller is a process of an adapter of which the runner learns how fast it is. It
// is for one goroutine at a time, as every Caller is.
type timedCaller struct {
	cases.Caller
	clients *clients
	began   bool // the first answer has come
}

func (p *timedCaller) Call(ctx context.Context, op string, args ...any) (adapter.Answer, error) {
	answer, err := p.Caller.Call(ctx, op, args...)
	if err != nil {
		return answer, err
	}
	p.clients.mu.Lock()
	defer p.clients.mu.Unlock()
	if p.began {
		p.clients.answer = max(p.clients.answer, answer.Took)
	} else {
		p.clients.starting = max(p.clients.starting, p.Age())
	}
	p.began = true
	return answer, nil
}

// Close keeps what the process wrote to standard error.
func (p *timedCaller) Close() {
	p.Caller.Close()
	lines := p.Output()
	p.clients.mu.Lock()
	defer p.clients.mu.Unlock()
	all := append(p.clients.output, lines...)
	p.clients.output = all[max(0, len(all)-mostClientOutput):]
}

// clients returns what starts the clients, nil when a server is judged.
func (r *Runner) clients() *clients {
	c, _ := r.target.(*clients)
	return c
}

// An AdapterError says that the adapter of a client did not run, or wrote something that
// is no answer, in the sanity case: nothing was judged.
type AdapterError struct{ Reason string } // with the last lines that it printed

// Error returns the message.
func (e *AdapterError) Error() string { return "conformance: nothing was judged: " + e.Reason }

// notRun returns the error of a run whose adapter did not get as far as a verdict on the
// sanity case, nil of any other.
func (r *Runner) notRun() error {
	if res, judged := r.results[cases.ClientSanity]; judged && res.out.NotRun != "" {
		return &AdapterError{Reason: res.out.NotRun}
	}
	return nil
}

// starting returns how long a process of a client took to its first answer.
func (r *Runner) starting() time.Duration {
	if r.clients() == nil {
		return 0
	}
	starting, _ := r.clients().times()
	return starting
}

// againOfClient returns what shows a failure of a client again.
func (r *Runner) againOfClient(res *result, steps []report.Step) (again string, byHand []string) {
	flag, source := "--exec", r.cfg.Exec
	switch {
	case r.cfg.Python != "":
		flag, source = "--python", r.cfg.Python
	case r.cfg.Node != "":
		flag, source = "--node", r.cfg.Node
	}
	c := report.ClientReproduction{
		Flag: flag, Source: source, Level: r.cfg.Level, Case: res.c.ID,
		Seed: strconv.FormatUint(r.cfg.Seed, 10), Steps: steps,
	}
	return c.Shell(), c.ByHand()
}

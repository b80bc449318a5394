package conformance

import (
	"crypto/rand"
	"encoding/binary"
	"errors"
	"fmt"
	"math"
	"net"
	"path"
	"slices"
	"time"

	"github.com/putget-protocol/putget/conformance/cases"
	"github.com/putget-protocol/putget/conformance/report"
	"github.com/putget-protocol/putget/conformance/target"
	"github.com/putget-protocol/putget/spec"
)

// Version is the version of the judge, which is another one than that of the
// specification.
const Version = "0.1.0"

// DefaultTimeout is how long a second look waits for a byte, unless the Config
// says otherwise.
const DefaultTimeout = 5 * time.Second

// DefaultBudget is how long each generated case goes on, unless the Config says
// otherwise. The longest of them run one after the other.
const DefaultBudget = cases.DefaultBudget

// A Config says what is judged, and how. Of a server exactly one of Addr, Exec and Python
// must be set, of a client exactly one of Exec, Python and Node; the zero value of
// everything else is a good choice. It is copied.
type Config struct {
	// Side is what is judged: a server or a client. Zero means a server.
	Side spec.Side

	// Addr attaches to what serves at "host:port".
	Addr string

	// Exec starts a command and judges that. It is run by sh -c with {host}, {port}
	// and {addr} replaced, must stay in the foreground, and is gone when the run ends.
	// Of a client it is the command of an adapter, as conformance/ADAPTERS.md says, and
	// is started anew for each case.
	Exec string

	// Python judges a Python file, of which python3 calls the function
	// run_server(host, port), or whose class Client is the client. Else it is as with Exec.
	Python string

	// Node judges a file for Node.js that exports the class Client.
	Node string

	// Level is the level that is judged. Zero means full. At core, what is beyond
	// that level is observed.
	Level spec.Level

	// Timeout is the longest silence that a reply may begin with, and the patience of
	// second looks; first looks wait for a time that follows the target's latency.
	// Zero means DefaultTimeout.
	Timeout time.Duration

	// Slow multiplies every wait, for targets on slow machines. Zero means 1.
	Slow float64

	// Seed is for what is generated. Zero means a random one, which the report names.
	// Keys do not follow from it: they are fresh in every run.
	Seed uint64

	// Budget is how long each case goes on that generates what it asks, at most. Zero
	// means DefaultBudget.
	Budget time.Duration

	// Run selects cases by patterns of path.Match over their ids, their sections and
	// the ids of their requirements. None means all. The sanity case always runs.
	Run []string

	// Skip leaves out cases in the same way, after Run.
	Skip []string

	// KnownFailing lists what the target is known to fail of. It runs all the same; the
	// report says whether the run is acceptable.
	KnownFailing []KnownFailing

	// FailFast ends the run at the first failure. Warnings do not count.
	FailFast bool

	// Begun is called with the id of a case each time it is looked at, from several
	// goroutines where cases run side by side. Nil means nobody wants to know.
	Begun func(caseID string)

	// Progress is called with each case when it has its verdict, one call at a time; a
	// second time when the target turns out to have died of it a moment later. Nil means
	// nobody wants to know.
	Progress func(report.Case)
}

// A ConfigError says what is wrong with a Config.
type ConfigError struct {
	Field string // of the Config
	Err   error
}

// Error returns the message.
func (e *ConfigError) Error() string { return fmt.Sprintf("conformance: %s: %v", e.Field, e.Err) }

// Unwrap returns the error beneath.
func (e *ConfigError) Unwrap() error { return e.Err }

// ErrNothingRan says that no case is left to run. It must never look like success.
var ErrNothingRan = errors.New("conformance: no case is selected, so nothing was judged")

// filled returns a copy without zero values, or what is wrong with it.
func (c Config) filled() (Config, error) {
	c.Run, c.Skip, c.KnownFailing = slices.Clone(c.Run), slices.Clone(c.Skip), slices.Clone(c.KnownFailing)
	if c.Side == "" {
		c.Side = spec.Server
	}
	if c.Level == "" {
		c.Level = spec.Full
	}
	if c.Timeout == 0 {
		c.Timeout = DefaultTimeout
	}
	if c.Slow == 0 {
		c.Slow = 1
	}
	if c.Budget == 0 {
		c.Budget = DefaultBudget
	}
	if c.Seed == 0 {
		c.Seed = randomUint64()
	}
	return c, c.check()
}

func (c Config) check() error {
	switch {
	case c.Side != spec.Server && c.Side != spec.Client:
		return &ConfigError{"Side", fmt.Errorf("%q is neither server nor client", c.Side)}
	case c.Side == spec.Server && c.Node != "":
		return &ConfigError{"Node", errors.New("only clients are judged so")}
	case c.Side == spec.Server && c.targets() != 1:
		return &ConfigError{"Addr, Exec and Python", errors.New("want exactly one of the three: an address to attach to, a command to start, or a Python file")}
	case c.Level != spec.Core && c.Level != spec.Full:
		return &ConfigError{"Level", fmt.Errorf("%q is neither core nor full", c.Level)}
	case c.Timeout < 0:
		return &ConfigError{"Timeout", fmt.Errorf("%s is negative", c.Timeout)}
	case c.Budget < 0:
		return &ConfigError{"Budget", fmt.Errorf("%s is negative", c.Budget)}
	case c.Slow < 0 || math.IsNaN(c.Slow) || math.IsInf(c.Slow, 0):
		return &ConfigError{"Slow", fmt.Errorf("%g is no factor; want one above 0", c.Slow)}
	}
	if c.Side == spec.Client {
		if err := c.checkClient(); err != nil {
			return err
		}
	}
	if c.Addr != "" {
		if _, _, err := net.SplitHostPort(c.Addr); err != nil {
			return &ConfigError{"Addr", fmt.Errorf("%q is not host:port: %w", c.Addr, err)}
		}
	}
	for _, pattern := range append(slices.Clone(c.Run), c.Skip...) {
		if _, err := path.Match(pattern, ""); err != nil {
			return &ConfigError{"Run or Skip", fmt.Errorf("pattern %q: %w", pattern, err)}
		}
	}
	return nil
}

// targets counts the targets of the Config.
func (c Config) targets() int {
	n := 0
	for _, given := range []string{c.Addr, c.Exec, c.Python} {
		if given != "" {
			n++
		}
	}
	return n
}

// started returns by which flag of the program, and with what, the target is started;
// nothing for one that is attached to.
func (c Config) started() (flag, source string) {
	switch {
	case c.Python != "":
		return "--python", c.Python
	case c.Exec != "":
		return "--exec", c.Exec
	}
	return "", ""
}

// grace is how long a target that was asked to end may take before it is killed. It is
// short, as a run that is interrupted is to end soon.
const grace = time.Second

// target returns the target of the Config.
func (c Config) target() (target.Target, error) {
	switch {
	case c.Side == spec.Client:
		a, err := c.Adapter()
		return &clients{adapter: a, patience: time.Duration(c.Slow * float64(mostStarting))}, err
	case c.Addr != "":
		return target.Attach(c.Addr), nil
	case c.Python != "":
		t, err := target.Python(c.Python, target.ExecConfig{Grace: grace})
		if err != nil {
			return nil, &ConfigError{"Python", err}
		}
		return t, nil
	}
	t, err := target.Exec(c.Exec, target.ExecConfig{Grace: grace})
	if err != nil {
		return nil, &ConfigError{"Exec", err}
	}
	return t, nil
}

func randomUint64() uint64 {
	var b [8]byte
	rand.Read(b[:]) // never fails
	return binary.LittleEndian.Uint64(b[:])
}

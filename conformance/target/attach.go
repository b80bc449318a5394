package target

import "context"

// Attached is a target that somebody else runs.
type Attached struct{ addr string }

var _ Target = (*Attached)(nil)

// Attach returns the target at addr, "host:port". It does not connect; Start does.
func Attach(addr string) *Attached { return &Attached{addr: addr} }

// Addr returns the address.
func (a *Attached) Addr() string { return a.addr }

// Start checks that the target accepts connections. The error is an
// [UnreachableError].
func (a *Attached) Start(ctx context.Context) error { return probe(ctx, a.addr) }

// Restart returns ErrNotOurs.
func (a *Attached) Restart(context.Context) error { return ErrNotOurs }

// Probe makes a connection and closes it. The error is an [UnreachableError].
func (a *Attached) Probe(ctx context.Context) error { return probe(ctx, a.addr) }

// Alive returns true: what is not ours is not known to be dead.
func (a *Attached) Alive() bool { return true }

// Died returns nil.
func (a *Attached) Died() <-chan struct{} { return nil }

// Exit returns false.
func (a *Attached) Exit() (Exit, bool) { return Exit{}, false }

// Output returns nil.
func (a *Attached) Output() []string { return nil }

// Close does nothing.
func (a *Attached) Close() {}

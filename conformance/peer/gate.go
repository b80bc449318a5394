package peer

import (
	"context"
	"net"
	"net/netip"
	"sync"
	"time"
)

// A Gate lets the connections to one target in one after the other: each is made when
// the target has accepted those before. Many targets ask for a queue of one or a few
// connections. When more come at once the kernel drops some, or lets them in with a
// cookie and may lose the first bytes that are sent, which is no fault of the target.
//
// The zero value is ready; a nil Gate lets everybody in at once. The queue can be seen on
// Linux when the target is on this machine; elsewhere a Gate only makes sure that no two
// connections are being made at the same moment. It is safe for concurrent use.
type Gate struct {
	mu    sync.Mutex
	stuck bool // the target has not accepted for long, and is not waited for
}

// How long a target is waited for to accept, and how often it is looked at.
const (
	gateTime  = 250 * time.Millisecond
	firstLook = 20 * time.Microsecond
	lastLook  = 2 * time.Millisecond
)

// enter waits for the turn of a connection to addr. The function that it returns is to
// be called when that is made, or has failed.
func (g *Gate) enter(ctx context.Context, addr string) (leave func()) {
	if g == nil {
		return func() {}
	}
	g.mu.Lock()
	g.await(ctx, addr)
	return g.mu.Unlock
}

// await waits until the queue of the target is empty. The caller holds mu.
func (g *Gate) await(ctx context.Context, addr string) {
	tcp, err := net.ResolveTCPAddr("tcp", addr)
	if err != nil {
		return // the dial says so too
	}
	listener := tcp.AddrPort()
	listener = netip.AddrPortFrom(listener.Addr().Unmap(), listener.Port())
	end := time.Now().Add(gateTime)
	for pause := firstLook; ; pause = min(2*pause, lastLook) {
		n, err := backlog(listener)
		switch {
		case err != nil || n == 0:
			g.stuck = false
			return
		case g.stuck || ctx.Err() != nil:
			return
		case time.Now().After(end):
			g.stuck = true
			return
		}
		time.Sleep(pause)
	}
}

package server

import (
	"cmp"
	"errors"
	"log/slog"
	"time"
)

// What zero means in a [Config].
const (
	DefaultMaxLine      = 4096             // bytes
	DefaultMaxConns     = 1024             // connections
	DefaultIdleTimeout  = 5 * time.Minute  // without a byte in either direction
	DefaultWriteTimeout = 60 * time.Second // without a byte taken by the peer
	DefaultMaxPending   = 64 << 10         // bytes
)

// A Config says what a [Server] serves and within which limits. The defaults
// are safe for a server on a network; none of them has to be set.
type Config struct {
	// Store keeps the samples. It must not be nil. The server never closes it.
	Store Store

	// Logger gets what an operator can act on; each connection's coming and
	// going at level debug. Nil discards.
	Logger *slog.Logger

	// MaxLine is the longest line, in bytes without its LF and the CR before it
	// (section 9). A longer one is refused as a wrong request as soon as the
	// limit is passed, its rest is skipped, and the session goes on. There is
	// no limit on a key but this. Zero means [DefaultMaxLine]; below that the
	// server breaks [LIM-002]. A negative value means no limit: a peer can then
	// take any amount of memory with one line.
	MaxLine int

	// MaxConns is the number of connections served at the same time. Those
	// above it are not accepted: they wait in the backlog of the listener
	// [SES-006]. Zero means [DefaultMaxConns]; below 200 the server breaks
	// [SES-003]. A negative value means no limit but that on file descriptors.
	MaxConns int

	// IdleTimeout is how long a connection lives without a byte in either
	// direction; half a request does not count as one. The server then closes
	// it and sends nothing [SES-008]. Zero means [DefaultIdleTimeout]. A
	// negative value means that connections may be idle for ever. A value below
	// 60 seconds has to be stated in your documentation [SES-007].
	IdleTimeout time.Duration

	// WriteTimeout is how long a peer may leave its replies where they are.
	// Every byte that it takes starts the time anew. A peer that takes none for
	// so long is cut off, before twice the time has passed, even if it goes on
	// sending. Zero means [DefaultWriteTimeout]. A negative value means that
	// a peer may block its connection for ever.
	WriteTimeout time.Duration

	// MaxPending is how many bytes of replies wait in memory for a peer, give or
	// take one line of a reply. When there are more the server writes, and reads
	// nothing from that peer until they are written. Zero means
	// [DefaultMaxPending]. A negative value means no limit: the replies to
	// everything that one read brought are collected first, whatever their size.
	MaxPending int
}

// errNoStore is returned by New for a Config without a store.
var errNoStore = errors.New("server: Config.Store is nil; memory.New() makes a store")

// withDefaults returns cfg with its zeros filled in.
func (cfg Config) withDefaults() (Config, error) {
	if cfg.Store == nil {
		return cfg, errNoStore
	}
	if cfg.Logger == nil {
		cfg.Logger = slog.New(slog.DiscardHandler)
	}
	cfg.MaxLine = cmp.Or(cfg.MaxLine, DefaultMaxLine)
	cfg.MaxConns = cmp.Or(cfg.MaxConns, DefaultMaxConns)
	cfg.IdleTimeout = cmp.Or(cfg.IdleTimeout, DefaultIdleTimeout)
	cfg.WriteTimeout = cmp.Or(cfg.WriteTimeout, DefaultWriteTimeout)
	cfg.MaxPending = cmp.Or(cfg.MaxPending, DefaultMaxPending)
	return cfg, nil
}

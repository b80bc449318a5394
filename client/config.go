package client

import (
	"math"
	"time"
)

// What the zero fields of a [Config] mean.
const (
	DefaultTimeout     = 30 * time.Second
	DefaultDialTimeout = 10 * time.Second
	DefaultMaxLine     = 1 << 20
)

// A Config holds the settings of a client. Its zero value is ready for use.
// [Dial] and [New] copy it.
type Config struct {
	// Timeout bounds each wait for the server: how long a request may be
	// outstanding without a single byte arriving (CLI-024). A long reply that keeps
	// coming does not expire. After it has passed the client is dead. Zero means
	// [DefaultTimeout]; a negative value means no bound.
	Timeout time.Duration

	// DialTimeout bounds the making of the connection, the look-up of the name
	// included. [New] does not use it. Zero means [DefaultDialTimeout]; a negative
	// value means no bound.
	DialTimeout time.Duration

	// MaxLine bounds a single line of a reply, in bytes without its LF. A longer
	// one breaks the form. It does not bound the lines of a reply. Zero means
	// [DefaultMaxLine]; a negative value means no bound.
	MaxLine int
}

// withDefaults returns cfg with every zero replaced and every "no bound" as 0 for
// the durations and as the largest int for MaxLine.
func (cfg Config) withDefaults() Config {
	cfg.Timeout = orDefault(cfg.Timeout, DefaultTimeout)
	cfg.DialTimeout = orDefault(cfg.DialTimeout, DefaultDialTimeout)
	switch {
	case cfg.MaxLine == 0:
		cfg.MaxLine = DefaultMaxLine
	case cfg.MaxLine < 0:
		cfg.MaxLine = math.MaxInt
	}
	return cfg
}

func orDefault(d, otherwise time.Duration) time.Duration {
	if d == 0 {
		return otherwise
	}
	return max(d, 0)
}

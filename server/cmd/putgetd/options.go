package main

import (
	"io"
	"log/slog"
	"time"

	"github.com/spf13/cobra"

	"github.com/putget-protocol/putget/server"
)

// options holds what the flags say.
type options struct {
	addr         address
	maxLine      count
	maxConns     count
	maxPending   count
	idleTimeout  duration
	writeTimeout duration
	drainTimeout duration
	logFormat    logFormat
	logLevel     logLevel
}

func defaults() *options {
	return &options{
		addr:         "127.0.0.1:8888",
		maxLine:      server.DefaultMaxLine,
		maxConns:     server.DefaultMaxConns,
		maxPending:   server.DefaultMaxPending,
		idleTimeout:  duration(server.DefaultIdleTimeout),
		writeTimeout: duration(server.DefaultWriteTimeout),
		drainTimeout: duration(20 * time.Second),
		logFormat:    "text",
		logLevel:     logLevel(slog.LevelInfo),
	}
}

// register makes the flags.
func (o *options) register(root *cobra.Command) {
	flags := root.Flags()
	flags.SortFlags = false
	flags.Var(&o.addr, "addr", "`host:port` to listen on; port 0 takes a free one")
	flags.Var(&o.maxLine, "max-line", "longest line in `bytes`; 0: no limit; the specification asks for 4096")
	flags.Var(&o.maxConns, "max-conns", "most `connections` at once, others wait; 0: no limit; the specification asks for 200")
	flags.Var(&o.maxPending, "max-pending", "most `bytes` of replies that wait for a peer before it is read from; 0: no limit")
	flags.Var(&o.idleTimeout, "idle-timeout", "longest `time` without a byte in either direction; 0: no limit; the specification asks for 60s")
	flags.Var(&o.writeTimeout, "write-timeout", "longest `time` without a byte of its replies taken by a peer; 0: no limit")
	flags.Var(&o.drainTimeout, "drain-timeout", "longest `time` for ending in order; 0: no limit")
	flags.Var(&o.logFormat, "log-format", "`format` of the log: text or json")
	flags.Var(&o.logLevel, "log-level", "lowest `level` that is logged: debug, info, warn or error")
	fixed := map[string][]string{"log-format": {"text", "json"}, "log-level": logLevels}
	for _, name := range []string{
		"addr", "max-line", "max-conns", "max-pending", "idle-timeout", "write-timeout", "drain-timeout", "log-format", "log-level",
	} {
		if err := root.RegisterFlagCompletionFunc(name, cobra.FixedCompletions(fixed[name], cobra.ShellCompDirectiveNoFileComp)); err != nil {
			panic(err) // the flag is made a few lines above
		}
	}
}

// config is what the flags mean to a server.
func (o *options) config(store server.Store, log *slog.Logger) server.Config {
	return server.Config{
		Store:        store,
		Logger:       log,
		MaxLine:      unlimited(int(o.maxLine)),
		MaxConns:     unlimited(int(o.maxConns)),
		MaxPending:   unlimited(int(o.maxPending)),
		IdleTimeout:  unlimited(time.Duration(o.idleTimeout)),
		WriteTimeout: unlimited(time.Duration(o.writeTimeout)),
	}
}

// unlimited turns the flags' word for no limit, 0, into that of a server.Config.
func unlimited[T int | time.Duration](v T) T {
	if v == 0 {
		return -1
	}
	return v
}

// logger returns a logger to w as the flags want it.
func (o *options) logger(w io.Writer) *slog.Logger {
	opts := &slog.HandlerOptions{Level: slog.Level(o.logLevel)}
	if o.logFormat == "json" {
		return slog.New(slog.NewJSONHandler(w, opts))
	}
	return slog.New(slog.NewTextHandler(w, opts))
}

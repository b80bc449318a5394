package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net"
	"os"
	"os/signal"
	"syscall"
	"time"

	"github.com/putget-protocol/putget/server"
	"github.com/putget-protocol/putget/server/memory"
)

// Reasons for cutting connections.
var (
	errDrainTimeout = errors.New("--drain-timeout has passed")
	errSecondSignal = errors.New("a second signal came")
)

// serve binds the address, says so, and serves until a signal comes or ctx ends.
func serve(ctx context.Context, opts *options, stdout, stderr io.Writer) error {
	signals := make(chan os.Signal, 2)
	signal.Notify(signals, os.Interrupt, syscall.SIGTERM)
	defer signal.Stop(signals)

	log := opts.logger(stderr)
	store := memory.New()
	srv, err := server.New(opts.config(store, log))
	if err != nil {
		return err
	}
	ln, err := net.Listen("tcp", opts.addr.String())
	if err != nil {
		return fmt.Errorf("cannot listen on %s: %w; --addr names another address", &opts.addr, cause(err))
	}
	if _, err := fmt.Fprintf(stdout, "listening on %s\n", ln.Addr()); err != nil {
		return errors.Join(fmt.Errorf("cannot print the address: %w", err), ln.Close())
	}
	logStart(log, ln.Addr())
	served := make(chan error, 1)
	go func() { served <- srv.Serve(ln) }()

	select {
	case err := <-served:
		return errors.Join(err, srv.Close())
	case sig := <-signals:
		log.Info("draining", "signal", sig.String(), "timeout", opts.drainTimeout.String())
	case <-ctx.Done():
		log.Info("draining", "reason", context.Cause(ctx), "timeout", opts.drainTimeout.String())
	}
	if err := drain(srv, time.Duration(opts.drainTimeout), signals); err != nil {
		return err
	}
	log.Info("stopped")
	return store.Close()
}

// cause is err without the address, if it is an error of the network.
func cause(err error) error {
	if op, ok := errors.AsType[*net.OpError](err); ok {
		return op.Err
	}
	return err
}

// logStart tells the log where the server listens, and warns of an address that
// other machines can reach.
func logStart(log *slog.Logger, addr net.Addr) {
	log.Info("listening", "addr", addr.String(), "version", version())
	if tcp, ok := addr.(*net.TCPAddr); ok && !tcp.IP.IsLoopback() {
		log.Warn("other machines can connect, and the protocol has no authentication", "addr", addr.String())
	}
}

// drain ends srv in order, and cuts what is left when the time is up, or when
// another signal comes. A timeout of 0 is no limit.
func drain(srv *server.Server, timeout time.Duration, signals <-chan os.Signal) error {
	ctx, cut := context.WithCancelCause(context.Background())
	defer cut(nil)
	go func() {
		select {
		case <-signals:
			cut(errSecondSignal)
		case <-ctx.Done():
		}
	}()
	if timeout > 0 {
		defer time.AfterFunc(timeout, func() { cut(errDrainTimeout) }).Stop()
	}
	if err := srv.Shutdown(ctx); err != nil {
		return errors.Join(fmt.Errorf("connections were cut before they were answered: %w", err), srv.Close())
	}
	return nil
}

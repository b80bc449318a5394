// The program putget-conform judges servers and clients of the PutGet protocol:
//
//	putget-conform server --addr 127.0.0.1:8888
//	putget-conform server --exec './myserver --port {port}' --level core
//	putget-conform client --python solution.py --level core
//	putget-conform list
//	putget-conform explain FRM-004
//
// Its exit code says what the run proved: 0 the target conforms (warnings included), 1
// it does not, 2 wrong usage, 3 the target could not be reached or started, the adapter of
// a client did not run, or the judge had trouble of its own, 4 no case was selected.
package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/signal"
	"syscall"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	// A second signal ends the program at once.
	context.AfterFunc(ctx, stop)
	// Whoever reads no more of the text, such as head, is no reason to leave out the
	// files: with this the write fails, and does not kill.
	signal.Notify(make(chan os.Signal, 1), syscall.SIGPIPE)
	err := run(ctx, os.Args[1:], os.Stdin, os.Stdout, os.Stderr)
	if err != nil && !errors.Is(err, errNotConformant) {
		fmt.Fprintln(os.Stderr, "putget-conform:", err)
	}
	os.Exit(exitCode(err))
}

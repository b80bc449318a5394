// Putgetd is a PutGet server that keeps its samples in memory.
//
//	putgetd                                   # on 127.0.0.1:8888
//	putgetd --addr 127.0.0.1:0                # on a free port, which it prints
//	putgetd --log-format json --log-level warn
//
// putgetd --help tells the rest, exit codes included.
package main

import (
	"context"
	"os"
	"os/signal"
	"syscall"
)

func main() {
	signal.Ignore(syscall.SIGPIPE) // a server outlives whoever reads its log
	err := run(context.Background(), os.Args[1:], os.Stdin, os.Stdout, os.Stderr)
	os.Exit(report(os.Stderr, err))
}

// Putget puts samples into a PutGet server and gets them back.
//
//	putget put palm.cpu 23.7               # at the present second
//	putget put palm.cpu 23.7 1503319740
//	putget get palm.cpu
//	putget get '*' --output csv
//	putget put - < samples.txt             # lines of KEY VALUE [TIMESTAMP]
//
// putget --help tells the rest, exit codes included.
package main

import (
	"context"
	"os"
	"os/signal"
	"syscall"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	context.AfterFunc(ctx, stop) // a second signal ends the program where it stands
	err := run(ctx, os.Args[1:], os.Stdin, os.Stdout, os.Stderr)
	os.Exit(report(os.Stderr, err))
}

// The program putget-mutant serves PutGet with the faults that it is told to have, or
// in the way of a variant:
//
//	putget-mutant --addr 127.0.0.1:8888 --fault arrival-order --fault keeps-both
//	putget-mutant --addr 127.0.0.1:8888 --variant dribbles
//	putget-mutant --list
//
// Or it is a client, behind the contract of conformance/ADAPTERS.md:
//
//	putget-mutant client --fault zero-is-now
//	putget-mutant client --variant reads-bytes
//	putget-mutant client --list
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"net"
	"os"
	"os/signal"
	"syscall"

	"github.com/putget-protocol/putget/conformance/mutant"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	if err := run(ctx, os.Args[1:], os.Stdin, os.Stdout, os.Stderr); err != nil {
		fmt.Fprintln(os.Stderr, "putget-mutant:", err)
		os.Exit(1)
	}
}

// run serves until ctx ends or a fault ends the server, or is a client until stdin ends.
func run(ctx context.Context, args []string, stdin io.Reader, stdout, stderr io.Writer) error {
	if len(args) > 0 && args[0] == "client" {
		return runClient(ctx, args[1:], stdin, stdout, stderr)
	}
	return runServer(ctx, args, stdout, stderr)
}

// choose adds a flag whose value is the id of a fault or a variant.
func choose(flags *flag.FlagSet, kind, usage string, take func(id string) (ok bool)) {
	flags.Func(kind, usage, func(id string) error {
		if !take(id) {
			return fmt.Errorf("there is no such %s; --list shows them", kind)
		}
		return nil
	})
}

// runServer serves until ctx ends or a fault ends the server.
func runServer(ctx context.Context, args []string, stdout, stderr io.Writer) error {
	var faults []mutant.Fault
	flags := flag.NewFlagSet("putget-mutant", flag.ContinueOnError)
	flags.SetOutput(stderr)
	addr := flags.String("addr", "127.0.0.1:0", "`host:port` to listen at")
	list := flags.Bool("list", false, "list the faults and end")
	choose(flags, "fault", "have the fault `id` (may be repeated)", func(id string) bool {
		f, ok := mutant.Find(id)
		faults = append(faults, f)
		return ok
	})
	var variant mutant.Variant
	choose(flags, "variant", "be right in the way of the variant `id`", func(id string) (ok bool) {
		variant, ok = mutant.FindVariant(id)
		return ok
	})
	switch err := flags.Parse(args); {
	case errors.Is(err, flag.ErrHelp):
		return nil
	case err != nil:
		return err
	case variant.Apply != nil && len(faults) > 0:
		return errors.New("a variant is right: it has no faults besides")
	}
	if *list {
		for _, f := range mutant.Faults() {
			fmt.Fprintf(stdout, "%-24s %s  %s\n", f.ID, f.Breaks, f.Title)
		}
		for _, v := range mutant.Variants() {
			fmt.Fprintf(stdout, "%-24s variant  %s\n", v.ID, v.Title)
		}
		return nil
	}
	ln, err := net.Listen("tcp", *addr)
	if err != nil {
		return err
	}
	fmt.Fprintf(stdout, "listening on %s\n", ln.Addr())
	srv := mutant.New(faults...)
	if variant.Apply != nil {
		srv = mutant.NewVariant(variant)
	}
	context.AfterFunc(ctx, srv.Close)
	if err := srv.Serve(ln); ctx.Err() == nil {
		return err
	}
	return nil
}

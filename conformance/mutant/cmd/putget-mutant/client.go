package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"

	"github.com/putget-protocol/putget/conformance/mutant"
)

// runClient answers the calls that come from stdin until it ends, or ctx does.
func runClient(ctx context.Context, args []string, stdin io.Reader, stdout, stderr io.Writer) error {
	var faults []mutant.ClientFault
	var variant mutant.ClientVariant
	flags := flag.NewFlagSet("putget-mutant client", flag.ContinueOnError)
	flags.SetOutput(stderr)
	list := flags.Bool("list", false, "list the faults and the variants and end")
	choose(flags, "fault", "have the fault `id` (may be repeated)", func(id string) bool {
		f, ok := mutant.FindClientFault(id)
		faults = append(faults, f)
		return ok
	})
	choose(flags, "variant", "be right in the way of the variant `id`", func(id string) (ok bool) {
		variant, ok = mutant.FindClientVariant(id)
		return ok
	})
	switch err := flags.Parse(args); {
	case errors.Is(err, flag.ErrHelp):
		return nil
	case err != nil:
		return err
	case variant.Apply != nil && len(faults) > 0:
		return errors.New("a variant is right: it has no faults besides")
	case *list:
		listClients(stdout)
		return nil
	}
	a := mutant.NewAdapter(faults...)
	if variant.Apply != nil {
		a = mutant.NewVariantAdapter(variant)
	}
	// A fault may wait for ever, and reading does not heed ctx.
	ended := make(chan error, 1)
	go func() { ended <- a.Run(ctx, stdin, stdout) }()
	select {
	case err := <-ended:
		return err
	case <-ctx.Done():
		return nil
	}
}

func listClients(w io.Writer) {
	for _, f := range mutant.ClientFaults() {
		fmt.Fprintf(w, "%-26s %s  %s\n", f.ID, f.Breaks, f.Title)
	}
	for _, v := range mutant.ClientVariants() {
		fmt.Fprintf(w, "%-26s variant  %s\n", v.ID, v.Title)
	}
}

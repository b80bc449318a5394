// Plain is a program that is no test and checks a target. It has flags of its own and
// prints "undisturbed" when it finds them, and those of everybody else, as they were.
// The first argument says what it does with the flags of the process before.
package main

import (
	"context"
	"flag"
	"fmt"
	"os"
	"testing"

	"github.com/putget-protocol/putget/conformance/property"
)

func main() {
	how, addr := os.Args[1], os.Args[2]
	os.Args = []string{"plain", "-own=7"}
	own := flag.Int("own", 0, "a flag of the program")
	before := names()
	switch how {
	case "parsed":
		flag.Parse()
	case "replaced":
		flag.CommandLine = flag.NewFlagSet("other", flag.ExitOnError)
		own = flag.Int("own", 0, "a flag of the program")
		before = names()
	case "initialised":
		testing.Init()
		before = names()
	}
	set, parsed := flag.CommandLine, flag.Parsed()
	res, err := property.CheckModel(context.Background(), property.ModelConfig{
		Target: property.Target{Addr: addr, KeyPrefix: how, Level: property.Core}, Checks: 5,
	})
	switch {
	case err != nil:
		fmt.Println(err)
	case res.Executed == 0:
		fmt.Println("nothing was executed")
	case flag.CommandLine != set, flag.Parsed() != parsed:
		fmt.Println("another set, or parsed by somebody else")
	case names() != before:
		fmt.Println("the flags are", names(), "and were", before)
	default:
		flag.Parse()
		if *own == 7 {
			fmt.Printf("undisturbed; failed: %v\n", res.Failure != nil)
		}
	}
}

// names returns all flags with their values, and a mark at those that were set.
func names() string {
	text := ""
	set := make(map[string]bool)
	flag.Visit(func(f *flag.Flag) { set[f.Name] = true })
	flag.VisitAll(func(f *flag.Flag) {
		if f.Name != "own" {
			text += fmt.Sprintln(f.Name, f.Value, set[f.Name])
		}
	})
	return text
}

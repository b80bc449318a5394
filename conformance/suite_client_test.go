package conformance_test

import (
	"context"
	"flag"
	"os/exec"
	"path/filepath"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"

	"github.com/putget-protocol/putget/conformance"
	"github.com/putget-protocol/putget/spec"
)

// clientFlags makes the flags that name a client, and returns where they are kept: the
// Side is client when one was given.
func clientFlags() *conformance.Config {
	cfg := new(conformance.Config)
	for name, f := range map[string]struct {
		field *string
		usage string
	}{
		"adapter": {&cfg.Exec, "judge the client behind the adapter that the `command` runs, and run nothing but that"},
		"python":  {&cfg.Python, "judge the class Client of the Python `file`, and run nothing but that"},
		"node":    {&cfg.Node, "judge the class Client of the `file` for Node.js, and run nothing but that"},
	} {
		flag.Func(name, f.usage, func(value string) error {
			*f.field, cfg.Side = value, spec.Client
			return nil
		})
	}
	return cfg
}

// buildPutget builds our client, as a program, and returns the command of its adapter.
func buildPutget(ctx context.Context) string {
	program := filepath.Join(GinkgoT().TempDir(), "putget")
	build := exec.CommandContext(ctx, "go", "build", "-o", program, module+"/client/cmd/putget")
	out, err := build.CombinedOutput()
	Expect(err).NotTo(HaveOccurred(), "go build: %s", out)
	return "exec '" + program + "' adapter"
}

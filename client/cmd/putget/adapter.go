package main

import (
	"context"
	"errors"
	"net"
	"strconv"
	"time"

	"github.com/spf13/cobra"

	"github.com/putget-protocol/putget/client"
	"github.com/putget-protocol/putget/conformance/adapter"
)

const adapterHelp = `Put this program's client behind the adapter contract of putget-conform, which is
described in conformance/ADAPTERS.md: JSON lines on standard input, such as
{"op":"get","args":["palm.cpu"]}, each answered by one on standard output.

  putget-conform client --exec 'putget adapter'`

// newAdapter returns the command with which package client is judged. It is of no use to
// anybody else, and hidden.
func newAdapter() *cobra.Command {
	return &cobra.Command{
		Use:    "adapter",
		Short:  "Let putget-conform judge this program's client",
		Long:   adapterHelp,
		Args:   cobra.NoArgs,
		Hidden: true,
		RunE: func(cmd *cobra.Command, _ []string) error {
			served := make(chan error, 1)
			go func() { // a read of the standard input cannot be broken off
				served <- adapter.Serve(cmd.InOrStdin(), cmd.OutOrStdout(), dialJudged, isOfClient)
			}()
			select {
			case err := <-served:
				return err
			case <-cmd.Context().Done():
				return context.Cause(cmd.Context())
			}
		},
	}
}

// A judged client is a [client.Client] in the shape of the contract.
type judged struct{ c *client.Client }

var _ adapter.Client = judged{}

func dialJudged(host string, port int, timeout time.Duration) (judged, error) {
	cfg := client.Config{Timeout: timeout, DialTimeout: timeout}
	c, err := client.Dial(context.Background(), net.JoinHostPort(host, strconv.Itoa(port)), cfg)
	return judged{c}, err
}

// Put implements [adapter.Client].
func (j judged) Put(key string, value float64, timestamp ...int64) error {
	if len(timestamp) == 0 {
		return j.c.PutNow(context.Background(), key, value)
	}
	return j.c.Put(context.Background(), key, value, timestamp[0])
}

// Get implements [adapter.Client].
func (j judged) Get(key string) (map[string][]adapter.Sample, error) {
	all := make(map[string][]adapter.Sample)
	add := func(key string, samples []client.Sample) {
		for _, s := range samples {
			all[key] = append(all[key], adapter.Sample(s))
		}
	}
	if key != "*" {
		samples, err := j.c.Get(context.Background(), key)
		add(key, samples)
		return all, err
	}
	series, err := j.c.GetAll(context.Background())
	for key, samples := range series {
		add(key, samples)
	}
	return all, err
}

// isOfClient reports whether err is one of those that package client documents.
func isOfClient(err error) bool {
	if errors.Is(err, client.ErrClosed) {
		return true
	}
	_, argument := errors.AsType[*client.ArgumentError](err)
	_, server := errors.AsType[*client.ServerError](err)
	_, protocol := errors.AsType[*client.ProtocolError](err)
	_, dial := errors.AsType[*client.DialError](err)
	return argument || server || protocol || dial
}

package memory

import (
	"context"
	"slices"

	"github.com/putget-protocol/putget/server"
)

// A snapshot is one state of a series. Nothing in it changes any more, so that
// it is read without a lock.
type snapshot struct {
	key    []byte
	sealed []*chunk
	tail   []server.Sample
}

// visit hands out the chunks as runs, until visit fails or ctx ends.
func (sn snapshot) visit(ctx context.Context, visit func(key []byte, run []server.Sample) error) error {
	for _, c := range sn.sealed {
		if err := visit(sn.key, slices.Clip(c.samples)); err != nil {
			return err
		}
		if ctx.Err() != nil {
			return context.Cause(ctx)
		}
	}
	if len(sn.tail) == 0 {
		return nil // the series is new, and its first put is under way
	}
	return visit(sn.key, slices.Clip(sn.tail))
}

package client

import (
	"context"
	"errors"
	"fmt"
)

// PutAll puts all points in their order, as a [Batch] does, and returns nil when
// the server has acknowledged every one. An error that wraps an [*ArgumentError]
// says that one of them cannot be sent; then none was. Any other error is a
// [*BatchError], which tells the fate of each point.
func (c *Client) PutAll(ctx context.Context, points []Point) error {
	for i, p := range points {
		if err := checkPut(p.Key, p.Value); err != nil {
			return fmt.Errorf("client: put all: nothing was sent: point %d, key %s: %w", i, quote(p.Key), err)
		}
	}
	result := BatchError{Points: len(points)}
	b := c.NewBatch(func(index int, err error) {
		result.Answered++
		if refusal, ok := errors.AsType[*ServerError](err); ok {
			result.Refused = append(result.Refused, Refusal{Index: index, Err: refusal})
		}
	})
	for _, p := range points {
		if result.Err = b.put(ctx, p); result.Err != nil {
			break
		}
	}
	if err := b.wait(ctx); err != nil {
		result.Err = err // it says of the points that were sent what the other cannot know
	}
	if result.Err == nil && len(result.Refused) == 0 {
		return nil
	}
	return &result
}

// A Refusal is the server's answer to one point that it refused.
type Refusal struct {
	Index int // of the point, from 0
	Err   *ServerError
}

// A BatchError says what became of the points given to [Client.PutAll]: the first
// Answered ones are stored but for those in Refused. If Err is a
// [*ProtocolError] with Sent, or [ErrClosed], each of the others may have been stored or
// not; with any other Err, none of them was.
type BatchError struct {
	Points   int       // all of them
	Answered int       // how many have their reply
	Refused  []Refusal // ascending by Index; the replies that were refusals
	Err      error     // why the others have none; nil when all have theirs
}

// Error says how many points were answered and refused, and the first reason.
func (e *BatchError) Error() string {
	switch {
	case e.Err == nil:
		first := e.Refused[0]
		return fmt.Sprintf("client: put all: %d of %d points were refused, the first is point %d: %v",
			len(e.Refused), e.Points, first.Index, first.Err)
	default:
		return fmt.Sprintf("client: put all: %d of %d points were answered, %d of them refused: %v",
			e.Answered, e.Points, len(e.Refused), e.Err)
	}
}

// Unwrap returns Err, if there is one, and the refusals.
func (e *BatchError) Unwrap() []error {
	var all []error
	if e.Err != nil {
		all = append(all, e.Err)
	}
	for _, r := range e.Refused {
		all = append(all, r.Err)
	}
	return all
}

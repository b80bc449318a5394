package client

import (
	"context"
	"fmt"

	"github.com/putget-protocol/putget/spec/wire"
)

// What a [Batch] may have outstanding: requests and their bytes. One request larger
// than all the bytes still goes, alone.
const (
	maxOutstanding      = 4096
	maxOutstandingBytes = 256 << 10
)

// A Batch sends many puts without waiting for each reply, with bounded memory: when
// 4096 puts, or 256 KiB of them, are outstanding, the next waits. Replies are read
// all the while, so that a server that answers slowly, or not before it has read
// more, stops nothing for good.
//
// A Batch belongs to one goroutine. Other calls of the client go on beside it.
type Batch struct {
	c        *Client
	onAnswer func(index int, err error)
	answers  int // given so far; the reader's

	// Guarded by c.mu.
	outstanding int           // puts without reply
	size        int           // of them, in bytes
	wakeAt      int           // outstanding puts at which room gets its token
	lost        error         // why a put is never answered
	room        chan struct{} // holds one token
}

// NewBatch returns a batch of puts over c. The function onAnswer, unless nil, is
// called once for each put that the server has answered, in the order of the puts:
// index counts them from 0, and err is nil for an acknowledged put or a
// [*ServerError].
//
// The client reads no further reply while onAnswer runs, which must not call the
// client or its batches. It is not called after [Batch.Wait] has returned, until
// the next put.
func (c *Client) NewBatch(onAnswer func(index int, err error)) *Batch {
	return &Batch{c: c, onAnswer: onAnswer, room: make(chan struct{}, 1)}
}

// Put hands one put to the client, and waits only while too many are outstanding.
// It returns nil when p is on its way; the answer goes to the batch's function.
// After an error nothing of p was sent, and p does not count: it is an
// [*ArgumentError] for a point that cannot be sent, or wraps [context.Cause]
// for a context that ended; both leave the batch usable. Otherwise the client is
// dead.
func (b *Batch) Put(ctx context.Context, p Point) error {
	if err := checkPut(p.Key, p.Value); err != nil {
		return fmt.Errorf("client: put %s: %w", quote(p.Key), err)
	}
	if err := b.put(ctx, p); err != nil {
		return fmt.Errorf("client: put %s: %w", quote(p.Key), err)
	}
	return nil
}

func (b *Batch) put(ctx context.Context, p Point) error {
	for {
		if ctx.Err() != nil {
			return unsent(ctx)
		}
		sent, err := b.tryPut(request{verb: wire.Put, Point: p})
		if sent || err != nil {
			return err
		}
		select {
		case <-b.room: // also when the client dies, which releases all puts
		case <-ctx.Done():
		}
	}
}

// tryPut hands r to the writer if there is room. If not, room will get its token
// when there is.
func (b *Batch) tryPut(r request) (sent bool, err error) {
	b.c.mu.Lock()
	defer b.c.mu.Unlock()
	if b.c.err != nil {
		return false, b.c.reason(false)
	}
	if b.outstanding >= maxOutstanding || b.size >= maxOutstandingBytes {
		b.wakeAt = b.outstanding / 2 // waking for each reply would make small writes
		return false, nil
	}
	before := len(b.c.out)
	b.c.enqueue(r, b)
	b.outstanding++
	b.size += len(b.c.out) - before
	return true, nil
}

// Wait returns when every put so far has been answered or never will be, and nil if
// all were answered, refusals included. After nil the batch can be used again.
//
// When ctx ends first, the puts that are left are given up. If none of them was
// handed to a write, the batch and the client are in order; otherwise the client is
// dead, and the error is a [*ProtocolError] that wraps [context.Cause]. The puts
// without answer are the last ones, since answers come in order.
func (b *Batch) Wait(ctx context.Context) error {
	if err := b.wait(ctx); err != nil {
		return fmt.Errorf("client: batch: %w", err)
	}
	return nil
}

func (b *Batch) wait(ctx context.Context) error {
	for !b.idle() {
		select {
		case <-b.room:
		case <-ctx.Done():
			b.giveUp(ctx)
			ctx = context.WithoutCancel(ctx) // what is left is released at once
		}
	}
	b.c.mu.Lock()
	defer b.c.mu.Unlock()
	err := b.lost
	b.lost = nil
	return err
}

// idle reports whether nothing is outstanding. If not, room will get its token
// then.
func (b *Batch) idle() bool {
	b.c.mu.Lock()
	defer b.c.mu.Unlock()
	b.wakeAt = 0
	return b.outstanding == 0
}

// giveUp ends the wait for what is outstanding: all that waits for a write is taken
// back if nothing was handed to one; otherwise the client ends.
func (b *Batch) giveUp(ctx context.Context) {
	b.c.mu.Lock()
	due := b.c.sent.holds(b)
	if !due {
		b.c.takeBack(b, fmt.Errorf("given up before the last puts were sent: %w", context.Cause(ctx)))
	}
	b.c.mu.Unlock()
	if due {
		b.c.fail(givenUp(ctx, b))
	}
}

// addSample implements waiter: a put has no samples.
func (b *Batch) addSample([]byte, Sample) error { return ErrUnaskedSample }

func (b *Batch) answered(refusal *ServerError) {
	index := b.answers
	b.answers++
	switch {
	case b.onAnswer == nil:
	case refusal != nil:
		b.onAnswer(index, refusal)
	default:
		b.onAnswer(index, nil)
	}
}

func (b *Batch) released(size int, reason error) {
	b.outstanding--
	b.size -= size
	if reason != nil {
		b.lost = reason
	}
	if b.outstanding > b.wakeAt {
		return
	}
	select {
	case b.room <- struct{}{}:
	default: // the token is there
	}
}

// String names the batch's requests in messages.
func (b *Batch) String() string { return "a put of a batch" }

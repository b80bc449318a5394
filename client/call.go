package client

import (
	"context"
	"fmt"
	"slices"
	"time"

	"github.com/putget-protocol/putget/spec/wire"
)

// Put stores value for key at timestamp, in Unix seconds, and returns nil when the
// server has acknowledged it (CLI-014). A timestamp is taken as it is: 0 is a
// timestamp (CLI-008). The package documentation lists the errors and what they
// leave usable.
func (c *Client) Put(ctx context.Context, key string, value float64, timestamp int64) error {
	if err := checkPut(key, value); err != nil {
		return fmt.Errorf("client: put %s: %w", quote(key), err)
	}
	a := c.newCall(request{verb: wire.Put, Point: Point{Key: key, Sample: Sample{Timestamp: timestamp, Value: value}}})
	if err := c.exchange(ctx, a); err != nil {
		return fmt.Errorf("client: put %s: %w", quote(key), err)
	}
	c.recycle(a)
	return nil
}

// PutNow is [Client.Put] at the present Unix second (CLI-009).
func (c *Client) PutNow(ctx context.Context, key string, value float64) error {
	return c.Put(ctx, key, value, time.Now().Unix())
}

// Get returns the series of key in ascending order of timestamp, whatever the order
// in the reply (CLI-016); samples of the same timestamp keep the order of the
// reply. A key without samples gives an empty slice. The slice belongs to the
// caller.
//
// The key "*" is refused like any other that is none: see [Client.GetAll].
func (c *Client) Get(ctx context.Context, key string) ([]Sample, error) {
	if err := checkKey(key); err != nil {
		return nil, fmt.Errorf("client: get %s: %w", quote(key), err)
	}
	a := c.newCall(request{verb: wire.Get, Point: Point{Key: key}})
	if err := c.exchange(ctx, a); err != nil {
		return nil, fmt.Errorf("client: get %s: %w", quote(key), err)
	}
	samples := a.samples
	c.recycle(a)
	ascend(samples)
	return samples, nil
}

// GetAll returns every series of the server by its key, each as [Client.Get] does.
// There is no snapshot across keys (CON-005). The map is empty, and not nil, when
// there are none (CLI-017). It belongs to the caller, and so does all that it
// holds.
func (c *Client) GetAll(ctx context.Context) (map[string][]Sample, error) {
	a := c.newCall(request{verb: wire.GetAll})
	a.all = make(map[string][]Sample)
	if err := c.exchange(ctx, a); err != nil {
		return nil, fmt.Errorf("client: get *: %w", err)
	}
	a.endRun()
	all := a.all
	c.recycle(a)
	for _, samples := range all {
		ascend(samples)
	}
	return all, nil
}

// ascend sorts samples by timestamp. Most servers send them sorted.
func ascend(samples []Sample) {
	byTimestamp := func(a, b Sample) int {
		switch {
		case a.Timestamp < b.Timestamp:
			return -1
		case a.Timestamp > b.Timestamp:
			return 1
		}
		return 0
	}
	if !slices.IsSortedFunc(samples, byTimestamp) {
		slices.SortStableFunc(samples, byTimestamp)
	}
}

// A call is a request of its own and what comes back. Until done holds its token,
// the fields belong to the reader.
type call struct {
	request
	done chan struct{} // holds one token when the call is released
	err  error         // the refusal, or why there is no reply

	samples []Sample            // of the key; of the run under way in a get of all keys
	runKey  string              // the key of that run
	all     map[string][]Sample // the runs before; nil but in a get of all keys
}

// newCall returns a call for r. It is one that is over if there is any, so that a
// put costs no allocation.
func (c *Client) newCall(r request) *call {
	a, ok := c.spare.Get().(*call)
	if !ok {
		a = &call{done: make(chan struct{}, 1)}
	}
	a.request = r
	return a
}

// recycle is for calls that have been released: nobody else knows them any more.
func (c *Client) recycle(a *call) {
	*a = call{done: a.done}
	c.spare.Put(a)
}

func (a *call) addSample(key []byte, s Sample) error {
	switch {
	case a.verb == wire.Get && string(key) == a.Key:
	case a.verb == wire.GetAll:
		if a.samples == nil || string(key) != a.runKey {
			a.endRun()
			a.runKey = string(key)
			a.samples = a.all[a.runKey]
		}
	default:
		return ErrUnaskedSample
	}
	a.samples = append(a.samples, s)
	return nil
}

// endRun files the samples of the run of one key.
func (a *call) endRun() {
	if a.samples != nil {
		a.all[a.runKey] = a.samples
		a.samples = nil
	}
}

func (a *call) answered(refusal *ServerError) {
	if refusal != nil {
		a.err = refusal
	}
}

func (a *call) released(_ int, reason error) {
	if reason != nil {
		a.err = reason
	}
	a.done <- struct{}{} // has room: a call is released once
}

// exchange sends the request of a and waits for the reply, or for the end of ctx.
// After an error a is not used again.
func (c *Client) exchange(ctx context.Context, a *call) error {
	if ctx.Err() != nil {
		return unsent(ctx)
	}
	c.mu.Lock()
	if c.err != nil {
		defer c.mu.Unlock()
		return c.reason(false)
	}
	c.enqueue(a.request, a)
	c.mu.Unlock()
	select {
	case <-a.done:
		return a.err
	case <-ctx.Done():
		return c.giveUp(ctx, a)
	}
}

// giveUp ends the wait for a, whose context has ended.
func (c *Client) giveUp(ctx context.Context, a *call) error {
	c.mu.Lock()
	c.takeBack(a, unsent(ctx))
	due := c.sent.holds(a)
	c.mu.Unlock()
	if due {
		reason := givenUp(ctx, a)
		c.fail(reason)
		return &ProtocolError{Sent: true, Err: reason} // a belongs to the reader for a moment yet
	}
	<-a.done // taken back; or the reply, or the end of the client, was faster
	return a.err
}

// unsent is the error of a call whose context ended in time.
func unsent(ctx context.Context) error {
	return fmt.Errorf("given up before anything was sent: %w", context.Cause(ctx))
}

// givenUp is the reason of a client that a call has left out of step.
func givenUp(ctx context.Context, w waiter) error {
	return fmt.Errorf("%v was given up while its reply was due: %w", w, context.Cause(ctx))
}

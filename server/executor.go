package server

import (
	"context"
	"errors"
	"fmt"
	"log/slog"

	"github.com/putget-protocol/putget/spec/wire"
)

// storageFailed is the text of the reply to a request that the store did not
// carry out [REP-011]. What the store said goes to the log, not to the peer.
const storageFailed = "storage failed"

// An executor carries out the requests of one connection. It knows lines,
// replies and the store, and nothing of the connection.
//
// Puts wait in a batch until a request of another kind, or the end of what a
// read brought, sends them to the store. Their keys alias the lines, so that
// the batch has to be carried out before the lines move.
type executor struct {
	store Store
	log   *slog.Logger
	out   *replies

	req    wire.Request
	batch  []Put
	render func(key []byte, run []Sample) error // e.appendRun, made once
}

func newExecutor(store Store, log *slog.Logger, out *replies) *executor {
	e := &executor{store: store, log: log, out: out}
	e.render = e.appendRun
	return e
}

// execute carries out the request in line, which is without its LF. It returns
// an error when the session cannot go on.
func (e *executor) execute(ctx context.Context, line []byte) error {
	if err := wire.ParseRequest(line, &e.req); err != nil {
		return e.refuse(ctx)
	}
	if e.req.Verb == wire.Put {
		e.batch = append(e.batch, Put{
			Key:    e.req.Key,
			Sample: Sample{Timestamp: e.req.Timestamp, Value: e.req.Value},
		})
		return nil
	}
	if err := e.putBatch(ctx); err != nil {
		return err
	}
	return e.get(ctx)
}

// refuse answers a wrong request (section 5.3).
func (e *executor) refuse(ctx context.Context) error {
	if err := e.putBatch(ctx); err != nil {
		return err
	}
	return e.answer(wire.WrongCommand)
}

// putBatch carries out the puts that wait, if there are any, and answers each
// of them. All have the same outcome, since the store takes all or none.
func (e *executor) putBatch(ctx context.Context) error {
	if len(e.batch) == 0 {
		return nil
	}
	n := len(e.batch)
	err := e.store.Put(ctx, e.batch)
	e.batch = e.batch[:0]
	text := ""
	switch {
	case errors.Is(err, ErrUnknownOutcome):
		text = wire.UnknownOutcome
		e.log.Error("outcome of puts is unknown", "puts", n, "error", err)
	case err != nil:
		text = storageFailed
		e.log.Error("store refused puts", "puts", n, "error", err)
	}
	for range n {
		if err := e.answer(text); err != nil {
			return err
		}
	}
	return nil
}

// answer appends a whole reply: ok without samples, or an error with that text.
func (e *executor) answer(errorText string) error {
	if errorText != "" {
		e.out.buf = wire.AppendError(e.out.buf, errorText)
	} else {
		e.out.buf = wire.AppendEnd(wire.AppendOK(e.out.buf))
	}
	return e.out.end()
}

// get answers the get in e.req. A store that fails before any part of the reply
// is written costs an error reply; after that it costs the session, since
// nothing that could be sent would be understood.
func (e *executor) get(ctx context.Context) error {
	e.out.buf = wire.AppendOK(e.out.buf)
	err := e.read(ctx)
	if err == nil {
		e.out.buf = wire.AppendEnd(e.out.buf)
		return e.out.end()
	}
	if e.out.err != nil {
		return e.out.err
	}
	if !e.out.takeBack() {
		return fmt.Errorf("%w: %w", errTornReply, err)
	}
	e.log.Error("store failed in a get", "error", err)
	return e.answer(storageFailed)
}

// read lets the store render what e.req asks for.
func (e *executor) read(ctx context.Context) error {
	if e.req.Verb == wire.GetAll {
		return e.store.All(ctx, e.render)
	}
	return e.store.Get(ctx, e.req.Key, e.render)
}

// appendRun appends the sample lines of a run, and writes whenever enough of
// them wait.
func (e *executor) appendRun(key []byte, run []Sample) error {
	for _, s := range run {
		e.out.buf = wire.AppendSample(e.out.buf, key, s.Value, s.Timestamp)
		if err := e.out.relieve(); err != nil {
			return err
		}
	}
	return nil
}

// errTornReply ends a session in the middle of a reply.
var errTornReply = errors.New("server: store failed in the middle of a reply")

package server

import (
	"context"
	"errors"
)

// A Sample is one point of a series.
type Sample struct {
	Timestamp int64   // Unix seconds
	Value     float64 // finite when it comes from the wire
}

// A Put is one put of a batch: the sample to store in the series of a key.
type Put struct {
	Key []byte // valid during the call only, and not to be modified
	Sample
}

// A Store keeps the series of all keys. A series has at most one sample for a
// timestamp.
//
// All methods but Close may be called at the same time. The puts and gets of
// one key are linearizable [CON-003]. A store takes every key of the grammar
// (section 4.3), of any length, and compares keys byte by byte [LEX-011],
// [LEX-012]. It takes every int64 as a timestamp and every finite float64 as a
// value, and gives them back bit for bit, the sign of a zero included.
//
// A call whose context has ended before it begins does nothing and returns an
// error. A call whose context ends while it runs may return early with an
// error; what that says about its puts is told by [ErrUnknownOutcome].
//
// Package server/storetest holds this contract as tests.
type Store interface {
	// Put carries out the puts in order, so that the last one of a timestamp
	// wins [PUT-003]. It keeps neither puts nor the keys in it. Of an empty batch
	// nothing comes.
	//
	// With nil, all of them are visible to every later Get and All, and as
	// durable as the store promises. With an error, none of them took effect or
	// ever will [REP-012], unless errors.Is(err, ErrUnknownOutcome).
	Put(ctx context.Context, puts []Put) error

	// Get hands the series of key to visit, ascending by timestamp, in one or
	// more runs that together are one state of the series [CON-004]. It does
	// not call visit for a key without samples.
	//
	// visit may take its time, since a slow peer stands behind it: other calls,
	// puts of the same key among them, go on meanwhile. Its arguments are valid
	// until it returns, and not to be modified. An error of visit ends the get
	// and is returned as it is, or wrapped.
	Get(ctx context.Context, key []byte, visit func(key []byte, run []Sample) error) error

	// All does the same for each key, one after the other: the runs of a key
	// follow one another [GET-007]. Each key is shown as it was at an instant of
	// its own between call and return [CON-005]. No order among keys is promised
	// [GET-008].
	All(ctx context.Context, visit func(key []byte, run []Sample) error) error

	// Close releases what the store holds. It is called once, by whoever opened
	// the store (not by the Server), when no other call runs or will follow.
	Close() error
}

// ErrUnknownOutcome is wrapped by an error of [Store.Put] when the store cannot
// know whether the puts took effect: each of them may be seen or not, now or
// later [REP-013].
var ErrUnknownOutcome = errors.New("server: outcome of the put is unknown")

package client

import (
	"github.com/putget-protocol/putget/spec/wire"
)

// A request is what one call asks for. Only the fields of its verb are set.
type request struct {
	verb wire.Verb
	Point
}

// appendTo appends the request as it is sent, LF included (CLI-005, CLI-006).
func (r request) appendTo(dst []byte) []byte {
	switch r.verb {
	case wire.Put:
		return wire.AppendPut(dst, r.Key, r.Value, r.Timestamp)
	case wire.Get:
		return wire.AppendGet(dst, r.Key)
	default:
		return wire.AppendGetAll(dst)
	}
}

// String names the request in messages.
func (r request) String() string {
	switch r.verb {
	case wire.Put:
		return "put " + quote(r.Key)
	case wire.Get:
		return "get " + quote(r.Key)
	default:
		return "get *"
	}
}

// A waiter is whoever waits for the reply to a request.
type waiter interface {
	// addSample takes a sample line of the reply. The key is valid only during the
	// call. An error breaks the form of the reply. Only the reader calls it.
	addSample(key []byte, s Sample) error

	// answered takes the end of the reply: nil for ok, or the refusal. Only the
	// reader calls it, without the client's lock.
	answered(refusal *ServerError)

	// released is called once for each request that is outstanding no more, with
	// the client's lock held: after answered, or with the reason why there is no
	// reply.
	released(size int, reason error)

	// String names the request in messages.
	String() string
}

// A pending request is one that is not answered yet.
type pending struct {
	waiter
	size int // bytes of the request
}

// A queue holds pending requests in the order of their replies.
type queue struct {
	items []pending
	head  int // items before it are gone
}

func (q *queue) len() int { return len(q.items) - q.head }

func (q *queue) push(more ...pending) { q.items = append(q.items, more...) }

// first returns the request whose reply is due next.
func (q *queue) first() (pending, bool) {
	if q.len() == 0 {
		return pending{}, false
	}
	return q.items[q.head], true
}

// pop removes the first request. The place of those that are gone is used again as
// soon as they are the larger part, so that a pop costs O(1) on average.
func (q *queue) pop() pending {
	p := q.items[q.head]
	q.items[q.head] = pending{}
	q.head++
	if q.head*2 >= len(q.items) {
		n := copy(q.items, q.items[q.head:])
		clear(q.items[n:])
		q.items, q.head = q.items[:n], 0
	}
	return p
}

// takeAll removes all requests and returns them. They are valid until the next
// push.
func (q *queue) takeAll() []pending {
	all := q.items[q.head:]
	q.items, q.head = q.items[:0], 0
	return all
}

// holds reports whether a request of w is in the queue.
func (q *queue) holds(w waiter) bool {
	for _, p := range q.items[q.head:] {
		if p.waiter == w {
			return true
		}
	}
	return false
}

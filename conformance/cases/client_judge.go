package cases

import (
	"context"
	"fmt"
	"strings"

	"github.com/putget-protocol/putget/conformance/adapter"
	"github.com/putget-protocol/putget/conformance/oracle"
)

// ends says what is wrong with a call that failed where it was to return.
func ends() map[adapter.Kind]Symptom {
	return map[adapter.Kind]Symptom{adapter.Error: ErrorRaised, adapter.Crash: BareError, adapter.Ended: Died}
}

// Put makes a put, plays the script and expects the call to return nothing. Else
// requirement is broken, or those of section 10.2 when the request is wrong. It
// reports whether all was right. An empty timestamp is none.
func (d *Drive) Put(ctx context.Context, key string, value, timestamp number, s script, requirement string) bool {
	x := d.call(ctx, "put", putArgs(key, value, timestamp), s)
	if x == nil || !d.checkRequest(x, requirement) {
		return false
	}
	return d.returned(x, "the call to return nothing", requirement) && d.isNothing(x, requirement)
}

// Get is Put for a get, which is to return a mapping.
func (d *Drive) Get(ctx context.Context, key string, s script, want mapping, requirement string) bool {
	x := d.call(ctx, "get", []any{key}, s)
	if x == nil || !d.checkRequest(x, requirement) {
		return false
	}
	return d.returned(x, want.String(), requirement) && d.isMapping(x, want, requirement)
}

// PutFails is Put for a call that is to fail cleanly.
func (d *Drive) PutFails(ctx context.Context, key string, value, timestamp number, s script, requirement string) bool {
	x := d.call(ctx, "put", putArgs(key, value, timestamp), s)
	return x != nil && (gaveUp(x, s) || d.checkRequest(x, requirement) && d.failsCleanly(x, requirement))
}

// GetFails is Get for a call that is to fail cleanly.
func (d *Drive) GetFails(ctx context.Context, key string, s script, requirement string) bool {
	x := d.call(ctx, "get", []any{key}, s)
	return x != nil && (gaveUp(x, s) || d.checkRequest(x, requirement) && d.failsCleanly(x, requirement))
}

// gaveUp reports whether a client whose timeout is to pass has failed cleanly before its
// request was seen here: on a busy machine that can take as long.
func gaveUp(x *exchange, s script) bool {
	return s.takes >= waits && x.request == nil && x.is(adapter.Error)
}

// Sends is Put for a case on what is sent: requirement is broken when that is
// nothing, and what the call returns is a matter of CLI-014.
func (d *Drive) Sends(ctx context.Context, key string, value, timestamp number, requirement string) bool {
	x := d.call(ctx, "put", putArgs(key, value, timestamp), whole(okEmpty))
	if x == nil || !d.checkRequest(x, requirement) {
		return false
	}
	return d.returned(x, "the call to return nothing", "CLI-014") && d.isNothing(x, "CLI-014")
}

// Gets is Get for the reply that a server usually writes.
func (d *Drive) Gets(ctx context.Context, key, requirement string, samples ...oracle.Sample) bool {
	return d.Get(ctx, key, whole(okReply(samples...)), mappingOf(samples...), requirement)
}

// returned judges that a call has returned, after all of its reply.
func (d *Drive) returned(x *exchange, want, requirement string) bool {
	symptom, failed := ends()[x.answer.Kind]
	switch {
	case !x.answered:
		return d.silent(x, want, requirement)
	case failed:
		d.fail(requirement, symptom, x, shown(want), d.failure(x))
		return false
	case x.early:
		d.fail(requirement, EarlyAnswer, x, shown(want), "the call returned before the reply was sent in full")
		return false
	default:
		return true
	}
}

// failsCleanly judges that a call has failed with the client's own error.
func (d *Drive) failsCleanly(x *exchange, requirement string) bool {
	const want = "the client's own error"
	switch {
	case !x.answered:
		return d.silent(x, want, requirement)
	case x.is(adapter.Error):
		return true
	case x.is(adapter.OK):
		d.fail(requirement, ValueReturned, x, want, "the call returned "+shown(string(x.answer.Value)))
		return false
	default:
		d.fail(requirement, ends()[x.answer.Kind], x, want, d.failure(x))
		return false
	}
}

// silent records that a call had no answer, and returns false. A request that was
// never ended keeps every server from answering.
func (d *Drive) silent(x *exchange, want, requirement string) bool {
	if unfinished := len(x.request) > 0 && !strings.HasSuffix(string(x.request), "\n"); unfinished {
		id := "CLI-005"
		if x.op == "get" {
			id = "CLI-006"
		}
		d.fail(id, WrongLine, x, "a request that ends in LF", fmt.Sprintf("the client sent %s and waits", short(x.request)))
		return false
	}
	symptom, detail := Hangs, "no answer came, and the process does nothing"
	if x.spins {
		symptom, detail = Spins, "no answer came, and the process burns CPU time"
	}
	d.fail(requirement, symptom, x, shown(want), detail)
	return false
}

// failure says how a call failed.
func (d *Drive) failure(x *exchange) string {
	switch x.answer.Kind {
	case adapter.Error:
		return "the client's own error: " + shown(x.answer.Message)
	case adapter.Crash:
		return "an error that is not the client's own: " + shown(x.answer.Message)
	default:
		const lines = 12
		how := "the process ended: " + shown(x.answer.Message)
		if output := d.caller.Output(); len(output) > 0 {
			how += "; its last output:\n  " + strings.Join(output[max(0, len(output)-lines):], "\n  ")
		}
		return how
	}
}

// isNothing judges the result of a put.
func (d *Drive) isNothing(x *exchange, requirement string) bool {
	if value := string(x.answer.Value); value != "" && value != "null" {
		d.fail(requirement, ResultForm, x, "nothing", "the call returned "+shown(value))
		return false
	}
	return true
}

// isMapping judges the result of a get.
func (d *Drive) isMapping(x *exchange, want mapping, requirement string) bool {
	wrong := compare(x.answer, want)
	if wrong == nil {
		return true
	}
	if wrong.breaks != "" && !d.pieces {
		requirement = wrong.breaks
	}
	d.fail(requirement, wrong.symptom, x, shown(want.String()), wrong.detail)
	return false
}

// Open makes a client, without a timeout, or with one where it cannot do without:
// that is the business of one case alone. It may be called again: what was made
// before is left alone. Without a client the drive is over.
func (d *Drive) Open(ctx context.Context) {
	first := d.open(ctx, d.needsTimeout)
	if first == nil || first.is(adapter.OK) {
		return
	}
	if !d.needsTimeout && !d.over {
		if second := d.open(ctx, true); second != nil && second.is(adapter.OK) {
			d.needsTimeout = true
			return
		}
	}
	d.returned(first, "a client", "CLI-001")
	d.over = true
}

// open calls the constructor.
func (d *Drive) open(ctx context.Context, timeout bool) *exchange {
	if timeout {
		return d.openFor(ctx, someTimeout)
	}
	return d.call(ctx, "open", d.address(), script{})
}

// someTimeout is a timeout, in seconds, that no case waits for.
const someTimeout = 30

// openFor calls the constructor with a timeout in seconds.
func (d *Drive) openFor(ctx context.Context, seconds int) *exchange {
	return d.call(ctx, "open", append(d.address(), seconds), script{})
}

func (d *Drive) address() []any {
	return []any{"127.0.0.1", d.server.listener.Port()}
}

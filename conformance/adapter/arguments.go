package adapter

import (
	"encoding/json"
	"errors"
	"fmt"
	"strconv"
)

// arguments hands out the arguments of one call by their place. It keeps the first
// error, after which everything is zero.
type arguments struct {
	op   string
	rest []json.RawMessage
	err  error
}

// more reports whether one is left; null counts as one that is not given.
func (a *arguments) more() bool {
	return len(a.rest) > 0 && (len(a.rest) > 1 || string(a.rest[0]) != "null")
}

// end returns the first error. An argument that is left over is one.
func (a *arguments) end() error {
	if a.err == nil && a.more() {
		a.err = mistakenf("%s has %d arguments too many", a.op, len(a.rest))
	}
	return a.err
}

// next returns the next argument, or nil after an error.
func (a *arguments) next(name string) json.RawMessage {
	if a.err == nil && len(a.rest) == 0 {
		a.err = mistakenf("%s lacks its argument %s", a.op, name)
	}
	if a.err != nil {
		return nil
	}
	arg := a.rest[0]
	a.rest = a.rest[1:]
	return arg
}

func (a *arguments) text(name string) string {
	var text string
	if arg := a.next(name); arg != nil && (arg[0] != '"' || json.Unmarshal(arg, &text) != nil) {
		a.err = mistakenf("the %s of %s is %s; want a string", name, a.op, arg)
	}
	return text
}

// number reads a double. What is beyond the largest one is infinite.
func (a *arguments) number(name string) float64 {
	arg := a.next(name)
	if arg == nil {
		return 0
	}
	v, err := strconv.ParseFloat(string(arg), 64)
	if !isNumber(arg) || err != nil && !errors.Is(err, strconv.ErrRange) {
		a.err = mistakenf("the %s of %s is %s; want a number", name, a.op, arg)
		return 0
	}
	return v
}

// integer reads a signed integer of 64 bits. Another number cannot be given to a client
// at all.
func (a *arguments) integer(name string) int64 {
	arg := a.next(name)
	if arg == nil {
		return 0
	}
	n, err := strconv.ParseInt(string(arg), 10, 64)
	if err != nil && isNumber(arg) {
		a.err = impossible{fmt.Errorf("the %s %s is no int64, and the client takes no other", name, arg)}
		return 0
	}
	if err != nil {
		a.err = mistakenf("the %s of %s is %s; want an integer", name, a.op, arg)
	}
	return n
}

func mistakenf(format string, args ...any) error {
	return mistaken{fmt.Errorf(format, args...)}
}

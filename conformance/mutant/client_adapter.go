package mutant

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"strconv"
	"time"
)

// An Adapter is a client behind the contract of conformance/ADAPTERS.md: it reads
// calls, a JSON object a line, and answers each with one line. It is made by
// NewAdapter.
type Adapter struct {
	b *ClientBehaviour
}

// NewAdapter returns a client that has the given faults, which are applied in their
// order.
func NewAdapter(faults ...ClientFault) *Adapter {
	b := RightClient()
	for _, f := range faults {
		f.Apply(b)
	}
	return &Adapter{b}
}

// NewVariantAdapter returns a client that is right in an unusual way.
func NewVariantAdapter(v ClientVariant) *Adapter {
	b := RightClient()
	v.Apply(b)
	return &Adapter{b}
}

// A call is one line of the judge.
type call struct {
	Op   string            `json:"op"`
	Args []json.RawMessage `json:"args"`
}

// An answer is one line to the judge: one of the fields is set.
type answer struct {
	OK    any
	Error string // the client's own error
	Crash string // any other
}

// MarshalJSON writes an answer as the contract says.
func (a answer) MarshalJSON() ([]byte, error) {
	switch {
	case a.Error != "":
		return json.Marshal(map[string]string{"error": a.Error})
	case a.Crash != "":
		return json.Marshal(map[string]string{"crash": a.Crash})
	default:
		return json.Marshal(map[string]any{"ok": a.OK})
	}
}

// Run reads calls from in and writes answers to out until in ends. It returns the
// error of in or out, nil at the end of in. The end of ctx ends the waits of faults
// that wait for ever, not the reading of in.
func (a *Adapter) Run(ctx context.Context, in io.Reader, out io.Writer) error {
	a.b.Start()
	d := driver{b: a.b, ctx: ctx}
	defer d.close()
	for lines := bufio.NewReader(in); ; {
		line, err := lines.ReadBytes('\n')
		if len(bytes.TrimSpace(line)) > 0 {
			text, err := json.Marshal(d.answer(line))
			if err != nil {
				return err
			}
			if _, err := out.Write(append(text, '\n')); err != nil {
				return err
			}
		}
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return err
		}
	}
}

// A driver makes the calls of one process.
type driver struct {
	b      *ClientBehaviour
	ctx    context.Context
	client *Client
}

func (d *driver) close() {
	if d.client != nil {
		d.b.Close(d.client)
	}
}

func (d *driver) answer(line []byte) (a answer) {
	var asked call
	if err := json.Unmarshal(line, &asked); err != nil {
		return answer{Crash: fmt.Sprintf("the call %q is no JSON: %v", line, err)}
	}
	// A fault may well run into a panic; to the judge it is a bare exception.
	defer func() {
		if r := recover(); r != nil {
			a = answer{Crash: fmt.Sprintf("panic: %v", r)}
		}
	}()
	result, err := d.call(asked)
	own, isOwn := errors.AsType[*OwnError](err)
	switch {
	case isOwn:
		return answer{Error: own.Error()}
	case err != nil:
		return answer{Crash: fmt.Sprintf("%T: %v", err, err)}
	default:
		return answer{OK: result}
	}
}

func (d *driver) call(asked call) (any, error) {
	switch {
	case asked.Op == "open" && len(asked.Args) >= 2:
		return nil, d.open(asked.Args)
	case d.client == nil:
		return nil, errors.New("nothing is open")
	case asked.Op == "get" && len(asked.Args) == 1:
		return d.client.get(text(asked.Args[0]))
	case asked.Op == "put" && (len(asked.Args) == 2 || len(asked.Args) == 3):
		value, err := strconv.ParseFloat(string(asked.Args[1]), 64)
		if err != nil && !errors.Is(err, strconv.ErrRange) {
			return nil, d.client.fail(&failure{BadValue, err})
		}
		return d.client.put(text(asked.Args[0]), value, argument(asked.Args, 2))
	default:
		return nil, fmt.Errorf("there is no call %s with %d arguments", asked.Op, len(asked.Args))
	}
}

func (d *driver) open(args []json.RawMessage) error {
	d.close()
	d.client = nil
	c := &Client{b: d.b, ctx: d.ctx, addr: net.JoinHostPort(text(args[0]), string(args[1])), opened: time.Now()}
	timeout, err := d.b.Timeout(argument(args, 2))
	if err != nil {
		return err
	}
	c.timeout = timeout
	if f := d.b.Open(c); f != nil {
		return c.fail(f)
	}
	d.client = c
	return nil
}

// text returns a string of JSON.
func text(arg json.RawMessage) string {
	var s string
	if err := json.Unmarshal(arg, &s); err != nil {
		return string(arg)
	}
	return s
}

// argument returns the text of an argument that need not be there, "" for none.
func argument(args []json.RawMessage, i int) string {
	if i >= len(args) || string(args[i]) == "null" {
		return ""
	}
	return string(args[i])
}

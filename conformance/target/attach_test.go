package target_test

import (
	"context"
	"errors"
	"io"
	"net"
	"testing"

	"github.com/putget-protocol/putget/conformance/target"
)

func TestAttach(t *testing.T) {
	ln, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer ln.Close()
	a := target.Attach(ln.Addr().String())
	if err := a.Start(t.Context()); err != nil {
		t.Fatal(err)
	}
	conn, err := ln.Accept()
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	if got, err := io.ReadAll(conn); len(got) != 0 || err != nil {
		t.Errorf("the target read %q, %v of the probe; want an empty session that ends in order", got, err)
	}
	if !a.Alive() || a.Died() != nil || a.Output() != nil || a.Addr() != ln.Addr().String() {
		t.Error("an attached target claims to know more than it can")
	}
	if _, ended := a.Exit(); ended {
		t.Error("Exit tells of an end")
	}
	if err := a.Restart(t.Context()); !errors.Is(err, target.ErrNotOurs) {
		t.Errorf("Restart = %v; want %v", err, target.ErrNotOurs)
	}
	a.Close()
	if err := a.Probe(t.Context()); err != nil {
		t.Errorf("Probe after Close: %v", err)
	}
}

func TestAttachUnreachable(t *testing.T) {
	ln, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	ln.Close()
	a := target.Attach(ln.Addr().String())
	for _, err := range []error{a.Start(t.Context()), a.Probe(t.Context())} {
		if e, ok := errors.AsType[*target.UnreachableError](err); !ok || e.Addr != a.Addr() {
			t.Errorf("%v; want an UnreachableError at %s", err, a.Addr())
		}
	}
	cause := errors.New("interrupted")
	ctx, cancel := context.WithCancelCause(t.Context())
	cancel(cause)
	if err := a.Start(ctx); !errors.Is(err, cause) {
		t.Errorf("Start = %v; want the context's cause", err)
	}
	if err := target.Attach("no port").Start(t.Context()); err == nil {
		t.Error("an address without port is reachable")
	}
}

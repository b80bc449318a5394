package property_test

import (
	"context"
	"errors"
	"net"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/putget-protocol/putget/conformance/oracle"
	"github.com/putget-protocol/putget/conformance/peer"
	"github.com/putget-protocol/putget/conformance/property"
)

// Short enough to be waited out, by tests in which nothing comes.
const soon = 50 * time.Millisecond

// hang blocks until the test is over.
func hang(t *testing.T) string {
	<-t.Context().Done()
	return ""
}

func TestModelSilentTarget(t *testing.T) {
	cfg := modelConfig(serve(t, func(int, string) string { return hang(t) }))
	cfg.Patience = soon
	wantSummary(t, found(t, checkModel(t, cfg)), summary{1, oracle.AspectNoReply, peer.ReasonTimeout, true})
}

// TestModelFallsSilent is about a target that answers no more at all after a while: the
// sequence that met this cannot be played to its last step again.
func TestModelFallsSilent(t *testing.T) {
	s := newStore()
	var n atomic.Int64
	cfg := modelConfig(serve(t, func(conn int, line string) string {
		if n.Add(1) > 100 {
			return hang(t)
		}
		return s.answer(conn, line)
	}))
	cfg.Patience, cfg.ShrinkBudget = soon, 10*soon
	c := found(t, checkModel(t, cfg))
	if c.Mismatch.Aspect != oracle.AspectNoReply || c.Reason != peer.ReasonTimeout {
		t.Errorf("%v, %s", c.Mismatch, c.Reason)
	}
}

func TestModelRefused(t *testing.T) {
	wantSummary(t, found(t, checkModel(t, modelConfig(refusing(t)))), summary{1, oracle.AspectNoReply, peer.ReasonRefused, true})
}

// mortal is a target that dies of a wrong request and can be started again.
type mortal struct {
	t     *testing.T
	store *store

	mu    sync.Mutex // guards the fields below
	ln    net.Listener
	conns []net.Conn
}

func (m *mortal) start() string {
	m.mu.Lock()
	defer m.mu.Unlock()
	ln, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		m.t.Error(err)
		return ""
	}
	m.ln = ln
	go func() {
		for {
			c, err := ln.Accept()
			if err != nil {
				return
			}
			m.mu.Lock()
			m.conns = append(m.conns, c)
			m.mu.Unlock()
			go talk(c, func(line string) string { return m.store.answer(0, line) })
		}
	}()
	return ln.Addr().String()
}

func (m *mortal) die() {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.ln.Close()
	for _, c := range m.conns {
		c.Close()
	}
	m.conns = nil
}

func newMortal(t *testing.T) *mortal {
	m := &mortal{t: t, store: newStore()}
	m.store.wrong = func(int, string) string { m.die(); return farewell }
	t.Cleanup(m.die)
	return m
}

func TestModelTargetDies(t *testing.T) {
	c := found(t, checkModel(t, modelConfig(newMortal(t).start())))
	if c.Mismatch.Aspect != oracle.AspectNoReply || c.Reason != peer.ReasonClosed || c.Confirmed {
		t.Errorf("%+v", summaryOf(c))
	}
}

func TestModelRevive(t *testing.T) {
	m := newMortal(t)
	cfg := modelConfig(m.start())
	revived := 0
	cfg.Revive = func(context.Context) (string, error) { revived++; m.die(); return m.start(), nil }
	wantSummary(t, found(t, checkModel(t, cfg)), summary{1, oracle.AspectNoReply, peer.ReasonClosed, true})
	if revived == 0 {
		t.Error("nobody asked for it")
	}
}

func TestModelReviveFails(t *testing.T) {
	cfg := modelConfig(newMortal(t).start())
	tried := 0
	cfg.Revive = func(context.Context) (string, error) { tried++; return "", errors.New("gone for good") }
	if c := found(t, checkModel(t, cfg)); c.Confirmed || tried != 1 {
		t.Errorf("%+v after %d tries to revive the target; want one", summaryOf(c), tried)
	}
}

// TestModelEndless is about replies that never end.
func TestModelEndless(t *testing.T) {
	tests := []struct {
		name  string
		reply string
		want  oracle.Aspect
	}{
		{"Form", "ok\n" + strings.Repeat("garbage\n", 8000), oracle.AspectExtraSample},
		{"NoLine", strings.Repeat("garbage ", 8000), oracle.AspectNotAReply},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			ln, err := net.Listen("tcp", "127.0.0.1:0")
			if err != nil {
				t.Fatal(err)
			}
			t.Cleanup(func() { ln.Close() })
			go func() {
				for {
					c, err := ln.Accept()
					if err != nil {
						return
					}
					go flood(c, tt.reply)
				}
			}()
			cfg := modelConfig(ln.Addr().String())
			cfg.ShrinkBudget = -1
			c := found(t, checkModel(t, cfg))
			wantSummary(t, c, summary{1, tt.want, peer.ReasonTooLong, true})
			if kept := len(c.Steps[0].Reply); kept == 0 || kept > 10000 {
				t.Errorf("%d bytes kept", kept)
			}
		})
	}
}

func flood(c net.Conn, text string) {
	defer c.Close()
	for {
		if _, err := c.Write([]byte(text)); err != nil {
			return
		}
	}
}

// TestModelDribble is about a target that is not silent, and not done when our time is
// over: nothing is proved by that.
func TestModelDribble(t *testing.T) {
	cfg := modelConfig(dribbling(t))
	cfg.Budget, cfg.Patience = 4*soon, 60*soon
	if res := checkModel(t, cfg); res.Failure != nil || res.Executed != 0 {
		t.Errorf("%+v; want nothing", res)
	}
}

// dribbling returns the address of a target whose replies take longer than that.
func dribbling(t *testing.T) string {
	t.Helper()
	ln, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { ln.Close() })
	go func() {
		for {
			c, err := ln.Accept()
			if err != nil {
				return
			}
			go dribble(c)
		}
	}()
	return ln.Addr().String()
}

func dribble(c net.Conn) {
	defer c.Close()
	for _, b := range []byte(okEmpty) {
		time.Sleep(20 * soon)
		if _, err := c.Write([]byte{b}); err != nil {
			return
		}
	}
}

func TestModelFlaky(t *testing.T) {
	s := newStore()
	var gets atomic.Int64
	s.get = func(_ int, key string) string {
		if gets.Add(1) == 30 {
			return "ok\nother 1 1\n\n"
		}
		return show(s.series[key])
	}
	c := found(t, checkModel(t, modelConfig(serve(t, s.answer))))
	if c.Mismatch.Aspect != oracle.AspectForeignKey || c.Confirmed || len(c.Events) == 0 {
		t.Errorf("%+v; want a foreign key, not confirmed", summaryOf(c))
	}
}

// TestModelSometimes is about a fault that shows in every second sequence only.
func TestModelSometimes(t *testing.T) {
	s := newStore()
	s.get = func(conn int, key string) string {
		if series := s.series[key]; conn%2 == 0 && len(series) > 1 {
			return show(series[1:])
		}
		return show(s.series[key])
	}
	cfg := modelConfig(serve(t, s.answer))
	cfg.Connections = 1
	wantSummary(t, found(t, checkModel(t, cfg)), summary{3, oracle.AspectMissingSample, "", true})
}

// TestModelBudget has a target that takes its time. What fits is played, and no more.
func TestModelBudget(t *testing.T) {
	s := newStore()
	slow := func(conn int, line string) string {
		time.Sleep(soon)
		return s.answer(conn, line)
	}
	cfg := modelConfig(serve(t, slow))
	cfg.Checks = 3
	if res := checkModel(t, cfg); res.Executed != 3 || res.Failure != nil {
		t.Errorf("%+v; want 3 sequences", res)
	}
	cfg.Checks, cfg.Budget = -1, 10*soon
	if res := checkModel(t, cfg); res.Executed > 10 || res.Requests > 11 || res.Failure != nil {
		t.Errorf("%+v; want no more than 11 requests", res)
	}
}

// TestModelNoShrinking sees a failing sequence as it was drawn.
func TestModelNoShrinking(t *testing.T) {
	s := newStore()
	keepBoth(s)
	cfg := modelConfig(serve(t, s.answer))
	cfg.ShrinkBudget = -1
	res := checkModel(t, cfg)
	if c := found(t, res); !c.Confirmed || len(c.Steps) <= 3 || res.Shrinks != 1 {
		t.Errorf("%+v after %d more sequences; want the whole one, played twice", summaryOf(c), res.Shrinks)
	}
}

// TestModelSideBySide runs several checks at once, which take turns.
func TestModelSideBySide(t *testing.T) {
	var all sync.WaitGroup
	for i := range 6 {
		s := newStore()
		if i%2 == 1 {
			keepBoth(s)
		}
		cfg := modelConfig(serve(t, s.answer))
		cfg.Checks = 40
		all.Go(func() {
			res, err := property.CheckModel(t.Context(), cfg)
			if err != nil || (res.Failure != nil) != (i%2 == 1) {
				t.Errorf("target %d: %+v, %v", i, res, err)
			}
		})
	}
	all.Wait()
}

// TestModelOnlySlow is about a target that hangs once and is slow from then on: what
// looks like the same while a failure is shrunk is not taken for it.
func TestModelOnlySlow(t *testing.T) {
	const lost = 5 // the step that gets no reply
	s, last, steps, hung := newStore(), 0, 0, false
	cfg := modelConfig(serve(t, func(conn int, line string) string {
		s.mu.Lock()
		if last != conn {
			last, steps = conn, 0
		}
		steps++
		first, slow := !hung && steps == lost, hung
		hung = hung || first
		s.mu.Unlock()
		switch {
		case first:
			return hang(t)
		case slow:
			time.Sleep(3 * soon)
		}
		return s.answer(conn, line)
	}))
	cfg.Connections, cfg.Patience, cfg.ShrinkBudget = 1, 20*soon, 20*soon
	wantSummary(t, found(t, checkModel(t, cfg)), summary{lost, oracle.AspectNoReply, peer.ReasonTimeout, false})
}

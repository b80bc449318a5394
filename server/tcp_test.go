package server_test

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/putget-protocol/putget/server"
	"github.com/putget-protocol/putget/server/memory"
)

// patience bounds waits that a sound server ends much sooner.
const patience = 30 * time.Second

// listen starts a server for cfg, with a memory store if it has none, on a
// loopback port, and closes it when the test ends.
func listen(tb testing.TB, cfg server.Config) (*server.Server, string) {
	tb.Helper()
	if cfg.Store == nil {
		cfg.Store = memory.New()
	}
	srv, err := server.New(cfg)
	if err != nil {
		tb.Fatal(err)
	}
	ln, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		tb.Fatal(err)
	}
	served := make(chan error, 1)
	go func() { served <- srv.Serve(ln) }()
	tb.Cleanup(func() {
		if err := errors.Join(srv.Close(), srv.Shutdown(context.Background())); err != nil {
			tb.Errorf("closing: %v", err)
		}
		if err := <-served; !errors.Is(err, server.ErrServerClosed) {
			tb.Errorf("Serve() = %v, want ErrServerClosed", err)
		}
	})
	return srv, ln.Addr().String()
}

// dial connects to addr; the connection is closed when the test ends.
func dial(tb testing.TB, addr string) *net.TCPConn {
	tb.Helper()
	nc, err := net.Dial("tcp", addr)
	if err != nil {
		tb.Fatal(err)
	}
	tb.Cleanup(func() { nc.Close() })
	if err := nc.SetDeadline(time.Now().Add(patience)); err != nil {
		tb.Fatal(err)
	}
	return nc.(*net.TCPConn)
}

// exchange sends s and reads exactly the bytes of want.
func exchange(tb testing.TB, nc net.Conn, s, want string) {
	tb.Helper()
	if _, err := io.WriteString(nc, s); err != nil {
		tb.Fatal(err)
	}
	got := make([]byte, len(want))
	if n, err := io.ReadFull(nc, got); err != nil || string(got) != want {
		tb.Fatalf("%.60q: got %.200q, %v, want %.200q", s, got[:n], err, want)
	}
}

// TestHalfClose: what was complete is answered, what was not is dropped, and the
// server closes without a reset.
func TestHalfClose(t *testing.T) {
	_, addr := listen(t, server.Config{})
	nc := dial(t, addr)
	if _, err := io.WriteString(nc, "put a 1 2\nget a\nwrong\nput a 3 4"); err != nil {
		t.Fatal(err)
	}
	if err := nc.CloseWrite(); err != nil {
		t.Fatal(err)
	}
	got, err := io.ReadAll(nc)
	if want := ok + "ok\na 1.0 2\n\n" + wrong; string(got) != want || err != nil {
		t.Errorf("got %q, %v, want %q", got, err, want)
	}
	exchange(t, dial(t, addr), "get a\n", "ok\na 1.0 2\n\n")
}

// TestManySessions holds 250 sessions open and uses all of them [SES-003].
func TestManySessions(t *testing.T) {
	_, addr := listen(t, server.Config{})
	conns := make([]net.Conn, 250)
	for i := range conns {
		conns[i] = dial(t, addr)
	}
	var wg sync.WaitGroup
	for i, nc := range conns {
		wg.Go(func() {
			for j := range 20 {
				if _, err := fmt.Fprintf(nc, "put a %d %d\n", j, i); err != nil {
					t.Error(err)
					return
				}
				if _, err := io.ReadFull(nc, make([]byte, len(ok))); err != nil {
					t.Error(err)
					return
				}
			}
		})
	}
	wg.Wait()
	var want strings.Builder
	for i := range conns {
		fmt.Fprintf(&want, "a 19.0 %d\n", i)
	}
	exchange(t, conns[0], "get a\n", "ok\n"+want.String()+"\n")
}

// TestBacklog: a connection over the limit is established by the kernel, waits,
// and is served when another one has gone [SES-006].
func TestBacklog(t *testing.T) {
	_, addr := listen(t, server.Config{MaxConns: 1})
	first := dial(t, addr)
	exchange(t, first, "get a\n", ok)
	second := dial(t, addr)
	if _, err := io.WriteString(second, "get b\n"); err != nil {
		t.Fatal(err)
	}
	for range 50 { // the first one is served all the time
		exchange(t, first, "get a\n", ok)
	}
	first.Close()
	exchange(t, second, "", ok)
}

// fill puts a series of n samples, of about 20 bytes each in a reply.
func fill(tb testing.TB, nc net.Conn, key string, n int) {
	tb.Helper()
	var puts strings.Builder
	for i := range n {
		fmt.Fprintf(&puts, "put %s 0.5 %d\n", key, 1_500_000_000+i)
	}
	go io.WriteString(nc, puts.String()) // read meanwhile, or both sides block
	exchange(tb, nc, "", strings.Repeat(ok, n))
}

// TestPeerThatDoesNotRead asks for much more than the kernel holds and reads
// nothing. The others do not notice, and it is cut in the end.
func TestPeerThatDoesNotRead(t *testing.T) {
	var log logBuffer
	_, addr := listen(t, server.Config{WriteTimeout: 200 * time.Millisecond, Logger: log.logger(slog.LevelWarn)})
	other := dial(t, addr)
	fill(t, other, "long", 20_000)
	stuck := dial(t, addr)
	if _, err := io.WriteString(stuck, strings.Repeat("get long\n", 100)); err != nil {
		t.Fatal(err)
	}
	for end := time.Now().Add(patience); log.count("does not read") == 0; {
		if time.Now().After(end) {
			t.Fatal("the peer was not cut")
		}
		exchange(t, other, "put a 1 2\nget a\n", ok+"ok\na 1.0 2\n\n")
	}
	n, err := io.Copy(io.Discard, stuck)
	if whole := int64(100 * 20_000 * 20); n >= whole {
		t.Errorf("read %d bytes and then %v after the cut", n, err)
	}
}

// TestLongReplyIsWhole reads 20 MB, much more than the kernel holds [REP-010].
func TestLongReplyIsWhole(t *testing.T) {
	_, addr := listen(t, server.Config{})
	nc := dial(t, addr)
	fill(t, nc, "long", 50_000)
	if _, err := io.WriteString(nc, strings.Repeat("get long\n", 20)); err != nil {
		t.Fatal(err)
	}
	if err := nc.CloseWrite(); err != nil {
		t.Fatal(err)
	}
	lines := bufio.NewScanner(nc)
	replies, samples := 0, 0
	for lines.Scan() {
		switch line := lines.Text(); {
		case line == "ok":
			samples = 0
		case line == "":
			if samples != 50_000 {
				t.Fatalf("reply %d has %d samples", replies, samples)
			}
			replies++
		case line == fmt.Sprintf("long 0.5 %d", 1_500_000_000+samples):
			samples++
		default:
			t.Fatalf("unexpected line %q", line)
		}
	}
	if replies != 20 || lines.Err() != nil {
		t.Errorf("%d replies, %v", replies, lines.Err())
	}
}

// A peekListener lets a test see what the kernel holds for the server.
type peekListener struct {
	net.Listener
	conns chan *net.TCPConn
}

func (l *peekListener) Accept() (net.Conn, error) {
	nc, err := l.Listener.Accept()
	if err == nil {
		l.conns <- nc.(*net.TCPConn)
	}
	return nc, err
}

// waitReceived waits until the kernel holds n bytes that nc has not read.
func waitReceived(t *testing.T, nc *net.TCPConn, n int) {
	t.Helper()
	raw, err := nc.SyscallConn()
	if err != nil {
		t.Fatal(err)
	}
	buf := make([]byte, n)
	for end := time.Now().Add(patience); time.Now().Before(end); time.Sleep(time.Millisecond) {
		got := 0
		if err := raw.Control(func(fd uintptr) {
			got, _, _ = syscall.Recvfrom(int(fd), buf, syscall.MSG_PEEK)
		}); err != nil {
			t.Fatal(err)
		}
		if got >= n {
			return
		}
	}
	t.Fatalf("the kernel did not receive %d bytes", n)
}

// TestShutdownAnswersWhatTheKernelHas: requests count as received when they have
// come to this machine, even if the server has not read them yet.
func TestShutdownAnswersWhatTheKernelHas(t *testing.T) {
	g := newGate()
	srv, err := server.New(server.Config{Store: newGated(&g)})
	if err != nil {
		t.Fatal(err)
	}
	tcp, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	ln := &peekListener{tcp, make(chan *net.TCPConn, 1)}
	served := make(chan error, 1)
	go func() { served <- srv.Serve(ln) }()

	nc := dial(t, tcp.Addr().String())
	accepted := <-ln.conns
	if _, err := io.WriteString(nc, "put slow 1 2\n"); err != nil {
		t.Fatal(err)
	}
	// Once the first put is read and stuck in the store, the rest stays in the kernel.
	late := strings.Repeat("put a 1 2\n", 3000)
	<-g.entered
	if _, err := io.WriteString(nc, late+"put half"); err != nil {
		t.Fatal(err)
	}
	waitReceived(t, accepted, len(late)+len("put half"))
	done := make(chan error, 1)
	go func() { done <- srv.Shutdown(t.Context()) }()
	if err := <-served; !errors.Is(err, server.ErrServerClosed) {
		t.Errorf("Serve() = %v", err)
	}
	close(g.open)
	got, err := io.ReadAll(nc)
	if want := strings.Repeat(ok, 3001); string(got) != want || err != nil {
		t.Errorf("got %d bytes, %v, want %d", len(got), err, len(want))
	}
	if err := <-done; err != nil {
		t.Errorf("Shutdown() = %v", err)
	}
}

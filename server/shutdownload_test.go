package server_test

import (
	"bufio"
	"bytes"
	"context"
	"fmt"
	"io"
	"net"
	"sync"
	"sync/atomic"
	"testing"

	"github.com/putget-protocol/putget/server"
	"github.com/putget-protocol/putget/server/memory"
)

// TestShutdownUnderLoad shuts down while clients connect and put. Every put that
// was acknowledged is in the store, every reply is whole, and nobody hangs.
func TestShutdownUnderLoad(t *testing.T) {
	for round := range 10 {
		store := memory.New()
		srv, addr := listen(t, server.Config{Store: store})
		var acknowledged [8]atomic.Int64
		var clients sync.WaitGroup
		started := make(chan struct{}, len(acknowledged))
		for c := range acknowledged {
			clients.Go(func() { putUntilEnd(t, addr, c, &acknowledged[c], started) })
		}
		for range acknowledged {
			<-started
		}
		ctx, cancel := context.WithTimeout(t.Context(), patience)
		if err := srv.Shutdown(ctx); err != nil {
			t.Errorf("round %d: Shutdown() = %v", round, err)
		}
		cancel()
		clients.Wait()
		for c := range acknowledged {
			stored := int64(0)
			_ = store.Get(t.Context(), fmt.Appendf(nil, "key.%d", c), func(_ []byte, run []server.Sample) error {
				stored += int64(len(run))
				return nil
			})
			if n := acknowledged[c].Load(); stored < n || n == 0 {
				t.Errorf("round %d: client %d has %d acknowledged puts, %d are stored", round, c, n, stored)
			}
		}
	}
}

// putUntilEnd puts one sample after the other, in pairs, and connects anew now
// and then, until the server is gone.
func putUntilEnd(t *testing.T, addr string, c int, acknowledged *atomic.Int64, started chan<- struct{}) {
	for n := 0; ; {
		nc, err := net.Dial("tcp", addr)
		if err != nil {
			return
		}
		br := bufio.NewReader(nc)
		for range 70 {
			_, _ = fmt.Fprintf(nc, "put key.%d 1 %d\nput key.%d 1 %d\n", c, n, c, n+1)
			for range 2 {
				reply := make([]byte, len(ok))
				if k, err := io.ReadFull(br, reply); err != nil {
					if k != 0 {
						t.Errorf("client %d: reply ends in the middle: %q", c, reply[:k])
					}
					nc.Close()
					return
				}
				if !bytes.Equal(reply, []byte(ok)) {
					t.Errorf("client %d: reply %q", c, reply)
				}
				n++
				acknowledged.Store(int64(n))
			}
			if n == 100 {
				started <- struct{}{}
			}
		}
		nc.Close()
	}
}

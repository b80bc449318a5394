package client_test

import (
	"bytes"
	"context"
	"testing"

	"github.com/putget-protocol/putget/client"
)

// acknowledge answers every line with ok, all lines of a read in one write.
func acknowledge(p *peer) {
	buf, out := make([]byte, 64<<10), make([]byte, 0, 64<<10)
	for {
		n, err := p.conn.Read(buf)
		if err != nil {
			return
		}
		out = out[:0]
		for range bytes.Count(buf[:n], []byte{'\n'}) {
			out = append(out, "ok\n\n"...)
		}
		if _, err := p.conn.Write(out); err != nil {
			return
		}
	}
}

// A put allocates nothing. Under the race detector a spare call is lost now and
// then, which the average rounds away.
func TestPutDoesNotAllocate(t *testing.T) {
	c := dial(t, client.Config{}, acknowledge)
	allocs := testing.AllocsPerRun(2000, func() {
		if err := c.Put(context.Background(), "palm.cpu", 23.7, 1503319740); err != nil {
			t.Fatal(err)
		}
	})
	if allocs > 0 {
		t.Errorf("a put makes %v allocations, want none", allocs)
	}
}

func BenchmarkPut(b *testing.B) {
	b.Run("Depth1", func(b *testing.B) {
		c := dial(b, client.Config{}, acknowledge)
		b.ReportAllocs()
		for b.Loop() {
			if err := c.Put(context.Background(), "palm.cpu", 23.7, 1503319740); err != nil {
				b.Fatal(err)
			}
		}
	})
	b.Run("Depth1Cancellable", func(b *testing.B) {
		c := dial(b, client.Config{}, acknowledge)
		ctx := b.Context()
		b.ReportAllocs()
		for b.Loop() {
			if err := c.Put(ctx, "palm.cpu", 23.7, 1503319740); err != nil {
				b.Fatal(err)
			}
		}
	})
	b.Run("Concurrent64", func(b *testing.B) {
		c := dial(b, client.Config{}, acknowledge)
		b.ReportAllocs()
		b.SetParallelism(32)
		b.RunParallel(func(pb *testing.PB) {
			for pb.Next() {
				if err := c.Put(context.Background(), "palm.cpu", 23.7, 1503319740); err != nil {
					b.Error(err)
				}
			}
		})
	})
	b.Run("Batch", func(b *testing.B) {
		c := dial(b, client.Config{}, acknowledge)
		batch := c.NewBatch(nil)
		p := point("palm.cpu", 23.7, 1503319740)
		b.ReportAllocs()
		for b.Loop() {
			if err := batch.Put(context.Background(), p); err != nil {
				b.Fatal(err)
			}
		}
		if err := batch.Wait(context.Background()); err != nil {
			b.Fatal(err)
		}
	})
}

func BenchmarkGet1000(b *testing.B) {
	reply := []byte("ok\n")
	for i := range 1000 {
		reply = append(reply, "palm.cpu 23.7 "...)
		reply = append(reply, byte('0'+i/100), byte('0'+i/10%10), byte('0'+i%10), '\n')
	}
	reply = append(reply, '\n')
	c := dial(b, client.Config{}, func(p *peer) {
		for {
			if _, err := p.br.ReadSlice('\n'); err != nil {
				return
			}
			if _, err := p.conn.Write(reply); err != nil {
				return
			}
		}
	})
	b.ReportAllocs()
	b.SetBytes(int64(len(reply)))
	for b.Loop() {
		if _, err := c.Get(context.Background(), "palm.cpu"); err != nil {
			b.Fatal(err)
		}
	}
}

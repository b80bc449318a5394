package server_test

import (
	"fmt"
	"io"
	"strings"
	"testing"
	"time"

	"github.com/putget-protocol/putget/server"
)

// benchmark sends one request after the other over loopback, depth at a time,
// and reads the replies. request returns request i; all replies are the same.
// The figures are for one request, client included.
func benchmark(b *testing.B, prepare string, request func(i int) string, reply string) {
	for _, depth := range []int{1, 64} {
		b.Run(fmt.Sprintf("Depth%d", depth), func(b *testing.B) {
			_, addr := listen(b, server.Config{})
			nc := dial(b, addr)
			exchange(b, nc, prepare, strings.Repeat(ok, strings.Count(prepare, "\n")))
			// Enough requests that no put repeats the one before it.
			pieces := make([][]byte, 64)
			for p := range pieces {
				for i := range depth {
					pieces[p] = append(pieces[p], request(p*depth+i)...)
				}
			}
			if err := nc.SetDeadline(time.Time{}); err != nil {
				b.Fatal(err)
			}
			replies := make([]byte, depth*len(reply))
			b.ReportAllocs()
			b.ResetTimer()
			for n := 0; n < b.N; n += depth {
				if _, err := nc.Write(pieces[n/depth%len(pieces)]); err != nil {
					b.Fatal(err)
				}
				if _, err := io.ReadFull(nc, replies); err != nil {
					b.Fatal(err)
				}
			}
			b.StopTimer()
			if got := string(replies); got != strings.Repeat(reply, depth) {
				b.Fatalf("got %.200q", got)
			}
		})
	}
}

func BenchmarkPut(b *testing.B) {
	benchmark(b, "", func(i int) string { return fmt.Sprintf("put palm.cpu 23.7 %d\n", 1503319740+i) }, ok)
}

// BenchmarkGet reads a series of 10 samples.
func BenchmarkGet(b *testing.B) {
	var prepare, samples strings.Builder
	for i := range 10 {
		fmt.Fprintf(&prepare, "put palm.cpu 23.7 %d\n", 1503319740+i)
		fmt.Fprintf(&samples, "palm.cpu 23.7 %d\n", 1503319740+i)
	}
	benchmark(b, prepare.String(), func(int) string { return "get palm.cpu\n" }, "ok\n"+samples.String()+"\n")
}

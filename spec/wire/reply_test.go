package wire_test

import (
	"strconv"
	"testing"

	"github.com/putget-protocol/putget/spec/wire"
)

func TestAppendOKReply(t *testing.T) {
	reply := wire.AppendOK([]byte("before "))
	reply = wire.AppendSample(reply, "palm.cpu", 13, 1503319739)
	reply = wire.AppendSample(reply, []byte("palm.cpu"), 12.5, -1)
	reply = wire.AppendEnd(reply)
	want := "before ok\npalm.cpu 13.0 1503319739\npalm.cpu 12.5 -1\n\n"
	if string(reply) != want {
		t.Errorf("got %q, want %q", reply, want)
	}
}

func TestAppendError(t *testing.T) {
	tests := []struct{ name, text, want string }{
		{"WrongCommand", wire.WrongCommand, "error\nwrong command\n\n"},
		{"UnknownOutcome", wire.UnknownOutcome, "error\nunknown outcome\n\n"},
		{"Empty", "", "error\n\n"},
		{"TwoLines", "storage failed\ntry later", "error\nstorage failed\ntry later\n\n"},
		{"TrailingLF", "storage failed\n", "error\nstorage failed\n\n"},
		{"OnlyLF", "\n\n", "error\n\n"},
		{"EmptyLines", "\n\na\n\n\nb\n\n", "error\na\nb\n\n"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if got := string(wire.AppendError(nil, tt.text)); got != tt.want {
				t.Errorf("got %q, want %q", got, tt.want)
			}
			if got := string(wire.AppendError([]byte("ok\n\n"), []byte(tt.text))); got != "ok\n\n"+tt.want {
				t.Errorf("behind another reply: got %q, want %q", got, "ok\n\n"+tt.want)
			}
		})
	}
}

func TestAppendAllocatesNothingIntoRoom(t *testing.T) {
	dst := make([]byte, 0, 1024)
	n := testing.AllocsPerRun(100, func() {
		b := wire.AppendPut(dst, "palm.cpu", 23.7, 1503319740)
		b = wire.AppendGet(b, "palm.cpu")
		b = wire.AppendGetAll(b)
		b = wire.AppendOK(b)
		b = wire.AppendSample(b, "palm.cpu", 0.30000000000000004, -1)
		b = wire.AppendEnd(b)
		_ = wire.AppendError(b, wire.WrongCommand)
	})
	if n != 0 {
		t.Errorf("got %v allocations, want 0", n)
	}
}

// BenchmarkAppendReply1000 is the figure of the package documentation.
func BenchmarkAppendReply1000(b *testing.B) {
	key := []byte("palm.cpu")
	values := make([]float64, 1000)
	for i := range values {
		values[i], _ = strconv.ParseFloat("23."+strconv.Itoa(i), 64)
	}
	var reply []byte
	b.ReportAllocs()
	for b.Loop() {
		reply = wire.AppendOK(reply[:0])
		for i, v := range values {
			reply = wire.AppendSample(reply, key, v, 1503319740+int64(i))
		}
		reply = wire.AppendEnd(reply)
	}
	b.SetBytes(int64(len(reply)))
}

package peer_test

import (
	"fmt"
	"io"
	"net"
	"strings"
	"sync"
	"testing"

	"github.com/putget-protocol/putget/conformance/peer"
)

func TestRecorderOfManyConnections(t *testing.T) {
	addr := serve(t, func(c net.Conn) { io.Copy(c, c) })
	rec := peer.NewRecorder()
	var wg sync.WaitGroup
	for i := range 10 {
		wg.Go(func() {
			conn, err := peer.Dial(t.Context(), rec, fmt.Sprintf("C%d", i), addr)
			if err != nil {
				t.Error(err)
				return
			}
			defer conn.Close()
			for range 10 {
				reply := fmt.Sprintf("ok\n%s\n\n", conn.Name())
				if err := conn.Send(t.Context(), []byte(reply)); err != nil {
					t.Error(err)
				}
				wantReply(t, conn, reply)
				rec.Events()
			}
		})
	}
	wg.Wait()
	events := rec.Events()
	for i, e := range events[1:] {
		if e.At < events[i].At {
			t.Fatalf("event %d is earlier than the one before: %v", i+1, e)
		}
	}
	if last := events[len(events)-1].At; rec.Since() < last {
		t.Errorf("the clock shows %s after an event at %s", rec.Since(), last)
	}
	lanes := map[string]int{}
	for _, e := range events {
		lanes[e.Conn] += len(e.Data)
	}
	for i := range 10 {
		if got, want := lanes[fmt.Sprintf("C%d", i)], 2*10*len("ok\nC0\n\n"); got != want {
			t.Errorf("lane C%d holds %d bytes; want %d", i, got, want)
		}
	}
}

// What slow readers read piece by piece is one event, but not across lanes.
func TestSlowReadersKeepTheirLanes(t *testing.T) {
	rec := peer.NewRecorder()
	addr := serve(t, func(c net.Conn) { io.WriteString(c, "ok\n\nok\n\n") })
	var conns []*peer.Conn
	for _, name := range []string{"A", "B"} {
		conn, err := peer.Dial(t.Context(), rec, name, addr)
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(conn.Close)
		conn.SetReadPace(1, 0)
		conns = append(conns, conn)
	}
	for range 2 {
		for _, conn := range conns {
			wantReply(t, conn, "ok\n\n")
		}
	}
	var got []string
	for _, e := range rec.Events()[2:] {
		got = append(got, e.Conn+string(e.Data))
	}
	if want := "Aok\n\n Bok\n\n Aok\n\n Bok\n\n"; strings.Join(got, " ") != want {
		t.Errorf("recorded %q; want %q", got, want)
	}
}

func TestJoin(t *testing.T) {
	event := func(conn string, kind peer.Kind, data string) peer.Event {
		return peer.Event{Conn: conn, Kind: kind, Data: []byte(data)}
	}
	shared := []byte("pu and more")
	events := []peer.Event{
		event("A", peer.Dialed, ""), event("B", peer.Dialed, ""),
		{Conn: "A", Kind: peer.Sent, Data: shared[:2]},
		event("B", peer.Sent, "x"), event("A", peer.Sent, "t"),
		event("A", peer.Received, "o"), event("A", peer.Received, "k"), event("B", peer.Sent, "y"),
		event("A", peer.Sent, "z"), event("A", peer.Noted, ""), event("A", peer.Noted, ""),
	}
	var got []string
	for _, e := range peer.Join(events) {
		got = append(got, fmt.Sprintf("%s %s %s", e.Conn, e.Kind, e.Data))
	}
	want := "A dialed |B dialed |A sent put|B sent xy|A received ok|A sent z|A noted |A noted "
	if joined := strings.Join(got, "|"); joined != want {
		t.Errorf("Join gives %q; want %q", joined, want)
	}
	if string(shared) != "pu and more" {
		t.Errorf("Join changed the bytes of its argument: %q", shared)
	}
}

func TestEventString(t *testing.T) {
	rec := peer.NewRecorder()
	rec.Remark("A", "the target died")
	if got := rec.Events()[0].String(); !strings.HasSuffix(got, "ms A noted (the target died)") {
		t.Errorf("String() = %q", got)
	}
	e := peer.Event{Conn: "B", At: 1500000, Kind: peer.Sent, Data: []byte("get \xff\n")}
	if got, want := strings.TrimSpace(e.String()), `1.500ms B sent "get \xff\n"`; got != want {
		t.Errorf("String() = %q; want %q", got, want)
	}
}

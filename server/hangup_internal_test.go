package server

// These tests need the end of a session, or the memory of a session, alone.

import (
	"io"
	"net"
	"strings"
	"testing"
	"time"
)

// tcpPair returns both ends of a loopback connection.
func tcpPair(t *testing.T) (ours, theirs *net.TCPConn) {
	t.Helper()
	ln, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer ln.Close()
	client, err := net.Dial("tcp", ln.Addr().String())
	if err != nil {
		t.Fatal(err)
	}
	server, err := ln.Accept()
	if err != nil {
		t.Fatal(err)
	}
	for _, nc := range []net.Conn{client, server} {
		t.Cleanup(func() { nc.Close() })
		if err := nc.SetDeadline(time.Now().Add(30 * time.Second)); err != nil {
			t.Fatal(err)
		}
	}
	return server.(*net.TCPConn), client.(*net.TCPConn)
}

// TestHangUpSendsNoReset ends a session over bytes that were never read: the peer
// gets its reply and a proper end of stream.
func TestHangUpSendsNoReset(t *testing.T) {
	ours, theirs := tcpPair(t)
	if _, err := io.WriteString(theirs, strings.Repeat("x", 30_000)); err != nil {
		t.Fatal(err)
	}
	if err := theirs.CloseWrite(); err != nil {
		t.Fatal(err)
	}
	c := newConn(ours, Config{Logger: discard}, nil)
	if _, err := io.WriteString(ours, "ok\n\n"); err != nil {
		t.Fatal(err)
	}
	c.hangUp()
	// This peer has ended its side and sees no reset on Linux; look for its cause.
	if n := readReceived(ours, make([]byte, 1)); n > 0 {
		t.Error("bytes are left unread, over which closing sends a reset")
	}
	if err := ours.Close(); err != nil {
		t.Fatal(err)
	}
	if got, err := io.ReadAll(theirs); string(got) != "ok\n\n" || err != nil {
		t.Errorf("peer read %q, %v, want the reply and EOF", got, err)
	}
}

// TestHangUpIsBounded: a peer that goes on sending, or does nothing, holds up the
// end of its session for a moment only.
func TestHangUpIsBounded(t *testing.T) {
	for name, act := range map[string]func(nc net.Conn){
		"Sends": func(nc net.Conn) {
			for err := error(nil); err == nil; {
				_, err = io.WriteString(nc, strings.Repeat("x", 30_000))
			}
		},
		"DoesNothing": func(net.Conn) {},
	} {
		t.Run(name, func(t *testing.T) {
			ours, theirs := tcpPair(t)
			go act(theirs)
			c := newConn(ours, Config{Logger: discard}, nil)
			start := time.Now()
			c.hangUp()
			if d := time.Since(start); d > 20*time.Second {
				t.Errorf("took %v", d)
			}
			ours.Close()
		})
	}
}

package server_test

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log"
	"net"

	"github.com/putget-protocol/putget/server"
	"github.com/putget-protocol/putget/server/memory"
)

func Example() {
	srv, err := server.New(server.Config{Store: memory.New()})
	if err != nil {
		log.Fatal(err)
	}
	ln, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		log.Fatal(err)
	}
	served := make(chan error)
	go func() { served <- srv.Serve(ln) }()

	nc, err := net.Dial("tcp", ln.Addr().String())
	if err != nil {
		log.Fatal(err)
	}
	fmt.Fprint(nc, "put palm.cpu 23.7 1503319740\nget palm.cpu\n")
	if err := nc.(*net.TCPConn).CloseWrite(); err != nil {
		log.Fatal(err)
	}
	replies, err := io.ReadAll(nc)
	if err != nil {
		log.Fatal(err)
	}
	fmt.Printf("%s", replies)

	if err := srv.Shutdown(context.Background()); err != nil {
		log.Fatal(err)
	}
	fmt.Println(errors.Is(<-served, server.ErrServerClosed))
	// Output:
	// ok
	//
	// ok
	// palm.cpu 23.7 1503319740
	//
	// true
}

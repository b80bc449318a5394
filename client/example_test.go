package client_test

import (
	"context"
	"errors"
	"fmt"
	"log"
	"time"

	"github.com/putget-protocol/putget/client"
)

func Example() {
	ctx := context.Background()
	c, err := client.Dial(ctx, "127.0.0.1:8888", client.Config{Timeout: 5 * time.Second})
	if err != nil {
		log.Fatal(err)
	}
	defer c.Close()

	if err := c.Put(ctx, "palm.cpu", 23.7, 1503319740); err != nil {
		log.Fatal(err)
	}
	samples, err := c.Get(ctx, "palm.cpu")
	if err != nil {
		log.Fatal(err)
	}
	for _, s := range samples {
		fmt.Println(s.Timestamp, s.Value)
	}
}

// After a refusal the client can go on; after a failed connection it cannot.
func Example_errors() {
	ctx := context.Background()
	c, err := client.Dial(ctx, "127.0.0.1:8888", client.Config{})
	if err != nil {
		log.Fatal(err)
	}
	defer c.Close()

	err = c.PutNow(ctx, "palm.cpu", 23.7)
	if refusal, ok := errors.AsType[*client.ServerError](err); ok {
		fmt.Println("not stored:", refusal.Text)
	} else if failure, ok := errors.AsType[*client.ProtocolError](err); ok {
		fmt.Println("make a new client; the put may be stored:", failure.Sent)
	}
}

// A batch puts a stream of points of any length.
func ExampleBatch() {
	ctx := context.Background()
	c, err := client.Dial(ctx, "127.0.0.1:8888", client.Config{})
	if err != nil {
		log.Fatal(err)
	}
	defer c.Close()

	batch := c.NewBatch(func(index int, err error) {
		if err != nil {
			fmt.Printf("put %d: %v\n", index, err)
		}
	})
	for timestamp := range int64(1_000_000) {
		p := client.Point{Key: "palm.cpu", Sample: client.Sample{Timestamp: timestamp, Value: 23.7}}
		if err := batch.Put(ctx, p); err != nil {
			log.Fatal(err)
		}
	}
	if err := batch.Wait(ctx); err != nil {
		log.Fatal(err)
	}
}

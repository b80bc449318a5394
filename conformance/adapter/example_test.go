package adapter_test

import (
	"time"

	"github.com/putget-protocol/putget/conformance/adapter"
)

// A Go client and its adapter. The document of adapters shows the same.
func ExampleMain() {
	adapter.Main(func(host string, port int, timeout time.Duration) (judged, error) {
		c, err := client.Dial(host, port, timeout) // a timeout of 0: none was given
		return judged{c}, err
	})
}

type judged struct{ *theirClient }

func (j judged) Put(key string, value float64, timestamp ...int64) error {
	if len(timestamp) == 0 {
		return j.PutNow(key, value)
	}
	return j.PutAt(key, value, timestamp[0])
}

func (j judged) Get(key string) (map[string][]adapter.Sample, error) {
	all := make(map[string][]adapter.Sample)
	series, err := j.Series(key)
	for key, samples := range series {
		for _, s := range samples {
			all[key] = append(all[key], adapter.Sample{Timestamp: s.Time, Value: s.Value})
		}
	}
	return all, err
}

// Client stands for the package of a client.
var client theirPackage

type theirPackage struct{}

func (theirPackage) Dial(string, int, time.Duration) (*theirClient, error) { return nil, nil }

type theirClient struct{}

type theirSample struct {
	Time  int64
	Value float64
}

func (*theirClient) PutNow(string, float64) error                    { return nil }
func (*theirClient) PutAt(string, float64, int64) error              { return nil }
func (*theirClient) Series(string) (map[string][]theirSample, error) { return nil, nil }

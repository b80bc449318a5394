package main

import (
	"fmt"

	"github.com/putget-protocol/putget/conformance/cases"
	"github.com/putget-protocol/putget/spec"
)

// casesOf returns the cases of a side, of both when it is empty.
func casesOf(side spec.Side) ([]cases.Case, error) {
	var all []cases.Case
	if side != spec.Client {
		servers, err := cases.All()
		if err != nil {
			return nil, err
		}
		all = servers
	}
	if side != spec.Server {
		clients, err := cases.AllClient()
		if err != nil {
			return nil, err
		}
		all = append(all, clients...)
	}
	return all, nil
}

// A sideFlag is a flag whose value is a side.
type sideFlag struct{ side *spec.Side }

func (s *sideFlag) String() string {
	if s.side == nil {
		return ""
	}
	return string(*s.side)
}

func (s *sideFlag) Type() string { return "SIDE" }

func (s *sideFlag) Set(text string) error {
	switch side := spec.Side(text); side {
	case spec.Server, spec.Client:
		*s.side = side
		return nil
	default:
		return fmt.Errorf("want server or client")
	}
}

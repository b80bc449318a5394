package main

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"regexp"
	"time"

	"github.com/putget-protocol/putget/spec"
)

// A listed is a target as the file of matrix --run lists it; targets.schema.json says the
// same in another language.
type listed struct {
	Name   string     `json:"name"`
	Side   spec.Side  `json:"side"`  // server when it is not there
	Level  spec.Level `json:"level"` // full when it is not there
	Addr   string     `json:"addr"`  // exactly one of this and the next three is there
	Exec   string     `json:"exec"`
	Python string     `json:"python"`
	Node   string     `json:"node"`
	Limit  string     `json:"limit"` // a duration; that of --limit when it is not there

	limit  time.Duration // 0: none of its own
	folder string        // where its command runs
}

// listedName is what a name may be: it is part of the name of a file, too.
var listedName = regexp.MustCompile(`^[\p{L}\p{N}][\p{L}\p{N} ._+-]{0,59}$`)

// readTargets reads a list of targets. The error names the target and what is wrong.
func readTargets(name string) ([]listed, error) {
	data, err := os.ReadFile(name)
	if err != nil {
		return nil, err
	}
	folder, err := filepath.Abs(filepath.Dir(name))
	if err != nil {
		return nil, err
	}
	targets, err := parseTargets(data)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", name, err)
	}
	for i := range targets {
		targets[i].folder = folder
	}
	return targets, nil
}

func parseTargets(data []byte) ([]listed, error) {
	var list struct {
		Schema  string   `json:"$schema"` // for editors
		Targets []listed `json:"targets"`
	}
	d := json.NewDecoder(bytes.NewReader(data))
	d.DisallowUnknownFields()
	if err := d.Decode(&list); err != nil {
		return nil, err
	}
	if _, err := d.Token(); !errors.Is(err, io.EOF) {
		return nil, errors.New("something stands behind the list")
	}
	if len(list.Targets) == 0 {
		return nil, errors.New(`want "targets", a list of at least one target`)
	}
	seen := make(map[string]bool)
	for i := range list.Targets {
		t := &list.Targets[i]
		if err := t.fill(); err != nil {
			return nil, fmt.Errorf("target %d, %q: %w", i+1, t.Name, err)
		}
		if seen[t.file()] {
			return nil, fmt.Errorf("target %d, %q: this name is there twice for a %s at level %s", i+1, t.Name, t.Side, t.Level)
		}
		seen[t.file()] = true
	}
	return list.Targets, nil
}

// fill sets what is not there, and says what is wrong with the rest.
func (t *listed) fill() error {
	if t.Side == "" {
		t.Side = spec.Server
	}
	if t.Level == "" {
		t.Level = spec.Full
	}
	sources := 0
	for _, source := range []string{t.Addr, t.Exec, t.Python, t.Node} {
		if source != "" {
			sources++
		}
	}
	switch {
	case !listedName.MatchString(t.Name):
		return errors.New("want a name of at most 60 letters, digits, spaces and . _ + -, the first of them a letter or a digit")
	case t.Side != spec.Server && t.Side != spec.Client:
		return fmt.Errorf("the side is %q, want server or client", t.Side)
	case t.Level != spec.Core && t.Level != spec.Full:
		return fmt.Errorf("the level is %q, want core or full", t.Level)
	case sources != 1:
		return errors.New("want exactly one of addr, exec, python and node")
	case t.Side == spec.Server && t.Node != "":
		return errors.New("node is for clients: start a server with exec")
	case t.Side == spec.Client && t.Addr != "":
		return errors.New("a client has no address: want exec, python or node")
	}
	if t.Limit == "" {
		return nil
	}
	limit, err := time.ParseDuration(t.Limit)
	if err != nil || limit <= 0 {
		return fmt.Errorf("the limit is %q, want a duration such as 90s or 2m", t.Limit)
	}
	t.limit = limit
	return nil
}

// file is the name of its report, unique in a list.
func (t *listed) file() string { return fmt.Sprintf("%s-%s-%s.json", t.Name, t.Side, t.Level) }

// args are the arguments by which this program judges the target.
func (t *listed) args(file string) []string {
	args := []string{string(t.Side), "--name", t.Name, "--level", string(t.Level), "--json", file}
	for _, source := range []struct{ flag, value string }{{"--addr", t.Addr}, {"--exec", t.Exec}, {"--python", t.Python}, {"--node", t.Node}} {
		if source.value != "" {
			args = append(args, source.flag, source.value)
		}
	}
	return args
}

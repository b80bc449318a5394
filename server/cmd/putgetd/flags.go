package main

import (
	"errors"
	"fmt"
	"log/slog"
	"net"
	"slices"
	"strconv"
	"strings"
	"time"
)

// An address is a flag for a host and a port.
type address string

func (a *address) String() string { return string(*a) }
func (a *address) Type() string   { return "host:port" }

func (a *address) Set(text string) error {
	_, port, err := net.SplitHostPort(text)
	if err == nil {
		_, err = net.LookupPort("tcp", port)
	}
	if err != nil {
		return fmt.Errorf("%w; want host:port, such as 127.0.0.1:8888", err)
	}
	*a = address(text)
	return nil
}

// A count is a flag for a number of things, 0 for no limit.
type count int

func (c *count) String() string { return strconv.Itoa(int(*c)) }
func (c *count) Type() string   { return "number" }

func (c *count) Set(text string) error {
	n, err := strconv.Atoi(text)
	if err != nil || n < 0 {
		return errors.New("want a whole number, 0 (no limit) or more")
	}
	if n > maxCount {
		return fmt.Errorf("want at most %d, or 0 for no limit", maxCount)
	}
	*c = count(n)
	return nil
}

// maxCount is more than any machine has use for, and far from overflowing.
const maxCount = 1 << 30

// A duration is a flag for a span of time, 0 for no limit.
type duration time.Duration

func (d *duration) String() string { return time.Duration(*d).String() }
func (d *duration) Type() string   { return "time" }

func (d *duration) Set(text string) error {
	v, err := time.ParseDuration(text)
	if err != nil || v < 0 {
		return errors.New("want a time of 0 (no limit) or more, with its unit, such as 90s or 5m")
	}
	*d = duration(v)
	return nil
}

// A logFormat is a flag for the format of the log.
type logFormat string

func (f *logFormat) String() string { return string(*f) }
func (f *logFormat) Type() string   { return "format" }

func (f *logFormat) Set(text string) error {
	if text != "text" && text != "json" {
		return errors.New("want text or json")
	}
	*f = logFormat(text)
	return nil
}

// A logLevel is a flag for the lowest level that is logged.
type logLevel slog.Level

// logLevels are the words for it.
var logLevels = []string{"debug", "info", "warn", "error"}

func (l *logLevel) String() string { return strings.ToLower(slog.Level(*l).String()) }
func (l *logLevel) Type() string   { return "level" }

func (l *logLevel) Set(text string) error {
	if !slices.Contains(logLevels, text) {
		return errors.New("want debug, info, warn or error")
	}
	return (*slog.Level)(l).UnmarshalText([]byte(text))
}

package main

import (
	"bufio"
	"encoding/csv"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"maps"
	"slices"
	"strconv"
	"strings"
	"text/tabwriter"
	"time"
	"unicode"

	"github.com/putget-protocol/putget/client"
	"github.com/putget-protocol/putget/spec/wire"
)

// A format is the name of a form of output. It is empty until the flag sets it.
type format string

const (
	formatTable format = "table"
	formatJSON  format = "json"
	formatCSV   format = "csv"
	formatLine  format = "line"
)

func formatNames() []string {
	return []string{string(formatTable), string(formatJSON), string(formatCSV), string(formatLine)}
}

// Set, String and Type implement the flag parser's Value.
func (f *format) Set(text string) error {
	if !slices.Contains(formatNames(), text) {
		return errors.New("want one of " + strings.Join(formatNames(), ", "))
	}
	*f = format(text)
	return nil
}

func (f *format) String() string { return string(*f) }
func (f *format) Type() string   { return "format" }

// orDefault returns f, or the default for stdout.
func (f format) orDefault(stdout io.Writer) format {
	switch {
	case f != "":
		return f
	case isTerminal(stdout):
		return formatTable
	}
	return formatLine
}

// write prints all series, in the order of their keys.
func (f format) write(w io.Writer, all map[string][]client.Sample) error {
	out := bufio.NewWriterSize(w, 64<<10)
	keys := slices.Sorted(maps.Keys(all))
	var err error
	switch f {
	case formatTable:
		err = writeTable(out, keys, all)
	case formatJSON:
		err = writeJSON(out, all)
	case formatCSV:
		err = writeCSV(out, keys, all)
	default:
		err = writeLines(out, keys, all)
	}
	if err != nil {
		return err
	}
	return out.Flush()
}

func writeLines(out *bufio.Writer, keys []string, all map[string][]client.Sample) error {
	var line []byte
	for _, key := range keys {
		for _, s := range all[key] {
			line = wire.AppendSample(line[:0], key, s.Value, s.Timestamp)
			if _, err := out.Write(line); err != nil {
				return err
			}
		}
	}
	return nil
}

func writeCSV(out io.Writer, keys []string, all map[string][]client.Sample) error {
	w := csv.NewWriter(out)
	record := []string{"key", "value", "timestamp"}
	if err := w.Write(record); err != nil {
		return err
	}
	for _, key := range keys {
		for _, s := range all[key] {
			record[0], record[1], record[2] = key, valueText(s.Value), strconv.FormatInt(s.Timestamp, 10)
			if err := w.Write(record); err != nil {
				return err
			}
		}
	}
	w.Flush()
	return w.Error()
}

// A jsonSample is a sample in JSON. Both numbers have all the digits that tell them
// from their neighbours.
type jsonSample struct {
	Timestamp int64   `json:"timestamp"`
	Value     float64 `json:"value"`
}

func writeJSON(out io.Writer, all map[string][]client.Sample) error {
	object := make(map[string][]jsonSample, len(all))
	for key, samples := range all {
		list := make([]jsonSample, len(samples))
		for i, s := range samples {
			list[i] = jsonSample(s)
		}
		object[key] = list
	}
	encoder := json.NewEncoder(out) // it sorts the keys
	encoder.SetEscapeHTML(false)
	return encoder.Encode(object)
}

func writeTable(out io.Writer, keys []string, all map[string][]client.Sample) error {
	w := tabwriter.NewWriter(out, 0, 0, 2, ' ', 0)
	fmt.Fprintln(w, "KEY\tVALUE\tTIMESTAMP\tTIME (UTC)") // w keeps its error for Flush
	for _, key := range keys {
		shown := printable(key)
		for _, s := range all[key] {
			fmt.Fprintf(w, "%s\t%s\t%d\t%s\n", shown, valueText(s.Value), s.Timestamp, dateText(s.Timestamp))
		}
	}
	return w.Flush()
}

func valueText(v float64) string { return string(wire.AppendValue(nil, v)) }

// dateText returns the date of a timestamp, or a dash if it is far from any
// calendar.
func dateText(timestamp int64) string {
	const first, last = -62135596800, 253402300799 // the years 1 to 9999
	if timestamp < first || timestamp > last {
		return "-"
	}
	return time.Unix(timestamp, 0).UTC().Format(time.DateTime)
}

// printable returns key, quoted if it holds characters that do not show, or turn
// the direction of what follows.
func printable(key string) string {
	for _, r := range key {
		if !unicode.IsPrint(r) {
			return strconv.Quote(key)
		}
	}
	return key
}

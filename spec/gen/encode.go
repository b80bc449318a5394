package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"unicode/utf16"

	"github.com/putget-protocol/putget/spec"
)

// encode returns the file of a chapter, one field of a vector on a line and one step on a line, so
// that a change reads well in review. It adds each vector to byID.
func (c chapter) encode(byID map[string]string) ([]byte, error) {
	var out bytes.Buffer
	section, err := marshal(c.Number + ". " + c.Title)
	if err != nil {
		return nil, err
	}
	fmt.Fprintf(&out, "{\n  \"$schema\": \"schema.json\",\n  \"version\": %q,\n  \"section\": %s,\n  \"vectors\": [",
		spec.Version, ascii(section))
	for i, v := range c.vectors {
		if i > 0 {
			out.WriteByte(',')
		}
		one, err := encodeVector(v)
		if err != nil {
			return nil, fmt.Errorf("vector %s: %w", v.ID, err)
		}
		byID[v.ID] = compact(one)
		fmt.Fprintf(&out, "\n    %s", one)
	}
	out.WriteString("\n  ]\n}\n")
	return out.Bytes(), nil
}

// encodeVector returns a vector as JSON in printable ASCII, indented for its place in a file.
func encodeVector(v spec.Vector) ([]byte, error) {
	plain, err := marshal(v)
	if err != nil {
		return nil, err
	}
	fields := json.NewDecoder(bytes.NewReader(plain))
	if _, err := fields.Token(); err != nil { // the opening brace
		return nil, err
	}
	out := []byte("{")
	for fields.More() {
		name, err := fields.Token()
		if err != nil {
			return nil, err
		}
		var value json.RawMessage
		if err := fields.Decode(&value); err != nil {
			return nil, err
		}
		if name == "steps" {
			if value, err = stepLines(v.Steps); err != nil {
				return nil, err
			}
		}
		if len(out) > 1 {
			out = append(out, ',')
		}
		out = fmt.Appendf(out, "\n      %q: %s", name, value)
	}
	return ascii(append(out, "\n    }"...)), nil
}

func stepLines(steps []spec.Step) ([]byte, error) {
	out := []byte("[")
	for i, s := range steps {
		line, err := marshal(s)
		if err != nil {
			return nil, err
		}
		if i > 0 {
			out = append(out, ',')
		}
		out = fmt.Appendf(out, "\n        %s", line)
	}
	return append(out, "\n      ]"...), nil
}

func marshal(v any) ([]byte, error) {
	var out bytes.Buffer
	enc := json.NewEncoder(&out)
	enc.SetEscapeHTML(false)
	err := enc.Encode(v)
	return bytes.TrimSuffix(out.Bytes(), []byte{'\n'}), err
}

// ascii escapes what is not printable ASCII. Such characters stand in JSON strings only, and there
// no editor can then hide, normalise or break them.
func ascii(data []byte) []byte {
	var out []byte
	for _, r := range string(data) {
		switch {
		case r < 0x7F:
			out = append(out, byte(r))
		default:
			for _, unit := range utf16.Encode([]rune{r}) {
				out = fmt.Appendf(out, `\u%04x`, unit)
			}
		}
	}
	return out
}

func compact(data []byte) string {
	var out bytes.Buffer
	if err := json.Compact(&out, data); err != nil {
		return string(data)
	}
	return out.String()
}

// decodeIDs adds each vector of a file to byID.
func decodeIDs(data []byte, byID map[string]string) error {
	var file struct{ Vectors []json.RawMessage }
	if err := json.Unmarshal(data, &file); err != nil {
		return err
	}
	for _, raw := range file.Vectors {
		var v struct{ ID string }
		if err := json.Unmarshal(raw, &v); err != nil {
			return err
		}
		byID[v.ID] = compact(raw)
	}
	return nil
}

package spec

import (
	"bytes"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"regexp"
	"strconv"
	"strings"
	"unicode/utf8"
)

// Bytes are the bytes of a vector, decoded. In JSON they are {"text": "..."} when they are UTF-8
// without U+FFFD, else {"hex": "..."}. In a transcript, and only there, they may hold placeholders for keys:
// ${name}, or ${name:1024} for a key of exactly 1024 bytes (see [Bytes.Fill]).
type Bytes []byte

// A bytesJSON holds either of the two.
type bytesJSON struct {
	Text *string `json:"text,omitempty"`
	Hex  *string `json:"hex,omitempty"`
}

// MarshalJSON chooses text where it can.
func (b Bytes) MarshalJSON() ([]byte, error) {
	if utf8.Valid(b) && !bytes.ContainsRune(b, utf8.RuneError) {
		return marshalPlain(bytesJSON{Text: new(string(b))})
	}
	return marshalPlain(bytesJSON{Hex: new(hex.EncodeToString(b))})
}

// UnmarshalJSON takes exactly one of text and hex. It refuses U+FFFD in text: that is what decoders
// put in place of a lone surrogate, so the bytes would depend on the reader.
func (b *Bytes) UnmarshalJSON(data []byte) error {
	var form bytesJSON
	if err := unmarshalStrict(data, &form); err != nil {
		return err
	}
	switch {
	case (form.Text == nil) == (form.Hex == nil):
		return fmt.Errorf("bytes have either text or hex, not %s", data)
	case form.Hex != nil:
		raw, err := hex.DecodeString(*form.Hex)
		if err != nil {
			return fmt.Errorf("bytes %s: %w", data, err)
		}
		*b = raw
	case strings.ContainsRune(*form.Text, utf8.RuneError):
		return fmt.Errorf("bytes %s: text holds U+FFFD or a lone surrogate: write hex", data)
	default:
		*b = Bytes(*form.Text)
	}
	return nil
}

// marshalPlain leaves <, > and & as they are, for the sake of those who read the files.
func marshalPlain(v any) ([]byte, error) {
	var out bytes.Buffer
	enc := json.NewEncoder(&out)
	enc.SetEscapeHTML(false)
	err := enc.Encode(v)
	return bytes.TrimSuffix(out.Bytes(), []byte{'\n'}), err
}

var placeholderRE = regexp.MustCompile(`\$\{([a-z][a-z0-9_.]*)(?::([1-9][0-9]*))?\}`)

// Fill returns a copy of b in which each placeholder is replaced by what key returns for it. The
// length is the number of bytes that the key has to have, or 0 when a short one of the caller's
// choice will do; a name comes with the same length each time. The caller sees to it that a name
// gives one key throughout a vector, two names give two keys, and nobody else uses either.
func (b Bytes) Fill(key func(name string, length int) string) []byte {
	return placeholderRE.ReplaceAllFunc([]byte(b), func(match []byte) []byte {
		m := placeholderRE.FindSubmatch(match)
		length, _ := strconv.Atoi(string(m[2])) // no length is 0
		return []byte(key(string(m[1]), length))
	})
}

// A Piece is a part of what one write sends: bytes, or padding.
type Piece struct {
	Bytes Bytes
	// Pad, when it is not 0, stands for as many SP as fill the line up to so many bytes, counted
	// from behind the last LF of the write. Bytes is then nil.
	Pad int
}

type padJSON struct {
	Pad *int `json:"pad"`
}

// MarshalJSON gives {"pad": n}, or the form of [Bytes].
func (p Piece) MarshalJSON() ([]byte, error) {
	if p.Pad != 0 {
		return marshalPlain(padJSON{&p.Pad})
	}
	return p.Bytes.MarshalJSON()
}

// UnmarshalJSON takes what MarshalJSON gives.
func (p *Piece) UnmarshalJSON(data []byte) error {
	var pad padJSON
	if err := unmarshalStrict(data, &pad); err == nil && pad.Pad != nil {
		if *pad.Pad <= 0 {
			return fmt.Errorf("padding to %d bytes", *pad.Pad)
		}
		*p = Piece{Pad: *pad.Pad}
		return nil
	}
	*p = Piece{}
	return json.Unmarshal(data, &p.Bytes)
}

package report

import (
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"
)

// MarshalJSON writes whole microseconds.
func (m Micros) MarshalJSON() ([]byte, error) {
	return strconv.AppendInt(nil, time.Duration(m).Microseconds(), 10), nil
}

// UnmarshalJSON reads what MarshalJSON writes.
func (m *Micros) UnmarshalJSON(data []byte) error {
	n, err := strconv.ParseInt(string(data), 10, 64)
	if err != nil {
		return fmt.Errorf("a duration in microseconds: %w", err)
	}
	*m = Micros(time.Duration(n) * time.Microsecond)
	return nil
}

// Bytes are bytes of the wire. In JSON they are {"text": "..."} when they are UTF-8
// and hold no U+FFFD, else {"hex": "..."}, as in the vectors of the specification.
type Bytes []byte

type bytesJSON struct {
	Text *string `json:"text,omitempty"`
	Hex  *string `json:"hex,omitempty"`
}

// MarshalJSON chooses text where nothing is lost by it.
func (b Bytes) MarshalJSON() ([]byte, error) {
	if text := string(b); utf8.ValidString(text) && !strings.ContainsRune(text, utf8.RuneError) {
		return json.Marshal(bytesJSON{Text: &text})
	}
	digits := hex.EncodeToString(b)
	return json.Marshal(bytesJSON{Hex: &digits})
}

// UnmarshalJSON takes exactly one of text and hex.
func (b *Bytes) UnmarshalJSON(data []byte) error {
	var form bytesJSON
	if err := json.Unmarshal(data, &form); err != nil {
		return err
	}
	switch {
	case form.Text != nil && form.Hex == nil:
		*b = Bytes(*form.Text)
		return nil
	case form.Hex != nil && form.Text == nil:
		raw, err := hex.DecodeString(*form.Hex)
		*b = raw
		return err
	default:
		return errors.New(`bytes: want one of "text" and "hex"`)
	}
}

// Quote shows bytes so that each can be seen: printable text as it is, all else as
// an escape, between quotes. Text in other scripts is shown as it is, but for
// characters that cannot be seen.
func Quote(b []byte) string { return strconv.Quote(string(b)) }

// QuoteShort is Quote for at most limit bytes; more are counted in a remark.
func QuoteShort(b []byte, limit int) string {
	if len(b) <= limit {
		return Quote(b)
	}
	return fmt.Sprintf("%s... (%d bytes)", Quote(b[:limit]), len(b))
}

package report

import (
	"bytes"
	_ "embed" // for the picture
	"encoding/json"
	"fmt"
	"html/template"
	"strings"
)

// A Badge is the outcome of a run in two words, as pages of projects show it.
type Badge struct {
	Label   string // what was judged
	Message string // the outcome
	Color   string // a name that shields.io knows
}

// NewBadge returns the badge of a report.
func NewBadge(r *Report) Badge {
	b := Badge{Label: fmt.Sprintf("PutGet %s %s", r.Spec.Version, r.Side)}
	switch r.Outcome() {
	case Conforms:
		b.Message, b.Color = "conformant ("+string(r.Level)+")", "brightgreen"
	case Accepts:
		b.Message, b.Color = fmt.Sprintf("%d known to fail (%s)", len(r.Known), r.Level), "yellow"
	case Breaks:
		b.Message, b.Color = fmt.Sprintf("not conformant (%s)", r.Level), "red"
		if n := len(r.brokenIDs()); n > 0 {
			b.Message = fmt.Sprintf("%d of %d broken (%s)", n, len(r.Requirements), r.Level)
		}
	default:
		b.Message, b.Color = "no verdict", "lightgrey"
	}
	return b
}

// Endpoint returns the badge as the JSON that an endpoint of shields.io serves.
func (b Badge) Endpoint() ([]byte, error) {
	data, err := json.MarshalIndent(struct {
		SchemaVersion int    `json:"schemaVersion"`
		Label         string `json:"label"`
		Message       string `json:"message"`
		Color         string `json:"color"`
	}{1, b.Label, b.Message, b.Color}, "", "  ")
	if err != nil {
		return nil, fmt.Errorf("report: %w", err)
	}
	return append(data, '\n'), nil
}

//go:embed badge.svg
var badgeSVG string

// SVG returns the badge as a picture 20 pixels high, that needs no font of its own: each
// text is set to the width that was reckoned for it.
func (b Badge) SVG() ([]byte, error) {
	t, err := template.New("badge").Parse(badgeSVG)
	if err != nil {
		return nil, fmt.Errorf("report: %w", err)
	}
	const padding = 10 // on both sides together
	label, message := textWidth(b.Label), textWidth(b.Message)
	var out bytes.Buffer
	err = t.Execute(&out, map[string]any{
		"Label": b.Label, "Message": b.Message, "Color": badgeColor(b.Color),
		"Width": label + message + 2*padding, "Left": label + padding, "Right": message + padding,
		"LabelAt": (label + padding) / 2, "MessageAt": label + padding + (message+padding)/2,
		"LabelWidth": label, "MessageWidth": message,
	})
	if err != nil {
		return nil, fmt.Errorf("report: %w", err)
	}
	return out.Bytes(), nil
}

// badgeColor returns the colour of a name, dark enough for white text.
func badgeColor(name string) string {
	switch name {
	case "brightgreen":
		return "#2a7a2a"
	case "yellow":
		return "#8a6500"
	case "red":
		return "#b3261e"
	default:
		return "#5b636c"
	}
}

// textWidth reckons the width of a text in pixels, in the common fonts at 11 pixels.
func textWidth(text string) int {
	tenths := 0
	for _, r := range text {
		switch {
		case strings.ContainsRune("ijl.,:;'|()!", r):
			tenths += 40
		case strings.ContainsRune("ftr I-", r):
			tenths += 45
		case strings.ContainsRune("mwMW", r):
			tenths += 100
		case r >= 'A' && r <= 'Z':
			tenths += 77
		default:
			tenths += 67
		}
	}
	return (tenths + 9) / 10
}

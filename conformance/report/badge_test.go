package report_test

import (
	"encoding/json"
	"encoding/xml"
	"errors"
	"io"
	"strings"
	"testing"

	"github.com/putget-protocol/putget/conformance/report"
)

func TestBadgeSaysTheOutcome(t *testing.T) {
	tests := []struct {
		name           string
		change         func(*report.Report)
		message, color string
	}{
		{"Broken", func(*report.Report) {}, "1 of 1 broken (core)", "red"},
		{"Conformant", func(r *report.Report) {
			r.Conformant, r.Accepted, r.Findings, r.Counts = true, true, nil, report.Counts{Pass: 1}
		}, "conformant (core)", "brightgreen"},
		{"Accepted", func(r *report.Report) {
			r.Accepted, r.Known = true, []report.Known{{ID: "GET-004", Verdict: report.Fail}}
		}, "1 known to fail (core)", "yellow"},
		{"Blocked", func(r *report.Report) { r.Findings, r.Counts = nil, report.Counts{Blocked: 3} }, "not conformant (core)", "red"},
		{"Trouble", func(r *report.Report) { r.Findings, r.Counts = nil, report.Counts{Error: 1} }, "no verdict", "lightgrey"},
		{"Interrupted", func(r *report.Report) { r.Interrupted, r.Findings, r.Counts = true, nil, report.Counts{Pass: 2} }, "no verdict", "lightgrey"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			r := sample()
			tt.change(r)
			b := report.NewBadge(r)
			if b.Label != "PutGet 1.0 server" || b.Message != tt.message || b.Color != tt.color {
				t.Errorf("got %+v, want %s in %s", b, tt.message, tt.color)
			}
		})
	}
}

// The members of an endpoint, as shields.io documents them.
func TestBadgeEndpoint(t *testing.T) {
	data, err := report.NewBadge(sample()).Endpoint()
	if err != nil {
		t.Fatal(err)
	}
	var got map[string]any
	if err := json.Unmarshal(data, &got); err != nil {
		t.Fatal(err)
	}
	if len(got) != 4 || got["schemaVersion"] != 1.0 || got["label"] != "PutGet 1.0 server" || got["message"] != "1 of 1 broken (core)" || got["color"] != "red" {
		t.Errorf("got %v", got)
	}
}

// The picture is XML, holds both texts, and reaches for nothing outside.
func TestBadgePicture(t *testing.T) {
	data, err := report.Badge{Label: "a<b&c\"", Message: "'d>", Color: "red"}.SVG()
	if err != nil {
		t.Fatal(err)
	}
	var text strings.Builder
	for d := xml.NewDecoder(strings.NewReader(string(data))); ; {
		token, err := d.Token()
		if errors.Is(err, io.EOF) {
			break
		} else if err != nil {
			t.Fatalf("%v\n%s", err, data)
		}
		if chars, ok := token.(xml.CharData); ok {
			text.Write(chars)
		}
	}
	if got := strings.Join(strings.Fields(text.String()), " "); got != `a<b&c": 'd> a<b&c" 'd>` {
		t.Errorf("its texts are %q", got)
	}
	if strings.Contains(string(data), "ZgotmplZ") || strings.Contains(string(data), "href") {
		t.Errorf("something was refused, or is outside:\n%s", data)
	}
}

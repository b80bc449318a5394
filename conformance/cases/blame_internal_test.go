package cases

import (
	"bytes"
	"slices"
	"testing"

	"github.com/putget-protocol/putget/conformance/oracle"
	"github.com/putget-protocol/putget/spec"
)

// The form of each request line of the specification is that of the sentence beside
// which it stands, so that it is the one that is blamed.
func TestFormsAreThoseOfTheSpecification(t *testing.T) {
	vectors, err := spec.Vectors()
	if err != nil {
		t.Fatal(err)
	}
	checked := 0
	for _, v := range vectors {
		if v.Kind != spec.RequestKind || v.Side != spec.Server {
			continue
		}
		checked++
		got := formOf(bytes.TrimSuffix(v.Bytes, []byte("\n")))
		want := v.Requirements[0]
		if v.Level == spec.Core && v.Request.Form != spec.WrongForm {
			want = "" // right at core: no feature of its own
		}
		if v.ID == "request-value-17" || got == want || isOfNearest(v) {
			continue
		}
		t.Errorf("%s: formOf(%q) = %q, want %q", v.ID, v.Bytes, got, want)
	}
	if checked < 100 {
		t.Errorf("%d request lines were checked, want more than 100", checked)
	}
}

// isOfNearest reports whether a vector is about the value that is stored, which is
// no matter of form.
func isOfNearest(v spec.Vector) bool { return slices.Contains(v.Requirements, "VAL-003") }

func TestBlameTableCitesServerRequirements(t *testing.T) {
	for _, k := range []kind{put, getKnown, getUnknown, getAll, wrong} {
		for _, symptom := range symptoms() {
			id := blameFor(k, []byte("put k 1.5 7\n"), symptom)
			r, ok := spec.Find(id)
			if !ok || r.Side != spec.Server {
				t.Errorf("kind %d, symptom %s: blames %q, which is no requirement on servers", k, symptom, id)
			}
			if r.Level != spec.Core && !isOfFull(symptom) {
				t.Errorf("kind %d, symptom %s: blames %s at core, which binds at full only", k, symptom, id)
			}
		}
	}
}

func symptoms() []Symptom {
	return append(oracle.Aspects(), Closed, StillOpen, Unasked, Twice, Lost, NotServed, Crashed)
}

// isOfFull reports whether a symptom is looked for at level full alone.
func isOfFull(symptom Symptom) bool {
	switch symptom {
	case StillOpen, oracle.AspectGrouping, oracle.AspectValueWording, oracle.AspectTimestampWording:
		return true
	default:
		return false
	}
}

func TestBlameIsExact(t *testing.T) {
	tests := []struct {
		name    string
		kind    kind
		line    string
		symptom Symptom
		blames  []Blame
		want    string
	}{
		{"Order", getKnown, "get k\n", oracle.AspectOrder, nil, "GET-004"},
		{"OrderInAll", getAll, "get *\n", oracle.AspectOrder, nil, "GET-006"},
		{"LastPutMissing", getKnown, "get k\n", oracle.AspectMissingSample, nil, "PUT-002"},
		{"EarlierSampleLost", getKnown, "get k\n", Lost, nil, "PUT-004"},
		{"Value", getKnown, "get k\n", oracle.AspectValue, nil, "REP-006"},
		{"ErrorText", wrong, "got k\n", oracle.AspectErrorText, nil, "ERR-001"},
		{"Terminator", getKnown, "get k\n", oracle.AspectTerminator, nil, "REP-002"},
		{"AcceptedWord", wrong, "gets k\n", oracle.AspectAccepted, nil, "ERR-002"},
		{"AcceptedLetters", wrong, "put k abc 7\n", oracle.AspectAccepted, nil, "VAL-005"},
		{"AcceptedFraction", wrong, "put k 1.5 1.5\n", oracle.AspectAccepted, nil, "TIM-004"},
		{"ClosedAfterWrong", wrong, "put k\n", Closed, nil, "ERR-008"},
		{"ClosedAfterNotUTF8", wrong, "get \xff\n", Closed, nil, "LEX-009"},
		{"RefusedSpaces", getKnown, "get  k\n", oracle.AspectRefused, nil, "LEX-001"},
		{"NoRequestNoReply", 0, "", oracle.AspectNoReply, nil, "REP-001"},
		{"NoRequestClosed", 0, "", Closed, nil, "SES-001"},
		{"CaseFirst", getKnown, "get k\n", oracle.AspectValue, []Blame{content("CON-001")}, "CON-001"},
		{"ContentLeavesForm", getKnown, "get k\n", oracle.AspectFieldSeparator, []Blame{content("CON-001")}, "REP-004"},
		{"Anything", getKnown, "get k\n", oracle.AspectFieldSeparator, []Blame{anything("LIM-004")}, "LIM-004"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if got := blameFor(tt.kind, []byte(tt.line), tt.symptom, tt.blames...); got != tt.want {
				t.Errorf("blameFor(%q, %s) = %s, want %s", tt.line, tt.symptom, got, tt.want)
			}
		})
	}
}

// What the transcripts of the specification expect is what the model allows: the
// cases that play them judge by the model.
func TestTranscriptsAgreeWithTheModel(t *testing.T) {
	vectors, err := spec.Vectors()
	if err != nil {
		t.Fatal(err)
	}
	checked := 0
	for _, v := range vectors {
		if v.Kind != spec.TranscriptKind || v.Side != spec.Server || v.Result == spec.Permitted {
			continue
		}
		var model oracle.Model
		due := make(map[string]string)
		for i, step := range v.Steps {
			due[step.Connection] += string(step.Write(plainKey))
			if len(step.Expect) == 0 {
				continue
			}
			var line []byte
			head, rest, _ := bytes.Cut([]byte(due[step.Connection]), []byte("\n"))
			line, due[step.Connection] = head, string(rest)
			for _, reply := range step.Expect {
				text := replyOf(reply)
				if m := model.AllowedLine(line).Check(text); m != nil {
					t.Errorf("%s, step %d: %q is expected to %q, and the model says: %v", v.ID, i, text, line, m)
				}
				model.ApplyLine(line, text)
				checked++
			}
		}
	}
	if checked < 50 {
		t.Errorf("%d replies were checked, want more than 50", checked)
	}
}

func plainKey(name string, length int) string {
	return name + string(bytes.Repeat([]byte("x"), max(0, length-len(name))))
}

// replyOf writes an expected reply as bytes.
func replyOf(r spec.Reply) []byte {
	text := []byte(string(r.Form) + "\n")
	for _, s := range r.Samples {
		sample := oracle.Sample{Key: string(s.Key.Fill(plainKey)), Value: s.Value.Float64(), Timestamp: s.Timestamp.Int64()}
		text = append(text, sample.Line()...)
	}
	for _, line := range r.Lines {
		text = append(append(text, line...), '\n')
	}
	return append(text, '\n')
}

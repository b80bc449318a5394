package conformance_test

import (
	"bufio"
	"bytes"
	"cmp"
	"fmt"
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/putget-protocol/putget/conformance/mutant"
	"github.com/putget-protocol/putget/conformance/report"
	"github.com/putget-protocol/putget/spec"
)

// matrixFile is the kill matrix: which mutant is blamed on which sentences.
const matrixFile = "mutant/matrix.txt"

const matrixHeader = `# The kill matrix: each server of package mutant, the level at which it is judged, the sentence that it breaks ("-" for a
# variant, which breaks none) and the sentences on which the judge blames it. Written by "make mutants RENEW=1", compared by
# "make mutants"; "make trace" demands of every testable sentence a mutant that breaks it and is blamed for that.
`

// A row is what the judge says of one mutant at one level.
type row struct {
	Mutant string
	Level  spec.Level
	Breaks string   // "-" for a variant
	Blamed []string // ids of sentences, sorted; those with SHOULD too
}

func (r row) String() string {
	return strings.TrimSpace(fmt.Sprintf("%-26s %-4s  %-7s  %s", r.Mutant, r.Level, r.Breaks, strings.Join(r.Blamed, " ")))
}

func (r row) name() string { return r.Mutant + "/" + string(r.Level) }

// A subject is a mutant to be judged at one level, and what may be said of it.
type subject struct {
	id     string
	faults []string // none for a variant
	level  spec.Level
	breaks string   // "-" for a variant
	must   bool     // breaks has to be blamed
	may    []string // what may be blamed, breaks too
}

func (s subject) name() string { return s.id + "/" + string(s.level) }

// ofFault returns the subjects that are a fault, at both levels.
func ofFault(id, breaks string, causes []string, core bool) []subject {
	full := subject{id: id, faults: []string{id}, level: spec.Full, breaks: breaks, must: true, may: append([]string{breaks}, causes...)}
	atCore := full
	atCore.level, atCore.must = spec.Core, core
	atCore.may = slices.DeleteFunc(slices.Clone(full.may), beyondCore)
	return []subject{full, atCore}
}

// ofVariant returns the subjects that are a variant.
func ofVariant(id string, coreOnly bool, warns []string) []subject {
	all := []subject{{id: id, level: spec.Core, breaks: "-"}}
	if !coreOnly {
		all = append(all, subject{id: id, level: spec.Full, breaks: "-", may: warns})
	}
	return all
}

// subjects returns every mutant at every level at which it is judged. A fault that
// does not show at core may be seen there by what it causes only.
func subjects() []subject {
	var all []subject
	for _, f := range mutant.Faults() {
		all = append(all, ofFault(f.ID, f.Breaks, f.Causes, f.Core)...)
	}
	for _, v := range mutant.Variants() {
		all = append(all, ofVariant(v.ID, v.CoreOnly, v.Warns)...)
	}
	return all
}

// beyondCore reports whether a requirement does not bind at core.
func beyondCore(id string) bool {
	q, ok := spec.Find(id)
	return !ok || q.Level != spec.Core
}

// row reads off a report what it says of a subject.
func (s subject) row(rep *report.Report) row {
	r := row{Mutant: s.id, Level: s.level, Breaks: s.breaks}
	for _, f := range rep.Findings {
		if s.breaks == "-" && slices.Contains(s.may, f.Requirement) {
			continue // a warning, which may hang on what overtakes what
		}
		r.Blamed = append(r.Blamed, f.Requirement)
	}
	slices.Sort(r.Blamed)
	r.Blamed = slices.Compact(r.Blamed)
	return r
}

// wrong says what a row must not be, a sentence each.
func (s subject) wrong(r row) []string {
	var wrong []string
	if s.must && !slices.Contains(r.Blamed, s.breaks) {
		wrong = append(wrong, fmt.Sprintf("it survives: it breaks %s, and blamed is %v", s.breaks, r.Blamed))
	}
	for _, id := range r.Blamed {
		if !slices.Contains(s.may, id) {
			wrong = append(wrong, fmt.Sprintf("it is blamed on %s, which it neither breaks nor causes", id))
		}
	}
	return wrong
}

// readRows reads a committed matrix.
func readRows(t *testing.T, file string) []row {
	t.Helper()
	data, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	var rows []row
	for lines := bufio.NewScanner(bytes.NewReader(data)); lines.Scan(); {
		fields := strings.Fields(lines.Text())
		switch {
		case len(fields) == 0 || fields[0] == "#":
			continue
		case len(fields) < 3:
			t.Fatalf("%s: %q is no row", file, lines.Text())
		}
		rows = append(rows, row{Mutant: fields[0], Level: spec.Level(fields[1]), Breaks: fields[2], Blamed: fields[3:]})
	}
	if len(rows) == 0 {
		t.Fatalf("%s holds no rows", file)
	}
	return rows
}

// writeRows writes rows, which are sorted already, behind a header.
func writeRows(t *testing.T, file, header string, rows []row) {
	t.Helper()
	var text strings.Builder
	text.WriteString(header)
	for _, r := range rows {
		text.WriteString(r.String() + "\n")
	}
	if err := os.WriteFile(file, []byte(text.String()), 0o644); err != nil {
		t.Fatal(err)
	}
}

// gridOf draws rows against the sentences that bind a side: X where a mutant is
// blamed on what it breaks, o on what follows from that, ! on anything else.
func gridOf(side spec.Side, rows []row, of map[string]subject) string {
	var columns []string
	for _, q := range spec.Requirements() {
		if q.Side == side && q.Keyword != spec.May {
			columns = append(columns, q.ID)
		}
	}
	var text strings.Builder
	for i := range len("FRM-001") {
		if i == len("FRM") || i == len("FRM-") {
			continue // the dash, and the hundreds, which are all 0
		}
		fmt.Fprintf(&text, "%-32s", "")
		for _, id := range columns {
			text.WriteByte(id[i])
		}
		text.WriteByte('\n')
	}
	for _, r := range rows {
		fmt.Fprintf(&text, "%-26s %-4s ", r.Mutant, r.Level)
		for _, id := range columns {
			text.WriteByte(mark(r, of[r.name()], id))
		}
		text.WriteByte('\n')
	}
	return text.String()
}

func mark(r row, s subject, id string) byte {
	switch {
	case !slices.Contains(r.Blamed, id):
		return '.'
	case id == r.Breaks:
		return 'X'
	case slices.Contains(s.may, id):
		return 'o'
	default:
		return '!'
	}
}

func compareRows(a, b row) int {
	return cmp.Or(cmp.Compare(a.Mutant, b.Mutant), cmp.Compare(a.Level, b.Level))
}

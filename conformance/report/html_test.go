package report_test

import (
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/putget-protocol/putget/conformance/report"
	"github.com/putget-protocol/putget/spec"
)

func htmlOf(t *testing.T, r *report.Report) string {
	t.Helper()
	data, err := report.HTML(r)
	if err != nil {
		t.Fatal(err)
	}
	return string(data)
}

var (
	pageID   = regexp.MustCompile(` id="([^"]+)"`)
	pageLink = regexp.MustCompile(` href="#([^"]+)"`)
	loaded   = regexp.MustCompile(`(?i)(?: src=|@import|url\(|<link[^>]+stylesheet|href="(?:https?:)?//)`)
)

// isAPage: every sentence and case is there once, every link has a target, and nothing
// is loaded.
func isAPage(t *testing.T, r *report.Report) {
	text := htmlOf(t, r)
	ids := make(map[string]int)
	for _, m := range pageID.FindAllStringSubmatch(text, -1) {
		ids[m[1]]++
	}
	for id, n := range ids {
		if n > 1 {
			t.Errorf("the id %s is there %d times", id, n)
		}
	}
	for _, q := range spec.Requirements() {
		if ids[q.ID] == 0 {
			t.Errorf("the sentence %s is not there", q.ID)
		}
	}
	for _, c := range r.Cases {
		if ids["case-"+c.ID] == 0 {
			t.Errorf("the case %s is not there", c.ID)
		}
	}
	for _, m := range pageLink.FindAllStringSubmatch(text, -1) {
		if ids[m[1]] == 0 {
			t.Errorf("a link goes to %s, which is not there", m[1])
		}
	}
	if found := loaded.FindString(text); found != "" {
		t.Errorf("the page loads something: %s", found)
	}
	if strings.Contains(text, "ZgotmplZ") {
		t.Error("the template took something of its own for unsafe")
	}
}

func TestPageShowsASentenceInItsPlace(t *testing.T) {
	text := htmlOf(t, sample())
	from, to := strings.Index(text, `id="GET-004"`), strings.Index(text, `id="GET-005"`)
	if from < 0 || to < from {
		t.Fatalf("GET-004 begins at %d, GET-005 at %d", from, to)
	}
	place := text[from:to]
	for _, want := range []string{
		`data-v="fail"`, `data-l="core"`, `data-c="5"`, `href="#case-get-order"`, "Want</b> no earlier timestamp",
		`pgx.1.cpu 2.5 <mark>9</mark>`, "<figcaption>Allowed</figcaption>", "sort by the integer", "<pre tabindex=\"0\">printf</pre>",
	} {
		if !strings.Contains(place, want) {
			t.Errorf("%q is not there", want)
		}
	}
}

func TestPageMarksTheFirstDifference(t *testing.T) {
	tests := []struct{ name, reply, allowed, came, right string }{
		{"AnotherByte", "ok\npgx 2 7\n\n", "ok\npgx 1 7\n\n", "pgx <mark>2</mark> 7", "pgx <mark>1</mark> 7"},
		{"CutShort", "ok\n", "ok\n\n", `ok<i>\n</i><mark class="end">end</mark>`, "<mark><i>\\n</i></mark>"},
		{"OneByteTooMany", "ok\n\n\n", "ok\n\n", "<mark><i>\\n</i></mark>", `<mark class="end">end</mark>`},
		{"NoText", "ok\n\xff 1 7\n\n", "ok\na 1 7\n\n", `<mark><i>\xff</i></mark>`, "<mark>a</mark>"},
		{"InsideACharacter", "ok\né 1 7\n\n", "ok\nè 1 7\n\n", "<mark>é</mark>", "<mark>è</mark>"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			r := sample()
			f := &r.Findings[0].Failure
			f.Reply, f.Allowed, f.Offset = report.Bytes(tt.reply), []string{tt.allowed}, same(tt.reply, tt.allowed)
			text := htmlOf(t, r)
			for _, want := range []string{tt.came, tt.right} {
				if !strings.Contains(text, want) {
					t.Errorf("%q is not there", want)
				}
			}
		})
	}
}

func same(a, b string) int {
	n := 0
	for n < min(len(a), len(b)) && a[n] == b[n] {
		n++
	}
	return n
}

func TestPageShowsWhatTheTargetSentAsText(t *testing.T) {
	const evil = `</pre><script>alert(1)</script><img src=x onerror=alert(1)>`
	r := sample()
	r.Target.Command, r.Notes = evil, []string{evil}
	r.Observations = []report.Observation{{Case: "get-other", Title: evil, Fact: report.Fact{Name: evil, Value: evil}}}
	r.Cases[0].Reason = evil
	r.Cases[0].Failures[0].Detail = evil
	for i := range r.Cases[0].Steps {
		r.Cases[0].Steps[i].Bytes = report.Bytes(evil + "\x00\u202e\n")
	}
	f := &r.Findings[0]
	f.Failure.Reply, f.Failure.Allowed, f.Failure.Want, f.Again, f.Help, f.ByHand = report.Bytes(evil), []string{evil}, evil, evil, evil, []string{evil}
	text := htmlOf(t, r)
	if strings.Contains(text, "<img") || strings.Count(text, "<script>") != 1 {
		t.Error("what the target sent became a part of the page")
	}
	if !strings.Contains(text, `<i>\x00</i><i>\u202e</i><i>\n</i>`) {
		t.Error("control characters are not shown")
	}
}

func TestPageShortensWhatIsLong(t *testing.T) {
	r := sample()
	r.Cases[1].Steps = nil
	for range 100 {
		r.Cases[1].Steps = append(r.Cases[1].Steps,
			report.Step{Connection: "A", Kind: "sent", Bytes: report.Bytes("get " + strings.Repeat("k", 500) + "\n"), Size: 4096},
			report.Step{Connection: "A", Kind: "received", Bytes: report.Bytes("ok\n" + strings.Repeat("k 1.0 7\n", 20) + "\n")})
	}
	text := htmlOf(t, r)
	for _, want := range []string{"… 4,096 bytes in all", "… 164 bytes in all", "… and 176 steps more"} {
		if !strings.Contains(text, want) {
			t.Errorf("%q is not there", want)
		}
	}
}

func TestPageOfFourHundredCasesIsSmall(t *testing.T) {
	r := sample()
	first := r.Cases[0]
	for i := range 400 {
		c := first
		c.ID = fmt.Sprintf("get-order-%d", i)
		c.Steps = nil
		for range 30 {
			c.Steps = append(c.Steps, first.Steps...)
		}
		if i%4 > 0 { // more than a bad target has, which fails early
			c.Verdict, c.Failures = report.Pass, nil
		}
		r.Cases = append(r.Cases, c)
	}
	if got, most := len(htmlOf(t, r)), 2_000_000; got >= most {
		t.Errorf("the page has %d bytes, want less than %d", got, most)
	}
}

func TestPageNamesSentencesThatTheTextDoesNotHave(t *testing.T) {
	r := sample()
	r.Requirements = append(r.Requirements, report.Requirement{ID: "OLD-001", Keyword: spec.Must, Level: spec.Core, Text: "A server MUST do as <before>.", Verdict: report.Pass})
	text := htmlOf(t, r)
	for _, want := range []string{`id="OLD-001"`, "A server MUST do as &lt;before&gt;.", "another text of the specification"} {
		if !strings.Contains(text, want) {
			t.Errorf("%q is not there", want)
		}
	}
}

func TestPageTellsHowToRunACaseAgain(t *testing.T) {
	tests := []struct {
		name string
		side spec.Side
		addr string
		cmd  string
		want string
	}{
		{"Server", spec.Server, "127.0.0.1:8888", "", "putget-conform server --addr 127.0.0.1:8888 --level core --run get-other --seed 7 -v"},
		{"Exec", spec.Server, "127.0.0.1:1", "srv {addr}", "putget-conform server --exec &#39;srv {addr}&#39; --level core --run get-other"},
		{"Python", spec.Server, "127.0.0.1:1", "run_server of a.py", "putget-conform server --python &#39;a.py&#39; --level core --run get-other"},
		{"Client", spec.Client, "", "./adapter", "putget-conform client --exec &#39;./adapter&#39; --level core --run get-other"},
		{"PythonClient", spec.Client, "", "the Client of c.py", "putget-conform client --python &#39;c.py&#39; --level core --run get-other"},
		{"NodeClient", spec.Client, "", "the Client of c.mjs", "putget-conform client --node &#39;c.mjs&#39; --level core --run get-other"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			r := sample()
			r.Side, r.Target, r.Seed = tt.side, report.Target{Addr: tt.addr, Command: tt.cmd}, "7"
			if text := htmlOf(t, r); !strings.Contains(text, tt.want) {
				t.Errorf("%q is not there", tt.want)
			}
		})
	}
}

func TestPageSaysTheVerdict(t *testing.T) {
	tests := []struct {
		name string
		r    func(*report.Report)
		want string
	}{
		{"Failed", func(*report.Report) {}, "Not conformant</h1>"},
		{"Right", func(r *report.Report) { r.Conformant, r.Counts, r.Findings = true, report.Counts{Pass: 2}, nil }, "Conformant</h1>"},
		{"Trouble", func(r *report.Report) { r.Counts, r.Findings = report.Counts{Error: 2}, nil }, "No verdict</h1>"},
		{"Known", func(r *report.Report) { r.Accepted = true }, "Accepted: nothing failed"},
		{"Interrupted", func(r *report.Report) { r.Interrupted = true }, "the run was interrupted"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			r := sample()
			tt.r(r)
			if text := htmlOf(t, r); !strings.Contains(text, tt.want) {
				t.Errorf("%q is not there", tt.want)
			}
		})
	}
}

func TestWriteHTMLWritesThePage(t *testing.T) {
	name := filepath.Join(t.TempDir(), "report.html")
	r := sample()
	r.Started = time.Date(2026, 11, 24, 12, 0, 0, 0, time.UTC)
	if err := r.WriteHTML(name); err != nil {
		t.Fatal(err)
	}
	data, err := os.ReadFile(name)
	if err != nil || string(data) != htmlOf(t, r) {
		t.Errorf("the file holds %d bytes, %v", len(data), err)
	}
}

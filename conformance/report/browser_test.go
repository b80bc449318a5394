//go:build browser

// The page in a real browser: Chromium, without a window. `make test-browser` runs these.
package report_test

import (
	"context"
	"fmt"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/cdproto/browser"
	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/cdproto/page"
	"github.com/chromedp/chromedp"

	"github.com/putget-protocol/putget/conformance"
	"github.com/putget-protocol/putget/conformance/report"
)

// Bounds of each test and of each wait in it, on a machine that is busy.
const (
	patience = 2 * time.Minute
	awhile   = 20 * time.Second
)

// A tab is a page in a browser, at one width and in one theme of the system.
type tab struct {
	t   *testing.T
	ctx context.Context
	url string // of the page
}

// TestBrowser opens the page of a server that fails, wide and narrow, light and dark.
func TestBrowser(t *testing.T) {
	name := filepath.Join(t.TempDir(), "failing report.html")
	r := judge(t, conformance.Config{
		Addr: serve(t, "arrival-order", "whole-without-point"),
		Run:  []string{"put", "get", "errors", "reply-shortest", "observed", "consistency"},
	})
	if len(r.Findings) == 0 || len(r.Observations) == 0 {
		t.Fatalf("the report has %d findings and %d observations", len(r.Findings), len(r.Observations))
	}
	if err := r.WriteHTML(name); err != nil {
		t.Fatal(err)
	}
	start := startBrowser(t)
	checks := []struct {
		name  string
		check func(*tab, *report.Report)
	}{
		{"ShowsTheVerdict", showsTheVerdict},
		{"Filters", filters},
		{"FiltersBySectionAndLevel", filtersBySectionAndLevel},
		{"Searches", searches},
		{"OpensATranscript", opensATranscript},
		{"FollowsALinkToASentence", followsALinkToASentence},
		{"FollowsALinkToACase", followsALinkToACase},
		{"Copies", copies},
		{"SwitchesTheTheme", switchesTheTheme},
		{"FitsItsWidth", fitsItsWidth},
		{"IsAccessible", isAccessible},
	}
	for _, width := range []int64{375, 1280} {
		for _, theme := range []string{"light", "dark"} {
			for _, tt := range checks {
				t.Run(fmt.Sprintf("%s/%d/%s", tt.name, width, theme), func(t *testing.T) {
					tt.check(openTab(t, start, name, width, theme), r)
				})
			}
		}
	}
}

// startBrowser starts Chromium, for as long as the test runs.
func startBrowser(t *testing.T) context.Context {
	t.Helper()
	// A sandbox of its own is not to be had for root, as whom many a CI runs.
	options := append(chromedp.DefaultExecAllocatorOptions[:], chromedp.NoSandbox)
	ctx, cancel := chromedp.NewExecAllocator(t.Context(), options...)
	t.Cleanup(cancel)
	ctx, cancel = chromedp.NewContext(ctx)
	t.Cleanup(cancel)
	if err := chromedp.Do(ctx); err != nil {
		t.Fatalf("no browser: %v\nthese tests need Chromium (Debian: apt-get install chromium)", err)
	}
	return ctx
}

// openTab opens a file in a tab of its own, and fails the test if the console says
// anything.
func openTab(t *testing.T, start context.Context, file string, width int64, theme string) *tab {
	t.Helper()
	ctx, cancel := chromedp.NewContext(start)
	t.Cleanup(cancel)
	if err := chromedp.Do(ctx, chromedp.EmulateViewport(width, 900)); err != nil {
		t.Fatal(err)
	}
	watchConsole(t, ctx)
	ctx, cancel = context.WithTimeout(ctx, patience)
	t.Cleanup(cancel)
	// A tab in the background draws nothing and gets no keys.
	if _, err := chromedp.Call(ctx, page.BringToFront, cdp.Empty{}); err != nil {
		t.Fatal(err)
	}
	prefer := emulation.SetEmulatedMediaParams{Features: []*emulation.MediaFeature{{Name: "prefers-color-scheme", Value: theme}}}
	if _, err := chromedp.Call(ctx, emulation.SetEmulatedMedia, prefer); err != nil {
		t.Fatal(err)
	}
	p := &tab{t: t, ctx: ctx, url: (&url.URL{Scheme: "file", Path: file}).String()}
	p.do(chromedp.Navigate(p.url))
	p.eval("localStorage.removeItem('putget-theme')")
	p.do(chromedp.Reload())
	return p
}

// watchConsole fails the test when the page has written to the console, by its end.
func watchConsole(t *testing.T, ctx context.Context) {
	ctx, cancel := context.WithCancel(ctx)
	messages := chromedp.Console(ctx)
	said := make(chan []string, 1)
	go func() {
		var all []string
		for m, err := range messages {
			if err != nil {
				break
			}
			all = append(all, fmt.Sprintf("%s: %s", m.Type, m.Text))
		}
		said <- all
	}()
	t.Cleanup(func() {
		cancel()
		if all := <-said; len(all) > 0 {
			t.Errorf("the console says:\n%s", strings.Join(all, "\n"))
		}
	})
}

func (p *tab) do(steps ...chromedp.Action[chromedp.Void]) {
	p.t.Helper()
	if err := chromedp.Do(p.ctx, steps...); err != nil {
		p.t.Fatal(err)
	}
}

// eval runs a script for its effect.
func (p *tab) eval(script string) {
	p.t.Helper()
	p.do(chromedp.Evaluate[chromedp.Void](script))
}

func (p *tab) text(script string) string {
	p.t.Helper()
	got, err := chromedp.Run(p.ctx, chromedp.Evaluate[string](script, chromedp.EvalAwaitPromise))
	if err != nil {
		p.t.Fatalf("%s: %v", script, err)
	}
	return got
}

func (p *tab) number(script string) int {
	p.t.Helper()
	got, err := chromedp.Run(p.ctx, chromedp.Evaluate[int](script))
	if err != nil {
		p.t.Fatalf("%s: %v", script, err)
	}
	return got
}

// wait waits until a condition holds.
func (p *tab) wait(condition string) {
	p.t.Helper()
	ctx, cancel := context.WithTimeout(p.ctx, awhile)
	defer cancel()
	if _, err := chromedp.Run(ctx, chromedp.Poll[bool](condition, chromedp.WithPollingInterval(50*time.Millisecond))); err != nil {
		p.t.Fatalf("%s never holds: %v", condition, err)
	}
}

// click clicks in the middle of an element, once the page lies still: what comes into
// sight for the first time may get another height.
func (p *tab) click(selector string) {
	p.t.Helper()
	p.text(fmt.Sprintf(`(async () => {
		for (let i = 0; i < 3; i++) {
			document.querySelector(%q).scrollIntoView({block: 'center', behavior: 'instant'});
			await new Promise((done) => setTimeout(done, 50));
		}
		return '';
	})()`, selector))
	p.do(chromedp.Click(chromedp.CSS(selector), chromedp.NodeVisible))
}

// visible counts what is not hidden of the elements that a selector matches.
func (p *tab) visible(selector string) int {
	p.t.Helper()
	return p.number(fmt.Sprintf("[...document.querySelectorAll(%q)].filter((e) => e.checkVisibility()).length", selector))
}

// axe checks the page as it stands now.
func (p *tab) axe() string {
	p.t.Helper()
	source, err := os.ReadFile(filepath.Join("testdata", "axe", "axe.min.js"))
	if err != nil {
		p.t.Fatal(err)
	}
	p.eval("if (!window.axe) {" + string(source) + "}; 0")
	return p.text(`axe.run(document, {resultTypes: ['violations']}).then(({violations}) => violations
		.filter((v) => v.impact === 'serious' || v.impact === 'critical')
		.map((v) => v.id + ': ' + v.help + '\n' + v.nodes.slice(0, 3).map((n) => '  ' + n.html.slice(0, 160) + ' ' + n.failureSummary).join('\n'))
		.join('\n'))`)
}

// allowClipboard lets the page read what it wrote to the clipboard.
func (p *tab) allowClipboard() {
	p.t.Helper()
	for _, name := range []string{"clipboard-read", "clipboard-write"} {
		params := browser.SetPermissionParams{Permission: &browser.PermissionDescriptor{Name: name}, Setting: browser.PermissionSettingGranted}
		if _, err := chromedp.CallBrowser(p.ctx, browser.SetPermission, params); err != nil {
			p.t.Fatal(err)
		}
	}
}

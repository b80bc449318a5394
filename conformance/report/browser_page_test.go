//go:build browser

package report_test

import (
	"fmt"
	"strings"

	"github.com/chromedp/chromedp"

	"github.com/putget-protocol/putget/conformance/report"
	"github.com/putget-protocol/putget/spec"
)

func showsTheVerdict(p *tab, r *report.Report) {
	if got := p.text("document.querySelector('h1').innerText.trim()"); got != "Not conformant" {
		p.t.Errorf("the page says %q", got)
	}
	if got, want := p.number("document.querySelectorAll('.causes li').length"), len(r.Findings); got != want {
		p.t.Errorf("it names %d findings, want %d", got, want)
	}
	if got, want := p.visible(".sentence"), len(spec.Requirements()); got != want {
		p.t.Errorf("it shows %d sentences, want %d", got, want)
	}
	if p.visible("#observed table") != 1 {
		p.t.Error("it has no table of what was observed")
	}
}

func filters(p *tab, r *report.Report) {
	p.click(`.chip:has([value="fail"])`)
	p.wait("document.body.classList.contains('filtering')")
	if got, want := p.visible(".case"), r.Counts.Fail; got != want {
		p.t.Errorf("%d cases are shown, want the %d that failed", got, want)
	}
	failed := 0
	for _, q := range r.Requirements {
		if q.Verdict == report.Fail {
			failed++
		}
	}
	if got := p.visible(".sentence"); got != failed {
		p.t.Errorf("%d sentences are shown, want the %d that are broken", got, failed)
	}
	want := fmt.Sprintf("%d of %d sentences, %d of %d cases", failed, len(spec.Requirements()), r.Counts.Fail, len(r.Cases))
	if got := p.text("document.getElementById('shown').textContent"); got != want {
		p.t.Errorf("it says %q, want %q", got, want)
	}
	p.click(`#filters [type="reset"]`)
	p.wait("!document.body.classList.contains('filtering')")
	if got := p.visible(".case"); got != len(r.Cases) {
		p.t.Errorf("%d cases are shown after the filters were cleared, want %d", got, len(r.Cases))
	}
}

func filtersBySectionAndLevel(p *tab, _ *report.Report) {
	want := 0
	for _, q := range spec.Requirements() {
		if q.Level == spec.Core && strings.HasPrefix(q.Section.Number, "5") {
			want++
		}
	}
	choose := "document.getElementById('%s').value = '%s'; document.getElementById('%[1]s').dispatchEvent(new Event('input', {bubbles: true}))"
	p.eval(fmt.Sprintf(choose, "chapter", "5"))
	p.eval(fmt.Sprintf(choose, "level", "core"))
	if got := p.visible(".sentence"); got != want {
		p.t.Errorf("%d sentences are shown, want the %d of section 5 at core", got, want)
	}
}

func searches(p *tab, _ *report.Report) {
	p.eval("document.body.dispatchEvent(new KeyboardEvent('keydown', {key: '/', bubbles: true, cancelable: true}))")
	p.wait("document.activeElement.id === 'search'")
	p.do(chromedp.SendKeys(chromedp.CSS("#search"), "GET-004"))
	p.wait("search.value === 'GET-004'")
	if got := p.visible("#GET-004"); got != 1 {
		p.t.Errorf("the sentence that was searched for is shown %d times", got)
	}
	if got := p.visible("#FRM-001"); got != 0 {
		p.t.Error("another sentence is shown as well")
	}
	p.eval("search.dispatchEvent(new KeyboardEvent('keydown', {key: 'Escape', bubbles: true}))")
	if got, want := p.visible(".sentence"), len(spec.Requirements()); got != want {
		p.t.Errorf("%d sentences are shown after Escape, want %d", got, want)
	}
}

func opensATranscript(p *tab, _ *report.Report) {
	if p.visible("#case-get-descending .picture") != 0 {
		p.t.Error("a case is open from the beginning")
	}
	p.click("#case-get-descending summary")
	p.wait("document.querySelector('#case-get-descending').open")
	for _, want := range []string{".picture li.out code", ".picture li.in code", ".came mark", ".allowed mark", ".again pre", ".copy"} {
		if p.visible("#case-get-descending "+want) == 0 {
			p.t.Errorf("%s is not shown", want)
		}
	}
	if got := p.text("document.querySelector('#case-get-descending .picture li.in code').innerText"); !strings.Contains(got, `ok\n`) {
		p.t.Errorf("the first reply is shown as %q", got)
	}
}

func followsALinkToASentence(p *tab, _ *report.Report) {
	p.do(chromedp.Navigate(p.url+"#GET-004"), chromedp.Reload())
	p.inSight("GET-004")
	// A link is followed even when the filters hide where it goes.
	p.eval("search.value = 'no such words'; search.dispatchEvent(new Event('input', {bubbles: true})); location.hash = '#PUT-001'")
	p.inSight("PUT-001")
}

func followsALinkToACase(p *tab, _ *report.Report) {
	p.do(chromedp.Navigate(p.url+"#case-get-descending"), chromedp.Reload())
	p.inSight("case-get-descending")
	if p.visible("#case-get-descending .picture") != 1 {
		p.t.Error("the case is not open")
	}
}

// inSight waits until the beginning of an element is on the screen, beneath no other.
func (p *tab) inSight(id string) {
	p.t.Helper()
	p.wait(fmt.Sprintf(`(() => {
		const item = document.getElementById(%q), box = item.getBoundingClientRect();
		const seen = document.elementFromPoint(box.left + box.width / 2, box.top + 8);
		return box.top >= 0 && box.top < innerHeight && seen !== null && item.contains(seen);
	})()`, id))
}

func copies(p *tab, r *report.Report) {
	p.allowClipboard()
	f := r.Findings[0]
	p.click("#" + f.Requirement + " .finding .copy")
	p.wait(fmt.Sprintf("document.querySelector('#%s .finding .copy').textContent === 'Copied'", f.Requirement))
	if got := p.text("navigator.clipboard.readText()"); got != f.Again {
		p.t.Errorf("the clipboard holds %q, want %q", got, f.Again)
	}
}

func switchesTheTheme(p *tab, _ *report.Report) {
	const paper = "getComputedStyle(document.body).backgroundColor"
	before, word := p.text(paper), p.text("theme.textContent")
	p.click("#theme")
	p.wait("theme.textContent !== '" + word + "'")
	after := p.text(paper)
	if after == before {
		p.t.Errorf("the paper is still %s", before)
	}
	p.do(chromedp.Reload())
	if got := p.text(paper); got != after {
		p.t.Errorf("the paper is %s after the page was loaded again, want %s", got, after)
	}
}

// fitsItsWidth: nothing makes the reader scroll sideways, however much is open.
func fitsItsWidth(p *tab, _ *report.Report) {
	p.eval("document.querySelectorAll('details').forEach((d) => { d.open = true; }); document.querySelectorAll('.chapter, .group').forEach((e) => { e.style.contentVisibility = 'visible'; })")
	if over := p.number("document.documentElement.scrollWidth - innerWidth"); over > 0 {
		p.t.Errorf("the page is %d pixels wider than the screen: %s", over,
			p.text("[...document.querySelectorAll('main *, .top *, .bar *')].filter((e) => e.getBoundingClientRect().right > innerWidth + 1).slice(0, 3).map((e) => e.outerHTML.slice(0, 200)).join('\\n')"))
	}
}

func isAccessible(p *tab, _ *report.Report) {
	if found := p.axe(); found != "" {
		p.t.Errorf("as it opens:\n%s", found)
	}
	p.eval("document.querySelectorAll('details').forEach((d, i) => { d.open = d.matches('.v-fail, .v-warn, .v-observed, .list') || i < 20; })")
	if found := p.axe(); found != "" {
		p.t.Errorf("with cases open:\n%s", found)
	}
}

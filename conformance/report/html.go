package report

import (
	"bytes"
	"crypto/sha256"
	"embed"
	"encoding/base64"
	"fmt"
	"html/template"
	"sync"
)

// The page is made of these files alone: what it shows is in it, and it loads nothing.
//
//go:embed page/page.html page/parts.html page/style.css page/script.js
var pageFiles embed.FS

// pageTemplates parses the templates once; they are part of the program, and a test
// would have failed if they were wrong.
var pageTemplates = sync.OnceValue(func() *template.Template {
	return template.Must(template.ParseFS(pageFiles, "page/page.html", "page/parts.html"))
})

// HTML returns the report as one page that needs nothing beside it: no network, no other
// file, and for reading no script. It shows the specification with the verdict on each
// sentence, every case with what went over the wire, and what was observed. Long
// transcripts are shortened; the JSON holds them whole. All that came from the target is
// shown as text, and a policy in the page keeps the browser from running any script but
// its own. The error says that the embedded specification cannot be rendered.
func HTML(r *Report) ([]byte, error) {
	view, err := newPage(r)
	if err != nil {
		return nil, fmt.Errorf("report: %w", err)
	}
	var out bytes.Buffer
	if err := pageTemplates().ExecuteTemplate(&out, "page.html", view); err != nil {
		return nil, fmt.Errorf("report: %w", err)
	}
	return out.Bytes(), nil
}

// pageFile returns an embedded file, which is there.
func pageFile(name string) string {
	data, err := pageFiles.ReadFile("page/" + name)
	if err != nil {
		panic(err) // the name is a constant, and embedded
	}
	return string(data)
}

// policy returns what the page may load: nothing but the style and the script that it holds.
func policy(style, script string) string {
	return fmt.Sprintf("default-src 'none'; img-src data:; base-uri 'none'; form-action 'none'; style-src '%s'; script-src '%s'",
		sourceHash(style), sourceHash(script))
}

func sourceHash(text string) string {
	sum := sha256.Sum256([]byte(text))
	return "sha256-" + base64.StdEncoding.EncodeToString(sum[:])
}

package adapter_test

import (
	"os"
	"strings"
	"testing"
)

// What the document shows to Go authors compiles, because the example does.
func TestDocumentShowsTheExample(t *testing.T) {
	document, err := os.ReadFile("../ADAPTERS.md")
	if err != nil {
		t.Fatal(err)
	}
	example, err := os.ReadFile("example_test.go")
	if err != nil {
		t.Fatal(err)
	}
	_, behind, found := strings.Cut(string(document), "\n```go\n")
	block, _, ended := strings.Cut(behind, "\n```\n")
	if !found || !ended {
		t.Fatal("ADAPTERS.md has no block of Go")
	}
	_, block, _ = strings.Cut(block, "\n)\n") // behind the imports
	compiled := make(map[string]bool)
	for line := range strings.Lines(string(example)) {
		compiled[strings.TrimSpace(line)] = true
	}
	for line := range strings.Lines(block) {
		switch line = strings.TrimSpace(line); line {
		case "func main() {", "type judged struct{ *client.Client }":
		default:
			if !compiled[line] {
				t.Errorf("ADAPTERS.md shows a line that the example does not have: %s", line)
			}
		}
	}
}

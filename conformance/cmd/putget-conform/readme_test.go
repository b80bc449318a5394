package main

import (
	"os"
	"regexp"
	"strings"
	"testing"
)

// What differs from run to run: keys, times, and how they fill a line.
var (
	keyRE   = regexp.MustCompile(`pg[0-9a-z]+\.[0-9a-z]+`)
	timeRE  = regexp.MustCompile(`(?m)^ +[0-9]+\.[0-9] ms`)
	markRE  = regexp.MustCompile(`(?m)^ +\^ byte [0-9]+`)
	spaceRE = regexp.MustCompile(`\s+`)
)

func normal(text string) string {
	text = keyRE.ReplaceAllString(text, "KEY")
	text = timeRE.ReplaceAllString(text, "TIME")
	text = markRE.ReplaceAllString(text, "MARK")
	return spaceRE.ReplaceAllString(text, " ")
}

// The failure that the README shows is one that the program prints.
func TestReadmeShowsWhatIsPrinted(t *testing.T) {
	readme, err := os.ReadFile("../../../README.md")
	if err != nil {
		t.Fatal(err)
	}
	_, rest, _ := strings.Cut(string(readme), "What a failure looks like")
	_, rest, _ = strings.Cut(rest, "```\n")
	shown, _, ended := strings.Cut(rest, "```\n")
	if !ended {
		t.Fatal("README.md shows no failure any more")
	}
	addr := server(t, "arrival-order")
	out, code := call(t.Context(), "server", "--level", "core", "--run", "example-get-ascending", "--addr", addr)
	_, port, _ := strings.Cut(addr, ":")
	printed := strings.ReplaceAll(out, "127.0.0.1 "+port, "127.0.0.1 8888")
	if code != exitNotConformant || !strings.Contains(normal(printed), normal(shown)) {
		t.Errorf("exit code %d; README.md shows\n%s\nand the program prints\n%s", code, shown, printed)
	}
}

package fuzz_test

import (
	"go/ast"
	"go/parser"
	"go/token"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/putget-protocol/putget/spec/wire"
)

// seedFolder is where the fuzzer of the go command looks for seeds, and where it
// writes what fails.
const seedFolder = "testdata/fuzz"

// verdicts says, for each target whose seeds are one text, what the codec makes of
// it. The name of each seed begins with the verdict that the specification asks for.
var verdicts = map[string]func(seed []byte) string{
	"FuzzRequest": func(seed []byte) string {
		return verdict(wire.ParseRequest(seed, new(wire.Request)))
	},
	"FuzzReplies": func(seed []byte) string {
		got := decodeInPieces(seed, nil)
		if got.err == nil && (got.open || got.taken < len(seed) || len(got.replies) == 0) {
			return "part"
		}
		return verdict(got.err)
	},
	"FuzzKey": func(seed []byte) string { return verdict(wire.CheckKey(seed)) },
	"FuzzValue": func(seed []byte) string {
		_, err := wire.ParseValue(seed)
		return verdict(err)
	},
	"FuzzTimestamp": func(seed []byte) string {
		_, err := wire.ParseTimestamp(seed)
		return verdict(err)
	},
}

func verdict(err error) string {
	if err != nil {
		return "wrong"
	}
	return "right"
}

func TestSeedsHaveTheVerdictOfTheirName(t *testing.T) {
	for target, judge := range verdicts {
		count := map[string]int{}
		for name, seed := range readSeeds(t, target) {
			want, _, _ := strings.Cut(name, "-")
			if got := judge(seed); got != want {
				t.Errorf("%s/%s: the codec says %q of %.100q", target, name, got, seed)
			}
			count[want]++
		}
		if count["right"] < 20 || count["wrong"] < 20 {
			t.Errorf("%s has %d right and %d wrong seeds, want at least 20 of each", target, count["right"], count["wrong"])
		}
	}
}

func TestEveryTargetHasSeeds(t *testing.T) {
	targets := fuzzTargets(t)
	if len(targets) == 0 {
		t.Fatal("found no fuzz targets")
	}
	for _, target := range targets {
		if names := seedNames(t, target); len(names) == 0 {
			t.Errorf("%s has no seeds in %s", target, seedFolder)
		}
	}
	folders, err := os.ReadDir(seedFolder)
	if err != nil {
		t.Fatal(err)
	}
	for _, folder := range folders {
		if !slices.Contains(targets, folder.Name()) {
			t.Errorf("%s/%s belongs to no fuzz target", seedFolder, folder.Name())
		}
	}
}

// fuzzTargets returns the names of the fuzz targets declared in this folder.
func fuzzTargets(t *testing.T) []string {
	t.Helper()
	files, err := filepath.Glob("*_test.go")
	if err != nil {
		t.Fatal(err)
	}
	var targets []string
	for _, file := range files {
		parsed, err := parser.ParseFile(token.NewFileSet(), file, nil, parser.SkipObjectResolution)
		if err != nil {
			t.Fatal(err)
		}
		for _, decl := range parsed.Decls {
			if f, ok := decl.(*ast.FuncDecl); ok && f.Recv == nil && strings.HasPrefix(f.Name.Name, "Fuzz") {
				targets = append(targets, f.Name.Name)
			}
		}
	}
	return targets
}

func seedNames(t *testing.T, target string) []string {
	t.Helper()
	files, err := filepath.Glob(filepath.Join(seedFolder, target, "*"))
	if err != nil {
		t.Fatal(err)
	}
	for i, file := range files {
		files[i] = filepath.Base(file)
	}
	return files
}

// readSeeds reads the seeds of a target that takes one []byte, by their names.
func readSeeds(t *testing.T, target string) map[string][]byte {
	t.Helper()
	seeds := map[string][]byte{}
	for _, name := range seedNames(t, target) {
		text, err := os.ReadFile(filepath.Join(seedFolder, target, name))
		if err != nil {
			t.Fatal(err)
		}
		literal, isSeed := strings.CutPrefix(strings.TrimSpace(string(text)), "go test fuzz v1\n[]byte(")
		literal, closed := strings.CutSuffix(literal, ")")
		seed, err := strconv.Unquote(literal)
		if !isSeed || !closed || err != nil {
			t.Fatalf("%s/%s is no seed of one []byte: %v", target, name, err)
		}
		seeds[name] = []byte(seed)
	}
	if len(seeds) == 0 {
		t.Fatalf("%s has no seeds in %s", target, seedFolder)
	}
	return seeds
}

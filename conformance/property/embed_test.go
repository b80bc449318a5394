package property_test

import (
	"errors"
	"flag"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"
)

// build builds a program once, in a folder that outlives the test that asks first.
var build = struct {
	once   sync.Once
	folder string
	err    error
}{}

func TestMain(m *testing.M) {
	flag.Parse()
	code := m.Run()
	os.RemoveAll(build.folder)
	os.Exit(code)
}

// program returns a file with a program of testdata in it.
func program(t *testing.T, name string) string {
	t.Helper()
	build.once.Do(func() {
		if build.folder, build.err = os.MkdirTemp("", "property"); build.err != nil {
			return
		}
		for _, args := range [][]string{
			{"build", "-o", filepath.Join(build.folder, "plain"), "./testdata/plain"},
			{"test", "-c", "-o", filepath.Join(build.folder, "beside"), "./testdata/beside"},
		} {
			if out, err := exec.Command("go", args...).CombinedOutput(); err != nil {
				build.err = errors.Join(build.err, err, errors.New(string(out)))
			}
		}
	})
	if build.err != nil {
		t.Fatal(build.err)
	}
	return filepath.Join(build.folder, name)
}

// run runs a program in an empty folder and sees to it that it leaves it so.
func run(t *testing.T, env []string, name string, args ...string) (output string, err error) {
	t.Helper()
	cmd := exec.Command(program(t, name), args...)
	cmd.Dir = t.TempDir()
	cmd.Env = append(os.Environ(), env...)
	out, err := cmd.CombinedOutput()
	left, readErr := os.ReadDir(cmd.Dir)
	if readErr != nil || len(left) > 0 {
		t.Errorf("left in the folder: %v, %v", left, readErr)
	}
	return string(out), err
}

func TestPlainProgramUndisturbed(t *testing.T) {
	right, wrong := newStore(), newStore()
	keepBoth(wrong)
	for _, how := range []string{"untouched", "parsed", "replaced", "initialised"} {
		t.Run(how, func(t *testing.T) {
			out, err := run(t, nil, "plain", how, serve(t, right.answer))
			if err != nil || out != "undisturbed; failed: false\n" {
				t.Errorf("a right target: %v, %q", err, out)
			}
			if out, err = run(t, nil, "plain", how, serve(t, wrong.answer)); err != nil || !strings.HasPrefix(out, "undisturbed") {
				t.Errorf("a wrong target: %v, %q", err, out)
			}
		})
	}
}

// TestBesideGinkgo has one spec that fails on purpose, so that both verdicts are seen.
func TestBesideGinkgo(t *testing.T) {
	right, wrong := newStore(), newStore()
	keepBoth(wrong)
	env := []string{"RIGHT=" + serve(t, right.answer), "WRONG=" + serve(t, wrong.answer)}
	for _, args := range [][]string{{"-test.v"}, {"-test.v", "-test.short"}, {"-test.v", "-rapid.checks=7", "-rapid.seed=3"}} {
		out, err := run(t, env, "beside", args...)
		if err == nil || !strings.Contains(out, "3 Passed") || !strings.Contains(out, "1 Failed") {
			t.Errorf("%v: the suite changed its verdicts: %v\n%s", args, err, out)
		}
		if strings.Contains(out, "the suite:") {
			t.Errorf("%v: the check changed its result:\n%s", args, out)
		}
	}
}

func TestFlagsRestored(t *testing.T) {
	values := func() string {
		text := ""
		flag.VisitAll(func(f *flag.Flag) {
			if strings.HasPrefix(f.Name, "rapid.") {
				text += f.Name + "=" + f.Value.String() + "\n"
			}
		})
		return text
	}
	before := values()
	s := newStore()
	keepBoth(s)
	if res := checkModel(t, modelConfig(serve(t, s.answer))); res.Failure == nil {
		t.Error("no failure")
	}
	if after := values(); after != before || before == "" {
		t.Errorf("rapid's flags are\n%sand were\n%s", after, before)
	}
	if _, err := os.Stat("testdata/rapid"); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("a folder for failures: %v", err)
	}
}

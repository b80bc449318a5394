package main

import (
	"bytes"
	"errors"
	"fmt"
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"go.yaml.in/yaml/v3"

	"github.com/putget-protocol/putget/conformance/report/matrix"
)

const (
	rootFolder = "../../.."
	actionFile = rootFolder + "/action.yml"
	ciFile     = "../../CI.md"
)

// An action is what GitHub reads of action.yml.
type action struct {
	Inputs  map[string]struct{ Default string }
	Outputs map[string]struct{ Value string }
	Runs    struct {
		Using string
		Steps []step
	}
}

type step struct {
	Name, ID, If, Uses, Shell, Run string
	Folder                         string `yaml:"working-directory"`
	Env, With                      map[string]string
}

func readAction(t *testing.T) action {
	t.Helper()
	data, err := os.ReadFile(actionFile)
	if err != nil {
		t.Fatal(err)
	}
	var a action
	if err := yaml.Unmarshal(data, &a); err != nil {
		t.Fatal(err)
	}
	if a.Runs.Using != "composite" || len(a.Runs.Steps) == 0 {
		t.Fatalf("this is no composite action: %+v", a.Runs)
	}
	return a
}

// A runner runs the steps of the action as that of GitHub does: it puts values in place of
// expressions, and gives the shell of a step to bash.
type runner struct {
	action  action
	values  map[string]string // of expressions
	outputs string            // file that steps write to
	summary string
	folder  string // of the workspace
}

// newRunner returns a runner for one job. Temp is its folder for what is built.
func newRunner(t *testing.T, temp string, inputs map[string]string) *runner {
	t.Helper()
	root, err := filepath.Abs(rootFolder)
	if err != nil {
		t.Fatal(err)
	}
	files := t.TempDir()
	r := &runner{
		action: readAction(t), outputs: filepath.Join(files, "output"), summary: filepath.Join(files, "summary"), folder: t.TempDir(),
		values: map[string]string{"github.action_path": root, "github.repository": "someone/server", "runner.temp": temp},
	}
	for name, input := range r.action.Inputs {
		r.values["inputs."+name] = r.evaluate(t, input.Default)
	}
	for name, value := range inputs {
		if _, ok := r.action.Inputs[name]; !ok {
			t.Fatalf("the action has no input %s", name)
		}
		r.values["inputs."+name] = value
	}
	return r
}

var expression = regexp.MustCompile(`\$\{\{\s*([a-z_.-]+)\s*\}\}`)

func (r *runner) evaluate(t *testing.T, text string) string {
	t.Helper()
	return expression.ReplaceAllStringFunc(text, func(found string) string {
		name := expression.FindStringSubmatch(found)[1]
		value, ok := r.values[name]
		if !ok {
			t.Fatalf("the expression %s has no value", found)
		}
		return value
	})
}

// run runs the shell of a step, and returns what it printed and its exit code.
func (r *runner) run(t *testing.T, s step) (string, int) {
	t.Helper()
	if s.Shell != "bash" {
		t.Fatalf("%s: the shell is %q", s.Name, s.Shell)
	}
	script := filepath.Join(t.TempDir(), "script.sh")
	if err := os.WriteFile(script, []byte(s.Run), 0o600); err != nil {
		t.Fatal(err)
	}
	cmd := exec.CommandContext(t.Context(), "bash", "--noprofile", "--norc", "-eo", "pipefail", script)
	cmd.Dir = r.folder
	if s.Folder != "" {
		cmd.Dir = r.evaluate(t, s.Folder)
	}
	cmd.Env = append(os.Environ(), "GITHUB_OUTPUT="+r.outputs, "GITHUB_STEP_SUMMARY="+r.summary)
	for name, value := range s.Env {
		cmd.Env = append(cmd.Env, name+"="+r.evaluate(t, value))
	}
	out, err := cmd.CombinedOutput()
	if exit, ok := errors.AsType[*exec.ExitError](err); ok {
		return string(out), exit.ExitCode()
	} else if err != nil {
		t.Fatal(err)
	}
	return string(out), 0
}

// shells returns the steps of the action that have a shell: what is built, and the judge.
func (a action) shells(t *testing.T) (build []step, judge step) {
	t.Helper()
	all := slices.DeleteFunc(slices.Clone(a.Runs.Steps), func(s step) bool { return s.Run == "" })
	if len(all) < 2 {
		t.Fatalf("%d steps have a shell: want one that builds, and one that judges", len(all))
	}
	return all[:len(all)-1], all[len(all)-1]
}

func TestActionJudges(t *testing.T) {
	const hostile = `a"; touch stranger; $(touch stranger) 'b`
	tests := []struct {
		name   string
		inputs map[string]string
		want   int
		text   string // that is printed
		files  string // in the folder of the reports
	}{
		{"Conformant", map[string]string{"exec": targetCommand(t, ""), "run": "GET-004\nGET-00[12]"}, 0, "CONFORMANT at level core", "badge.json badge.svg junit.xml report.html report.json"},
		{"NotConformant", map[string]string{"addr": server(t, "arrival-order"), "run": "GET-004", "name": hostile}, 1, "\n::error title=PutGet%3A GET-004 ", "badge.json badge.svg junit.xml report.html report.json"},
		{"Client", map[string]string{"side": "client", "exec": adapterOf(t, "right"), "run": "CLI-003"}, 0, "CONFORMANT at level core", "badge.json badge.svg junit.xml report.html report.json"},
		{"Skipped", map[string]string{"addr": server(t, "arrival-order"), "run": "GET-004\nPUT-001", "skip": "GET-004"}, 0, "CONFORMANT at level core", "badge.json badge.svg junit.xml report.html report.json"},
		{"NoTarget", map[string]string{}, 2, "want exactly one", ""},
		{"NothingListens", map[string]string{"addr": free(t)}, 3, "\n::error title=PutGet%3A nothing was judged::", ""},
	}
	temp := t.TempDir()
	build, judge := readAction(t).shells(t)
	for _, s := range build { // which no input changes
		if out, code := newRunner(t, temp, nil).run(t, s); code != 0 {
			t.Fatalf("%s: exit code %d:\n%s", s.Name, code, out)
		}
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			inputs := map[string]string{"level": "core"}
			maps.Copy(inputs, tt.inputs)
			r := newRunner(t, temp, inputs)
			out, code := r.run(t, judge)
			if code != tt.want || !strings.Contains(out, tt.text) {
				t.Errorf("exit code %d, want %d; printed, want %q in it:\n%s", code, tt.want, tt.text, out)
			}
			r.check(t, tt.want, tt.files, inputs["name"])
		})
	}
}

// check sees what the steps left behind.
func (r *runner) check(t *testing.T, code int, want, name string) {
	t.Helper()
	reports := filepath.Join(r.folder, "putget-reports")
	var files []string
	entries, err := os.ReadDir(reports)
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range entries {
		files = append(files, e.Name())
	}
	if got := strings.Join(files, " "); got != want {
		t.Errorf("the folder of the reports holds %q, want %q", got, want)
	}
	outputs, err := os.ReadFile(r.outputs)
	if err != nil || !strings.HasPrefix(string(outputs), fmt.Sprintf("exit-code=%d\n", code)) {
		t.Errorf("%v: the outputs are %q", err, outputs)
	}
	if all, err := os.ReadDir(r.folder); err != nil || len(all) != 1 {
		t.Errorf("%v: the workspace holds %v: an input was taken for shell", err, all)
	}
	if want == "" {
		return
	}
	if summary, err := os.ReadFile(r.summary); err != nil || !bytes.HasPrefix(summary, []byte("## PutGet")) {
		t.Errorf("%v: the summary is %q", err, summary)
	}
	rep, err := matrix.ReadReport(filepath.Join(reports, "report.json"))
	if name == "" {
		name = "someone/server"
	}
	if err != nil || rep.Target.Name != name {
		t.Errorf("%v: the name of the target is not %q", err, name)
	}
}

// What GitHub puts into a script before bash reads it would be read as shell.
func TestActionHasNoExpressionInShell(t *testing.T) {
	a := readAction(t)
	steps := make(map[string]bool)
	for _, s := range a.Runs.Steps {
		steps[s.ID] = true
		if strings.Contains(s.Run, "${{") {
			t.Errorf("%s: an expression stands in the shell", s.Name)
		}
		if (s.Run == "") == (s.Uses == "") {
			t.Errorf("%s: want one of run and uses", s.Name)
		}
	}
	for name, o := range a.Outputs {
		found := regexp.MustCompile(`^\$\{\{ steps\.([a-z]+)\.outputs\.([a-z-]+) \}\}$`).FindStringSubmatch(o.Value)
		if found == nil || !steps[found[1]] || !strings.Contains(a.Runs.Steps[2].Run, "\""+found[2]+"=$") {
			t.Errorf("the output %s is %q, which no step sets", name, o.Value)
		}
	}
}

// The workflows that are shown give the action inputs that it has, and the table of inputs
// names them all.
func TestWorkflowsThatAreShown(t *testing.T) {
	data, err := os.ReadFile(ciFile)
	if err != nil {
		t.Fatal(err)
	}
	a := readAction(t)
	used, shown := 0, 0
	for _, found := range regexp.MustCompile("(?s)```yaml\n(.*?)```").FindAllStringSubmatch(string(data), -1) {
		shown++
		var w struct {
			Jobs map[string]struct{ Steps []step }
		}
		if err := yaml.Unmarshal([]byte(found[1]), &w); err != nil {
			t.Errorf("%v\n%s", err, found[1])
		}
		for _, job := range w.Jobs {
			for _, s := range job.Steps {
				if !strings.HasPrefix(s.Uses, "putget-protocol/putget@") {
					continue
				}
				used++
				for name := range s.With {
					if _, ok := a.Inputs[name]; !ok {
						t.Errorf("a workflow gives the input %s, which the action does not have", name)
					}
				}
			}
		}
	}
	if used != 2 || shown != 3 {
		t.Errorf("%d workflows use the action, %d are shown; want 2 of 3", used, shown)
	}
	_, table, _ := strings.Cut(string(data), "| Input |")
	table, _, _ = strings.Cut(table, "\n\n")
	for _, name := range slices.Sorted(maps.Keys(a.Inputs)) {
		if !strings.Contains(table, "`"+name+"`") {
			t.Errorf("the table of inputs lacks %s", name)
		}
	}
}

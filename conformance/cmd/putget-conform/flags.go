package main

import (
	"github.com/spf13/cobra"

	"github.com/putget-protocol/putget/conformance"
)

// judgeFlags adds the flags that both sides have.
func judgeFlags(cmd *cobra.Command, o *serverOptions) {
	f := cmd.Flags()
	f.Var(newLevel(&o.cfg.Level), "level", "level that is judged: core or full")
	f.StringVar(&o.json, "json", "", "write the report to `FILE` as JSON")
	f.StringVar(&o.html, "html", "", "write the report to `FILE` as a page to look at")
	f.StringVar(&o.junit, "junit", "", "write the report to `FILE` as JUnit's XML")
	f.StringVar(&o.artifacts, "artifacts", "", "write into the folder `DIR` what tells more of failures: counterexamples, histories, the target's output")
	f.DurationVar(&o.cfg.Timeout, "timeout", conformance.DefaultTimeout, "longest silence before an answer is missing")
	f.Float64Var(&o.cfg.Slow, "slow", 1, "multiply every wait by `FACTOR`")
	f.Uint64Var(&o.cfg.Seed, "seed", 0, "seed of what is generated (0: a random one)")
	f.DurationVar(&o.cfg.Budget, "budget", conformance.DefaultBudget, "longest time for each case that generates what it asks")
	f.StringVar(&o.known, "known-failing", "", "`FILE` with what is known to fail: an id of a requirement or a case, and the reason, a line")
	f.StringArrayVar(&o.cfg.Run, "run", nil, "run only the cases whose id, section or requirement matches `PATTERN` (may be repeated)")
	f.StringArrayVar(&o.cfg.Skip, "skip", nil, "leave out the cases that match `PATTERN` (may be repeated)")
	f.BoolVar(&o.cfg.FailFast, "fail-fast", false, "stop at the first failure")
	f.BoolVarP(&o.verbose, "verbose", "v", false, "show every step of every case")
	f.StringVar(&o.name, "name", "", "`NAME` of the target, by which a matrix knows it again")
	f.Var(newOutput(&o.output), "output", "text, or github: with annotations, and a summary of the step in $GITHUB_STEP_SUMMARY")
	cmd.PreRun = func(cmd *cobra.Command, _ []string) { o.stderr = cmd.ErrOrStderr() }
	cmd.RegisterFlagCompletionFunc("output", cobra.FixedCompletions([]string{outputText, outputGitHub}, cobra.ShellCompDirectiveNoFileComp))
	cmd.MarkFlagFilename("json", "json")
	cmd.MarkFlagFilename("html", "html")
	cmd.MarkFlagFilename("junit", "xml")
	cmd.MarkFlagDirname("artifacts")
	cmd.RegisterFlagCompletionFunc("level", cobra.FixedCompletions([]string{"core", "full"}, cobra.ShellCompDirectiveNoFileComp))
}

package main

import (
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"github.com/putget-protocol/putget/conformance/cases"
	"github.com/putget-protocol/putget/conformance/report"
	"github.com/putget-protocol/putget/spec"
)

func explainCommand() *cobra.Command {
	return &cobra.Command{
		Use:   "explain ID",
		Short: "Show a requirement or a case: the sentence, examples, what is usually wrong",
		Example: `  putget-conform explain FRM-004
  putget-conform explain put-replace`,
		Args: args(cobra.ExactArgs(1)),
		ValidArgsFunction: func(*cobra.Command, []string, string) ([]string, cobra.ShellCompDirective) {
			var names []string
			for _, r := range spec.Requirements() {
				names = append(names, r.ID)
			}
			return names, cobra.ShellCompDirectiveNoFileComp
		},
		RunE: func(cmd *cobra.Command, given []string) error {
			return explain(cmd.OutOrStdout(), given[0])
		},
	}
}

func explain(w io.Writer, id string) error {
	all, err := casesOf("")
	if err != nil {
		return err
	}
	if r, ok := spec.Find(strings.ToUpper(id)); ok {
		return explainRequirement(w, r, all)
	}
	i := slices.IndexFunc(all, func(c cases.Case) bool { return c.ID == id })
	if i < 0 {
		return &usageError{fmt.Errorf("%q is neither a requirement, such as FRM-004, nor a case; putget-conform list shows both", id)}
	}
	explainCase(w, all[i])
	return nil
}

func explainCase(w io.Writer, c cases.Case) {
	fmt.Fprintf(w, "%s: %s\n\n", c.ID, c.Title)
	fmt.Fprintf(w, "%s, section %s, level %s\n", c.Side, c.Section, c.Level)
	for _, line := range []struct {
		word string
		ids  []string
	}{{"needs", c.Needs}, {"depends on", c.DependsOn}} {
		if len(line.ids) > 0 {
			fmt.Fprintf(w, "%s %s\n", line.word, strings.Join(line.ids, ", "))
		}
	}
	for _, id := range c.Requirements {
		r, _ := spec.Find(id)
		fmt.Fprintf(w, "\n%s  %s%s\n", r.ID, r.Text, report.Level(r.Level))
	}
}

func explainRequirement(w io.Writer, r spec.Requirement, all []cases.Case) error {
	if err := report.WriteExplanation(w, r); err != nil {
		return err
	}
	if why, ok := cases.Untestable()[r.ID]; ok {
		fmt.Fprintf(w, "\nNo case: %s.\n", why)
	}
	var about []string
	for _, c := range all {
		if c.Is(r.ID) && !c.Observes {
			about = append(about, c.ID)
		}
	}
	if len(about) > 0 {
		fmt.Fprintf(w, "\nCases: %s\n", strings.Join(about, ", "))
	}
	return nil
}

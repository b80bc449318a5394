package main

import (
	"fmt"
	"io"
	"strings"
	"text/tabwriter"

	"github.com/spf13/cobra"

	"github.com/putget-protocol/putget/conformance/cases"
	"github.com/putget-protocol/putget/spec"
)

func listCommand() *cobra.Command {
	var level spec.Level
	var side spec.Side
	cmd := &cobra.Command{
		Use:   "list [cases|requirements]",
		Short: "List the cases, the requirements, or both, with their levels",
		Example: `  putget-conform list cases --level core
  putget-conform list --side client
  putget-conform list requirements`,
		Args:      args(cobra.MatchAll(cobra.MaximumNArgs(1), cobra.OnlyValidArgs)),
		ValidArgs: []string{"cases", "requirements"},
		RunE: func(cmd *cobra.Command, what []string) error {
			all, err := casesOf(side)
			if err != nil {
				return err
			}
			out := cmd.OutOrStdout()
			if len(what) == 0 || what[0] == "cases" {
				if err := listCases(out, all, level); err != nil {
					return err
				}
			}
			if len(what) == 0 {
				fmt.Fprintln(out)
			}
			if len(what) == 0 || what[0] == "requirements" {
				return listRequirements(out, all, level, side)
			}
			return nil
		},
	}
	cmd.Flags().Var(newLevel(&level), "level", "list what belongs to that level: core or full")
	cmd.Flags().Var(&sideFlag{&side}, "side", "list what is about that side alone: server or client")
	return cmd
}

func listCases(out io.Writer, all []cases.Case, level spec.Level) error {
	w := tabwriter.NewWriter(out, 0, 0, 2, ' ', 0)
	fmt.Fprintln(w, "CASE\tSIDE\tSECTION\tLEVEL\tREQUIREMENTS\tTITLE")
	for _, c := range all {
		if level == spec.Core && c.Level != spec.Core && !c.Observes {
			continue
		}
		word := string(c.Level)
		if c.Observes {
			word = "observed"
		}
		fmt.Fprintf(w, "%s\t%s\t%s\t%s\t%s\t%s\n", c.ID, c.Side, c.Section, word, strings.Join(c.Requirements, " "), c.Title)
	}
	return w.Flush()
}

func listRequirements(out io.Writer, all []cases.Case, level spec.Level, side spec.Side) error {
	w := tabwriter.NewWriter(out, 0, 0, 2, ' ', 0)
	fmt.Fprintln(w, "REQUIREMENT\tKEYWORD\tSIDE\tLEVEL\tCASES\tSENTENCE")
	for _, r := range spec.Requirements() {
		if level == spec.Core && r.Level != spec.Core || side != "" && r.Side != side {
			continue
		}
		n := 0
		for _, c := range all {
			if c.Is(r.ID) && !c.Observes {
				n++
			}
		}
		fmt.Fprintf(w, "%s\t%s\t%s\t%s\t%d\t%s\n", r.ID, r.Keyword, r.Side, r.Level, n, r.Text)
	}
	return w.Flush()
}

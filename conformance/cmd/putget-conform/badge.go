package main

import (
	"errors"
	"fmt"

	"github.com/spf13/cobra"

	"github.com/putget-protocol/putget/conformance/report"
	"github.com/putget-protocol/putget/conformance/report/matrix"
)

func badgeCommand() *cobra.Command {
	var svg, endpoint string
	cmd := &cobra.Command{
		Use:   "badge FILE (--svg FILE | --endpoint FILE)",
		Short: "Make a badge of a report",
		Long: `Make a badge of a report that --json wrote: a picture, and the JSON that an endpoint
of shields.io serves. The badge says what the report says, whatever that is.`,
		Example: `  putget-conform badge report.json --svg putget.svg
  putget-conform badge report.json --endpoint putget.json`,
		Args: args(cobra.ExactArgs(1)),
		RunE: func(_ *cobra.Command, given []string) error {
			return writeBadge(given[0], svg, endpoint)
		},
	}
	cmd.Flags().StringVar(&svg, "svg", "", "write the picture to `FILE`")
	cmd.Flags().StringVar(&endpoint, "endpoint", "", "write the JSON of a shields.io endpoint to `FILE`")
	cmd.MarkFlagFilename("svg", "svg")
	cmd.MarkFlagFilename("endpoint", "json")
	return cmd
}

func writeBadge(name, svg, endpoint string) error {
	if svg == "" && endpoint == "" {
		return &usageError{errors.New("want --svg FILE, --endpoint FILE or both")}
	}
	rep, err := matrix.ReadReport(name)
	if err != nil {
		return &usageError{err}
	}
	badge := report.NewBadge(rep)
	for _, file := range []struct {
		name string
		make func() ([]byte, error)
	}{{svg, badge.SVG}, {endpoint, badge.Endpoint}} {
		if file.name == "" {
			continue
		}
		data, err := file.make()
		if err == nil {
			err = report.WriteBytes(file.name, data)
		}
		if err != nil {
			return fmt.Errorf("the badge: %w", err)
		}
	}
	return nil
}

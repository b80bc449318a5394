package main

import (
	"github.com/spf13/cobra"

	"github.com/putget-protocol/putget/spec"
)

func adapterCommand() *cobra.Command {
	o := serverOptions{}
	o.cfg.Side = spec.Client
	cmd := &cobra.Command{
		Use:   "adapter (--exec 'CMD' | --python FILE | --node FILE)",
		Short: "Talk to the adapter of a client by hand",
		Long: `Run the adapter of a client with the standard streams of this program: one call a
line goes in, one answer a line comes out, and what the client prints goes to standard
error. Something must listen where open is told to connect, such as nc -l 8888.`,
		Example: `  putget-conform adapter --python solution.py
  {"op":"open","args":["127.0.0.1",8888,5]}
  {"op":"put","args":["cpu",0.5,1]}`,
		Args: args(cobra.NoArgs),
		RunE: func(cmd *cobra.Command, _ []string) error {
			a, err := o.cfg.Adapter()
			if err != nil {
				return err
			}
			return a.Run(cmd.Context(), cmd.InOrStdin(), cmd.OutOrStdout(), cmd.ErrOrStderr())
		},
	}
	clientFlags(cmd, &o)
	return cmd
}

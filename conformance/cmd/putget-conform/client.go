package main

import (
	"github.com/spf13/cobra"

	"github.com/putget-protocol/putget/spec"
)

func clientCommand() *cobra.Command {
	o := serverOptions{}
	o.cfg.Side = spec.Client
	cmd := &cobra.Command{
		Use:   "client (--exec 'CMD' | --python FILE | --node FILE)",
		Short: "Judge a client",
		Long: `Judge a client, by calling it against servers that answer as the judge wants.

The client is called through an adapter, a program that reads one JSON object a line
and answers each with one line:

  {"op":"open","args":["127.0.0.1",8888,5]}   {"ok":null}
  {"op":"put","args":["cpu",0.5,1]}           {"ok":null}
  {"op":"put","args":["cpu",0.5]}             {"ok":null}    with the default timestamp
  {"op":"get","args":["*"]}                   {"ok":{"cpu":[[1,0.5],[2,5.0]]}}
                                              {"error":"..."}  the client's own error
                                              {"crash":"..."}  any other error
  end of the input                            the adapter ends

Arguments go by position. Each case starts the adapter anew; some of them open more
than one client. What the client prints must not get into standard output.
conformance/ADAPTERS.md says more.

--python and --node bring their adapter along: the file holds a class Client, and the
class of its own error, ClientError or another one whose name ends in Error. With
--exec the command is an adapter; authors in Go get one from the package
conformance/adapter. "putget-conform adapter" lets you talk to one by hand.`,
		Example: `  putget-conform client --python solution.py --level core
  putget-conform client --node client.mjs --json report.json
  putget-conform client --exec 'java -jar adapter.jar'
  putget-conform client --python solution.py --run CLI-023 -v`,
		Args: args(cobra.NoArgs),
		RunE: func(cmd *cobra.Command, _ []string) error {
			return judge(cmd.Context(), o, cmd.OutOrStdout())
		},
	}
	clientFlags(cmd, &o)
	judgeFlags(cmd, &o)
	return cmd
}

// clientFlags adds the flags that say where a client is.
func clientFlags(cmd *cobra.Command, o *serverOptions) {
	f := cmd.Flags()
	f.StringVar(&o.cfg.Exec, "exec", "", "the command `CMD` is an adapter; it is run by a shell")
	f.StringVar(&o.cfg.Python, "python", "", "the Python file `FILE` holds the class Client")
	f.StringVar(&o.cfg.Node, "node", "", "the `FILE` for Node.js exports the class Client")
	cmd.MarkFlagFilename("python", "py")
	cmd.MarkFlagFilename("node", "js", "mjs", "cjs")
}

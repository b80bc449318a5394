package main

// This test sees what no peer can: the configuration that flags make.

import (
	"testing"
	"time"

	"github.com/spf13/cobra"

	"github.com/putget-protocol/putget/server"
)

func TestConfigOfFlags(t *testing.T) {
	tests := []struct {
		name string
		args []string
		want server.Config
	}{
		{"Defaults", nil, server.Config{
			MaxLine: 4096, MaxConns: 1024, MaxPending: 65536, IdleTimeout: 5 * time.Minute, WriteTimeout: time.Minute,
		}},
		{
			"Others",
			[]string{"--max-line=5000", "--max-conns=6", "--max-pending=7", "--idle-timeout=8s", "--write-timeout=9m"},
			server.Config{MaxLine: 5000, MaxConns: 6, MaxPending: 7, IdleTimeout: 8 * time.Second, WriteTimeout: 9 * time.Minute},
		},
		{
			"NoLimits",
			[]string{"--max-line=0", "--max-conns=0", "--max-pending=0", "--idle-timeout=0", "--write-timeout=0s"},
			server.Config{MaxLine: -1, MaxConns: -1, MaxPending: -1, IdleTimeout: -1, WriteTimeout: -1},
		},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			opts, cmd := defaults(), new(cobra.Command)
			opts.register(cmd)
			if err := cmd.ParseFlags(tt.args); err != nil {
				t.Fatal(err)
			}
			if got := opts.config(nil, nil); got != tt.want {
				t.Errorf("got %+v, want %+v", got, tt.want)
			}
		})
	}
}

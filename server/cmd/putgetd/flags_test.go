package main_test

import (
	"io"
	"net"
	"strings"
	"testing"
)

func TestUsageErrors(t *testing.T) {
	tests := []struct {
		name string
		args []string
		want string // in the message
	}{
		{"UnknownFlag", []string{"--nope"}, "--nope"},
		{"Argument", []string{"extra"}, `"extra"`},
		{"AddrWithoutPort", []string{"--addr", "localhost"}, "host:port"},
		{"AddrPortTooLarge", []string{"--addr", "127.0.0.1:65536"}, "invalid port"},
		{"AddrPortUnknown", []string{"--addr", "127.0.0.1:nosuchport"}, "host:port"},
		{"LineNegative", []string{"--max-line", "-1"}, `"-1" for "--max-line"`},
		{"LineNoNumber", []string{"--max-line", "4k"}, `"4k" for "--max-line"`},
		{"ConnsTooLarge", []string{"--max-conns", "99999999999999999999"}, "--max-conns"},
		{"PendingTooLarge", []string{"--max-pending", "9999999999"}, "at most"},
		{"IdleWithoutUnit", []string{"--idle-timeout", "90"}, "unit"},
		{"WriteNegative", []string{"--write-timeout", "-1s"}, "--write-timeout"},
		{"DrainEmpty", []string{"--drain-timeout", ""}, "--drain-timeout"},
		{"LogFormat", []string{"--log-format", "xml"}, "text or json"},
		{"LogLevel", []string{"--log-level", "loud"}, "debug, info, warn or error"},
		{"ValueMissing", []string{"--addr"}, "--addr"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			got := run(t, tt.args...)
			if got.code != 2 || got.stdout != "" {
				t.Errorf("code %d, stdout %q, want 2 and nothing", got.code, got.stdout)
			}
			if !strings.HasPrefix(got.stderr, "putgetd: ") || !strings.Contains(got.stderr, tt.want) ||
				!strings.HasSuffix(got.stderr, "; see 'putgetd --help'\n") || strings.Count(got.stderr, "\n") != 1 {
				t.Errorf("stderr is %q, want one line with %q and where to read on", got.stderr, tt.want)
			}
		})
	}
}

func TestHelpAndVersion(t *testing.T) {
	tests := []struct {
		name string
		args []string
		want []string
	}{
		{"Version", []string{"--version"}, []string{"putgetd ", "(protocol PutGet 1.0)\n"}},
		{
			"Help",
			[]string{"--help"},
			[]string{
				"--addr", "127.0.0.1:8888", "--max-line", "4096", "--max-conns", "1024", "--max-pending", "65536",
				"--idle-timeout", "5m0s", "--write-timeout", "1m0s", "--drain-timeout", "20s",
				"--log-format", "--log-level", "Examples:", "Exit codes:",
			},
		},
		{"Bash", []string{"completion", "bash"}, []string{"bash completion", "putgetd"}},
		{"Zsh", []string{"completion", "zsh"}, []string{"#compdef putgetd"}},
		{"Fish", []string{"completion", "fish"}, []string{"fish completion for putgetd"}},
		{"CompleteFormat", []string{"__complete", "--log-format", ""}, []string{"text\n", "json\n", ":4\n"}},
		{"CompleteLevel", []string{"__complete", "--log-level", ""}, []string{"debug\n", "error\n", ":4\n"}},
		{"CompleteNoFiles", []string{"__complete", "--max-line", ""}, []string{":4\n"}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			got := run(t, tt.args...)
			if got.code != 0 {
				t.Errorf("code %d, stderr %q", got.code, got.stderr)
			}
			for _, want := range tt.want {
				if !strings.Contains(got.stdout, want) {
					t.Errorf("stdout lacks %q:\n%.2000s", want, got.stdout)
				}
			}
		})
	}
}

func TestAddressIsTaken(t *testing.T) {
	ln, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer ln.Close()
	got := run(t, "--addr", ln.Addr().String())
	if got.code != 1 || got.stdout != "" {
		t.Errorf("code %d, stdout %q, want 1 and nothing", got.code, got.stdout)
	}
	for _, want := range []string{"putgetd: cannot listen on " + ln.Addr().String(), "in use", "--addr"} {
		if !strings.Contains(got.stderr, want) {
			t.Errorf("stderr lacks %q: %q", want, got.stderr)
		}
	}
}

// TestFlagsReachTheServer has one small limit after the other, and 0 for none.
func TestFlagsReachTheServer(t *testing.T) {
	const wrong = "error\nwrong command\n\n"
	line := func(n int) string { return "get a" + strings.Repeat(" ", n-len("get a")) + "\n" }
	t.Run("MaxLine", func(t *testing.T) {
		nc := start(t, "--max-line", "20").dial()
		exchange(t, nc, line(20), "ok\n\n")
		exchange(t, nc, line(21), wrong)
	})
	t.Run("NoMaxLine", func(t *testing.T) {
		nc := start(t, "--max-line", "0").dial()
		exchange(t, nc, line(1_000_000), "ok\n\n")
	})
	t.Run("DefaultMaxLine", func(t *testing.T) {
		nc := start(t).dial()
		exchange(t, nc, line(4096), "ok\n\n")
		exchange(t, nc, line(4097), wrong)
	})
	t.Run("MaxConns", func(t *testing.T) {
		d := start(t, "--max-conns", "1")
		d.dial()
		second := d.dial()
		d.waitLogged("connection limit reached")
		if !strings.Contains(d.logged(), "max_conns=1") {
			t.Errorf("limit is another one:\n%s", d.logged())
		}
		second.Close()
	})
	t.Run("IdleTimeout", func(t *testing.T) {
		nc := start(t, "--idle-timeout", "10ms").dial()
		if got, err := io.ReadAll(nc); len(got) > 0 || err != nil {
			t.Errorf("read %q, %v, want the end of the stream", got, err)
		}
	})
	t.Run("WriteTimeout", func(t *testing.T) {
		d := start(t, "--write-timeout", "10ms", "--max-pending", "1")
		askForTooMuch(t, d)
		d.waitLogged("does not read its replies")
	})
}

package main_test

import (
	"fmt"
	"io"
	"net"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"
)

func TestPutOne(t *testing.T) {
	tests := []struct {
		name string
		args []string
		want string
	}{
		{"Plain", []string{"palm.cpu", "23.7", "1503319740"}, "put palm.cpu 23.7 1503319740"},
		{"TimestampZero", []string{"palm.cpu", "10", "0"}, "put palm.cpu 10.0 0"},
		{"NegativeBoth", []string{"cpu", "-1.5", "-5"}, "put cpu -1.5 -5"},
		{"NegativeWithoutDigitBeforePoint", []string{"cpu", "-.5", "7"}, "put cpu -0.5 7"},
		{"NegativeExponent", []string{"cpu", "-1e-3", "-0"}, "put cpu -0.001 0"},
		{"NegativeKey", []string{"-1", "-1", "-1"}, "put -1 -1.0 -1"},
		{"FlagsBehind", []string{"cpu", "-1", "-5", "--timeout", "5s"}, "put cpu -1.0 -5"},
		{"FlagsBetween", []string{"cpu", "-t", "5s", "-1", "-5"}, "put cpu -1.0 -5"},
		{"AfterTwoMinuses", []string{"--", "-key", "-1", "-5"}, "put -key -1.0 -5"},
		{"MinusAsKey", []string{"-", "1", "2"}, "put - 1.0 2"},
		{"AnyWording", []string{"cpu", "+1E1", "+007"}, "put cpu 10.0 7"},
		{"KeyBeyondASCII", []string{"пальма.цп", "1", "2"}, "put пальма.цп 1.0 2"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			addr, requests := acknowledge(t)
			got := putget(t, addr, "", append([]string{"put"}, tt.args...)...)
			if got != (result{}) {
				t.Errorf("got %+v, want nothing printed and code 0", got)
			}
			if sent := requests(); !slices.Equal(sent, []string{tt.want}) {
				t.Errorf("server received %q, want %q", sent, tt.want)
			}
		})
	}
}

func TestPutNow(t *testing.T) {
	addr, requests := acknowledge(t)
	before := time.Now().Unix()
	got := putget(t, addr, "", "put", "cpu", "1.5")
	after := time.Now().Unix()
	timestamp, cut := strings.CutPrefix(strings.Join(requests(), ""), "put cpu 1.5 ")
	sent, err := strconv.ParseInt(timestamp, 10, 64)
	if got.code != 0 || !cut || err != nil || sent < before || sent > after {
		t.Errorf("got %+v, server received %q, want a timestamp from %d to %d", got, requests(), before, after)
	}
}

func TestUsageErrors(t *testing.T) {
	tests := []struct {
		name  string
		args  []string
		quote string // part of the message: what is wrong
	}{
		{"UnknownCommand", []string{"gut"}, "gut"},
		{"UnknownFlag", []string{"put", "k", "1", "--loud"}, "--loud"},
		{"PutNothing", []string{"put"}, "0 arguments"},
		{"PutKeyAlone", []string{"put", "k"}, "1 argument"},
		{"PutTooMany", []string{"put", "k", "1", "2", "3"}, "4 arguments"},
		{"PutStar", []string{"put", "*", "1"}, `key "*"`},
		{"PutKeyWithSpace", []string{"put", "a b", "1"}, `key "a b"`},
		{"PutKeyIsTwoRequests", []string{"put", "a 1 2\nput b", "3", "4"}, `key "a 1 2\nput b"`},
		{"PutKeyEmpty", []string{"put", "", "1"}, `key ""`},
		{"PutNaN", []string{"put", "k", "nan"}, `value "nan"`},
		{"PutHex", []string{"put", "k", "0x10"}, `value "0x10"`},
		{"PutNegativeHex", []string{"put", "k", "-0x10"}, `value "-0x10"`},
		{"PutSeparator", []string{"put", "k", "1_000"}, `value "1_000"`},
		{"PutOverflow", []string{"put", "k", "-1e999"}, `value "-1e999"`},
		{"PutTimestampFraction", []string{"put", "k", "1", "1.5"}, `timestamp "1.5"`},
		{"PutTimestampOverflow", []string{"put", "k", "1", "-9223372036854775809"}, `timestamp "-9223372036854775809"`},
		{"GetNothing", []string{"get"}, "KEY"},
		{"GetTooMany", []string{"get", "README.md", "go.mod"}, "'*'"},
		{"GetKeyWithTab", []string{"get", "a\tb"}, `key "a\tb"`},
		{"Output", []string{"get", "k", "-o", "xml"}, "table, json, csv, line"},
		{"TimeoutNegative", []string{"get", "k", "--timeout", "-5s"}, `"-5s"`},
		{"TimeoutNoUnit", []string{"get", "k", "--timeout", "5"}, `"5"`},
		{"AddrWithoutPort", []string{"get", "k", "--addr", "localhost"}, `--addr: "localhost"`},
		{"AddrEmptyPort", []string{"get", "k", "-a", "localhost:"}, `--addr: "localhost:"`},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			addr := listen(t, func(p peer) { t.Errorf("the program has connected") })
			got := putget(t, addr, "", tt.args...)
			if got.code != 2 || got.stdout != "" || !isOneMessage(got.stderr) || !strings.Contains(got.stderr, tt.quote) {
				t.Errorf("got %+v, want code 2 and one message that holds %q", got, tt.quote)
			}
		})
	}
}

// isOneMessage reports whether text is one line of the program.
func isOneMessage(text string) bool {
	return strings.HasPrefix(text, "putget: ") && strings.Count(text, "\n") == 1 && strings.HasSuffix(text, "\n")
}

func TestAddress(t *testing.T) {
	addr := answer(t, map[string]string{"get k": "ok\nk 1 2\n\n"})
	other := listen(t, func(p peer) { t.Error("the wrong server") })
	want := result{stdout: "k 1.0 2\n"}
	if got := putget(t, addr, "", "get", "k"); got != want {
		t.Errorf("by PUTGET_ADDR: got %+v", got)
	}
	if got := putget(t, other, "", "get", "k", "--addr", addr); got != want {
		t.Errorf("by --addr: got %+v", got)
	}
	if got := putget(t, "no port", "", "get", "k"); got.code != 2 || !strings.Contains(got.stderr, "PUTGET_ADDR") {
		t.Errorf("wrong PUTGET_ADDR: got %+v", got)
	}
}

func TestFailures(t *testing.T) {
	ln, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	nobody := ln.Addr().String()
	ln.Close()
	silent := func(p peer) { io.Copy(io.Discard, p) }
	says := func(text string) func(peer) {
		return func(p peer) { p.line(); io.WriteString(p.Conn, text); io.Copy(io.Discard, p) }
	}
	tests := []struct {
		name   string
		script func(peer) // nil for an address where nobody listens
		code   int
		quote  string
	}{
		{"NobodyListens", nil, 3, "--addr"},
		{"Refused", says("error\nstorage failed\n\n"), 1, `"storage failed"`},
		{"RefusedWithoutText", says("error\n\n"), 1, "refused"},
		{"OtherProtocol", says("HTTP/1.1 400 Bad Request\r\n\r\n"), 3, "HTTP/1.1"},
		{"Silent", silent, 3, "--timeout"},
		{"ClosesEarly", func(p peer) { p.line(); p.send(t, "ok\n") }, 3, "closed"},
	}
	for _, tt := range tests {
		for _, args := range [][]string{{"put", "k", "1", "2"}, {"get", "k"}, {"get", "*"}, {"put", "-"}} {
			t.Run(tt.name+strings.Join(args, ""), func(t *testing.T) {
				addr := nobody
				if tt.script != nil {
					addr = listen(t, tt.script)
				}
				got := putget(t, addr, "k 1 2\n", append(args, "--timeout", "300ms")...)
				messages := strings.Count(got.stderr, "\n")
				if got.code != tt.code || got.stdout != "" || !strings.Contains(got.stderr, tt.quote) || messages > 2 {
					t.Errorf("got %+v, want code %d and a message that holds %q", got, tt.code, tt.quote)
				}
				if tt.code == 3 && (!isOneMessage(got.stderr) || !strings.Contains(got.stderr, addr)) {
					t.Errorf("got %q, want one message with the address", got.stderr)
				}
			})
		}
	}
}

func TestOutputFormats(t *testing.T) {
	const reply = "ok\nb 10 1503319740\nb -0.5 -86400\na,\"x\" 0.30000000000000004 9223372036854775807\n\n"
	tests := []struct{ name, format, reply, want string }{
		{"Line", "line", reply, "a,\"x\" 0.30000000000000004 9223372036854775807\nb -0.5 -86400\nb 10.0 1503319740\n"},
		{"LineEmpty", "line", "ok\n\n", ""},
		{"CSV", "csv", reply, "key,value,timestamp\n\"a,\"\"x\"\"\",0.30000000000000004,9223372036854775807\nb,-0.5,-86400\nb,10.0,1503319740\n"},
		{"CSVEmpty", "csv", "ok\n\n", "key,value,timestamp\n"},
		{"JSON", "json", reply, `{"a,\"x\"":[{"timestamp":9223372036854775807,"value":0.30000000000000004}],` +
			`"b":[{"timestamp":-86400,"value":-0.5},{"timestamp":1503319740,"value":10}]}` + "\n"},
		{"JSONNotForHTML", "json", "ok\n<&> 1e300 2\n\n", `{"<&>":[{"timestamp":2,"value":1e+300}]}` + "\n"},
		{"JSONEmpty", "json", "ok\n\n", "{}\n"},
		{"Table", "table", reply, "" +
			"KEY    VALUE                TIMESTAMP            TIME (UTC)\n" +
			"a,\"x\"  0.30000000000000004  9223372036854775807  -\n" +
			"b      -0.5                 -86400               1969-12-31 00:00:00\n" +
			"b      10.0                 1503319740           2017-08-21 12:49:00\n"},
		{"TableQuotesWhatDoesNotShow", "table", "ok\n\u202eupc 1 0\n\n", "" +
			"KEY          VALUE  TIMESTAMP  TIME (UTC)\n" +
			"\"\\u202eupc\"  1.0    0          1970-01-01 00:00:00\n"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			addr := answer(t, map[string]string{"get *": tt.reply})
			got := putget(t, addr, "", "get", "*", "--output", tt.format)
			if got != (result{stdout: tt.want}) {
				t.Errorf("got %+v, want\n%s", got, tt.want)
			}
		})
	}
}

func TestGetKey(t *testing.T) {
	addr := answer(t, map[string]string{"get -5": "ok\n-5 1 2\n\n", "get none": "ok\n\n"})
	if got := putget(t, addr, "", "get", "-5"); got != (result{stdout: "-5 1.0 2\n"}) {
		t.Errorf("got %+v", got)
	}
	if got := putget(t, addr, "", "get", "none"); got != (result{}) {
		t.Errorf("a key without samples: got %+v", got)
	}
	if got := putget(t, addr, "", "get", "none", "-o", "json"); got != (result{stdout: "{}\n"}) {
		t.Errorf("a key without samples in JSON: got %+v", got)
	}
}

// What one server printed, another takes in again.
func TestGetFeedsPut(t *testing.T) {
	const lines = "k -0.5 -7\nk 1e+300 8\n"
	from := answer(t, map[string]string{"get *": "ok\n" + lines + "\n"})
	to, requests := acknowledge(t)
	got := putget(t, to, putget(t, from, "", "get", "*").stdout, "put", "-")
	if want := []string{"put k -0.5 -7", "put k 1e+300 8"}; got != (result{}) || !slices.Equal(requests(), want) {
		t.Errorf("got %+v, server received %q, want %q", got, requests(), want)
	}
}

// A reader that leaves, such as head, causes no noise.
func TestReaderOfTheOutputLeaves(t *testing.T) {
	addr := answer(t, map[string]string{"get *": "ok\n" + strings.Repeat("palm.cpu 1.5 7\n", 100_000) + "\n"})
	cmd := command(t, addr, "get", "*")
	var stderr strings.Builder
	cmd.Stderr = &stderr
	stdout, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	first := make([]byte, 15)
	if _, err := io.ReadFull(stdout, first); err != nil || string(first) != "palm.cpu 1.5 7\n" {
		t.Errorf("got %q, %v", first, err)
	}
	stdout.Close()
	_ = cmd.Wait() // SIGPIPE ends it, as it does other filters
	if stderr.Len() > 0 {
		t.Errorf("got %q, want nothing", stderr.String())
	}
}

func TestOutputFails(t *testing.T) {
	readOnly, err := os.Open(filepath.Join(t.TempDir()))
	if err != nil {
		t.Fatal(err)
	}
	defer readOnly.Close()
	addr := answer(t, map[string]string{"get k": "ok\nk 1 2\n\n"})
	for _, format := range []string{"line", "table", "csv", "json"} {
		cmd := command(t, addr, "get", "k", "-o", format)
		var stderr strings.Builder
		cmd.Stdout, cmd.Stderr = readOnly, &stderr
		if err := cmd.Run(); cmd.ProcessState.ExitCode() != 3 || !isOneMessage(stderr.String()) {
			t.Errorf("%s: got %v, %q, want code 3 and one message", format, err, stderr.String())
		}
	}
}

func TestHelp(t *testing.T) {
	for _, args := range [][]string{{}, {"--help"}, {"help", "put"}, {"get", "-h"}, {"completion", "bash"}, {"--version"}} {
		if got := putget(t, "", "", args...); got.code != 0 || got.stdout == "" || got.stderr != "" {
			t.Errorf("%q: got %+v", args, got)
		}
	}
}

func TestCompletion(t *testing.T) {
	got := putget(t, "", "", "__complete", "get", "k", "--output", "")
	if want := "table\njson\ncsv\nline\n:4\n"; got.stdout != want {
		t.Errorf("got %q, want %q", got.stdout, want)
	}
	got = putget(t, "", "", "__complete", "put", "k", "-1.5", "")
	if want := ":4\n"; got.stdout != want {
		t.Errorf("behind a negative number: got %q, want %q", got.stdout, want)
	}
}

func TestVersionNamesTheProtocol(t *testing.T) {
	if got := putget(t, "", "", "--version"); !strings.Contains(got.stdout, "PutGet 1.0") {
		t.Error(fmt.Sprint(got))
	}
}

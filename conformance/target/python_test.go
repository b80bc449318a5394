package target_test

import (
	"errors"
	"io"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/putget-protocol/putget/conformance/target"
)

// The servers of these tests answer each connection with one line and close it.
const (
	pythonBlocks = `
import socket
def run_server(host, port):
    s = socket.create_server((host, port))
    print("listening on", port)
    while True:
        c, _ = s.accept()
        c.sendall(b"hello\n")
        c.close()
`
	pythonOldLoop = `
import asyncio
class Hello(asyncio.Protocol):
    def connection_made(self, transport):
        transport.write(b"hello\n")
        transport.close()
loop = asyncio.get_event_loop()
def run_server(host, port):
    assert isinstance(port, int) and isinstance(host, str)
    server = loop.run_until_complete(asyncio.get_event_loop().create_server(Hello, host, port))
    loop.run_forever()
`
	pythonRun = `
import asyncio
async def hello(reader, writer):
    writer.write(b"hello\n")
    writer.close()
async def main(host, port):
    server = await asyncio.start_server(hello, host, port)
    await server.serve_forever()
def run_server(host, port):
    asyncio.run(main(host, port))
`
	pythonCoroutine = `
import asyncio
async def hello(reader, writer):
    writer.write(b"hello\n")
    writer.close()
async def run_server(host, port):
    return await asyncio.start_server(hello, host, port)
`
	pythonThread = `
import socketserver, threading
class Hello(socketserver.BaseRequestHandler):
    def handle(self):
        self.request.sendall(b"hello\n")
def run_server(host, port):
    server = socketserver.ThreadingTCPServer((host, port), Hello)
    threading.Thread(target=server.serve_forever, daemon=True).start()
`
	pythonNeighbour  = "from storage import run_server\n"
	pythonRelative   = "from .storage import run_server\n"
	pythonRelativeIn = "from . import storage\nfrom .storage import run_server\nassert __name__ == 'inner.solution_1'\n"
)

// pythonFile writes files into a new folder and returns the name of the first.
func pythonFile(t *testing.T, files ...string) string {
	t.Helper()
	dir := t.TempDir()
	for i := 0; i < len(files); i += 2 {
		name := filepath.Join(dir, files[i])
		if err := os.MkdirAll(filepath.Dir(name), 0o700); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(name, []byte(files[i+1]), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	return filepath.Join(dir, files[0])
}

// needPython fails a test that proves nothing without python3.
func needPython(t *testing.T) {
	t.Helper()
	if _, err := exec.LookPath("python3"); err != nil {
		t.Fatalf("this test needs python3 (Debian: apt-get install python3): %v", err)
	}
}

func newPython(t *testing.T, file string) *target.Process {
	t.Helper()
	needPython(t)
	p, err := target.Python(file, target.ExecConfig{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(p.Close)
	return p
}

func TestPythonServes(t *testing.T) {
	tests := []struct {
		name  string
		files []string
	}{
		{"Blocks", []string{"server.py", pythonBlocks}},
		{"OldLoop", []string{"server.py", pythonOldLoop}},
		{"Run", []string{"server.py", pythonRun}},
		{"Coroutine", []string{"server.py", pythonCoroutine}},
		{"Thread", []string{"server.py", pythonThread}},
		{"OddName", []string{"my 'server' {port}-1", pythonBlocks}},
		{"Neighbour", []string{"server.py", pythonNeighbour, "storage.py", pythonRun}},
		{"Relative", []string{"server.py", pythonRelative, "storage.py", pythonRun}},
		{"Package", []string{"inner/solution-1.py", pythonRelativeIn, "inner/__init__.py", "", "inner/storage.py", pythonRun}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			file := pythonFile(t, tt.files...)
			before := filesBelow(t, filepath.Dir(file))
			p := newPython(t, file)
			if err := p.Start(t.Context()); err != nil {
				t.Fatal(err)
			}
			conn, err := net.Dial("tcp", p.Addr())
			if err != nil {
				t.Fatal(err)
			}
			defer conn.Close()
			if got, err := io.ReadAll(conn); string(got) != "hello\n" || err != nil {
				t.Errorf("got %q, %v; it printed %q", got, err, p.Output())
			}
			p.Close()
			if after := filesBelow(t, filepath.Dir(file)); !slices.Equal(after, before) {
				t.Errorf("the folder of the file holds %q now, and held %q", after, before)
			}
		})
	}
}

func filesBelow(t *testing.T, dir string) []string {
	t.Helper()
	files, err := filepath.Glob(filepath.Join(dir, "*"))
	if err != nil {
		t.Fatal(err)
	}
	return files
}

// What a server prints is seen at once, though it is written to a pipe.
func TestPythonOutput(t *testing.T) {
	p := newPython(t, pythonFile(t, "server.py", pythonBlocks))
	if err := p.Start(t.Context()); err != nil {
		t.Fatal(err)
	}
	eventually(t, "the printing of a line", func() bool {
		return slices.ContainsFunc(p.Output(), func(line string) bool { return strings.HasPrefix(line, "listening on ") })
	})
}

func TestPythonThatCannotStart(t *testing.T) {
	tests := []struct {
		name, text string
		code       int
		want       string // in the output
		unwanted   string
	}{
		{"NoFunction", "def runserver(host, port): pass\n", 2, "defines no function run_server(host, port)", "Traceback"},
		{"NoSyntax", "def run_server(host, port)\n", 1, "server.py\", line 1", "launcher"},
		{"NoModule", "import no_such_module\n", 1, "line 1, in <module>", "launcher"},
		{"Raises", "def run_server(host, port):\n    open('/no/such/file')\n", 1, "line 2, in run_server", "launcher"},
		{"Returns", "def run_server(host, port):\n    return None\n", 0, "run_server has returned", "Traceback"},
		{"Exits", "import sys\ndef run_server(host, port):\n    sys.exit(5)\n", 5, "", "Traceback"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			p := newPython(t, pythonFile(t, "server.py", tt.text))
			err := p.Start(t.Context())
			e, ok := errors.AsType[*target.StartError](err)
			if !ok || e.Exit == nil || e.Exit.Code != tt.code {
				t.Fatalf("Start = %v; want a StartError with exit status %d", err, tt.code)
			}
			printed := strings.Join(e.Output, "\n")
			if !strings.Contains(printed, tt.want) || strings.Contains(printed, tt.unwanted) {
				t.Errorf("it printed\n%s\nwant %q, and not %q", printed, tt.want, tt.unwanted)
			}
			if !strings.Contains(err.Error(), "run_server(127.0.0.1, ") {
				t.Errorf("%q does not say what was started", err)
			}
		})
	}
}

func TestPythonIsMissing(t *testing.T) {
	file := pythonFile(t, "server.py", pythonBlocks)
	t.Setenv("PATH", t.TempDir())
	p, err := target.Python(file, target.ExecConfig{})
	if err != nil {
		t.Fatal(err)
	}
	defer p.Close()
	err = p.Start(t.Context())
	if e, ok := errors.AsType[*target.StartError](err); !ok || !errors.Is(err, exec.ErrNotFound) || e.Exit != nil {
		t.Errorf("Start = %v; want a StartError that wraps %v", err, exec.ErrNotFound)
	}
}

func TestPythonFileIsMissing(t *testing.T) {
	for _, file := range []string{filepath.Join(t.TempDir(), "server.py"), t.TempDir()} {
		if _, err := target.Python(file, target.ExecConfig{}); err == nil {
			t.Errorf("Python(%q) succeeded", file)
		}
	}
}

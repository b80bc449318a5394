package target_test

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/putget-protocol/putget/conformance/target"
)

// The clients that the adapters of the document are written for.
const (
	documentedPython = `
class ClientError(Exception): pass
class Client:
    def __init__(self, host, port, timeout=None):
        print("made with", timeout)
        if port == 1: raise ClientError("refused")
    def put(self, key, value, timestamp=None):
        if timestamp is None: raise ValueError(key)
    def get(self, key): return {key: [(1, 0.5), (2, 5.0)]}
`
	documentedNode = `
class ClientError extends Error {}
class Client {
  constructor(host, port, timeout) {
    console.log('made with', timeout);
    this.ready = port === 1 ? Promise.reject(new ClientError('refused')) : Promise.resolve();
  }
  async put(key, value, timestamp) { if (timestamp === undefined) throw new RangeError(key); }
  get(key) { return { [key]: [[1, 0.5], [2, 5.0]] }; }
}
module.exports = { Client, ClientError };
`
)

// fenced returns the first block of a language in the document of adapters.
func fenced(t *testing.T, language string) string {
	t.Helper()
	text, err := os.ReadFile(filepath.Join("..", "ADAPTERS.md"))
	if err != nil {
		t.Fatal(err)
	}
	_, behind, found := strings.Cut(string(text), "\n```"+language+"\n")
	block, _, ended := strings.Cut(behind, "\n```\n")
	if !found || !ended {
		t.Fatalf("ADAPTERS.md has no block of %s", language)
	}
	return block + "\n"
}

// documented runs an adapter of the document, with the client that it is for.
func documented(t *testing.T, program, language, client, clientText, want string) {
	t.Helper()
	if _, err := exec.LookPath(program); err != nil {
		t.Fatalf("this test needs %s: %v", program, err)
	}
	dir := filepath.Dir(pythonFile(t, "adapter", fenced(t, language), client, clientText))
	a, err := target.AdapterExec(program+" adapter", target.AdapterConfig{Dir: dir})
	if err != nil {
		t.Fatal(err)
	}
	wantAnswers(t, a, want)
	c := start(t, a)
	call(t, c, "open", "h", 2)
	c.Close()
	if got := strings.Join(c.Output(), "\n"); !strings.HasPrefix(got, "made with") {
		t.Errorf("the print of the client is not on standard error, which has %q", got)
	}
}

func TestAdapterPythonOfTheDocument(t *testing.T) {
	documented(t, "python3", "python", "client.py", documentedPython, `
		{"op":"open","args":["h",1]} -> {"error": "refused"}
		{"op":"open","args":["h",2,0.5]} -> {"ok": null}
		{"op":"put","args":["a",1.5]} -> {"crash": "ValueError: a"}
		{"op":"put","args":["a",1.5,1]} -> {"ok": null}
		{"op":"get","args":["\u00e9\""]} -> {"ok": {"\u00e9\"": [[1, 0.5], [2, 5.0]]}}`)
}

func TestAdapterNodeOfTheDocument(t *testing.T) {
	documented(t, "node", "js", "client.js", documentedNode, `
		{"op":"open","args":["h",1]} -> {"error":"refused"}
		{"op":"open","args":["h",2,0.5]} -> {"ok":null}
		{"op":"put","args":["a",1.5]} -> {"crash":"RangeError: a"}
		{"op":"put","args":["a",1.5,1]} -> {"ok":null}
		{"op":"get","args":["a\""]} -> {"ok":{"a\"":[[1,0.5],[2,5]]}}`)
}

package target_test

import (
	"errors"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/putget-protocol/putget/conformance/adapter"
	"github.com/putget-protocol/putget/conformance/target"
)

// The clients of these tests connect to nobody: what get does hangs on its key.
const (
	pythonAnswers = `
import os, subprocess, sys
from collections import namedtuple, defaultdict
from decimal import Decimal
print("printed while it is imported")
Sample = namedtuple("Sample", "timestamp value")
class Record:
    def __init__(self, timestamp, value):
        self.timestamp, self.value = timestamp, value
class Client:
    def __init__(self, host, port, timeout=None):
        self.made = [host, port, timeout]
    def put(self, key, value, timestamp=None):
        return {"nothing": None, "made": self.made}.get(key, [key, value, timestamp])
    def get(self, key):
        if key == "prints":
            print("printed"); sys.stdout.write("written\n")
            os.write(1, b"below\n"); subprocess.run(["echo", "by a child"])
            return sys.stdin.read()
        mapping = defaultdict(list)
        mapping["a b\n\u00e9"] = [(1, 0.5), [2, 5.0], Sample(-3, 5), Record(2**63, 1e300)]
        return {
            "mapping": mapping, "empty": {},
            "floats": [float("inf"), float("-inf"), float("nan"), -0.0, 0.1, 5e-324, 1e22],
            "others": [True, None, "0.5", b"x", Decimal("0.5"), {1}],
            "keys": {b"a": 1, 2: 3, "\udcff": 4},
            "big": {"a": [(i, 0.1) for i in range(500000)]},
        }[key]
`
	pythonErrors = `
import sys
from errors_of_mine import NeighbourError
class ClientError(Exception): pass
class Subclass(ClientError): pass
class TimeoutError(Exception): pass
class Unnamed(Exception): pass
class Textless(ClientError):
    def __str__(self): return 5
class Client:
    def __init__(self, host, port):
        if port == 1: raise ClientError("refused")
        if port == 2: raise ConnectionRefusedError("refused")
    def put(self, key, value, timestamp):
        raise ClientError("\u00e9 \"quoted\"\n\udcff")
    def get(self, key):
        if key == "exit": sys.exit(3)
        if key == "parse": float("x")
        if key == "parsed":
            try: float("x")
            except ValueError as e: raise ClientError from e
        raise {"subclass": Subclass(1), "other": TimeoutError("t"), "neighbour": NeighbourError("n"),
               "unnamed": Unnamed("u"), "textless": Textless(), "socket": OSError(111, "refused")}[key]
`
	pythonNoOwn = `
from socket import error as ClientError
class Client:
    def __init__(self, host, port): pass
    def get(self, key): raise ClientError("x")
`
	pythonByName = `
class Client:
    def __init__(self, host, port, *, timeout=None): self.timeout = timeout
    def put(self, key, value, *, timestamp=None): return timestamp
    def get(self, key): return self.timeout
`
	pythonAsyncio = `
import asyncio
loop = asyncio.get_event_loop()
class ClientError(Exception): pass
class Client:
    def __init__(self, host, port): self.made = loop.run_until_complete(asyncio.sleep(0, "made"))
    async def put(self, key, value): await asyncio.sleep(0)
    def get(self, key):
        async def fails(): raise ClientError(self.made)
        asyncio.run(fails()) if key == "run" else loop.run_until_complete(fails())
`
	pythonFactory = `
class ClientError(Exception): pass
class Session:
    async def put(self, key, value): raise ClientError(key)
    async def get(self, key): return {}
async def Client(host, port): return Session()
`
	pythonRelativeClient = "from .inside import Client, OwnError\n"
	pythonInside         = `
class OwnError(Exception): pass
class Client:
    def __init__(self, host, port): raise OwnError(__name__)
`
	pythonThreads = `
import threading, time
class Client:
    def __init__(self, host, port): threading.Thread(target=time.sleep, args=(3600,)).start()
`
)

func newAdapterPython(t *testing.T, files ...string) *target.Adapter {
	t.Helper()
	needPython(t)
	a, err := target.AdapterPython(pythonFile(t, files...), target.AdapterConfig{})
	if err != nil {
		t.Fatal(err)
	}
	return a
}

// A pythonScene is files, of which the first is the client's, and calls with their answers.
type pythonScene struct {
	name  string
	files []string
	calls string
}

func pythonScenes() []pythonScene {
	return []pythonScene{
		{"Values", []string{"my 'client'-1.py", pythonAnswers}, `
			{"op":"open","args":["127.0.0.1",40213]} -> {"ok":null}
			{"op":"put","args":["made",1]} -> {"ok":["127.0.0.1",40213,null]}
			{"op":"open","args":["h",1,0.5]} -> {"ok":null}
			{"op":"put","args":["made",1]} -> {"ok":["h",1,0.5]}
			{"op":"put","args":["nothing",0.5,1]} -> {"ok":null}
			{"op":"put","args":["\ud83d\ude00",5.0,9223372036854775808]} -> {"ok":["\ud83d\ude00",5.0,9223372036854775808]}
			{"op":"put","args":["a",5]} -> {"ok":["a",5,null]}
			{"op":"put","args":["a",-1e999,0]} -> {"ok":["a",-1e999,0]}
			{"op":"get","args":["mapping"]} -> {"ok":{"a b\n\u00e9":[[1,0.5],[2,5.0],[-3,5],[9223372036854775808,1e+300]]}}
			{"op":"get","args":["empty"]} -> {"ok":{}}
			{"op":"get","args":["floats"]} -> {"ok":[1e999,-1e999,"NaN",-0.0,0.1,5e-324,1e+22]}
			{"op":"get","args":["others"]} -> {"ok":[true,null,"0.5","b'x'","Decimal('0.5')","{1}"]}
			{"op":"get","args":["keys"]} -> {"ok":{"b'a'":1,"2":3,"\udcff":4}}
			{"op":"drop","args":[]} -> {"crash":"LookupError: no operation 'drop'; there are open, put and get"}`},
		{"Errors", []string{"client.py", pythonErrors, "errors_of_mine.py", "class NeighbourError(Exception): pass\n"}, `
			{"op":"get","args":["a"]} -> {"crash":"LookupError: no client is open"}
			{"op":"open","args":["h",1]} -> {"error":"refused"}
			{"op":"open","args":["h",2]} -> {"crash":"ConnectionRefusedError: refused"}
			{"op":"put","args":["a",1,1]} -> {"crash":"LookupError: no client is open"}
			{"op":"open","args":["h",3]} -> {"ok":null}
			{"op":"put","args":["a",1,1]} -> {"error":"\u00e9 \"quoted\"\n\udcff"}
			{"op":"put","args":["a",1]} -> {"crash":"TypeError: Client.put() missing 1 required positional argument: 'timestamp'"}
			{"op":"get","args":["subclass"]} -> {"error":"1"}
			{"op":"get","args":["other"]} -> {"error":"t"}
			{"op":"get","args":["neighbour"]} -> {"error":"n"}
			{"op":"get","args":["parsed"]} -> {"error":""}
			{"op":"get","args":["textless"]} -> {"error":"(its text cannot be made)"}
			{"op":"get","args":["unnamed"]} -> {"crash":"Unnamed: u"}
			{"op":"get","args":["parse"]} -> {"crash":"ValueError: could not convert string to float: 'x'"}
			{"op":"get","args":["socket"]} -> {"crash":"ConnectionRefusedError: [Errno 111] refused"}
			{"op":"get","args":["exit"]} -> {"crash":"SystemExit: 3"}
			{"op":"get","args":["subclass"]} -> {"error":"1"}`},
	}
}

// oddPythonScenes are about files that are made in other ways than most.
func oddPythonScenes() []pythonScene {
	return []pythonScene{
		{"NoOwnError", []string{"client.py", pythonNoOwn}, `
			{"op":"open","args":["h",1]} -> {"ok":null}
			{"op":"get","args":["a"]} -> {"crash":"OSError: x"}`},
		{"ByName", []string{"client.py", pythonByName}, `
			{"op":"open","args":["h",1,2]} -> {"ok":null}
			{"op":"get","args":["a"]} -> {"ok":2}
			{"op":"put","args":["a",1,3]} -> {"ok":3}
			{"op":"put","args":["a",1]} -> {"ok":null}`},
		{"Asyncio", []string{"client.py", pythonAsyncio}, `
			{"op":"open","args":["h",1]} -> {"ok":null}
			{"op":"put","args":["a",1]} -> {"ok":null}
			{"op":"get","args":["loop"]} -> {"error":"made"}
			{"op":"get","args":["run"]} -> {"error":"made"}
			{"op":"put","args":["a",1]} -> {"ok":null}`},
		{"Factory", []string{"client.py", pythonFactory}, `
			{"op":"open","args":["h",1]} -> {"ok":null}
			{"op":"put","args":["a",1]} -> {"error":"a"}
			{"op":"get","args":["a"]} -> {"ok":{}}`},
		{"Relative", []string{"client.py", pythonRelativeClient, "inside.py", pythonInside}, `
			{"op":"open","args":["h",1]} -> {"error":"putget_conform_target.inside"}`},
		{"Package", []string{"outer/client-1.py", pythonRelativeClient, "outer/__init__.py", "", "outer/inside.py", pythonInside}, `
			{"op":"open","args":["h",1]} -> {"error":"outer.inside"}`},
		{"Threads", []string{"client.py", pythonThreads}, `
			{"op":"open","args":["h",1]} -> {"ok":null}`},
	}
}

func TestAdapterPythonAnswers(t *testing.T) {
	for _, tt := range append(pythonScenes(), oddPythonScenes()...) {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			a := newAdapterPython(t, tt.files...)
			dir := filepath.Dir(strings.TrimPrefix(a.String(), "the Client of "))
			before := filesBelow(t, dir)
			wantAnswers(t, a, tt.calls)
			if after := filesBelow(t, dir); !slices.Equal(after, before) {
				t.Errorf("the folder of the file holds %q now, and held %q", after, before)
			}
		})
	}
}

func TestAdapterPythonLongAnswer(t *testing.T) {
	c := start(t, newAdapterPython(t, "client.py", pythonAnswers))
	call(t, c, "open", "h", 1)
	got := call(t, c, "get", "big")
	if all, err := got.Series(); err != nil || len(all["a"]) != 500000 || len(got.Value) < 5_000_000 {
		t.Errorf("got %d bytes, %d pairs, %v", len(got.Value), len(all["a"]), err)
	}
	if all, err := got.Series(); err == nil && all["a"][499999] != (adapter.Pair{Timestamp: "499999", Value: "0.1"}) {
		t.Errorf("the last pair is %v", all["a"][499999])
	}
}

func TestAdapterPythonPrints(t *testing.T) {
	wantPrints(t, newAdapterPython(t, "client.py", pythonAnswers))
}

// wantPrints demands of an adapter that what its client prints in many ways goes into
// the output, and that the client has no input.
func wantPrints(t *testing.T, a *target.Adapter) {
	t.Helper()
	c := start(t, a)
	call(t, c, "open", "h", 1)
	if got := call(t, c, "get", "prints"); got.String() != `{"ok":""}` {
		t.Errorf("a client that reads standard input got %v; want its end", got)
	}
	c.Close()
	want := []string{"printed while it is imported", "printed", "written", "below", "by a child"}
	if got := c.Output(); !slices.Equal(got, want) {
		t.Errorf("it printed %q; want %q", got, want)
	}
}

// wantNotRun demands of an adapter that it ends before its first answer, and that the
// error shows the text but nothing of the launcher, whose lines hold mark.
func wantNotRun(t *testing.T, a *target.Adapter, code int, text, mark string) {
	t.Helper()
	c := start(t, a)
	_, err := c.Call(t.Context(), "open", "h", 1)
	e, ok := errors.AsType[*target.NotRunError](err)
	if !ok || e.Exit == nil || e.Exit.Code != code || !strings.Contains(err.Error(), text) {
		t.Fatalf("Call = %v; want a NotRunError with exit status %d and %q", err, code, text)
	}
	if strings.Contains(err.Error(), mark) {
		t.Errorf("%q shows what is not the author's", err)
	}
}

func TestAdapterPythonThatCannotRun(t *testing.T) {
	tests := []struct {
		name, text string
		code       int
		want       string // in the output
	}{
		{"NoClient", "class client: pass\n", 2, "defines no Client; add a class"},
		{"NoSyntax", "class Client\n", 1, "client.py\", line 1"},
		{"NoModule", "import no_such_module\n", 1, "ModuleNotFoundError"},
		{"Exits", "import sys\nsys.exit('usage: client.py HOST PORT')\n", 1, "usage: client.py HOST PORT"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			wantNotRun(t, newAdapterPython(t, "client.py", tt.text), tt.code, tt.want, "launcher")
		})
	}
}

func TestAdapterProgramIsMissing(t *testing.T) {
	file := pythonFile(t, "client.py", pythonAnswers)
	t.Setenv("PATH", t.TempDir())
	for program, make := range map[string]func(string, target.AdapterConfig) (*target.Adapter, error){
		"python3": target.AdapterPython, "node": target.AdapterNode,
	} {
		a, err := make(file, target.AdapterConfig{})
		if err != nil {
			t.Fatal(err)
		}
		_, err = a.Start(t.Context())
		if _, ok := errors.AsType[*target.StartError](err); !ok || !errors.Is(err, exec.ErrNotFound) || !strings.Contains(err.Error(), program+" is not there") {
			t.Errorf("Start = %v; want a StartError that wraps %v", err, exec.ErrNotFound)
		}
		for _, missing := range []string{filepath.Join(t.TempDir(), "client"), t.TempDir()} {
			if _, err := make(missing, target.AdapterConfig{}); err == nil {
				t.Errorf("the file %q is accepted", missing)
			}
		}
	}
}

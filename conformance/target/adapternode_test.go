package target_test

import (
	"os/exec"
	"slices"
	"strings"
	"testing"

	"github.com/putget-protocol/putget/conformance/adapter"
	"github.com/putget-protocol/putget/conformance/target"
)

// The clients of these tests connect to nobody: what get does hangs on its key.
const (
	nodeAnswers = `
'use strict';
const { execFileSync } = require('node:child_process');
const fs = require('node:fs');
console.log('printed while it is imported');
class ClientError extends Error {}
class Client {
  constructor(host, port, timeout) { this.made = [host, port, timeout]; }
  put(key, value, timestamp) {
    return key === 'made' ? this.made : key === 'nothing' ? undefined : [key, value, timestamp, typeof timestamp];
  }
  async get(key) {
    if (key === 'prints') {
      console.log('printed');
      process.stdout.write('written\n');
      fs.writeSync(1, 'below\n');
      execFileSync('echo', ['by a child'], { stdio: 'inherit' });
      return fs.readFileSync(0, 'utf8');
    }
    await new Promise((resolve) => setTimeout(resolve, 1));
    return {
      mapping: { 'a b\n\u00e9': [[1, 0.5], [2, 5.0], { timestamp: -3, value: 5 }, [2n ** 63n, 1e300]] },
      map: new Map([['timestamp', [[1, 2]]], ['value', []], ['__proto__', []]]),
      words: { timestamp: [[1, 2]], value: [] },
      empty: {},
      floats: [Infinity, -Infinity, NaN, -0, 0.1, 5e-324, 1e22],
      typed: new Float64Array([1, 0.5]),
      others: [true, undefined, '0.5', Symbol.iterator],
      big: { a: Array.from({ length: 500000 }, (_, i) => [i, 0.1]) },
    }[key];
  }
}
module.exports = { Client, ClientError };
`
	nodeErrors = `
import { EventEmitter } from 'node:events';
import net from 'node:net';
import assert from 'node:assert';
import { NeighbourError } from './errors.mjs';
export { NeighbourError };
class TimeoutError extends Error {}
class Unnamed extends Error {}
export class ClientError extends Error {}
class Subclass extends ClientError {}
export class Client {
  constructor(host, port) {
    if (port === 1) throw new ClientError('refused');
    if (port === 2) throw new RangeError('port');
    this.ready = port === 3 ? Promise.reject(new ClientError('not ready')) : port === 4 ? new Promise(() => net.connect(1, '127.0.0.1')) : undefined;
  }
  put() { return Promise.reject(new ClientError('\u00e9 "quoted"\n')); }
  get(key) {
    if (key === 'parse') return JSON.parse('{');
    if (key === 'emits') return new Promise(() => setImmediate(() => new EventEmitter().emit('error', new ClientError('nobody listens'))));
    if (key === 'later') { setImmediate(() => { throw new Error('between two calls'); }); return {}; }
    if (key === 'assert') assert.fail('no');
    if (key === 'text') throw 'a text';
    if (key === 'null') throw null;
    if (key === 'exit') process.exit(3);
    throw { subclass: new Subclass('1'), other: new TimeoutError('t'), neighbour: new NeighbourError('n'), unnamed: new Unnamed('u') }[key];
  }
}
`
	nodeNeighbour = "export class NeighbourError extends Error {}\n"
	nodeFactory   = `
class PutError extends Error {}
const Client = async (host, port) => ({ ready: async () => {}, put() { throw new PutError('x'); }, get: () => ({}) });
module.exports = { Client };
`
	nodeAlias   = "module.exports = { Client: class { get() { throw new Error('x'); } }, ClientError: Error };\n"
	nodeDefault = "module.exports = class Client { get() { return {}; } };\nmodule.exports.Client = module.exports;\n"
)

func newAdapterNode(t *testing.T, files ...string) *target.Adapter {
	t.Helper()
	if _, err := exec.LookPath("node"); err != nil {
		t.Fatalf("this test needs node (Debian: apt-get install nodejs): %v", err)
	}
	a, err := target.AdapterNode(pythonFile(t, files...), target.AdapterConfig{})
	if err != nil {
		t.Fatal(err)
	}
	return a
}

func TestAdapterNodeAnswers(t *testing.T) {
	tests := []struct {
		name  string
		files []string
		calls string
	}{
		{"Values", []string{"my 'client'-1.js", nodeAnswers}, `
			{"op":"open","args":["127.0.0.1",40213]} -> {"ok":null}
			{"op":"put","args":["made",1]} -> {"ok":["127.0.0.1",40213,null]}
			{"op":"open","args":["h",1,0.5]} -> {"ok":null}
			{"op":"put","args":["made",1]} -> {"ok":["h",1,0.5]}
			{"op":"put","args":["nothing",0.5,1]} -> {"ok":null}
			{"op":"put","args":["\ud83d\ude00 12345678901234567890 \"",5.0,9223372036854775808]} -> {"ok":["😀 12345678901234567890 \"",5,9223372036854775808,"bigint"]}
			{"op":"put","args":["a",1e300,-9007199254740991]} -> {"ok":["a",1e+300,-9007199254740991,"number"]}
			{"op":"put","args":["a",-1e999]} -> {"ok":["a",-1e999,null,"undefined"]}
			{"op":"get","args":["mapping"]} -> {"ok":{"a b\n` + "é" + `":[[1,0.5],[2,5],[-3,5],[9223372036854775808,1e+300]]}}
			{"op":"get","args":["map"]} -> {"ok":{"timestamp":[[1,2]],"value":[],"__proto__":[]}}
			{"op":"get","args":["words"]} -> {"ok":{"timestamp":[[1,2]],"value":[]}}
			{"op":"get","args":["empty"]} -> {"ok":{}}
			{"op":"get","args":["floats"]} -> {"ok":[1e999,-1e999,"NaN",-0,0.1,5e-324,1e+22]}
			{"op":"get","args":["typed"]} -> {"ok":[1,0.5]}
			{"op":"get","args":["others"]} -> {"ok":[true,null,"0.5","Symbol(Symbol.iterator)"]}
			{"op":"drop","args":[]} -> {"crash":"Error: no operation \"drop\"; there are open, put and get"}`},
		{"Errors", []string{"client.mjs", nodeErrors, "errors.mjs", nodeNeighbour}, `
			{"op":"get","args":["a"]} -> {"crash":"Error: no client is open"}
			{"op":"open","args":["h",1]} -> {"error":"refused"}
			{"op":"open","args":["h",2]} -> {"crash":"RangeError: port"}
			{"op":"open","args":["h",3]} -> {"error":"not ready"}
			{"op":"open","args":["h",4]} -> {"crash":"Error: connect ECONNREFUSED 127.0.0.1:1"}
			{"op":"open","args":["h",5]} -> {"ok":null}
			{"op":"put","args":["a",1,1]} -> {"error":"é \"quoted\"\n"}
			{"op":"get","args":["subclass"]} -> {"error":"1"}
			{"op":"get","args":["other"]} -> {"error":"t"}
			{"op":"get","args":["neighbour"]} -> {"error":"n"}
			{"op":"get","args":["unnamed"]} -> {"crash":"Unnamed: u"}
			{"op":"get","args":["assert"]} -> {"crash":"AssertionError: no"}
			{"op":"get","args":["emits"]} -> {"crash":"ClientError: nobody listens"}
			{"op":"get","args":["text"]} -> {"crash":"thrown: a text"}
			{"op":"get","args":["null"]} -> {"crash":"thrown: null"}`},
		{"NoOwnError", []string{"client.cjs", nodeAlias}, `
			{"op":"open","args":["h",1]} -> {"ok":null}
			{"op":"get","args":["a"]} -> {"crash":"Error: x"}`},
		{"Factory", []string{"client.js", nodeFactory}, `
			{"op":"open","args":["h",1]} -> {"ok":null}
			{"op":"get","args":["a"]} -> {"ok":{}}
			{"op":"put","args":["a",1]} -> {"error":"x"}`},
		{"Default", []string{"client.js", nodeDefault}, `
			{"op":"open","args":["h",1]} -> {"ok":null}
			{"op":"get","args":["a"]} -> {"ok":{}}`},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			a := newAdapterNode(t, tt.files...)
			wantAnswers(t, a, tt.calls)
		})
	}
}

// An error that nobody catches between two calls is the answer to the next one.
func TestAdapterNodeErrorBetweenCalls(t *testing.T) {
	c := start(t, newAdapterNode(t, "client.mjs", nodeErrors, "errors.mjs", nodeNeighbour))
	call(t, c, "open", "h", 5)
	call(t, c, "get", "later")
	eventually(t, "the report of the error", func() bool {
		return slices.ContainsFunc(c.Output(), func(line string) bool { return strings.Contains(line, "uncaught: Error: between two calls") })
	})
	if got := call(t, c, "put", "a", 1); got.String() != `{"crash":"Error: between two calls"}` {
		t.Errorf("the call behind it is answered with %v", got)
	}
	if got := call(t, c, "get", "other"); got.String() != `{"error":"t"}` {
		t.Errorf("the call behind that is answered with %v", got)
	}
}

// A client that ends its process in a call has not failed cleanly, and was run.
func TestAdapterNodeExits(t *testing.T) {
	c := start(t, newAdapterNode(t, "client.mjs", nodeErrors, "errors.mjs", nodeNeighbour))
	call(t, c, "open", "h", 5)
	if got := call(t, c, "get", "exit"); got.String() != `{"crash":"process.exit(3)"}` {
		t.Errorf("the call is answered with %v", got)
	}
	if got := call(t, c, "get", "a"); got.Kind != adapter.Ended || got.Message != "the adapter ended: exit status 3" {
		t.Errorf("the call behind it is answered with %v", got)
	}
}

func TestAdapterNodeLongAnswer(t *testing.T) {
	c := start(t, newAdapterNode(t, "client.js", nodeAnswers))
	call(t, c, "open", "h", 1)
	got := call(t, c, "get", "big")
	if all, err := got.Series(); err != nil || len(all["a"]) != 500000 || len(got.Value) < 5_000_000 {
		t.Errorf("got %d bytes, %d pairs, %v", len(got.Value), len(all["a"]), err)
	}
}

func TestAdapterNodePrints(t *testing.T) {
	wantPrints(t, newAdapterNode(t, "client.js", nodeAnswers))
}

func TestAdapterNodeThatCannotRun(t *testing.T) {
	tests := []struct {
		name, text string
		code       int
		want       string // in the output
	}{
		{"NoClient", "module.exports = { client() {} };\n", 2, "exports no Client; export a class"},
		{"NoSyntax", "class Client {\n", 1, "SyntaxError"},
		{"NoModule", "require('no-such-module');\n", 1, "Cannot find module 'no-such-module'"},
		{"Exits", "console.log('usage: client.js HOST PORT'); process.exit(5);\n", 5, "usage: client.js HOST PORT"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			wantNotRun(t, newAdapterNode(t, "client.js", tt.text), tt.code, tt.want, "[eval")
		})
	}
}

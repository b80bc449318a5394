// Puts the Client of a file for Node.js behind the contract of conformance/ADAPTERS.md:
// clients.go gives it to node -e.
//
// The argument is the file. Calls come on descriptor 3 and answers go to descriptor 4;
// the standard streams are the client's, to print what it likes.

import fs from 'node:fs';
import net from 'node:net';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { inspect } from 'node:util';

const say = (text) => fs.writeSync(2, `putget-conform: ${text}\n`);

// report prints an error without the frames of this text, which help nobody.
function report(error, before = '') {
  const text = inspect(error).replace(/\n +at [^\n]*\[eval\d*\][^\n{]*/g, '');
  fs.writeSync(2, `${before}${text}\n`);
}

// write returns when all of an answer is written, also to a pipe that is full.
function write(text) {
  for (let bytes = Buffer.from(text); bytes.length > 0; ) {
    try {
      bytes = bytes.subarray(fs.writeSync(4, bytes));
    } catch (error) {
      if (error.code !== 'EAGAIN') throw error;
    }
  }
}

// Integers that no number holds become BigInt: as text, both look alike.
function parse(line) {
  const token = /"(?:[^"\\]|\\.)*"|-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?/g;
  const marked = line.replace(token, (text) =>
    /^-?\d+$/.test(text) && !Number.isSafeInteger(Number(text)) ? `{"integer":"${text}"}` : text);
  return JSON.parse(marked, (key, value) =>
    value !== null && typeof value === 'object' && 'integer' in value ? BigInt(value.integer) : value);
}

const isNumeric = (value) => typeof value === 'number' || typeof value === 'bigint';

// word returns a value as JSON. What JSON has no word for becomes a string.
function word(value, inList = false) {
  if (value === undefined || value === null) return 'null';
  if (typeof value === 'bigint') return String(value);
  if (typeof value === 'number') {
    if (Number.isNaN(value)) return '"NaN"';
    if (!Number.isFinite(value)) return value > 0 ? '1e999' : '-1e999';
    return Object.is(value, -0) ? '-0' : String(value);
  }
  if (typeof value === 'string' || typeof value === 'boolean') return JSON.stringify(value);
  if (typeof value !== 'object') return JSON.stringify(String(value));
  if (Array.isArray(value) || ArrayBuffer.isView(value)) {
    return `[${Array.from(value, (item) => word(item, true)).join(',')}]`;
  }
  if (inList && isNumeric(value.timestamp) && isNumeric(value.value)) {
    return `[${word(value.timestamp)},${word(value.value)}]`;
  }
  const entries = value instanceof Map ? [...value] : Object.entries(value);
  return `{${entries.map(([key, item]) => `${JSON.stringify(String(key))}:${word(item)}`).join(',')}}`;
}

// ownError returns a function that tells whether an error is of the client's own type:
// an exported one, or one whose class stands in the file, with a name that ends in Error.
function ownError(exported, file) {
  const source = fs.readFileSync(file, 'utf8');
  const isGlobal = (type) => globalThis[type.name] === type;
  const own = new Set(Object.entries(exported)
    .filter(([name, value]) => typeof value === 'function' && (name === 'ClientError' || name.endsWith('Error')))
    .map(([, value]) => value)
    .filter((type) => !isGlobal(type)));
  return (error) => {
    if (error === null || typeof error !== 'object') return false;
    for (let p = Object.getPrototypeOf(error); p; p = Object.getPrototypeOf(p)) {
      const type = Object.hasOwn(p, 'constructor') ? p.constructor : undefined;
      if (typeof type !== 'function' || isGlobal(type)) continue;
      if (own.has(type) || type.name.endsWith('Error') && source.includes(String(type))) return true;
    }
    return false;
  };
}

async function load(file) {
  const module = await import(pathToFileURL(file));
  const whole = module.default; // of CommonJS all that it exports
  return { ...(typeof whole === 'object' || typeof whole === 'function' ? whole : {}), ...module };
}

class Session {
  constructor(Client) {
    this.Client = Client;
    this.client = null;
  }

  async open(args) {
    this.client = null;
    // An arrow or async function has no prototype: it makes a client without new.
    const client = await (this.Client.prototype ? new this.Client(...args) : this.Client(...args));
    await (typeof client.ready === 'function' ? client.ready() : client.ready);
    this.client = client;
  }

  async answer(op, args) {
    if (op === 'open') return this.open(args);
    if (op !== 'put' && op !== 'get') throw new Error(`no operation "${op}"; there are open, put and get`);
    if (this.client === null) throw new Error('no client is open');
    return this.client[op](...args);
  }
}

// A call is answered once: when it is over, or by the first error that nobody catches,
// or by the end of the process.
let answerCall = null; // of the call that is being made
let uncaught = null; // an error between two calls, for the next one
const crashOf = (error) => `{"crash":${JSON.stringify(
  error instanceof Error ? `${error.constructor?.name ?? error.name}: ${error.message}` : `thrown: ${String(error)}`)}}\n`;

process.on('uncaughtException', (error) => {
  report(error, 'uncaught: ');
  if (answerCall) answerCall(crashOf(error));
  else uncaught = error;
});
process.on('exit', (status) => {
  if (answerCall) answerCall(`{"crash":"process.exit(${status})"}\n`);
});

async function answer(session, isOwn, line) {
  try {
    if (uncaught) {
      const error = uncaught;
      uncaught = null;
      return crashOf(error);
    }
    const { op, args } = parse(line);
    return `{"ok":${word(await session.answer(op, args))}}\n`;
  } catch (error) {
    if (isOwn(error)) return `{"error":${JSON.stringify(String(error.message ?? ''))}}\n`;
    report(error);
    return crashOf(error);
  }
}

async function serve(session, isOwn) {
  let rest = '';
  const calls = new net.Socket({ fd: 3, readable: true, writable: false }).setEncoding('utf8');
  for await (const piece of calls) {
    const lines = (rest + piece).split('\n');
    rest = lines.pop();
    for (const line of lines.filter((text) => text.trim() !== '')) {
      await new Promise((done) => {
        answerCall = (text) => {
          answerCall = null;
          write(text);
          done();
        };
        const answered = answerCall;
        answer(session, isOwn, line).then((text) => answerCall === answered && answered(text));
      });
    }
  }
}

async function main(file) {
  process.argv = [process.argv[0], file];
  process.execArgv = []; // this text is not for the workers and children of the client
  let exported;
  try {
    exported = await load(file);
  } catch (error) {
    report(error);
    return 1;
  }
  if (typeof exported.Client !== 'function') {
    say(`${file} exports no Client; export a class of this name, or use an adapter of your own`);
    return 2;
  }
  await serve(new Session(exported.Client), ownError(exported, file));
  return 0;
}

process.exit(await main(path.resolve(process.argv[1])));

"""Plays the vectors beside this file against a server, and those of replies against decode() below. Python 3.8 or later:
    python3 runner.py HOST PORT [core]
Prints what fails. Exit code: 0 nothing did, 1 something did, 2 wrong usage, damaged files or no server.
Its keys are used nowhere else; some samples stay behind in the server."""
import contextlib, hashlib, json, math, pathlib, re, select, socket, sys, uuid

VALUE, TIMESTAMP = re.compile(rb"[+-]?([0-9]+(\.[0-9]*)?|\.[0-9]+)([eE][+-]?[0-9]+)?"), re.compile(rb"[+-]?[0-9]+")
NO_KEY = re.compile("^$|^[*]$|[\0-\x20\x7f-\xa0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000]")
RUN = uuid.uuid4().hex[:12].encode()
def fail(what): raise OSError(what)
def raw(b): return b["text"].encode() if "text" in b else bytes.fromhex(b["hex"])

def sample(line):  # raises ValueError when it is none
    key, value, timestamp = line.split(b" ")
    number = float(value) if VALUE.fullmatch(value) and TIMESTAMP.fullmatch(timestamp) else math.inf
    if NO_KEY.search(key.decode()) or math.isinf(number) or not -2**63 <= int(timestamp) < 2**63: raise ValueError(line)
    return key, number, int(timestamp)

def decode(data):  # returns the form of a reply, and its samples or lines of text
    head, end, behind = data.partition(b"\n\n")
    status, *lines = head.split(b"\n") if end else data.split(b"\n")[:-1] or [b"ok"]
    if status not in (b"ok", b"error") or behind: return "broken", []
    try: body = [sample(line) for line in lines] if status == b"ok" else lines
    except ValueError: return "broken", []
    return (status.decode(), body) if end else ("incomplete", [])

def wanted(reply, fill=lambda b: b):  # what decode() is to make of it
    samples = [(fill(raw(s["key"])), float(s["value"]), int(s["timestamp"])) for s in reply.get("samples", [])]
    return reply["form"], samples or [raw(line) for line in reply.get("lines", [])]

def allowed(got, want, others):  # the order is fixed for each key, and free among them
    if got[0] != want[0] or got[0] == "error": return got == want
    keys = {s[0] for s in want[1] + [s for s in got[1] if not others]}
    return all([s for s in got[1] if s[0] == k] == [s for s in want[1] if s[0] == k] for k in keys)

def session(v):  # the steps for a request: its key is made a fresh one, and asked for at the end
    r, line, key = v["request"], raw(v["bytes"]), b"${k}"
    if "key" in r: key, line = raw(r["key"]) + b".${k}", line[:3] + line[3:].replace(raw(r["key"]), raw(r["key"]) + b".${k}", 1)
    reply = dict(form="error", lines=[{"text": "wrong command"}]) if r["form"] == "wrong" else dict(form="ok", others=r["form"] == "get *")
    found = {"form": "ok", "samples": [dict(r, key={"hex": key.hex()})] * (r["form"] == "put")}
    return [{"send": [{"hex": line.hex()}]}, {"expect": [reply]}, {"send": [{"hex": (b"get " + key + b"\n").hex()}]}, {"expect": [found]}]

def play(v, address, opened):  # raises OSError for what is wrong
    own = lambda m: b".".join((RUN, v["id"].encode()[:24], m[1])).ljust(int(m[3] or 0), b"x")
    fill, conns, sent = lambda b: re.sub(rb"\$\{([^:}]+)(:(\d+))?\}", own, b), {}, b""
    for step in v.get("steps") or session(v):
        name = step.get("connection")
        conn = conns[name] = conns.get(name) or opened.enter_context(socket.create_connection(address, 5))
        if "send" in step:
            sent = b""
            for p in step["send"]: sent += b" " * (p["pad"] - len(sent.rpartition(b"\n")[2])) if "pad" in p else fill(raw(p))
            conn.sendall(sent)
        elif "expect" in step:
            got = bytearray()
            while not got.endswith(b"\n\n"): got += conn.recv(1) or fail(f"the connection ended behind {bytes(got)!r:.200}")
            if not any(allowed(decode(bytes(got)), wanted(r, fill), r.get("others")) for r in step["expect"]):
                fail(f"{bytes(got)!r:.200} came to {sent!r:.200}")
        elif "expect_silence" in step: select.select([conn], [], [], 0.3)[0] and fail(f"it was not silent behind {sent!r:.200}")
        elif "expect_closed" in step:
            with contextlib.suppress(ConnectionResetError): conn.recv(1) and fail("bytes came where the connection was to end")
        else: conn.close() if "close" in step else conn.shutdown(socket.SHUT_WR)

def main(host, port, level="full"):
    files, vectors, failed = pathlib.Path(__file__).parent, [], 0
    for file in json.loads((files / "manifest.json").read_bytes())["files"]:
        data = (files / file["name"]).read_bytes()
        if hashlib.sha256(data).hexdigest() != file["sha256"]: fail(f"{file['name']} is not that of manifest.json")
        vectors += [v for v in json.loads(data)["vectors"] if v["level"] in ("core", level) and v["result"] != "permitted"]
    vectors = [v for v in vectors if v["kind"] == "reply" or v["side"] == "server"]
    socket.create_connection((host, int(port)), 5).close()
    for v in vectors:
        try:
            with contextlib.ExitStack() as opened:
                if v["kind"] != "reply": play(v, (host, int(port)), opened)
                elif decode(raw(v["bytes"])) != wanted(v["reply"]): fail(f"decode() makes {decode(raw(v['bytes']))} of {raw(v['bytes'])}")
        except OSError as err: failed += print(f"FAIL {v['id']} ({' '.join(v['requirements'])}): {v['title']}\n     {err}") or 1
    return print(f"{len(vectors)} vectors, {failed} failed") or failed > 0
try: sys.exit(main(*sys.argv[1:]))
except (OSError, TypeError, ValueError) as err: sys.exit(print(err, file=sys.stderr) or 2)

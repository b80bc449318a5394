"""Puts the Client of a Python file behind the contract of conformance/ADAPTERS.md:
clients.go gives it, behind load.py, to python3 -c.

The argument is the file. Calls come on descriptor 3 and answers go to descriptor 4; the
standard streams are the client's, to print what it likes.
"""

import json
import os
import sys


class LoopOnImport:
    """Sets an event loop as soon as asyncio is imported, which is slow and seldom needed."""

    loop = None

    @classmethod
    def find_spec(cls, name, path=None, target=None):
        if name != "asyncio":
            return None
        spec = importlib.machinery.PathFinder.find_spec(name, path)
        execute = spec.loader.exec_module

        def exec_module(module):
            execute(module)
            cls.loop = module.new_event_loop()
            module.set_event_loop(cls.loop)

        spec.loader.exec_module = exec_module
        return spec


def settle(result):
    """Returns a result, or what it becomes when it is awaited."""
    while hasattr(type(result), "__await__"):
        import asyncio  # makes the loop if nobody has imported it so far

        async def wait(awaitable):
            return await awaitable

        asyncio.set_event_loop(LoopOnImport.loop)  # asyncio.run takes it away
        result = LoopOnImport.loop.run_until_complete(wait(result))
    return result


def call(function, args, third):
    """Calls function with args by their places, but the third by its name where it can be
    given by that alone."""
    body = function.__init__ if isinstance(function, type) else function
    code = getattr(getattr(body, "__func__", body), "__code__", None)
    if len(args) == 3 and code is not None:
        if third in code.co_varnames[code.co_argcount : code.co_argcount + code.co_kwonlyargcount]:
            return settle(function(*args[:2], **{third: args[2]}))
    return settle(function(*args))


class Session:
    def __init__(self, make):
        self.make = make
        self.client = None

    def answer(self, op, args):
        if op == "open":
            self.client = None
            self.client = call(self.make, args, "timeout")
            return None
        if op not in ("put", "get"):
            raise LookupError("no operation %r; there are open, put and get" % op)
        if self.client is None:
            raise LookupError("no client is open")
        return call(getattr(self.client, op), args, "timestamp")


def word(value):
    """Returns a value as JSON. What JSON has no word for becomes a string."""
    if isinstance(value, float):
        if value != value:
            return '"NaN"'
        if value in (float("inf"), float("-inf")):
            return "1e999" if value > 0 else "-1e999"
        return float.__repr__(value)
    if value is None or isinstance(value, (bool, str)):
        return json.dumps(value)
    if isinstance(value, int) or hasattr(type(value), "__index__"):
        return int.__repr__(value.__index__())
    if isinstance(value, dict):
        return "{%s}" % ",".join(
            "%s:%s" % (json.dumps(key if isinstance(key, str) else repr(key)), word(item))
            for key, item in value.items()
        )
    if isinstance(value, (list, tuple)):
        return "[%s]" % ",".join(map(word, value))
    if hasattr(value, "timestamp") and hasattr(value, "value"):
        return "[%s,%s]" % (word(value.timestamp), word(value.value))
    return json.dumps(repr(value))


def belongs_to(path):
    """Returns a function that tells whether a module is the file or one beside it."""
    folder = os.path.dirname(path)
    package, above = package_of(folder)
    root = os.path.join(above, package.split(".")[0]) if package else folder

    def belongs(name):
        file = os.path.abspath(getattr(sys.modules.get(name), "__file__", None) or os.sep)
        return file.startswith(root + os.sep) and "site-packages" not in file[len(root) :]

    return belongs


def own_error(module, path):
    """Returns a function that tells whether an error is of the client's own type: its
    ClientError, a subclass of it, or a class that is defined in the file or beside it
    and whose name ends in Error."""
    belongs = belongs_to(path)
    declared = getattr(module, "ClientError", None)
    if not isinstance(declared, type):
        declared = None
    elif not belongs(declared.__module__) and is_standard(declared.__module__):
        say("ClientError in %s is %s of Python itself, and so no error type of its own" % (path, declared.__qualname__))
        declared = None

    def is_own(error):
        return any(
            kind is declared or kind.__name__.endswith("Error") and belongs(kind.__module__)
            for kind in type(error).__mro__
        )

    return is_own


def is_standard(name):
    return name.split(".")[0] in getattr(sys, "stdlib_module_names", ("builtins", "socket", "asyncio"))


def text_of(error):
    try:
        return str(error)
    except Exception:
        return "(its text cannot be made)"


def answer(session, is_own, line):
    """Returns the line that answers a line."""
    try:
        request = json.loads(line)
        return '{"ok":%s}\n' % word(session.answer(request["op"], request["args"]))
    except BaseException as error:  # sys.exit is an error of a client like any other
        if is_own(error):
            return '{"error":%s}\n' % json.dumps(text_of(error))
        try:
            report(error)
        except Exception:
            pass  # the answer is what counts
        return '{"crash":%s}\n' % json.dumps("%s: %s" % (type(error).__name__, text_of(error)))


def main():
    path = os.path.abspath(sys.argv[1])
    sys.argv = [path]
    sys.stdout = sys.stderr
    sys.meta_path.insert(0, LoopOnImport)
    for descriptor in (3, 4):
        os.set_inheritable(descriptor, False)
    try:
        module = load_beside(path)
    except Exception as error:
        report(error)
        return 1
    make = getattr(module, "Client", None)
    if not callable(make):
        say("%s defines no Client; add a class of this name, or use an adapter of your own" % path)
        return 2
    session, is_own = Session(make), own_error(module, path)
    with open(3, "rb") as calls, open(4, "wb") as answers:
        for line in iter(calls.readline, b""):
            if line.strip():
                answers.write(answer(session, is_own, line).encode())
                answers.flush()
    return 0


if __name__ == "__main__":
    status = main()
    sys.stderr.flush()
    os._exit(status)  # whatever threads there are

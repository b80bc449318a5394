"""Runs the run_server(host, port) of a Python file: python.go gives it, behind load.py, to
python3 -c.

The arguments are the file, the host and the port. An event loop is set before the file
is imported, because much code asks for it with asyncio.get_event_loop(), which later
versions of Python do not make any more. Nothing is written beside the file.
"""

import asyncio
import inspect
import os
import sys
import threading


def serve(run_server, host, port, loop):
    """Returns when nothing serves any more. Most functions do not return before."""
    result = run_server(host, port)
    while inspect.isawaitable(result):
        result = loop.run_until_complete(result)
    if hasattr(result, "serve_forever"):
        result = result.serve_forever()
        if inspect.isawaitable(result):
            loop.run_until_complete(result)
    # What serves in threads goes on, also in those that would not keep Python alive.
    for thread in threading.enumerate():
        if thread is not threading.current_thread():
            thread.join()


def main():
    path, host, port = os.path.abspath(sys.argv[1]), sys.argv[2], int(sys.argv[3])
    sys.argv = [path]
    loop = asyncio.new_event_loop()
    asyncio.set_event_loop(loop)
    try:
        module = load_beside(path)
        run_server = getattr(module, "run_server", None)
        if not callable(run_server):
            say("%s defines no function run_server(host, port); add one, or start the server with a command of its own" % path)
            return 2
        serve(run_server, host, port, loop)
    except Exception as error:
        report(error)
        return 1
    say("run_server has returned, so nothing serves any more")
    return 0


if __name__ == "__main__":
    sys.exit(main())

"""Runs the run_server(host, port) of a Python file: python.go gives it to python3 -c.

The arguments are the file, the host and the port. An event loop is set before the file
is imported, because much code asks for it with asyncio.get_event_loop(), which later
versions of Python do not make any more. Nothing is written beside the file.
"""

import asyncio
import importlib
import importlib.machinery
import importlib.util
import inspect
import os
import re
import sys
import threading
import traceback


def say(text):
    print("putget-conform: " + text, file=sys.stderr, flush=True)


def package_of(folder):
    """Returns the dotted name of the package that folder is, and what stands above it."""
    names = []
    while os.path.exists(os.path.join(folder, "__init__.py")):
        folder, name = os.path.split(folder)
        names.insert(0, name)
    return ".".join(names), folder


def load(path, package):
    """Imports the file as a module of its own, or as one of a package."""
    name = re.sub(r"\W", "_", os.path.splitext(os.path.basename(path))[0])
    if package:
        importlib.import_module(package)
        name = package + "." + name
    loader = importlib.machinery.SourceFileLoader(name, path)
    spec = importlib.util.spec_from_file_location(name, path, loader=loader)
    module = importlib.util.module_from_spec(spec)
    sys.modules[name] = module
    spec.loader.exec_module(module)
    return module


def load_beside(path):
    """Imports the file with its neighbours in reach, by their names and relatively."""
    folder = os.path.dirname(path)
    sys.path.insert(0, folder)
    package, above = package_of(folder)
    if package:
        sys.path.insert(1, above)
        return load(path, package)
    try:
        return load(path, "")
    except ImportError as error:
        if "no known parent package" not in str(error):
            raise
    # "from .storage import ..." in a folder that is no package: make it one.
    parent = "putget_conform_target"
    spec = importlib.machinery.ModuleSpec(parent, None, is_package=True)
    spec.submodule_search_locations = [folder]
    sys.modules[parent] = importlib.util.module_from_spec(spec)
    return load(path, parent)


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
    sys.dont_write_bytecode = True
    loop = asyncio.new_event_loop()
    asyncio.set_event_loop(loop)
    try:
        module = load_beside(path)
        run_server = getattr(module, "run_server", None)
        if not callable(run_server):
            say("%s defines no function run_server(host, port); add one, or start the server with a command of its own" % path)
            return 2
        serve(run_server, host, port, loop)
    except Exception:
        kind, error, trace = sys.exc_info()
        # Frames of this launcher, and of the machinery of imports, help nobody.
        while trace is not None and trace.tb_frame.f_code.co_filename.startswith("<"):
            trace = trace.tb_next
        traceback.print_exception(kind, error, trace)
        return 1
    say("run_server has returned, so nothing serves any more")
    return 0


if __name__ == "__main__":
    sys.exit(main())

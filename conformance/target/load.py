"""Imports a Python file as its author means it: python.go puts this before a launcher.

Nothing is written beside the file.
"""

import importlib
import importlib.machinery
import importlib.util
import os
import re
import sys
import traceback  # now: an import in the middle of a client's garbage collection may fail

sys.dont_write_bytecode = True


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


def report(error):
    """Prints the trace of an error, without the frames that help nobody."""
    # Those of this launcher, and of the machinery of imports, come first.
    trace = error.__traceback__
    while trace is not None and trace.tb_frame.f_code.co_filename.startswith("<"):
        trace = trace.tb_next
    traceback.print_exception(type(error), error, trace)

#!/usr/bin/env python3
"""Checks the shape of the source tree: who may include whom, and what may stand where.

usage: layers.py [ROOT]       prints "file:line: what is wrong" for each breach; exit code 1 if there is any

The table ARROWS is the table of ARCHITECTURE.md. tests/architecture/layers_test.py plants breaches in a copy of the
tree and expects each to be found.
"""
import os
import posixpath
import re
import sys

# Layer -> layers that its files may include beside their own.
CORE = ("core/base", "core/model", "core/config", "core/policy", "core/events", "core/platform", "core/engine")
ARROWS = {
    "core/base": (),
    "core/model": ("core/base",),
    "core/config": ("core/base", "core/model"),
    "core/policy": ("core/base", "core/model"),
    "core/events": ("core/base", "core/model"),
    "core/platform": ("core/base", "core/model"),
    "core/engine": CORE,
    "backends": ("core/base", "core/model", "core/policy", "core/events", "core/platform", "core/engine"),
    "ui": ("core/base", "core/model", "core/config", "core/policy", "core/events", "core/engine"),
    "app/cli": CORE + ("backends",),
    "app/gui": CORE + ("backends", "ui"),
    # Runs with privileges: small, and nothing that reads profiles or recordings.
    "app/monitord": ("core/base", "core/model", "core/platform"),
}

TOP_FOLDERS = {"app", "backends", "core", "installer", "resources", "tests", "ui"}
CORE_FOLDERS = {layer.split("/")[1] for layer in CORE}
SOURCE = (".h", ".hpp", ".c", ".cpp", ".mm", ".in")
HEADER = (".h", ".hpp")
MAX_LINES = 1000

INCLUDE = re.compile(r'^\s*#\s*include\s*([<"])([^>"]+)[>"]')
QT_HEADER = re.compile(r"^(Q[A-Z]\w*|Qt\w*/.*|q[a-z]\w*\.h)$")
POSIX_HEADER = re.compile(
    r"^((sys|linux|arpa|netinet|net|asm)/.*|(unistd|fcntl|poll|dirent|pwd|grp|dlfcn|pthread|sched|signal|spawn|termios|"
    r"netdb|syslog|ftw|glob|fnmatch|wordexp|pty|utmp|semaphore|mqueue|ucontext|strings|langinfo|iconv|seccomp)\.h)$")
WINDOWS_HEADER = re.compile(
    r"^(windows|winsock2|ws2tcpip|winternl|psapi|tlhelp32|shlobj|aclapi|sddl|userenv)\.h$", re.IGNORECASE)
# Headers of these names that the C library of Windows has too.
WINDOWS_C_LIBRARY = {"fcntl.h", "signal.h", "sys/stat.h", "sys/types.h", "sys/utime.h"}
CONDITION = re.compile(r"^\s*#\s*(ifdef|ifndef|if|elif|else|endif)\b\s*(.*)")
POSIX_PLACES = ("core/platform/linux/", "core/platform/posix/", "core/platform/macos/", "app/monitord/", "tests/")
LIBRARY = re.compile(r"belljar_library\s*\(\s*(belljar_\w+)(.*?)\)", re.DOTALL)


def layer_of(path):
    """The layer that a path of the tree belongs to; None for what has no arrows (tests, resources ...)."""
    parts = path.split("/")
    if parts[0] in ("core", "app") and len(parts) > 2:
        return parts[0] + "/" + parts[1]
    return parts[0] if parts[0] in ("backends", "ui") else None


def backend_of(path):
    """The folder below backends/, or "" for the registry's own files."""
    parts = path.split("/")
    return parts[1] if parts[0] == "backends" and len(parts) > 2 else ""


def target_of(root, path, name):
    """Where an #include leads inside the tree: a path relative to the root, or None for a header from outside."""
    beside = posixpath.normpath(posixpath.join(posixpath.dirname(path), name))
    if not beside.startswith("..") and os.path.exists(os.path.join(root, beside)):
        return beside
    name = posixpath.normpath(name)
    if os.path.exists(os.path.join(root, name)) or name.split("/")[0] in TOP_FOLDERS:
        return name
    return None


def arrow_error(path, target):
    """Why `path` may not include `target`; None when it may."""
    source_layer, target_layer = layer_of(path), layer_of(target)
    if source_layer is None:
        return None
    if target_layer is None:
        return f"{source_layer} may not include {target}"
    if source_layer == "backends" == target_layer:
        source, other = backend_of(path), backend_of(target)
        if source not in ("", other) and other not in ("", "common"):
            return f"backends may not include each other: {source} includes {other}"
        return None
    if source_layer == target_layer or target_layer in ARROWS.get(source_layer, ()):
        return None
    return f"{source_layer} may not include {target_layer}"


class Conditions:
    """Follows #if ... #endif: whether a line is compiled for Windows only."""

    def __init__(self):
        self.stack = []

    def feed(self, line):
        found = CONDITION.match(line)
        if not found:
            return
        word, condition = found.groups()
        if word == "endif":
            del self.stack[-1:]
        elif word in ("else", "elif"):
            self.stack[-1:] = [False]
        else:
            windows = re.match(r"(defined\s*\(?\s*)?_WIN32\b\)?\s*(//.*|/\*.*)?$", condition)
            self.stack.append(word != "ifndef" and bool(windows))

    def windows_only(self):
        return any(self.stack)


def header_errors(path, name, windows_only):
    """What is wrong with including the outside header `name` in `path`."""
    if QT_HEADER.match(name) and not path.startswith(("ui/", "app/gui/", "tests/")):
        yield f"Qt ({name}) belongs into ui/ and app/gui/ only"
    windows_only = windows_only or path.startswith("core/platform/windows/")
    known_there = windows_only and name in WINDOWS_C_LIBRARY
    if POSIX_HEADER.match(name) and not known_there and not path.startswith(POSIX_PLACES):
        yield f"POSIX header {name} belongs into core/platform/linux, posix or macos, and app/monitord, only"
    if WINDOWS_HEADER.match(name) and not path.startswith(("core/platform/windows/", "tests/")):
        yield f"Windows header {name} belongs into core/platform/windows only"
    if name.startswith("nlohmann/") and path.endswith(HEADER) and not name.endswith("json_fwd.hpp"):
        yield "nlohmann/json in a header makes every file that includes it slow: keep it in .cpp files"


def check_source(root, path, text):
    lines = text.split("\n")
    if len(lines) > MAX_LINES:
        yield path, 1, f"{len(lines)} lines; nothing may be over {MAX_LINES}"
    if path.endswith(HEADER) and not path.startswith(("tests/", "resources/")):
        if not text.startswith(("//", "/*")):
            yield path, 1, "a header opens with a comment that says what it is for"
        c_guard = text.startswith("/*") and re.search(r"^#ifndef BELLJAR_\w+_H$", text, re.MULTILINE)
        if "#pragma once" not in text and not c_guard:
            yield path, 1, "a header needs #pragma once"
    conditions = Conditions()
    for number, line in enumerate(lines, 1):
        conditions.feed(line)
        found = INCLUDE.match(line)
        if not found:
            continue
        name = found.group(2)
        target = target_of(root, path, name)
        if target is None:
            for message in header_errors(path, name, conditions.windows_only()):
                yield path, number, message
        else:
            message = arrow_error(path, target)
            if message:
                yield path, number, message


def library_layer(name):
    """The layer of a CMake target: belljar_base -> core/base, belljar_backend_x and belljar_backends -> backends,
    belljar_monitord_x -> app/monitord."""
    word = name[len("belljar_"):]
    if word in CORE_FOLDERS:
        return "core/" + word
    if word.startswith("backend"):
        return "backends"
    if word.startswith("monitord"):
        return "app/monitord"
    return "ui" if word == "ui" or word.startswith("ui_") else None


def check_cmake(path, text):
    """The arrows again, among the libraries that a folder links."""
    for found in LIBRARY.finditer(text):
        source = library_layer(found.group(1))
        number = text.count("\n", 0, found.start()) + 1
        for word in re.findall(r"belljar_\w+", found.group(2)):
            target = library_layer(word)
            if None in (source, target) or source == target or target in ARROWS[source]:
                continue
            yield path, number, f"{source} may not link {target} ({word})"


def tracked(root):
    """Files of the tree, relative, without build results and hidden folders."""
    for folder, folders, files in os.walk(root):
        folders[:] = sorted(name for name in folders if not name.startswith(".") and name not in ("build", "node_modules"))
        for name in sorted(files):
            yield posixpath.relpath(posixpath.join(folder.replace(os.sep, "/"), name), root)


def check_folders(root):
    for name in sorted(os.listdir(root)):
        if os.path.isdir(os.path.join(root, name)) and not name.startswith(".") and name not in TOP_FOLDERS | {"build"}:
            yield name, 1, "not one of the folders of the architecture: " + ", ".join(sorted(TOP_FOLDERS))
    core = os.path.join(root, "core")
    for name in sorted(os.listdir(core)):
        if os.path.isdir(os.path.join(core, name)) and name not in CORE_FOLDERS:
            yield "core/" + name, 1, "not one of the folders of core: " + ", ".join(sorted(CORE_FOLDERS))


def check_tree(root):
    """All breaches in the tree as (path, line, message)."""
    root = os.path.abspath(root)
    breaches = list(check_folders(root))
    for path in tracked(root):
        cmake = posixpath.basename(path) == "CMakeLists.txt"
        if path.split("/")[0] not in TOP_FOLDERS or not (cmake or path.endswith(SOURCE)):
            continue
        with open(os.path.join(root, path), encoding="utf-8", errors="replace") as file:
            text = file.read()
        breaches += check_cmake(path, text) if cmake else check_source(root, path, text)
    return breaches


def main():
    root = sys.argv[1] if len(sys.argv) > 1 else os.environ.get("BELLJAR_SOURCE", ".")
    breaches = check_tree(root)
    for path, line, message in breaches:
        print(f"{path}:{line}: {message}")
    print(f"{len(breaches)} breaches of the architecture" if breaches else "The architecture holds.")
    return 1 if breaches else 0


if __name__ == "__main__":
    sys.exit(main())

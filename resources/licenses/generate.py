#!/usr/bin/env python3
"""Writes THIRD_PARTY.md, the notices for everything in Belljar's binaries that is not Belljar.

usage: generate.py            writes resources/licenses/THIRD_PARTY.md
       generate.py --check    exit code 1 when that file is not what the table and the web bundle say
       generate.py --debian   exit code 1 when Debian's copyright file of an installed package names another licence

A new library is one row of LIBRARIES. The result does not depend on what is installed on this machine.
"""
import os
import re
import sys
from collections import namedtuple

HERE = os.path.dirname(os.path.abspath(__file__))
RESULT = os.path.join(HERE, "THIRD_PARTY.md")
WEB_LICENSES = os.path.join(HERE, "..", "web", "dist", "LICENSES.txt")

# `debian` is the package whose copyright file --debian reads, `debian_license` the licence word it must name.
Library = namedtuple("Library", "name purpose license how copyright home debian debian_license")
LIBRARIES = [
    Library("CLI11", "command line", "BSD-3-Clause", "compiled in (headers)",
            "Copyright 2017-2020 University of Cincinnati, developed by Henry Schreiner under NSF AWARD 1414736",
            "https://github.com/CLIUtils/CLI11", "libcli11-dev", "BSD-3-clause"),
    Library("{fmt}", "text formatting", "MIT", "compiled in (headers)", "Copyright 2012-2020 Victor Zverovich",
            "https://github.com/fmtlib/fmt", "libfmt-dev", "Expat with embedded exception"),
    Library("JSON for Modern C++", "reads and writes JSON", "MIT", "compiled in (headers)",
            "Copyright 2013-2022 Niels Lohmann", "https://github.com/nlohmann/json", "nlohmann-json3-dev", "Expat"),
    Library("spdlog", "log", "MIT", "compiled in (headers)", "Copyright 2014-2016 Gabi Melman",
            "https://github.com/gabime/spdlog", "libspdlog-dev", "Expat"),
    Library("RE2", "regular expressions of queries", "BSD-3-Clause", "linked statically where the system has the archive",
            "Copyright 2002-2020 Google Inc., 2014 Samsung Electronics; util/rune.cc Copyright 2002 Lucent Technologies",
            "https://github.com/google/re2", "libre2-dev", "BSD-3-google"),
    Library("SQLite", "recordings as databases", "public domain", "linked statically where the system has the archive",
            "none: its authors disclaim copyright", "https://www.sqlite.org", "libsqlite3-dev", "public-domain"),
    Library("libseccomp", "system-call filter, Linux only", "LGPL-2.1-only",
            "linked statically where the system has the archive; Belljar's sources and build files, which are open, "
            "let you link it with another version", "Copyright 2012 Paul Moore",
            "https://github.com/seccomp/libseccomp", "libseccomp-dev", "LGPL-2.1"),
    Library("libbpf", "loads the programs that watch in the kernel, Linux only", "LGPL-2.1-only or BSD-2-Clause",
            "linked statically; Belljar's sources and build files, which are open, let you link it with another version",
            "Copyright 2013-2015 Alexei Starovoitov, 2015 Wang Nan, 2018 Facebook and others",
            "https://github.com/libbpf/libbpf", "libbpf-dev", "LGPL-2.1 or BSD-2-Clause"),
    Library("libelf (elfutils)", "libbpf reads programs with it, Linux only", "LGPL-3.0-or-later or GPL-2.0-or-later",
            "linked statically; Belljar's sources and build files, which are open, let you link it with another version",
            "Copyright Red Hat, Inc. and others", "https://sourceware.org/elfutils/", "libelf-dev",
            "GPL-3+"),  # Of the package's tools; that of the libraries stands below it.
    Library("zlib", "libelf needs it, Linux only", "Zlib", "linked statically",
            "Copyright 1995-2022 Jean-loup Gailly and Mark Adler", "https://zlib.net", "zlib1g-dev", "Zlib"),
    Library("libxcb (with xcb-xfixes)", "clipboard of sandboxes with a display, Linux only", "MIT",
            "shared library of the system", "Copyright 2001-2006 Bart Massey, Jamey Sharp, Josh Triplett and others",
            "https://xcb.freedesktop.org", "libxcb1-dev", ""),
    Library("OpenSSL (libcrypto)", "SHA-256 on Linux", "Apache-2.0",
            "linked statically where the system has the archive", "Copyright 1995-2020 The OpenSSL Project Authors",
            "https://www.openssl.org", "libssl-dev", "Apache-2.0"),
    Library("libvterm", "the terminal of the desktop app", "MIT", "linked statically where the system has the archive",
            "Copyright 2008-2019 Paul Evans", "https://www.leonerd.org.uk/code/libvterm", "libvterm-dev", "MIT"),
    Library("Qt 6 (Core, Gui, Widgets, Svg, Network)", "desktop app", "LGPL-3.0-only or GPL-2.0-or-later",
            "shared library of the system", "Copyright The Qt Company Ltd. and other contributors",
            "https://www.qt.io", "qt6-base-dev", "LGPL-3 or GPL-2"),
    Library("Qt WebEngine and Qt WebChannel (with Chromium)", "the JSON editor's page",
            "LGPL-3.0-only or GPL-2.0-or-later; Chromium: BSD-3-Clause and others", "shared library of the system",
            "Copyright The Qt Company Ltd.; Copyright The Chromium Authors", "https://www.qt.io", "", ""),
]
SEPARATE = [
    ("bubblewrap", "LGPL-2.0-or-later", "a program that Belljar starts; not part of its binaries"),
]


def table():
    yield "| library | what for | licence | how it is used |"
    yield "|---|---|---|---|"
    for library in LIBRARIES:
        yield f"| [{library.name}]({library.home}) | {library.purpose} | {library.license} | {library.how} |"
    for name, license_name, how in SEPARATE:
        yield f"| {name} | the sandbox | {license_name} | {how} |"


def notices():
    """The texts of the short licences; the long ones are named and stand on every system."""
    for license_name in ("MIT", "BSD-3-Clause"):
        yield f"## {license_name}"
        yield ""
        for library in LIBRARIES:
            if library.license == license_name:
                yield f"- {library.name}: {library.copyright}"
        yield ""
        with open(os.path.join(HERE, "texts", license_name + ".txt"), encoding="utf-8") as file:
            yield from ("> " + line if line else ">" for line in file.read().rstrip("\n").split("\n"))
        yield ""
    yield "## LGPL, GPL and Apache"
    yield ""
    for library in LIBRARIES:
        if library.license not in ("MIT", "BSD-3-Clause"):
            yield f"- {library.name}: {library.copyright}. {library.license}."
    yield ""
    yield "Their texts stand at <https://www.gnu.org/licenses/> and <https://www.apache.org/licenses/> and, on Debian, in `/usr/share/common-licenses`."


def web_notices():
    if not os.path.exists(WEB_LICENSES):
        return
    yield ""
    yield "## Bundled into the JSON editor's page"
    yield ""
    yield "```"
    with open(WEB_LICENSES, encoding="utf-8") as file:
        yield from file.read().rstrip("\n").replace("```", "'''").split("\n")
    yield "```"


def generated():
    lines = ["# Third-party notices", "",
             "Made by `resources/licenses/generate.py`; edit its table, not this file. Belljar itself is under the MIT",
             "licence, see `LICENSE`.", ""]
    lines += [*table(), "", *notices(), *web_notices()]
    return "\n".join(line.rstrip() for line in lines) + "\n"


def check_debian():
    wrong = 0
    for library in LIBRARIES:
        path = f"/usr/share/doc/{library.debian}/copyright"
        if not library.debian or not os.path.exists(path):
            continue
        with open(path, encoding="utf-8", errors="replace") as file:
            found = re.search(r"^License: *(.+)$", file.read(), re.MULTILINE)
        if found and found.group(1).strip() != library.debian_license:
            wrong += 1
            print(f"{library.name}: Debian says '{found.group(1)}', the table expects '{library.debian_license}'")
    return 1 if wrong else 0


def main():
    if sys.argv[1:] == ["--debian"]:
        return check_debian()
    text = generated()
    if sys.argv[1:] == ["--check"]:
        current = ""
        if os.path.exists(RESULT):
            with open(RESULT, encoding="utf-8") as file:
                current = file.read()
        if current != text:
            print("resources/licenses/THIRD_PARTY.md is out of date: run resources/licenses/generate.py")
        return 0 if current == text else 1
    if sys.argv[1:]:
        print(__doc__)
        return 2
    with open(RESULT, "w", encoding="utf-8") as file:
        file.write(text)
    return 0


if __name__ == "__main__":
    sys.exit(main())

#!/usr/bin/env python3
"""Plants breaches of the architecture in a copy of the tree and expects layers.py to find each, and nothing else."""
import os
import shutil
import sys
import tempfile
import unittest

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path[:0] = [HERE, os.path.join(HERE, "..", "dev")]
import layers  # noqa: E402
import report  # noqa: E402

SOURCE = os.environ.get("BELLJAR_SOURCE", os.path.join(HERE, "..", ".."))

# (file, text to append, words of the message): each is one forbidden thing.
PLANTS = [
    ("core/base/planted.cpp", '#include "core/model/event.h"\n', "core/base may not include core/model"),
    ("core/model/planted.h", '// P.\n#pragma once\n#include "core/policy/decide.h"\n', "core/model may not include core/policy"),
    ("core/config/planted.cpp", '#include "core/policy/decide.h"\n', "core/config may not include core/policy"),
    ("core/config/planted.cpp", '#include "../events/recording.h"\n', "core/config may not include core/events"),
    ("core/policy/planted.cpp", '#  include <core/platform/platform.h>\n', "core/policy may not include core/platform"),
    ("core/events/planted.cpp", '#include "core/engine/session.h"\n', "core/events may not include core/engine"),
    ("core/platform/linux/planted.cpp", '#include "core/policy/decide.h"\n', "core/platform may not include core/policy"),
    ("core/engine/planted.cpp", '#include "backends/registry.h"\n', "core/engine may not include backends"),
    ("core/engine/planted.cpp", '#include "ui/bridge/anything.h"\n', "core/engine may not include ui"),
    ("backends/bubblewrap/planted.cpp", '#include "core/config/config_io.h"\n', "backends may not include core/config"),
    ("backends/planted/planted.cpp", '#include "backends/bubblewrap/bubblewrap_backend.h"\n', "may not include each other"),
    ("ui/views/planted.cpp", '#include "backends/registry.h"\n', "ui may not include backends"),
    ("ui/views/planted.cpp", '#include "core/platform/platform.h"\n', "ui may not include core/platform"),
    ("app/cli/planted.cpp", '#include "ui/bridge/anything.h"\n', "app/cli may not include ui"),
    ("app/monitord/planted.cpp", '#include "core/events/recording.h"\n', "app/monitord may not include core/events"),
    ("app/monitord/planted.cpp", '#include "backends/registry.h"\n', "app/monitord may not include backends"),
    ("app/monitord/CMakeLists.txt", "belljar_library(belljar_monitord_parts SOURCES a.cpp PUBLIC belljar_engine)\n", "app/monitord may not link core/engine"),
    ("core/platform/linux/planted.cpp", '#include "app/monitord/listener.h"\n', "core/platform may not include app/monitord"),
    ("core/base/planted.cpp", '#include "tests/anything.h"\n', "core/base may not include tests"),
    ("app/cli/planted.cpp", '#include <QString>\n', "Qt (QString)"),
    ("core/engine/planted.cpp", '#include <QtCore/QObject>\n', "Qt (QtCore/QObject)"),
    ("core/engine/planted.cpp", '#include <unistd.h>\n', "POSIX header unistd.h"),
    ("core/events/planted.cpp", '#include <sys/mman.h>\n', "POSIX header sys/mman.h"),
    ("core/platform/windows/planted.cpp", '#include <sys/wait.h>\n', "POSIX header sys/wait.h"),
    ("core/events/planted.cpp", '#ifdef _WIN32\n#include <io.h>\n#else\n#include <fcntl.h>\n#endif\n', "POSIX header fcntl.h"),
    ("core/events/planted.cpp", '#ifndef _WIN32\n#include <unistd.h>\n#endif\n', "POSIX header unistd.h"),
    ("core/platform/linux/planted.cpp", '#include <windows.h>\n', "Windows header windows.h"),
    ("core/config/planted.h", '// P.\n#pragma once\n#include <nlohmann/json.hpp>\n', "nlohmann/json in a header"),
    ("core/base/planted.h", '#pragma once\n', "opens with a comment"),
    ("core/base/planted.h", '// P.\n', "#pragma once"),
    ("core/base/planted.cpp", "\n" * layers.MAX_LINES, "nothing may be over"),
    ("core/planted/planted.cpp", "", "not one of the folders of core"),
    ("planted/planted.cpp", "", "not one of the folders of the architecture"),
    ("core/base/CMakeLists.txt", "belljar_library(belljar_base SOURCES a.cpp\n  PUBLIC belljar_engine)\n", "core/base may not link core/engine"),
    ("ui/CMakeLists.txt", "belljar_library(belljar_ui SOURCES a.cpp PRIVATE belljar_backends)\n", "ui may not link backends"),
]

# Looks like a breach and is none.
ALLOWED = [
    ("core/engine/planted.cpp", '#include "core/config/config_io.h"\n#include <string>\n#include "core/base/result.h"\n'),
    ("core/config/planted.cpp", '#include <nlohmann/json.hpp>\n#include "core/model/event.h"\n'),
    ("core/config/planted.h", '// P.\n#pragma once\n#include <nlohmann/json_fwd.hpp>\n'),
    ("app/monitord/planted.cpp", '#include <unistd.h>\n#include "core/platform/linux/monitord/protocol.h"\n'),
    ("core/platform/linux/planted.cpp", '#include <unistd.h>\n#include <sys/mman.h>\n#include "core/platform/platform.h"\n'),
    ("backends/bubblewrap/planted.cpp", '#include "backends/common/anything.h"\n#include "core/engine/backend.h"\n'),
    ("core/events/planted.cpp", '#ifdef _WIN32\n#include <fcntl.h>\n#include <io.h>\n#endif\n'),
    ("core/platform/windows/planted.cpp", '#include <fcntl.h>\n#include <io.h>\n#include <sys/stat.h>\n#include <windows.h>\n'),
    ("core/platform/linux/planted.h", '/* C. */\n#ifndef BELLJAR_PLANTED_H\n#define BELLJAR_PLANTED_H\n#endif\n'),
    ("ui/views/planted.cpp", '#include <QWidget>\n#include "core/engine/session.h"\n'),
    ("app/gui/planted.cpp", '#include <QApplication>\n#include "backends/registry.h"\n#include "ui/bridge/anything.h"\n'),
    ("tests/core/planted.cpp", '#include <unistd.h>\n#include "core/engine/session.h"\n#include "ui/anything.h"\n'),
    ("core/base/planted.cpp", '// #include "core/engine/session.h"\n' + "\n" * (layers.MAX_LINES - 2)),
]


class LayersTest(unittest.TestCase):
    def setUp(self):
        self.folder = tempfile.TemporaryDirectory()
        self.root = os.path.join(self.folder.name, "tree")
        for name in layers.TOP_FOLDERS - {"tests", "resources"}:
            shutil.copytree(os.path.join(SOURCE, name), os.path.join(self.root, name))
        os.makedirs(os.path.join(self.root, "tests"))
        self.before = {breach[0::2] for breach in layers.check_tree(self.root)}

    def tearDown(self):
        self.folder.cleanup()

    def breaches_with(self, path, text):
        """What is found more than before, after `text` was appended to `path`."""
        full = os.path.join(self.root, path)
        existed = os.path.exists(full)
        os.makedirs(os.path.dirname(full), exist_ok=True)
        content = ""
        if existed:
            with open(full, encoding="utf-8") as file:
                content = file.read()
        with open(full, "w", encoding="utf-8") as file:
            file.write(content + text)
        try:
            return {breach[0::2] for breach in layers.check_tree(self.root)} - self.before
        finally:
            if existed:
                with open(full, "w", encoding="utf-8") as file:
                    file.write(content)
            else:
                os.remove(full)
                if not os.listdir(os.path.dirname(full)):
                    os.removedirs(os.path.dirname(full))

    def test_each_planted_breach_is_found(self):
        for path, text, words in PLANTS:
            with self.subTest(path=path, text=text[:60]):
                found = self.breaches_with(path, text)
                self.assertEqual(1, len(found), found)
                self.assertIn(words, next(iter(found))[1])

    def test_allowed_things_are_not_found(self):
        for path, text in ALLOWED:
            with self.subTest(path=path, text=text[:60]):
                self.assertEqual(set(), self.breaches_with(path, text))

    def test_every_layer_of_the_tree_has_its_row(self):
        for layer in layers.CORE:
            self.assertIn(layer, layers.ARROWS)


class TreeTest(unittest.TestCase):
    def test_the_tree_itself_holds(self):
        breaches = layers.check_tree(SOURCE)
        self.assertEqual([], breaches, "\n" + "\n".join(f"{path}:{line}: {text}" for path, line, text in breaches))


if __name__ == "__main__":
    report.run()

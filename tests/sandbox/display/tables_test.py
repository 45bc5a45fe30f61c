#!/usr/bin/env python3
"""The table of Wayland interfaces is what the protocols' own descriptions say."""
import os
import subprocess
import sys
import tempfile
import unittest

HERE = os.path.dirname(os.path.abspath(__file__))
ROOT = os.path.join(HERE, "..", "..", "..")
sys.path.insert(0, os.path.join(HERE, "..", "..", "dev"))
import report  # noqa: E402


def messages(text):
    return {line for line in text.splitlines() if line.endswith(("true},", "false},"))}


class Tables(unittest.TestCase):
    def test_the_table_is_the_protocols(self):
        for needed in ("/usr/share/wayland/wayland.xml", "/usr/share/wayland-protocols/stable/xdg-shell/xdg-shell.xml"):
            if not os.path.exists(needed):
                self.skipTest("not installed: " + needed)
        with tempfile.TemporaryDirectory() as folder:
            made = os.path.join(folder, "made.cpp")
            subprocess.run([sys.executable, os.path.join(ROOT, "resources", "wayland", "generate.py"), made], check=True)
            with open(made, encoding="ascii") as file:
                fresh = file.read()
        with open(os.path.join(ROOT, "core", "platform", "linux", "display", "wayland_tables.cpp"),
                  encoding="ascii") as file:
            kept = file.read()
        # Other versions of the descriptions may know more; what is in the table must still be so.
        self.assertGreater(len(messages(kept)), 100)
        self.assertEqual(messages(kept) - messages(fresh), set())


if __name__ == "__main__":
    report.run()

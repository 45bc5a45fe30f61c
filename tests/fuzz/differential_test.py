#!/usr/bin/env python3
"""The differential fuzzer on executors that are scripts: it must find, make small, save and replay what differs."""
import glob
import json
import os
import subprocess
import sys
import tempfile
import unittest

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path[:0] = [HERE, os.path.join(os.path.dirname(HERE), "mxc"), os.path.join(os.path.dirname(HERE), "dev")]
import differential  # noqa: E402
import mutate  # noqa: E402
import report  # noqa: E402

# Reads the configuration of either kind; refuses with 1 what mentions the word, and else accepts.
SCRIPT = """#!/bin/sh
for word; do
    case $word in
    --*) ;;
    *) if [ -f "$word" ]; then text=$(cat "$word"); else text=$(echo "$word" | base64 -d 2> /dev/null); fi ;;
    esac
done
case $text in *REFUSED*) echo "Request error" >&2; echo "Configuration parse error: no REFUSED at line 1" >&2; exit 1 ;; esac
exit 0
"""


class DifferentialTest(unittest.TestCase):
    def setUp(self):
        self.folder = tempfile.TemporaryDirectory()
        self.addCleanup(self.folder.cleanup)

    def executor(self, name, refused):
        path = os.path.join(self.folder.name, name)
        with open(path, "w", encoding="utf-8") as file:
            file.write(SCRIPT.replace("REFUSED", refused))
        os.chmod(path, 0o755)
        return path

    def run_on(self, ours, theirs, *more):
        save = os.path.join(self.folder.name, "found")
        done = subprocess.run([sys.executable, "-B", os.path.join(HERE, "differential.py"), "--seconds", "60", "--cases", "300",
                               "--save", save, "--ours", ours, "--theirs", theirs, *more], capture_output=True, text=True,
                              check=False)
        return done.returncode, done.stdout + done.stderr, sorted(glob.glob(os.path.join(save, "*.json")))

    def test_executors_that_agree(self):
        one = self.executor("one", "lxc")
        status, output, saved = self.run_on(one, one)
        self.assertEqual((status, saved), (0, []), output)
        self.assertIn("differential: 300 cases", output)

    def test_a_difference_is_found_made_small_and_replayed(self):
        ours, theirs = self.executor("ours", "no-such-word"), self.executor("theirs", "filesystem")
        status, output, saved = self.run_on(ours, theirs)
        self.assertEqual(status, 1, output)
        self.assertEqual(len(saved), 1, output)
        with open(saved[0], encoding="ascii") as file:
            case = json.load(file)
        self.assertIn("filesystem", case["text"])
        self.assertLess(len(case["text"]), 40, "it was not made small")
        status, output, _ = self.run_on(ours, theirs, "--replay", saved[0])
        self.assertEqual(status, 1, output)
        self.assertIn("verdict", output)
        status, output, _ = self.run_on(theirs, theirs, "--replay", saved[0])
        self.assertEqual(status, 0, output)

    def test_an_executor_that_crashes_or_is_missing(self):
        crashing = os.path.join(self.folder.name, "crashing")
        with open(crashing, "w", encoding="utf-8") as file:
            file.write("#!/bin/sh\nkill -SEGV $$\n")
        os.chmod(crashing, 0o755)
        status, output, _ = self.run_on(crashing, self.executor("theirs", "lxc"), "--cases", "4")
        self.assertEqual(status, 1, output)
        self.assertIn("crash", output)
        self.assertEqual(self.run_on("/no/such/executor", crashing)[0], 1)

    def test_the_seed_decides(self):
        first, again, other = (self.some_cases(seed) for seed in ("a", "a", "b"))
        self.assertEqual(first, again)
        self.assertNotEqual(first, other)

    @staticmethod
    def some_cases(seed):
        mutator = mutate.Mutator(seed, *differential.known_texts())
        return [mutator.case() for _ in range(200)]

    def test_what_is_written_is_what_was_read(self):
        plain = mutate.Mutator(0, [], [])
        for text in ('{"a": 1, "a": [1e5, {}, [], ""], "b": "\\u0000é\\n\\"\\\\"}', "[[[]]]", '{"": -0}'):
            tree = mutate.tree_of(text)
            self.assertEqual(mutate.tree_of(plain.write(tree, lambda: " ")), tree)


if __name__ == "__main__":
    report.run()

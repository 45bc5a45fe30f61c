#!/usr/bin/env python3
"""Every known case through our executor: verdict, exit code and message must be those of Microsoft's.

Two collections: cases.jsonl of tests/data/mxc, our own, and the corpus beside the source tree (or below $BELLJAR_SHARED), which
is not part of the repository. BELLJAR_EXECUTOR names another executor to judge, as a check of this test itself.
"""
import collections
import json
import os
import sys
import unittest
from concurrent.futures import ThreadPoolExecutor

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path[:0] = [HERE, os.path.join(os.path.dirname(HERE), "dev")]
import executor  # noqa: E402
import report  # noqa: E402

OWN = os.path.join(executor.SOURCE, "tests", "data", "mxc", "cases.jsonl")
CORPUS = os.path.join(os.environ.get("BELLJAR_SHARED", os.path.join(executor.SOURCE, "..", "shared")), "mxc", "corpus.jsonl")
PROGRAM = os.environ.get("BELLJAR_EXECUTOR", executor.ours())
# Of the refusals and the like that carry a message, so many in a hundred must say it alike.
MESSAGES = 99
SHOWN = 25


def read(path):
    with open(path, encoding="utf-8") as file:
        return [json.loads(line) for line in file]


class Judgement:
    """What came out for each case: `wrong` by kind (verdict, rc, message) as lists of (case, what was seen)."""

    def __init__(self, cases):
        self.cases = cases
        self.messages = sum("reason_substring" in case for case in cases)
        self.wrong = {"verdict": [], "rc": [], "message": []}
        lanes = 2
        with ThreadPoolExecutor(lanes) as pool:
            for found in pool.map(self.judge, [cases[lane::lanes] for lane in range(lanes)]):
                for kind, case, seen in found:
                    self.wrong[kind].append((case, seen))

    @staticmethod
    def judge(cases):
        found = []
        candidate = executor.Executor(PROGRAM)
        try:
            for case in cases:
                answer = candidate.dry_run(case)
                if answer.accepted != (case["expect"] == "accept"):
                    found.append(("verdict", case, answer.text()))
                if answer.rc != case["rc"]:
                    found.append(("rc", case, f"{answer.rc}: {answer.text()}"))
                if "reason_substring" in case and not Judgement.says(candidate, case, answer):
                    found.append(("message", case, answer.text()))
        finally:
            candidate.close()
        return found

    @staticmethod
    def says(candidate, case, answer):
        wanted = candidate.placed(case["reason_substring"])
        if wanted in answer.text():
            return True
        # A dry run of Microsoft's keeps silent about what its last stage found; ours must not.
        silent = PROGRAM != executor.ours() and answer.rc == 255
        return silent and wanted in candidate.run(candidate.command(case, dry_run=False)).text()

    def summary(self):
        total = collections.Counter(case["category"] for case in self.cases)
        wrong = {kind: collections.Counter(case["category"] for case, _ in rows) for kind, rows in self.wrong.items()}
        lines = [f"{len(self.cases)} cases: " + ", ".join(f"{len(rows)} {kind} differ" for kind, rows in self.wrong.items())]
        for category, count in sorted(total.items()):
            differ = ", ".join(f"{counter[category]} {kind}" for kind, counter in wrong.items() if counter[category])
            lines.append(f"  {category}: {count}" + (f", of which differ: {differ}" if differ else " agree"))
        return "\n".join(lines)

    def shown(self, kind):
        return "\n".join(f"{case['id']} ({case['category']}): expected {case['expect']} {case['rc']}"
                         f" {case.get('reason_substring', '')!r}\n    seen {seen.strip()[:300]!r}"
                         for case, seen in self.wrong[kind][:SHOWN])


class Collection:
    """The tests of one collection; `path` and `least` (how many cases it has at least) come from below."""

    @classmethod
    def setUpClass(cls):
        cls.judgement = Judgement(read(cls.path)) if os.path.exists(cls.path) else None
        if cls.judgement:
            print(cls.judgement.summary(), flush=True)

    def setUp(self):
        if self.judgement is None:
            self.skipTest(f"no cases at {self.path}")

    def test_it_is_whole(self):
        self.assertGreaterEqual(len(self.judgement.cases), self.least)
        self.assertEqual(len({case["id"] for case in self.judgement.cases}), len(self.judgement.cases), "ids are unique")

    def test_verdicts(self):
        self.assertEqual(len(self.judgement.wrong["verdict"]), 0, self.judgement.shown("verdict"))

    def test_exit_codes(self):
        self.assertEqual(len(self.judgement.wrong["rc"]), 0, self.judgement.shown("rc"))

    def test_messages(self):
        differ = len(self.judgement.wrong["message"])
        if differ:
            print("messages that differ:\n" + self.judgement.shown("message"))
        self.assertGreater(self.judgement.messages, 0)
        self.assertLessEqual(differ * 100, self.judgement.messages * (100 - MESSAGES), "see above")


class OwnCasesTest(Collection, unittest.TestCase):
    path, least = OWN, 900


class CorpusTest(Collection, unittest.TestCase):
    path, least = CORPUS, 3279


if __name__ == "__main__":
    report.run()

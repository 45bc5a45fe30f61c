#!/usr/bin/env python3
"""Configurations of hostile size: each gets one clear answer, within a bound of time and memory that grows with it.

Memory is measured (the peak that the kernel counted); time only coarsely, since the machine may be busy.
"""
import os
import sys
import tempfile
import time
import unittest

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path[:0] = [HERE, os.path.join(os.path.dirname(HERE), "dev")]
import executor  # noqa: E402
import report  # noqa: E402

MEGABYTE = 1 << 20
# Memory may be so many times the input, beside what the program takes anyway.
TIMES, BASE = 10, 48 * MEGABYTE
# One second for 10 MB is the aim; here with room for a machine that is busy with other tests.
SECONDS_PER_10_MB, SECONDS = 4, 5
# More output than this is no clear answer. A line for each of a million paths would be none either.
OUTPUT = 256 * 1024
CHUNK = 10_000


def repeated(piece, count):
    """`piece` so often, in chunks: this process must stay small, since a child's peak counts from its parent's size."""
    for _ in range(count // CHUNK):
        yield piece * CHUNK
    yield piece * (count % CHUNK)


def numbered(pattern, count):
    for start in range(0, count, CHUNK):
        yield ",".join(pattern % number for number in range(start, min(start + CHUNK, count))) + ("," if start + CHUNK < count else "")


def wrapped(before, pieces, after):
    yield before
    yield from pieces
    yield after


GOOD = '"version": "0.8.0", "process": {"commandLine": "true"}'
MILLION = 1_000_000
# What is sent, and how it is answered: accepted, refused, or either (None) where only the bounds count.
INPUTS = {
    "a comment of 100 MB": (lambda: wrapped('{"_comment": "', repeated("x", 100 * MEGABYTE), '", %s}' % GOOD), True),
    "100 MB of spaces": (lambda: wrapped("{", repeated(" ", 100 * MEGABYTE), "%s}" % GOOD), True),
    "100 MB of opening brackets": (lambda: repeated("[", 100 * MEGABYTE), False),
    "100 MB that are no JSON": (lambda: repeated("garbage ", 100 * MEGABYTE // 8), False),
    "a text that never ends": (lambda: wrapped('{"_comment": "', repeated("\\u0041", 30 * MEGABYTE // 6), ""), False),
    "a key of 30 MB": (lambda: wrapped('{"', repeated("k", 30 * MEGABYTE), '": 1, %s}' % GOOD), False),
    "a version of 30 MB": (lambda: wrapped('{"version": "', repeated("9", 30 * MEGABYTE), '"}'), False),
    "a number of 30 MB": (lambda: wrapped('{"_comment": ', repeated("1", 30 * MEGABYTE), ", %s}" % GOOD), None),
    "a path of 30 MB": (lambda: wrapped('{%s, "filesystem": {"readonlyPaths": ["/' % GOOD, repeated("p/", 15 * MEGABYTE), '"]}}'), None),
    "10,000 lists in lists": (lambda: wrapped('{"_comment": %s1%s, ' % ("[" * 10_000, "]" * 10_000), [GOOD], "}"), False),
    "10,000 objects in objects": (lambda: wrapped('{"_comment": %s1%s, ' % ('{"a":' * 10_000, "}" * 10_000), [GOOD], "}"), False),
    "10,000 lists as a path": (lambda: wrapped('{"filesystem": {"readonlyPaths": ' + "[" * 10_000 + "]" * 10_000, [], "}}"), False),
    "a list of a million numbers": (lambda: wrapped('{"_comment": [', numbered("%d", MILLION), "], %s}" % GOOD), True),
    "a list of a million objects": (lambda: wrapped('{"_comment": [', numbered('{"a": %d}', MILLION), "], %s}" % GOOD), True),
    "a million empty lists": (lambda: wrapped('{"_comment": [', repeated("[],", MILLION), "0], %s}" % GOOD), True),
    "a million strange keys": (lambda: wrapped("{%s, " % GOOD, numbered('"k%d": 1', MILLION), "}"), False),
    "a million keys where any are allowed": (lambda: wrapped('{%s, "_comment": {' % GOOD, numbered('"k%d": 1', MILLION), "}}"), True),
    "a million times the same key": (lambda: wrapped('{%s, "_comment": {' % GOOD, numbered('"k": %d', MILLION), "}}"), True),
    "a million read-only paths": (lambda: wrapped('{%s, "filesystem": {"readonlyPaths": [' % GOOD, numbered('"/no/such/%d"', MILLION), "]}}"), None),
    "a million denied paths": (lambda: wrapped('{%s, "filesystem": {"deniedPaths": [' % GOOD, numbered('"/no/such/%d"', MILLION), "]}}"), None),
    "a million times the same path": (lambda: wrapped('{%s, "filesystem": {"readonlyPaths": [' % GOOD, repeated('"/usr",', MILLION), '"/usr"]}}'), None),
    "a million variables": (lambda: wrapped('{"process": {"commandLine": "true", "env": [', numbered('"V%d=1"', MILLION), "]}}"), None),
    "a million bad variables": (lambda: wrapped('{"process": {"commandLine": "true", "env": [', numbered('"V%d"', MILLION), "]}}"), None),
    "a million wrong paths": (lambda: wrapped('{"filesystem": {"readonlyPaths": [', numbered("%d", MILLION), "]}}"), False),
    "a million egress rules": (lambda: wrapped('{%s, "network": {"egress": {"allow": [' % GOOD,
                                               repeated('{"to": [{"cidr": "10.0.0.0/8"}]},', MILLION // 4), "{}]}}}"), False),
    "a million exceptions": (lambda: wrapped('{%s, "network": {"egress": {"allow": [{"to": [{"cidr": "0.0.0.0/0", "except": [' % GOOD,
                                             repeated('"10.0.0.0/8",', MILLION), '"11.0.0.0/8"]}]}]}}}'), None),
    "a million hosts": (lambda: wrapped('{%s, "network": {"enforcementMode": "firewall", "allowedHosts": [' % GOOD,
                                        repeated('"192.0.2.1",', MILLION), '"192.0.2.2"]}}'), None),
}


class HostileTest(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.folder = tempfile.TemporaryDirectory(dir="/var/tmp")
        cls.addClassCleanup(cls.folder.cleanup)

    def measure(self, arguments):
        """(exit code, seconds, peak bytes, output)"""
        path = os.path.join(self.folder.name, "output")
        with open(path, "wb") as sink:
            started = time.monotonic()
            actions = [(os.POSIX_SPAWN_OPEN, 0, "/dev/null", os.O_RDONLY, 0), (os.POSIX_SPAWN_DUP2, sink.fileno(), 1),
                       (os.POSIX_SPAWN_DUP2, sink.fileno(), 2)]
            pid = os.posix_spawn(arguments[0], arguments, os.environ, file_actions=actions)
            _, status, usage = os.wait4(pid, 0)
            seconds = time.monotonic() - started
        with open(path, "rb") as file:
            head = file.read(4096).decode("utf-8", "replace")
        return os.waitstatus_to_exitcode(status), seconds, usage.ru_maxrss * 1024, head, os.path.getsize(path)

    def check(self, name, program):
        pieces, accepted = INPUTS[name]
        path = os.path.join(self.folder.name, "hostile.json")
        with open(path, "w", encoding="utf-8") as file:
            for piece in pieces():
                file.write(piece)
        size = os.path.getsize(path)
        status, seconds, peak, head, written = self.measure([*program, path])
        print(f"{os.path.basename(program[0])}: {name}: {size / MEGABYTE:.1f} MB, {status}, {seconds:.2f} s, "
              f"{max(peak - BASE, 0) / size:.1f} times, {written} bytes: {head[:120]!r}", flush=True)
        self.assertIn(status, (0, 1, 255), head)
        if accepted is not None:
            self.assertEqual(status == 0, accepted, head)
        self.assertTrue(head.strip(), "it said nothing")
        self.assertLess(written, OUTPUT)
        self.assertLess(peak, BASE + TIMES * size)
        self.assertLess(seconds, SECONDS + SECONDS_PER_10_MB * size / (10 * MEGABYTE))


def add_tests():
    """A test for each input and program; both read the same text, so a refusal by one and not the other is a mistake too."""
    for name in INPUTS:
        word = name.replace(" ", "_").replace(",", "")
        programs = {"check": lambda: [os.path.join(executor.bin_folder(), "belljar"), "check"],
                    "executor": lambda: [os.environ.get("BELLJAR_EXECUTOR", executor.ours()), "--dry-run"]}
        for kind, program in programs.items():
            setattr(HostileTest, f"test_{kind}_{word}", lambda self, n=name, p=program: self.check(n, p()))


add_tests()
if __name__ == "__main__":
    report.run()

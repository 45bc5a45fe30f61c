#!/usr/bin/env python3
"""`belljar run --ask` at a terminal: what is typed there, or not, is what happens.

usage: ask_test.py [unittest options ...]

The laboratory of laboratory_test.py; a pseudo terminal whose keys we press. `belljar answer` is tested in names_test.py.
"""
import json
import os
import shutil
import sys
import tempfile
import time
import unittest

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, HERE)
sys.path.insert(0, os.path.join(HERE, "..", "display"))
sys.path.insert(0, os.path.join(HERE, "..", "..", "dev"))
import report  # noqa: E402
import world  # noqa: E402
from terminal_test import BELLJAR, Terminal  # noqa: E402

A4, B4, C4, D4 = world.WORLD4
PROMPT = b"[n] "
PATIENCE = 30  # seconds of a question
# Connects to one peer after the other and says how that went.
PROBE = """
import errno, socket, sys
for peer in sys.argv[1:]:
    host, port = peer.split(":")
    try:
        with socket.create_connection((host, int(port))) as made:
            made.sendall(b"x")
            print(peer, "answers" if made.recv(1) == b"x" else "is silent", flush=True)
    except OSError as error:
        print(peer, errno.errorcode[error.errno], flush=True)
"""


def setUpModule():
    global HOSTS
    try:
        HOSTS = world.World()
    except world.Unavailable as reason:
        raise unittest.SkipTest(str(reason)) from reason


def tearDownModule():
    HOSTS.close()


class AskAtTheTerminal(unittest.TestCase):
    def setUp(self):
        self.folder = tempfile.mkdtemp(prefix="jar-ask-", dir="/var/tmp")
        self.profile = os.path.join(self.folder, "profile.json")
        with open(self.profile, "w", encoding="utf-8") as file:
            json.dump({"version": "0.8.0", "network": {"egress": {"default": "deny"}}}, file)
        self.terminal = None

    def tearDown(self):
        if self.terminal:
            self.terminal.close()
        shutil.rmtree(self.folder)

    def start(self, *peers):
        self.terminal = Terminal([BELLJAR, "run", self.profile, "--ask", "--", "python3", "-c", PROBE, *peers])

    def asked(self, peer, seconds=60):
        """Waits for the question about a peer; what was shown before is forgotten."""
        self.assertTrue(self.terminal.until(PROMPT, seconds), self.terminal.shown)
        question = self.terminal.shown
        self.assertIn(b"wants to reach " + peer.encode() + b"/tcp", question)
        self.assertIn(b"python3 (", question)
        self.terminal.shown = b""

    def says(self, words, seconds=60):
        self.assertTrue(self.terminal.until(words.encode(), seconds), self.terminal.shown)

    def allowed(self):
        with open(self.profile, encoding="utf-8") as file:
            return json.load(file)["network"]["egress"].get("allow", [])

    def test_what_is_typed_is_done(self):
        peers = [f"{B4}:80", f"{B4}:8080", f"{C4}:80", f"{C4}:8080", f"{D4}:80", f"{D4}:80", f"{A4}:80", f"{A4}:80"]
        self.start(*peers)
        # One after the other: each question comes when the one before is answered.
        for peer, keys, outcome in ((peers[0], b"y\n", "answers"), (peers[1], b"n\n", "ECONNREFUSED"),
                                    (peers[2], b"\n", "ECONNREFUSED"), (peers[3], b"\x04", "ECONNREFUSED")):
            self.asked(peer)
            self.terminal.type(keys)
            self.says(f"{peer} {outcome}")
        self.asked(peers[4])
        self.terminal.type(b"perhaps\n")
        self.says("that is no answer")
        self.asked(peers[4])
        self.terminal.type(b"Y\n")
        self.says(f"{peers[4]} answers\r\n{peers[5]} answers")  # for this run: not asked again
        self.asked(peers[6])
        self.assertEqual(self.allowed(), [])
        self.terminal.type(b"A\n")
        self.says(f"{peers[6]} answers\r\n{peers[7]} answers")
        self.assertEqual(self.terminal.end(), 0)
        self.assertEqual(self.allowed(), [{"to": [{"cidr": A4}], "ports": [{"protocol": "tcp", "port": 80}]}])

    def test_nothing_typed_denies_in_time(self):
        peers = [f"{B4}:80", f"{C4}:80"]
        self.start(*peers)
        self.asked(peers[0])
        begin = time.monotonic()
        self.says(f"{peers[0]} ECONNREFUSED", PATIENCE + 60)
        self.assertGreater(time.monotonic() - begin, PATIENCE / 2)
        # The line that was waited for is no answer to the next question.
        self.terminal.type(b"y\n")
        self.says("too late, it was denied")
        self.asked(peers[1])
        self.terminal.type(b"n\n")
        self.says(f"{peers[1]} ECONNREFUSED")
        self.assertEqual(self.terminal.end(), 0)
        self.assertEqual(self.allowed(), [])

    def test_the_end_of_the_terminal_ends_the_run(self):
        self.start(f"{B4}:80")
        self.asked(f"{B4}:80")
        self.terminal.type(b"\x03")
        self.assertNotEqual(self.terminal.end(60), 0)
        self.assertIsNotNone(self.terminal.process.poll())


if __name__ == "__main__":
    report.run()

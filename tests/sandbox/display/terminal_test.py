#!/usr/bin/env python3
"""Programs on a terminal: what they write reaches it only as far as it draws, what is typed reaches them, and the
terminal is afterwards what it was."""
import fcntl
import json
import os
import pty
import re
import select
import signal
import struct
import subprocess
import sys
import tempfile
import termios
import time
import unittest

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, os.path.join(HERE, "..", "..", "dev"))
import report  # noqa: E402

BELLJAR = os.path.join(os.environ.get("BELLJAR_BIN", ""), "belljar")
ORDERS = {"clipboard": b"\x1b]52;c;c2VjcmV0\x07", "title": b"\x1b]0;owned\x07", "print": b"\x1b[5i",
          "answer": b"\x1b[21t", "settings": b"\x1bP$qm\x1b\\"}


class Terminal:
    """A terminal of ours with a program that has it: the bytes that it would show."""

    def __init__(self, command, streams=(0, 1, 2), environment=None, controlling=True):
        self.master, self.slave = pty.openpty()
        fcntl.ioctl(self.master, termios.TIOCSWINSZ, struct.pack("HHHH", 31, 97, 0, 0))
        self.before = termios.tcgetattr(self.slave)
        self.shown = b""

        def take():
            os.setsid()
            if controlling:
                fcntl.ioctl(self.slave, termios.TIOCSCTTY, 0)
        given = [self.slave if stream in streams else subprocess.PIPE for stream in range(3)]
        self.process = subprocess.Popen(command, stdin=given[0], stdout=given[1], stderr=given[2], preexec_fn=take,
                                        env=dict(os.environ, LANG="C.UTF-8", **(environment or {})))

    def read(self, seconds=0.05):
        while select.select([self.master], [], [], seconds)[0]:
            try:
                self.shown += os.read(self.master, 65536)
            except OSError:
                return
            seconds = 0.05

    def until(self, wanted, seconds=20):
        end = time.monotonic() + seconds
        while wanted not in self.shown and time.monotonic() < end:
            self.read()
        return wanted in self.shown

    def type(self, keys):
        os.write(self.master, keys)

    def end(self, seconds=20):
        end = time.monotonic() + seconds
        while self.process.poll() is None and time.monotonic() < end:
            self.read()
        self.read(0.2)
        return self.process.poll()

    def close(self):
        if self.process.poll() is None:
            self.process.kill()
        self.process.wait()
        for stream in (self.process.stdin, self.process.stdout, self.process.stderr):
            if stream:
                stream.close()
        os.close(self.master)
        os.close(self.slave)


class PrivateTerminal(unittest.TestCase):
    def setUp(self):
        self.folder = tempfile.mkdtemp(prefix="jar-terminal-")
        self.made = []

    def tearDown(self):
        for terminal in self.made:
            terminal.close()
        subprocess.run(["rm", "-rf", self.folder], check=False)

    def start(self, *command, options=(), bare=False, **more):
        words = list(command) if bare else [BELLJAR, "run", *options, "--", *command]
        terminal = Terminal(words, **more)
        self.made.append(terminal)
        return terminal

    def script(self, name):
        return "printf 'begin '; printf '" + "".join(f"\\{byte:03o}" for byte in ORDERS[name]) + "'; printf ' end\\n'"

    def test_orders_reach_no_terminal(self):
        for name, order in ORDERS.items():
            with self.subTest(name):
                plain = self.start("sh", "-c", self.script(name), bare=True)
                plain.end()
                self.assertIn(order, plain.shown, "control: the same program outside")
                for options in (("--events", "none"), ("--events", "jsonl", "--events-to", self.folder + "/events")):
                    inside = self.start("sh", "-c", self.script(name), options=options)
                    self.assertEqual(inside.end(), 0)
                    self.assertIn(b"begin  end\r\n", inside.shown)
                    self.assertNotIn(order, inside.shown)

    def test_no_stream_leads_around(self):
        # Each stream that is a terminal, written to by each of its descriptors, also where it came for reading.
        order = "\\033]52;c;c2VjcmV0\\007"
        code = (f"for n in 0 1 2; do printf 'mark{order}' >&$n; printf '{order}' > /proc/self/fd/$n; "
                f"printf '{order}' > /dev/tty; done; true")
        for streams in ((0, 1, 2), (0, 1), (0, 2), (1, 2), (0,), (1,), (2,)):
            with self.subTest(streams):
                inside = self.start("sh", "-c", code, streams=streams, options=("--events", "none"))
                inside.end()
                if streams != (0,):
                    self.assertIn(b"mark", inside.shown)
                self.assertNotIn(b"]52", inside.shown)

    def test_refused_clipboard_is_an_event(self):
        events = self.folder + "/events"
        inside = self.start("sh", "-c", self.script("clipboard"), options=("--events", "jsonl", "--events-to", events))
        self.assertEqual(inside.end(), 0)
        with open(events, encoding="utf-8") as file:
            seen = [json.loads(line) for line in file]
        about = [event for event in seen if event.get("kind") == "ui.clipboard.write"]
        self.assertEqual([(event["verdict"], event["object"], json.loads(event["detail"])["bytes"]) for event in about],
                         [("denied", "OSC 52", 6)])
        self.assertNotIn("c2VjcmV0", open(events, encoding="utf-8").read())

    def test_keys_reach_the_program(self):
        inside = self.start("sh", "-c", "stty size; read line; echo \"got $line\"; stty -echo; read hidden; echo $hidden")
        self.assertTrue(inside.until(b"31 97"), inside.shown)
        inside.type(b"word\n")
        self.assertTrue(inside.until(b"got word"), inside.shown)
        self.assertEqual(inside.shown.count(b"word"), 2, "echoed once, printed once")
        time.sleep(0.2)
        inside.type(b"hidden\n")
        self.assertTrue(inside.until(b"hidden"))
        self.assertEqual(inside.end(), 0)
        self.assertEqual(inside.shown.count(b"hidden"), 1)
        self.assertEqual(termios.tcgetattr(inside.slave), inside.before)

    def test_interrupt_is_the_programs(self):
        inside = self.start("sh", "-c", "trap 'echo caught; exit 7' INT; echo ready; while :; do sleep 0.1; done")
        self.assertTrue(inside.until(b"ready"))
        inside.type(b"\x03")
        self.assertEqual(inside.end(), 7, inside.shown)
        self.assertIn(b"caught", inside.shown)
        plain = self.start("sh", "-c", "echo ready; exec sleep 60")
        self.assertTrue(plain.until(b"ready"))
        plain.type(b"\x03")
        self.assertEqual(plain.end(), 130)

    def test_quit_three_times_ends_who_does_not_listen(self):
        inside = self.start("sh", "-c", "trap '' INT QUIT; echo ready; while :; do sleep 0.1; done")
        self.assertTrue(inside.until(b"ready"))
        inside.type(b"\x03\x1c\x1ca")
        time.sleep(0.5)
        self.assertIsNone(inside.process.poll())
        inside.type(b"\x1c\x1c\x1c")
        self.assertEqual(inside.end(), 128 + signal.SIGTERM)
        self.assertEqual(termios.tcgetattr(inside.slave), inside.before)

    def test_suspend_stops_the_whole_and_gives_the_terminal_back(self):
        inside = self.start("sh", "-c", "echo ready; while :; do echo beat; sleep 0.1; done")
        self.assertTrue(inside.until(b"beat"))
        inside.type(b"\x1a")
        stat = f"/proc/{inside.process.pid}/stat"
        end = time.monotonic() + 10
        while open(stat, encoding="ascii").read().split()[2] != "T" and time.monotonic() < end:
            inside.read()
        self.assertEqual(open(stat, encoding="ascii").read().split()[2], "T")
        self.assertEqual(termios.tcgetattr(inside.slave), inside.before)
        inside.read(0.3)
        beats = inside.shown.count(b"beat")
        time.sleep(0.4)
        inside.read()
        self.assertEqual(inside.shown.count(b"beat"), beats)
        os.kill(inside.process.pid, signal.SIGCONT)
        inside.shown = b""
        self.assertTrue(inside.until(b"beat"))
        inside.type(b"\x03")
        self.assertEqual(inside.end(), 130)

    def test_size_changes_arrive(self):
        inside = self.start("sh", "-c", "trap 'stty size' WINCH; echo ready; while :; do sleep 0.1; done")
        self.assertTrue(inside.until(b"ready"))
        fcntl.ioctl(inside.master, termios.TIOCSWINSZ, struct.pack("HHHH", 12, 34, 0, 0))
        self.assertTrue(inside.until(b"12 34"), inside.shown)

    def test_what_was_switched_on_is_switched_off(self):
        inside = self.start("printf", "\\033[?1049h\\033[?1000h\\033[?25l\\033[31mx")
        self.assertEqual(inside.end(), 0)
        for needed in (b"\x1b[?1049l", b"\x1b[?1000l", b"\x1b[?25h", b"\x1b[m"):
            self.assertIn(needed, inside.shown)

    def test_much_output_arrives_whole_and_in_order(self):
        inside = self.start("seq", "1", "60000", options=("--events", "none"))
        self.assertEqual(inside.end(60), 0)
        self.assertEqual(inside.shown.split(), [str(n).encode() for n in range(1, 60001)])

    def test_events_beside_a_program_keep_their_lines(self):
        inside = self.start("sh", "-c", "cat /etc/shadow; sleep 0.3; echo done", options=("--events", "pretty"))
        inside.end()
        self.assertIn(b"done", inside.shown)
        self.assertIsNone(re.search(rb"[^\r]\n", inside.shown), "a line that only steps down")

    def test_a_terminal_that_takes_nothing_keeps_nobody(self):
        profile = self.folder + "/profile.json"
        with open(profile, "w", encoding="utf-8") as file:
            json.dump({"version": "0.8.0-alpha", "process": {"timeout": 1000}}, file)
        # Our own last words go elsewhere: they would wait for the terminal, as any program's do.
        flood = Terminal([BELLJAR, "run", profile, "--events", "none", "--", "yes"], streams=(0, 1))
        self.made.append(flood)
        self.assertEqual(flood.process.wait(timeout=20), 124)


if __name__ == "__main__":
    report.run()

#!/usr/bin/env python3
"""Each template runs a real program in a folder: what it promises works, and what it forbids fails.

A row says what must succeed and what must fail in the sandbox; the control runs the same commands outside, where all of
them succeed, so that a command that could never work proves nothing."""
import json
import os
import shutil
import socket
import subprocess
import sys
import tempfile
import threading
import unittest

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "..", "dev"))
import report  # noqa: E402

BELLJAR = os.path.join(os.environ.get("BELLJAR_BIN", ""), "belljar")
READS = "cat input"
WRITES = "echo x > made"
HOOK = "echo x > .git/hooks/post-commit"
HISTORY = "cat .git/config"
SECRET = "cat .env"
SCRIPT = "./own-program"
NETWORK = "python3 -c 'import socket; socket.create_connection((\"{host}\", {port}), 5).recv(2)'"

# name: what works, what does not
ROWS = {
    "empty": (["ls /usr/bin"], [READS, WRITES, NETWORK]),
    "look": ([READS], [WRITES, NETWORK]),
    "offline-script": ([READS, "echo x > /tmp/made.$$ && rm /tmp/made.$$"], [WRITES, NETWORK]),
    "build": ([READS, WRITES, SCRIPT.replace("./own", "sh ./own")], [HOOK, NETWORK]),
    "tests": ([READS, WRITES], [HOOK, NETWORK]),
    "ci-job": ([READS, WRITES, "test \"$CI\" = true || test -n \"$OUTSIDE\""], [HISTORY, NETWORK]),
    "convert": ([READS, WRITES], [HOOK, NETWORK]),
    "review": ([READS], [WRITES, HISTORY, SECRET, NETWORK]),
    "installed-only": ([READS, WRITES, "ls"], [SCRIPT, NETWORK]),
    "package-install": ([READS, WRITES], [HOOK, NETWORK]),
    "web-client": ([READS, WRITES], [HOOK, NETWORK]),
    "assistant": ([READS, WRITES], [HOOK, SECRET, NETWORK]),
    "local-network": ([READS], [WRITES]),
    "online-tool": ([READS], [WRITES, NETWORK]),
    "desktop-app": ([READS], [WRITES, NETWORK]),
}

# What the filtered ones say of addresses that cannot be reached from here: (address, allowed)
ADDRESSES = {
    "package-install": [("93.184.216.34:443", True), ("93.184.216.34:22", False), ("192.168.1.1:443", False),
                        ("192.168.1.1:53/udp", True), ("169.254.169.254:80", False)],
    "web-client": [("93.184.216.34:80", True), ("93.184.216.34:25", False), ("10.0.0.1:80", False)],
    "assistant": [("93.184.216.34:443", True), ("10.0.0.1:443", False)],
    "local-network": [("192.168.1.1:80", True), ("93.184.216.34:443", False)],
    "online-tool": [("93.184.216.34:22", True), ("172.16.0.1:22", False)],
}


def run(words, folder, **environment):
    return subprocess.run(words, cwd=folder, stdout=subprocess.PIPE, stderr=subprocess.PIPE, timeout=60,
                          env={**os.environ, **environment})


class Templates(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        probe = subprocess.run([BELLJAR, "probe", "--json"], stdout=subprocess.PIPE)
        if probe.returncode != 0:
            raise unittest.SkipTest("no containment can run here")
        cls.start_display()
        # A service of this machine, which every template keeps out of reach.
        cls.server = socket.create_server(("0.0.0.0", 0))
        cls.port = cls.server.getsockname()[1]
        threading.Thread(target=cls.answer, daemon=True).start()
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as finder:
            try:
                finder.connect(("192.0.2.1", 9))
                cls.host = finder.getsockname()[0]
            except OSError:
                cls.host = "127.0.0.1"

    @classmethod
    def start_display(cls):
        """Where a template's windows would be shown; without it that template is skipped."""
        cls.display = {}
        cls.server_process = None
        if shutil.which("Xvfb") is None or shutil.which("Xephyr") is None:
            return
        reader, writer = os.pipe()
        cls.server_process = subprocess.Popen(["Xvfb", "-displayfd", str(writer), "-nolisten", "tcp"],
                                              pass_fds=[writer], stderr=subprocess.DEVNULL)
        os.close(writer)
        with os.fdopen(reader) as file:
            cls.display = {"DISPLAY": ":" + file.readline().strip()}

    @classmethod
    def answer(cls):
        while True:
            try:
                peer, _ = cls.server.accept()
                peer.sendall(b"ok")
                peer.close()
            except OSError:
                return

    @classmethod
    def tearDownClass(cls):
        cls.server.close()
        if cls.server_process is not None:
            cls.server_process.terminate()
            cls.server_process.wait()

    def setUp(self):
        # Not below /tmp, of which a sandbox has its own.
        self.folder = tempfile.mkdtemp(prefix="belljar-test-templates-", dir=os.path.expanduser("~"))
        self.addCleanup(shutil.rmtree, self.folder)
        self.work = os.path.join(self.folder, "work")
        self.fill()

    def fill(self):
        shutil.rmtree(self.work, ignore_errors=True)
        os.makedirs(os.path.join(self.work, ".git", "hooks"))
        for name in ("input", ".env", ".git/config"):
            with open(os.path.join(self.work, name), "w", encoding="utf-8") as file:
                file.write("text\n")
        program = os.path.join(self.work, "own-program")
        with open(program, "w", encoding="utf-8") as file:
            file.write("#!/bin/sh\necho ran\n")
        os.chmod(program, 0o755)

    def profile(self, name):
        path = os.path.join(self.folder, name + ".json")
        if not os.path.exists(path):
            made = run([BELLJAR, "new", name, "-o", path], self.folder)
            self.assertEqual(made.returncode, 0, made.stderr)
        return path

    def need_display(self, name):
        if name == "desktop-app" and not self.display:
            self.skipTest("not installed: Xvfb, Xephyr")

    def inside(self, name, command):
        return run([BELLJAR, "run", self.profile(name), "--", "sh", "-c", command], self.work, **self.display)

    def test_every_template_has_a_row(self):
        listed = json.loads(run([BELLJAR, "new", "--json"], self.folder).stdout)["templates"]
        self.assertEqual({each["name"] for each in listed}, set(ROWS))
        self.assertGreaterEqual(len(listed), 12)
        for each in listed:
            self.assertTrue(each["title"] and each["about"], each)

    def test_templates_are_right_and_wise(self):
        for name in ROWS:
            with self.subTest(name):
                self.need_display(name)
                checked = run([BELLJAR, "check", self.profile(name), "--json"], self.work, **self.display)
                found = json.loads(checked.stdout)["profiles"][0]["findings"]
                self.assertEqual([f for f in found if f["severity"] == "error"], [])
                self.assertEqual(checked.returncode, 0, checked.stdout)

    def test_each_does_what_it_promises(self):
        for name, (works, fails) in ROWS.items():
            for command in works + fails:
                command = command.format(host=self.host, port=self.port) if command == NETWORK else command
                with self.subTest(template=name, command=command):
                    self.need_display(name)
                    self.fill()
                    outside = run(["sh", "-c", command], self.work, OUTSIDE="1")
                    self.assertEqual(outside.returncode, 0, outside.stderr)
                    self.fill()
                    inside = self.inside(name, command)
                    self.assertNotEqual(inside.returncode, 125, inside.stderr)
                    expected = command in works
                    self.assertEqual(inside.returncode == 0, expected, inside.stderr)

    def test_addresses(self):
        for name, questions in ADDRESSES.items():
            for address, allowed in questions:
                with self.subTest(template=name, address=address):
                    said = run([BELLJAR, "explain", self.profile(name), "--connect", address], self.work)
                    self.assertEqual(said.returncode, 0 if allowed else 1, said.stdout + said.stderr)

    def test_a_file_is_not_overwritten(self):
        path = self.profile("look")
        again = run([BELLJAR, "new", "build", "-o", path], self.folder)
        self.assertNotEqual(again.returncode, 0)
        with open(path, encoding="utf-8") as file:
            self.assertIn("Look, change nothing", file.read())


if __name__ == "__main__":
    report.run()

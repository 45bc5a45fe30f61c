#!/usr/bin/env python3
"""Programs with windows run inside, with a display of the sandbox's own and without the host's, a bus or a network.
With BELLJAR_SHOTS=FOLDER a picture of the host's screen is kept of each."""
import json
import os
import shutil
import subprocess
import sys
import tempfile
import unittest

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, HERE)
sys.path.insert(0, os.path.join(HERE, "..", "..", "dev"))
import report  # noqa: E402
from display_session import BELLJAR, processes, run, until  # noqa: E402

NEEDED = ("Xvfb", "Xephyr", "xwininfo", "xwd")
BIN = os.path.dirname(os.path.realpath(BELLJAR))
PAGE = """<html><head><title>loading</title></head><body style="font: 28px sans-serif; margin: 40px">
<h1>Chromium under the jar</h1><p id="sum"></p><p>No host display, bus or network, and Chromium's own sandbox.</p>
<script>let sum = 0; for (let i = 1; i <= 1000; ++i) sum += i;
document.getElementById("sum").textContent = "The sum of 1 to 1000 is " + sum + ".";
document.title = "sum " + sum;</script></body></html>"""


class Programs(unittest.TestCase):
    def setUp(self):
        missing = [name for name in NEEDED if shutil.which(name) is None]
        if missing:
            self.skipTest("not installed: " + ", ".join(missing))
        self.folder = tempfile.mkdtemp(prefix="jar-programs-")
        self.share = os.path.join(self.folder, "share")
        os.mkdir(self.share)
        reader, writer = os.pipe()
        self.server = subprocess.Popen(
            ["Xvfb", "-displayfd", str(writer), "-screen", "0", "1300x860x24", "-nolisten", "tcp"], pass_fds=[writer],
            stderr=subprocess.DEVNULL)
        os.close(writer)
        with os.fdopen(reader) as number:
            self.host = ":" + number.readline().strip()
        self.environment = {key: value for key, value in os.environ.items()
                            if key not in ("XAUTHORITY", "WAYLAND_DISPLAY")}
        self.environment["DISPLAY"] = self.host
        self.session = None

    def tearDown(self):
        for process in (self.session, getattr(self, "server", None)):
            if process:
                process.kill()
                process.wait()
        shutil.rmtree(getattr(self, "folder", "/nonexistent"), ignore_errors=True)

    def shows(self, program, command, wanted, nested=False):
        """The sandbox has a window of that name; it and only the sandbox's one are on the host."""
        if shutil.which(program) is None:
            self.skipTest("not installed: " + program)
        profile = os.path.join(self.folder, "profile.json")
        with open(profile, "w", encoding="utf-8") as file:
            json.dump({"version": "0.8.0-alpha",
                       "filesystem": {"readwritePaths": [self.share], "readonlyPaths": [BIN] if nested else []},
                       "process": {"env": [f"HOME={self.share}", f"XDG_RUNTIME_DIR={self.share}"]},
                       "experimental": {"belljar": {"limits": {"memoryMb": 0, "processes": 0},
                                                    "syscalls": {"nestedSandboxes": nested}}},
                       "ui": {"disable": False}}, file)
        windows = os.path.join(self.share, "windows")
        facts = os.path.join(self.share, "facts")
        script = (f"{command} & echo \"$DISPLAY-$WAYLAND_DISPLAY-$DBUS_SESSION_BUS_ADDRESS\" > {facts}; "
                  f"ls /sys/class/net /dev/dri /run/dbus > {facts}.more 2>&1; cat /proc/net/dev >> {facts}.more; "
                  f"while sleep 0.3; do xwininfo -root -tree > {windows}.new 2>&1 && mv {windows}.new {windows}; done")
        self.session = subprocess.Popen([BELLJAR, "run", profile, "--events", "none", "--", "sh", "-c", script],
                                        env=self.environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT)

        def inside():
            try:
                with open(windows, encoding="utf-8", errors="replace") as file:
                    return file.read()
            except FileNotFoundError:
                return ""
        self.assertTrue(until(lambda: wanted in inside(), 60), inside())
        until(lambda: False, 2)  # it may still be drawing
        with open(facts, encoding="ascii") as file:
            self.assertEqual(file.read().strip(), ":90--")
        host = run(["xwininfo", "-root", "-tree"], env=self.environment).stdout.decode()
        self.assertIn("[sandboxed] sh - Belljar", host)
        self.assertNotIn(wanted, host)
        picture = os.path.join(self.folder, "screen.xwd")
        run(["xwd", "-root", "-silent", "-display", self.host, "-out", picture], env=self.environment)
        with open(picture, "rb") as file:
            drawn = file.read()[4096:]
        self.assertGreater(len({drawn[at:at + 4] for at in range(0, len(drawn), 404)}), 3, "nothing is drawn")
        shots = os.environ.get("BELLJAR_SHOTS")
        if shots and shutil.which("convert"):
            name = os.path.basename(program)
            subprocess.run(["convert", "xwd:" + picture, os.path.join(shots, f"display-{name}.png")], check=True)

    def shows_page(self, program, command):
        """A page whose title its script has changed, drawn by a process in a sandbox of the engine's own."""
        if os.getuid() == 0:
            self.skipTest("sandboxes inside are refused to root, and without one Chromium does not run as root")
        page = os.path.join(self.share, "page.html")
        with open(page, "w", encoding="ascii") as file:
            file.write(PAGE)
        self.shows(program, command.format(page=page), "sum 500500", nested=True)
        # Numbers for the host, for the jar, and for the engine's sandbox; and a filter of its own.
        self.assertTrue(any(numbers >= 3 and filters > 1 for numbers, filters in map(
            self.depth, processes("--type=renderer", below=self.session.pid) | processes("--type=zygote", below=self.session.pid))))

    @staticmethod
    def depth(pid):
        """In how many process namespaces a process has a number, and under how many system-call filters it is."""
        try:
            with open(f"/proc/{pid}/status", encoding="ascii", errors="replace") as file:
                facts = dict(line.split(":", 1) for line in file)
        except OSError:
            return 0, 0  # it has ended
        return len(facts["NSpid"].split()), int(facts["Seccomp_filters"])

    def test_xterm(self):
        if os.getuid() == 0:
            self.skipTest("as root xterm gives its terminal to a group that does not exist inside")
        self.shows("xterm", "xterm -fa Monospace -fs 16 -geometry 70x18+40+40 -T inside-xterm -e 'id; ls -l /; sleep 60'",
                   "inside-xterm")

    def test_qt(self):
        note = os.path.join(self.share, "inside-note.txt")
        with open(note, "w", encoding="ascii") as file:
            file.write("A Qt program inside, without a bus, a network or a graphics card.\n")
        self.shows("featherpad", f"featherpad --standalone {note}", "inside-note.txt")

    def test_chromium(self):
        self.shows_page("chromium", "chromium --no-first-run --no-default-browser-check file://{page}")

    def test_web_engine(self):
        program = os.path.join(BIN, "belljar-web-window")
        if not os.access(program, os.X_OK):
            self.skipTest("this build has no Qt WebEngine")
        self.shows_page(program, program + " {page}")


if __name__ == "__main__":
    report.run()

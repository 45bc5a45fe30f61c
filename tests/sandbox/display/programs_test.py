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
from display_session import BELLJAR, run, until  # noqa: E402

NEEDED = ("Xvfb", "Xephyr", "xwininfo", "xwd")


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

    def shows(self, program, command, wanted):
        """The sandbox has a window of that name; it and only the sandbox's one are on the host."""
        if shutil.which(program) is None:
            self.skipTest("not installed: " + program)
        profile = os.path.join(self.folder, "profile.json")
        with open(profile, "w", encoding="utf-8") as file:
            json.dump({"version": "0.8.0-alpha", "filesystem": {"readwritePaths": [self.share]},
                       "process": {"env": [f"HOME={self.share}", f"XDG_RUNTIME_DIR={self.share}"]},
                       "experimental": {"belljar": {"limits": {"memoryMb": 0, "processes": 0}}},
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
            subprocess.run(["convert", "xwd:" + picture, os.path.join(shots, f"display-{program}.png")], check=True)

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


if __name__ == "__main__":
    report.run()

#!/usr/bin/env python3
"""A sandbox with a display, under Xvfb as the host's: its clipboard by each policy and both ways, input, hostile clients,
and what is left behind when it is killed."""
import json
import os
import re
import shutil
import signal
import struct
import subprocess
import sys
import tempfile
import time
import unittest

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, HERE)
sys.path.insert(0, os.path.join(HERE, "..", "..", "dev"))
import report  # noqa: E402
from display_session import BELLJAR, IMAGE, RIGHTS, SessionTest, processes, run, running, until  # noqa: E402

NEEDED = ("Xvfb", "Xephyr", "xclip", "xdotool")


class Display(SessionTest):
    @classmethod
    def setUpClass(cls):
        missing = [name for name in NEEDED if shutil.which(name) is None]
        if missing:
            raise unittest.SkipTest("not installed: " + ", ".join(missing))
        cls.folder = tempfile.mkdtemp(prefix="jar-display-")
        cls.share = os.path.join(cls.folder, "share")
        os.mkdir(cls.share)
        for name in ("x_client.py", "hostile_client.py"):
            shutil.copy(os.path.join(HERE, name), cls.share)
        reader, writer = os.pipe()
        cls.server = subprocess.Popen(
            ["Xvfb", "-displayfd", str(writer), "-screen", "0", "1400x1000x24", "-nolisten", "tcp", "-noreset"],
            pass_fds=[writer], stderr=subprocess.DEVNULL)
        os.close(writer)
        with os.fdopen(reader) as number:
            cls.host = ":" + number.readline().strip()
        cls.environment = dict(os.environ, DISPLAY=cls.host, HOME=cls.folder)
        for other in ("XAUTHORITY", "WAYLAND_DISPLAY"):
            cls.environment.pop(other, None)

    @classmethod
    def tearDownClass(cls):
        cls.server.terminate()
        cls.server.wait()
        shutil.rmtree(cls.folder, ignore_errors=True)

    def reaches(self, session, content):
        """Whether what is copied outside is pasted inside at last. A program inside that copies without end, which it
        may, takes the host's clipboard again and again until the broker has seen all of that: so each time anew."""
        paste = "timeout 2 xclip -o -selection clipboard -t UTF8_STRING"
        end = time.monotonic() + 90
        while time.monotonic() < end:
            owner = self.own_outside(content, "UTF8_STRING")
            if until(lambda: self.paste_outside("UTF8_STRING") == content, 1) and self.inside(session, paste) == content:
                return True
            owner.kill()
        return False

    def copy_outside(self, content, kind):
        self.own_outside(content, kind)
        self.assertTrue(until(lambda: kind.encode() in self.paste_outside("TARGETS")))

    def own_outside(self, content, kind):
        return self.own(["xclip", "-quiet", "-i", "-selection", "clipboard", "-t", kind], content)

    def paste_outside(self, kind):
        return run(["xclip", "-o", "-selection", "clipboard", "-t", kind], env=self.environment).stdout

    def copy_inside(self, session, content, kind):
        self.inside(session, f"xclip -i -selection clipboard -t {kind} {self.content_file(content)} >/dev/null")

    def test_four_policies_both_ways_with_live_change(self):
        session = self.start()
        self.inside(session, "true")
        for rights, (read, write) in list(RIGHTS.items()) + [("none", RIGHTS["none"])]:
            self.set_rights(session, rights)
            for content, kind in ((f"text {rights}".encode(), "UTF8_STRING"), (IMAGE, "image/png")):
                with self.subTest(rights=rights, kind=kind):
                    self.copy_outside(content, kind)
                    expected = content if read else b""
                    if read or rights == "none":  # otherwise what was copied inside before is still inside's own
                        before = len(self.seen("ui.clipboard.read"))
                        self.inside(session, "xclip -selection clipboard -i /dev/null") if not read else None
                        got = self.inside(session, f"xclip -o -selection clipboard -t {kind}")
                        self.assertEqual(got == content, read)
                        if read:
                            self.assertEqual(got, expected)
                            self.assertTrue(until(lambda: len(self.seen("ui.clipboard.read")) > before))
                            self.assertIn((False, kind, len(content)), self.seen("ui.clipboard.read")[before:])
                    before = len(self.seen("ui.clipboard.write"))
                    inner = b"inner " + content
                    self.copy_inside(session, inner, kind)
                    self.assertTrue(until(lambda: len(self.seen("ui.clipboard.write")) > before))
                    got = self.paste_outside(kind)
                    self.assertEqual(got, inner if write else content)
                    if write:
                        self.assertTrue(until(lambda: (False, kind, len(inner)) in
                                              self.seen("ui.clipboard.write")[before:]))
                    else:
                        self.assertIn((True, "", 0), self.seen("ui.clipboard.write")[before:])
        changes = [line for line in open(self.events, encoding="utf-8") if '"session.policy"' in line]
        self.assertEqual(len(changes), len(RIGHTS) + 1)

    def test_refused_paste_is_an_event(self):
        for rights in ("none", "write"):
            session = self.start(clipboard=rights)
            self.copy_outside(b"secret", "UTF8_STRING")
            self.assertEqual(self.inside(session, "xclip -o -selection clipboard -t UTF8_STRING"), b"")
            self.assertTrue(until(lambda: (True, "UTF8_STRING", 0) in self.seen("ui.clipboard.read")))
            self.assertEqual(self.inside(session, "xclip -o -selection primary -t UTF8_STRING"), b"")
            with open(self.events, encoding="utf-8") as file:
                self.assertNotIn("secret", file.read())

    def test_revocation_cuts_what_was_offered(self):
        session = self.start(clipboard="all")
        self.copy_inside(session, b"from inside", "UTF8_STRING")
        self.assertTrue(until(lambda: self.paste_outside("UTF8_STRING") == b"from inside"))
        self.set_rights(session, "none")
        self.assertEqual(self.paste_outside("UTF8_STRING"), b"")
        without = subprocess.run([BELLJAR, "policy", str(session.pid), "--clipboard", "some"], env=self.environment,
                                 stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, timeout=20)
        self.assertNotEqual(without.returncode, 0)

    def test_without_the_keyboard_nothing_is_read(self):
        session = self.start(clipboard="read")
        self.copy_outside(b"only when asked", "UTF8_STRING")
        paste = "timeout 5 xclip -o -selection clipboard -t UTF8_STRING"
        self.assertEqual(self.inside(session, paste), b"only when asked")
        other = subprocess.Popen(["xterm", "-T", "elsewhere"], env=self.environment, stderr=subprocess.DEVNULL)
        self.owners.append(other)

        def give(title):
            found = run(["xdotool", "search", "--onlyvisible", "--name", title], env=self.environment).stdout.split()
            return found and run(["xdotool", "windowfocus", "--sync", found[0].decode()],
                                 env=self.environment).returncode == 0
        self.assertTrue(until(lambda: give("elsewhere")))
        self.assertEqual(self.inside(session, paste), b"")
        self.assertTrue(until(lambda: (False, "UTF8_STRING", 0) in self.seen("ui.clipboard.read")))
        self.assertTrue(until(lambda: give("sandboxed")))
        self.assertEqual(self.inside(session, paste), b"only when asked")
        other.kill()
        other.wait()
        run(["xdotool", "windowfocus", "1"], env=self.environment)

    def pointer(self):
        return run(["xdotool", "getmouselocation", "--shell"], env=self.environment).stdout.split()[:2]

    def test_input_never_reaches_the_host(self):
        run(["xdotool", "mousemove", "11", "12"], env=self.environment)
        self.assertEqual(self.pointer(), [b"X=11", b"Y=12"])
        for injection in (False, True):
            session = self.start(injection=injection)
            listed = self.inside(session, "xdpyinfo | grep -c -w XTEST")
            if shutil.which("xdpyinfo"):
                self.assertEqual(listed.strip() != b"0", injection)
            self.inside(session, "xdotool mousemove 300 200")
            inside = self.inside(session, "xdotool getmouselocation --shell").split()[:2]
            self.assertEqual(inside, [b"X=300", b"Y=200"])  # its own pointer, which a program may always move
            self.inside(session, f"DISPLAY={self.host} xdotool mousemove 301 201")
            self.assertEqual(self.pointer(), [b"X=11", b"Y=12"])
        # The same program with the host's socket: what the display keeps away.
        number = self.host.lstrip(":")
        shared = subprocess.run([BELLJAR, "run", "--ro", f"/tmp/.X11-unix/X{number}", "--env", f"DISPLAY={self.host}", "--",
                                 "xdotool", "mousemove", "301", "201"], env=self.environment, timeout=30,
                                stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
        self.assertEqual(self.pointer(), [b"X=301", b"Y=201"], shared.stdout)

    def attempts(self, process="xdotool"):
        """Ways in which that program has tried to make input."""
        return {event["object"] for event in self.told("ui.injection") if event["process"] == process}

    def test_each_way_to_make_input_is_an_event(self):
        client = f"timeout 60 python3 {self.share}/hostile_client.py"
        for injection in (False, True):
            session = self.start(injection=injection)
            log = os.path.join(self.share, f"listen-{injection}.log")
            self.inside(session, f"{client} listen > {log} 2>&1 & echo")
            self.assertTrue(until(lambda: os.path.exists(log) and b"listens" in open(log, "rb").read()))
            self.assertEqual(self.told("ui.injection"), [], "who only shows a window tries nothing")
            self.inside(session, "xdotool key a")
            self.inside(session, "xdotool click 1")
            self.inside(session, "xdotool mousemove 20 30")
            expected = {"XTEST key", "XTEST button", "WarpPointer"} if injection else {"XTEST", "WarpPointer"}
            self.assertTrue(until(lambda: expected <= self.attempts()), self.told("ui.injection"))
            self.assertEqual(b"pressed" in open(log, "rb").read() or
                             injection and until(lambda: b"pressed" in open(log, "rb").read()), injection)
            self.inside(session, f"{client} tap > /dev/null 2>&1 & echo")
            self.assertTrue(until(lambda: self.attempts("python3") == {"SendEvent key"}), self.told("ui.injection"))
            for event in self.told("ui.injection"):
                refused = event["object"] == "XTEST"
                self.assertEqual((event["verdict"], event["result"]), ("denied", "EACCES") if refused else ("allowed", "ok"))
                self.assertEqual((event["mechanism"], event["detail"].get("reaches")),
                                 ("display", None if refused else "the sandbox's own display only"))
                self.assertEqual(event["rule"]["pointer"], "/ui/injection" if refused or injection else "/ui/disable")

    def test_floods_of_attempts_are_counted(self):
        session = self.start(clipboard="all")
        log = os.path.join(self.share, "inject.log")
        self.inside(session, f"timeout 60 python3 {self.share}/hostile_client.py inject > {log} 2>&1 & echo")
        self.assertTrue(until(lambda: os.path.exists(log) and os.path.getsize(log) > 0, 60))
        log = os.path.join(self.share, "unreadable.log")
        self.inside(session, f"timeout 60 python3 {self.share}/hostile_client.py unreadable > {log} 2>&1 & echo")
        self.assertTrue(until(lambda: os.path.exists(log) and open(log, "rb").read() == b"ended\ndone\n"))
        self.assertEqual(self.inside(session, "xdotool getmouselocation --shell").split()[1:2], [b"Y=7"], "it goes on")
        session.stdin.close()
        session.wait()
        told = self.told("ui.injection")
        for way in ("SendEvent key", "WarpPointer"):
            self.assertEqual(sum(event["detail"].get("times", 1) for event in told if event["object"] == way), 20000, told)
        self.assertLess(len(told), 200)

    def frame(self):
        """The one window of the sandbox on the host's display."""
        def found():
            return run(["xdotool", "search", "--onlyvisible", "--name", r"^\[sandboxed\]"], env=self.environment).stdout.split()
        self.assertTrue(until(lambda: len(found()) == 1), found())
        return found()[0].decode()

    def pixel(self, x, y):
        """Red, green, blue on the host's screen."""
        picture = run(["xwd", "-root", "-silent"], env=self.environment).stdout
        header, depth = struct.unpack(">I", picture[:4])[0], struct.unpack(">I", picture[44:48])[0]
        self.assertEqual(depth, 32, "bits a pixel")
        line, colours = struct.unpack(">I", picture[48:52])[0], struct.unpack(">I", picture[76:80])[0]
        at = header + colours * 12 + y * line + x * 4
        blue, green, red = picture[at:at + 3]
        return red, green, blue

    def test_whatever_is_shown_inside_stands_in_a_frame(self):
        if shutil.which("xwd") is None:
            self.skipTest("not installed: xwd")
        session = self.start()
        frame = self.frame()
        amber, white = (0xE0, 0x8A, 0x00), (255, 255, 255)
        places = ((1, 1), (600, 18), (1, 400), (1285, 400), (600, 824))
        self.inside(session, f"timeout 60 python3 {self.share}/hostile_client.py cover > /dev/null 2>&1 & echo")
        self.assertTrue(until(lambda: self.pixel(600, 400) == white), self.pixel(600, 400))
        self.assertEqual([self.pixel(*place) for place in places], [amber] * len(places))
        run(["xdotool", "windowsize", "--sync", frame, "708", "526"], env=self.environment)
        self.assertTrue(until(lambda: b"700x500" in self.inside(session, "xdpyinfo | grep dimensions")))
        self.assertEqual([self.pixel(1, 300), self.pixel(705, 300), self.pixel(300, 524)], [amber] * 3)
        run(["xdotool", "windowclose", frame], env=self.environment)
        self.assertTrue(until(lambda: session.poll() is not None))
        self.assertIn(b"its display was closed", session.stderr.read(), (session.returncode, session.stdout.read()))

    def test_only_its_own_display(self):
        session = self.start()
        self.assertEqual(self.inside(session, "ls /tmp/.X11-unix").split(), [b"X90"])
        self.assertEqual(self.inside(session, "echo $DISPLAY $WAYLAND_DISPLAY $XAUTHORITY").split(), [b":90"])
        number = self.host.lstrip(":")
        probe = "import socket\nfor name in ('\\0/tmp/.X11-unix/X%s', '/tmp/.X11-unix/X%s'):\n" % (number, number)
        probe += " s = socket.socket(socket.AF_UNIX)\n try:\n  s.connect(name); print('connected')\n except OSError: print('no')"
        with open(os.path.join(self.share, "probe.py"), "w", encoding="utf-8") as file:
            file.write(probe)
        self.assertEqual(self.inside(session, f"python3 {self.share}/probe.py").split(), [b"no", b"no"])
        # A link in the place of the display's socket leads to no socket of the host.
        self.inside(session, f"rm /tmp/.X11-unix/X90; ln -s {self.share}/host.sock /tmp/.X11-unix/X90")
        import socket
        listener = socket.socket(socket.AF_UNIX)
        listener.bind(os.path.join(self.share, "host.sock"))
        listener.listen()
        code = "import socket; s = socket.socket(socket.AF_UNIX); s.connect('/tmp/.X11-unix/X90'); print('connected')"
        self.assertEqual(self.inside(session, f'python3 -c "{code}"'), b"")
        listener.close()

    def test_hostile_clients(self):
        session = self.start(clipboard="all")
        self.inside(session, "true")
        helper = processes("belljar-display", below=session.pid)
        self.assertEqual(len(helper), 1)
        helper = helper.pop()
        for kind in ("flood", "forged", "stalled", "silent", "lying", "wrong_pieces"):
            with self.subTest(kind=kind):
                log = os.path.join(self.share, kind + ".log")
                self.inside(session, f"timeout 60 python3 {self.share}/hostile_client.py {kind} > {log} 2>&1 & echo")
                self.assertTrue(until(lambda: os.path.exists(log) and os.path.getsize(log) > 0, 60))
                if kind not in ("flood", "forged"):
                    # Somebody outside asks, and is answered or given up on.
                    asking = [subprocess.Popen(["timeout", "30", "xclip", "-o", "-selection", "clipboard", "-t", "STRING"],
                                               env=self.environment, stdout=subprocess.DEVNULL,
                                               stderr=subprocess.DEVNULL) for _ in range(3)]
                    for process in asking:
                        process.wait()
                self.assertTrue(self.reaches(session, b"still here " + kind.encode()))
                with open(f"/proc/{helper}/status", encoding="ascii") as file:
                    peak = [int(line.split()[1]) for line in file if line.startswith("VmHWM")][0]
                self.assertLess(peak, 64 * 1024, "kB")
        self.assertIsNone(session.poll())

    def test_closed_display_ends_the_session(self):
        session = self.start()
        self.inside(session, "true")  # so that its display is there, and nobody is about to become it
        servers = processes("Xephyr\0:90", below=session.pid) - processes("belljar-display")
        self.assertEqual(len(servers), 1)
        os.kill(servers.pop(), signal.SIGKILL)
        self.assertTrue(until(lambda: session.poll() is not None))
        self.assertNotEqual(session.returncode, 0)
        self.assertIn(b"display", session.stderr.read())

    def test_without_what_it_needs(self):
        def refused(environment):
            profile = os.path.join(self.folder, "refused.json")
            with open(profile, "w", encoding="utf-8") as file:
                json.dump({"version": "0.8.0-alpha", "ui": {"disable": False}}, file)
            done = subprocess.run([BELLJAR, "run", profile, "--", "true"], env=environment, timeout=60,
                                  stdout=subprocess.PIPE, stderr=subprocess.PIPE)
            self.assertEqual(done.returncode, 125)
            return done.stderr
        bare = {key: value for key, value in self.environment.items() if key != "DISPLAY"}
        self.assertIn(b"DISPLAY is not set", refused(bare))
        self.assertIn(b"compositor", refused(dict(bare, WAYLAND_DISPLAY="wayland-4711", XDG_RUNTIME_DIR="/tmp")))
        self.assertIn(b"does not let us in", refused(dict(bare, DISPLAY=":4711")))

    def test_nothing_is_left_behind(self):
        name = f"belljar-left-{os.getpid()}"
        program = os.path.join(self.share, name)
        shutil.copy("/bin/sleep", program)
        def files():
            return {path for place in ("/tmp", "/tmp/.X11-unix", "/var/lib/xkb") if os.path.isdir(place)
                    for path in (os.path.join(place, entry) for entry in os.listdir(place))
                    if re.match(r"\.?X90\b|server-90|belljar-left", os.path.basename(path))}
        self.inside(self.start(), "true")
        before = files()
        for cycle in range(50):
            session = self.start(program, "60")
            # Killed while it starts, and while it runs.
            stages = [lambda: True, lambda: processes("belljar-display", below=session.pid),
                      lambda: running(program, "60", below=session.pid)]
            self.assertTrue(until(stages[cycle % 3], 60))
            time.sleep(0.1 if cycle % 5 == 0 else 0)
            session.kill()
            session.wait()
            for stream in (session.stdin, session.stdout, session.stderr):
                stream.close()
            self.started.remove(session)
        self.assertTrue(until(lambda: not processes(name)), processes(name))
        self.assertEqual(files() - before, set())


if __name__ == "__main__":
    report.run()

#!/usr/bin/env python3
"""A sandbox with a Wayland display, under a headless compositor as the host's: what exists for it, its clipboard by each
policy and both ways, input, hostile clients, and what is left behind."""
import json
import os
import pwd
import shutil
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

NEEDED = ("sway", "swaymsg", "wl-copy", "wl-paste", "wtype")
HIDDEN = ("zwlr_screencopy_manager_v1", "zwp_virtual_keyboard_manager_v1", "zwlr_virtual_pointer_manager_v1",
          "zwlr_data_control_manager_v1", "zwlr_foreign_toplevel_manager_v1", "zwlr_layer_shell_v1",
          "zwp_input_method_manager_v2", "zwlr_export_dmabuf_manager_v1", "zwlr_gamma_control_manager_v1")
SEEN = ("wl_compositor", "wl_shm", "wl_seat", "wl_data_device_manager", "xdg_wm_base")
PEER = os.path.join(HERE, "wayland_peer.py")


class Wayland(SessionTest):
    @classmethod
    def setUpClass(cls):
        missing = [name for name in NEEDED if shutil.which(name) is None]
        if missing:
            raise unittest.SkipTest("not installed: " + ", ".join(missing))
        cls.folder = tempfile.mkdtemp(prefix="jar-wayland-")
        cls.share = os.path.join(cls.folder, "share")
        os.mkdir(cls.share)
        shutil.copy(PEER, cls.share)
        runtime = tempfile.mkdtemp(prefix="jar-runtime-")
        settings = os.path.join(runtime, "settings")
        with open(settings, "w", encoding="ascii") as file:
            file.write("xwayland disable\nfocus_follows_mouse no\n")
        bare = {key: value for key, value in os.environ.items() if not key.endswith("DISPLAY")}
        environment = dict(bare, XDG_RUNTIME_DIR=runtime, WLR_BACKENDS="headless", WLR_RENDERER="pixman",
                           WLR_LIBINPUT_NO_DEVICES="1", HOME=runtime)
        # The compositor refuses to be root.
        nobody = pwd.getpwnam("nobody")

        def drop():
            if os.getuid() == 0:
                os.setgroups([])
                os.setgid(nobody.pw_gid)
                os.setuid(nobody.pw_uid)
        if os.getuid() == 0:
            os.chown(runtime, nobody.pw_uid, nobody.pw_gid)
        cls.runtime = runtime
        cls.compositor = subprocess.Popen(["sway", "-c", settings], env=environment, preexec_fn=drop,
                                          stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        names = []

        def ready():
            names[:] = [name for name in os.listdir(runtime) if name.startswith("wayland-") and "." not in name]
            return bool(names)
        if not until(ready, 20):
            cls.tearDownClass()
            raise unittest.SkipTest("the headless compositor does not start here")
        if os.getuid() == 0:
            # Ours is root of a namespace in which that user does not exist.
            os.chmod(runtime, 0o755)
            os.chmod(os.path.join(runtime, names[0]), 0o777)
        cls.environment = dict(bare, XDG_RUNTIME_DIR=runtime, WAYLAND_DISPLAY=names[0], HOME=cls.folder)

    def setUp(self):
        super().setUp()
        # Programs that copy want a keyboard to be there: one that nobody types on. It goes when another one does.
        self.owners.append(subprocess.Popen(["wtype", "-s", "100000000"], env=self.environment,
                                            stderr=subprocess.DEVNULL))

    @classmethod
    def tearDownClass(cls):
        cls.compositor.kill()
        cls.compositor.wait()
        shutil.rmtree(cls.folder, ignore_errors=True)
        shutil.rmtree(cls.runtime, ignore_errors=True)

    def peer(self, session, *words):
        return self.inside(session, f"timeout 30 python3 {self.share}/wayland_peer.py " + " ".join(words))

    def outside(self, *words):
        return run([sys.executable, PEER, *words], env=self.environment).stdout

    def copy_outside(self, content, kind):
        self.own(["wl-copy", "-f", "-t", kind], content)
        self.assertTrue(until(lambda: kind in run(["wl-paste", "-l"], env=self.environment).stdout.decode()))

    def paste_outside(self, kind):
        return run(["timeout", "10", "wl-paste", "-n", "-t", kind], env=self.environment).stdout

    def paste_inside(self, session, kind):
        return self.inside(session, f"timeout 20 wl-paste -n -t {kind}")

    def copy_inside(self, session, content, kind):
        self.inside(session, f"timeout 20 wl-copy -t {kind} < {self.content_file(content)} > /dev/null 2>&1")

    def test_four_policies_both_ways_with_live_change(self):
        session = self.start()
        self.inside(session, "true")
        for rights, (read, write) in list(RIGHTS.items()) + [("none", RIGHTS["none"])]:
            self.set_rights(session, rights)
            for content, kind in ((f"text {rights}".encode(), "text/plain"), (IMAGE, "image/png")):
                with self.subTest(rights=rights, kind=kind):
                    self.copy_outside(content, kind)
                    before = len(self.seen("ui.clipboard.read"))
                    self.assertEqual(self.paste_inside(session, kind), content if read else b"")
                    expected = (not read, kind, len(content) if read else 0)
                    self.assertTrue(until(lambda: expected in self.seen("ui.clipboard.read")[before:]),
                                    self.seen("ui.clipboard.read")[before:])
                    before = len(self.seen("ui.clipboard.write"))
                    inner = b"inner " + content
                    self.copy_inside(session, inner, kind)
                    self.assertTrue(until(lambda: (not write, "", 0) in self.seen("ui.clipboard.write")[before:]))
                    self.assertEqual(self.paste_outside(kind), inner if write else content)
                    if write:
                        self.assertTrue(until(lambda: (False, kind, len(inner)) in
                                              self.seen("ui.clipboard.write")[before:]))
        with open(self.events, encoding="utf-8") as file:
            events = file.read()
        self.assertEqual(events.count('"session.policy"'), len(RIGHTS) + 1)
        self.assertNotIn("text read", events)

    def test_events_never_name_the_launcher_as_the_program(self):
        session = self.start(clipboard="read")
        self.copy_outside(b"x", "text/plain")
        self.paste_inside(session, "text/plain")
        self.assertTrue(until(lambda: self.seen("ui.clipboard.read")))
        with open(self.events, encoding="utf-8") as file:
            found = [json.loads(line) for line in file if '"ui.clipboard.read"' in line]
        self.assertIn(found[0]["process"], ("", "wl-paste"), found[0])
        self.assertNotIn(b"belljar", json.loads(found[0]["detail"]).get("window", "").encode())

    def test_revocation_cuts_what_is_on_its_way(self):
        session = self.start(clipboard="all")
        self.copy_outside(IMAGE, "image/png")
        self.inside(session, f"(wl-paste -t image/png | (head -c 1 > /dev/null; sleep 3; wc -c)) > {self.share}/count 2>&1 & echo")
        self.assertTrue(until(lambda: processes("wl-paste -t image/png") or processes("wl-paste\0-t\0image/png")))
        self.inside(session, "sleep 0.7")
        self.set_rights(session, "none")
        self.assertTrue(until(lambda: os.path.getsize(self.share + "/count") > 0, 20))
        with open(self.share + "/count", encoding="ascii") as file:
            self.assertLess(int(file.read()), len(IMAGE) // 2)
        self.assertTrue(until(lambda: any(denied and kind == "image/png" for denied, kind, _ in
                                          self.seen("ui.clipboard.read"))))
        self.set_rights(session, "write")
        self.copy_inside(session, b"from inside", "text/plain")
        self.assertEqual(self.paste_outside("text/plain"), b"from inside")
        self.set_rights(session, "none")
        self.assertEqual(self.paste_outside("text/plain"), b"")

    def test_only_known_interfaces_exist(self):
        session = self.start()
        host = {line.split()[1] for line in self.outside("globals").decode().splitlines()}
        inside = {line.split()[1] for line in self.peer(session, "globals").decode().splitlines()}
        for name in HIDDEN:
            self.assertNotIn(name, inside)
        self.assertGreater(len(host & set(HIDDEN)), 4, "control: the compositor has them")
        for name in SEEN:
            self.assertIn(name, inside)
        self.assertEqual(inside - host, set())

    def test_input_never_reaches_the_host(self):
        session = self.start()
        inside = self.inside(session, "timeout 10 wtype x; echo $?")
        self.assertNotEqual(inside.strip(), b"0")
        names = {line.split()[1]: line.split()[0] for line in self.outside("globals").decode().splitlines()}
        for hidden in ("zwp_virtual_keyboard_manager_v1", "zwlr_virtual_pointer_manager_v1"):
            self.assertEqual(self.peer(session, "bind", names[hidden], hidden).strip(), b"ended")
            self.assertEqual(self.outside("bind", names[hidden], hidden).strip(), b"lives", "control")
            self.assertTrue(until(lambda: any(kind == hidden and denied for denied, kind, _ in
                                              self.seen("ui.injection"))), self.seen("ui.injection"))
        self.assertEqual(self.peer(session, "bind", names["zwlr_data_control_manager_v1"],
                                   "zwlr_data_control_manager_v1").strip(), b"ended")
        self.assertTrue(until(lambda: (True, "zwlr_data_control_manager_v1", 0) in self.seen("ui.clipboard.read")))
        # The same program with the host's socket: what the display keeps away.
        socket = os.path.join(self.environment["XDG_RUNTIME_DIR"], self.environment["WAYLAND_DISPLAY"])
        shared = subprocess.run([BELLJAR, "run", "--ro", socket, "--env", f"WAYLAND_DISPLAY={socket}", "--env",
                                 "XDG_RUNTIME_DIR=/tmp", "--", "wtype", "x"], env=self.environment, timeout=30,
                                stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
        self.assertEqual(shared.returncode, 0, shared.stdout)

    def test_windows_are_marked(self):
        session = self.start()
        self.inside(session, f"python3 {self.share}/wayland_peer.py window 'my bank' & sleep 0", wait=False)
        self.inside(session, f"python3 {self.share}/wayland_peer.py window & sleep 0", wait=False)
        sockets = [name for name in os.listdir(self.runtime) if name.startswith("sway-ipc")]

        def titles():
            tree = run(["swaymsg", "-s", os.path.join(self.runtime, sockets[0]), "-t", "get_tree", "-r"]).stdout
            return tree
        self.assertTrue(until(lambda: b'"[sandboxed] my bank"' in titles(), 20), titles())
        self.assertTrue(until(lambda: b'"[sandboxed] "' in titles()))

    def test_hostile_clients(self):
        session = self.start(clipboard="all")
        self.inside(session, "true")
        for kind in ("size", "huge", "opcode", "object", "short", "long", "text", "text_length", "their_id", "used_id",
                     "no_file", "wrong_interface", "wrong_version", "objects", "files"):
            with self.subTest(kind=kind):
                self.assertEqual(self.peer(session, "harm", kind).strip(), b"ended")
        self.peer(session, "harm", "deaf")
        self.copy_outside(b"still here", "text/plain")
        self.assertTrue(until(lambda: self.paste_inside(session, "text/plain") == b"still here", 60))
        helper = [pid for pid in processes("belljar-display\0wayland")]
        peaks = []
        for pid in helper:
            with open(f"/proc/{pid}/status", encoding="ascii") as file:
                peaks += [int(line.split()[1]) for line in file if line.startswith("VmHWM")]
        self.assertTrue(peaks)
        self.assertLess(max(peaks), 64 * 1024, "kB")
        self.assertIsNone(self.compositor.poll())
        self.assertIsNone(session.poll())

    def test_only_its_own_display(self):
        session = self.start()
        self.assertEqual(self.inside(session, "echo $WAYLAND_DISPLAY $XDG_RUNTIME_DIR $DISPLAY").split(),
                         [b"wayland-0", b"/run/belljar"])
        self.assertEqual(self.inside(session, "ls $XDG_RUNTIME_DIR").split(), [b"wayland-0"])
        host = os.path.join(self.runtime, self.environment["WAYLAND_DISPLAY"])
        self.assertEqual(self.inside(session, f"WAYLAND_DISPLAY={host} timeout 5 wl-paste"), b"")

    def test_the_profile_chooses(self):
        profile = os.path.join(self.folder, "choice.json")

        def refused(kind, injection, environment):
            with open(profile, "w", encoding="utf-8") as file:
                json.dump({"version": "0.8.0-alpha", "ui": {"disable": False, "injection": injection},
                           "experimental": {"belljar": {"display": kind}}}, file)
            return subprocess.run([BELLJAR, "run", profile, "--", "true"], env=environment, timeout=60,
                                  stdout=subprocess.PIPE, stderr=subprocess.PIPE)
        bare = {key: value for key, value in self.environment.items() if key != "WAYLAND_DISPLAY"}
        for kind, injection, environment, why in (("x11", False, self.environment, b"DISPLAY is not set"),
                                                  ("wayland", False, bare, b"WAYLAND_DISPLAY is not set"),
                                                  ("wayland", True, self.environment, b"needs an X display"),
                                                  ("wayland", False, dict(bare, WAYLAND_DISPLAY="/nowhere"), b"not there")):
            done = refused(kind, injection, environment)
            self.assertEqual(done.returncode, 125)
            self.assertIn(why, done.stderr)
        self.assertEqual(refused("wayland", False, self.environment).returncode, 0)

    def test_nothing_is_left_behind(self):
        name = f"belljar-way-{os.getpid()}"
        program = os.path.join(self.share, name)
        shutil.copy("/bin/sleep", program)
        before = set(os.listdir(self.runtime))
        for cycle in range(50):
            session = self.start(program, "60")
            # Killed while it starts, and while it runs.
            self.assertTrue(until(lambda: cycle % 2 == 0 or running(program, "60", below=session.pid), 60))
            time.sleep(0.1 if cycle % 5 == 0 else 0)
            session.kill()
            session.wait()
            for stream in (session.stdin, session.stdout, session.stderr):
                stream.close()
            self.started.remove(session)
        self.assertTrue(until(lambda: not processes(name)), processes(name))
        self.assertTrue(until(lambda: not processes("belljar-display\0wayland\0" + self.runtime)))
        self.assertEqual(set(os.listdir(self.runtime)), before)


if __name__ == "__main__":
    report.run()

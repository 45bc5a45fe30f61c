#!/usr/bin/env python3
"""Message buses: out of reach unless a profile names what of them is to be reached, and then that and no more."""
import json
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
import unittest

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, os.path.join(HERE, "..", "..", "dev"))
import report  # noqa: E402

BELLJAR = os.path.join(os.environ.get("BELLJAR_BIN", ""), "belljar")
NEEDED = ("dbus-daemon", "dbus-send", "xdg-dbus-proxy")
ANSWER = b"answer of the host"


def send(name, member, path="/", bus="--session"):
    interface = member if member.startswith("org.") else f"org.test.{member}"
    return ["dbus-send", bus, "--print-reply", "--reply-timeout=5000", f"--dest={name}", path, interface]


class Buses(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        missing = [name for name in NEEDED if shutil.which(name) is None]
        if missing:
            raise unittest.SkipTest("not installed: " + ", ".join(missing))

    def setUp(self):
        self.folder = tempfile.mkdtemp(prefix="jar-bus-")
        self.share = os.path.join(self.folder, "share")
        os.mkdir(self.share)
        self.path = os.path.join(self.folder, "bus")
        self.log = os.path.join(self.folder, "calls")
        self.address = f"unix:path={self.path}"
        self.daemon = subprocess.Popen(["dbus-daemon", "--session", "--nofork", "--nopidfile", "--nosyslog",
                                        f"--address={self.address}", "--print-address"], stdout=subprocess.PIPE,
                                       stderr=subprocess.DEVNULL)
        self.daemon.stdout.readline()
        self.environment = dict(os.environ, DBUS_SESSION_BUS_ADDRESS=self.address,
                                DBUS_SYSTEM_BUS_ADDRESS=self.address)
        self.service = subprocess.Popen(
            [sys.executable, os.path.join(HERE, "bus_service.py"), self.log, "org.test.Open", "org.test.Part",
             "org.test.Hidden", "org.test.below.One"], env=self.environment, stdout=subprocess.PIPE)
        self.service.stdout.readline()

    def tearDown(self):
        for process in (self.service, self.daemon):
            process.kill()
            process.wait()
            process.stdout.close()
        shutil.rmtree(self.folder, ignore_errors=True)

    def run_inside(self, command, rules=None, more=None, options=(), environment=None):
        profile = os.path.join(self.folder, "profile.json")
        content = {"version": "0.8.0-alpha"}
        if rules is not None:
            content["experimental"] = {"belljar": {"dbus": rules}}
        content.update(more or {})
        with open(profile, "w", encoding="utf-8") as file:
            json.dump(content, file)
        quiet = () if "--events" in options else ("--events", "none")
        return subprocess.run([BELLJAR, "run", profile, *quiet, *options, "--", *command],
                              env=environment or self.environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
                              timeout=60)

    def calls(self):
        try:
            with open(self.log, encoding="ascii") as file:
                return file.read().splitlines()
        except FileNotFoundError:
            return []

    def test_no_bus_without_rules(self):
        outside = subprocess.run(send("org.test.Open", "Say.Hello"), env=self.environment, stdout=subprocess.PIPE,
                                 timeout=20)
        self.assertIn(ANSWER, outside.stdout, "control: the same call outside")
        before = self.calls()
        for bus in ("--session", "--system", f"--bus={self.address}"):
            for more in ({}, {"filesystem": {"readwritePaths": [self.folder]}}):
                inside = self.run_inside(send("org.test.Open", "Say.Hello", bus=bus), more=more)
                self.assertNotEqual(inside.returncode, 0)
                self.assertNotIn(ANSWER, inside.stdout)
        self.assertEqual(self.calls(), before)
        self.assertEqual(self.run_inside(["sh", "-c", "echo $DBUS_SESSION_BUS_ADDRESS$DBUS_SYSTEM_BUS_ADDRESS"]).stdout,
                         b"\n")

    def test_rules_open_what_they_name_and_no_more(self):
        rules = {"session": {"talk": ["org.test.Open", "org.test.below.*"],
                             "call": ["org.test.Part=org.test.Say.*@/good"], "own": ["org.test.Mine"]}}
        rows = [
            (send("org.test.Open", "Say.Hello"), True),
            (send("org.test.below.One", "Say.Hello"), True),
            (send("org.test.Part", "Say.Hello", "/good"), True),
            (send("org.test.Part", "Say.Hello", "/bad"), False),
            (send("org.test.Part", "Do.Harm", "/good"), False),
            (send("org.test.Hidden", "Say.Hello"), False),
            (send("org.freedesktop.DBus", "org.freedesktop.DBus.ListNames"), True),
        ]
        for command, allowed in rows:
            with self.subTest(" ".join(command)):
                before = len(self.calls())
                inside = self.run_inside(command, rules)
                self.assertEqual(inside.returncode == 0, allowed, inside.stderr)
                if allowed and "freedesktop" not in command[-1]:
                    self.assertIn(ANSWER, inside.stdout)
                if not allowed:
                    self.assertEqual(len(self.calls()), before, "the call reached the service")
        names = self.run_inside(rows[-1][0], rules).stdout
        self.assertIn(b"org.test.Open", names)
        self.assertNotIn(b"org.test.Hidden", names)
        for body, refused in (("org.test.Mine", False), ("org.test.Other", True)):
            owned = self.run_inside(["dbus-send", "--session", "--print-reply", "--dest=org.freedesktop.DBus", "/",
                                     "org.freedesktop.DBus.RequestName", f"string:{body}", "uint32:4"], rules)
            self.assertEqual(owned.returncode != 0, refused, owned.stderr)

    def test_one_bus_opens_no_other(self):
        other = {"talk": ["org.test.Open"]}
        for bus, unlike in (("session", "--system"), ("system", "--session")):
            inside = self.run_inside(send("org.test.Open", "Say.Hello", bus=f"--{bus}"), {bus: other})
            self.assertIn(ANSWER, inside.stdout, inside.stderr)
            inside = self.run_inside(send("org.test.Open", "Say.Hello", bus=unlike), {bus: other})
            self.assertNotEqual(inside.returncode, 0)
        # The host's own socket stays closed beside the filtered one, also in a folder that is granted.
        inside = self.run_inside(send("org.test.Hidden", "Say.Hello", bus=f"--bus={self.address}"), {"session": other},
                                 {"filesystem": {"readwritePaths": [self.folder]}})
        self.assertNotIn(ANSWER, inside.stdout)

    def test_works_while_it_is_watched(self):
        for options in (("--events-to", self.folder + "/events"), ("--monitor", "notify")):
            inside = self.run_inside(send("org.test.Open", "Say.Hello"), {"session": {"talk": ["org.test.Open"]}},
                                     options=options)
            self.assertIn(ANSWER, inside.stdout, inside.stderr)

    def client(self, kind):
        """A program for inside that calls in its own way."""
        for name in ("bus_service.py", "hostile_bus_client.py"):
            shutil.copy(os.path.join(HERE, name), self.share)
        return ["/usr/bin/python3", os.path.join(self.share, "hostile_bus_client.py"), kind]

    def told(self, command, rules, **more):
        """Events of calls that this makes inside: (service, method, path) -> event; the last of the same wins."""
        events = os.path.join(self.folder, "events.jsonl")
        self.inside = self.run_inside(command, rules, options=("--events", "jsonl", "--events-to", events), **more)
        found = {}
        with open(events, encoding="utf-8") as file:
            for event in map(json.loads, file):
                if event.get("kind") == "ui.bus":
                    event["detail"] = json.loads(event["detail"])
                    found.setdefault((event["object"], event["detail"]["call"], event["detail"]["path"]), []).append(event)
        return found

    def test_each_call_is_an_event(self):
        rules = {"session": {"talk": ["org.test.Open"], "call": ["org.test.Part=org.test.Say.*@/good"]}}
        rows = [("org.test.Open", "Say.Hello", "/", True), ("org.test.Part", "Say.Hello", "/good", True),
                ("org.test.Part", "Say.Hello", "/bad", False), ("org.test.Hidden", "Say.Hello", "/", False),
                ("org.freedesktop.DBus", "org.freedesktop.DBus.ListNames", "/", True)]
        for service, member, path, allowed in rows:
            with self.subTest(service=service, path=path):
                told = self.told(send(service, member, path), rules)
                event, = told[service, member if member.startswith("org.") else f"org.test.{member}", path]
                self.assertEqual((event["verdict"], event["result"]), ("allowed", "ok") if allowed else ("denied", "EACCES"))
                self.assertEqual((event["mechanism"], event["detail"]["bus"]), ("busFilter", "session"))
                self.assertEqual(event["rule"]["pointer"], "/experimental/belljar/dbus")
        with open(os.path.join(self.folder, "events.jsonl"), encoding="utf-8") as file:
            self.assertNotIn("answer of the host", file.read())
        # Each bus by its name, where there are two.
        both = {"session": {"talk": ["org.test.Open"]}, "system": {"talk": ["org.test.Part"]}}
        told = self.told(["sh", "-c", " ".join(send("org.test.Open", "Say.A")) + ";" +
                          " ".join(send("org.test.Part", "Say.B", bus="--system"))], both)
        self.assertEqual(told["org.test.Open", "org.test.Say.A", "/"][0]["detail"]["bus"], "session")
        self.assertEqual(told["org.test.Part", "org.test.Say.B", "/"][0]["detail"]["bus"], "system")
        # What wants no answer.
        told = self.told(self.client("silent"), rules, more={"filesystem": {"readwritePaths": [self.share]}})
        self.assertEqual(told["org.test.Open", "org.test.Say.Silent", "/"][0]["verdict"], "allowed")

    def test_floods_and_hostile_names(self):
        rules = {"session": {"talk": ["org.test.Open"]}}
        more = {"filesystem": {"readwritePaths": [self.share]}}
        before = len(self.calls())
        told = self.told(self.client("flood"), rules, more=more)
        self.assertEqual(self.inside.stdout, b"done\n", self.inside.stderr)
        events = [event for found in told.values() for event in found]
        counted = sum(event["detail"].get("times", 1) for event in told["org.test.Open", "org.test.Say.Flood", "/"])
        self.assertEqual(counted, 3000)
        self.assertEqual(len(self.calls()) - before, 3000)
        left_out = sum(event["detail"].get("merged", 0) for event in events)
        paths = [key for key in told if key[1] == "org.test.Say.Paths"]
        self.assertLess(len(events), 400)
        self.assertGreaterEqual(len(paths) + left_out, 900, "what is left out is counted")
        told = self.told(self.client("names"), rules, more=more)
        self.assertEqual(self.inside.stdout, b"done\n", self.inside.stderr)
        self.assertIn(("", "", ""), told)
        self.assertEqual({event["verdict"] for event in told["", "", ""]}, {"denied"})
        for service, member, path in told:
            self.assertRegex(service + member + path, r"^[A-Za-z0-9_./:-]*$")

    def test_what_is_missing_is_said(self):
        rules = {"session": {"talk": ["org.test.Open"]}}
        bare = {key: value for key, value in self.environment.items() if not key.startswith("DBUS_")}
        if not os.path.exists(f"/run/user/{os.getuid()}/bus"):
            inside = self.run_inside(["true"], rules, environment=bare)
            self.assertEqual(inside.returncode, 125)
            self.assertIn(b"no session bus", inside.stderr)
        gone = dict(self.environment, DBUS_SESSION_BUS_ADDRESS="unix:path=/nowhere/bus")
        inside = self.run_inside(["true"], rules, environment=gone)
        self.assertEqual(inside.returncode, 125)
        self.assertIn(b"is not there", inside.stderr)
        inside = self.run_inside(["true"], {"session": {"talk": ["*"]}})
        self.assertEqual(inside.returncode, 125)
        self.assertIn(b"no name of a service", inside.stderr)

    def test_nothing_is_left_behind(self):
        def proxies():
            found = set()
            for pid in filter(str.isdigit, os.listdir("/proc")):
                try:
                    with open(f"/proc/{pid}/cmdline", "rb") as file:
                        words = file.read()
                    if b"xdg-dbus-proxy" in words and b"--talk=org.test.Left" in words:
                        found.add(int(pid))
                except OSError:
                    pass
            return found
        profile = os.path.join(self.folder, "left.json")
        with open(profile, "w", encoding="utf-8") as file:
            json.dump({"version": "0.8.0-alpha",
                       "experimental": {"belljar": {"dbus": {"session": {"talk": ["org.test.Left"]}}}}}, file)
        for killed in (True, False):
            session = subprocess.Popen([BELLJAR, "run", profile, "--events", "none", "--", "sleep", "60"],
                                       env=self.environment)
            end = time.monotonic() + 20
            while not proxies() and time.monotonic() < end:
                time.sleep(0.02)
            self.assertTrue(proxies(), "control: it runs")
            session.send_signal(signal.SIGKILL if killed else signal.SIGTERM)
            session.wait(timeout=20)
            end = time.monotonic() + 10
            while proxies() and time.monotonic() < end:
                time.sleep(0.02)
            self.assertEqual(proxies(), set())


if __name__ == "__main__":
    report.run()

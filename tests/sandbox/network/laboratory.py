"""What the tests in the laboratory share: a host with pretend neighbours (world.py) and programs run in a sandbox on it."""
import json
import os
import subprocess
import sys
import tempfile
import time
import unittest

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, os.path.join(HERE, "..", "..", "dev"))
import world  # noqa: E402

SOURCE = os.path.abspath(os.environ.get("BELLJAR_SOURCE", os.path.join(HERE, "..", "..", "..")))
BIN = os.environ.get("BELLJAR_BIN", os.path.join(SOURCE, "build", "release", "bin"))
PROBE = f"{BIN}/belljar-net-probe"


def rule(networks, *ports, excepts=()):
    """One entry of an egress list; a port is (protocol), (protocol, port) or (protocol, port, endPort)."""
    to = [{"cidr": network, **({"except": list(excepts)} if excepts else {})} for network in networks]
    made = {"to": to}
    if ports:
        made["ports"] = [dict(zip(("protocol", "port", "endPort"), port)) for port in ports]
    return made


def publish(*entries):
    """What a profile says of ports that it offers."""
    return {"experimental": {"belljar": {"network": {"publish": list(entries)}}}}


def events_of(path):
    with open(path, encoding="utf-8") as file:
        return [event for event in map(json.loads, file) if "kind" in event]


class Case(unittest.TestCase):
    """One class of it in a process: the process becomes the host."""
    maxDiff = None

    @classmethod
    def setUpClass(cls):
        try:
            cls.world = world.World()
        except world.Unavailable as reason:
            raise unittest.SkipTest(str(reason)) from None

    @classmethod
    def tearDownClass(cls):
        cls.world.close()

    def setUp(self):
        folder = tempfile.TemporaryDirectory(prefix="belljar-test-lab-", dir="/var/tmp")
        self.addCleanup(folder.cleanup)
        self.folder = folder.name
        self.events = os.path.join(self.folder, "events")
        self.watched = ["--monitor", "notify", "--events", "jsonl", "--events-to", self.events]

    def profile(self, network, **more):
        path = os.path.join(self.folder, "profile.json")
        config = {"version": "0.8.0", "process": {"commandLine": PROBE, "cwd": "/"}, "filesystem": {"readonlyPaths": [PROBE]}, "network": network}
        config.update(more)
        with open(path, "w", encoding="utf-8") as file:
            json.dump(config, file)
        return path

    def command(self, network, lines, options=(), **more):
        """A run of the probe with these tries."""
        return [f"{BIN}/belljar", "run", self.profile(network, **more), *options, "--", PROBE, *lines]

    def serving(self, network, line, options=(), then=(), **more):
        """The run of a probe that has begun to listen, and makes other tries after that."""
        run = subprocess.Popen(self.command(network, [line, *then], options, **more), stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                               stderr=subprocess.PIPE, text=True)
        self.addCleanup(run.stderr.close)
        self.addCleanup(run.stdout.close)
        self.addCleanup(run.wait)
        self.addCleanup(run.kill)
        said = run.stdout.readline()
        self.assertIn("listening", said, said or run.stderr.read())
        return run

    def told(self, kind, count):
        """So many such events of the relay's, once they are there."""
        deadline = time.monotonic() + 20
        while True:
            events = [event for event in events_of(self.events) if event["kind"] == kind and event["origin"] == "belljar"]
            if len(events) >= count or time.monotonic() > deadline:
                self.assertEqual(len(events), count, events)
                return events
            time.sleep(0.05)

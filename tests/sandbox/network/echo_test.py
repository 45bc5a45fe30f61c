#!/usr/bin/env python3
"""Do echo requests (ping) go where the rules let them, with their answers, and nowhere else?

usage: echo_test.py [unittest options ...]
"""
import json
import os
import subprocess
import sys
import time
import unittest

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from laboratory import BIN, PROBE, Case, events_of, rule  # noqa: E402
import report  # noqa: E402
import world  # noqa: E402

A4, B4 = world.WORLD4[:2]
A6, B6 = world.WORLD6[:2]
NOT_PERMITTED, UNREACHABLE = 1, (13, 101, 113)  # of IPv6 a filter in the way is EACCES
RULES = {"egress": {"default": "deny", "allow": [rule([f"{A4}/32", f"{A6}/128", "198.51.100.77/32"], ("icmp",)), rule([f"{B4}/32"], ("tcp",), ("udp",))]},
         "ingress": {"default": "deny"}}
RANGE = "/proc/sys/net/ipv4/ping_group_range"


def say_no_route():
    """The world says so of what it does not know."""
    with open("/proc/sys/net/ipv4/ip_forward", "w", encoding="ascii") as file:
        file.write("1")


class Echo(Case):
    @classmethod
    def setUpClass(cls):
        try:
            cls.world = world.World(settle=say_no_route)
        except world.Unavailable as reason:
            raise unittest.SkipTest(str(reason)) from None

    def tried(self, network, lines, options=()):
        done = subprocess.run(self.command(network, lines, options), stdin=subprocess.DEVNULL, capture_output=True, text=True, check=False, timeout=100)
        answers = [line.split() for line in done.stdout.splitlines()]
        self.assertEqual(len(answers), len(lines), done.stdout + done.stderr)
        return answers

    def test_controls(self):
        """Outside each of them is answered."""
        lines = [f"echo {host} 3 56" for host in (A4, B4, A6, B6, world.HOST4, "127.0.0.1", "::1")]
        done = subprocess.run([PROBE, *lines], capture_output=True, text=True, check=True)
        self.assertEqual(done.stdout.count("echo ok"), len(lines), done.stdout)

    def test_what_is_allowed_is_answered(self):
        """With number, bytes and sender as they were; and the sandbox answers itself."""
        lines = [f"echo {A4} 5 56", f"echo {A6} 5 56", f"echo {A4} 1 0", f"echo {A4} 1 7000", f"echo {A6} 1 7000", f"ping {A4}", f"ping {A6}",
                 "echo 127.0.0.1 2 56", "echo ::1 2 56", "echo 100.64.0.2 2 56", "echo fd64::2 1 56"]
        answers = self.tried(RULES, lines, self.watched)
        self.assertEqual([answer[1] for answer in answers], ["ok"] * len(lines), answers)
        events = events_of(self.events)
        flows = [event for event in events if event["kind"] == "net.flow"]
        self.assertTrue(any(event["object"] == f"{A4}:0" and event["detail"].startswith("icmp, sent 280, received 280, ") for event in flows), flows)
        self.assertTrue(any(event["object"] == f"[{A6}]:0" and event["detail"].startswith("icmp, sent 280, received 280, ") for event in flows), flows)
        for event in flows:
            self.assertTrue(event["verdict"] == "allowed" and event["process"].startswith("belljar-net"), event)
        asked = [event for event in events if event["kind"] in ("net.connect", "net.send") and event["object"] in (f"{A4}:0", f"[{A6}]:0")]
        self.assertTrue(asked and all((event["verdict"], event["detail"]) == ("allowed", "icmp") for event in asked), asked)

    def test_what_is_denied_fails_at_once(self):
        """With a rule for other protocols, none, and for the host itself."""
        hosts = [B4, B6, world.HOST4, world.HOST6, "100.64.0.1", "fd64::1", "100.64.0.53", world.GATE4]
        lines = [f"ping {host}" for host in hosts] + [f"echo {host} 1 8" for host in hosts]
        answers = self.tried(RULES, lines, self.watched)
        self.assertEqual([answer[1:3] for answer in answers], [["fail", str(NOT_PERMITTED)]] * len(lines), answers)
        world.check_at_once(self, [(line, int(answer[3])) for line, answer in zip(lines, answers)],
                            lambda late: [int(answer[3]) for answer in self.tried(RULES, late)])
        events = events_of(self.events)
        for host in hosts:
            seen = [event for event in events if event.get("object") in (f"{host}:0", f"[{host}]:0")]
            self.assertEqual({(event["verdict"], event["result"], event["detail"]) for event in seen}, {("denied", "EPERM", "icmp")}, seen)
            self.assertTrue(all(event["rule"] and event["process"].startswith("belljar-net") for event in seen), seen)
        self.assertEqual([event for event in events if event["kind"] == "net.flow"], [])

    def test_defaults(self):
        """Allowed, denied by a rule, and the host where it is allowed."""
        network = {"egress": {"default": "allow", "deny": [rule([f"{B4}/32"], ("icmp",))]}, "ingress": {"default": "deny", "hostLoopback": "allow"}}
        lines = [f"ping {A4}", f"ping {B6}", "ping 100.64.0.1", "ping fd64::1", f"ping {world.HOST4}", f"ping {B4}", f"tcp {B4} 80 x"]
        answers = self.tried(network, lines)
        self.assertEqual([answer[1] for answer in answers], ["ok"] * 5 + ["fail", "ok"], answers)

    def test_what_cannot_be_reached(self):
        """And what is too large for us is refused, not lost."""
        answers = self.tried(RULES, ["echo 198.51.100.77 1 8", f"echo {A4} 1 9000", f"echo {A4} 1 8"])
        self.assertEqual([answer[1] for answer in answers], ["fail", "fail", "ok"], answers)
        for answer in answers[:2]:
            self.assertIn(int(answer[2]), UNREACHABLE, answers)

    def test_revoked(self):
        for host in (A4, A6):
            with self.subTest(host):
                run = self.serving(RULES, f"echo-on {host}", self.watched)
                what = (f"[{host}]" if ":" in host else host) + "/icmp"
                deadline = time.monotonic() + 20
                while True:
                    done = subprocess.run([f"{BIN}/belljar", "policy", str(run.pid), "--deny-net", what, "--json"], capture_output=True, text=True, check=False)
                    if done.returncode == 0 or time.monotonic() > deadline:
                        break
                    time.sleep(0.02)
                self.assertEqual(json.loads(done.stdout)["after"], "denied", done.stderr)
                _, how, error, *_ = run.stdout.read().split()
                self.assertEqual(how, "fail")
                self.assertIn(int(error), (NOT_PERMITTED, *UNREACHABLE))
                run.wait()
                flows = [event for event in events_of(self.events) if event["kind"] == "net.flow"]
                self.assertEqual([event["result"] for event in flows], ["ECONNABORTED"], flows)

    def test_a_user_who_may_send_none(self):
        """It is said, and everything is refused as a socket."""
        if os.geteuid() != 0:
            self.skipTest("the pretend host of a user has only the groups that it lets in")
        with open(RANGE, encoding="ascii") as file:
            before = file.read()

        def allow(groups):
            with open(RANGE, "w", encoding="ascii") as file:
                file.write(groups)
        allow("1 0")
        self.addCleanup(allow, before)
        answers = self.tried(RULES, [f"ping {A4}", f"echo {A6} 1 8", f"tcp {B4} 80 x"])
        self.assertEqual([answer[1:3] for answer in answers[:2]], [["fail", str(NOT_PERMITTED)]] * 2, answers)
        self.assertEqual(answers[2][1], "ok")
        done = subprocess.run([f"{BIN}/belljar", "check", self.profile(RULES)], capture_output=True, text=True, check=False)
        self.assertIn("ping_group_range", done.stdout + done.stderr)


if __name__ == "__main__":
    report.run()

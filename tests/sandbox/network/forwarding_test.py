#!/usr/bin/env python3
"""Connections that the kernel forwards instead of the relay (experimental.belljar.network.kernelForwarding).

usage: forwarding_test.py [unittest options ...]

The same tables as in the laboratory must come out the same; that the kernel carries is shown by stopping Belljar. Only root
can have it: for everybody else the refusal is tested.
"""
import os
import signal
import socket
import subprocess
import sys
import time
import unittest

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
import laboratory_test as laboratory  # noqa: E402
from laboratory import BIN, Case, events_of, rule  # noqa: E402
import report  # noqa: E402
import world  # noqa: E402

A4, B4, C4, D4 = world.WORLD4
A6 = world.WORLD6[0]
OPEN = {"egress": {"default": "allow"}, "ingress": {"default": "deny"}}
FORWARDED = {"experimental": {"belljar": {"network": {"kernelForwarding": True}}}}
# Says each line of its input to the peer, and what comes back.
TALK = 'exec 3<>/dev/tcp/{}/{} || exit 3; while read -r line; do echo "$line" >&3; IFS= read -r -u3 back && echo "$back" || echo lost; done'


def wires():
    done = subprocess.run(["ip", "-o", "link"], capture_output=True, text=True, check=True)
    return [words[1].partition("@")[0] for words in map(str.split, done.stdout.splitlines()) if words[1].startswith("bj")]


def tables():
    done = subprocess.run(["nft", "list", "tables"], capture_output=True, text=True, check=True)
    return [line for line in done.stdout.splitlines() if "belljar" in line]


class Forwarding(laboratory.Laboratory):
    """The tables of the laboratory, and what only this way has."""

    @classmethod
    def setUpClass(cls):
        if os.geteuid() != 0:
            raise unittest.SkipTest("only root can have the kernel forward connections")
        super().setUpClass()
        world.forward_packets()

    def command(self, network, lines, options=(), **more):
        ours = more.pop("experimental", {"belljar": {}})
        ours["belljar"].setdefault("network", {})["kernelForwarding"] = True
        return super().command(network, lines, options, experimental=ours, **more)

    def talking(self, host, network=None, options=()):
        """A program that is connected to a host of the world."""
        profile = self.profile(network or OPEN, **FORWARDED)
        run = subprocess.Popen([f"{BIN}/belljar", "run", profile, *options, "--", "/bin/bash", "-c", TALK.format(host, 80)],
                               stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, bufsize=1)
        self.addCleanup(run.wait)
        self.addCleanup(run.kill)
        self.assertEqual(self.said(run, "hello"), "hello")
        return run

    @staticmethod
    def said(run, word):
        run.stdin.write(word + "\n")
        run.stdin.flush()
        return run.stdout.readline().strip()

    def gone(self, what):
        late = time.monotonic() + 20
        while what() and time.monotonic() < late:
            time.sleep(0.05)
        self.assertEqual(what(), [])

    def test_the_kernel_carries(self):
        """A connection goes on while Belljar stands still, and a new one does not begin."""
        for host in (A4, A6):
            with self.subTest(host=host):
                run = self.talking(host)
                run.send_signal(signal.SIGSTOP)
                try:
                    os.waitid(os.P_PID, run.pid, os.WSTOPPED | os.WNOWAIT)
                    self.assertEqual(self.said_past_belljar(run), "stopped")
                finally:
                    run.send_signal(signal.SIGCONT)
                run.kill()

    def change(self, run, *rules):
        """Of the running session, once it can be changed."""
        late = time.monotonic() + 20
        while True:
            done = subprocess.run([f"{BIN}/belljar", "policy", str(run.pid), *rules], capture_output=True, text=True, check=False)
            if done.returncode == 0 or time.monotonic() > late:
                break
            time.sleep(0.05)
        self.assertEqual(done.returncode, 0, done.stderr)

    def said_past_belljar(self, run):
        """Its input goes through Belljar, so the word is put into the program's own pipe."""
        children = [pid for pid in laboratory.family(run.pid) if pid != str(run.pid)]
        for pid in children:
            with open(f"/proc/{pid}/comm", encoding="ascii", errors="replace") as file:
                if file.read().strip() != "bash":
                    continue
            with open(f"/proc/{pid}/fd/0", "w", encoding="ascii") as into:
                into.write("stopped\n")
            return run.stdout.readline().strip()
        return self.fail("the program is not there")

    def test_a_revocation_cuts(self):
        for host in (A4, A6):
            with self.subTest(host=host):
                run = self.talking(host, options=("--events", "jsonl", "--events-to", self.events))
                self.change(run, "--deny-net", f"[{host}]" if ":" in host else host)
                self.assertEqual(self.said(run, "again"), "lost")
                run.stdin.close()
                run.wait()
                cut = [event for event in events_of(self.events) if event["kind"] == "net.flow"]
                self.assertEqual(len(cut), 1, cut)
                self.assertIn("sent 6, received 6, ", cut[0]["detail"])
                self.assertEqual(cut[0]["errno"], 103)

    def test_a_rule_about_others_cuts_nothing(self):
        run = self.talking(A4)
        for rules in (["--deny-net", B4], ["--allow-net", D4]):
            self.change(run, *rules)
            self.assertEqual(self.said(run, rules[1]), rules[1])

    def test_flows_are_told_once(self):
        """One summary of each, with bytes and process; who reads to the end may have the peer's last packet counted as a byte."""
        rows = [laboratory.allowed("", f"tcp {B4} 80 hello"), laboratory.allowed("", f"bulk {A4} 80 1000000"), laboratory.allowed("", f"bulk {A6} 80 70000")]
        flows = [event for event in self.check(OPEN, rows) if event["kind"] == "net.flow"]
        self.assertEqual(sorted(event["object"] for event in flows), sorted([f"{B4}:80", f"{A4}:80", f"[{A6}]:80"]))
        for event in flows:
            size = {f"{B4}:80": 5, f"{A4}:80": 1000000, f"[{A6}]:80": 70000}[event["object"]]
            self.assertRegex(event["detail"], f"^tcp, sent {size}, received ({size}|{size + 1}), ")
            self.assertEqual(event["verdict"], "allowed")
            self.assertTrue(event["process"].startswith("belljar-net"), event)

    def test_bytes_are_counted(self):
        """Of a program that closes its connection when it has what it wants."""
        for host in (A4, A6):
            with self.subTest(host=host):
                run = self.talking(host, options=("--events", "jsonl", "--events-to", self.events))
                self.assertEqual(self.said(run, "x" * 3000), "x" * 3000)
                run.stdin.close()
                run.wait()
                flows = [event["detail"] for event in events_of(self.events) if event["kind"] == "net.flow"]
                self.assertEqual(len(flows), 1, flows)
                self.assertTrue(flows[0].startswith("tcp, sent 3007, received 3007, "), flows)

    def test_a_narrower_way_is_found_out(self):
        """The host's uplink takes smaller packets than the wire: it says so, and what it says is heard inside."""
        self.addCleanup(world.ip, "link set up0 mtu 1500")
        world.ip("link set up0 mtu 1300")
        self.check(OPEN, [laboratory.allowed("", f"bulk {A4} 80 3000000"), laboratory.allowed("IPv6", f"bulk {A6} 80 3000000")])

    def test_nothing_else_goes_by_the_wire(self):
        """Neither the host nor another sandbox is reached by it, nor they through theirs."""
        run = self.talking(A4)
        wire = wires()[-1]
        words = subprocess.run(["ip", "-o", "-4", "addr", "show", wire], capture_output=True, text=True, check=True).stdout.split()
        gate = words[words.index("inet") + 1].partition("/")[0]
        end = gate.rpartition(".")
        own = f"{end[0]}.{int(end[2]) + 1}"
        with socket.socket() as listener:
            listener.bind((gate, 0))
            listener.listen()
            port = listener.getsockname()[1]
            self.check(OPEN, [laboratory.blocked("the host's end", f"tcp {gate} {port} x", laboratory.DENIED, outside=False),
                              laboratory.blocked("the host's end, udp", f"udp-to-hearing {gate} {port} x", outside=False)])
            listener.settimeout(0)
            self.assertRaises(BlockingIOError, listener.accept)
        with socket.socket() as outside:
            outside.settimeout(0.5)
            self.assertRaises(OSError, outside.connect, (own, 80))
        self.assertEqual(self.said(run, "still there"), "still there")

    def test_nothing_is_left(self):
        self.gone(wires)  # of other tests
        for end in ("by itself", "killed"):
            with self.subTest(end):
                run = self.talking(A4)
                self.assertEqual(len(wires()), 1)
                self.assertEqual(len(tables()), 1)
                if end == "killed":
                    run.kill()
                run.stdin.close()
                run.wait()
                self.gone(wires)
                self.gone(tables)

    def test_a_host_that_does_not_forward(self):
        settings = [f"/proc/sys/net/{setting}" for setting in ("ipv4/ip_forward", "ipv6/conf/all/forwarding")]

        def put(path, value):
            with open(path, "w", encoding="ascii") as file:
                file.write(value)
        self.addCleanup(world.forward_packets)
        put(settings[1], "0")
        # What the kernel does not forward, the relay carries.
        self.check(OPEN, [laboratory.allowed("", f"tcp {A4} 80 hello"), laboratory.allowed("", f"tcp {A6} 80 hello")])
        put(settings[0], "0")
        done = subprocess.run(self.command(OPEN, [f"tcp {A4} 80 x"]), capture_output=True, text=True, check=False)
        self.assertEqual((done.returncode, done.stdout), (125, ""))
        self.assertIn("forwards no packets", done.stderr)


class Refusal(Case):
    def test_only_root_can(self):
        if os.geteuid() == 0:
            self.skipTest("root can")
        for path in ("/proc/sys/net/ipv4/ip_forward", "/proc/sys/net/ipv6/conf/all/forwarding"):
            with open(path, "w", encoding="ascii") as file:
                file.write("1")
        done = subprocess.run(self.command({"egress": {"default": "deny", "allow": [rule([f"{A4}/32"])]}}, [f"tcp {A4} 80 x"], **FORWARDED),
                              capture_output=True, text=True, check=False)
        self.assertEqual((done.returncode, done.stdout), (125, ""))
        self.assertIn("Only root", done.stderr)


if __name__ == "__main__":
    report.run()

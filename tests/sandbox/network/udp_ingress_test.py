#!/usr/bin/env python3
"""Do datagrams from outside reach the UDP ports that a profile publishes, the answers whoever had come, and nothing else anybody?

usage: udp_ingress_test.py [unittest options ...]
"""
import os
import socket
import subprocess
import sys
import time
import unittest

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from laboratory import BIN, Case, events_of, publish  # noqa: E402
import report  # noqa: E402
import world  # noqa: E402

ALLOWED = {"egress": {"default": "deny"}, "ingress": {"default": "allow"}}
PORT = 5353


def udp(**more):
    return {"port": PORT, "protocol": "udp", **more}


def visitor(address, port, patience=5):
    made = socket.socket(socket.AF_INET6 if ":" in address else socket.AF_INET, socket.SOCK_DGRAM)
    made.settimeout(patience)
    made.connect((address, port))
    return made


def ask(address, port, said=b"hello", patience=5):
    """What comes back; from somebody else it would not be heard."""
    with visitor(address, port, patience) as peer:
        peer.send(said)
        return peer.recv(65536)


class UdpIngress(Case):
    def silent(self, address, port, patience=0.3):
        """Nothing comes back: refused, or nothing at all."""
        with self.assertRaises((ConnectionRefusedError, TimeoutError)):
            ask(address, port, patience=patience)

    def test_published_port_is_reached(self):
        """From everywhere that the profile says; each visitor is somebody else to the sandbox, and gets its own answer."""
        more = publish(udp(), udp(hostPort=9090, address="::1"), udp(hostPort=9091, address="0.0.0.0"), {"port": PORT, "hostPort": 9091})
        run = self.serving(ALLOWED, f"serve-udp 0.0.0.0 {PORT} 8", self.watched, **more)
        self.assertEqual(ask("127.0.0.1", PORT), b"hello")
        self.assertEqual(ask("::1", 9090), b"hello")
        # Connected: from another address of the host the answer would not be heard.
        self.assertEqual(ask(world.HOST4, 9091, b"x" * 60_000), b"x" * 60_000)
        with visitor("127.0.0.1", PORT) as one, visitor("127.0.0.1", PORT) as other:
            for peer, said in ((one, b"one"), (other, b"other"), (one, b"one more")):
                peer.send(said)
            self.assertEqual([one.recv(99), other.recv(99), one.recv(99)], [b"one", b"other", b"one more"])
        self.silent("127.0.0.1", 9090)
        self.silent(world.HOST4, PORT)
        for _ in range(2):
            self.assertEqual(ask("127.0.0.1", 9091), b"hello")
        self.assertTrue(run.stdout.read().rstrip().endswith("100.64.0.5"))
        self.assertEqual(run.wait(), 0)
        accepted, flows = self.told("net.accept", 7), self.told("net.flow", 7)
        for event in accepted:
            self.assertEqual((event["verdict"], event["result"], event["detail"]), ("allowed", "ok", f"udp, from outside to port {PORT}"), event)
            self.assertTrue(event["process"].startswith("belljar-net"), event)
            self.assertIn(f"network.publish: {PORT}/udp as ", event["rule"]["text"])
        self.assertEqual([event["object"].rsplit(":", 1)[0] for event in accepted[:3]], ["127.0.0.1", "[::1]", world.HOST4])
        self.assertTrue(any(f"udp, from outside to port {PORT}, sent 60000, received 60000" in event["detail"] for event in flows), flows)
        self.assertTrue(any("sent 11, received 11" in event["detail"] for event in flows), flows)
        binds = [event for event in events_of(self.events) if event["kind"] == "net.bind"]
        self.assertEqual([event["rule"]["text"] for event in binds], [f"network.publish: {PORT}/udp as 127.0.0.1:{PORT}"])
        answers = [event for event in events_of(self.events) if event["kind"] in ("net.send", "net.connect")]
        self.assertTrue(answers and all(event["verdict"] == "allowed" for event in answers), answers)

    def test_wherever_a_program_listens(self):
        for address in ("127.0.0.1", "::1", "::", "fd64::2", "100.64.0.2"):
            with self.subTest(address):
                run = self.serving(ALLOWED, f"serve-udp {address} {PORT} 2", **publish(udp(hostPort=9092)))
                self.assertEqual(ask("127.0.0.1", 9092), b"hello")
                self.assertEqual(ask("127.0.0.1", 9092, b"again"), b"again")
                self.assertEqual(run.wait(), 0)

    def test_explained(self):
        profile = self.profile(ALLOWED, **publish(udp(hostPort=9090, address="::")))
        done = subprocess.run([f"{BIN}/belljar", "explain", profile], capture_output=True, text=True, check=True)
        self.assertRegex(done.stdout, rf"(?m)^publish +port {PORT}/udp +network.publish: {PORT}/udp as \[::\]:9090")

    def test_nobody_inside_listens(self):
        """That is told, and to the visitor where we may: root."""
        self.serving(ALLOWED, "serve 127.0.0.1 7001 1", self.watched, **publish(udp()))
        with visitor("127.0.0.1", PORT, 5 if os.geteuid() == 0 else 0.3) as peer:
            peer.send(b"hello")
            with self.assertRaises(ConnectionRefusedError if os.geteuid() == 0 else TimeoutError):
                peer.recv(1)
        self.assertEqual(self.told("net.accept", 1)[0]["result"], "ECONNREFUSED")
        self.assertEqual(self.told("net.flow", 0), [])

    def test_who_stops_listening(self):
        """A visitor who has been answered before learns that, too, and it ends the visit."""
        self.serving(ALLOWED, f"serve-udp 0.0.0.0 {PORT} 1", self.watched, ["sleep 60000"], **publish(udp()))
        with visitor("127.0.0.1", PORT, 1) as peer:
            peer.send(b"hello")
            self.assertEqual(peer.recv(99), b"hello")
            deadline = time.monotonic() + 20
            while not (flows := [event for event in events_of(self.events) if event["kind"] == "net.flow"]) and time.monotonic() < deadline:
                with self.assertRaises((ConnectionRefusedError, TimeoutError)):
                    peer.send(b"anybody?")
                    peer.recv(99)
        self.assertEqual([event["result"] for event in flows], ["ECONNREFUSED"], flows)
        self.assertIn("sent 5, received ", flows[0]["detail"])

    def test_who_says_nothing(self):
        """A visit counts without an answer."""
        run = self.serving(ALLOWED, f"serve-udp 0.0.0.0 {PORT} 2", self.watched, **publish(udp()))
        with visitor("127.0.0.1", PORT) as peer:
            peer.send(b"")
            self.assertEqual(self.told("net.accept", 1)[0]["result"], "ok")
            peer.send(b"")
            self.assertEqual(run.wait(), 0)
        self.assertIn("sent 0, received 0", self.told("net.flow", 1)[0]["detail"])

    def test_tcp_alone_is_no_udp(self):
        self.serving(ALLOWED, f"serve-udp 0.0.0.0 {PORT} 1", **publish({"port": PORT}))
        self.silent("127.0.0.1", PORT)

    def test_programs_reach_no_visitor_by_themselves(self):
        """Only whoever came is answered, and only from the port that is offered."""
        lines = ["udp 100.64.0.5 32768 x", "udp fd64::5 32768 x", "tcp 100.64.0.5 32768 x", f"udp {world.WORLD4[0]} 53 x"]
        done = subprocess.run(self.command(ALLOWED, lines, **publish(udp())), stdin=subprocess.DEVNULL, capture_output=True, text=True, check=False)
        self.assertEqual([line.split()[1:3] for line in done.stdout.splitlines()], [["fail", "111"]] * 4, done.stdout + done.stderr)

    def test_port_in_use(self):
        """A clear error, nothing runs; a TCP listener keeps nobody from offering the same number with UDP."""
        command = self.command(ALLOWED, ["sleep 1"], **publish(udp(hostPort=9093), udp(hostPort=world.HOST_PORT)))
        done = subprocess.run(command, stdin=subprocess.DEVNULL, capture_output=True, text=True, check=False)
        self.assertNotEqual(done.returncode, 0)
        self.assertIn(f"the sandbox's UDP port {PORT} cannot be offered at 127.0.0.1:{world.HOST_PORT}", done.stderr)
        self.assertIn("EADDRINUSE", done.stderr)
        self.silent("127.0.0.1", 9093)

    def test_many_visitors(self):
        """More than are remembered at once: who came last is answered all the same, and who has been answered is not forgotten
        for those who have not."""
        self.serving(ALLOWED, f"serve-udp 0.0.0.0 {PORT} 100000", self.watched, **publish(udp()))
        with visitor("127.0.0.1", PORT) as first:
            first.send(b"first")
            self.assertEqual(first.recv(99), b"first")
            for _ in range(600):
                with visitor("127.0.0.1", PORT) as stranger:
                    stranger.send(b"")
                time.sleep(0.0005)
            first.send(b"again")
            self.assertEqual(first.recv(99), b"again")
            self.assertEqual(ask("127.0.0.1", PORT, b"late"), b"late")
            own = f"127.0.0.1:{first.getsockname()[1]}"
            flows = [event for event in events_of(self.events) if event["kind"] == "net.flow"]
            self.assertGreater(len(flows), 0, "nobody had to go")
            self.assertNotIn(own, [event["object"] for event in flows])


if __name__ == "__main__":
    report.run()

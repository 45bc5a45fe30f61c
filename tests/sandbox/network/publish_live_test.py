#!/usr/bin/env python3
"""Can a running session be made to offer a port, and to end that, from another terminal - at once, or not at all?

usage: publish_live_test.py [unittest options ...]
"""
import json
import os
import socket
import subprocess
import sys
import time
import unittest

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from laboratory import BIN, Case, publish  # noqa: E402
import report  # noqa: E402
import world  # noqa: E402

CLOSED = {"egress": {"default": "deny", "allow": [{"to": [{"cidr": "198.51.100.10/32"}]}]}}
PORT = 8080


def policy(run, *words):
    return subprocess.run([f"{BIN}/belljar", "policy", str(run.pid), *words, "--json"], capture_output=True, text=True, check=False)


class PublishLive(Case):
    def change(self, run, *words):
        """What the session says when it has done that."""
        done = policy(run, *words)
        self.assertEqual(done.returncode, 0, done.stderr)
        return json.loads(done.stdout)

    def refusal(self, run, *words):
        before = self.offered(run)
        done = policy(run, *words)
        self.assertNotEqual(done.returncode, 0, done.stdout)
        self.assertEqual(self.offered(run), before)
        return done.stdout + done.stderr

    def offered(self, run):
        return {rule["path"]: rule["text"] for rule in self.change(run)["rules"] if rule["access"] == "offered"}

    def begun(self, line, network=CLOSED, **more):
        run = self.serving(network, line, self.watched, **more)
        deadline = time.monotonic() + 20
        while policy(run).returncode != 0 and time.monotonic() < deadline:  # it can be found a moment after it has begun
            time.sleep(0.02)
        return run

    def test_tcp(self):
        run = self.begun(f"serve 0.0.0.0 {PORT} 9")
        with self.assertRaises(ConnectionRefusedError):
            socket.create_connection(("127.0.0.1", 9090), timeout=5)
        self.assertEqual(self.change(run, "--publish", f"9090:{PORT}"), {"rule": f"9090:{PORT}", "before": "not offered", "after": "offered"})
        self.assertEqual(len(self.offered(run)), 1)
        with socket.create_connection(("127.0.0.1", 9090), timeout=5) as peer:
            peer.sendall(b"hello")
            self.assertEqual(peer.recv(9), b"hello")
            self.assertEqual(self.change(run, "--unpublish", f"127.0.0.1:9090:{PORT}/tcp")["after"], "not offered")
            try:
                self.assertEqual(peer.recv(9), b"")
            except ConnectionResetError:
                pass
        with self.assertRaises(ConnectionRefusedError):
            socket.create_connection(("127.0.0.1", 9090), timeout=5)
        self.assertEqual(self.offered(run), {})
        changes = [json.loads(event["detail"]) for event in self.told("session.policy", 2)]
        self.assertEqual([(change["change"], change["before"], change["after"]) for change in changes],
                         [("publish", "not offered", "offered"), ("unpublish", "offered", "not offered")])
        self.assertTrue(all(change["by"].startswith(f"uid {os.getuid()} (pid ") for change in changes), changes)
        self.assertTrue(changes[0]["text"].startswith(f"--publish 9090:{PORT} (while it ran, by uid "), changes)
        self.assertEqual(self.told("net.accept", 1)[0]["rule"]["id"], changes[0]["rule"])
        self.assertEqual(self.told("net.flow", 1)[0]["result"], "ECONNABORTED")

    def test_udp(self):
        run = self.begun(f"serve-udp 0.0.0.0 {PORT} 9")
        self.change(run, "--publish", f"[::1]:9090:{PORT}/udp")
        with socket.socket(socket.AF_INET6, socket.SOCK_DGRAM) as peer:
            peer.settimeout(5)
            peer.connect(("::1", 9090))
            peer.send(b"hello")
            self.assertEqual(peer.recv(9), b"hello")
            self.change(run, "--unpublish", f"[::1]:9090:{PORT}/udp")
            peer.send(b"hello")
            with self.assertRaises(ConnectionRefusedError):
                peer.recv(9)
        flow = self.told("net.flow", 1)[0]
        self.assertEqual(flow["result"], "ECONNABORTED")
        self.assertIn(f"udp, from outside to port {PORT}, sent 5, received 5", flow["detail"])

    def test_beside_what_the_profile_offers(self):
        """Which goes on, and can be ended, too."""
        run = self.begun(f"serve 0.0.0.0 {PORT} 9", {**CLOSED, "ingress": {"default": "allow"}}, **publish({"port": PORT}))
        self.change(run, "--publish", f"9091:{PORT}")
        for port in (PORT, 9091):
            socket.create_connection(("127.0.0.1", port), timeout=5).close()
        self.change(run, "--unpublish", f"{PORT}:{PORT}")
        socket.create_connection(("127.0.0.1", 9091), timeout=5).close()
        with self.assertRaises(ConnectionRefusedError):
            socket.create_connection(("127.0.0.1", PORT), timeout=5)

    def test_what_cannot_be_changes_nothing(self):
        run = self.begun(f"serve 0.0.0.0 {PORT} 9")
        self.change(run, "--publish", f"9092:{PORT}")
        for protocol in ("", "/udp"):
            said = self.refusal(run, "--publish", f"{world.HOST_PORT}:{PORT}{protocol}")
            self.assertIn(f"cannot be offered at 127.0.0.1:{world.HOST_PORT}", said)
            self.assertIn("EADDRINUSE", said)
        self.assertIn("offered twice", self.refusal(run, "--publish", "9092:81"))
        self.assertIn("EADDRNOTAVAIL", self.refusal(run, "--publish", f"203.0.113.77:9093:{PORT}"))
        self.assertIn("No port of this session", self.refusal(run, "--unpublish", f"9093:{PORT}"))
        self.assertIn("a port is a number", self.refusal(run, "--publish", "http"))
        self.assertIn("one change at a time", self.refusal(run, "--publish", "1:1", "--unpublish", "1:1"))
        if os.geteuid() != 0:
            self.assertIn("Choose a hostPort from 1024 on", self.refusal(run, "--publish", f"80:{PORT}"))
        socket.create_connection(("127.0.0.1", 9092), timeout=5).close()
        self.told("session.policy", 1)

    def test_without_a_network_of_its_own(self):
        run = self.begun(f"serve 127.0.0.1 {PORT} 1", {"egress": {"default": "deny"}})
        self.assertIn("started without a network", self.refusal(run, "--publish", f"9094:{PORT}"))


if __name__ == "__main__":
    report.run()

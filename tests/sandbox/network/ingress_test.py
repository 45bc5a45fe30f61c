#!/usr/bin/env python3
"""Does a sandbox offer on its host what its profile publishes, and nothing else?

usage: ingress_test.py [unittest options ...]
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

DENIED = {"egress": {"default": "deny"}, "ingress": {"default": "deny"}}
ALLOWED = {"egress": {"default": "deny"}, "ingress": {"default": "allow"}}
PORT = 8080


def visit(address, port, said=b"hello", patience=5):
    """What comes back."""
    with socket.create_connection((address, port), timeout=patience) as peer:
        peer.sendall(said)
        peer.shutdown(socket.SHUT_WR)
        heard = b""
        while part := peer.recv(65536):
            heard += part
        return heard


class Ingress(Case):
    def refused(self, address, port):
        with self.assertRaises(ConnectionRefusedError):
            visit(address, port)

    def test_published_port_is_reached(self):
        """From this computer, and from its neighbours where the profile says so; the sandbox sees us as its host."""
        more = publish({"port": PORT}, {"port": PORT, "hostPort": 9090, "address": "::1"}, {"port": PORT, "hostPort": 9091, "address": world.HOST4})
        run = self.serving(ALLOWED, f"serve 0.0.0.0 {PORT} 3", self.watched, **more)
        self.assertEqual(visit("127.0.0.1", PORT), b"hello")
        self.assertEqual(visit("::1", 9090), b"hello")
        self.assertEqual(visit(world.HOST4, 9091, b"x" * 300_000), b"x" * 300_000)
        self.assertTrue(run.stdout.read().rstrip().endswith("100.64.0.1"))
        self.assertEqual(run.wait(), 0)
        for port in (PORT, 9090, 9091):
            for address in ("127.0.0.1", "::1", world.HOST4):
                self.refused(address, port)
        events = events_of(self.events)
        accepted = [event for event in events if event["kind"] == "net.accept" and event["origin"] == "belljar"]
        self.assertEqual(len(accepted), 3, events)
        for event in accepted:
            self.assertEqual((event["verdict"], event["result"], event["detail"]), ("allowed", "ok", f"tcp, from outside to port {PORT}"), event)
            self.assertTrue(event["process"].startswith("belljar-net"), event)
        self.assertEqual([event["object"].rsplit(":", 1)[0] for event in accepted], ["127.0.0.1", "[::1]", world.HOST4])
        listens = [event for event in events if event["kind"] in ("net.bind", "net.listen")]
        self.assertEqual([event["rule"]["text"] for event in listens], [f"network.publish: {PORT} as 127.0.0.1:{PORT}"] * 2)
        flows = [event for event in events if event["kind"] == "net.flow"]
        self.assertIn(f"tcp, from outside to port {PORT}, sent 300000, received 300000", flows[2]["detail"])

    def test_listener_on_the_sandboxs_loopback(self):
        for address in ("127.0.0.1", "::1", "fd64::2", "100.64.0.2"):
            with self.subTest(address):
                run = self.serving(ALLOWED, f"serve {address} {PORT} 1", **publish({"port": PORT, "hostPort": 9092}))
                self.assertEqual(visit("127.0.0.1", 9092), b"hello")
                self.assertEqual(run.wait(), 0)

    def test_explained(self):
        profile = self.profile(ALLOWED, **publish({"port": PORT, "hostPort": 9090, "address": "::"}))
        done = subprocess.run([f"{BIN}/belljar", "explain", profile], capture_output=True, text=True, check=True)
        self.assertRegex(done.stdout, rf"(?m)^publish +port {PORT} +network.publish: {PORT} as \[::\]:9090")

    def test_nobody_inside_listens(self):
        """Who comes is turned away at once, and that is told."""
        self.serving(ALLOWED, "serve 127.0.0.1 7001 1", self.watched, **publish({"port": PORT}, {"port": 7001}))
        begin = time.monotonic()
        with self.assertRaises(ConnectionError):
            visit("127.0.0.1", PORT)
        self.assertLess(time.monotonic() - begin, 1)
        visit("127.0.0.1", 7001)
        deadline = time.monotonic() + 10
        while not (turned := [event for event in events_of(self.events) if event["kind"] == "net.accept"]) and time.monotonic() < deadline:
            time.sleep(0.05)
        self.assertEqual(turned[0]["result"], "ECONNREFUSED", turned)

    def test_without_publishing_nobody_gets_in(self):
        for network in (DENIED, ALLOWED, {"egress": {"default": "allow"}, "ingress": {"default": "deny", "hostLoopback": "allow"}}):
            with self.subTest(network):
                self.serving(network, f"serve 0.0.0.0 {PORT} 1")
                for address in ("127.0.0.1", "::1", world.HOST4, world.HOST6):
                    self.refused(address, PORT)
                with self.assertRaises(OSError):
                    visit("100.64.0.2", PORT, patience=0.3)

    def test_port_in_use(self):
        """A clear error, nothing runs, and what was offered before the error is free again."""
        command = self.command(ALLOWED, [f"serve 0.0.0.0 {PORT} 1"], **publish({"port": PORT, "hostPort": 9093}, {"port": PORT, "hostPort": world.HOST_PORT}))
        done = subprocess.run(command, stdin=subprocess.DEVNULL, capture_output=True, text=True, check=False)
        self.assertNotEqual(done.returncode, 0)
        self.assertIn(f"the sandbox's port {PORT} cannot be offered at 127.0.0.1:{world.HOST_PORT}", done.stderr)
        self.assertIn("EADDRINUSE", done.stderr)
        self.assertNotIn("listening", done.stdout)
        self.refused("127.0.0.1", 9093)

    def test_address_that_is_not_ours(self):
        command = self.command(ALLOWED, [f"serve 0.0.0.0 {PORT} 1"], **publish({"port": PORT, "address": "203.0.113.77"}))
        done = subprocess.run(command, stdin=subprocess.DEVNULL, capture_output=True, text=True, check=False)
        self.assertIn("EADDRNOTAVAIL", done.stderr)

    def test_killed_belljar_offers_nothing(self):
        run = self.serving(ALLOWED, f"serve 0.0.0.0 {PORT} 1", **publish({"port": PORT}))
        with socket.create_connection(("127.0.0.1", PORT), timeout=5) as peer:
            run.kill()
            run.wait()
            try:
                self.assertEqual(peer.recv(1), b"")
            except ConnectionError:
                pass
        self.refused("127.0.0.1", PORT)

    def test_many_visitors(self):
        run = self.serving(ALLOWED, f"serve 0.0.0.0 {PORT} 100", **publish({"port": PORT}))
        for _ in range(100):
            self.assertEqual(visit("127.0.0.1", PORT), b"hello")
        self.assertEqual(run.wait(), 0)


if __name__ == "__main__":
    report.run()

#!/usr/bin/env python3
"""Does a filtered network let through what its rules allow, and nothing else? Effects, not plans.

usage: laboratory_test.py [unittest options ...]

A sandbox whose host has pretend neighbours (world.py) tries each row of a table: belljar-net-probe makes the try and says
how it ended. Each row that must fail is shown to succeed outside, or says why it cannot be tried there. A blocked row must
fail in less than 50 ms and be an event that names the process and the rule.
"""
import collections
import json
import os
import socket
import subprocess
import sys
import time
import unittest

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from laboratory import PROBE, Case, events_of, rule  # noqa: E402
import report  # noqa: E402
import world  # noqa: E402

MONITOR = os.environ.get("BELLJAR_MONITOR", "notify")
REFUSED, DENIED = 111, (1, 2, 13, 22, 38, 93, 94, 95, 97, 99, 101, 111, 113)

Row = collections.namedtuple("Row", "name line ok errors event outside")


def allowed(name, line):
    return Row(name, line, True, (), None, None)


def blocked(name, line, errors=(REFUSED,), event=True, outside=True):
    """`event`: the attempt is one that an event must name; `outside`: the same line succeeds on the host."""
    return Row(name, line, False, errors, event, outside)


A4, B4, C4, D4 = world.WORLD4
A6, B6, C6 = world.WORLD6
H4, H6, HP = world.HOST4, world.HOST6, world.HOST_PORT

DENY_PROFILE = {"egress": {"default": "deny",
                           "allow": [rule([f"{A4}/32"], ("tcp", 80), ("tcp", 8080, 8090), ("udp", 53)),
                                     rule([f"{A6}/128"], ("tcp", 80), ("udp", 53)),
                                     rule(["198.51.100.128/25"], ("tcp", 443), excepts=["198.51.100.192/26"]),
                                     rule(["203.0.113.0/24"], ("any",)),
                                     rule([f"{H4}/32"], ("tcp", HP))],
                           "deny": [rule(["203.0.113.5/32"], ("tcp", 443)), rule([f"{A4}/32"], ("tcp", 8085))]},
                "ingress": {"default": "deny"}}
DENY_ROWS = [
    allowed("tcp to an allowed port", f"tcp {A4} 80 hello"),
    allowed("tcp over IPv6", f"tcp {A6} 80 hello"),
    allowed("tcp, not blocking", f"tcp-nonblocking {A4} 80 hello"),
    allowed("tcp, not blocking, IPv6", f"tcp-nonblocking {A6} 80 hello"),
    allowed("tcp to a range of ports", f"tcp {A4} 8080 hello"),
    allowed("tcp through an IPv6 socket to mapped IPv4", f"tcp-mapped {A4} 80 hello"),
    allowed("udp", f"udp {A4} 53 hello"),
    allowed("udp over IPv6", f"udp {A6} 53 hello"),
    allowed("udp without connect", f"udp-to {A4} 53 hello"),
    allowed("udp without connect, IPv6", f"udp-to {A6} 53 hello"),
    allowed("udp by sendmsg", f"udp-sendmsg {A4} 53 hello"),
    allowed("udp by sendmmsg", f"udp-sendmmsg {A6} 53 hello"),
    allowed("udp through an IPv6 socket to mapped IPv4", f"udp-mapped {A4} 53 hello"),
    allowed("a large datagram", f"udp-large {A4} 53 60000"),
    allowed("a large datagram, IPv6", f"udp-large {A6} 53 60000"),
    allowed("tcp fast open where allowed", f"fastopen {A4} 80 hello"),
    allowed("a part of a network beside its exception", f"tcp {C4} 443 hello"),
    allowed("everything of a network", f"tcp {D4} 80 hello"),
    allowed("everything of a network, udp", f"udp {D4} 5353 hello"),
    allowed("many bytes", f"bulk {A4} 80 20000000"),
    allowed("many bytes, IPv6", f"bulk {A6} 80 5000000"),
    allowed("the sandbox's own loopback", "own 127.0.0.1"),
    allowed("the sandbox's own loopback, IPv6", "own ::1"),
    allowed("the sandbox's own address", "own 100.64.0.2"),
    blocked("another port of an allowed host", f"tcp {A4} 443 x"),
    blocked("another port of an allowed host, IPv6", f"tcp {A6} 443 x"),
    blocked("another host", f"tcp {B4} 80 x"),
    blocked("another host, IPv6", f"tcp {B6} 80 x"),
    blocked("another host, not blocking", f"tcp-nonblocking {B4} 80 x"),
    blocked("another host, not blocking, IPv6", f"tcp-nonblocking {C6} 80 x"),
    blocked("tcp where udp is allowed", f"tcp {A4} 53 x"),
    blocked("udp where tcp is allowed", f"udp {A4} 80 x"),
    blocked("udp to another host", f"udp {B4} 53 x"),
    blocked("udp to another host, IPv6", f"udp {B6} 53 x"),
    blocked("a denied port of an allowed network", f"tcp {D4} 443 x"),
    blocked("mapped IPv4", f"tcp-mapped {B4} 80 x"),
    blocked("mapped IPv4, udp", f"udp-mapped {B4} 53 x"),
    blocked("connected, dissolved, connected elsewhere", f"unspec {A4} 80 {B4} 80 x"),
    blocked("the same with IPv6", f"unspec {A6} 80 {B6} 80 x"),
    blocked("the same with udp", f"udp-unspec {A4} 53 {B4} 53 x"),
    blocked("tcp fast open", f"fastopen {B4} 80 x"),
    blocked("tcp fast open by connect", f"fastopen-connect {B4} 80 x"),
    blocked("DNS over another port", f"udp {A4} 5353 x"),
    blocked("DNS over tcp", f"tcp {B4} 53 x"),
    blocked("the host's address, though a rule names it", f"tcp {H4} {HP} x"),
    blocked("the host's address, IPv6", f"tcp {H6} {HP} x"),
    blocked("the host's address, udp", f"udp {H4} {HP} x"),
    blocked("the host's loopback by its name inside", f"tcp 100.64.0.1 {HP} x", outside=False),
    blocked("the host's loopback by its name inside, IPv6", f"tcp fd64::1 {HP} x", outside=False),
    blocked("the host's loopback as 127.0.0.1", f"tcp 127.0.0.1 {HP} x", event=False),
    blocked("the host's loopback as 127.0.0.2", f"tcp 127.0.0.2 {HP} x", event=False, outside=False),
    blocked("the host's loopback as ::1", f"tcp ::1 {HP} x", event=False),
    blocked("this host as 0.0.0.0", f"tcp 0.0.0.0 {HP} x", event=False),
    blocked("the relay's own port", "tcp 100.64.0.3 65531 x", outside=False),
    blocked("where the relay makes its sockets", "tcp fd64::4 80 x", outside=False),
    blocked("the gateway", f"tcp {world.GATE4} 80 x", outside=False),
    blocked("multicast", "udp-to 239.1.1.1 53 x", DENIED, outside=False),
    blocked("IPv6 link-local", "tcp fe80::1 80 x", DENIED, outside=False),
    blocked("in the name of somebody else", f"from 10.1.1.1 {A4} 80 x", DENIED, event=False, outside=False),
    blocked("in the name of somebody else, udp", f"udp-from 10.1.1.1 {A4} 53 x", DENIED, event=False, outside=False),
    blocked("a mark of the packet filter", f"mark 0x426a0001 {B4} 80 x", DENIED, event=False, outside=False),
    blocked("a raw socket", "raw", DENIED, event=True, outside=False),
    blocked("a raw socket, IPv6", "raw6", DENIED, event=True, outside=False),
    blocked("a packet socket", "packet", DENIED, event=True, outside=False),
    blocked("udp without connect, to another host", f"udp-to-hearing {B4} 53 x"),
    blocked("udp without connect, to another host, IPv6", f"udp-to-hearing {B6} 53 x"),
    blocked("the host's loopback by its name inside, udp", f"udp 100.64.0.1 {HP} x", outside=False),
    blocked("the translated address of a denied one", "tcp 64:ff9b::cb00:7105 443 x", outside=False),
    blocked("the host's own IPv6 address, udp", f"udp {H6} {HP} x"),
    blocked("mapped IPv4 of the host", f"tcp-mapped {H4} {HP} x"),
    blocked("a netlink socket of another kind", "netlink-kind 12", DENIED, event=False, outside=False),
    blocked("a netlink socket that hears of processes", "netlink-kind 11", DENIED, event=False, outside=False),
    blocked("bluetooth", "family 31", DENIED, event=False, outside=False),
    blocked("the kernel's cryptography", "family 38", DENIED, event=False, outside=False),
    blocked("raw frames", "family 44", DENIED, event=False, outside=False),
    allowed("ping where everything is allowed", f"ping {D4}"),
    blocked("ping", f"ping {A4}", (1,)),
    blocked("ping, IPv6", f"ping {A6}", (1,)),
    blocked("vsock", "vsock", DENIED, event=True, outside=False),
    blocked("sctp", f"transport 132 {B4} 80 x", DENIED, event=False, outside=False),
    blocked("udp-lite", f"transport 136 {B4} 53 x", DENIED, event=False, outside=False),
    blocked("multipath tcp", f"transport 262 {B4} 80 x", DENIED, event=False),
    # Answered by the filter itself: programs ask for it as a matter of course and go on without.
    blocked("io_uring", "io-uring", DENIED, event=False, outside=False),
    blocked("flush of the rules", "flush", DENIED, event=False, outside=False),
    blocked("an address for the interface", "add-address", DENIED, event=False, outside=False),
    blocked("a nested namespace", "nested-namespace", DENIED, event=True, outside=False),
    blocked("the namespace of process 1", "join-namespace", DENIED, event=False, outside=False),
    blocked("a transparent socket", "transparent", DENIED, event=False, outside=False),
    blocked("a tun device", "tun", DENIED, event=False, outside=False),
    blocked("an abstract socket of the host", "abstract belljar-laboratory", DENIED, event=False),
]

ALLOW_PROFILE = {"egress": {"default": "allow", "deny": [rule([f"{B4}/32", f"{B6}/128"]), rule(["198.51.100.128/25"], ("tcp", 443))]},
                 "ingress": {"default": "deny"}}
ALLOW_ROWS = [
    allowed("anything", f"tcp {A4} 443 hello"),
    allowed("anything, IPv6", f"tcp {A6} 443 hello"),
    allowed("anything, udp", f"udp {D4} 5353 hello"),
    allowed("another port of a denied one", f"tcp {C4} 80 hello"),
    blocked("a denied host", f"tcp {B4} 80 x"),
    blocked("a denied host, IPv6", f"tcp {B6} 80 x"),
    blocked("a denied host, udp", f"udp {B4} 53 x"),
    blocked("a denied host, mapped", f"tcp-mapped {B4} 80 x"),
    blocked("a denied port", f"tcp {C4} 443 x"),
    blocked("the host's address", f"tcp {H4} {HP} x"),
    blocked("the host's address, IPv6", f"tcp {H6} {HP} x"),
    blocked("the host's loopback", f"tcp 100.64.0.1 {HP} x", outside=False),
]

HOST_PROFILE = {"egress": {"default": "allow"}, "ingress": {"default": "deny", "hostLoopback": "allow"}}
HOST_ROWS = [
    allowed("the host's loopback", f"tcp 100.64.0.1 {HP} hello"),
    allowed("the host's loopback, IPv6", f"tcp fd64::1 {HP} hello"),
    allowed("the host's loopback, udp", f"udp 100.64.0.1 {HP} hello"),
    allowed("the host's address", f"tcp {H4} {HP} hello"),
    blocked("a closed port of the host", "tcp 100.64.0.1 1 x", outside=False, event=False),
]


KINDS = {"raw": "net.socket", "raw6": "net.socket", "packet": "net.socket", "vsock": "net.socket", "io-uring": "priv.kernel",
         "nested-namespace": "priv.namespace"}


def processes():
    """Number of a process -> (its parent's, when it began, its network namespace)."""
    found = {}
    for name in filter(str.isdigit, os.listdir("/proc")):
        try:
            with open(f"/proc/{name}/stat", encoding="ascii", errors="replace") as file:
                words = file.read().rpartition(")")[2].split()
            found[name] = (words[1], words[19], os.readlink(f"/proc/{name}/ns/net"))
        except OSError:
            pass
    return found


def family(pid):
    """The same of what comes from one process, with itself."""
    everybody, found = processes(), {str(pid)}
    while more := {name for name, (parent, _, _) in everybody.items() if parent in found} - found:
        found |= more
    return {name: everybody[name] for name in found if name in everybody}


def listening():
    found = set()
    for table in ("tcp", "tcp6", "udp", "udp6"):
        with open(f"/proc/self/net/{table}", encoding="ascii") as file:
            found.update((table, line.split()[1]) for line in list(file)[1:] if line.split()[3] in ("0A", "07"))
    return found


class Laboratory(Case):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        listener = socket.socket(socket.AF_UNIX)
        listener.bind("\0belljar-laboratory")
        listener.listen()
        world.threading.Thread(target=world.echo, args=(listener,), daemon=True).start()

    def run_rows(self, network, rows, monitor="notify", **more):
        options = ["--monitor", monitor, *self.watched[2:]]
        done = subprocess.run(self.command(network, [row.line for row in rows], options, **more), stdin=subprocess.DEVNULL,
                              capture_output=True, text=True, check=False, timeout=100)
        answers = done.stdout.splitlines()
        self.assertEqual(len(answers), len(rows), done.stderr[-2000:] + done.stdout[-2000:])
        return answers, events_of(self.events)

    def check(self, network, rows, **more):
        answers, events = self.run_rows(network, rows, **more)
        refused = []
        for row, answer in zip(rows, answers):
            with self.subTest(row.name):
                _, how, error, micros, *text = answer.split(" ", 4)
                if row.ok:
                    self.assertEqual(how, "ok", answer)
                    words = row.line.split()
                    if words[-1] == "hello":
                        self.assertEqual(text, ["hello"])
                    if words[0] == "bulk":
                        self.assertEqual(text, [words[-1]])
                else:
                    self.assertEqual(how, "fail", answer)
                    self.assertIn(int(error), row.errors, answer)
                    refused.append((row, int(micros)))
                    if row.event:
                        self.check_event(row, events)
        world.check_at_once(self, refused, lambda late: [int(answer.split(" ", 4)[3])
                                                         for answer in self.run_rows(network, late, **more)[0]])
        return events

    def check_event(self, row, events):
        """A denied attempt names who and why."""
        words = row.line.split()
        kind, objects = KINDS.get(words[0]), None
        if words[0] == "unix-path":
            objects = (f"unix:{words[1]}",)
        elif kind is None:
            host, port = words[3:5] if "unspec" in words[0] else [*words, "0"][1:3]
            objects = (f"{host}:{port}", f"[{host}]:{port}", f"[::ffff:{host}]:{port}")
        for event in events:
            right = event["kind"] == kind if objects is None else event.get("object") in objects
            if right and event["verdict"] == "denied":
                self.assertTrue(event["process"].startswith("belljar-net"), event)
                self.assertTrue(event.get("rule"), event)
                return
        self.fail(f"no denied event of {row.line}: " +
                  "\n".join(json.dumps(event) for event in events if event["kind"].startswith("net."))[-3000:])

    def test_positive_controls(self):
        """What must fail inside succeeds outside: the pretend hosts are there and the tries are sound."""
        rows = [row for row in DENY_ROWS + ALLOW_ROWS if row.ok or row.outside]
        lines = [row.line for row in rows if not row.line.startswith("own 100.")]
        done = subprocess.run([PROBE, *lines], capture_output=True, text=True, check=False)
        self.assertEqual(len(done.stdout.splitlines()), len(lines))
        for answer in done.stdout.splitlines():
            if not answer.startswith(("transport",)):
                self.assertEqual(answer.split()[1], "ok", answer)

    def test_default_deny(self):
        self.assertGreaterEqual(len(DENY_ROWS) + len(ALLOW_ROWS) + len(HOST_ROWS), 60)
        self.check(DENY_PROFILE, DENY_ROWS, monitor=MONITOR)

    def test_the_kernel_monitor_tells_protocols_apart(self):
        done = subprocess.run(self.command(DENY_PROFILE, ["sleep 1"], ["--monitor", "kernel"]), stdin=subprocess.DEVNULL,
                              capture_output=True, text=True, check=False)
        if done.returncode != 0:
            self.skipTest("no kernel monitor here: " + done.stderr.strip()[-300:])
        self.check(DENY_PROFILE, [allowed("tcp", f"tcp {A4} 80 hello"), blocked("udp where tcp is allowed", f"udp {A4} 80 x"),
                                  blocked("the same without connect", f"udp-to-hearing {A6} 80 x"), allowed("udp", f"udp {A4} 53 hello"),
                                  blocked("tcp where udp is allowed", f"tcp {A4} 53 x")], monitor="kernel")

    def test_default_allow(self):
        self.check(ALLOW_PROFILE, ALLOW_ROWS, monitor=MONITOR)

    def test_host_loopback(self):
        self.check(HOST_PROFILE, HOST_ROWS)

    def test_sockets_in_granted_folders(self):
        """A program of the host that listens in a folder which the sandbox may write is not reached, unless it is named."""
        folder = os.path.join(self.folder, "granted")
        os.mkdir(folder)
        for name in ("service", "named"):
            listener = socket.socket(socket.AF_UNIX)
            listener.bind(f"{folder}/{name}")
            listener.listen()
            os.chmod(f"{folder}/{name}", 0o777)
            world.threading.Thread(target=world.echo, args=(listener,), daemon=True).start()
        os.symlink("service", f"{folder}/link")
        tries = [f"unix-path {folder}/{name}" for name in ("service", "link", "named")]
        outside = subprocess.run([PROBE, *tries], capture_output=True, text=True, check=True).stdout
        self.assertEqual(outside.count("unix-path ok"), 3, outside)
        for network in (DENY_PROFILE, ALLOW_PROFILE, HOST_PROFILE, {"egress": {"default": "deny"}}):
            with self.subTest(network):
                rows = [blocked("", tries[0], (13,)), blocked("through a link", tries[1], (13,), event=False), allowed("", tries[2])]
                granted = {"readwritePaths": [folder], "readonlyPaths": [PROBE, f"{folder}/named"]}
                self.check(network, rows, filesystem=granted)

    def test_flows_are_told_once(self):
        """One attempt, one event; and one summary with bytes and time when it is over."""
        events = self.check(ALLOW_PROFILE, [allowed("", f"tcp {A4} 80 hello"), allowed("", f"udp {A6} 53 hello")])
        for peer, protocol in ((f"{A4}:80", "tcp"), (f"[{A6}]:53", "udp")):
            seen = [event for event in events if event.get("object") == peer]
            self.assertEqual([event["kind"] for event in seen if event["kind"] != "net.flow"], ["net.connect"], seen)
            flows = [event for event in seen if event["kind"] == "net.flow"]
            self.assertEqual(len(flows), 1, seen)
            self.assertTrue(flows[0]["detail"].startswith(f"{protocol}, sent 5, received 5, "), flows)
            self.assertEqual(flows[0]["verdict"], "allowed")
            self.assertTrue(flows[0]["process"].startswith("belljar-net"), flows)

    def test_what_a_program_sent_before_its_end_arrives(self):
        for family, host, stand_in in ((socket.AF_INET, "127.0.0.1", "100.64.0.1"), (socket.AF_INET6, "::1", "fd64::1")):
            for size in (5, 3_000_000):
                with self.subTest(host=host, size=size), socket.socket(family) as listener:
                    listener.bind((host, 0))
                    listener.listen()
                    listener.settimeout(10)
                    line = f"send-and-end {stand_in} {listener.getsockname()[1]} {size}"
                    with subprocess.Popen(self.command(HOST_PROFILE, [line]), stdin=subprocess.DEVNULL) as run:
                        peer, _ = listener.accept()
                        with peer:
                            self.assertEqual(sum(map(len, iter(lambda: peer.recv(65536), b""))), size)
                    self.assertEqual(run.returncode, 0)

    def test_no_belljar_no_network(self):
        """When Belljar is killed, nothing of the sandbox goes on."""
        command = self.command(ALLOW_PROFILE, [f"hold {A4} 80", f"tcp {A4} 80 hello"])
        with subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, text=True) as run:
            self.assertIn("held", run.stdout.readline())
            run.kill()
            rest = run.stdout.read()  # ends when the last holder of the pipe is gone
        self.assertNotIn("tcp ok", rest)

    def test_kills_leave_nothing(self):
        """50 times Belljar is killed while its sandbox holds a connection and offers a port."""
        network = {**ALLOW_PROFILE, "ingress": {"default": "allow"}}
        offered = {"experimental": {"belljar": {"network": {"publish": [{"port": 8080}]}}}}
        files = os.path.join(self.folder, "files")
        os.mkdir(files, 0o700)
        sockets, ours, began, spaces = listening(), os.readlink("/proc/self/ns/net"), set(), set()
        for _ in range(50):
            with subprocess.Popen(self.command(network, [f"hold {A4} 80", "sleep 60000"], **offered), stdin=subprocess.DEVNULL,
                                  stdout=subprocess.PIPE, text=True, env={**os.environ, "TMPDIR": files, "XDG_RUNTIME_DIR": files}) as run:
                self.assertIn("held", run.stdout.readline())
                mine = family(run.pid)
                inside = {space for _, _, space in mine.values()} - {ours}
                self.assertEqual(len(inside), 1)
                self.assertNotEqual(listening(), sockets)
                began |= {(name, when) for name, (_, when, _) in mine.items()}
                spaces |= inside
                # As long as we hold one, no sandbox of anybody else gets its number.
                self.addCleanup(os.close, os.open(next(f"/proc/{name}/ns/net" for name, (_, _, space) in mine.items() if space in inside), os.O_RDONLY))
                run.kill()
                run.stdout.read()

        def remains():
            return [(name, space) for name, (_, when, space) in processes().items() if (name, when) in began or space in spaces]
        late = time.monotonic() + 5
        while remains() and time.monotonic() < late:
            time.sleep(0.02)
        self.assertEqual(remains(), [])
        self.assertEqual(listening(), sockets)
        self.assertEqual(os.listdir(files), [])


if __name__ == "__main__":
    report.run()

#!/usr/bin/env python3
"""A filtered network on a kernel without nf_tables: Belljar's own HTTP proxy, and nothing beside it. Effects, not plans.

usage: fallback_test.py [unittest options ...]

The laboratory of laboratory_test.py. Belljar runs under a filter that refuses it NETLINK_NETFILTER, as such a kernel does; so does
process 1 of its sandboxes, which inherits the filter.
"""
import ctypes
import http.server
import json
import os
import platform
import struct
import subprocess
import sys
import tempfile
import threading
import time
import unittest

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, HERE)
sys.path.insert(0, os.path.join(HERE, "..", "..", "dev"))
import name_server  # noqa: E402
import report  # noqa: E402
import world  # noqa: E402

SOURCE = os.path.abspath(os.environ.get("BELLJAR_SOURCE", os.path.join(HERE, "..", "..", "..")))
BIN = os.environ.get("BELLJAR_BIN", os.path.join(SOURCE, "build", "release", "bin"))
PROBES = [os.path.join(HERE, name) for name in ("fallback_probe.py", "names_probe.py")]
A4, B4, C4, D4 = world.WORLD4
A6, B6, _ = world.WORLD6
HTTP_PORT = 8000  # of the pretend host that speaks HTTP
UNREACHABLE = 101
RESET = (104, 107, 32)  # by whichever call comes first
SOCKET_CALL = {"x86_64": 41, "aarch64": 198}.get(platform.machine())

EGRESS = {"default": "deny",
          "allow": [{"to": [{"cidr": f"{B4}/32"}], "ports": [{"protocol": "tcp", "port": 80}]}, {"to": [{"cidr": f"{A6}/128"}]},
                    {"to": [{"cidr": f"{world.HOST4}/32"}]}, {"to": [{"cidr": "100.64.0.1/32"}]}, {"to": [{"cidr": "127.0.0.0/8"}]}],
          "deny": [{"to": [{"cidr": f"{D4}/32"}]}]}
HOSTS = [{"name": "www.example.test"}, {"name": "*.example.test", "ports": [{"port": 80}]}]


def get(url, *headers, method="GET"):
    return "\r\n".join([f"{method} {url} HTTP/1.1", *headers])


# (what, step, status, text that is in the answer); status 0: an errno is in its place.
ROWS = [
    ("an address that a rule allows", ["connect", f"{B4}:80"], 200, "\0hello"),
    ("in IPv6", ["connect", f"[{A6}]:8080"], 200, "\0hello"),
    ("through [::1]", ["connect", f"{B4}:80", "\0hello", "::1"], 200, "\0hello"),
    ("a name", ["connect", "www.example.test:443"], 200, "\0hello"),
    ("a name, not waiting for the answer", ["early", "www.example.test:443", "\0hello"], 200, "\0hello"),
    ("TLS with that name", ["tls", "www.example.test:443", "www.example.test"], 200, "echoed"),
    ("TLS with another name", ["tls", "www.example.test:443", "neighbour.test"], 0, RESET),
    ("TLS without a name", ["tls", "www.example.test:443", None], 0, RESET),
    ("a page, as real clients ask for it", ["browse", f"http://www.example.test:{HTTP_PORT}/page"], 200, "you asked for /page"),
    ("a request is written anew", ["forward", get("http://www.example.test/a", "Host: www.example.test", "Connection: keep-alive", "X: y")],
     200, "GET /a HTTP/1.1\r\nHost: www.example.test\r\nX: y\r\nConnection: close\r\n\r\n"),
    ("with its body", ["forward", get(f"http://{B4}/", f"Host: {B4}", "Content-Length: 4", method="POST"), "body"], 200, "\r\n\r\nbody"),
    ("another port of the address", ["connect", f"{B4}:443"], 403, "egress.default: deny"),
    ("an address that a rule denies", ["connect", f"{D4}:80"], 403, f"deny: {D4}"),
    ("an address that no rule names", ["connect", f"{C4}:80"], 403, "egress.default: deny"),
    ("an address of a name that was looked up", ["connect", f"[{B6}]:80"], 403, "egress.default"),
    ("a name that no rule names", ["connect", "neighbour.test:443"], 403, "neighbour.test may not be reached"),
    ("another port of a name", ["connect", "other.example.test:443"], 403, "may not be reached"),
    ("a page there", ["browse", "http://neighbour.test/"], 403, "may not be reached"),
    ("a name that is not there", ["connect", "missing.example.test:80"], 502, "no such name"),
    ("a server that fails", ["connect", "failing.example.test:80"], 502, "could not be looked up"),
    ("a port where nobody listens", ["connect", f"[{A6}]:9"], 502, "ECONNREFUSED"),
    ("the host's own address", ["connect", f"{world.HOST4}:{world.HOST_PORT}"], 403, "may not be reached"),
    ("the host's loopback by its stand-in", ["connect", f"100.64.0.1:{world.HOST_PORT}"], 403, "may not be reached"),
    ("the host's loopback by its address", ["connect", f"127.0.0.1:{world.HOST_PORT}"], 403, "the sandbox's own"),
    ("in another spelling", ["connect", f"[::ffff:127.0.0.1]:{world.HOST_PORT}"], 403, "the sandbox's own"),
    ("and in IPv6", ["connect", f"[::1]:{world.HOST_PORT}"], 403, "the sandbox's own"),
    ("the address of no host", ["connect", f"0.0.0.0:{world.HOST_PORT}"], 403, "the sandbox's own"),
    ("in IPv6, too", ["connect", f"[::]:{world.HOST_PORT}"], 403, "the sandbox's own"),
    ("the resolver's address", ["connect", "100.64.0.53:53"], 403, "the sandbox's own"),
    ("a name that leads to the host's loopback", ["connect", "loopback.example.test:80"], 403, "the sandbox's own"),
    ("or to its stand-in", ["connect", "hostloopback.example.test:80"], 403, "may not be reached"),
    ("or to the host's address", ["connect", "host.example.test:80"], 403, "may not be reached"),
    ("or to a private address", ["connect", "private.example.test:80"], 403, "may not be reached"),
    ("two hosts in one request", ["forward", get("http://www.example.test/", "Host: neighbour.test")], 400, "another host"),
    ("two lengths", ["forward", get(f"http://{B4}/", f"Host: {B4}", "Content-Length: 1", "Transfer-Encoding: chunked")], 400, "two ways"),
    ("a request behind a request", ["forward", get(f"http://{B4}/", f"Host: {B4}"), get("/", "Host: neighbour.test")], 400, "more than one"),
    ("a request after a request", ["again", get(f"http://www.example.test:{HTTP_PORT}/page", f"Host: www.example.test:{HTTP_PORT}") + "\r\n\r\n",
                                   get("/", "Host: neighbour.test") + "\r\n\r\n"], 200, "nothing more"),
    ("a host with a line's end", ["raw", "CONNECT a\r\n.test:443 HTTP/1.1\r\n\r\n"], 400, "Belljar"),
    ("a bare line feed", ["raw", f"GET http://{B4}/ HTTP/1.1\nHost: {B4}\n\n"], 400, "control letters"),
    ("no request at all", ["raw", "\x16\x03\x01\x02\x00"], 400, "Belljar"),
    ("a head without an end", ["raw", f"GET http://{B4}/ HTTP/1.1\r\nX: ", 1_000_000], 431, "too long"),
    ("an address for a server", ["raw", "GET / HTTP/1.1\r\nHost: www.example.test\r\n\r\n"], 400, "whole address"),
    ("a crowd that says nothing", ["crowd", 400, f"{B4}:80"], 200, "\0hello"),
    ("the sandbox's own services need no proxy", ["own", 8123], 0, "TimeoutError"),
    ("past the proxy", ["direct", B4, 80], 0, (UNREACHABLE,)),
    ("past it in IPv6", ["direct", A6, 80], 0, (UNREACHABLE,)),
    ("UDP", ["direct", A6, 53, "udp"], 0, (UNREACHABLE,)),
    ("UDP to the resolver", ["direct", "100.64.0.53", 53, "udp"], 0, (UNREACHABLE,)),
    ("the host's address, past it", ["direct", world.HOST4, world.HOST_PORT], 0, (UNREACHABLE,)),
]


class Program(ctypes.Structure):
    _fields_ = [("length", ctypes.c_ushort), ("instructions", ctypes.c_char_p)]


def without_packet_filter():
    """For a process and all that it starts: socket(AF_NETLINK, ..., NETLINK_NETFILTER) is what the kernel does not know."""
    def load(at):
        return struct.pack("<HBBI", 0x20, 0, 0, at)

    def unless(value, skip):
        return struct.pack("<HBBI", 0x15, 0, skip, value)

    def give(what):
        return struct.pack("<HBBI", 0x06, 0, 0, what)
    code = b"".join([load(0), unless(SOCKET_CALL, 5), load(16), unless(16, 3), load(32), unless(12, 1), give(0x50000 | 93), give(0x7FFF0000)])
    program = Program(len(code) // 8, code)
    if world.LIBC.prctl(38, 1, 0, 0, 0) != 0 or world.LIBC.prctl(22, 2, ctypes.byref(program)) != 0:
        raise OSError(ctypes.get_errno(), "no filter")


def processes():
    """Parents of those that live, by number and time of start: a number comes round again."""
    parents = {}
    for name in filter(str.isdigit, os.listdir("/proc")):
        try:
            with open(f"/proc/{name}/stat", encoding="utf-8", errors="replace") as file:
                fields = file.read().rpartition(")")[2].split()
        except OSError:
            continue
        if fields[0] not in "ZX":  # whoever has them now reaps them when it likes
            parents[int(name), fields[19]] = int(fields[1])
    return parents


class Page(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_GET(self):
        body = f"you asked for {self.path}".encode()
        self.send_response(200)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format, *words):  # noqa: A002: the name that the class calls it by
        pass


@unittest.skipUnless(SOCKET_CALL, "the number of socket(2) on this processor is not known here")
class Fallback(unittest.TestCase):
    maxDiff = None

    @classmethod
    def setUpClass(cls):
        table = name_server.names(world.WORLD4, world.WORLD6, world.HOST4)
        server = name_server.of_this_machine()
        is_local = server.startswith("127.")

        def settle():
            world.ip("addr add 10.9.9.9/32 dev lo")
            page = http.server.ThreadingHTTPServer((A4, HTTP_PORT), Page)
            threading.Thread(target=page.serve_forever, daemon=True).start()
            if not is_local:
                world.ip(f"addr add {server}/32 dev lo")
                name_server.Server(table, server)

        try:
            cls.world = world.World(settle=settle)
        except world.Unavailable as reason:
            raise unittest.SkipTest(str(reason)) from None
        if is_local:
            name_server.Server(table, server)

    @classmethod
    def tearDownClass(cls):
        cls.world.close()

    def setUp(self):
        folder = tempfile.TemporaryDirectory(prefix="belljar-test-fallback-", dir="/var/tmp")
        self.addCleanup(folder.cleanup)
        os.chmod(folder.name, 0o755)
        self.events_file = os.path.join(folder.name, "events")
        self.profile = os.path.join(folder.name, "profile.json")

    def command(self, steps, options=(), egress=None, own=None, ingress=None, **more):
        config = {"version": "0.8.0", "process": {"commandLine": "true", "cwd": "/", **more}, "filesystem": {"readonlyPaths": PROBES},
                  "network": {"egress": egress or EGRESS, "ingress": ingress or {"default": "deny"}},
                  "experimental": {"belljar": {"network": own or {"hosts": HOSTS}}}}
        with open(self.profile, "w", encoding="utf-8") as file:
            json.dump(config, file)
        return [f"{BIN}/belljar", "run", self.profile, *options, "--", "/usr/bin/python3", "-B", PROBES[0], json.dumps(steps)]

    def run_it(self, command, filters=True, **more):
        return subprocess.run(command, stdin=subprocess.DEVNULL, capture_output=True, text=True, check=False, timeout=100,
                              preexec_fn=without_packet_filter if filters else None, **more)

    def attempt(self, steps, **more):
        options = ["--monitor", "notify", "--events", "jsonl", "--events-to", self.events_file]
        done = self.run_it(self.command(steps, options, **more))
        answers = [json.loads(line) for line in done.stdout.splitlines()]
        self.assertEqual(len(answers), len(steps), done.stderr[-3000:] + done.stdout[-1000:])
        with open(self.events_file, encoding="utf-8") as file:
            return answers, [event for event in map(json.loads, file) if "kind" in event], done.stderr

    def test_rows(self):
        answers, events, said = self.attempt([step for _, step, _, _ in ROWS])
        for (name, _, status, text), answer in zip(ROWS, answers):
            with self.subTest(name):
                self.assertEqual(answer["status"], status, answer)
                if isinstance(text, tuple):
                    self.assertIn(answer["error"], text, answer)
                else:
                    self.assertIn(text, answer["text"])
        refused = [(step, answer["micros"]) for (_, step, _, text), answer in zip(ROWS, answers) if text == (UNREACHABLE,)]
        world.check_at_once(self, refused, lambda late: [answer["micros"] for answer in self.attempt(late)[0]])
        self.assertIn("proxy only", said)
        self.assertIn("no nf_tables", said)
        self.check_events(events)

    def check_events(self, events):
        """Each attempt, with who and which rule."""
        def told(kind, thing, verdict, rule, part=""):
            found = [event for event in events if event["kind"] == kind and event["object"] == thing and event["verdict"] == verdict and
                     part in event["detail"]]
            self.assertTrue(found, (kind, thing, verdict, [event for event in events if event["kind"].startswith("net.")][:40]))
            self.assertTrue(any(rule in event["rule"]["text"] for event in found), found)
            self.assertTrue(all(event["process"].startswith("python3") for event in found), found)
        told("net.flow", f"{B4}:80", "allowed", B4, "sent 6, received 6")
        told("net.flow", f"[{A6}]:8080", "allowed", A6)
        told("net.flow", f"{A4}:443", "allowed", "www.example.test", "name www.example.test")
        told("net.flow", f"{A4}:443", "denied", "egress.default", "said in TLS")
        told("net.flow", f"{D4}:80", "denied", D4)
        told("net.flow", f"{C4}:80", "denied", "egress.default")
        told("net.flow", f"{world.HOST4}:{world.HOST_PORT}", "denied", "")
        told("net.flow", f"[{A6}]:9", "allowed", A6)
        told("net.flow", f"127.0.0.1:{world.HOST_PORT}", "denied", "")
        told("net.dns", "www.example.test", "allowed", "www.example.test")
        told("net.dns", "neighbour.test", "denied", "egress.default")
        told("net.connect", f"{B4}:80", "denied", "by proxy only")
        self.assertIn("UDP, ICMP and programs that ignore proxies", next(event for event in events if event["kind"] == "session.policy")["detail"])
        self.assertTrue(any(event["object"] == "127.0.0.1:65530" and event["verdict"] == "allowed" for event in events))

    def test_everything_allowed(self):
        """Without a rule about names whoever allows name servers gets names."""
        steps = [["connect", "neighbour.test:443"], ["connect", f"{D4}:8080"], ["connect", f"{world.HOST4}:{world.HOST_PORT}"],
                 ["connect", "host.example.test:80"]]
        for egress in ({"default": "allow"}, {"default": "deny", "allow": [{"to": [{"cidr": "0.0.0.0/0"}, {"cidr": "2000::/3"}]}]}):
            answers, _, _ = self.attempt(steps, egress=egress, own={"hosts": []})
            self.assertEqual([answer["status"] for answer in answers], [200, 200, 403, 403], answers)

    def test_a_service_of_the_host(self):
        """Its loopback, where the profile opens it; and nothing else of the host."""
        steps = [["connect", f"100.64.0.1:{world.HOST_PORT}"], ["connect", f"127.0.0.1:{world.HOST_PORT}"]]
        answers, _, _ = self.attempt(steps, ingress={"default": "deny", "hostLoopback": "allow"})
        self.assertEqual([answer["status"] for answer in answers], [200, 403], answers)

    def test_what_a_proxy_cannot_do_is_refused(self):
        udp = {"default": "deny", "allow": [{"to": [{"cidr": f"{B4}/32"}], "ports": [{"protocol": "udp", "port": 53}]}]}
        for more, reason in (({"egress": udp}, "another protocol than TCP"),
                             ({"own": {"publish": [{"port": 8080}]}, "ingress": {"default": "allow"}}, "no port of the sandbox")):
            with self.subTest(reason):
                done = self.run_it(self.command([["env", "HTTP_PROXY"]], **more))
                self.assertNotEqual(done.returncode, 0)
                self.assertEqual(done.stdout, "")
                self.assertIn(reason, done.stderr)
                self.assertIn("nf_tables", done.stderr)
                control = self.run_it(self.command([["env", "HTTP_PROXY"]], **more), filters=False)
                self.assertEqual(control.returncode, 0, control.stderr)

    def test_it_is_taken_only_without_the_better_way(self):
        steps = [["env", "HTTP_PROXY"], ["direct", B4, 80]]
        done = self.run_it(self.command(steps), filters=False)
        answers = [json.loads(line) for line in done.stdout.splitlines()]
        self.assertEqual([answer["text"] for answer in answers], ["", "went out"], done.stderr)
        self.assertNotIn("proxy", done.stderr)

    def test_variables_that_are_set_stay(self):
        answers, _, said = self.attempt([["env", "HTTP_PROXY"], ["env", "https_proxy"], ["env", "NO_PROXY"]],
                                        env=["HTTP_PROXY=http://192.0.2.7:1", "NO_PROXY=a.test"])
        self.assertEqual([answer["text"] for answer in answers], ["http://192.0.2.7:1", "http://127.0.0.1:65530", "a.test"])
        self.assertIn("HTTP_PROXY, NO_PROXY", said)

    def test_the_machine_says_so(self):
        for filters, part in ((True, "by proxy only: this kernel has no nf_tables"), (False, "yes")):
            lines = self.run_it([f"{BIN}/belljar", "probe"], filters).stdout.splitlines()
            self.assertIn(part, next(line for line in lines if line.startswith("filtered network")))
        self.command([])
        self.assertIn("Belljar's proxy only", self.run_it([f"{BIN}/belljar", "check", self.profile]).stdout)

    def test_in_the_place_of_the_executor_of_mxc(self):
        self.command([])
        with open(self.profile, encoding="utf-8") as file:
            config = json.load(file)
        config.update(version="0.8.0-alpha", process={"commandLine": "echo $HTTP_PROXY", "cwd": "/"}, experimental={})
        with open(self.profile, "w", encoding="utf-8") as file:
            json.dump(config, file)
        for filters in (True, False):
            done = self.run_it(["lxc-exec", self.profile], filters, executable=f"{BIN}/belljar")
            self.assertEqual(done.stdout, "http://127.0.0.1:65530\n" if filters else "\n", done.stderr)
            self.assertEqual("WARNING: network by proxy only" in done.stderr, filters, done.stderr)

    def test_the_trial_is_remembered_until_the_machine_starts_again(self):
        self.command([])
        with open("/proc/sys/kernel/random/boot_id", encoding="ascii") as file:
            boot = file.read()
        memory = os.path.join(os.path.dirname(self.profile), "belljar", "packet-rules")
        for before in (None, "another start", boot):
            if before:
                with open(memory, "w", encoding="ascii") as file:
                    file.write(before)
            for filters, part in ((False, ""), (True, "Belljar's proxy only")):
                done = self.run_it([f"{BIN}/belljar", "check", self.profile], filters,
                                   env={**os.environ, "XDG_STATE_HOME": os.path.dirname(self.profile)})
                self.assertEqual("proxy only" in done.stdout, filters, done.stdout + done.stderr)
                self.assertIn(part, done.stdout)
            with open(memory, encoding="ascii") as file:
                self.assertEqual(file.read(), boot)

    def session_of(self, pid):
        late = time.monotonic() + 10
        while time.monotonic() < late:
            done = subprocess.run([f"{BIN}/belljar", "sessions", "--json"], capture_output=True, text=True, check=False)
            for session in json.loads(done.stdout)["sessions"]:
                if session["pid"] == pid:
                    return session["id"]
            time.sleep(0.05)
        self.fail("the session is not there")

    def test_rules_change_while_it_runs(self):
        steps = [["hold", f"{B4}:80", 20], ["connect", f"{B4}:80"], ["connect", f"{C4}:8080"]]
        with subprocess.Popen(self.command(steps), stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
                              preexec_fn=without_packet_filter) as run:
            self.assertIn("held", run.stdout.readline())
            session = self.session_of(run.pid)
            for option, rule, said in (("--allow-net", f"{C4}:53/udp", "Only TCP leads out"), ("--allow-net", f"{C4}:8080/tcp", "denied -> allowed"),
                                       ("--deny-net", B4, "-> denied")):
                done = subprocess.run([f"{BIN}/belljar", "policy", session, option, rule], capture_output=True, text=True, check=False)
                self.assertIn(said, done.stdout + done.stderr)
            answers = [json.loads(line) for line in run.stdout]
            run.stderr.read()
        self.assertIn(answers[0]["error"], RESET, answers)
        self.assertLess(answers[0]["micros"], 15_000_000)
        self.assertEqual([answer["status"] for answer in answers[1:]], [403, 200], answers)

    def test_what_no_rule_covers_is_asked(self):
        steps = [["connect", f"{C4}:80"], ["connect", "neighbour.test:443"], ["connect", f"{C4}:8080"]]
        options = ["--ask"]
        with subprocess.Popen(self.command(steps, options), stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL,
                              text=True, start_new_session=True, preexec_fn=without_packet_filter) as run:
            session = self.session_of(run.pid)
            asked = []
            answers = []
            for words in ("allow", "allow --for run", "deny"):
                late = time.monotonic() + 10
                questions = []
                while not questions:
                    self.assertLess(time.monotonic(), late, "nothing is asked")
                    done = subprocess.run([f"{BIN}/belljar", "answer", session, "--json"], capture_output=True, text=True, check=False)
                    questions = json.loads(done.stdout)["questions"]
                asked.append(questions[0]["choices"][0])
                self.assertTrue(questions[0]["question"].startswith("python3 ("), questions)
                done = subprocess.run([f"{BIN}/belljar", "answer", session, str(questions[0]["number"]), *words.split()],
                                      capture_output=True, text=True, check=False)
                self.assertEqual(done.returncode, 0, done.stderr)
            answers = [json.loads(line) for line in run.stdout]
        self.assertEqual(asked, [f"{C4}:80/tcp", "neighbour.test", f"{C4}:8080/tcp"])
        self.assertEqual([answer["status"] for answer in answers], [200, 200, 403], answers)

    def test_no_belljar_no_network(self):
        """Killed, it leaves no process of the sandbox, and so no network of it."""
        command = self.command([["hold", f"{B4}:80", 60], ["connect", f"{B4}:80"]])
        for _ in range(5):
            with subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True,
                                  preexec_fn=without_packet_filter) as run:
                self.assertIn("held", run.stdout.readline())
                family = self.family_of(run.pid)
                self.assertGreater(len(family), 1)
                run.kill()
                rest = run.stdout.read()  # ends when the last holder of the pipe is gone
            self.assertNotIn("hello", rest)
            late = time.monotonic() + 5
            while family & processes().keys() and time.monotonic() < late:
                time.sleep(0.02)
            self.assertFalse(family & processes().keys())

    @staticmethod
    def family_of(ancestor):
        """A process and all that came from it."""
        parents = processes()
        pids = {ancestor}
        while more := {pid for (pid, _), parent in parents.items() if parent in pids} - pids:
            pids |= more
        return {process for process in parents if process[0] in pids}


if __name__ == "__main__":
    report.run()

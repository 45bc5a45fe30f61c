#!/usr/bin/env python3
"""Does a rule by host name open that host, and nothing else? Effects, not plans.

usage: names_test.py [unittest options ...]

The laboratory of laboratory_test.py with a pretend name server (name_server.py) at the address that this machine asks for
names. Programs in the sandbox use the C library's resolver and real TLS (names_probe.py).
"""
import json
import os
import subprocess
import sys
import tempfile
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
PROBE = os.path.join(HERE, "names_probe.py")
REFUSED, RESET = (111,), (104, 107, 32)  # the latter by whichever call comes first
A4, B4, C4, D4 = world.WORLD4
A6 = world.WORLD6[0]
PRIVATE = "10.9.9.9"
RESOLVER = "100.64.0.53"
A, TXT, HTTPS = name_server.A, name_server.TXT, name_server.HTTPS
NOW = 1_000_000  # micros: at once, for what asks a name server

HOSTS = [{"name": "*.example.test", "ports": [{"port": 80}, {"port": 443}, {"port": 53}]}, {"name": "single.test", "ports": [{"port": 8080}]}]


def host(name, *ports):
    return {"name": name, **({"ports": [{"port": port} for port in ports]} if ports else {})}


def get(host_line, first="GET / HTTP/1.1"):
    return f"{first}\r\n{host_line}\r\n\r\n" if host_line else f"{first}\r\n\r\n"


# (what, step, expected): an allowed step gives a text (None: any), a refused one the errno, or "name".
ROWS = [
    ("a name is looked up", ["lookup", "www.example.test", 4], A4),
    ("in IPv6, too", ["lookup", "www.example.test", 6], A6),
    ("an alias is", ["lookup", "alias.example.test", 4], A4),
    ("a chain of aliases is", ["lookup", "chain0.example.test", 4], A4),
    ("a large answer is, by TCP, and cut", ["lookup", "many.example.test", 4], None),
    ("a question by TCP", ["ask", RESOLVER, 53, "www.example.test", A, "tcp"], "own code 0 answers 1"),
    ("a question by UDP", ["ask", RESOLVER, 53, "www.example.test", A], "own code 0 answers 1"),
    ("a text record has no answer", ["ask", RESOLVER, 53, "keys.example.test", TXT], "own code 0 answers 0"),
    ("keys for hidden hellos have none", ["ask", RESOLVER, 53, "keys.example.test", HTTPS], "own code 0 answers 0"),
    ("a name of another is refused", ["ask", RESOLVER, 53, "neighbour.test", A], "own code 5 answers 0"),
    ("a deeper name is", ["ask", RESOLVER, 53, "deep.www.example.test", A], "own code 5 answers 0"),
    ("the domain itself is", ["ask", RESOLVER, 53, "example.test", A], "own code 5 answers 0"),
    ("a name that holds data is", ["ask", RESOLVER, 53, "secret-data-0123456789.evil.test", A], "own code 5 answers 0"),
    ("a refused text record", ["ask", RESOLVER, 53, "neighbour.test", TXT], "own code 5 answers 0"),
    ("there is no such name", ["ask", RESOLVER, 53, "missing.example.test", A], "own code 3 answers 0"),
    ("aliases in a circle", ["ask", RESOLVER, 53, "circle.example.test", A], "own code 2 answers 0"),
    ("a server that fails", ["ask", RESOLVER, 53, "failing.example.test", A], "own code 2 answers 0"),
    ("the C library says so at once", ["lookup", "neighbour.test", 4], "name"),
    ("tcp to a name", ["tcp", "www.example.test", 80, "\0hello"], None),
    ("tcp to an alias", ["tcp", "alias.example.test", 80, "\0hello"], None),
    ("a name that is good for no time", ["tcp", "zero.example.test", 80, "\0hello"], None),
    ("udp to a name", ["udp", "www.example.test", 53, "hello"], "hello"),
    ("TLS with its name", ["tls", "www.example.test", 443, "www.example.test"], None),
    ("TLS with another allowed name", ["tls", "www.example.test", 443, "any.example.test"], None),
    ("TLS in small records", ["tls", "www.example.test", 443, "www.example.test", "records"], None),
    ("TLS in small pieces", ["tls", "www.example.test", 443, "www.example.test", "bytes"], None),
    ("HTTP with its host", ["tcp", "www.example.test", 80, get("Host: www.example.test")], None),
    ("HTTP in pieces", ["parts", "www.example.test", 80, "GE", "T / HT", "TP/1.1\r\nHo", "st: www.example.test:80\r\n\r", "\n"], None),
    ("the address, once it is known by the name", ["tcp", A4, 80, "\0hello"], None),
    ("another port of the name", ["tcp", "www.example.test", 8080, "x"], REFUSED),
    ("another port of the address", ["tcp", A4, 8080, "x"], REFUSED),
    ("the neighbour's address", ["tcp", C4, 80, "x"], REFUSED),
    ("an address that nobody looked up", ["tcp", D4, 443, "x"], REFUSED),
    ("the address of a name that was refused", ["tcp", "198.51.100.130", 80, "x"], REFUSED),
    ("udp to a port that no rule names", ["udp", "www.example.test", 5353, "x"], REFUSED),
    ("QUIC", ["udp", "www.example.test", 443, "x"], REFUSED),
    ("another name server", ["ask", D4, 53, "www.example.test", A], REFUSED),
    ("another name server by TCP", ["ask", D4, 53, "www.example.test", A, "tcp"], REFUSED),
    ("another port of the resolver", ["tcp", RESOLVER, 80, "x"], REFUSED),
    ("TLS with another host's name", ["tls", "www.example.test", 443, "neighbour.test"], RESET),
    ("the same in small records", ["tls", "www.example.test", 443, "neighbour.test", "records"], RESET),
    ("the same in small pieces", ["tls", "www.example.test", 443, "neighbour.test", "bytes"], RESET),
    ("TLS without a name", ["tls", "www.example.test", 443, None], RESET),
    ("TLS with a name that is allowed at another port", ["tls", "www.example.test", 443, "single.test"], RESET),
    ("HTTP with another host", ["tcp", "www.example.test", 80, get("Host: neighbour.test")], RESET),
    ("HTTP without a host", ["tcp", "www.example.test", 80, get("", "GET / HTTP/1.0")], RESET),
    ("HTTP with two hosts", ["tcp", "www.example.test", 80, get("Host: www.example.test\r\nHost: neighbour.test")], RESET),
    ("another host in the target", ["tcp", "www.example.test", 80, get("Host: www.example.test", "GET http://neighbour.test/ HTTP/1.1")], RESET),
    ("another host after empty lines", ["tcp", "www.example.test", 80, "\r\n\r\n" + get("Host: neighbour.test")], RESET),
    ("another host in pieces", ["parts", "www.example.test", 80, "GET / HTTP/1.1\r\nHost: nei", "ghbour.test\r\n\r\n"], RESET),
    ("HTTP 2 without TLS", ["tcp", "www.example.test", 80, "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"], RESET),
    ("rebinding to a private address", ["tcp", "private.example.test", 80, "x"], REFUSED),
    ("rebinding to the host's loopback", ["tcp", "hostloopback.example.test", 80, "x"], REFUSED),
    ("rebinding to the host's address", ["tcp", "host.example.test", 80, "x"], REFUSED),
    ("rebinding to loopback reaches the sandbox itself", ["tcp", "loopback.example.test", 80, "x"], REFUSED),
    ("an address that came along with an answer", ["lookup", "extra.example.test", 4], B4),
    ("is not opened by it", ["tcp", "203.0.113.5", 80, "x"], REFUSED),
]


class Names(unittest.TestCase):
    maxDiff = None

    @classmethod
    def setUpClass(cls):
        table = name_server.names(world.WORLD4, world.WORLD6, world.HOST4)
        server = name_server.of_this_machine()
        is_local = server.startswith("127.")

        def settle():
            world.ip(f"addr add {PRIVATE}/32 dev lo")
            world.serve([(world.socket.AF_INET, [PRIVATE])], [80, 8080])
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
        folder = tempfile.TemporaryDirectory(prefix="belljar-test-names-", dir="/var/tmp")
        self.addCleanup(folder.cleanup)
        os.chmod(folder.name, 0o755)
        self.events_file = os.path.join(folder.name, "events")
        self.profile = os.path.join(folder.name, "profile.json")

    def command(self, steps, options=(), hosts=HOSTS, egress=None, proxy=None, **more):
        config = {"version": "0.8.0", "process": {"commandLine": "true", "cwd": "/"}, "filesystem": {"readonlyPaths": [PROBE]},
                  "network": {"egress": egress or {"default": "deny"}, "ingress": {"default": "deny", **more}},
                  "experimental": {"belljar": {"network": {"hosts": hosts}}} if hosts else {}}
        if proxy:
            config.update(version="0.7.0-alpha", network={"defaultPolicy": "allow", "proxy": {"url": proxy}}, experimental={})
        with open(self.profile, "w", encoding="utf-8") as file:
            json.dump(config, file)
        return [f"{BIN}/belljar", "run", self.profile, *options, "--", "/usr/bin/python3", PROBE, json.dumps(steps)]

    def attempt(self, steps, **more):
        options = ["--monitor", "notify", "--events", "jsonl", "--events-to", self.events_file]
        done = subprocess.run(self.command(steps, options, **more), stdin=subprocess.DEVNULL, capture_output=True, text=True,
                              check=False, timeout=100)
        answers = [json.loads(line) for line in done.stdout.splitlines()]
        self.assertEqual(len(answers), len(steps), done.stderr[-3000:] + done.stdout[-1000:])
        with open(self.events_file, encoding="utf-8") as file:
            return answers, [event for event in map(json.loads, file) if "kind" in event]

    def check_row(self, step, expected, answer):
        if isinstance(expected, tuple):
            self.assertFalse(answer["ok"], answer)
            self.assertIn(answer["error"], expected, answer)
        elif expected == "name":
            self.assertFalse(answer["ok"], answer)
            self.assertTrue(answer["text"].startswith("name: "), answer)
        else:
            self.assertTrue(answer["ok"], answer)
            if expected is not None:
                self.assertEqual(answer["text"], expected)
        self.assertLess(answer["micros"], NOW, answer)

    def check_at_once(self, tried, **more):
        world.check_at_once(self, tried, lambda late: [answer["micros"] for answer in self.attempt(late, **more)[0]])

    def test_rows(self):
        answers, events = self.attempt([step for _, step, _ in ROWS])
        for (name, step, expected), answer in zip(ROWS, answers):
            with self.subTest(name):
                self.check_row(step, expected, answer)
        # Looking the name up is not what is measured here.
        self.check_at_once([(step, answer["micros"]) for (_, step, expected), answer in zip(ROWS, answers)
                            if expected in (REFUSED, RESET) and step[1][0].isdigit()])
        self.check_events(events)

    def check_events(self, events):
        """Questions, and the names of peers, are told with who and which rule."""
        def told(kind, thing, part, verdict):
            found = [event for event in events if event["kind"] == kind and event["object"] == thing and part in event["detail"] and
                     event["verdict"] == verdict]
            self.assertTrue(found, (kind, thing, part, verdict, [event for event in events if event.get("object") == thing][:5]))
            for event in found:
                self.assertTrue(event["process"].startswith("python"), event)
                self.assertTrue(event.get("rule"), event)
        told("net.dns", "www.example.test", f"A, {A4}", "allowed")
        told("net.dns", "www.example.test", f"AAAA, {A6}", "allowed")
        told("net.dns", "neighbour.test", "A, refused", "denied")
        told("net.dns", "circle.example.test", "circle", "allowed")
        told("net.dns", "failing.example.test", "error 2", "allowed")
        told("net.connect", f"{A4}:80", "name www.example.test", "allowed")
        told("net.connect", f"{PRIVATE}:80", "name private.example.test", "denied")
        told("net.connect", f"{world.HOST4}:80", "", "denied")
        told("net.flow", f"{A4}:443", "name neighbour.test, said in TLS, sent 0,", "denied")
        told("net.flow", f"{A4}:443", "TLS: it names no server, sent 0,", "denied")
        told("net.flow", f"{A4}:80", "name neighbour.test, said in HTTP, sent 0,", "denied")
        told("net.flow", f"{A4}:443", "name www.example.test, sent", "allowed")

    def test_positive_controls(self):
        """Without a sandbox, what must fail inside reaches somebody."""
        steps = [["tcp", A4, 8080, "x"], ["tcp", C4, 80, "x"], ["tcp", PRIVATE, 80, "x"], ["udp", A4, 443, "x"],
                 ["tls", A4, 443, "neighbour.test"], ["tls", A4, 443, None], ["tcp", A4, 80, get("Host: neighbour.test")]]
        done = subprocess.run(["/usr/bin/python3", PROBE, json.dumps(steps)], capture_output=True, text=True, check=False)
        for line in done.stdout.splitlines():
            self.assertTrue(json.loads(line)["ok"], line)
        self.assertEqual(len(done.stdout.splitlines()), len(steps))

    def test_server_that_does_not_answer(self):
        """It is said within the patience of the C library, which would ask again."""
        for name in ("silent", "broken"):
            answers, events = self.attempt([["ask", RESOLVER, 53, f"{name}.example.test", A], ["lookup", "www.example.test", 4]])
            self.assertEqual(answers[0]["text"], "own code 2 answers 0")
            self.assertLess(answers[0]["micros"], 5_000_000)
            self.assertEqual(answers[1]["text"], A4)
            said = [event["detail"] for event in events if event["kind"] == "net.dns" and event["object"].startswith(name)]
            self.assertTrue(any("no answer from" in detail for detail in said), said)

    def test_private_addresses_need_a_rule_of_their_own(self):
        egress = {"default": "deny", "allow": [{"to": [{"cidr": f"{PRIVATE}/32"}], "ports": [{"protocol": "tcp", "port": 80}]}]}
        answers, _ = self.attempt([["tcp", "private.example.test", 80, "\0hello"]], egress=egress)
        self.assertTrue(answers[0]["ok"], answers)

    def test_proxy_by_name(self):
        """It is looked up and reached, also at a private address; what is said to it is for others. Nothing else is."""
        elsewhere = get("Host: neighbour.test:443", "CONNECT neighbour.test:443 HTTP/1.1")
        rows = [(["lookup", "private.example.test", 4], PRIVATE), (["tcp", "private.example.test", 8080, elsewhere], None),
                (["tcp", PRIVATE, 8080, elsewhere], None), (["lookup", "www.example.test", 4], "name"),
                (["tcp", A4, 80, "x"], REFUSED), (["tcp", PRIVATE, 80, "x"], REFUSED), (["udp", PRIVATE, 8080, "x"], REFUSED),
                (["tcp", world.HOST4, 80, "x"], REFUSED)]
        answers, events = self.attempt([step for step, _ in rows], proxy="http://private.example.test:8080")
        for (step, expected), answer in zip(rows, answers):
            with self.subTest(step=step):
                self.check_row(step, expected, answer)
        self.assertTrue([event for event in events if event["kind"] == "net.flow" and event["object"] == f"{PRIVATE}:8080" and
                         "proxy: http://private" in event["rule"]["text"]], events)

    def test_proxy_whose_name_leads_to_this_machine(self):
        for name in ("host.example.test", "hostloopback.example.test"):
            answers, _ = self.attempt([["tcp", name, world.HOST_PORT, "x"]], proxy=f"http://{name}:{world.HOST_PORT}")
            self.assertIn(answers[0]["error"], REFUSED, answers)

    def test_denied_address_of_an_allowed_name(self):
        egress = {"default": "deny", "deny": [{"to": [{"cidr": f"{A4}/32"}]}]}
        answers, _ = self.attempt([["tcp", "www.example.test", 80, "x"]], egress=egress)
        self.assertIn(answers[0]["error"], REFUSED, answers)

    def test_without_names_all_else_is_as_it_was(self):
        """Everything allowed: names are answered, other records as well, and nothing is looked into."""
        answers, events = self.attempt(
            [["lookup", "neighbour.test", 4], ["ask", RESOLVER, 53, "keys.example.test", TXT], ["tls", A4, 443, "neighbour.test"],
             ["ask", RESOLVER, 53, "keys.example.test", HTTPS]], hosts=None, egress={"default": "allow"})
        self.assertEqual([answer["text"] for answer in answers[:2]], [A4, "own code 0 answers 1"])
        self.assertTrue(answers[2]["ok"], answers)
        self.assertEqual(answers[3]["text"], "own code 0 answers 0")
        self.assertTrue([event for event in events if event["kind"] == "net.flow" and "name neighbour.test, sent" in event["detail"]])

    def test_many_questions(self):
        """A flood is answered with an error, not with a queue, and the run goes on."""
        flood = [["ask", RESOLVER, 53, f"n{number}.evil.test", A] for number in range(600)]
        answers, _ = self.attempt(flood + [["sleep", 1], ["lookup", "www.example.test", 4]])
        codes = {answer["text"] for answer in answers[:600]}
        self.assertLessEqual(codes, {"own code 5 answers 0", "own code 2 answers 0"})
        self.assertEqual(answers[-1]["text"], A4)

    def test_names_change_while_it_runs(self):
        """A name that is allowed opens at once; one that is taken away cuts what it had let out."""
        steps = [["hold", "www.example.test", 80, 20], ["tcp", "www.example.test", 80, "\0x"], ["tcp", "single2.test", 443, "\0hello"]]
        hosts = [host("www.example.test", 80)]
        with subprocess.Popen(self.command(steps, hosts=hosts), stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, text=True) as run:
            self.assertIn("held", run.stdout.readline())
            session = self.session_of(run.pid)
            for option, rule, said in (("--allow-net", "single2.test:443", "denied -> allowed"),
                                       ("--remove-net", "www.example.test:80", "allowed -> denied")):
                done = subprocess.run([f"{BIN}/belljar", "policy", session, option, rule], capture_output=True, text=True, check=False)
                self.assertIn(said, done.stdout, done.stderr)
            answers = [json.loads(line) for line in run.stdout]
        self.assertIn(answers[0]["error"], RESET, answers)
        self.assertLess(answers[0]["micros"], 5_000_000)
        self.assertTrue(answers[1]["text"].startswith("name: "), answers)
        self.assertTrue(answers[2]["ok"], answers)

    def session_of(self, pid):
        """Its id, once it can be talked to."""
        late = time.monotonic() + 10
        while time.monotonic() < late:
            done = subprocess.run([f"{BIN}/belljar", "sessions", "--json"], capture_output=True, text=True, check=False)
            for session in json.loads(done.stdout)["sessions"]:
                if session["pid"] == pid:
                    return session["id"]
            time.sleep(0.05)
        self.fail("the session is not there")

    def answer_all(self, run, answers):
        """Waits for each question and answers it; gives the questions."""
        asked = []
        session = self.session_of(run.pid) if answers else None  # a run that asks nothing may be over by now
        for words in answers:
            late = time.monotonic() + 10
            while True:
                done = subprocess.run([f"{BIN}/belljar", "answer", session, "--json"], capture_output=True, text=True, check=False)
                questions = json.loads(done.stdout)["questions"]
                if questions:
                    break
                self.assertLess(time.monotonic(), late, "nothing is asked")
                time.sleep(0.02)
            asked.append(questions[0])
            done = subprocess.run([f"{BIN}/belljar", "answer", session, str(questions[0]["number"]), *words.split()],
                                  capture_output=True, text=True, check=False)
            self.assertEqual(done.returncode, 0, done.stderr)
        return asked

    def asked(self, steps, answers, **more):
        options = ["--ask", "--monitor", "notify", "--events", "jsonl", "--events-to", self.events_file]
        # Without a terminal of its own: nobody is asked but by `belljar answer`.
        with subprocess.Popen(self.command(steps, options, **more), stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                              stderr=subprocess.DEVNULL, text=True, start_new_session=True) as run:
            questions = self.answer_all(run, answers)
            results = [json.loads(line) for line in run.stdout]
        with open(self.events_file, encoding="utf-8") as file:
            return questions, results, [event for event in map(json.loads, file) if "kind" in event]

    def test_what_no_rule_covers_is_asked(self):
        steps = [["tcp", B4, 80, "\0hello"], ["tcp", B4, 8080, "x"], ["udp", A4, 53, "hello"], ["lookup", "neighbour.test", 4],
                 ["tcp", "neighbour.test", 80, "\0hello"], ["lookup", "other.example.test", 4], ["tcp", C4, 80, "\0hello"],
                 ["tcp", C4, 80, "\0hello"]]
        answers = ["allow", "deny", "allow", "allow --for run", "deny --for run", f"allow --for always --profile {self.profile}"]
        questions, results, events = self.asked(steps, answers, hosts=None)
        self.assertEqual([question["choices"][0] for question in questions],
                         [f"{B4}:80/tcp", f"{B4}:8080/tcp", f"{A4}:53/udp", "neighbour.test", "other.example.test", f"{C4}:80/tcp"])
        self.assertTrue(questions[0]["question"].startswith("python3 ("), questions[0])
        self.assertEqual([result["ok"] for result in results], [True, False, True, True, True, False, True, True], results)
        self.assertIn(results[1]["error"], REFUSED)
        changes = [event for event in events if event["kind"] == "session.policy"]
        self.assertEqual(len(changes), 4, changes)
        self.assertIn("allowed once", changes[0]["detail"])
        self.assertIn("uid ", changes[0]["detail"])
        flows = [event for event in events if event["kind"] == "net.flow" and event["object"] == f"{B4}:80"]
        self.assertTrue(flows, [event for event in events if event["kind"].startswith(("net.", "session."))][:12])
        self.assertIn("allowed once", flows[0]["rule"]["text"], flows)
        with open(self.profile, encoding="utf-8") as file:
            allow = json.load(file)["network"]["egress"]["allow"]
        self.assertEqual(allow, [{"to": [{"cidr": C4}], "ports": [{"protocol": "tcp", "port": 80}]}])

    def test_what_a_rule_denies_is_not_asked(self):
        egress = {"default": "deny", "deny": [{"to": [{"cidr": f"{B4}/32"}]}]}
        steps = [["tcp", B4, 80, "x"], ["tcp", world.HOST4, world.HOST_PORT, "x"], ["tcp", "100.64.0.1", world.HOST_PORT, "x"],
                 ["tcp", RESOLVER, 80, "x"]]
        _, results, _ = self.asked(steps, [], egress=egress)
        for result in results:
            self.assertIn(result["error"], REFUSED, results)
        self.check_at_once([(step, result["micros"]) for step, result in zip(steps, results)], hosts=None, egress=egress)

    def test_a_session_that_ends_while_it_asks(self):
        with subprocess.Popen(self.command([["tcp", B4, 80, "x"]], ["--ask"], hosts=None), stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                              stderr=subprocess.DEVNULL, text=True, start_new_session=True) as run:
            session = self.session_of(run.pid)
            done = subprocess.run([f"{BIN}/belljar", "kill", session], capture_output=True, text=True, check=False)
            self.assertEqual(done.returncode, 0, done.stderr)
            self.assertEqual(run.stdout.read(), "")
        self.assertNotEqual(run.returncode, 0)


if __name__ == "__main__":
    report.run()

#!/usr/bin/env python3
"""Does a filtered network do what `belljar explain` says? 1,000 random attempts under random rules, 0 disagreements.

usage: agreement_test.py [unittest options ...]

$BELLJAR_ATTEMPTS is how many in all, $BELLJAR_SEED what they are drawn from.
"""
import errno
import ipaddress
import json
import os
import random
import subprocess
import sys

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from laboratory import BIN, Case, rule  # noqa: E402
import report  # noqa: E402
import world  # noqa: E402

ATTEMPTS = int(os.environ.get("BELLJAR_ATTEMPTS", "1000"))
SEED = int(os.environ.get("BELLJAR_SEED", "20261122"))
IN_ONE_SANDBOX = 50
HOSTS = ["100.64.0.1", "fd64::1", world.HOST4, world.HOST6]
VERBS4 = ["tcp", "tcp-nonblocking", "fastopen", "udp", "tcp-mapped", "udp-mapped", "ping"]
VERBS6 = ["tcp", "tcp-nonblocking", "fastopen", "udp", "ping"]


class Drawn:
    """Rules and attempts around the same few addresses and ports, so that they meet."""

    def __init__(self, seed):
        self.random = random.Random(seed)

    def network(self, address):
        bits = ipaddress.ip_address(address).max_prefixlen
        lengths = [32, 32, 31, 29, 26, 25, 24, 16, 8, 0] if bits == 32 else [128, 128, 124, 64, 48, 33, 16, 3]
        return ipaddress.ip_network(f"{address}/{self.random.choice(lengths)}", strict=False)

    def ports(self):
        port = self.random.choice([*world.PORTS, world.HOST_PORT])
        last = min(65535, port + self.random.choice([0, 1, 10, 5000]))
        return self.random.choice([("tcp",), ("udp",), ("icmp",), ("any",), ("tcp", port), ("udp", port), ("any", port), ("tcp", port, last),
                                   ("udp", port, last), ("any", port, last)])

    def rule(self):
        network = self.network(self.random.choice([*world.WORLD4, *world.WORLD6, *HOSTS]))
        excepts = []
        if network.prefixlen < network.max_prefixlen and self.random.random() < 0.3:
            inside = [address for address in (*world.WORLD4, *world.WORLD6) if ipaddress.ip_address(address) in network]
            part = self.network(self.random.choice(inside)) if inside else network
            if part.prefixlen > network.prefixlen:
                excepts.append(str(part))
        return rule([str(network)], *(self.ports() for _ in range(self.random.choice([0, 1, 1, 2]))), excepts=excepts)

    def profile(self):
        rules = {name: [self.rule() for _ in range(self.random.randrange(5))] for name in ("allow", "deny")}
        rules["allow"].append(self.rule())  # else nothing leads out, and that is another kind of network
        return {"egress": {"default": self.random.choice(["allow", "deny", "deny"]), **rules},
                "ingress": {"default": "deny", "hostLoopback": self.random.choice(["allow", "deny"])}}

    def attempt(self):
        """The line of the probe, and the question to the evaluator."""
        address = self.random.choice([*world.WORLD4 * 2, *world.WORLD6 * 2, *HOSTS])
        port = world.HOST_PORT if address in HOSTS else self.random.choice(world.PORTS)
        is6 = ":" in address
        verb = self.random.choice(VERBS6 if is6 else VERBS4)
        if verb == "ping":
            return f"ping {address}", f"[{address}]/icmp" if is6 else f"{address}/icmp"
        asked = f"[::ffff:{address}]" if "mapped" in verb else f"[{address}]" if is6 else address
        return f"{verb} {address} {port} hello", f"{asked}:{port}" + ("/udp" if "udp" in verb else "")


class Agreement(Case):
    def explained(self, profile, questions):
        asked = [word for question in questions for word in ("--connect", question)]
        done = subprocess.run([f"{BIN}/belljar", "explain", profile, *asked, "--json"], capture_output=True, text=True, check=False)
        answers = json.loads(done.stdout)
        answers = answers["answers"] if isinstance(answers, dict) else answers
        self.assertEqual([answer["object"] for answer in answers], questions, done.stderr)
        return answers

    def test_random_attempts_under_random_rules(self):
        drawn = Drawn(SEED)
        outcomes = {True: 0, False: 0}
        disagreements = []
        for _ in range(ATTEMPTS // IN_ONE_SANDBOX):
            network = drawn.profile()
            attempts = [drawn.attempt() for _ in range(IN_ONE_SANDBOX)]
            command = self.command(network, [line for line, _ in attempts], ["--monitor", "off"])
            said = self.explained(command[2], [question for _, question in attempts])
            done = subprocess.run(command, stdin=subprocess.DEVNULL, capture_output=True, text=True, check=False, timeout=60)
            answers = done.stdout.splitlines()
            self.assertEqual(len(answers), len(attempts), done.stderr[-2000:] + json.dumps(network))
            for (line, _), expected, answer in zip(attempts, said, answers):
                _, how, error, *_ = answer.split()
                got = "ok" if how == "ok" else errno.errorcode[int(error)]
                outcomes[expected["allowed"]] += 1
                if got != ("ok" if expected["allowed"] else expected["errno"]):
                    disagreements.append(f"{line}: {answer!r}, but {expected['sentence']} ({expected.get('errno')}); {json.dumps(network)}")
        self.assertEqual(disagreements, [], f"seed {SEED}")
        self.assertGreater(min(outcomes.values()), ATTEMPTS // 5, f"{outcomes}: too few of one kind prove nothing")


if __name__ == "__main__":
    report.run()

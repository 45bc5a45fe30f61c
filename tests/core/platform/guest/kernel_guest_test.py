#!/usr/bin/env python3
"""The programs in the kernel, both halves, on Debian's own kernel: the BPF LSM half loads only where a kernel takes it.

Boots that kernel in QEMU with one static program as its whole system, which watches itself. Held against each other are
what it did, what was seen and what a rule refused, io_uring included. Skipped where qemu or the kernel are missing.
"""
import collections
import glob
import os
import shutil
import subprocess
import sys
import tempfile
import unittest

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, os.path.join(HERE, "..", "..", "..", "dev"))
import report  # noqa: E402

GUEST = os.environ.get("BELLJAR_GUEST", "")
SHIM = os.environ.get("BELLJAR_GUEST_SHIM", "")
KERNELS = os.environ.get("BELLJAR_GUEST_KERNEL", "/boot/vmlinuz-6.*-amd64")
ENOENT = 2
EACCES = 13


def why_not():
    """Why no guest can be run here; None when one can."""
    if shutil.which("qemu-system-x86_64") is None:
        return "qemu-system-x86_64 is not installed"
    if not glob.glob(KERNELS):
        return f"no kernel image {KERNELS} (package linux-image-amd64)"
    if not os.access(sorted(glob.glob(KERNELS))[-1], os.R_OK):
        return "the kernel image may only be read by root"
    if not os.path.exists(GUEST):
        return "the guest's program was not built: Belljar was built without its programs for the kernel"
    return None


def archive_entry(name, data, mode):
    """One file of an initial RAM file system (cpio, "newc")."""
    fields = [1, mode, 0, 0, 1, 0, len(data), 0, 0, 0, 0, len(name) + 1, 0]
    head = b"070701" + b"".join(b"%08X" % field for field in fields) + name.encode() + b"\0"
    return head + bytes(-len(head) % 4) + data + bytes(-len(data) % 4)


def boot(folder):
    """What the guest says."""
    system = b""
    for name, path in (("init", GUEST), ("belljar-shim", SHIM)):
        with open(path, "rb") as program:
            system += archive_entry(name, program.read(), 0o100755)
    system += archive_entry("TRAILER!!!", b"", 0)
    path = os.path.join(folder, "system.cpio")
    with open(path, "wb") as file:
        file.write(system)
    done = subprocess.run(["qemu-system-x86_64", "-accel", "tcg", "-m", "512", "-display", "none", "-serial", "stdio",
                           "-monitor", "none", "-no-reboot", "-kernel", sorted(glob.glob(KERNELS))[-1], "-initrd", path, "-append",
                           "console=ttyS0 quiet lsm=landlock,bpf panic=-1 no_timer_check"],
                          stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, timeout=150, check=False)
    return done.stdout.decode(errors="replace").replace("\r", "")


class KernelGuest(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.reason = why_not()
        if cls.reason:
            return
        with tempfile.TemporaryDirectory(prefix="belljar-test-guest-") as folder:
            cls.text = boot(folder)
        cls.lines = collections.defaultdict(list)
        for line in cls.text.splitlines():
            # The first words may stand behind what the machine's firmware leaves.
            for word in ("DID", "RING", "SEEN", "LOST", "OUTSIDE", "RULE", "WIRED", "CHANGED", "NAMED", "FAIL", "NORING", "END"):
                at = line.find(word + " ") if word not in ("END", "NORING") else (0 if line.strip() == word else -1)
                if at >= 0 and (at == 0 or not line[at - 1].isalnum()):
                    cls.lines[word].append(tuple(line[at:].split()[1:]))
                    break

    def setUp(self):
        if self.reason:
            self.skipTest(self.reason)

    def seen(self):
        return [(kind, name, int(error)) for kind, name, error, _ in self.lines["SEEN"]]

    def test_the_guest_ran_to_its_end(self):
        self.assertEqual([], self.lines["FAIL"])
        self.assertEqual(1, len(self.lines["END"]), self.text[-3000:])
        self.assertEqual([("0",)], self.lines["LOST"])

    def test_everything_it_did_was_seen(self):
        did = [(kind, name, int(error)) for kind, name, error in self.lines["DID"]]
        self.assertGreater(len(did), 25, self.text[-3000:])
        missing = collections.Counter(did) - collections.Counter(self.seen())
        print(f"  system calls: {len(did)} done, {sum(missing.values())} missing")
        self.assertEqual([], sorted(missing))

    def test_io_uring_was_seen(self):
        self.assertEqual([], self.lines["NORING"])
        done = [(kind, name, int(error)) for kind, name, error in self.lines["RING"]]
        self.assertGreater(len(done), 7, self.text[-3000:])
        # The end of an operation that failed by itself is not seen, only that it was tried.
        seen = {(kind, name) for kind, name, _ in self.seen()}
        missing = [(kind, name) for kind, name, _ in done if (kind, name) not in seen]
        print(f"  io_uring: {len(done)} done, {len(missing)} missing")
        self.assertEqual([], missing)
        self.assertTrue(any(trust == "derived" for *_, trust in self.lines["SEEN"]))

    def test_a_rule_refused_what_it_forbids_and_nothing_else(self):
        results = {(kind, name): int(error) for kind, name, error in self.lines["DID"] + self.lines["RING"]}
        for kind, name in (("open", "/work/forbidden"), ("openwrite", "/work/forbidden"), ("exec", "/work/forbidden-program")):
            self.assertEqual(EACCES, results[kind, name], (kind, name))
        self.assertIn(("open", "/work/forbidden", str(EACCES)), self.lines["RING"])
        self.assertEqual(0, results["open", "/work/free"])
        self.assertEqual([("0",)], self.lines["OUTSIDE"])

    def test_changes_of_a_rule_take_effect(self):
        self.assertEqual(1, len(self.lines["RULE"]), self.text[-3000:])
        print("  rule change to effect, emulated processor: p50 {} us, p99 {} us".format(*self.lines["RULE"][0]))

    WAYS = ("name", "later", "handle", "program", "infolder", "free")

    def ways(self, session, step):
        """The errno of each way to what a session's rules deny, and of one to what they do not."""
        answers = {name: int(error) for name, error in self.lines["WIRED"]}
        return {way: answers.get(f"{session}:{step}:{way}") for way in self.WAYS}

    def test_a_change_of_a_session_forbids_the_object_under_every_name(self):
        open_ways = dict.fromkeys(self.WAYS, 0)
        before = {**open_ways, "later": ENOENT, "program": ENOENT}
        for session in ("guarded", "mounts"):
            self.assertEqual(before, self.ways(session, "before"), self.text[-3000:])
            self.assertEqual(open_ways, self.ways(session, "after"))
        self.assertEqual({**dict.fromkeys(self.WAYS, EACCES), "free": 0}, self.ways("guarded", "denied"))
        # The control: mounts alone hide the name.
        self.assertEqual({**open_ways, "name": EACCES}, self.ways("mounts", "denied"))
        changed = {row[0]: row[1] for row in self.lines["CHANGED"] if len(row) == 2}
        self.assertEqual("mask+kernelPolicy", changed.get("guarded:deny"))
        self.assertEqual("mask", changed.get("mounts:deny"))
        self.assertEqual("mount", changed.get("guarded:remove"))

    def test_refusals_by_an_object_name_its_rule(self):
        named = {(row[1], row[2]): " ".join(row[3:]) for row in self.lines["NAMED"] if row[0] == "guarded"}
        for path, rule in (("/data/later", "--deny /data/secret"), ("/data/secret", "--deny /data/secret")):
            mechanism = "kernelPolicy" if path == "/data/later" else "mask"
            self.assertTrue(named.get((path, mechanism), "").startswith(rule), named)
        self.assertNotIn("permissions", {mechanism for _, mechanism in named})


if __name__ == "__main__":
    report.run()

#!/usr/bin/env python3
"""experimental.belljar.syscalls.nestedSandboxes: what it opens, and that nothing else opens with it."""
import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import unittest

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, os.path.join(HERE, "..", "dev"))
sys.path.insert(0, os.path.join(HERE, "display"))
import report  # noqa: E402
from display_session import processes, until  # noqa: E402

BELLJAR = os.path.join(os.environ.get("BELLJAR_BIN", ""), "belljar")

# Runs inside: tries one thing after the other, each in a process of its own, and prints {name: errno or what was read}.
PROBE = r'''
import ctypes, errno, json, os, socket, struct, sys
libc = ctypes.CDLL(None, use_errno=True)
NEWNS, NEWUSER, NEWPID, NEWNET = 0x20000, 0x10000000, 0x20000000, 0x40000000
OTHERS = {"cgroup": 0x2000000, "uts": 0x4000000, "ipc": 0x8000000, "mount": NEWNS, "time": 0x80}
found = {}

def check(result):
    if result < 0:
        raise OSError(ctypes.get_errno(), "")

def unshare(flags):
    check(libc.unshare(flags))

def be_root():
    uid, gid = os.getuid(), os.getgid()
    unshare(NEWUSER | NEWNET)
    for name, line in (("setgroups", "deny"), ("uid_map", "0 %d 1" % uid), ("gid_map", "0 %d 1" % gid)):
        with open("/proc/self/" + name, "w") as file:
            file.write(line)
    return os.getuid()

def attempt(name, function):
    reader, writer = os.pipe()
    child = os.fork()
    if child == 0:
        try:
            value = function()
            answer = 0 if value is None else value
        except OSError as error:
            answer = errno.errorcode.get(error.errno, str(error.errno))
        os.write(writer, json.dumps(answer).encode())
        os._exit(0)
    os.close(writer)
    with os.fdopen(reader) as said:
        found[name] = json.loads(said.read() or '"ended"')
    os.waitpid(child, 0)

def rooted(function):
    def both():
        be_root()
        return function()
    return both

def write(path):
    os.close(os.open(path, os.O_WRONLY))

def own_processes():
    unshare(NEWUSER | NEWPID)
    child = os.fork()
    if child == 0:
        os._exit(os.getpid())
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])

def sender():
    """Who sent it, as the kernel says."""
    mine, other = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
    other.setsockopt(socket.SOL_SOCKET, socket.SO_PASSCRED, 1)
    mine.sendmsg([b"x"])
    control = other.recvmsg(1, 64)[1]
    return struct.unpack("3i", control[0][2])[0] == os.getpid()

def chroot():
    os.chroot("/usr")
    return os.path.exists("/bin/env") and not os.path.exists("/usr")

attempt("user", be_root)
attempt("processes", own_processes)
for name, flag in OTHERS.items():
    attempt(name, lambda flag=flag: unshare(flag))
    attempt(name + " as root", rooted(lambda flag=flag: unshare(flag)))
attempt("setns", rooted(lambda: check(libc.setns(os.open("/proc/self/ns/net", os.O_RDONLY), 0))))
attempt("mount", rooted(lambda: check(libc.mount(b"none", b"/tmp", b"tmpfs", 0, None))))
attempt("chroot", lambda: os.chroot("/usr"))
attempt("chroot as root", rooted(chroot))
attempt("sysctl as root", rooted(lambda: write("/proc/sys/net/ipv4/ip_forward")))
attempt("memory of process 1", lambda: write("/proc/1/mem"))
attempt("datagrams", lambda: socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) and None)
attempt("pair of datagrams", lambda: socket.socketpair(socket.AF_UNIX, socket.SOCK_DGRAM) and None)
attempt("raw pair", lambda: socket.socketpair(socket.AF_UNIX, socket.SOCK_RAW) and None)
attempt("raw", rooted(lambda: socket.socket(socket.AF_INET, socket.SOCK_RAW, 1) and None))
attempt("packets", rooted(lambda: socket.socket(socket.AF_PACKET, socket.SOCK_DGRAM) and None))
attempt("packet filter", rooted(lambda: socket.socket(socket.AF_NETLINK, socket.SOCK_DGRAM, 12) and None))
attempt("routes", lambda: socket.socket(socket.AF_NETLINK, socket.SOCK_DGRAM, 0) and None)
attempt("sender", sender)
def reach():
    with socket.socket(socket.AF_UNIX) as made:
        made.connect(sys.argv[1])
attempt("socket of the host", reach)
attempt("socket of the host as root", rooted(reach))
def leave():
    with socket.socket() as made:
        made.connect(("198.51.100.1", 80))
attempt("network", leave)
attempt("ptrace", rooted(lambda: check(libc.ptrace(16, 1, None, None))))
print(json.dumps(found))
'''

OPEN = {"user": 0, "processes": 1, "chroot as root": True, "routes": 0, "sender": True}
CLOSED = {**{name: "EPERM" for name in (
    "cgroup", "uts", "ipc", "mount", "time", "cgroup as root", "uts as root", "ipc as root", "mount as root", "time as root",
    "setns", "chroot", "datagrams", "pair of datagrams", "raw pair", "raw", "ptrace")},
    "sysctl as root": "EROFS", "memory of process 1": "EACCES",
    "packets": "EAFNOSUPPORT", "packet filter": "EPROTONOSUPPORT", "socket of the host": "EACCES",
    "socket of the host as root": "EACCES", "network": "ENETUNREACH"}


class NestedSandboxes(unittest.TestCase):
    maxDiff = None

    def setUp(self):
        self.folder = tempfile.mkdtemp(prefix="jar-nested-", dir="/var/tmp")
        self.share = os.path.join(self.folder, "share")
        os.mkdir(self.share)
        self.probe = os.path.join(self.share, "probe.py")
        with open(self.probe, "w", encoding="utf-8") as file:
            file.write(PROBE)
        self.socket = os.path.join(self.share, "host.sock")
        self.server = socket.socket(socket.AF_UNIX)
        self.server.bind(self.socket)
        self.server.listen(16)

    def tearDown(self):
        self.server.close()
        shutil.rmtree(self.folder)

    def profile(self, nested=True):
        path = os.path.join(self.folder, "profile.json")
        with open(path, "w", encoding="utf-8") as file:
            json.dump({"version": "0.8.0-alpha", "filesystem": {"readwritePaths": [self.share]},
                       "experimental": {"belljar": {"syscalls": {"nestedSandboxes": nested}}}}, file)
        return path

    def run_inside(self, *command, nested=True, options=()):
        return subprocess.run([BELLJAR, "run", self.profile(nested), *options, "--", *command], stdin=subprocess.DEVNULL,
                              stdout=subprocess.PIPE, stderr=subprocess.PIPE, timeout=120, check=False)

    def needs_a_user(self):
        if os.getuid() == 0:
            self.skipTest("it is refused to root; this test runs as a normal user")

    def tries(self, *options, nested=True):
        done = self.run_inside("python3", self.probe, self.socket, nested=nested, options=options)
        self.assertEqual(done.returncode, 0, done.stderr)
        return json.loads(done.stdout)

    def test_opens_that_and_nothing_else(self):
        self.needs_a_user()
        for options in (("--monitor", "off"), ("--events", "jsonl", "--events-to", os.path.join(self.folder, "events"))):
            with self.subTest(options=options):
                self.assertEqual(self.tries(*options), {**OPEN, **CLOSED})

    def test_datagram_sockets_do_not_come_along(self):
        self.needs_a_user()
        for kind, nested, code in ((socket.SOCK_DGRAM, True, 125), (socket.SOCK_STREAM, True, 0), (socket.SOCK_DGRAM, False, 0)):
            ours, theirs = socket.socketpair(socket.AF_UNIX, kind)
            with ours, theirs:
                done = subprocess.run([BELLJAR, "run", self.profile(nested), "--", "true"], stdin=theirs, stdout=subprocess.PIPE,
                                      stderr=subprocess.PIPE, timeout=60, check=False)
            self.assertEqual(done.returncode, code, done.stderr)

    def test_what_is_not_seen_is_said(self):
        self.needs_a_user()
        recording = os.path.join(self.folder, "recording")
        for nested in (True, False):
            done = self.run_inside("true", nested=nested, options=("--record", recording))
            self.assertEqual(done.returncode, 0, done.stderr)
            shown = subprocess.run([BELLJAR, "events", recording], stdout=subprocess.PIPE, check=True, timeout=60).stdout
            self.assertEqual(b"sendmsg is not reported" in shown, nested, shown)
            os.unlink(recording)

    def test_nothing_of_it_without_being_asked_for(self):
        self.needs_a_user()
        found = self.tries("--monitor", "off", nested=False)
        for name in ("user", "processes", "chroot", "chroot as root"):
            self.assertEqual(found[name], "EPERM", name)
        for name in ("datagrams", "pair of datagrams"):
            self.assertEqual(found[name], 0, name)

    def test_what_is_refused(self):
        if os.getuid() == 0:
            done = self.run_inside("true")
            self.assertEqual(done.returncode, 125)
            self.assertIn(b"nestedSandboxes", done.stderr)
            self.assertIn(b"as another user", done.stderr)
            self.assertEqual(self.run_inside("true", nested=False).returncode, 0)
            return
        done = self.run_inside("true", options=("--monitor", "kernel"))
        self.assertEqual(done.returncode, 125)
        self.assertIn(b"--monitor notify", done.stderr)

    def test_freezing_holds_nested_processes(self):
        self.needs_a_user()
        ticks = os.path.join(self.share, "ticks")
        line = f"while :; do echo >> {ticks}; sleep 0.01; done"
        session = subprocess.Popen([BELLJAR, "run", self.profile(), "--", "unshare", "-Urpnf", "sh", "-c", line],
                                   stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, stdin=subprocess.DEVNULL)

        def count():
            return os.path.getsize(ticks) if os.path.exists(ticks) else 0
        try:
            self.assertTrue(until(lambda: count() > 3, 60))
            # A session answers a moment after its program has started.
            freeze = [BELLJAR, "freeze", str(session.pid)]
            self.assertTrue(until(lambda: subprocess.run(freeze, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
                                                         timeout=60, check=False).returncode == 0, 60))
            before = count()
            self.assertFalse(until(lambda: count() > before, 0.3))
            subprocess.run([BELLJAR, "thaw", str(session.pid)], stdout=subprocess.DEVNULL, timeout=60, check=True)
            self.assertTrue(until(lambda: count() > before, 60))
        finally:
            session.kill()
            session.wait()

    def test_nothing_is_left_of_nested_processes(self):
        self.needs_a_user()
        name = f"jar-nested-{os.getpid()}"
        program = os.path.join(self.share, name)
        shutil.copy("/bin/sleep", program)

        def nested(session):
            """A process of it that has numbers in three process namespaces."""
            for pid in processes(name, below=session):
                with open(f"/proc/{pid}/status", encoding="ascii", errors="replace") as file:
                    if any(line.startswith("NSpid:") and len(line.split()) == 4 for line in file):
                        return True
            return False
        for _ in range(5):
            session = subprocess.Popen([BELLJAR, "run", self.profile(), "--", "unshare", "-Urpnf", program, "4711"],
                                       stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, stdin=subprocess.DEVNULL)
            self.assertTrue(until(lambda: nested(session.pid)), "it did not start")
            session.send_signal(signal.SIGKILL)
            session.wait()
            self.assertTrue(until(lambda: not processes(name)), processes(name))


if __name__ == "__main__":
    report.run()

#!/usr/bin/env python3
"""Does a source of events see everything? Six real programs, each watched by Belljar and by strace in the same run.

usage: recall_test.py [--monitor notify|kernel] [unittest options ...]

strace runs around Belljar and so sees the system calls of the sandbox's processes with their true results. Compared are
exec, open, unlink, rmdir, rename, mkdir, connect and bind, those that failed too, with their full paths. For each program
and kind a line is printed: how many strace saw, how many we, how many are missing or false, how many results are right.
$BELLJAR_MONITOR says the same as --monitor. Without strace, or where it may not trace, the tests are skipped.
"""
import collections
import json
import os
import shutil
import subprocess
import sys
import tempfile
import unittest

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, HERE)
sys.path.insert(0, os.path.join(HERE, "..", "..", "dev"))
import report  # noqa: E402
import strace_log  # noqa: E402

SOURCE = os.path.abspath(os.environ.get("BELLJAR_SOURCE", os.path.join(HERE, "..", "..", "..")))
BIN = os.environ.get("BELLJAR_BIN", os.path.join(SOURCE, "build", "release", "bin"))
MONITOR = os.environ.get("BELLJAR_MONITOR", "notify")
KINDS = {"process.exec": "exec", "file.open": "open", "file.create": "open", "file.openwrite": "open", "file.unlink": "unlink",
         "file.rmdir": "rmdir", "file.rename": "rename", "file.mkdir": "mkdir", "net.connect": "connect", "net.bind": "bind"}
RIGHT = 0.999  # of the results; exact ones have to be right all

IMPORTS = "asyncio, ctypes, decimal, email.mime.text, http.client, json, logging, multiprocessing, sqlite3, ssl, " \
          "tarfile, unittest, urllib.request, xml.etree.ElementTree, zipfile, no_such_module"
TALK = """
import os, socket, threading
def serve(listener):
    peer = listener.accept()[0]
    peer.sendall(peer.recv(100)); peer.close()
for family, host in ((socket.AF_INET, '127.0.0.1'), (socket.AF_INET6, '::1'), (socket.AF_UNIX, 'talk.sock')):
    listener = socket.socket(family)
    listener.bind(host if family == socket.AF_UNIX else (host, 0))
    listener.listen()
    thread = threading.Thread(target=serve, args=(listener,)); thread.start()
    client = socket.socket(family); client.connect(listener.getsockname())
    client.sendall(b'hello'); print(client.recv(100).decode()); client.close(); thread.join(); listener.close()
for family, address in ((socket.AF_INET, ('127.0.0.1', 9)), (socket.AF_INET, ('192.0.2.1', 80)), (socket.AF_UNIX, '/no/such/socket'),
                        (socket.AF_UNIX, 'talk.sock')):
    print(socket.socket(family).connect_ex(address))
taken = socket.socket(); taken.bind(('127.0.0.1', 0)); taken.listen()
second = socket.socket()
try: second.bind(taken.getsockname())
except OSError as error: print(error.errno)
"""


def runs(words, **options):
    return subprocess.run(words, stdin=subprocess.DEVNULL, capture_output=True, text=True, check=False, **options)


def why_not():
    """Why nothing can be compared here; None when it can."""
    if shutil.which("strace") is None:
        return "strace is not installed"
    trial = runs(["strace", "-f", "-o", "/dev/null", "true"])
    if trial.returncode != 0:
        return "strace may not trace here: " + trial.stderr.strip()[-200:]
    trial = runs([f"{BIN}/belljar", "run", "--monitor", MONITOR, "--events", "jsonl", "--events-to", "/dev/null", "--", "true"])
    return None if trial.returncode == 0 else f"no run with --monitor {MONITOR}: " + trial.stderr.strip()[-300:]


def our_events(path):
    """(what was compared, how the source knows it) of each event of the compared kinds."""
    with open(path, encoding="utf-8") as file:
        for line in file:
            event = json.loads(line)
            kind = KINDS.get(event.get("kind"))
            if kind is None or (kind in ("connect", "bind") and not event["object"]):
                continue
            target = event["object"]
            if kind == "rename":
                target += " " + event["detail"]
            if not target.startswith("unix:"):
                target = strace_log.same_name(target)
            yield strace_log.Seen(kind, target, event["errno"]), event["trust"]


class Comparison:
    """Both sides by (kind, object): lists of results."""

    def __init__(self, theirs, ours):
        self.theirs, self.ours = collections.defaultdict(list), collections.defaultdict(list)
        for seen in theirs:
            self.theirs[seen[:2]].append(seen.error)
        for seen, trust in ours:
            self.ours[seen[:2]].append((seen.error, trust))

    def differences(self, more, less):
        for key in sorted(more):
            for _ in range(len(more[key]) - len(less.get(key, []))):
                yield key

    def missing(self):
        return list(self.differences(self.theirs, self.ours))

    def false(self):
        return list(self.differences(self.ours, self.theirs))

    def wrong(self):
        """(kind, object, theirs, ours) of results that differ, as far as both sides saw the call."""
        for key in sorted(set(self.theirs) & set(self.ours)):
            theirs, ours = collections.Counter(self.theirs[key]), [error for error, _ in self.ours[key]]
            left = list((theirs - collections.Counter(ours)).elements())
            mine = list((collections.Counter(ours) - theirs).elements())
            for pair in zip(left, mine):
                yield (*key, *pair)

    def trusts(self):
        return collections.Counter(trust for results in self.ours.values() for _, trust in results)

    def rows(self):
        """kind, strace, ours, missing, false, right results of those that both saw."""
        def count(keys):
            return collections.Counter(key[0] for key in keys)
        theirs = count(key for key in self.theirs for _ in self.theirs[key])
        ours = count(key for key in self.ours for _ in self.ours[key])
        missing, false, wrong = count(self.missing()), count(self.false()), count(self.wrong())
        for kind in sorted(set(theirs) | set(ours)):
            both = theirs[kind] - missing[kind]
            yield kind, theirs[kind], ours[kind], missing[kind], false[kind], both - wrong[kind], both


class Recall(unittest.TestCase):
    skip_reason = "not asked yet"

    @classmethod
    def setUpClass(cls):
        if cls.skip_reason == "not asked yet":
            Recall.skip_reason = why_not()

    def setUp(self):
        if self.skip_reason:
            self.skipTest(self.skip_reason)
        base = os.environ.get("TMPDIR", "/var/tmp")  # Not /tmp: sandboxes have their own.
        base = "/var/tmp" if base.startswith("/tmp") else base
        self.folder = os.path.realpath(tempfile.mkdtemp(prefix="belljar-test-recall-", dir=base))
        self.addCleanup(shutil.rmtree, self.folder, ignore_errors=True)
        self.work = os.path.join(self.folder, "work")
        os.mkdir(self.work)

    def need(self, *programs):
        for program in programs:
            if shutil.which(program) is None:
                self.skipTest(f"{program} is not installed")

    def write(self, name, text):
        path = os.path.join(self.folder, name)
        os.makedirs(os.path.dirname(path), exist_ok=True)
        with open(path, "w", encoding="utf-8") as file:
            file.write(text)
        return path

    def prepare(self, script):
        done = runs(["sh", "-ec", script], cwd=self.folder)
        self.assertEqual(0, done.returncode, done.stdout + done.stderr)

    def compare(self, name, command, *grants, status=0):
        """Runs `command` in a sandbox under strace; both have to have seen the same."""
        log, events = os.path.join(self.folder, "trace"), os.path.join(self.folder, "events.jsonl")
        belljar = [f"{BIN}/belljar", "run", "--monitor", MONITOR, "--trace", "full", "--events", "jsonl", "--events-to", events,
                   "--rw", self.work, *grants, "--cwd", self.work, "--", *command]
        # So that this process knows the number of the first one.
        words = ["strace", *strace_log.OPTIONS, "-o", log, "sh", "-c", 'echo $$ > "$0"; exec "$@"', log + "-first", *belljar]
        done = runs(words, cwd=self.folder)
        self.assertEqual(status, done.returncode, done.stdout + done.stderr)
        with open(log + "-first", encoding="utf-8") as file:
            first = int(file.read())
        comparison = Comparison(strace_log.read(log, first, self.folder), our_events(events))
        self.judge(name, comparison)

    def judge(self, name, comparison):
        print(f"\n  {name}, --monitor {MONITOR}: results " + ", ".join(f"{n} {t}" for t, n in sorted(comparison.trusts().items())))
        print(f"  {'':<10}{'strace':>8}{'ours':>8}{'missing':>9}{'false':>7}{'result right':>15}")
        right = both = total = 0
        for kind, theirs, ours, missing, false, kind_right, kind_both in comparison.rows():
            print(f"  {kind:<10}{theirs:>8}{ours:>8}{missing:>9}{false:>7}{kind_right:>8} of {kind_both}")
            right, both, total = right + kind_right, both + kind_both, total + theirs
        for title, items in (("missing", comparison.missing()), ("false", comparison.false()), ("wrong result", list(comparison.wrong()))):
            for item in items[:12]:
                print(f"    {title}: " + " ".join(str(part) for part in item))
        sys.stdout.flush()
        self.assertGreater(total, 0, "strace saw nothing: nothing was compared")
        self.assertEqual([], comparison.missing()[:5], "not seen")
        self.assertEqual([], comparison.false()[:5], "seen, but did not happen")
        self.assertGreaterEqual(right, RIGHT * both, "results are wrong")
        if MONITOR == "kernel":
            self.assertEqual(both, right, "results are to be exact")

    def test_git_clone(self):
        self.need("git")
        self.prepare("mkdir repository; cd repository; git init -q; for i in $(seq 80); do mkdir -p d$((i % 7)); echo $i > d$((i % 7))/f$i; done\n"
                     "git add .; git -c user.name=t -c user.email=t@example.org commit -q -m first; git repack -q -a -d\n"
                     "echo more > more; git add .; git -c user.name=t -c user.email=t@example.org commit -q -m second")
        repository = os.path.join(self.folder, "repository")
        self.compare("git clone", ["git", "clone", "-q", repository, self.work + "/clone"], "--ro", repository)
        self.assertTrue(os.path.exists(self.work + "/clone/more"))

    def test_npm_ci(self):
        self.need("npm", "node")
        self.write("tiny/package.json", '{"name": "belljar-tiny", "version": "1.0.0", "main": "index.js"}')
        self.write("tiny/index.js", "module.exports = () => 'tiny says hello';\n")
        self.prepare('cd tiny; npm pack --cache ../cache --pack-destination .. ; npm cache add ../belljar-tiny-1.0.0.tgz --cache ../cache')
        digest = runs(["sh", "-c", "openssl dgst -sha512 -binary belljar-tiny-1.0.0.tgz | base64 -w0"], cwd=self.folder).stdout
        package = {"name": "project", "version": "1.0.0", "dependencies": {"belljar-tiny": "1.0.0"}}
        tiny = {"version": "1.0.0", "integrity": "sha512-" + digest, "resolved": "https://registry.invalid/belljar-tiny-1.0.0.tgz"}
        self.write("work/package.json", json.dumps(package))
        self.write("work/package-lock.json", json.dumps({"name": "project", "version": "1.0.0", "lockfileVersion": 3, "requires": True,
                                                         "packages": {"": package, "node_modules/belljar-tiny": tiny}}))
        self.compare("npm ci", ["npm", "ci", "--offline", "--cache", self.folder + "/cache"], "--rw", self.folder + "/cache")
        self.assertTrue(os.path.exists(self.work + "/node_modules/belljar-tiny/index.js"))

    def test_python_imports(self):
        self.write("work/storm.py", f"import sys\nfor name in {IMPORTS!r}.split(', '):\n"
                   "    try: __import__(name)\n    except ImportError as error: print(error)\n"
                   "print(len(sys.modules))\n")
        self.compare("python imports", ["/usr/bin/python3", "storm.py"])

    def test_compile(self):
        self.need("g++")
        self.write("work/program.cpp", "#include <iostream>\n#include <map>\n#include <string>\n"
                   "int main() { std::map<std::string, int> m; m[\"a\"] = 1; std::cout << m.size() << '\\n'; }\n")
        self.compare("g++ compile", ["sh", "-c", "g++ -O1 program.cpp -o program && ./program && rm program"], "--ro", "/usr/include")

    def test_find(self):
        self.compare("find /usr", ["find", "/usr/share/doc", "/usr/lib/python3", "-maxdepth", "3", "-newer", "/etc/passwd"])

    def test_tcp(self):
        self.write("work/talk.py", TALK)
        self.compare("TCP client and server", ["/usr/bin/python3", "talk.py"])


class LogTest(unittest.TestCase):
    """The comparison itself finds what is missing, false and wrong."""

    def test_differences_are_found(self):
        seen = strace_log.Seen
        theirs = [seen("open", "/a", 0), seen("open", "/a", 2), seen("unlink", "/b", 0), seen("exec", "/c", 0)]
        ours = [(seen("open", "/a", 0), "derived"), (seen("open", "/x", 0), "derived"), (seen("exec", "/c", 13), "seen")]
        comparison = Comparison(theirs, ours)
        self.assertEqual([("open", "/a"), ("unlink", "/b")], comparison.missing())
        self.assertEqual([("open", "/x")], comparison.false())
        self.assertEqual([("exec", "/c", 0, 13)], list(comparison.wrong()))

    def test_lines_are_read(self):
        with tempfile.TemporaryDirectory() as folder:
            log = os.path.join(folder, "t")
            with open(log + ".1", "w", encoding="utf-8") as file:
                file.write('openat(AT_FDCWD</>, "/outside", O_RDONLY) = 3</outside>\n'
                           "vfork()                                 = 3 /* 7 in strace's PID NS */\n")
            with open(log + ".7", "w", encoding="utf-8") as file:
                file.write('chdir("/nowhere")                       = 0\n'
                           "seccomp(SECCOMP_SET_MODE_FILTER, 0, {len=3, filter=0x1}) = 0\n"
                           'openat(AT_FDCWD</nowhere>, "a, \\"b\\303\\244", O_RDONLY) = 3</nowhere/a, "b\\303\\244>\n'
                           'mkdir("new", 0777)                      = -1 EEXIST (File exists)\n'
                           'renameat2(AT_FDCWD</nowhere>, "x", 4</else>, "y", RENAME_NOREPLACE) = 0\n'
                           'connect(3<socket:[1]>, {sa_family=AF_INET, sin_port=htons(80), sin_addr=inet_addr("10.0.0.1")}, 16) = -1 ECONNREFUSED (x)\n'
                           'bind(3<socket:[1]>, {sa_family=AF_UNIX, sun_path="s"}, 5) = 0\n'
                           'unlink("gone" <unfinished ...>\n')
            self.assertEqual([("open", '/nowhere/a, "bä', 0), ("mkdir", "/nowhere/new", 17), ("rename", "/nowhere/x → /else/y", 0),
                              ("connect", "10.0.0.1:80", 111), ("bind", "unix:/nowhere/s", 0)],
                             [tuple(seen) for seen in strace_log.read(log, 1, "/")])


if __name__ == "__main__":
    if "--monitor" in sys.argv:
        at = sys.argv.index("--monitor")
        MONITOR = sys.argv[at + 1]
        del sys.argv[at:at + 2]
    report.run()
